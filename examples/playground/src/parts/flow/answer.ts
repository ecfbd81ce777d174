/** A sample followed through the network and back, as the page shows it step by step. */

import { follow, type FollowedStep, type NotationName } from "@chainrule/nn/handcheck";
import type { Drawn, Figures } from "../../network/figures.ts";
import { drawing } from "../../worker/figures-of.ts";
import { hasWeight, type Weight } from "./place.ts";

export interface FlowAsked {
  readonly net: string;
  readonly cost: string;
  readonly drawn: Drawn;
  readonly notation: NotationName;
  readonly weight: Weight | null;
  /** Characters of a line of a formula that fit on the screen. */
  readonly columns: number;
}

/** One step with its formulas as MathML. */
export type ToldStep = Pick<FollowedStep, "knows" | "layer" | "neuron"> & { readonly html: string };

/** The paths from a weight to the cost. */
export interface ToldPaths {
  readonly weight: Weight;
  readonly count: number;
  readonly sum: string;
  readonly paths: readonly {
    readonly neurons: readonly { readonly layer: number; readonly neuron: number }[];
    readonly value: number;
    readonly html: string;
  }[];
}

export interface FlowTold {
  readonly sizes: readonly number[];
  readonly figures: Figures;
  readonly steps: readonly ToldStep[];
  readonly u: readonly (readonly number[])[];
  readonly v: readonly (readonly number[])[];
  readonly delta: readonly (readonly number[])[];
  readonly cost: number;
  readonly gradients: readonly { readonly W: readonly (readonly number[])[]; readonly b: readonly number[] }[];
  readonly chosen: ToldPaths | null;
}

export function flow({ net: word, cost: costName, drawn, notation, weight, columns }: FlowAsked): FlowTold {
  const { net, figures } = drawing(word, costName, drawn);
  const followed = follow(net, { x: figures.x, t: figures.t }, { notation });
  const { u, v, delta, cost, gradients } = followed;
  const chosen = weight !== null && hasWeight(net.sizes, weight) ? { weight, ...followed.paths(weight) } : null;
  return {
    sizes: net.sizes,
    figures,
    u,
    v,
    delta,
    cost,
    gradients,
    steps: followed.steps.map(({ knows, layer, neuron, equations }) => ({
      knows,
      layer,
      neuron,
      html: equations.map((one) => one.toMathML({ columns })).join(""),
    })),
    chosen:
      chosen === null
        ? null
        : {
            weight: chosen.weight,
            count: chosen.count,
            sum: chosen.sum.toMathML({ columns }),
            paths: chosen.paths.map(({ neurons, value, equation }) => ({
              neurons,
              value,
              html: equation.toMathML({ columns }),
            })),
          },
  };
}

/** NIST's sets: which there are, and a fit of one of them from one of its starts, step by step. */

import { tensor, type Tensor } from "@chainrule/autograd";
import { leastSquares } from "@chainrule/autograd/optimize";
import published from "../../../../../../scoreboards/data/nist.json";
import { digitsOf } from "../../../../../../scoreboards/nist/digits.ts";
import { setsOf, type NistSet, type Published } from "../../../../../../scoreboards/nist/set.ts";
import { expand } from "../../../../../../scoreboards/notation/expand.ts";
import { tensorFunction } from "../../../../../../scoreboards/notation/tensors.ts";

export interface NistAsked {
  readonly kind: "nist";
  /** `null` asks which sets there are. */
  readonly name: string | null;
  /** 0 is the far one. */
  readonly start: number;
}

export interface Listed {
  readonly name: string;
  readonly level: string;
  readonly parameters: number;
  readonly rows: number;
}

export interface NistFit {
  readonly name: string;
  readonly model: string;
  readonly certified: readonly number[];
  readonly certifiedDeviations: readonly number[];
  readonly deviations: readonly number[];
  /** The parameters and the curve on the way, the start first and the end last. */
  readonly trail: readonly {
    readonly iteration: number;
    readonly parameters: readonly number[];
    readonly digits: readonly number[];
    readonly curve: readonly number[];
  }[];
  readonly deviationDigits: readonly number[];
  /** In the order of the predictor; empty where there are two. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly iterations: number;
}

export interface NistTold {
  readonly kind: "nist";
  readonly sets: readonly Listed[];
  readonly fit: NistFit | null;
}

/** So many pictures of the way are enough. */
const MOST = 40;

const { datasets } = published as unknown as { readonly datasets: Readonly<Record<string, Published>> };
const sets = setsOf(datasets);

/** What was gone through, thinned: the first steps change most. */
function thinned<T>(steps: readonly T[]): readonly T[] {
  if (steps.length <= MOST) return steps;
  const places = Array.from({ length: MOST }, (_, k) => Math.round((k / (MOST - 1)) ** 1.6 * (steps.length - 1)));
  return [...new Set(places)].map((k) => steps[k]!);
}

function fitted(set: NistSet, start: number): NistFit {
  const { name, certified, y, predictors, standardDeviations } = set;
  const residuals = tensorFunction(expand(set.texts, certified.length, y.length));
  const steps: { readonly iteration: number; readonly parameters: readonly number[] }[] = [];
  const {
    parameters,
    standardDeviations: found,
    iterations,
  } = leastSquares((x: Tensor<[number]>) => residuals(x), tensor([...set.starts[start]!]) as Tensor<[number]>, {
    callback: (now) => {
      steps.push({ iteration: now.iteration, parameters: [...now.parameters.toTypedArray()] });
    },
    compile: "auto",
  });
  const [xs = [], other] = predictors;
  const order = other === undefined ? Array.from(xs.keys()).sort((a, b) => xs[a]! - xs[b]!) : [];
  const each = (given: ArrayLike<number>, exact: readonly number[]): number[] =>
    exact.map((one, k) => digitsOf([given[k]!], [one]));
  const curve = (at: readonly number[]): number[] => {
    const off = residuals(tensor([...at])).toTypedArray();
    return order.map((i) => y[i]! - off[i]!);
  };
  const ending = { iteration: iterations, parameters: [...parameters.toTypedArray()] };
  const trail = [...thinned(steps.slice(0, -1)), ending].map((step) => ({
    ...step,
    digits: each(step.parameters, certified),
    curve: curve(step.parameters),
  }));
  const deviations = [...found.toTypedArray()];
  return {
    name,
    model: set.model,
    certified,
    certifiedDeviations: standardDeviations,
    deviations,
    deviationDigits: each(deviations, standardDeviations),
    trail,
    x: order.map((i) => xs[i]!),
    y: order.map((i) => y[i]!),
    iterations,
  };
}

export function nist({ name, start }: NistAsked): NistTold {
  const set = sets.find((one) => one.name === name);
  const list = sets.map(({ name: own, level, certified, y }) => ({
    name: own,
    level: level.toLowerCase(),
    parameters: certified.length,
    rows: y.length,
  }));
  return { kind: "nist", sets: list, fit: set === undefined ? null : fitted(set, start) };
}

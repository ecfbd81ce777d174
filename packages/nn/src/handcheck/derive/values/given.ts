/** Numbers as they are given for a network, checked, and what everything is worth with them. */

import { ConfigError, ShapeError, Tensor } from "@chainrule/autograd";
import type { NetworkParameters } from "../../../network/initialize.ts";
import type { Network } from "../../../network/network.ts";
import type { PlainNetwork } from "../../equations/network.ts";
import type { Subject } from "../language/subject.ts";
import { worldOf, type World } from "./world.ts";

/** Numbers to put into the formulas. */
export interface DeriveNumbers {
  /** One sample, or samples in rows. */
  readonly x: Tensor | readonly number[] | readonly (readonly number[])[];
  readonly t: Tensor | readonly number[] | readonly (readonly number[])[];
  /** Instead of the network's first parameters. */
  readonly parameters?: NetworkParameters;
  /** The learning rate; with it, the step of each traced weight is printed too. */
  readonly eta?: number;
}

/** The world of numbers as they were given; `op` is who asks. */
export function worldFrom(op: string, network: Network, subject: Subject, given: DeriveNumbers): World {
  const parameters = given.parameters ?? network.parameters;
  const layers = Array.from({ length: subject.layers }, (_, index) => index + 1);
  const array = (name: string): number[][] | number[] => {
    const value = parameters[name];
    if (value === undefined) {
      const hint = "give all of the network's parameters";
      throw new ConfigError({ op, problem: `there is no parameter ${name}`, hint });
    }
    return value.toArray() as number[][] | number[];
  };
  const net: PlainNetwork = {
    weights: layers.map((l) => array(`W${l}`) as number[][]),
    biases: layers.map((l) => array(`b${l}`) as number[]),
    activations: subject.activations,
    cost: subject.cost,
  };
  const x = rows(op, "x", given.x, subject.sizes[0]!);
  const t = rows(op, "t", given.t, subject.sizes.at(-1)!);
  if (x.length !== t.length || x.length === 0) {
    throw new ShapeError({
      op,
      problem: `${x.length} inputs and ${t.length} targets`,
      hint: "give at least one input, and one target for each",
      shapes: [[x.length], [t.length]],
    });
  }
  return worldOf(subject, net, x, t, given.eta ?? 1);
}

function rows(op: string, what: string, given: DeriveNumbers["x"], width: number): number[][] {
  const list = (given instanceof Tensor ? given.toArray() : given) as Exclude<typeof given, Tensor>;
  const samples = typeof list[0] === "number" ? [list as readonly number[]] : (list as readonly (readonly number[])[]);
  const wrong = samples.find((row) => row.length !== width);
  if (wrong === undefined) return samples.map((row) => [...row]);
  throw new ShapeError({
    op,
    problem: `a row of ${what} has ${wrong.length} entries where ${width} are needed`,
    hint: "give one sample, or samples in rows",
    shapes: [[wrong.length], [width]],
  });
}

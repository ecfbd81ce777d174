/** The numbers of a network and one sample, as they were drawn and typed. */

import { network, Random, type ActivationName, type CostName, type Network } from "@chainrule/nn";
import type { Drawn, Figures } from "../network/figures.ts";
import { specOf } from "../network/spec.ts";

/** Two places, and no number that hides what is multiplied by it. */
const rounded = (value: number): number => Math.round(100 * value) / 100 || 0.05;

/** A network with numbers, and the sample that goes through it. */
export interface Drawing {
  readonly net: Network;
  readonly figures: Figures;
}

/** Two words of a network and its cost, with the numbers of a seed, one class being right. */
export function drawing(word: string, cost: string, { seed, own }: Drawn): Drawing {
  const { sizes, activations } = specOf(word);
  const options = { sizes, activations: activations as ActivationName[], cost: cost as CostName };
  const first = network({ ...options, seed });
  const layers = activations.map((_, l) => l + 1);
  const random = new Random(seed);
  const outputs = sizes.at(-1)!;
  const right = random.split("t").integer(Math.max(2, outputs));
  const typed = (place: string, value: number): number => own[place] ?? value;
  const figures: Figures = {
    x: Array.from(random.split("x").normalArray(sizes[0]!), (value, i) => typed(`x.${i}`, rounded(value))),
    t: Array.from({ length: outputs }, (_, j) => typed(`t.${j}`, outputs === 1 ? right : Number(j === right))),
    W: layers.map((l) =>
      (first.parameters[`W${l}`]!.toArray() as number[][]).map((row, j) =>
        row.map((value, i) => typed(`W${l}.${j}.${i}`, rounded(value))),
      ),
    ),
    b: layers.map((l) =>
      (first.parameters[`b${l}`]!.toArray() as number[]).map((value, j) => typed(`b${l}.${j}`, rounded(value))),
    ),
  };
  const parameters: Record<string, Figures["W"][number] | Figures["b"][number]> = {};
  for (const l of layers) {
    parameters[`W${l}`] = figures.W[l - 1]!;
    parameters[`b${l}`] = figures.b[l - 1]!;
  }
  return { net: network({ ...options, parameters }), figures };
}

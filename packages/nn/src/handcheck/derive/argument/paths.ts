/** The paths of one weight to the cost: the product along each, and the sum over all of them. */

import type { EquationBlock, Letter } from "../language/ast.ts";
import { chain, equation, partial } from "../language/build.ts";
import { letterOf } from "../language/subject.ts";
import { evaluate } from "../values/evaluate.ts";
import { at, substituted } from "../values/expand.ts";
import type { World } from "../values/world.ts";
import type { TracedWeight } from "./chain.ts";
import { cost, paths, sumOfPaths, weight } from "./entries.ts";
import { numbered, scope, valueIn } from "./numbered.ts";

/** If there are more paths than this, only their sum is given. */
const MOST = 16;

/** One path: the neurons on it from the weight upward, and the product of the derivatives along it. */
export interface Path {
  readonly neurons: readonly { readonly layer: number; readonly neuron: number }[];
  readonly value: number;
  /** The product, with its numbers. */
  readonly equation: EquationBlock;
}

/** All paths of a weight. */
export interface Paths {
  readonly count: number;
  /** Each of them where they are few, none otherwise. */
  readonly each: readonly Path[];
  /** ∂C/∂w as their sum. */
  readonly sum: EquationBlock;
}

/** The paths from a weight to the cost of the first sample. */
export function pathsOf(world: World, { layer, to, from }: TracedWeight): Paths {
  const { subject } = world;
  const sum = sumWritten(world, { layer, to, from });
  const { over, factors } = paths(subject, layer, to, from);
  const letters = over as readonly Letter[];
  const units = letters.map((letter) => subject.sizes[letter.layer as number]!);
  const count = units.reduce((product, size) => product * size, 1);
  if (count > MOST) return { count, each: [], sum };
  const each = chosenOf(units).map((chosen): Path => {
    const neurons = letters.map(({ layer: on }, k) => ({ layer: on as number, neuron: chosen[k]! }));
    const product = at(chain(...factors), new Map(letters.map(({ letter }, k) => [letter, chosen[k]!])));
    return {
      neurons: [{ layer, neuron: to }, ...neurons.reverse()],
      value: evaluate(product, world, scope) as number,
      equation: equation(product, [substituted(product, world, scope), valueIn(world, product)]),
    };
  });
  return { count, each, sum };
}

/** With letters first, so that the neuron of the last sum is seen to run. */
function sumWritten(world: World, { layer, to, from }: TracedWeight): EquationBlock {
  const { subject } = world;
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const neurons = new Map([
    [j.letter, to],
    [i.letter, from],
  ]);
  return numbered(world, partial(cost, weight(layer, j, i)), sumOfPaths(subject, layer, j, i), neurons);
}

/** Every way of choosing one of each, the last running fastest. */
function chosenOf(units: readonly number[]): number[][] {
  return units.reduce<number[][]>(
    (all, size) => all.flatMap((before) => Array.from({ length: size }, (_, k) => [...before, k])),
    [[]],
  );
}

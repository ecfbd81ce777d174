/** One sample on its way through a network and back, neuron by neuron, with the formulas and their numbers. */

import type { EquationBlock } from "../language/ast.ts";
import { chain, minus } from "../language/build.ts";
import { isElementwise, isLast, letterOf } from "../language/subject.ts";
import { sharesSumToOne, type World } from "../values/world.ts";
import {
  bias,
  cost,
  costOf,
  delta,
  deltaOfHidden,
  deltaOfLast,
  error,
  hasError,
  hasShares,
  inputOf,
  outputOf,
  share,
  shareOf,
  slopeBy,
  target,
  u,
  v,
  weight,
} from "./entries.ts";
import { numbered } from "./numbered.ts";

/** Of a long list of equations that differ in an index alone, so many are written. */
const WRITTEN = 4;

/** Says what becomes known in a step. */
export type Known = "u" | "v" | "cost" | "delta" | "gradient";

/** One step: what it makes known, of which neuron, and by which equations. */
export interface Step {
  readonly knows: readonly Known[];
  readonly layer: number;
  /** Counted from 0; `null` for the cost, which is of all outputs. */
  readonly neuron: number | null;
  readonly equations: readonly EquationBlock[];
}

const stepOf = (known: Known, layer: number, neuron: number, equations: readonly EquationBlock[]): Step => ({
  knows: [known],
  layer,
  neuron,
  equations,
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** All steps in the order in which they can be taken: layers up, the cost, layers down. */
export function stepsOf(world: World): Step[] {
  const { subject } = world;
  const layers = upTo(subject.layers).map((k) => k + 1);
  const units = (layer: number): number[] => upTo(subject.sizes[layer]!);
  return [
    ...layers.flatMap((layer) => forward(world, layer, units(layer))),
    { knows: ["cost"], layer: subject.layers, neuron: null, equations: costEquations(world, units(subject.layers)) },
    ...layers
      .reverse()
      .flatMap((layer) => [
        ...units(layer).map((neuron) => stepOf("delta", layer, neuron, [deltaEquation(world, layer, neuron)])),
        ...units(layer).map((neuron) => stepOf("gradient", layer, neuron, gradientEquations(world, layer, neuron))),
      ]),
  ];
}

/** Neuron by neuron; where each output depends on every input of its layer, all inputs first. */
function forward(world: World, layer: number, units: readonly number[]): Step[] {
  const { subject } = world;
  const j = letterOf(subject, layer);
  const at = (neuron: number): ReadonlyMap<string, number> => new Map([[j.letter, neuron]]);
  const input = (k: number): EquationBlock => numbered(world, u(layer, j), inputOf(subject, layer, j), at(k));
  const output = (k: number): EquationBlock => numbered(world, v(layer, j), outputOf(subject, layer, j), at(k));
  if (isElementwise(subject, layer)) {
    return units.map((neuron) => ({ knows: ["u", "v"], layer, neuron, equations: [input(neuron), output(neuron)] }));
  }
  return [
    ...units.map((neuron) => stepOf("u", layer, neuron, [input(neuron)])),
    ...units.map((neuron) => stepOf("v", layer, neuron, [output(neuron)])),
  ];
}

function costEquations(world: World, units: readonly number[]): EquationBlock[] {
  const { subject } = world;
  const j = letterOf(subject, subject.layers);
  const each = units.slice(0, WRITTEN).map((k) => new Map([[j.letter, k]]));
  const wrong = minus(target(j), v(subject.layers, j));
  return [
    ...(hasError(subject) ? each.map((at) => numbered(world, error(j), wrong, at)) : []),
    ...(hasShares(subject) ? each.map((at) => numbered(world, share(j), shareOf(subject, j), at)) : []),
    numbered(world, cost, costOf(subject), new Map()),
  ];
}

/** δ_j by BP1 at the last layer, by BP2 below it. */
export function deltaEquation(world: World, layer: number, neuron: number): EquationBlock {
  const { subject } = world;
  const j = letterOf(subject, layer);
  const { steps, normalized } = deltaOfLast(subject, letterOf(subject, subject.layers));
  const ofLast = sharesSumToOne(world) && normalized !== null ? normalized : steps.at(-1)!;
  const formula = isLast(subject, layer) ? ofLast : deltaOfHidden(subject, layer, j).at(-1)!;
  return numbered(world, delta(layer, j), formula, new Map([[j.letter, neuron]]));
}

/** BP3 and BP4 of one neuron: its bias, and the weights that lead to it. */
function gradientEquations(world: World, layer: number, neuron: number): EquationBlock[] {
  const { subject } = world;
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const ofBias = slopeBy(subject, bias(layer, j), delta(layer, j));
  const ofWeight = slopeBy(subject, weight(layer, j, i), chain(delta(layer, j), v(layer - 1, i)));
  return [
    numbered(world, ofBias.left, ofBias.right, new Map([[j.letter, neuron]])),
    ...upTo(subject.sizes[layer - 1]!)
      .slice(0, WRITTEN)
      .map((from) =>
        numbered(
          world,
          ofWeight.left,
          ofWeight.right,
          new Map([
            [j.letter, neuron],
            [i.letter, from],
          ]),
        ),
      ),
  ];
}

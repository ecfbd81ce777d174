/**
 * The numbers: every formula of the traced weights with its values put in, and the matrices of small networks in full.
 */

import { derivation } from "../../../locales/derivation.ts";
import type { Block, EquationBlock, Expression, Section } from "../language/ast.ts";
import { apply, chain, equation, minus, partial, said, symbol, text, times } from "../language/build.ts";
import { whichLayer } from "../language/phrases.ts";
import { isLast, letterOf, type Subject } from "../language/subject.ts";
import { substituted } from "../values/expand.ts";
import type { World } from "../values/world.ts";
import {
  arrayOf,
  biasSlopes,
  comingBack,
  deltasOfHidden,
  deltasOfLast,
  inputsOf,
  ofOneSample,
  slopeByOutputs,
  slopeByParameters,
  weightSlopes,
} from "./arrays.ts";
import type { TracedWeight } from "./chain.ts";
import { stepSign } from "./learning.ts";
import { numbered, scope, valueIn } from "./numbered.ts";
import { deltaEquation } from "./steps.ts";
import {
  arriving,
  cost,
  costOf,
  delta,
  error,
  hasError,
  hasShares,
  inputOf,
  outputOf,
  scaled,
  share,
  shareOf,
  slopeBy,
  sumOfPaths,
  target,
  u,
  v,
  weight,
} from "./entries.ts";

/** Arrays with more rows or columns than this are printed as results only, not put into formulas. */
const LARGEST = 3;

/** Holds what is printed besides: the step of each weight, and the forms for targets that sum to 1. */
interface Choices {
  readonly learns: boolean;
  readonly sharesSumToOne: boolean;
}

export function numbers(
  subject: Subject,
  traced: readonly TracedWeight[],
  world: World,
  { learns, sharesSumToOne }: Choices,
): Section {
  const samples = world.samples.length;
  const blocks: Block[] = [
    samples === 1 ? text(said(derivation.numbersOfSample)) : text(said(derivation.numbersOfFirst({ samples }))),
  ];
  for (const weightOf of [...traced].sort((a, b) => a.layer - b.layer)) blocks.push(...forward(world, weightOf));
  const down = [...traced].sort((a, b) => b.layer - a.layer);
  for (const weightOf of down) blocks.push(...backward(world, weightOf, { learns }));
  blocks.push(...arraysOf(world, sharesSumToOne));
  return { title: said(derivation.numbersTitle), blocks };
}

function forward(world: World, { layer, to }: TracedWeight): Block[] {
  const { subject } = world;
  const j = letterOf(subject, layer);
  const neuron = new Map([[j.letter, to]]);
  const which = whichLayer(subject, layer);
  const blocks: Block[] = [
    text(said(derivation.forwardThrough({ layer: which }))),
    numbered(world, u(layer, j), inputOf(subject, layer, j), neuron),
    numbered(world, v(layer, j), outputOf(subject, layer, j), neuron),
  ];
  if (!isLast(subject, layer)) return blocks;
  if (hasError(subject)) blocks.push(numbered(world, error(j), minus(target(j), v(layer, j)), neuron));
  if (hasShares(subject)) blocks.push(numbered(world, share(j), shareOf(subject, j), neuron));
  return [...blocks, numbered(world, cost, costOf(subject), neuron)];
}

function backward(world: World, { layer, to, from }: TracedWeight, { learns }: Pick<Choices, "learns">): Block[] {
  const { subject } = world;
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const neurons = new Map([
    [j.letter, to],
    [i.letter, from],
  ]);
  const which = whichLayer(subject, layer);
  const last = isLast(subject, layer);
  const blocks: Block[] = [text(said(derivation.backwardThrough({ layer: which })))];
  if (last) blocks.push(numbered(world, partial(cost, weight(layer, j, i)), sumOfPaths(subject, layer, j, i), neurons));
  else blocks.push(numbered(world, scaled(subject, partial(cost, v(layer, j))), arriving(subject, layer, j), neurons));
  blocks.push(deltaEquation(world, layer, to));
  const { left, right } = slopeBy(subject, weight(layer, j, i), chain(delta(layer, j), v(layer - 1, i)));
  blocks.push(numbered(world, left, right, neurons));
  if (learns && world.samples.length === 1) {
    const by =
      subject.notation.derivatives === "named"
        ? symbol("gradW", layer, [j, i])
        : partial(symbol("cost"), weight(layer, j, i));
    const next = minus(weight(layer, j, i), times(symbol("eta"), by));
    blocks.push({ ...numbered(world, symbol("nextW", layer, [j, i]), next, neurons), relation: stepSign(subject) });
  }
  return blocks;
}

function arraysOf(world: World, sharesSumToOne: boolean): Block[] {
  const { subject } = world;
  const { layers, notation } = subject;
  const named = notation.derivatives === "named";
  const whole = (left: Expression, ...formulas: readonly Expression[]): EquationBlock =>
    array(world, left, formulas.at(-1)!);
  const blocks: Block[] = [text(said(derivation.allAsArrays))];
  for (let l = 1; l <= layers; l++) {
    blocks.push(
      whole(arrayOf("u", l), inputsOf(subject, l)),
      whole(arrayOf("v", l), apply("sigma", arrayOf("u", l), l)),
    );
  }
  for (let l = layers; l >= 1; l--) {
    if (l === layers) {
      const { steps, normalized } = deltasOfLast(subject);
      const collapsed = sharesSumToOne && normalized !== null;
      if (named && !collapsed) blocks.push(equation(arrayOf("gradV", l), [valueIn(world, arrayOf("gradV", l))]));
      blocks.push(whole(arrayOf("delta", l), collapsed ? normalized : steps.at(-1)!));
    } else {
      if (named) blocks.push(whole(slopeByOutputs(subject, l), comingBack(subject, l + 1)));
      blocks.push(whole(arrayOf("delta", l), ...deltasOfHidden(subject, l).slice(0, 1)));
    }
    blocks.push(...gradientsOf(world, l));
  }
  return blocks;
}

function gradientsOf(world: World, layer: number): EquationBlock[] {
  const { subject } = world;
  if (subject.notation.arrays === "sample") {
    // A sum over samples has no single sample's numbers to put in.
    if (world.samples.length > 1) {
      return (["b", "W"] as const).map((role) => {
        const left = slopeByParameters(subject, role, layer);
        return equation(left, [valueIn(world, left)]);
      });
    }
    return (["b", "W"] as const).map((role) => {
      const { left, right } = ofOneSample(subject, role, layer);
      return array(world, left, right);
    });
  }
  return [
    array(world, slopeByParameters(subject, "b", layer), biasSlopes(subject, layer)),
    array(world, slopeByParameters(subject, "W", layer), weightSlopes(subject, layer)),
  ];
}

/** An array's formula, its numbers where they are few, and its value. */
function array(world: World, left: Expression, formula: Expression): EquationBlock {
  const small =
    Math.max(...world.subject.sizes, world.subject.notation.arrays === "sample" ? 1 : world.samples.length) <= LARGEST;
  const withNumbers = small && formula.kind !== "symbol" ? [substituted(formula, world, scope)] : [];
  const result = valueIn(world, left);
  return equation(left, [formula, ...withNumbers, result]);
}

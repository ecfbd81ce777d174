/** What was handed in, in canonical form: network, parameters, data and hand, in every way in which it may be read, the likeliest first. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { Activation, Cost } from "../equations/index.ts";
import type { GivenRecord, NumberArray } from "./given.ts";
import { byLayer, gather, type Surroundings } from "./gather.ts";
import { arrange, type Leaning } from "./hand-arrays.ts";
import type { Pair } from "./layout.ts";
import { missing } from "./missing.ts";
import type { Placed } from "./numbering.ts";
import { Refusal } from "./refusal.ts";
import { dataNotes, samplesOf } from "./samples.ts";
import type { Told } from "./told.ts";
import { usualActivations } from "./untold.ts";
import { layoutsOf, leaningsOf, weightsOf, type Layouts } from "./weights.ts";
import { costsOf } from "./words.ts";

/** One way to read a submission. */
export interface Reading {
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  readonly cost: Cost;
  /** From layer 1; index 0 is empty. W out × in; a layer without a bias has none. */
  readonly W: readonly (NumberArray | null)[];
  readonly b: readonly (NumberArray | null)[];
  /** One sample in each row. */
  readonly x: NumberArray;
  readonly t: NumberArray;
  readonly hand: readonly Placed[];
  /** How it was read, where that is not the network's own way. */
  readonly says: readonly Words[];
}

export interface Submission {
  readonly told: Told;
  readonly readings: readonly Reading[];
  /** How names and layers were read, where not as they are. */
  readonly says: readonly Words[];
  /** Layers whose gradient of a bias was handed in without the bias. */
  readonly unknownBias: readonly { readonly layer: number; readonly path: string }[];
  /** Where no activations were told: the refusal, unless the numbers decide which they are. */
  readonly untold: Words | null;
}

/** So many ways to read what sizes leave open are tried. */
const MOST = 48;
/** And so many where no activations were told. */
const MOST_UNTOLD = 240;

/** Reads named values; throws a `Refusal` that says by name what cannot be used, or is missing. */
export function submissionOf(values: GivenRecord, surroundings: Surroundings = {}): Submission {
  const { told, last, placed, x, t, sizes: sizesList, says } = gather(values, surroundings);
  if (last === null) throw new Refusal([missing({ sizes: null, told, W: [], x: false, t: false })]);
  const [W, b] = [byLayer(placed, "W", last), byLayer(placed, "b", last)];
  const lacking = Array.from({ length: last }, (_, i) => i + 1).filter((l) => W[l] === undefined);
  if (lacking.length > 0 || x === undefined || t === undefined || sizesList.length === 0) {
    throw new Refusal([missing({ sizes: sizesList[0] ?? null, told, W: lacking.map((l) => ({ layer: l, given: placed.filter((one) => one.layer === l && one.role !== "b") })), x: x === undefined, t: t === undefined })]);
  }
  const hand = placed.filter(({ role, layer }) => role !== "W" && role !== "b" && !(role === "v" && layer === 0));
  const refused: Words[] = [];
  unjudged(hand, refused);
  unread(told, hand, refused);
  const parts: Parts = { W: W as NumberArray[], b, x, t, hand, told };
  const choices = told.activations === undefined ? null : [told.activations, ...(told.otherActivations ?? [])];
  // Of several sizes that shapes leave open, those count that everything fits.
  const bySizes = sizesList.map((sizes) => {
    const why: Words[] = [];
    const found = choices === null ? readingsOfAny(sizes, parts, why) : choices.flatMap((activations) => (why.length > 0 ? [] : readingsFor(sizes, parts, activations, why)));
    return { why, found: why.length > 0 ? [] : found };
  });
  const readings = bySizes.flatMap(({ found }) => (choices === null ? found : found.slice(0, MOST)));
  if (readings.length === 0 || refused.length > 0) throw new Refusal([...refused, ...(readings.length === 0 ? bySizes[0]!.why : [])]);
  const unknownBias = hand.filter(({ role, layer }) => (role === "gradB" || role === "nextB") && readings.every((one) => one.b[layer] === null)).map(({ layer, path }) => ({ layer, path }));
  if (told.biases === false && unknownBias.length > 0) {
    throw new Refusal(unknownBias.map(({ path }) => intake.biasesFalse({ path })));
  }
  const needless = told.seed !== undefined || told.initialization !== undefined ? [intake.nothingDrawn] : [];
  const untold = told.activations === undefined ? missing({ sizes: sizesList[0]!, told, W: [], x: false, t: false }) : null;
  return { told, readings, unknownBias, untold, says: [...says, ...needless] };
}

/** ∂C/∂v is on nobody's list of equations. */
function unjudged(hand: readonly Placed[], refused: Words[]): void {
  for (const { role, path } of hand) {
    if (role === "gradV") refused.push(intake.gradVNotJudged({ path }));
  }
}

/** What nothing would read. */
function unread(told: Told, hand: readonly Placed[], refused: Words[]): void {
  const stepped = hand.some(({ role }) => role === "nextW" || role === "nextB");
  if (stepped || hand.length === 0) return;
  for (const name of ["eta", "momentum"] as const) {
    if (told[name] !== undefined) refused.push(intake.stepNotGiven({ name }));
  }
}

interface Parts {
  readonly W: readonly NumberArray[];
  readonly b: readonly (NumberArray | undefined)[];
  readonly x: NumberArray;
  readonly t: NumberArray;
  readonly hand: readonly Placed[];
  readonly told: Told;
}

/** Every way to read the parts under each of the usual activations; a cost that was told may belong to some of them only. */
function readingsOfAny(sizes: readonly number[], parts: Parts, refused: Words[]): Reading[] {
  const why: Words[] = [];
  const found = usualActivations(sizes).flatMap((activations) => readingsFor(sizes, parts, activations, why));
  if (found.length === 0) refused.push(...new Map(why.map((words) => [words.en, words])).values());
  return found.slice(0, MOST_UNTOLD);
}

/** Every way to read the parts of a network of these sizes; where there is none, why. */
function readingsFor(sizes: readonly number[], parts: Parts, activations: readonly Activation[], refused: Words[]): Reading[] {
  const { W, b, x, t, told } = parts;
  const batches = samplesOf(sizes, x, t, told, refused);
  if (batches.length === 0) return [];
  const layouts = layoutsOf(sizes, W, b, refused);
  if (layouts === null) return [];
  const costs = batches.map((pair, i) => costsOf(told.cost, activations.at(-1)!, i === 0 ? refused : [], { outputs: sizes.at(-1)!, t: pair.t.rows }));
  const leanings = leaningsOf(layouts, parts.hand, sizes);
  // The likeliest cost first, in each layout.
  const most = Math.max(...costs.map((list) => list.length));
  return Array.from({ length: most }, (_, k) => k).flatMap((k) => leanings.flatMap((leaning) => batches.flatMap((pair, i) => {
    const cost = costs[i]![k];
    return cost === undefined ? [] : [reading(sizes, parts, activations, cost, leaning, pair, layouts)];
  })));
}

function reading(sizes: readonly number[], { W, b, hand }: Parts, activations: readonly Activation[], cost: Cost, leaning: Leaning, { x, t }: Pair, layouts: Layouts): Reading {
  const weights = weightsOf(sizes, W, b, leaning, layouts);
  const arranged = arrange(hand, sizes, leaning);
  if (arranged.refused.length > 0) throw new Refusal(arranged.refused);
  const says = [...weights.says, ...dataNotes(x, t), ...arranged.says];
  return { sizes, activations, cost, W: weights.W, b: weights.b, x: x.rows, t: t.rows, hand: arranged.placed, says };
}

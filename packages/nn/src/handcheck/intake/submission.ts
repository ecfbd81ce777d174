/**
 * Says what was handed in, in canonical form: network, parameters, data and hand, in every way in which it may be read,
 * the likeliest first.
 */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { Activation, Cost } from "../equations/network.ts";
import type { GivenRecord, NumberArray } from "./given.ts";
import { byLayer, gather, type Surroundings } from "./gather.ts";
import { arrange, type Arranged } from "./hand-arrays.ts";
import type { Pair } from "./layout.ts";
import { missing } from "./missing.ts";
import type { Placed } from "./numbering.ts";
import { Refusal } from "./refusal.ts";
import { dataNotes, samplesOf } from "./samples.ts";
import type { Told } from "./told.ts";
import { usualActivations } from "./untold.ts";
import { layoutsOf, leaningsOf, weightsOf, type Weights } from "./weights.ts";
import { costsOf } from "./words.ts";

/** How parameters and data lie. */
export interface Layout {
  readonly sizes: readonly number[];
  /** From layer 1; index 0 is empty. W out × in; a layer without a bias has none. */
  readonly W: readonly (NumberArray | null)[];
  readonly b: readonly (NumberArray | null)[];
  /** One sample in each row. */
  readonly x: NumberArray;
  readonly t: NumberArray;
}

/** One way to read a submission. */
export interface Reading extends Layout {
  readonly activations: readonly Activation[];
  readonly cost: Cost;
  readonly hand: readonly Placed[];
  /** How it was read, where that is not the network's own way. */
  readonly says: readonly Words[];
}

export interface Submission {
  readonly told: Told;
  /** Each is made when its turn comes; what they share is one array. */
  readonly readings: Iterable<Reading>;
  /** All ways in which parameters and data lie in them. */
  readonly layouts: readonly Layout[];
  /** How names and layers were read, where not as they are. */
  readonly says: readonly Words[];
  /** Layers whose gradient of a bias was handed in without the bias. */
  readonly unknownBias: readonly { readonly layer: number; readonly path: string }[];
  /** The refusal where no activations were told, unless the numbers decide which they are. */
  readonly untold: Words | null;
}

/** Reads named values; throws a `Refusal` that says by name what cannot be used, or is missing. */
export function submissionOf(values: GivenRecord, surroundings: Surroundings = {}): Submission {
  const { told, last, placed, x, t, sizes: sizesList, says } = gather(values, surroundings);
  if (last === null) throw new Refusal([missing({ sizes: null, told, W: [], x: false, t: false })]);
  const [W, b] = [byLayer(placed, "W", last), byLayer(placed, "b", last)];
  const lacking = Array.from({ length: last }, (_, i) => i + 1).filter((l) => W[l] === undefined);
  if (lacking.length > 0 || x === undefined || t === undefined || sizesList.length === 0) {
    throw new Refusal([
      missing({
        sizes: sizesList[0] ?? null,
        told,
        W: lacking.map((l) => ({ layer: l, given: placed.filter((one) => one.layer === l && one.role !== "b") })),
        x: x === undefined,
        t: t === undefined,
      }),
    ]);
  }
  const hand = placed.filter(({ role, layer }) => role !== "W" && role !== "b" && !(role === "v" && layer === 0));
  const refused: Words[] = [];
  unjudged(hand, refused);
  unread(told, hand, refused);
  const parts: Parts = { W: W as NumberArray[], b, x, t, hand, told };
  // Of several sizes that shapes leave open, those count that everything fits.
  const bySizes = sizesList.map((sizes) => {
    const why: Words[] = [];
    return { why, open: openOf(sizes, parts, why) };
  });
  const all = bySizes.flatMap(({ open }) => (open === null ? [] : [open]));
  if (all.length === 0 || refused.length > 0)
    throw new Refusal([...refused, ...(all.length === 0 ? bySizes[0]!.why : [])]);
  const layouts = all.flatMap(layoutsIn);
  const isLacking = (l: number): boolean => layouts.every((one) => one.b[l] === null);
  const unknownBias = hand
    .filter(({ role, layer }) => (role === "gradB" || role === "nextB") && isLacking(layer))
    .map(({ layer, path }) => ({ layer, path }));
  if (told.biases === false && unknownBias.length > 0) {
    throw new Refusal(unknownBias.map(({ path }) => intake.biasesFalse({ path })));
  }
  const needless = told.seed !== undefined || told.initialization !== undefined ? [intake.nothingDrawn] : [];
  const untold =
    told.activations === undefined ? missing({ sizes: sizesList[0]!, told, W: [], x: false, t: false }) : null;
  const readings: Iterable<Reading> = {
    *[Symbol.iterator]() {
      for (const open of all) yield* readingsIn(open);
    },
  };
  return { told, readings, layouts, unknownBias, untold, says: [...says, ...needless] };
}

/** ∂C/∂v is on nobody's list of equations. */
function unjudged(hand: readonly Placed[], refused: Words[]): void {
  for (const { role, path } of hand) {
    if (role === "gradV") refused.push(intake.gradVNotJudged({ path }));
  }
}

/** Returns what nothing would read. */
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

/** Activations with the costs that may go with them, the likeliest first, in each reading of the data. */
interface Plan {
  readonly activations: readonly Activation[];
  readonly costs: readonly (readonly Cost[])[];
}

/** One way in which the arrays of a network lie. */
interface Lying {
  readonly weights: Weights;
  readonly hand: Arranged;
}

/** Holds what sizes and words leave open. */
interface Open {
  readonly sizes: readonly number[];
  readonly plans: readonly Plan[];
  readonly lying: readonly Lying[];
  readonly batches: readonly Pair[];
}

/** Returns what is open in a network of these sizes; where nothing fits, why. */
function openOf(sizes: readonly number[], { W, b, x, t, hand, told }: Parts, refused: Words[]): Open | null {
  const batches = samplesOf(sizes, x, t, told, refused);
  const layouts = batches.length === 0 ? null : layoutsOf(sizes, W, b, refused);
  const plans = layouts === null ? [] : plansOf(sizes, batches, told, refused);
  if (layouts === null || refused.length > 0) return null;
  const lying = leaningsOf(layouts, hand, sizes).map((leaning): Lying => ({
    weights: weightsOf(sizes, W, b, leaning, layouts),
    hand: arrange(hand, sizes, leaning),
  }));
  const odd = lying.find((one) => one.hand.refused.length > 0);
  if (odd !== undefined) throw new Refusal(odd.hand.refused);
  return { sizes, plans, lying, batches };
}

/** Returns what was told, or each of the usual activations: a cost that was told may belong to some of them only. */
function plansOf(sizes: readonly number[], batches: readonly Pair[], told: Told, refused: Words[]): Plan[] {
  const planOf = (activations: readonly Activation[], why: Words[]): Plan => ({
    activations,
    costs: batches.map((pair, i) =>
      costsOf(told.cost, activations.at(-1)!, i === 0 ? why : [], { outputs: sizes.at(-1)!, t: pair.t.rows }),
    ),
  });
  if (told.activations !== undefined)
    return [told.activations, ...(told.otherActivations ?? [])].flatMap((activations) =>
      refused.length > 0 ? [] : [planOf(activations, refused)],
    );
  const why: Words[] = [];
  const plans = usualActivations(sizes)
    .map((activations) => planOf(activations, why))
    .filter(({ costs }) => costs.some((list) => list.length > 0));
  if (plans.length === 0) refused.push(...new Map(why.map((words) => [words.en, words])).values());
  return plans;
}

const layoutsIn = ({ sizes, lying, batches }: Open): Layout[] =>
  lying.flatMap(({ weights: { W, b } }) => batches.map(({ x, t }) => ({ sizes, W, b, x: x.rows, t: t.rows })));

/** Every way to read them; the likeliest cost first, in each layout. */
function* readingsIn({ sizes, plans, lying, batches }: Open): Generator<Reading> {
  for (const { activations, costs } of plans) {
    const most = Math.max(...costs.map((list) => list.length));
    for (let k = 0; k < most; k++) {
      for (const {
        weights: { W, b, says },
        hand,
      } of lying) {
        for (const [i, { x, t }] of batches.entries()) {
          const cost = costs[i]![k];
          if (cost !== undefined)
            yield {
              sizes,
              activations,
              cost,
              W,
              b,
              x: x.rows,
              t: t.rows,
              hand: hand.placed,
              says: [...says, ...dataNotes(x, t), ...hand.says],
            };
        }
      }
    }
  }
}

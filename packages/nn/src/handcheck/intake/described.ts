/** The network that stands beside code or equations, and the data beside it. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { Activation, Cost } from "../equations/network.ts";
import { byLayer, gather, type Surroundings } from "./gather.ts";
import type { GivenRecord, NumberArray } from "./given.ts";
import { missing } from "./missing.ts";
import { Refusal } from "./refusal.ts";
import { dataNotes, samplesOf } from "./samples.ts";
import type { Told } from "./told.ts";
import { layoutsOf, leaningsOf, weightsOf } from "./weights.ts";
import { costsOf } from "./words.ts";

/** A network that code or equations are judged on; parameters and data where they were handed in. */
export interface Described {
  readonly told: Told;
  readonly sizes: readonly number[];
  readonly activations: readonly Activation[];
  /** Says, if a name may mean two of them, what else it may mean. */
  readonly otherActivations: readonly (readonly Activation[])[];
  /** Of several the likeliest first. */
  readonly costs: readonly Cost[];
  readonly parameters: {
    readonly W: readonly (NumberArray | null)[];
    readonly b: readonly (NumberArray | null)[];
  } | null;
  readonly data: { readonly x: NumberArray; readonly t: NumberArray } | null;
  readonly says: readonly Words[];
}

/** Reads it from named values; numbers of a backward pass do not belong among them. */
export function describedIn(values: GivenRecord, surroundings: Surroundings = {}): Described {
  const { told, last, placed, x, t, sizes: list, says } = gather(values, surroundings);
  const { activations } = told;
  const [sizes] = list;
  if (last === null || sizes === undefined || activations === undefined)
    throw new Refusal([missing({ sizes: sizes ?? null, told, W: [], x: false, t: false })]);
  const refused: Words[] = placed
    .filter(({ role, layer }) => role !== "W" && role !== "b" && !(role === "v" && layer === 0))
    .map(({ path }) => intake.besideCode({ path }));
  const costs = costsOf(told.cost, activations.at(-1)!, refused, { outputs: sizes.at(-1)! });
  const [W, b] = [byLayer(placed, "W", last), byLayer(placed, "b", last)];
  const lacking = W.flatMap((one, l) => (l > 0 && one === undefined ? [{ layer: l, given: [] }] : []));
  const drawn = placed.every(({ role }) => role !== "W" && role !== "b");
  if (!drawn && lacking.length > 0) refused.push(missing({ sizes, told, W: lacking, x: false, t: false }));
  if ((x === undefined) !== (t === undefined))
    refused.push(missing({ sizes, told, W: [], x: x === undefined, t: t === undefined }));
  if (refused.length > 0) throw new Refusal(refused);
  const layouts = drawn ? null : layoutsOf(sizes, W, b, refused);
  const parameters = layouts === null ? null : weightsOf(sizes, W, b, leaningsOf(layouts, [], sizes)[0]!, layouts);
  const batch = x === undefined || t === undefined ? null : (samplesOf(sizes, x, t, told, refused)[0] ?? null);
  if (refused.length > 0) throw new Refusal(refused);
  const notes = [...(parameters?.says ?? []), ...(batch === null ? [] : dataNotes(batch.x, batch.t))];
  return {
    told,
    sizes,
    activations,
    otherActivations: told.otherActivations ?? [],
    costs,
    parameters,
    data: batch && { x: batch.x.rows, t: batch.t.rows },
    says: [...says, ...notes],
  };
}

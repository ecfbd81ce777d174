/** What somebody's function gives back, by whatever names, as a hand. */

import type { Hand, Words } from "../report.ts";
import { collect, isLayerRole } from "./collect.ts";
import { fits } from "./fits.ts";
import type { Given } from "./given.ts";
import { arrange } from "./hand-arrays.ts";
import { number } from "./numbering.ts";
import { handOf } from "./plain.ts";
import { Refusal } from "./refusal.ts";
import { fromCode } from "./sources/code.ts";
import { readTold } from "./told.ts";
import { isRecord, recordOf } from "./values.ts";

/** Reads an answer of a function on a network of these sizes; throws a `Refusal` that says by name what cannot be used. */
export function returned(answer: object, sizes: readonly number[]): Hand {
  const given = fromCode(answer, new Map<object, Given>());
  if (!isRecord(given)) throw new Refusal([{ en: "backward gives a list: return an object, { gradW, gradB } or { dW1, db1, … }", zh: "backward 返回的是列表：请返回对象，如 { gradW, gradB } 或 { dW1, db1, … }" }]);
  const collected = collect(recordOf(given.entries), "hand");
  const refused: Words[] = [...collected.refused];
  const last = sizes.length - 1;
  const told = readTold(collected, last, refused);
  const arrays = collected.items.filter(({ role }) => isLayerRole(role));
  const numbered = number(arrays, last, undefined, (role, layer, value) => fits(role, layer, value, sizes));
  // Parameters and data come back as they went in.
  const placed = numbered.placed.filter(({ role, layer }) => role !== "W" && role !== "b" && !(role === "v" && layer === 0));
  const arranged = arrange(placed, sizes, { turned: false, bias: "first" });
  refused.push(...numbered.refused, ...arranged.refused);
  if (refused.length === 0 && collected.items.length === 0) refused.push({ en: "no array of numbers: return an object, { gradW, gradB } or { dW1, db1, … }", zh: "的不含数组：请返回对象，如 { gradW, gradB } 或 { dW1, db1, … }" });
  if (refused.length > 0) throw new Refusal(refused.map(({ en, zh }) => ({ en: `backward gives ${en}`, zh: `backward 返回 ${zh}` })));
  return handOf(arranged.placed, told);
}

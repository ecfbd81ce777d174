/** Says what somebody's function gives back, by whatever names, as a hand. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { Hand } from "../report.ts";
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

/**
 * Reads an answer of a function on a network of these sizes; throws a `Refusal` that says by name what cannot be used.
 */
export function returned(answer: object, sizes: readonly number[]): Hand {
  const given = fromCode(answer, new Map<object, Given>());
  if (!isRecord(given)) throw new Refusal([intake.listForBackward]);
  const collected = collect(recordOf(given.entries), "hand");
  const refused: Words[] = [...collected.refused];
  const last = sizes.length - 1;
  const told = readTold(collected, last, refused);
  const arrays = collected.items.filter(({ role }) => isLayerRole(role));
  const numbered = number(arrays, last, undefined, (role, layer, value) => fits(role, layer, value, sizes));
  // Parameters and data come back as they went in.
  const placed = numbered.placed.filter(
    ({ role, layer }) => role !== "W" && role !== "b" && !(role === "v" && layer === 0),
  );
  const arranged = arrange(placed, sizes, { turned: false, bias: "first" });
  refused.push(...numbered.refused, ...arranged.refused);
  if (refused.length === 0 && collected.items.length === 0) refused.push(intake.noArray);
  if (refused.length > 0) throw new Refusal(refused.map((fault) => intake.backwardGives({ fault })));
  return handOf(arranged.placed, told);
}

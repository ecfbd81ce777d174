/**
 * Loops and branches in a reverse sweep: what their parts gather, until the whole is swept once. Nothing of it is
 * loaded without them.
 */

import type { Part } from "../graph/control.ts";
import type { ControlOp, Gathered, Looped, PartAttributes, Recorded } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "../ops/arithmetic.ts";

/** The sums of the parts of each loop and branch of a sweep, by its place. */
const sums = new WeakMap<Gathered, Map<number, Map<Part, Tensor>>>();

/** Adds a contribution to a part of the loop or branch at a place. */
export function addPart(value: Tensor, { part }: PartAttributes, place: number, gathered: Gathered): void {
  const places = sums.get(gathered) ?? new Map<number, Map<Part, Tensor>>();
  const parts = places.get(place) ?? new Map<Part, Tensor>();
  const before = parts.get(part);
  parts.set(part, before === undefined ? value : add(before, value));
  sums.set(gathered, places.set(place, parts));
  gathered.hold(place);
}

/** Adds up what a loop or a branch, whose parts are all gathered, has for its inputs. */
export function addShares(
  pull: ControlOp["pull"],
  recorded: Recorded<Looped>,
  at: number,
  placeOf: (k: number) => number,
  gathered: Gathered,
): void {
  const places = sums.get(gathered)!;
  const parts = places.get(at)!;
  places.delete(at);
  gathered.release(at);
  const wanted = recorded.inputs.map((_, k) => placeOf(k) >= 0);
  // Of two inputs that are one tensor, the first that asks has what had come before.
  const asked = new Map<number, number>();
  const before = (k: number): Tensor | null => {
    const place = placeOf(k);
    if (!asked.has(place)) asked.set(place, k);
    return place >= 0 && asked.get(place) === k && gathered.has(place)
      ? gathered.tensor(place, recorded.inputs[k]!.dtype)
      : null;
  };
  for (const { input, value, isTotal } of pull(parts, recorded, wanted, before)) {
    const place = placeOf(input);
    // What contains the sum so far takes its place.
    if (isTotal && asked.get(place) === input) gathered.release(place);
    gathered.add(place, value);
  }
}

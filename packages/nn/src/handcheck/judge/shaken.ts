/**
 * Another point within what rounding leaves open, from which everything follows: what two formulas agree on there is no
 * matter of digits.
 */

import { Random } from "../../random.ts";
import { bp1, bp2 } from "../claims/local.ts";
import { settle, type Setting } from "../claims/setting.ts";
import { toRows, type Tracked } from "../bounds/tracked.ts";

/**
 * The setting with other numbers that would be written the same, and its δ: those that were handed in wrong are moved
 * as they are.
 */
export function shaken(
  setting: Setting,
  delta: readonly (Tracked | null)[],
  isWrong: (l: number) => boolean,
): { readonly setting: Setting; readonly delta: (Tracked | null)[] } {
  const random = new Random("within what rounding leaves open");
  const move = (one: Tracked): Tracked => {
    const { error } = one;
    return error === null
      ? one
      : { ...one, value: one.value.map((x, i) => x + error[i]! * (2 * random.uniform() - 1)) };
  };
  const { problem, W, b, v, t, lambda, decay, decayForm, eta, nextW, by, last } = setting;
  const numbers = {
    W: W.map((one) => toRows(move(one))),
    b: b.map((one) => [...move(one).value]),
    x: toRows(move(v[0]!)),
    t: toRows(move(t)),
  };
  const moved = {
    ...settle(
      { ...problem, ...numbers },
      { epsilon: by.epsilon, lambda, decayForm, ...(eta === null ? {} : { eta }), nextW },
    ),
    decay,
  };
  const all: (Tracked | null)[] = [];
  for (let l = last; l >= 1; l--) {
    const above = all[l + 1] ?? null;
    const given = delta[l] ?? null;
    all[l] = isWrong(l) ? given && move(given) : l === last ? bp1(moved) : above && bp2(moved, l, above);
  }
  return { setting: moved, delta: all };
}

/** Says what rounding explains in a graph: the gradients again with every number moved by what it may be off. */

import { Random } from "../../../random.ts";
import { largest, type Numbers } from "../../bounds/numbers.ts";
import { gapOf } from "../../bounds/compare.ts";
import type { Corner } from "../../bounds/corners.ts";
import { unitsOf, type Rounding } from "./hand.ts";
import type { Flows, Values } from "./flows.ts";

/** How many times everything is moved; the worst counts. */
const DRAWS = 3;
/** Room for sums in another order. */
const ROOM = 16;
/** Room for other signs of what printing left open than those that were drawn. */
const FEW = 3;

/** Each number moved up or down by its unit. */
function moved(values: Values, precision: Rounding, random: Random): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, { data, shape }]) => {
      const units = unitsOf(data, precision);
      return [name, { shape, data: data.map((x, i) => x + (random.uniform() < 0.5 ? -1 : 1) * units[i]!) }];
    }),
  );
}

/** The numbers that were printed, moved up or down by what that left open. */
const shifted = (values: Values, units: Values, random: Random): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, { data, shape }]) => [
      name,
      { shape, data: data.map((x, i) => x + (random.uniform() < 0.5 ? -1 : 1) * (units[name]?.data[i] ?? 0)) },
    ]),
  );

/** Holds what each gradient may be off. */
export interface Allowed {
  /** Beside what follows from the person's own gradients. */
  readonly local: Readonly<Record<string, number>>;
  /** Beside the truth. */
  readonly global: Readonly<Record<string, number>>;
}

/** The gap apart from entries that have a choice: there another branch is no rounding. */
function smoothGap(a: Numbers, b: Numbers, corner: Corner | undefined): number {
  if (corner === undefined) return gapOf(a, b);
  const without = ({ data, shape }: Numbers): Numbers => ({
    shape,
    data: data.map((x, i) => (corner.ranges.has(i) ? 0 : x)),
  });
  return gapOf(without(a), without(b));
}

/** The allowances of every gradient that was handed in. A difference whose branch flips is not used. */
export function allowedIn(
  flows: Flows,
  inputs: Values,
  taps: Values,
  handed: Values,
  precision: Rounding,
  corners: Readonly<Record<string, Corner>>,
  units: Values,
): Allowed {
  const smooth = Object.keys(corners).length === 0;
  const plain = flows.implied(inputs, taps, handed);
  const truth = flows.truth(inputs, taps);
  const rounding: Rounding = { ...precision, digits: null, decimals: null };
  const local: Record<string, number> = {};
  const global: Record<string, number> = {};
  const own = ({ data }: Numbers): number => largest(unitsOf(data, precision));
  for (const [name, value] of Object.entries(handed)) {
    local[name] = own(value) + ROOM * precision.epsilon * largest(plain[name]!.data);
    global[name] = own(value) + 4 * ROOM * precision.epsilon * largest(truth[name]!.data);
  }
  for (let draw = 0; draw < DRAWS; draw++) {
    const random = new Random("noise").split(draw);
    // The data is known exactly; what was computed from it carries the rounding of the person's numbers.
    const shaken = moved(inputs, rounding, random);
    const implied = flows.implied(shaken, taps, moved(handed, precision, random));
    const exact = flows.truth(shaken, taps);
    const printed = Object.keys(units).length === 0 ? truth : flows.truth(shifted(inputs, units, random), taps);
    for (const name of Object.keys(handed)) {
      const near = smoothGap(implied[name]!, plain[name]!, corners[name]);
      const far = smooth ? gapOf(exact[name]!, truth[name]!) : near;
      const coarse = own(handed[name]!) + FEW * gapOf(printed[name]!, truth[name]!);
      local[name] = Math.max(local[name]!, coarse + ROOM * near);
      global[name] = Math.max(global[name]!, coarse + 4 * ROOM * Math.max(near, far));
    }
  }
  return { local, global };
}

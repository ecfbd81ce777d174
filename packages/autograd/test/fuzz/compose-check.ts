/**
 * What the library gives for a composition in many ways, against the derivative computed apart: right or not finite,
 * and right where nothing on the way is infinite.
 */

import { ORDERS, type Order } from "../oracles/jets.ts";
import { Limit, type Truth } from "../oracles/limits.ts";
import { unitOf, type Plain, type Tape } from "../oracles/tape.ts";
import { argumentOf, fit, type Composition } from "./compositions.ts";
import type { Verdict } from "./runs.ts";
import { runBy, ways, type Runner } from "./ways.ts";

/** Roundings that a sum of absolute terms may be off by. */
const ROUNDINGS = 2 ** 10;
/** What a right number may be off by where a factor on the way is infinite. */
const LOOSE = { float64: 1e-7, float32: 1e-3 } as const;
/** Within these sizes on the way nothing overflows or underflows in any order of the products. */
const MODERATE = { float64: 1e50, float32: 1e6 } as const;
/** Where rounding moves the result by more than this part, it decides. */
const ILL = 1e-3;
/** The smallest number of each type: what is rounded to a multiple of it has no digits to compare. */
const SMALLEST = { float64: 2 ** -1074, float32: 2 ** -149 } as const;

/** What is expected of one order. */
export interface Expected {
  readonly truth: Truth;
  readonly plain: Plain;
  /** By how much a right number may be off; `null` where rounding decides. */
  readonly tolerance: number | null;
  /** Nothing on the way is infinite once what is dropped is cut out, so that the result has to be a number. */
  readonly regular: boolean;
}

/** Moves what functions return by two units in the last place, up and down by a pattern. */
const nudges = (unit: number): (() => () => number)[] =>
  [0, 1, 2].map((shift) => () => {
    let step = 0;
    return () => ((step++ >> shift) % 2 === 0 ? 1 + 2 * unit : 1 - 2 * unit);
  });

export const expectedOf = (composition: Composition, tape: Tape, order: Order, truth: Truth): Expected => {
  const { type, point, directions } = composition;
  const unit = unitOf(type);
  const plain = tape.plain(point, directions, type, order);
  const part = ORDERS[order];
  const bound = plain.bound[part] ?? 0;
  const moderate = plain.largest < MODERATE[type] && plain.smallest > 1 / MODERATE[type];
  const regular = !plain.pole && moderate && !plain.kink && Number.isFinite(plain.jet[part] ?? 0);
  if (!("value" in truth)) return { truth, plain, tolerance: null, regular };
  const { value } = truth;
  if (plain.pole || !Number.isFinite(plain.jet[part] ?? 0))
    return { truth, plain, regular, tolerance: LOOSE[type] * Math.abs(value) };
  const runs = [plain, ...nudges(unit).map((nudge) => tape.plain(point, directions, type, order, nudge()))];
  const moved = Math.max(...runs.map((run) => Math.abs((run.jet[part] ?? 0) - value)));
  const rounding = ROUNDINGS * unit * bound;
  // NaN where a run left the domain, or where both are infinite.
  if (!(moved <= ILL * Math.abs(value) + rounding)) return { truth, plain, regular, tolerance: null };
  return { truth, plain, regular, tolerance: 16 * moved + rounding + 4 * SMALLEST[type] };
};

const show = (truth: Truth): string => ("value" in truth ? String(truth.value) : truth.none);

/** Where an underflow on the way explains a difference. */
const mayUnderflow = ({ type }: Composition, { plain }: Expected): boolean =>
  !plain.pole && (plain.smallest < 1 / MODERATE[type] || plain.largest > MODERATE[type]);

export interface Given {
  readonly way: string;
  readonly value: number;
}

/** The first thing wrong among results of one order; `null` for nothing. */
export const wrongOf = (composition: Composition, expected: Expected, given: readonly Given[]): string | null => {
  const { truth, plain, tolerance, regular } = expected;
  if (plain.unsure) return null;
  for (const { way, value } of given) {
    const finite = Number.isFinite(value);
    if (!finite && regular) return `${way} gives ${value}, and nothing on the way is infinite: ${show(truth)}`;
    if (!finite || plain.kink) continue;
    if ("none" in truth && truth.none === "infinite" && (plain.pole || regular))
      return `${way} gives ${value}, and the derivative is infinite`;
    if (!("value" in truth) || tolerance === null) continue;
    if (!(Math.abs(value - truth.value) <= tolerance) && !mayUnderflow(composition, expected))
      return `${way} gives ${value} instead of ${truth.value} ± ${tolerance}`;
  }
  // Outside the domain, or where rounding decides, there is no number to agree on.
  const decided =
    "value" in truth ? tolerance !== null : truth.none === "infinite" || truth.none === "different sides" || plain.kink;
  if (!decided) return null;
  const numbers = given.filter(({ value }) => Number.isFinite(value));
  const [first, ...rest] = numbers;
  if (first === undefined || mayUnderflow(composition, expected)) return null;
  const bound =
    plain.bound[ORDERS[Math.max(...([1, 2, 3] as const).filter((k) => plain.bound[ORDERS[k]] !== null), 1) as Order]] ??
    0;
  const apart = rest.find(
    ({ value }) =>
      !(
        Math.abs(value - first.value) <=
        2 * (tolerance ?? 0) + LOOSE[composition.type] * (Math.abs(first.value) + (Number.isFinite(bound) ? bound : 0))
      ),
  );
  return apart === undefined ? null : `${first.way} gives ${first.value} and ${apart.way} ${apart.value}`;
};

/** How many ways of each order are tried, and one composition in how many is compiled. */
export interface Effort {
  readonly ways: number;
  readonly compileOneIn: number;
}

const runnersOf = (ways: number, effort: Effort): Runner[] => {
  const runners: Runner[] = ["eager"];
  if (ways % effort.compileOneIn === 0) runners.push("compiled");
  if (ways % 7 === 0) runners.push("through a loop");
  if (ways % (5 * effort.compileOneIn) === 0) runners.push("compiled, through a loop");
  return runners;
};

export const checkComposition =
  (effort: Effort) =>
  (composition: Composition): Verdict => {
    const fitted = fit(composition);
    if (fitted.count < 2) return "discarded";
    const x = argumentOf(composition);
    let said = false;
    const { point, directions, type } = composition;
    const { tape } = fitted;
    const plain = tape.plain(point, directions, type, 3);
    if (plain.unsure) return "discarded";
    const truths = plain.kink ? null : new Limit(tape, plain, point, directions).truths();
    for (const order of [1, 2, 3] as const) {
      const expected = expectedOf(composition, tape, order, truths?.[order - 1] ?? { none: "undecided" });
      if ("value" in expected.truth) said = true;
      const mine = ways.filter((way) => way.order === order);
      const given: Given[] = [];
      for (const runner of runnersOf(composition.ways, effort)) {
        const start = composition.ways % mine.length;
        const chosen = [...mine.slice(start), ...mine.slice(0, start)].slice(0, runner === "eager" ? effort.ways : 1);
        for (const way of chosen)
          given.push({ way: `${way.name}, ${runner},`, value: runBy(runner, way, fitted, directions, x) });
      }
      const wrong = wrongOf(composition, expected, given);
      if (wrong !== null)
        return { difference: `${fitted.label}, order ${order} by ${directions.slice(0, order).join()}: ${wrong}` };
    }
    return said ? "agrees" : "discarded";
  };

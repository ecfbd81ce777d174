/** A hand beside its batch, in every reading of its digits, before anything is judged. */

import { declaredOf } from "../claims/conventions.ts";
import type { HandcheckOptions } from "./options.ts";
import { readHand, type Looks, type PartName, type RawByLayer, type RawHand } from "../claims/hand.ts";
import { impliedGradients } from "../claims/implied.ts";
import { lookOf, type Look } from "../bounds/look.ts";
import { readingsOf, type Reading, type Readings, type Written } from "../bounds/rounding.ts";
import type { Convention, Hand } from "../report.ts";
import { settle, type Problem, type Setting } from "../claims/setting.ts";
import { withUnits } from "../bounds/tolerance.ts";
import { fromRows } from "../bounds/tracked.ts";

/** Holds what was handed in, and how its numbers may be read. */
export interface Read {
  readonly declared: Partial<Convention>;
  readonly raw: RawHand;
  readonly readings: Readings;
  readonly problem: Problem;
  readonly hand: Hand;
}

/** Reads it; `looks` says how the numbers are written, where more is known than the numbers. */
export function readBeside(problem: Problem, hand: Hand, options: HandcheckOptions, looks: Looks | undefined): Read {
  const declared = { ...declaredOf(options.convention, problem.cost), ...declaredOf(hand.convention, problem.cost) };
  const raw = readHand(hand, problem.sizes.length - 1, declared.layerBase, looks);
  const readings = readingsOf(written(problem, raw, looks), {
    digits: hand.digits ?? options.digits,
    decimals: hand.decimals ?? options.decimals,
  });
  return {
    declared,
    raw,
    readings,
    problem: hand.tiedBiases === true ? { ...problem, tiedBiases: true } : problem,
    hand,
  };
}

/** The numbers with what they may be off in a reading, and the true forward pass. */
export function inReading(
  { declared, raw: read, problem, hand }: Read,
  reading: Reading,
): { readonly given: RawHand; readonly raw: RawHand; readonly truth: Setting } {
  const own = withGivenErrors(problem, reading);
  const given = withErrors(read, reading);
  return {
    given,
    raw: impliedGradients(given, own, hand.eta, declared, reading.epsilon),
    truth: settle(own, { epsilon: reading.epsilon, lambda: hand.lambda, eta: hand.eta }),
  };
}

/** Everything that was handed in, by the names of the hand, and `W 1`, `b 1`, `x`, `t`. */
function written({ W, b, x, t }: Problem, raw: RawHand, looks: Looks = new Map()): Written[] {
  const flat = (rows: readonly (readonly number[])[]): Look => lookOf(fromRows(rows).value);
  const given = (key: string, look: () => Look): Written => ({ key, given: true, look: looks.get(key) ?? look() });
  const layers = W.map((_, l) => l).slice(1);
  return [
    ...layers.flatMap((l) => [given(`W ${l}`, () => flat(W[l]!)), given(`b ${l}`, () => lookOf(b[l]!))]),
    given("x", () => flat(x)),
    given("t", () => flat(t)),
    ...parts.flatMap((part) =>
      Object.entries(raw[part]).map(([l, { look }]) => ({ key: `${part} ${l}`, given: false, look })),
    ),
    ...(raw.cost === null ? [] : [{ key: "cost", given: false, look: looks.get("cost") ?? lookOf([raw.cost]) }]),
  ];
}

const parts = ["u", "v", "delta", "gradW", "gradB", "nextW", "nextB", "afterW", "afterB"] as const;

/** Every number with what it may be off: worked out once, and not again under each convention. */
function withErrors(raw: RawHand, { ruleOf, epsilon }: Reading): RawHand {
  const each = (part: PartName): RawByLayer =>
    Object.fromEntries(
      Object.entries(raw[part]).map(([l, one]) => {
        const rule = ruleOf(`${part} ${l}`);
        return [
          l,
          {
            ...one,
            matrix: {
              ...one.matrix,
              error: withUnits(one.matrix.value, rule, epsilon),
              rounded: rule.by !== "nothing" && rule.unit === 0.5,
            },
          },
        ];
      }),
    );
  const cost = raw.cost === null ? 0 : withUnits(Float64Array.of(raw.cost), ruleOf("cost"), epsilon)[0]!;
  return { ...raw, ...Object.fromEntries(parts.map((part) => [part, each(part)])), costError: cost };
}

/** The problem with what rounding left open of its parameters and its data. */
function withGivenErrors(problem: Problem, { ruleOf, epsilon, rounded }: Reading): Problem {
  if (!rounded) return problem;
  let independent = problem.tiedBiases !== true;
  const one = (key: string, numbers: Float64Array): Float64Array | null => {
    const rule = ruleOf(key);
    if (rule.by === "nothing") return null;
    independent &&= rule.unit === 0.5;
    return withUnits(numbers, rule, epsilon);
  };
  const flat = (rows: readonly (readonly number[])[]): Float64Array => Float64Array.from(rows.flat());
  const { W, b, x, t } = problem;
  const errors = {
    W: W.map((rows, l) => (l === 0 ? null : one(`W ${l}`, flat(rows)))),
    b: b.map((row, l) => (l === 0 ? null : one(`b ${l}`, Float64Array.from(row)))),
    x: one("x", flat(x)),
    t: one("t", flat(t)),
  };
  return { ...problem, errors: { ...errors, independent } };
}

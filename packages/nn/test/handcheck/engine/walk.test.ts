// The walk over claims and the search over hypotheses, on single numbers: neither knows what a network, a kernel or a
// graph is.
import { describe, expect, it } from "vitest";
import type { Claim, Comparison } from "../../../src/handcheck/claims/claim.ts";
import { search, type Hypothesis } from "../../../src/handcheck/judge/search.ts";
import { fails, statusOf, walk, type Inferred } from "../../../src/handcheck/judge/walk.ts";
import type { LineStatus } from "../../../src/handcheck/report.ts";

const numbers = (byTruth: boolean): Comparison<number> => ({
  byTruth,
  sized: (yours) => yours !== Infinity,
  finite: Number.isFinite,
  residual: () => null,
  fits: (yours, right) => Number.isNaN(yours) || Math.abs(yours - right) < 1e-9,
});

interface Link {
  readonly given: number | undefined;
  /** Another slope that is as right. */
  readonly kink?: number;
}

/** a₀ = 1, a_k = 2 a_{k−1}: what is handed in for each, from the top down. */
function chain(links: readonly Link[]): Claim<number>[] {
  const all: Claim<number>[] = [];
  for (const [k, { given, kink }] of links.entries()) {
    const follows = (above: number | null): number => (above === null ? 1 : 2 * above);
    const chosen = (yours: number): number | null => (kink === yours ? yours : null);
    all.push({ name: `a${k}`, formula: "", given, from: all[k - 1] ?? null, own: follows, truth: follows, chosen });
  }
  return all;
}

const statuses = (
  links: readonly Link[],
  byTruth = false,
  infer?: (claim: Claim<number>) => Inferred<number> | null,
): LineStatus[] => Array.from(walk(chain(links), numbers(byTruth), infer), (met) => statusOf(met, numbers(byTruth)));
const given = (...all: readonly (number | undefined)[]): Link[] => all.map((one) => ({ given: one }));

describe("the walk", () => {
  it("blames what does not follow from the person's own value, and nothing below it", () => {
    expect(statuses(given(1, 2, 4))).toEqual(["ok", "ok", "ok"]);
    expect(statuses(given(1, 3, 6, 12))).toEqual(["ok", "root", "inherited", "inherited"]);
    expect(statuses(given(3, undefined, 12))).toEqual(["root", "missing", "inherited"]);
    expect([...walk(chain(given(1, 3, 6, 13)), numbers(false))].filter(fails).map(({ claim }) => claim.name)).toEqual([
      "a1",
      "a3",
    ]);
  });

  it("goes on with its own value where a shape does not fit, and passes over what is no number", () => {
    expect(statuses(given(1, Infinity, 4))).toEqual(["ok", "shape", "ok"]);
    expect(statuses(given(1, NaN))).toEqual(["ok", "nan"]);
  });

  it("takes a choice at a kink for the truth of what is below, unless something above it is wrong", () => {
    const kinked = { given: 5, kink: 5 };
    expect(statuses([{ given: 1 }, kinked, { given: 10 }])).toEqual(["ok", "kink", "ok"]);
    expect(statuses([{ given: 7 }, kinked, { given: 10 }])).toEqual(["root", "kink", "inherited"]);
  });

  it("asks about what was not handed in, and judges what is below from the answer", () => {
    const wrong = (claim: Claim<number>): Inferred<number> | null =>
      claim.name === "a1" ? { standing: "fails", seen: 3, diagnosis: null } : null;
    expect(statuses(given(1, undefined, 6), false, wrong)).toEqual(["ok", "root", "inherited"]);
    const unknown = (claim: Claim<number>): Inferred<number> | null =>
      claim.name === "a1" ? { standing: "fails", seen: null, diagnosis: null } : null;
    expect(statuses(given(1, undefined, 4), false, unknown)).toEqual(["ok", "root", "ok"]);
    expect(statuses(given(1, undefined, 5), false, unknown)).toEqual(["ok", "root", "inherited"]);
  });

  it("compares what was given as the claim reads it, and goes on from what it allows", () => {
    const follows = (above: number | null): number => (above === null ? 1 : 2 * above);
    // Of the first any whole number may be taken off; what follows from it is judged with 1/8 of room.
    const first: Claim<number> = {
      name: "a",
      formula: "",
      given: 8,
      from: null,
      own: follows,
      truth: follows,
      read: (yours, local) => (Number.isInteger(yours - local) ? local : yours),
      onward: (yours, local) => (yours + local) / 2 + 1 / 8,
    };
    const second: Claim<number> = { ...first, name: "b", given: 2.25, from: first, read: (yours) => yours };
    const met = [...walk([first, second], numbers(false))];
    expect(met.map((one) => [one.given, one.seen, one.standing])).toEqual([
      [1, 1.125, "holds"],
      [2.25, 2.375, "holds"],
    ]);
    expect(Array.from(walk([{ ...first, given: 7.5 }], numbers(false)), fails)).toEqual([true]);
  });

  it("by truth calls right what is, whatever stands above it", () => {
    expect(statuses(given(1, 3, 4))).toEqual(["ok", "root", "root"]);
    expect(statuses(given(1, 3, 4), true)).toEqual(["ok", "root", "ok"]);
    expect(statuses(given(1, 3, 6), true)).toEqual(["ok", "root", "inherited"]);
  });
});

interface Tried extends Hypothesis {
  readonly by: number;
  readonly heavy?: boolean;
}

const one = (id: string, by: number, edits = 1, heavy = false): Tried => ({
  id,
  by,
  edits,
  heavy,
  yours: "",
  says: { en: id, zh: id },
});
const found = (all: readonly Tried[], margin: (best: number) => number = () => 2): string | null => {
  const hit = search(all, {
    off: ({ by }) => by,
    same: (a, b) => a.id[0] === b.id[0],
    margin,
    weight: ({ heavy }) => Number(heavy),
  });
  const ids = (list: readonly Tried[]): string => list.map(({ id }) => id).join();
  return hit && `${hit.best.id} others ${ids(hit.others)} rivals ${ids(hit.rivals)} ${hit.confidence.toFixed(2)}`;
};

describe("the search", () => {
  it("takes the first that gives the numbers, of those that are nearest", () => {
    expect(found([one("a", 3), one("b", 0.5), one("c", 0, 2)])).toBe("b others  rivals  1.00");
    expect(found([one("a", 3), one("c", 0, 2)])).toBe("c others  rivals  1.00");
    expect(found([one("a", 3)])).toBeNull();
    expect(found([])).toBeNull();
  });

  it("lists others once each, and what misses by less than the margin", () => {
    expect(found([one("a", 0), one("a2", 0), one("b", 1)])).toBe("a others b rivals  0.50");
    expect(found([one("a", 0.01), one("b", 1.5), one("b2", 1.6), one("a2", 1.5), one("c", 2)])).toMatch(
      /^a others {2}rivals b 0\.9/u,
    );
    expect(found([one("a", 0.02), one("b", 1.9), one("c", 2.1)], (best) => 100 * best)).toMatch(
      /^a others {2}rivals b /u,
    );
  });

  it("prefers the heavier", () => {
    expect(found([one("a", 0), one("b", 0, 1, true)])).toBe("b others a rivals  0.50");
  });
});

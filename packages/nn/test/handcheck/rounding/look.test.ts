// What the digits of large numbers say of how they were rounded.
import { expect, it } from "vitest";
import { lookOf } from "../../../src/handcheck/bounds/look.ts";
import { readingsOf, readingWords, type Rule } from "../../../src/handcheck/bounds/rounding.ts";
import type { Printer } from "../../../src/handcheck/intake/given.ts";

const look = (texts: readonly string[], printer: Printer = "code") => lookOf(texts.map(Number), texts, printer);

/** What an array was rounded to, in the loosest reading, beside others of the same print. */
const ruleOf = (texts: readonly string[], beside: readonly string[], printer?: Printer): Rule =>
  readingsOf([
    { key: "gradW 1", given: false, look: look(texts, printer) },
    { key: "delta 1", given: false, look: look(beside, printer) },
  ]).loose.ruleOf("gradW 1");

const fourDecimals = ["0.1234", "-1.5678", "0.9876", "2.4680", "-0.1357", "0.8642"];

it("reads the digits of whole numbers that have an exponent", () => {
  for (const printer of ["numpy", "torch"] as const) {
    const rule = ruleOf(["-1.4242e+10", "3.9213e+09"], fourDecimals, printer);
    expect(rule, printer).toEqual({ by: "digits", count: 5, unit: 0.5 });
  }
  // One entry alone, too short to show it, has what the print has.
  expect(ruleOf(["1.5e+10"], fourDecimals, "numpy")).toEqual({ by: "digits", count: 5, unit: 0.5 });
});

it("takes eight decimals of numbers of eight places for rounded, and shortest digits for what they are", () => {
  expect(look(["2909742.89487391", "312590.88507333"], "numpy")).toMatchObject({ full: false, decimals: 8 });
  expect(look(["0.1234567890123456", "2.718281828459045"])).toMatchObject({ full: true });
  expect(look(["1.4242397337931576e+10"])).toMatchObject({ full: true });
});

it("sees by all whole numbers together that they were rounded to digits, and says so", () => {
  const [first, second] = [
    ["-12100", "15700", "-2450", "-8460", "11500", "-5320"],
    ["1300", "-1540", "-717", "-4970", "381", "-2590"],
  ] as const;
  expect(ruleOf(first, second)).toMatchObject({ by: "digits", count: 3 });
  // Whole numbers that were not rounded have ends of all kinds.
  expect(ruleOf(["144", "121", "169", "12", "-36", "7"], ["18", "6", "-45", "30", "231", "96"])).toEqual({
    by: "nothing",
  });
});

it("names hundreds as that, not as −2 decimals", () => {
  const { loose } = readingsOf([
    { key: "delta 1", given: false, look: look(["123400", "-500", "2300", "81700"]) },
    { key: "gradW 1", given: false, look: look(["-900", "43200", "1100", "345600"]) },
  ]);
  expect(loose.ruleOf("delta 1")).toMatchObject({ by: "decimals", count: -2 });
  expect(readingWords(loose)).toEqual({ en: "multiples of 100", zh: "100 的倍数" });
});

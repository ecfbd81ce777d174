/** The checker of options: which names and values it lets through, and what it says to the others. */

import { describe, expect, it } from "vitest";
import { ArgumentError, checkOptions, ConfigError, option, tensor, type OptionKinds } from "../../src/index.ts";
import { nearestName } from "../../src/options.ts";

interface Some {
  readonly keepDims?: boolean;
  readonly order?: number;
  readonly mode?: "forward" | "reverse";
  readonly steps?: number;
  readonly argnums?: number | readonly number[];
}

const kinds: OptionKinds<Some> = {
  keepDims: option.flag,
  order: option.finite(0),
  mode: option.oneOf("forward", "reverse"),
  steps: option.whole(1, 9),
  argnums: option.argnums,
};
const check = (options: unknown): Some =>
  checkOptions("f", options as Some, kinds, {
    call: "f(x, axis, { keepDims })",
    instead: { reverse: "flip(x) turns it around" },
  });

const refusal = (options: unknown): Error => {
  try {
    check(options);
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
};

describe("checkOptions", () => {
  it("lets known names with values of their kind through, and nothing at all", () => {
    const given = { keepDims: true, order: 2, mode: "reverse", steps: 9, argnums: [0, -1] } as const;
    expect(check(given)).toBe(given);
    expect(check(undefined)).toEqual({});
    expect(check({ keepDims: undefined })).toEqual({ keepDims: undefined });
    expect(check(Object.assign(Object.create(null) as object, { order: 0 })).order).toBe(0);
    expect(check(Object.create({ order: 3 })).order).toBe(3);
  });

  it.each([
    ["keepdims", "keepDims"],
    ["keep_dims", "keepDims"],
    ["keepdim", "keepDims"],
    ["KEEPDIMS", "keepDims"],
    ["kepDims", "keepDims"],
    ["keepDmis", "keepDims"],
    ["ord", "order"],
    ["p", "order"],
    ["ordr", "order"],
    ["argnum", "argnums"],
    ["wrt", "argnums"],
    ["argnumbers", "argnums"],
    ["step", "steps"],
    ["method", "mode"],
  ])("names the option that %s may have meant", (name, meant) => {
    const error = refusal({ [name]: true });
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(`f: there is no option ${name}: did you mean ${meant}?`);
  });

  it("shows the call where no name is near, and says where an argument or another function does it", () => {
    expect(refusal({ banana: 1 }).message).toContain("there is no option banana: write f(x, axis, { keepDims })");
    for (const name of ["axis", "dim", "axes"])
      expect(refusal({ [name]: 0 }).message).toContain("axis is an argument of its own");
    expect(refusal({ reverse: true }).message).toContain("flip(x) turns it around");
    for (const name of ["constructor", "__proto__x", "toString1", ""])
      expect(refusal({ [name]: 1 })).toBeInstanceOf(ArgumentError);
    expect(refusal(Object.create({ keepdims: true })).message).toContain("did you mean keepDims?");
    expect(refusal(JSON.parse('{ "__proto__": true }')).message).toContain("there is no option __proto__");
    expect(() => checkOptions("g", { a: 1 } as object, {})).toThrow("the options are none");
  });

  it.each([
    ["a text", "keepDims", '"keepDims"'],
    ["a number", 2, "2"],
    ["true", true, "true"],
    ["null", null, "null"],
    ["a list", [0], "[0]"],
    ["a function", (): number => 1, "a function"],
    ["a map", new Map([["keepDims", true]]), "a Map"],
    ["a date", new Date(0), "a Date"],
    ["a tensor", tensor(1), "a tensor"],
    ["a bigint", 1n, "a BigInt"],
    ["a symbol", Symbol("s"), "a symbol"],
  ])("refuses %s in place of options", (_, options, said) => {
    const error = refusal(options);
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(`f: the options are ${said}, not an object: write f(x, axis, { keepDims })`);
  });

  it("refuses values of another type, and of the right type outside their domain", () => {
    const others: readonly [object, typeof ArgumentError | typeof ConfigError, string][] = [
      [{ keepDims: 1 }, ArgumentError, "keepDims is 1: give true or false"],
      [{ keepDims: null }, ArgumentError, "keepDims is null: give true or false"],
      [{ keepDims: "false" }, ArgumentError, 'keepDims is "false"'],
      [{ order: "2" }, ArgumentError, 'order is "2": give a finite number from 0 on'],
      [{ order: NaN }, ConfigError, "order is NaN"],
      [{ order: -1 }, ConfigError, "order is -1"],
      [{ order: Infinity }, ConfigError, "order is Infinity"],
      [{ mode: "sideways" }, ConfigError, 'mode is "sideways": give "forward" or "reverse"'],
      [{ mode: 1 }, ArgumentError, "mode is 1"],
      [{ steps: 1.5 }, ConfigError, "steps is 1.5: give a whole number from 1 to 9"],
      [{ steps: 10 }, ConfigError, "steps is 10"],
      [{ argnums: [0, 0.5] }, ArgumentError, "argnums is [0, 0.5]"],
      [{ argnums: NaN }, ConfigError, "argnums is NaN"],
      [{ argnums: "0" }, ArgumentError, 'argnums is "0"'],
    ];
    for (const [options, Refusal, said] of others) {
      const error = refusal(options);
      expect(error.message).toContain(`f: ${said}`);
      expect(error, said).toBeInstanceOf(Refusal);
    }
  });

  it("finds no name near to one that is far from all", () => {
    expect(nearestName("x", ["a", "b"])).toBeNull();
    expect(nearestName("x".repeat(100_000), ["keepDims"])).toBeNull();
    expect(nearestName("constructor", ["keepDims"])).toBeNull();
  });
});

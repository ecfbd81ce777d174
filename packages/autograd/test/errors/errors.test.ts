/**
 * Every refusal has a class, a code, the op, the shapes, a hint, and the line of the caller; nothing is left changed
 * behind it.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { grad, isAutogradError, mul, noGrad, tensor, type AutogradError, type Tensor } from "../../src/index.ts";
import { data, derivatives, indices, settings, shapes, sizes, types, type BadInput } from "./bad-input.ts";
import { refusalOf } from "../refusal.ts";

const file = fileURLToPath(new URL("bad-input.ts", import.meta.url));
const lines = readFileSync(file, "utf8").split("\n");

const builtin: Readonly<Record<string, new (...given: never[]) => Error>> = {
  SizeError: RangeError,
  IndexRangeError: RangeError,
  ConfigError: RangeError,
  DTypeError: TypeError,
  ArgumentError: TypeError,
};

/** A shape in full, or the sizes that clash one by one. */
const tellsShapes = ({ message, shapes }: AutogradError): boolean =>
  shapes.some((shape) => message.includes(`[${shape.join(", ")}]`)) ||
  shapes.flat().every((size) => new RegExp(`\\b${size}\\b`).test(message));

const groups: Readonly<Record<string, readonly BadInput[]>> = {
  sizes,
  data,
  types,
  shapes,
  indices,
  settings,
  derivatives,
};

for (const [group, list] of Object.entries(groups)) {
  describe(`bad ${group}`, () => {
    it.each(list)("$what is refused by $op", ({ call, of, code, op, says, what }) => {
      const error = refusalOf(call);
      expect(error).toBeInstanceOf(of);
      expect(error).toBeInstanceOf(builtin[of.name] ?? Error);
      expect([error.name, error.code, error.op]).toEqual([of.name, code, op]);
      expect(error.message).toMatch(says);
      expect(error.message.startsWith(`${op}: `)).toBe(true);
      expect(error.hint.length).toBeGreaterThan(5);
      expect(error.message).toContain(`: ${error.hint}`);
      if (code === "SHAPE" && error.shapes.length > 0) expect(tellsShapes(error)).toBe(true);
      // The line is one of those on which the call stands here.
      const [, path, line] = /^(.*):(\d+):\d+$/.exec(error.at ?? "") ?? [];
      expect(path).toBe(file);
      const above = lines.slice(0, Number(line));
      const entry = above.slice(above.findLastIndex((text) => text.includes("bad(")));
      expect(entry.join("").replace(/\(\s+/g, "(")).toContain(`bad("${what}"`);
      expect(error.message).toContain(`\n    at ${error.at!}`);
    });

    it(`leave no trace behind`, () => {
      for (const { call } of list) expect(call).toThrow();
      const square = (x: Tensor<[]>): Tensor => mul(x, x);
      expect(grad(square)(3).item()).toBe(6);
      expect(square(tensor(3)).node).toBeNull();
      expect(square(tensor(3, { requiresGrad: true })).node).not.toBeNull();
    });
  });
}

describe("what is no error", () => {
  it("is data that is not finite", () => {
    expect(tensor([NaN, Infinity, -Infinity]).toArray()).toEqual([NaN, Infinity, -Infinity]);
  });

  it("is an error of the user's own, handed on as it is", () => {
    const own = new RangeError("mine");
    const boom = (): never => {
      throw own;
    };
    for (const call of [() => grad((x: Tensor<[]>) => mul(x, boom()))(1), () => noGrad(boom)]) {
      try {
        call();
        expect.unreachable();
      } catch (error) {
        expect(error).toBe(own);
        expect(isAutogradError(error)).toBe(false);
      }
    }
  });

  it("is anything that only looks like one", () => {
    for (const value of [null, undefined, "x", { op: "add", code: "SHAPE" }, new Error("add: shapes")])
      expect(isAutogradError(value)).toBe(false);
  });
});

describe("the line of an error", () => {
  it("is that of the method called, as of the function", () => {
    const error = refusalOf(() => tensor([1, 2]).matmul(tensor([1, 2, 3]) as Tensor as Tensor<[2]>));
    expect(error.at).toMatch(/errors\.test\.ts:\d+:\d+$/);
    expect(error.op).toBe("matmul");
  });

  it("is that of the op inside a function under transforms, not of the transform", () => {
    const inner = (x: Tensor): Tensor => mul(x, tensor([1, 2, 3]) as Tensor);
    const error = refusalOf(() => grad((x: Tensor) => grad((y: Tensor) => inner(y))(x))(tensor([1, 2])));
    const source = readFileSync(new URL(import.meta.url), "utf8").split("\n");
    expect(source[Number(/:(\d+):\d+$/.exec(error.at!)![1]) - 1]).toContain("const inner =");
  });

  it("is never one of the library's own", () => {
    for (const list of Object.values(groups))
      for (const { call } of list) expect(refusalOf(call).at).not.toContain("/autograd/src/");
  });
});

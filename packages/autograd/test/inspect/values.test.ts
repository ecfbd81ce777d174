/** How values leave the library: as text, in JSON and back, through structuredClone, and between two copies of it. */

import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import * as api from "../../src/index.ts";
import {
  add,
  compile,
  concat,
  fromJSON,
  gather,
  grad,
  jvp,
  mul,
  scan,
  sum,
  tensor,
  variable,
  vjp,
  zeros,
  type Tensor,
  type TensorJSON,
} from "../../src/index.ts";
import { Tensor as TensorClass, VERSION } from "../../src/graph/tensor.ts";
import { differenceOf } from "../compile/bits.ts";
import { refusalOf } from "../refusal.ts";

describe("a tensor in JSON", () => {
  const samples: readonly Tensor[] = [
    tensor(3),
    tensor(-0),
    tensor(NaN),
    tensor([1, NaN, Infinity, -Infinity, -0, 0, 5e-324, 1.7976931348623157e308, 0.1]),
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([0.1, -0, NaN], { dtype: "float32" }),
    tensor([1, -2], { dtype: "int32" }),
    tensor([[true], [false]]),
    tensor(true),
    zeros([0]),
    zeros([2, 0, 3]),
  ];

  it.each(samples.map((x) => [String(x).replaceAll("\n", " "), x] as const))("comes back bit for bit: %s", (_, x) => {
    const back = fromJSON(JSON.parse(JSON.stringify(x)) as TensorJSON);
    expect(differenceOf("json", back, x)).toBeNull();
    expect(back.dtype).toBe(x.dtype);
    expect(back.shape).toEqual(x.shape);
    expect(differenceOf("json", fromJSON(x.toJSON()), x)).toBeNull();
  });

  it("is readable, also inside other things, and hides nothing of the engine", () => {
    expect(JSON.stringify({ w: tensor([1, NaN, -0, Infinity]) })).toBe(
      '{"w":{"dtype":"float64","shape":[4],"data":[1,"NaN","-0","Infinity"]}}',
    );
    expect(JSON.stringify(tensor([true, false]))).toBe('{"dtype":"bool","shape":[2],"data":[true,false]}');
    expect(JSON.stringify(tensor(2, { requiresGrad: true }))).toBe('{"dtype":"float64","shape":[],"data":[2]}');
    expect(JSON.stringify(variable(tensor([1, 2])))).toBe('{"dtype":"float64","shape":[2],"data":[1,2]}');
  });

  it.each([
    ["a text", "[1]", "parse the text first"],
    ["nothing", null, "null is no tensor in JSON"],
    ["a list", [1, 2], "is no tensor in JSON"],
    ["other names", { values: [1], shape: [1] }, "is no tensor in JSON"],
    ["a number in words", { dtype: "float64", shape: [1], data: ["1"] }, 'entry 0 is "1"'],
    ["null, which JSON writes for NaN", { dtype: "float64", shape: [2], data: [1, null] }, "entry 1 is null"],
    ["a property of objects", { dtype: "float64", shape: [1], data: ["toString"] }, 'entry 0 is "toString"'],
    ["too few numbers", { dtype: "float64", shape: [2], data: [1] }, "1 numbers do not fill the shape [2]"],
    ["a fraction in int32", { dtype: "int32", shape: [1], data: [1.5] }, "1.5 at entry 0 is no int32"],
    ["an unknown type", { dtype: "float16", shape: [1], data: [1] }, "float16"],
    ["a shape that is none", { dtype: "float64", shape: 1, data: [1] }, "shape"],
  ])("refuses what is none: %s", (_, given, says) => {
    expect(refusalOf(() => fromJSON(given as never)).message).toContain(says);
  });

  it("is refused where its numbers are not known", () => {
    expect(refusalOf(() => compile((x: Tensor) => [x, JSON.stringify(x)])(tensor([1]))).code).toBe("TRACED");
  });
});

describe("a value as text", () => {
  it("is what a person expects, in console.log, inside objects, and in templates", () => {
    expect(inspect(tensor([1, 2.5]))).toBe("tensor float64 [2] [1, 2.5]");
    expect(
      inspect({
        w: tensor([
          [1, 2],
          [3, 4],
        ]),
        deep: { deeper: { deepest: { x: tensor(1) } } },
      }),
    ).toContain("tensor float64 [2, 2] [[1, 2], [3, 4]]");
    expect([tensor([true]), tensor(3, { dtype: "int32" })].join(" ")).toBe("tensor bool [1] [true] tensor int32 [] 3");
    expect(inspect(zeros([100, 100])).split("\n").length).toBeLessThan(12);
    expect(inspect(tensor([-0, NaN, Infinity]))).toBe("tensor float64 [3] [-0, NaN, Infinity]");
  });

  it("shows variables and compiled functions as what they are", () => {
    const w = variable(tensor([1, 2]));
    expect(inspect(w)).toBe("variable float64 [2] [1, 2]");
    w.assign(tensor([3, 4]));
    expect(String(w)).toBe("variable float64 [2] [3, 4]");
    const step = compile(function step(x: Tensor) {
      return mul(x, w.read());
    });
    expect(inspect(step)).toBe("compiled step (0 programs)");
    step(tensor([1, 1]));
    expect(inspect(step)).toBe("compiled step (1 program)");
  });

  it("says of a traced value that the program knows it, and does not make the program read a variable", () => {
    const texts: string[] = [];
    const w = variable(tensor([1]));
    const f = compile((x: Tensor) => {
      texts.push(inspect(x), inspect(w));
      return mul(x, 2);
    });
    expect(f(tensor([1])).toArray()).toEqual([2]);
    expect(texts).toEqual([
      "tensor float64 [1] (known when the program runs)",
      "variable float64 [1] (known when the program runs)",
    ]);
  });

  it("is never a number by mistake", () => {
    const x: unknown = tensor(2);
    const w: unknown = variable(tensor(2));
    for (const value of [x, w] as number[]) {
      for (const call of [() => value + 1, () => -value, () => value > 1, () => Math.exp(value), () => value * value]) {
        expect(refusalOf(call).message).toMatch(/stands where JavaScript wants a number/);
      }
    }
  });
});

describe("a tensor that was taken apart", () => {
  it("is refused with what to send instead, which works", () => {
    const x = tensor([
      [1, NaN],
      [3, 4],
    ]);
    const cloned: unknown = structuredClone(x);
    const calls = [
      () => add(cloned as Tensor, 1),
      () => sum(cloned as Tensor),
      () => grad((y: Tensor) => sum(y) as Tensor<[]>)(cloned as Tensor),
      () => compile((y: Tensor) => sum(y))(cloned as Tensor),
      () => tensor(cloned as number),
    ];
    for (const call of calls) {
      const { code, message } = refusalOf(call);
      expect(code).toBe("TAKEN_APART");
      expect(message).toContain("send x.toJSON() and read it with fromJSON");
    }
    expect(differenceOf("clone", fromJSON(structuredClone(x.toJSON())), x)).toBeNull();
    const { data, shape } = structuredClone({ data: x.toTypedArray(), shape: x.shape });
    expect(differenceOf("clone", tensor(data, { shape }) as Tensor, x)).toBeNull();
    expect(refusalOf(() => add(Object.assign({}, x) as unknown as Tensor, 1)).code).toBe("TAKEN_APART");
  });
});

describe("a tensor of another copy of the library", () => {
  // Another copy has a class of its own with the mark that all copies share.
  const mark = Symbol.for("@chainrule/autograd.tensor");
  class Tensor2 {
    readonly shape = [2];
    readonly dtype = "float64";
    readonly storage = Float64Array.of(1, 2);
    readonly node = null;
    get [mark](): string {
      return "9.9.9";
    }
  }
  const other = new Tensor2() as unknown as Tensor;

  it("carries the version of the package, as every tensor does", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(VERSION).toBe(version);
    expect((tensor(1) as unknown as Record<symbol, string>)[mark]).toBe(version);
    expect(Object.keys(new TensorClass([], "float64", 1))).toEqual(["shape", "dtype", "storage", "node"]);
  });

  const calls: readonly (readonly [string, () => unknown])[] = [
    ["an op", () => add(other, 1)],
    ["an op, on the right", () => mul(tensor([1, 2]), other)],
    ["a method", () => tensor([1, 2]).matmul(other)],
    ["a reduction", () => sum(other)],
    ["a list", () => concat([other, other])],
    ["indices", () => gather(tensor([1, 2]), other)],
    ["tensor", () => tensor(other as never)],
    ["variable", () => variable(other)],
    ["assign", () => variable(tensor([1, 2])).assign(other)],
    ["grad", () => grad((x: Tensor) => sum(x) as Tensor<[]>)(other)],
    ["grad of a tree", () => grad((x: { w: Tensor }) => sum(x.w) as Tensor<[]>)({ w: other })],
    ["a loss", () => grad((_: Tensor) => other as Tensor as Tensor<[]>)(tensor(1))],
    ["vjp", () => vjp((x: Tensor) => x, other)],
    ["jvp", () => jvp((x: Tensor) => x, [tensor([1, 2])], [other])],
    ["scan", () => scan((c: Tensor) => [c, 0], other, undefined, { length: 2 })],
    ["compile", () => compile((x: Tensor) => sum(x))(other)],
    ["the result of a compiled function", () => compile((_: Tensor) => other)(tensor(1))],
  ];

  it.each(calls)("is named as what it is: %s", (_, call) => {
    const { code, message } = refusalOf(call);
    expect(code).toBe("OTHER_COPY");
    expect(message).toContain(
      `a tensor made by another copy of @chainrule/autograd (version 9.9.9; this one is ${VERSION})`,
    );
    expect(message).toContain("npm ls @chainrule/autograd");
  });

  it("is one that a second evaluation of the modules makes", async () => {
    vi.resetModules();
    const second = (await import("../../src/index.ts")) as typeof api;
    expect(second.add).not.toBe(add);
    expect(refusalOf(() => add(second.tensor([1]) as Tensor, 1)).code).toBe("OTHER_COPY");
    expect(second.add(second.tensor([1]), 1).toArray()).toEqual([2]);
  });

  it("is told from what only looks like one", () => {
    expect(refusalOf(() => add(tensor(1), JSON.parse("{}") as Tensor)).code).toBe("ARGUMENT");
    expect("fromJSON" in api).toBe(true);
  });
});

/** toText and print: what stands in a line, how arguments are named, which graphs are refused. */

import { afterEach, describe, expect, it, vi } from "vitest";
import {
  add,
  broadcastTo,
  cast,
  concat,
  exp,
  gather,
  GraphError,
  grad,
  matmul,
  mul,
  pow,
  print,
  reshape,
  sin,
  slice,
  sub,
  sum,
  tensor,
  toText,
  transpose,
  where,
  greater,
  type Tensor,
} from "@chainrule/autograd";
import { namesIn, parameterNames } from "../../src/inspect/names.ts";
import { quadratic } from "./functions.ts";

const w = tensor([[0.5, -1]]);
const b = tensor([[0.25]]);
const x = tensor([[1], [2]]);
const target = tensor([[1]]);

describe("The text of a function's graph", () => {
  it("lists the arguments by name, then each op in the order of recording, with type and shape", () => {
    expect(toText(quadratic, [{ w, b }, x, target])).toMatchInlineSnapshot(`
      "params.w = input           float64 [1, 2]
      params.b = input           float64 [1, 1]
      x = input                  float64 [2, 1]
      target = input             float64 [1, 1]
      %1 = matmul(params.w, x)   float64 [1, 1]
      %2 = add(%1, params.b)     float64 [1, 1]
      %3 = sigmoid(%2)           float64 [1, 1]
      %4 = sub(%3, target)       float64 [1, 1]
      %5 = mul(%4, %4)           float64 [1, 1]
      %6 = sum(%5, axes=[0, 1])  float64 []
      %7 = mul(0.5, %6)          float64 []
      return %7"
    `);
  });

  it("shows every number and every cotangent, whatever the rules of the ops keep", () => {
    expect(toText(quadratic, [{ w, b }, x, target], { values: true, cotangents: true })).toMatchInlineSnapshot(`
      "params.w = input           float64 [1, 2]  = [[0.5, -1]]  δ = [[-0.1346, -0.2691]]
      params.b = input           float64 [1, 1]  = [[0.25]]     δ = [[-0.1346]]
      x = input                  float64 [2, 1]  = [[1], [2]]   δ = [[-0.06728], [0.1346]]
      target = input             float64 [1, 1]  = [[1]]        δ = [[0.7773]]
      %1 = matmul(params.w, x)   float64 [1, 1]  = [[-1.5]]     δ = [[-0.1346]]
      %2 = add(%1, params.b)     float64 [1, 1]  = [[-1.25]]    δ = [[-0.1346]]
      %3 = sigmoid(%2)           float64 [1, 1]  = [[0.2227]]   δ = [[-0.7773]]
      %4 = sub(%3, target)       float64 [1, 1]  = [[-0.7773]]  δ = [[-0.7773]]
      %5 = mul(%4, %4)           float64 [1, 1]  = [[0.6042]]   δ = [[0.5]]
      %6 = sum(%5, axes=[0, 1])  float64 []      = 0.6042       δ = 0.5
      %7 = mul(0.5, %6)          float64 []      = 0.3021       δ = 1
      return %7"
    `);
  });

  it("agrees with grad about the cotangents of the arguments", () => {
    const { w: dw, b: db } = grad(quadratic)({ w, b }, x, target) as { w: Tensor; b: Tensor };
    const text = toText(quadratic, [{ w, b }, x, target], { cotangents: true });
    const delta = (name: string): unknown => JSON.parse(new RegExp(`^${name} = .*δ = (.*)$`, "m").exec(text)![1]!);
    expect((delta("params.w") as number[][])[0]!).toHaveLength(2);
    (delta("params.w") as number[][])[0]!.forEach((value, k) =>
      expect(value).toBeCloseTo((dw.toArray() as number[][])[0]![k]!, 4),
    );
    expect((delta("params.b") as number[][])[0]![0]).toBeCloseTo(db.item(), 4);
  });

  it("adds the cotangents of a node that is used several times", () => {
    expect(toText((a: Tensor<[]>) => add(mul(a, a), mul(3, a)), [2], { cotangents: true })).toMatchInlineSnapshot(`
      "a = input         float64 []  δ = 7
      %1 = mul(a, a)    float64 []  δ = 1
      %2 = mul(3, a)    float64 []  δ = 1
      %3 = add(%1, %2)  float64 []  δ = 1
      return %3"
    `);
  });

  it("writes attributes in short, and leaves out what the shape or a default says", () => {
    const indices = Array.from({ length: 12 }, (_, k) => k % 3);
    const f = (m: Tensor<[3, 2]>): Tensor => {
      const picked = gather(m, indices);
      const turned = matmul(m, m, { transposeB: true });
      const cut = slice(transpose(picked), [0, 1], [2, 4]);
      return sum(concat([reshape(cut, [6]), broadcastTo(sum(turned, 0, { keepDims: true }), [2, 3]).reshape([6])]), 0, {
        keepDims: true,
      });
    };
    expect(
      toText(f, [
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ]),
    ).toMatchInlineSnapshot(`
      "m = input                                     float64 [3, 2]
      %1 = gather(m, axis=0, indices=[12 numbers])  float64 [12, 2]
      %2 = matmul(m, m, transposeB)                 float64 [3, 3]
      %3 = transpose(%1, permutation=[1, 0])        float64 [2, 12]
      %4 = slice(%3, starts=[0, 1], steps=[1, 1])   float64 [2, 3]
      %5 = reshape(%4)                              float64 [6]
      %6 = sum(%2, axes=[0], keepDims)              float64 [1, 3]
      %7 = broadcastTo(%6)                          float64 [2, 3]
      %8 = reshape(%7)                              float64 [6]
      %9 = concat(%5, %8, axis=0)                   float64 [12]
      %10 = sum(%9, axes=[0], keepDims)             float64 [1]
      return %10"
    `);
  });

  it("writes scalar constants by value and others by shape", () => {
    const mask = tensor(new Float64Array(12), { shape: [12] });
    expect(toText((v: Tensor<[12]>) => pow(add(v, mask), 2), [mask])).toMatchInlineSnapshot(`
      "v = input                  float64 [12]
      %1 = add(v, constant[12])  float64 [12]
      %2 = pow(%1, 2)            float64 [12]
      return %2"
    `);
  });

  it("names what it is told to name, constants too", () => {
    const bias = tensor([1, 2]);
    expect(toText((v: Tensor<[2]>) => add(v, bias), [tensor([3, 4])], { names: { bias }, values: true }))
      .toMatchInlineSnapshot(`
      "v = input          float64 [2]  = [3, 4]
      bias = constant    float64 [2]  = [1, 2]
      %1 = add(v, bias)  float64 [2]  = [4, 6]
      return %1"
    `);
  });

  it("says under which name each result of several leaves the function", () => {
    expect(toText((a: Tensor<[]>) => ({ loss: sin(a), list: [a, exp(a)], three: 3 }), [1])).toMatchInlineSnapshot(`
      "a = input    float64 []
      %1 = sin(a)  float64 []
      %2 = exp(a)  float64 []
      return loss: %1, list[0]: a, list[1]: %2, three: 3"
    `);
  });

  it("shows arguments that are not used, takes integers as they are, and hands other things in unchanged", () => {
    const f = (v: Tensor<[3]>, labels: Tensor<[2]>, unused: Tensor<[]>, mode: string): Tensor =>
      mode === "pick" ? gather(v, labels) : v;
    expect(toText(f, [tensor([1, 2, 3]), tensor([2, 0], { dtype: "int32" }), 5, "pick"])).toMatchInlineSnapshot(`
      "v = input                               float64 [3]
      labels = input                          int32 [2]
      unused = input                          float64 []
      %1 = gather(v, axis=0, indices=[2, 0])  float64 [2]
      return %1"
    `);
  });

  it("sees through the leaves of inner transforms", () => {
    expect(toText((a: Tensor<[]>) => grad((c: Tensor<[]>) => mul(c, mul(c, a)))(a), [2], { values: true }))
      .toMatchInlineSnapshot(`
      "a = input                float64 []  = 2
      %1 = mul(a, a)           float64 []  = 4
      %2 = absorb(1, %1)       float64 []  = 4
      %3 = absorb(1, a)        float64 []  = 2
      %4 = annul(a)            float64 []  = 2
      %5 = absorbBoth(%3, %4)  float64 []  = 4
      %6 = add(%2, %5)         float64 []  = 8
      return %6"
    `);
  });

  it("shows a function of nothing, a constant, and an argument handed through", () => {
    expect(toText(() => tensor(3), [])).toBe("return 3");
    expect(toText((a: Tensor<[]>) => a, [1])).toBe("a = input  float64 []\nreturn a");
  });

  it("shows the types of condition and cast", () => {
    expect(toText((v: Tensor<[2]>) => cast(where(greater(v, 0), v, 0), "float32"), [tensor([1, -1])]))
      .toMatchInlineSnapshot(`
      "v = input                        float64 [2]
      %1 = where([true, false], v, 0)  float64 [2]
      %2 = cast(%1, dtype=float32)     float32 [2]
      return %2"
    `);
  });

  it("draws a chain of 20 000 ops without recursion", () => {
    const deep = (a: Tensor<[]>): Tensor => {
      let y: Tensor = a;
      for (let k = 0; k < 20_000; k++) y = sin(y);
      return y;
    };
    const text = toText(deep, [1], { values: true, cotangents: true });
    expect(text.split("\n")).toHaveLength(20_002);
    expect(text).toContain("%20000 = sin(%19999)");
  });
});

describe("The text of a recorded tensor", () => {
  it("shows the tape behind it, named as told", () => {
    const weight = tensor([1, 2], { requiresGrad: true });
    const loss = sum(mul(weight, weight));
    expect(toText(loss, { names: { weight }, values: true, cotangents: true })).toMatchInlineSnapshot(`
      "weight = input            float64 [2]  = [1, 2]  δ = [2, 4]
      %1 = mul(weight, weight)  float64 [2]            δ = [1, 1]
      %2 = sum(%1, axes=[0])    float64 []   = 5       δ = 1
      return %2"
    `);
    expect(toText(loss)).toContain("%1 = input");
  });

  it("leaves the numbers out that the graph did not keep", () => {
    const weight = tensor([1, 2], { requiresGrad: true });
    expect(toText(sum(add(weight, 1)), { values: true })).toMatchInlineSnapshot(`
      "%1 = input              float64 [2]
      %2 = add(%1, 1)         float64 [2]
      %3 = sum(%2, axes=[0])  float64 []   = 5
      return %3"
    `);
  });

  it("shows what stands before the result inside a transform", () => {
    let text = "";
    grad((a: Tensor<[]>) => {
      const y = mul(sin(a), a);
      text = toText(y);
      return y;
    })(1);
    expect(text).toBe(
      "%1 = input        float64 []\n%2 = sin(%1)      float64 []\n%3 = mul(%2, %1)  float64 []\nreturn %3",
    );
  });

  it("leaves the graph as it was: backward works afterwards", () => {
    const weight = tensor([1, 2], { requiresGrad: true });
    const loss = sum(mul(weight, weight));
    toText(loss, { cotangents: true });
    loss.backward();
    expect(weight.grad!.toArray()).toEqual([2, 4]);
  });

  it("refuses a tensor without a graph, and one whose graph was freed", () => {
    expect(() => toText(tensor(1))).toThrow(expect.objectContaining({ name: "GraphError", code: "NOT_RECORDED" }));
    const weight = tensor(1, { requiresGrad: true });
    const loss = sin(weight);
    loss.backward();
    expect(() => toText(loss)).toThrow(expect.objectContaining({ name: "GraphError", code: "GRAPH_FREED" }));
  });
});

describe("What cannot be drawn", () => {
  it("refuses the cotangents of a result that is no scalar", () => {
    expect(() => toText((v: Tensor<[2]>) => sin(v), [tensor([1, 2])], { cotangents: true })).toThrow(GraphError);
    expect(() => toText((a: Tensor<[]>) => [a, a], [1], { cotangents: true })).toThrow(/an array/);
  });

  it("says how the arguments are handed in, and refuses what is no function and no tensor", () => {
    expect(() => toText(sin as never, 1 as never)).toThrow(/toText\(f, \[x, y\]\)/);
    expect(() => toText(3 as never, [] as never)).toThrow(/not a function/);
    expect(() => toText((() => Promise.resolve(tensor(1))) as never, [] as never)).toThrow(/async/);
    expect(() => toText((() => undefined) as never, [] as never)).toThrow(/undefined/);
  });
});

describe("print", () => {
  afterEach(() => vi.restoreAllMocks());

  it("writes the text to the console", () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    print((a: Tensor<[]>) => sub(a, 1), [3]);
    expect(log.mock.calls).toEqual([["a = input       float64 []\n%1 = sub(a, 1)  float64 []\nreturn %1"]]);
  });
});

describe("The names of parameters", () => {
  it.each([
    ["(x, w) => x", ["x", "w"]],
    ["x => x", ["x", "arg1"]],
    ["async x => x", ["x", "arg1"]],
    ["function f(x, w) { return (x) }", ["x", "w"]],
    ["function* f(x, w) {}", ["x", "w"]],
    ["async (x, w = [1, (2)]) => x", ["x", "w"]],
    ["({ w, b }, $x) => w", ["", "$x"]],
    ["({ w, b } = {}, [p, q]) => w", ["", "arg1"]],
    ["(x, /* the (weights) */ w // last\n) => x", ["x", "w"]],
    ["(...rest) => rest", ["rest[0]", "rest[1]"]],
    ["() => 0", ["arg0", "arg1"]],
    ["(größe, β) => 0", ["größe", "β"]],
    ["function max() { [native code] }", ["arg0", "arg1"]],
    ["method(x, w) {}", ["x", "w"]],
  ])("of %s", (source, expected) => {
    expect(namesIn(source, 2)).toEqual(expected);
  });

  it("of a function itself", () => {
    expect(parameterNames(quadratic, 3)).toEqual(["params", "x", "target"]);
    expect(parameterNames(Math.max, 1)).toEqual(["arg0"]);
  });
});

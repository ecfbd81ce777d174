/**
 * Every public function: one that takes options refuses an unknown one and what is no object, and all refuse an
 * argument too many.
 */

import { describe, expect, it } from "vitest";
import * as blas from "../../src/blas/index.ts";
import * as check from "../../src/check/index.ts";
import * as library from "../../src/index.ts";
import * as optimize from "../../src/optimize/index.ts";
import * as vmap from "../../src/vmap/index.ts";
import { isAutogradError, tensor } from "../../src/index.ts";

type Function = (...args: readonly unknown[]) => unknown;

type Methods = Readonly<Record<string, Function>>;

const v = tensor([1, 2]);
const m = tensor([
  [1, 2],
  [3, 4],
]);
const square = (x: library.Tensor): library.Tensor => x.mul(x);
const loss = (x: library.Tensor): library.Tensor => x.mul(x).sum();
const variable = (): library.Tensor => tensor(2, { requiresGrad: true }).mul(3);
const step = (c: unknown): readonly [unknown, null] => [c, null];

/**
 * The arguments before the options, and one option with a value of another kind; `null` where a function takes no
 * options.
 */
interface Call {
  readonly before: () => readonly unknown[];
  readonly wrong: Readonly<Record<string, unknown>> | null;
  /** What is called with the options, where it is not the function itself. */
  readonly of?: (f: Function) => Function;
}

const options = (
  before: () => readonly unknown[],
  wrong: Readonly<Record<string, unknown>>,
  of?: Call["of"],
): Call => ({ before, wrong, ...(of === undefined ? {} : { of }) });
const plain = (...before: readonly unknown[]): Call => ({ before: () => before, wrong: null });
const reduction = options(() => [m, 0], { keepDims: 1 });
const unary = plain(v);
const binary = plain(v, 2);
const logic = plain(tensor([true, false]), true);

const calls: Readonly<Record<string, Call>> = {
  tensor: options(() => [[1, 2]], { dtype: "float16" }),
  zeros: options(() => [[2]], { requiresGrad: 1 }),
  ones: options(() => [[2]], { dtype: 1 }),
  full: options(() => [[2], 1], { requiresGrad: "no" }),
  arange: options(() => [0, 3], { dtype: null }),
  eye: options(() => [2], { dtype: "double" }),
  sum: reduction,
  mean: reduction,
  prod: reduction,
  max: reduction,
  min: reduction,
  logSumExp: reduction,
  norm: options(() => [m, 0], { order: "2" }),
  variance: options(() => [m, 0], { ddof: true }),
  matmul: options(() => [m, m], { transposeA: 1 }),
  grad: options(() => [loss], { argnums: "0" }),
  valueAndGrad: options(() => [loss], { aux: 1 }),
  jacobian: options(() => [square], { mode: "fwd" }),
  hessian: options(() => [loss], { argnums: 0.5 }),
  hvp: options(() => [loss], { argnums: {} }),
  jvp: options(() => [square, [v], [v]], { argnums: "0" }),
  vjp: options(
    () => [v],
    { argnums: null },
    (f) => (f(square, v) as { pullback: Function }).pullback,
  ),
  compile: options(() => [square], { verify: 1 }),
  defineOp: options(() => [], { name: "f", inputs: 1, lower: square, vjp: 3 }),
  key: plain(1),
  splitKey: plain(library.key(1), 2),
  uniform: options(() => [library.key(1), [2]], { dtype: "int32" }),
  normal: options(() => [library.key(1), [2]], { dtype: 3 }),
  checkpoint: plain(square),
  scan: options(() => [step, 0, null], { length: 2, reverse: 1 }),
  whileLoop: options(() => [() => false, (x: unknown) => x, 0], { maxSteps: -1 }),
  backward: options(() => [variable()], { retainGraph: 1 }),
  toText: options(() => [square, [v]], { values: 1 }),
  print: options(() => [square, [v]], { cotangents: "yes" }),
  toDot: options(() => [square, [v]], { names: [] }),
  toSvg: options(() => [square, [v]], { values: null }),
  customGradient: options(() => [], { name: "f", forward: square, vjp: 3 }),
  gradientCheck: options(() => [square, [v]], { order: 3 }),
  assertGradients: options(() => [square, [v]], { inconclusive: true }),
  numericJacobian: options(() => [square, [v]], { order: 1 }),
  complexJacobian: options(() => [square, [v]], { argnums: "0" }),
  same: options(() => [v, v], { atol: -1 }),
  useBlas: options(() => [], { enabled: 0 }),
  minimize: options(() => [loss, v], { memory: 0.5 }),
  root: options(() => [square, v], { compile: 1 }),
  fixedPoint: options(() => [square, v], { stepTolerance: "0" }),
  leastSquares: options(() => [square, v], { loss: 3 }),
  compiledJacobian: options(() => [square], { points: 3 }),
  vmap: options(() => [square], { inAxes: "0" }),
  sparseJacobian: options(() => [square], { mode: "back" }),
  curveFit: options(() => [(x: library.Tensor, p: library.Tensor) => x.mul(p), [1, 2], [2, 4], 1], {
    absoluteSigma: 1,
  }),
  checkOptions: options(
    () => ["f"],
    { a: 1 },
    (f) => (name, given) => f(name, given, {}),
  ),
  abs: unary,
  neg: unary,
  sign: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  sin: unary,
  cos: unary,
  tan: unary,
  tanh: unary,
  sigmoid: unary,
  relu: unary,
  softplus: unary,
  logSigmoid: unary,
  erf: unary,
  stopGradient: unary,
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  pow: binary,
  maximum: binary,
  minimum: binary,
  greater: binary,
  greaterEqual: binary,
  less: binary,
  lessEqual: binary,
  equal: binary,
  notEqual: binary,
  logicalAnd: logic,
  logicalOr: logic,
  logicalNot: plain(tensor([true])),
  where: plain(tensor([true, false]), 1, 2),
  clip: plain(v, 0, 1),
  softmax: plain(v, 0),
  logSoftmax: plain(v, 0),
  reshape: plain(v, [2, 1]),
  transpose: plain(m, [1, 0]),
  broadcastTo: plain(v, [2, 2]),
  slice: plain(v, [0], [1], [1]),
  pad: plain(v, [1], [1], 0),
  concat: plain([v, v], 0),
  stack: plain([v, v], 0),
  split: plain(v, 2, 0),
  flip: plain(v, 0),
  gather: plain(v, [0], 0),
  scatterAdd: plain(v, [0], tensor([1]), 0),
  dot: plain(v, v),
  outer: plain(v, v),
  cast: plain(v, "float32"),
  noGrad: plain(() => 1),
  detectAnomaly: plain(() => 1),
  variable: plain(v),
  fromJSON: plain({ dtype: "float64", shape: [], data: [1] }),
};

/** What takes any number of arguments, or whatever it is given. */
const without: readonly string[] = ["cond", "linearize", "at", "isAutogradError", "markLibrary"];

const functions = Object.entries({ ...library, ...check, ...optimize, ...blas, ...vmap } as Readonly<
  Record<string, unknown>
>).filter(
  (entry): entry is [string, Function] =>
    typeof entry[1] === "function" && !/^class\b/.test(Function.prototype.toString.call(entry[1])),
);

/** What a call refuses; `null` where it goes through. */
async function refusalOf(call: () => unknown): Promise<Error | null> {
  try {
    await call();
  } catch (error) {
    return error as Error;
  }
  return null;
}

describe("the public functions", () => {
  it("are all called here", () => {
    expect(
      functions.map(([name]) => name).filter((name) => calls[name] === undefined && !without.includes(name)),
    ).toEqual([]);
    expect(Object.keys(calls).filter((name) => !functions.some(([known]) => known === name))).toEqual([]);
  });

  it.each(functions.filter(([name]) => calls[name] !== undefined && calls[name].wrong !== null))(
    "%s refuses an unknown option, one of another kind, and what is no object",
    async (name, f) => {
      const { before, wrong, of } = calls[name]!;
      const call = of === undefined ? f : of(f);
      const known = Object.keys(wrong!).at(-1)!;
      const attempts: readonly (readonly [unknown, RegExp])[] = [
        [
          { [`${known}s`.replace(/ss$/, "")]: wrong![known] },
          name === "checkOptions"
            ? /no option as/
            : new RegExp(`there is no option .*did you mean ${known}\\?|${known} is`),
        ],
        [{ banana: 1 }, /there is no option banana/],
        [wrong, name === "checkOptions" ? /no option a/ : new RegExp(`${known} is `)],
        ["banana", /the options are "banana", not an object/],
        [null, /the options are null/],
        [[], /the options are \[\]/],
        [7, /the options are 7/],
        [true, /the options are true/],
      ];
      for (const [given, says] of attempts) {
        const refusal = await refusalOf(() => call(...before(), given));
        expect(
          isAutogradError(refusal),
          `${name} lets ${JSON.stringify(given)} through, or fails: ${String(refusal)}`,
        ).toBe(true);
        expect(refusal!.message).toMatch(says);
      }
      if (name !== "checkOptions" && name !== "customGradient")
        expect(await refusalOf(() => call(...before(), undefined, 7)), name).toMatchObject({ code: "ARGUMENT" });
    },
  );

  it.each(functions.filter(([name]) => calls[name] !== undefined && calls[name].wrong === null))(
    "%s refuses an argument too many",
    (name, f) => {
      const { before } = calls[name]!;
      expect(() => f(...before()), name).not.toThrow();
      expect(() => f(...before(), 7), name).toThrow(/an argument too many: 7: write /);
      expect(() => f(...before(), undefined), name).not.toThrow();
    },
  );

  it("serve as callbacks of map", () => {
    const numbers = [1, 4];
    expect(numbers.map(library.sqrt).map((x) => x.item())).toEqual([1, 2]);
    expect(numbers.map((x) => tensor(x)).map(library.stopGradient)).toHaveLength(2);
    expect(() => (library.log as unknown as Function)(8, 2)).toThrow(/log: an argument too many: 2: write log\(x\)/);
  });
});

describe("methods", () => {
  it("refuse options and arguments like their functions", () => {
    expect(() => m.sum(0, { keepdims: true } as never)).toThrow(
      /sum: there is no option keepdims: did you mean keepDims\?/,
    );
    expect(() => m.var(0, { unbiased: true } as never)).toThrow(/unbiased is \{ ddof: 1 \}/);
    expect(() => m.norm(0, { ord: 1 } as never)).toThrow(/did you mean order\?/);
    expect(() => m.sum({ axis: 0 } as never)).toThrow(/axis an object is not a number/);
    expect(() => m.sum(undefined, { dim: 0 } as never)).toThrow(
      /axis is an argument of its own: sum\(x, axis, \{ keepDims \}\)/,
    );
    expect(() => (m as unknown as Methods)["add"]!(v, v)).toThrow(/add: an argument too many: a tensor/);
    for (const call of ["item", "toArray", "toTypedArray", "zeroGrad"] as const)
      expect(() => (m[call] as (x: number) => unknown)(1), call).toThrow(/an argument too many/);
    expect(() => (m as unknown as Methods)["flip"]!(0, 1)).toThrow(/several axes as a list/);
    for (const axis of [NaN, 0.5, "0", null, true, [0, , 1], [[0]]])
      expect(() => m.sum(axis as never), String(axis)).toThrow(library.IndexRangeError);
  });

  it("of compiled functions too", () => {
    const f = library.compile(square);
    f(v);
    expect(() => f.explain({ run: 3 } as never)).toThrow(/explain: there is no option run: did you mean runs\?/);
    expect(() => f.explain({ runs: 1.5 })).toThrow(/runs is 1\.5/);
  });
});

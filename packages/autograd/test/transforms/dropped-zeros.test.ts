/**
 * What was not chosen has no influence, what was computed counts: eager and compiled, in both modes, inside a scan of
 * one step, in both float types. A derivative is the right number, or NaN where a slope that came out as 0 met one that
 * is infinite.
 */

import { describe, expect, it } from "vitest";
import {
  abs,
  broadcastTo,
  cast,
  clip,
  compile,
  cond,
  customGradient,
  div,
  exp,
  gather,
  grad,
  greater,
  hessian,
  jacobian,
  jvp,
  log,
  logSigmoid,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  mul,
  neg,
  norm,
  pad,
  pow,
  relu,
  scan,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  softplus,
  sqrt,
  sub,
  sum,
  tensor,
  vjp,
  whileLoop,
  where,
  zeros,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { isTried, nightly } from "../size.ts";

type Function = (x: Tensor) => Tensor;

const of = (numbers: readonly number[], dtype: DType): Tensor =>
  numbers.length === 1 ? tensor(numbers[0]!, { dtype }) : tensor([...numbers], { dtype });
const flat = (x: Tensor): number[] => [...x.toTypedArray()];
const scalarOf = (f: Function) => f as (x: Tensor) => Tensor<[]>;
const gradient =
  (f: Function): Function =>
  (x) =>
    grad(scalarOf(f))(x);
const pushed =
  (f: Function): Function =>
  (x) =>
    jacobian(f, { mode: "forward" })(x);
const inScan =
  (f: Function): Function =>
  (x) =>
    scan((carry: Tensor) => [carry.add(f(x)), null] as const, zeros([], { dtype: x.dtype }) as Tensor, null, {
      length: 1,
    }).carry;
const inWhile =
  (f: Function): Function =>
  (x) =>
    whileLoop(
      ([k, _]) => greater(1, k),
      ([k, y]) => [k.add(1), y.add(f(x))] as const,
      [tensor(0), zeros([], { dtype: x.dtype })] as [Tensor, Tensor],
      { maxSteps: 1 },
    )[1] as Tensor;
const inCond =
  (f: Function): Function =>
  (x) =>
    cond(
      greater(sum(x), -1e9),
      () => f(x),
      () => zeros([], { dtype: x.dtype }) as Tensor,
    );

/** Every way to the first derivatives of a scalar function. */
const ways: Readonly<Record<string, (f: Function) => Function>> = {
  reverse: gradient,
  forward: pushed,
  "compiled reverse": (f) => compile(gradient(f)),
  "compiled forward": (f) => compile(pushed(f)),
  "reverse through a scan": (f) => compile(gradient(inScan(f))),
  "forward through a scan": (f) => compile(pushed(inScan(f))),
  "reverse through a while": (f) => compile(gradient(inWhile(f))),
  "forward through a while": (f) => compile(pushed(inWhile(f))),
  "reverse through a cond": (f) => compile(gradient(inCond(f))),
  "forward through a cond": (f) => compile(pushed(inCond(f))),
};

/** Where numbers differ, bit by bit but for a last bit of float32, with NaN allowed where `orNaN` says so. */
function differences(got: readonly number[], expected: readonly number[], orNaN: boolean): string | null {
  if (got.length !== expected.length) return `${got.length} numbers`;
  const at = got.findIndex((x, k) => {
    const y = expected[k]!;
    if (Object.is(x, -0)) return true;
    if (orNaN && Number.isNaN(x)) return false;
    return Number.isFinite(x) && Number.isFinite(y) ? Math.abs(x - y) > 1e-6 * Math.abs(y) : !Object.is(x, y);
  });
  return at < 0 ? null : `${Object.is(got[at], -0) ? "-0" : got[at]!} instead of ${expected[at]!} at ${at}`;
}

interface Case {
  readonly name: string;
  readonly f: Function;
  readonly at: readonly number[];
  readonly expected: readonly number[];
  readonly types?: readonly DType[];
}

function hold({ name, f, at, expected, types = ["float64", "float32"] }: Case, orNaN: boolean): void {
  for (const [way, derive] of Object.entries(ways))
    for (const dtype of types) {
      // With each commit what is compiled is in one of its types.
      if (!nightly && types.length > 1 && way.includes(" ") && dtype !== types[isTried(2, `${name} ${way}`) ? 0 : 1])
        continue;
      expect(differences(flat(derive(f)(of(at, dtype))), expected, orNaN), `${way}, ${dtype}`).toBeNull();
    }
}

const halves = (x: Tensor): Tensor => sub(1, sub(1, sqrt(x)));
const negated = customGradient({ name: "negated", forward: (x) => neg(x), vjp: (g) => g.mul(-1) });
const logarithm = customGradient({ name: "logarithm", forward: (x) => log(x), vjp: (g, { inputs: [x] }) => g.div(x!) });
const constant = (x: Tensor, ...numbers: number[]): Tensor => tensor(numbers, { dtype: x.dtype });

describe("a slope that came out as 0", () => {
  const cases: readonly Case[] = [
    { name: "exp(log x) at 0", f: (x) => exp(log(x)), at: [0], expected: [1] },
    { name: "(√x)² at 0", f: (x) => pow(sqrt(x), 2), at: [0], expected: [1] },
    { name: "√x · √x at 0", f: (x) => mul(sqrt(x), sqrt(x)), at: [0], expected: [1] },
    { name: "(∛x)³ at 0", f: (x) => pow(pow(x, 1 / 3), 3), at: [0], expected: [1] },
    { name: "1 / (1 / x) at 0", f: (x) => div(1, div(1, x)), at: [0], expected: [1] },
    { name: "σ(log x) at 0", f: (x) => sigmoid(log(x)), at: [0], expected: [1] },
    { name: "softplus(log x) at 0", f: (x) => softplus(log(x)), at: [0], expected: [1] },
    { name: "exp(logSigmoid(log x)) at 0", f: (x) => exp(logSigmoid(log(x))), at: [0], expected: [1] },
    { name: "exp(-(-log x)) at 0", f: (x) => exp(neg(neg(log(x)))), at: [0], expected: [1] },
    { name: "(1 - (1 - √x))² at 0", f: (x) => pow(halves(x), 2), at: [0], expected: [1] },
    { name: "exp(mean(log x, log x)) at 0", f: (x) => exp(mean(broadcastTo(log(x), [2]))), at: [0], expected: [1] },
    {
      name: "exp(Σ(log x, 0)) at 0",
      f: (x) => exp(sum(pad(broadcastTo(log(x), [1]), [0], [1]))),
      at: [0],
      expected: [1],
    },
    {
      name: "exp([1] · log x) at 0",
      f: (x) => exp(sum(matmul(tensor([[1]], { dtype: x.dtype }), broadcastTo(log(x), [1])))),
      at: [0],
      expected: [1],
    },
    { name: "exp(max(log x)) at 0", f: (x) => exp(max(broadcastTo(log(x), [2]))), at: [0], expected: [1] },
    {
      name: "exp(log x) scattered at 0",
      f: (x) => sum(exp(scatterAdd(zeros([2], { dtype: x.dtype }), [1], broadcastTo(log(x), [1])))),
      at: [0],
      expected: [1],
    },
    { name: "log σ(x) at -1000", f: (x) => log(sigmoid(x)), at: [-1000], expected: [1] },
    { name: "log(exp x) at -1000", f: (x) => log(exp(x)), at: [-1000], expected: [1] },
    {
      name: "a log-domain sum with a probability of 0",
      f: (w) => logSumExp(log(w).add(constant(w, -1, -2))),
      at: [1, 0],
      expected: [1, Math.exp(-1)],
    },
    {
      name: "log softmax, the loser picked",
      f: (x) => sum(gather(log(softmax(x)), [0])),
      at: [0, 1000],
      expected: [1, -1],
    },
    { name: "a rule by hand", f: (x) => pow(negated(sqrt(x)), 2), at: [0], expected: [1] },
    { name: "|√x|² at 0", f: (x) => pow(abs(sqrt(x)), 2), at: [0], expected: [1] },
  ];
  it.each(cases.map((one) => [one.name, one] as const))("gives 1 or NaN, never 0: %s", (_, one) => hold(one, true));

  it("is no number in one mode and none in another", () => {
    for (const { f, at } of cases) {
      const [back, ahead] = [flat(gradient(f)(of(at, "float64"))), flat(pushed(f)(of(at, "float64")))];
      back.forEach((x, k) =>
        expect(differences([x], [ahead[k]!], true) === null || Number.isNaN(ahead[k]!)).toBe(true),
      );
    }
  });
});

describe("what was not chosen", () => {
  const cases: readonly Case[] = [
    {
      name: "where(x > 0, 3 - 2 log x, 0) · -5 at 0",
      f: (x) => mul(where(greater(x, 0), sub(3, mul(2, log(x))), 0), -5),
      at: [0],
      expected: [0],
    },
    { name: "relu(log x) at 0", f: (x) => relu(log(x)), at: [0], expected: [0] },
    { name: "clip(log x, -1, 1) at 0", f: (x) => clip(log(x), -1, 1), at: [0], expected: [0] },
    { name: "max(√x, 1) at 0", f: (x) => maximum(sqrt(x), 1), at: [0], expected: [0] },
    { name: "√x · -0 at 0", f: (x) => mul(sqrt(x), -0), at: [0], expected: [0] },
    { name: "√x · 0 · 3 - 1 at 0", f: (x) => sub(mul(mul(sqrt(x), 0), 3), 1), at: [0], expected: [0] },
    { name: "0 / (1 + √x) at 0", f: (x) => div(0, sqrt(x).add(1)), at: [0], expected: [0] },
    { name: "(log x)⁰ at 0", f: (x) => pow(log(x), 0), at: [0], expected: [0] },
    { name: "Σ √x · [0, 1]", f: (x) => sum(mul(sqrt(x), constant(x, 0, 1))), at: [0, 4], expected: [0, 0.25] },
    {
      name: "Σ √x · (x > 0)",
      f: (x) => sum(mul(sqrt(x), cast(greater(x, 0), x.dtype))),
      at: [0, 4],
      expected: [0, 0.25],
    },
    { name: "max √x", f: (x) => max(sqrt(x)), at: [0, 4], expected: [0, 0.25] },
    { name: "(√x)[1:]", f: (x) => sum(slice(sqrt(x), [1])), at: [0, 4], expected: [0, 0.25] },
    { name: "Σ where(x > 0, √x, 0)", f: (x) => sum(where(greater(x, 0), sqrt(x), 0)), at: [0, 4], expected: [0, 0.25] },
    { name: "gather(√x, [1, 1])", f: (x) => sum(gather(sqrt(x), [1, 1])), at: [0, 4], expected: [0, 0.5] },
    {
      name: "[[0, 1], [0, 2]] · √x",
      f: (x) =>
        sum(
          matmul(
            tensor(
              [
                [0, 1],
                [0, 2],
              ],
              { dtype: x.dtype },
            ),
            sqrt(x),
          ),
        ),
      at: [0, 4],
      expected: [0, 0.75],
    },
    {
      name: "√x · [[0, 0], [1, 2]]",
      f: (x) =>
        sum(
          matmul(
            sqrt(x),
            tensor(
              [
                [0, 0],
                [1, 2],
              ],
              { dtype: x.dtype },
            ),
          ),
        ),
      at: [0, 4],
      expected: [0, 0.75],
    },
    {
      name: "where([[F, T]], √x · [[3]], 0)",
      f: (x) => sum(where(tensor([[false, true]]), mul(sqrt(x), tensor([[3]], { dtype: x.dtype })), 0)),
      at: [0, 4],
      expected: [0, 0.75],
    },
    {
      name: "where([[F, T], [F, T]], √x, 0)",
      f: (x) =>
        sum(
          where(
            tensor([
              [false, true],
              [false, true],
            ]),
            broadcastTo(sqrt(x), [2, 2]),
            0,
          ),
        ),
      at: [0, 4],
      expected: [0, 0.5],
    },
    { name: "√x repeated no times", f: (x) => sum(broadcastTo(sqrt(x), [0])), at: [0], expected: [0] },
    { name: "the mean of where", f: (x) => mean(where(greater(x, 0), sqrt(x), 0)), at: [0, 4], expected: [0, 0.125] },
    {
      name: "softmax with a mask",
      f: (x) => sum(mul(softmax(where(tensor([true, true, false]), sqrt(x), -Infinity)), constant(x, 1, 0, 5))),
      at: [4, 4, 0],
      expected: [0.0625, -0.0625, 0],
    },
    {
      name: "a rule by hand under where",
      f: (x) => sum(where(greater(x, 0), negated(sqrt(x)), 0)),
      at: [0, 4],
      expected: [0, -0.25],
    },
    {
      name: "a rule by hand with a pole under where",
      f: (x) => sum(where(greater(x, 0), logarithm(x), 0)),
      at: [0, 4],
      expected: [0, 0.25],
    },
    {
      name: "a rule by hand with a pole, gathered",
      f: (x) => sum(gather(logarithm(x), [1])),
      at: [0, 4],
      expected: [0, 0.25],
    },
    { name: "norm at 0", f: (x) => norm(x), at: [0, 0], expected: [0, 0] },
    {
      name: "1/r off the diagonal",
      f: (x) => sum(where(greater(abs(x), 0), div(1, abs(x)), 0)),
      at: [0, 2],
      expected: [0, -0.25],
    },
  ];
  it.each(cases.map((one) => [one.name, one] as const))("has no influence: %s", (_, one) => hold(one, false));

  it("is an entry of a seed that is 0, of either sign", () => {
    const x = tensor([0, 4]);
    for (const zero of [0, -0]) {
      expect(flat(vjp(sqrt as Function, x as Tensor).pullback(tensor([zero, 1]))[0])).toEqual([0, 0.25]);
      expect(flat(jvp(sqrt as Function, [x], [tensor([zero, 1])]).tangent)).toEqual([0, 0.25]);
      const compiled = compile((y: Tensor, g: Tensor) => vjp(sqrt as Function, y).pullback(g)[0] as Tensor);
      expect(flat(compiled(x, tensor([zero, 1])))).toEqual([0, 0.25]);
    }
    const leaf = tensor([0, 4], { requiresGrad: true });
    sqrt(leaf).backward({ seed: tensor([0, 1]) });
    expect(flat(leaf.grad!)).toEqual([0, 0.25]);
  });

  it("does not take from the derivative by a seed or a factor that is 0", () => {
    const by = (v: Tensor): Tensor => vjp((x: Tensor) => mul(x, x), tensor([2, 3]) as Tensor).pullback(v)[0] as Tensor;
    expect(jacobian(by)(tensor([0, 0])).toArray()).toEqual([
      [4, 0],
      [0, 6],
    ]);
    expect(jacobian(by, { mode: "forward" })(tensor([0, 0])).toArray()).toEqual([
      [4, 0],
      [0, 6],
    ]);
    const mixed = (b: Tensor<[]>): Tensor<[]> => grad((x: Tensor<[]>) => mul(b, mul(x, x)))(3) as Tensor<[]>;
    expect(grad(mixed)(0).item()).toBe(6);
    expect(jvp(mixed, [0], [1]).tangent.item()).toBe(6);
  });
});

describe("a mark that nobody set", () => {
  const single = (x: Tensor): Tensor => cast(x, "float32");
  const cases: readonly Case[] = [
    {
      name: "what vanishes in float32",
      f: (x) => cast(mul(cast(sqrt(x), "float64"), -1e-50), x.dtype),
      at: [0],
      expected: [-Infinity],
      types: ["float32"],
    },
    {
      name: "what vanishes in a cast down",
      f: (x) => cast(mul(single(sqrt(x)), 1), "float64").mul(-1e-50),
      at: [0],
      expected: [-Infinity],
      types: ["float64"],
    },
    {
      name: "what vanishes in a mean",
      f: (x) => mul(mean(sqrt(x)), -5e-324),
      at: [0, 0, 0],
      expected: [-Infinity, -Infinity, -Infinity],
      types: ["float64"],
    },
    {
      name: "what vanishes in a share",
      f: (x) => mul(maximum(sqrt(x), sqrt(x)), -5e-324),
      at: [0],
      expected: [-Infinity],
      types: ["float64"],
    },
    {
      name: "what vanishes in a product of float32",
      f: (x) => mul(mul(sqrt(x), 1e-30), -1e-30),
      at: [0],
      expected: [-Infinity],
      types: ["float32"],
    },
  ];
  it.each(cases.map((one) => [one.name, one] as const))("is none: %s", (_, one) => hold(one, true));

  it("is in no result", () => {
    const results = [
      grad((x: Tensor<[]>) => mul(x, -0))(1),
      grad((x: Tensor<[]>) => relu(x))(-1),
      jvp((x: Tensor<[]>) => relu(x), [-1], [1]).tangent,
      hessian((x: Tensor<[]>) => relu(x))(-1),
      jacobian((x: Tensor<[2]>) => mul(x, x))(tensor([1, 2])),
      compile(jacobian((x: Tensor<[2]>) => mul(x, x)))(tensor([1, 2])),
      compile(grad((x: Tensor<[]>) => relu(x)))(-1),
      sum(tensor([[], []]) as Tensor, 1),
      norm(zeros([0]) as Tensor),
      pad(tensor([1]), [1]),
      compile((x: Tensor) => pad(x, [1]))(tensor([1])),
    ];
    for (const x of results)
      expect(
        flat(x as Tensor).some((one) => Object.is(one, -0)),
        JSON.stringify(flat(x as Tensor)),
      ).toBe(false);
  });
});

describe("second derivatives", () => {
  const nestings: Readonly<Record<string, (f: Function) => Function>> = {
    hessian: (f) => hessian(scalarOf(f)),
    "reverse over reverse": (f) => jacobian(gradient(f), { mode: "reverse" }),
    "forward over forward": (f) => jacobian(pushed(f), { mode: "forward" }),
    "reverse over forward": (f) => jacobian(pushed(f), { mode: "reverse" }),
    "compiled hessian": (f) => compile(hessian(scalarOf(f)) as Function),
    "compiled reverse over reverse": (f) => compile(jacobian(gradient(f), { mode: "reverse" }) as Function),
  };

  it.each(Object.entries(nestings))("of functions of a norm at 0 are NaN, not a quiet 0: %s", (_, nesting) => {
    const matern = (x: Tensor): Tensor => mul(norm(x).add(1), exp(neg(norm(x))));
    for (const f of [(x: Tensor) => mul(norm(x), norm(x)), matern, (x: Tensor) => norm(x)])
      expect(flat(nesting(f)(tensor([0, 0])))).toEqual([NaN, NaN, NaN, NaN]);
    const masked = (x: Tensor): Tensor => sum(where(greater(norm(x, 1), 0), pow(norm(x, 1), 3), 0));
    const got = nesting((x) => masked(mul(tensor([[0], [1]]), x)))(tensor([3, 4]));
    expect(differences(flat(got), [15 + 9 * 0.6, 7.2, 7.2, 15 + 16 * 0.6], false)).toBeNull();
  });

  it.each(Object.entries(nestings))("through branches not taken stay 0: %s", (_, nesting) => {
    const cases: readonly Function[] = [
      (x) => where(greater(x, 0), log(x), 0),
      (x) => relu(log(x)),
      (x) => clip(log(x), -1, 1),
      (x) => maximum(sqrt(x), 1),
      (x) => mul(0, sqrt(x)),
      (x) => pow(log(x), 0),
    ];
    for (const f of cases) expect(flat(nesting(f)(tensor(0)))).toEqual([0]);
  });

  it.each(Object.entries(nestings))("of a smooth function by way of a pole are right or NaN: %s", (_, nesting) => {
    const cases: readonly (readonly [Function, number])[] = [
      [(x) => pow(exp(log(x)), 2), 2],
      [(x) => pow(sqrt(x), 4), 2],
      [(x) => exp(mul(2, log(x))), 2],
      [(x) => mul(x, sqrt(x)), Infinity],
    ];
    for (const [f, expected] of cases) expect(differences(flat(nesting(f)(tensor(0))), [expected], true)).toBeNull();
  });
});

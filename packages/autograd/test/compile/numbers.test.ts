/**
 * A number beside a tensor takes the tensor's type, in the function itself as in its program: one rule over all types,
 * kinds of op, and derivatives.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  clip,
  compile,
  cond,
  div,
  equal,
  exp,
  grad,
  hvp,
  isAutogradError,
  jacobian,
  jvp,
  less,
  maximum,
  minimum,
  mul,
  pow,
  sin,
  sub,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  where,
  whileLoop,
  type DType,
  type Tensor,
} from "../../src/index.ts";
import { differenceOf } from "./bits.ts";

/** A number outside, a tensor where a program or a transform has taken it in: so it is typed as that. */
type Scalar = Tensor<[]>;
type Case = (x: Tensor, s: Scalar) => unknown;

const mask = tensor([true, false, true]);

/** Kinds of op in which a number stands: on either side, as a bound, as a branch, after functions of its own. */
const kinds: Readonly<Record<string, Case>> = {
  "on the right": (x, s) => mul(x, s),
  "on the left": (x, s) => sub(s, x),
  "a divisor": (x, s) => div(x, s),
  "an exponent": (x, s) => pow(x, s),
  "a comparison": (x, s) => less(x, s),
  "an equality": (x, s) => equal(s, x),
  "the larger": (x, s) => maximum(x, s),
  "the smaller, twice": (x, s) => minimum(minimum(x, s), s),
  "a branch": (x, s) => where(mask, x, s),
  "the other branch": (x, s) => where(mask, s, x),
  "a bound": (x, s) => clip(x, s, 5),
  "the other bound": (x, s) => clip(x, -1, s),
  "both bounds": (x, s) => clip(x, s, add(s, 1)),
  "what is computed from it": (x, s) => mul(x, add(mul(s, 2), 1)),
  "a function of it": (x, s) => add(x, exp(s)),
  "a choice of numbers": (x, s) => mul(x, where(less(s, 1), s, mul(s, s))),
  "beside itself": (x, s) => [mul(x, s), mul(s, s), sin(s)],
  "a method": (x, s) => x.sub(s).add(x),
  "by the tensor": (x, s) => grad((y: Tensor) => sum(mul(mul(y, y), s)) as Tensor<[]>)(x),
  "by the number": (x, s) => grad((t: Tensor<[]>) => sum(mul(mul(x, t), t)) as Tensor<[]>)(s),
  "value and gradient by the number": (x, s) =>
    Object.values(valueAndGrad((t: Tensor<[]>) => sum(pow(x, t)) as Tensor<[]>)(s)),
  "its Jacobian": (x, s) => jacobian((t: Tensor<[]>) => mul(x, sin(t)))(s),
  "its second derivative": (x, s) => hvp((t: Tensor<[]>) => sum(mul(x, sin(t))) as Tensor<[]>)(s, 1),
  "its tangent": (x, s) => Object.values(jvp((t: Tensor<[]>) => mul(x, exp(t)), [s], [1])),
  "its cotangent": (x, s) => {
    const { value, pullback } = vjp((t: Tensor<[]>) => mul(x, t), s);
    return [value, pullback(value)];
  },
};

/** What a call gives, or the first line of its error. */
const outcome = (call: () => unknown): Tensor[] | string => {
  try {
    return [call()].flat(2) as Tensor[];
  } catch (error) {
    if (isAutogradError(error)) return `${error.name}: ${error.message.split("\n")[0]!}`;
    throw error;
  }
};

const tensors: Readonly<Record<DType, Tensor>> = {
  float64: tensor([0.7, 1.5, 2.25]),
  float32: tensor([0.7, 1.5, 2.25], { dtype: "float32" }),
  int32: tensor([1, -2, 3], { dtype: "int32" }),
  bool: tensor([true, false, true]),
};
const numbers = [2, 1, 0.1, -3, 3e9, NaN] as unknown as readonly Tensor<[]>[];
const number = (s: number): Scalar => s as unknown as Scalar;

let refused = 0;
let computed = 0;

describe.each(Object.entries(tensors))("beside %s", (dtype, x) => {
  it.each(Object.entries(kinds))("is the same eager and compiled: %s", (name, f) => {
    const compiled = compile(f);
    for (const s of numbers) {
      const label = `${name} with ${String(s)}`;
      const [eager, program] = [outcome(() => f(x, s)), outcome(() => (compiled as Case)(x, s))];
      // The order of two bounds is looked at where they are plain numbers.
      if (typeof eager === "string" && eager.startsWith("ConfigError: clip")) continue;
      // A derivative by a number of what int32 makes of it is none: which error says so depends on what a program has
      // to compute.
      if (typeof eager === "string" || typeof program === "string") {
        refused++;
        if (dtype === "int32" && /^(by|value|its)/.test(name.replace("by the tensor", "")))
          expect([typeof eager, dtype], label).toContain("string");
        else expect(program, label).toBe(eager);
        continue;
      }
      computed++;
      expect(program.length).toBe(eager.length);
      eager.forEach((y, k) => expect(differenceOf(label, program[k]!, y)).toBeNull());
    }
  });
});

describe("the rule", () => {
  it("computes and refuses", () => {
    expect(computed).toBeGreaterThan(250);
    expect(refused).toBeGreaterThan(100);
  });

  it("rounds a number to float32 and gives the derivative by it in float64", () => {
    const x = tensors.float32;
    for (const f of [(s: Scalar) => mul(x, s), compile((s: Scalar) => mul(x, s)) as (s: Scalar) => Tensor]) {
      expect(f(number(0.1)).dtype).toBe("float32");
      expect(f(number(0.1)).toTypedArray()[1]).toBe(Math.fround(Math.fround(0.1) * 1.5));
    }
    const slope = grad((s: Tensor<[]>) => sum(mul(x, s)) as Tensor<[]>);
    for (const f of [slope, compile(slope)]) {
      const g = f(number(0.1)) as Tensor;
      expect(g.dtype).toBe("float64");
      expect(g.item()).toBeCloseTo(4.45, 6);
    }
  });

  it("refuses what int32 or bool does not have, naming op, number and type", () => {
    const cases: readonly (readonly [Case, Tensor, number, string])[] = [
      [kinds["on the right"]!, tensors.int32, 0.5, "DTypeError: mul: the number 0.5 beside an int32 tensor"],
      [
        kinds["a function of it"]!,
        tensors.int32,
        1,
        "DTypeError: add: the number 2.718281828459045 beside an int32 tensor",
      ],
      [kinds["a branch"]!, tensors.int32, 3e9, "DTypeError: where: the number 3000000000 beside an int32 tensor"],
      [kinds["a branch"]!, tensors.bool, 2, "DTypeError: where: the number 2 beside a bool tensor"],
      [kinds["an equality"]!, tensors.bool, 0.5, "DTypeError: equal: the number 0.5 beside a bool tensor"],
    ];
    for (const [f, x, s, says] of cases) {
      expect(outcome(() => f(x, number(s)))).toContain(says);
      expect(outcome(() => (compile(f) as Case)(x, number(s)))).toContain(says);
    }
  });

  it("holds in a program for the next number too", () => {
    const f = compile((x: Tensor, s: Scalar) => add(x, s)) as (x: Tensor, s: Scalar) => Tensor;
    expect(f(tensors.int32, number(2)).toArray()).toEqual([3, 0, 5]);
    expect(outcome(() => f(tensors.int32, number(2.5)))).toContain("the number 2.5");
    expect(f(tensors.int32, number(-2)).toArray()).toEqual([-1, -4, 1]);
  });

  it("keeps the type of tensors: a scalar tensor, a cast, and what a loop carries are no numbers", () => {
    const x = tensors.float32;
    const strong: readonly Case[] = [
      (_, s) => mul(x, cast(s, "float64")),
      () => mul(x, tensor(0.5)),
      (_, s) => mul(x, sum(tensor([1, 2])).mul(s)),
      (_, s) =>
        cond(
          tensor(true),
          (a: Tensor) => mul(x, a),
          (a: Tensor) => mul(x, a),
          s,
        ),
      (_, s) =>
        mul(
          x,
          whileLoop(
            (c: Tensor) => less(c, 1),
            (c: Tensor) => add(c, 1),
            s,
          ),
        ),
    ];
    for (const f of strong) {
      for (const call of [f, compile(f) as Case])
        expect(outcome(() => call(x, number(0.5)))).toMatch(/operands are float32 and float64/);
    }
  });

  it("tells a number from a scalar tensor in the signature", () => {
    const f = compile((x: Tensor, s: Scalar) => mul(x, s));
    const call = f as (x: Tensor, s: Scalar) => Tensor;
    expect(call(tensors.float32, number(0.5)).dtype).toBe("float32");
    expect(outcome(() => call(tensors.float32, tensor(0.5)))).toMatch(/operands are float32 and float64/);
    expect(call(tensors.float32, exp(0)).dtype).toBe("float32");
    expect(f.programs()).toBe(2);
  });
});

/**
 * Random programs of what algebra would simplify: constants of 0, 1, 2, -1, -0, NaN and ∞, identities, and every
 * broadcast of the two.
 */

import * as fc from "fast-check";
import {
  abs,
  add,
  broadcastTo,
  cast,
  clip,
  concat,
  div,
  exp,
  eye,
  flip,
  full,
  gather,
  grad,
  greater,
  isAutogradError,
  jvp,
  log,
  logSumExp,
  logicalNot,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  neg,
  notEqual,
  pad,
  pow,
  relu,
  reshape,
  scatterAdd,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  sqrt,
  stopGradient,
  sub,
  sum,
  tanh,
  tensor,
  transpose,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";

const SHAPES = [[3], [1], [2, 1], [2, 3], [], [1, 3], [1, 1], [2, 2], [0]] as const;
/** The usual ones come up more often: a NaN hides what it meets. */
const CONSTANTS = [0, 1, 2, -1, -0, 0, 1, 2, -0, 0.5, 3, -2, NaN, Infinity, -Infinity] as const;
const ORDINARY = [0.75, -1.25, 2, 1.5, 3, -0.5, 0, 1, -1, -0, 0.25, NaN, Infinity, -Infinity] as const;

type FloatType = "float64" | "float32";

export interface IdentityProgram {
  readonly type: FloatType;
  readonly leaves: readonly { readonly shape: number; readonly values: readonly number[] }[];
  readonly steps: readonly {
    readonly op: number;
    readonly operands: readonly [number, number, number];
    readonly constant: number;
    readonly form: number;
  }[];
}

interface Choice {
  readonly constant: number;
  readonly form: number;
  readonly type: FloatType;
}

type Step = (x: Tensor, other: Tensor, third: Tensor, choice: Choice) => Tensor;

const countOf = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);

/** A constant: a number, a tensor of that number alone, or one with another number among it. */
const given = ({ constant, form, type }: Choice): Tensor | number => {
  const c = CONSTANTS[constant % CONSTANTS.length]!;
  const shape = SHAPES[(form >> 2) % SHAPES.length]!;
  switch (form % 4) {
    case 0:
      return c;
    case 1:
      return tensor(c, { dtype: type });
    case 2:
      return full([...shape], c, { dtype: type });
    default:
      return tensor(
        Array.from({ length: countOf(shape) }, (_, k) => (k === 1 ? CONSTANTS[(constant + 7) % CONSTANTS.length]! : c)),
        { shape: [...shape], dtype: type },
      );
  }
};

const asTensor = (x: Tensor | number, type: FloatType): Tensor =>
  typeof x === "number" ? tensor(x, { dtype: type }) : x;
const axisOf = (x: Tensor, form: number): number | undefined =>
  form % 3 === 0 || x.shape.length === 0 ? undefined : form % x.shape.length;

const beside =
  (f: (x: Tensor, c: Tensor | number) => Tensor): Step =>
  (x, _, __, choice) =>
    f(x, given(choice));
const alone =
  (f: (x: Tensor, form: number) => Tensor): Step =>
  (x, _, __, { form }) =>
    f(x, form);
const pair =
  (f: (a: Tensor, b: Tensor) => Tensor): Step =>
  (a, b) =>
    f(a, b);

const constants: readonly Step[] = [
  beside((x, c) => add(x, c)),
  beside((x, c) => add(c, x)),
  beside((x, c) => sub(x, c)),
  beside((x, c) => sub(c, x)),
  beside((x, c) => mul(x, c)),
  beside((x, c) => mul(c, x)),
  beside((x, c) => div(x, c)),
  beside((x, c) => div(c, x)),
  beside((x, c) => pow(x, c)),
  beside((x, c) => pow(x, c)),
  (x, _, __, choice) => pow(asTensor(given(choice), choice.type), x),
  beside((x, c) => maximum(x, c)),
  beside((x, c) => minimum(x, c)),
  (x, _, __, choice) => where(notEqual(asTensor(given(choice), choice.type), 0), x, 0),
  (x, other, _, choice) => where(notEqual(asTensor(given(choice), choice.type), 0), x, other),
  beside((x, c) => where(greater(x, c), x, c)),
  beside((x, c) => where(greater(x, 0), c, x)),
  beside((x, c) => clip(x, typeof c === "number" ? -Infinity : c, Infinity)),
  (x, _, __, choice) =>
    mul(
      asTensor(given(choice), choice.type),
      asTensor(given({ ...choice, constant: choice.constant + 1 }), choice.type),
    ).add(x),
];

const identities: readonly Step[] = [
  alone((x) => neg(neg(x))),
  alone((x) => reshape(x, [...x.shape])),
  alone((x) => transpose(transpose(x))),
  alone((x) => transpose(x)),
  alone((x) => slice(x, [])),
  alone((x) =>
    pad(
      x,
      x.shape.map(() => 0),
    ),
  ),
  alone((x, form) =>
    pad(
      x,
      x.shape.map(() => form % 2),
    ),
  ),
  alone((x) => concat([x]) as Tensor),
  alone((x) => broadcastTo(x, [...x.shape])),
  alone((x) => broadcastTo(x, [2, ...x.shape])),
  alone((x) => flip(flip(x))),
  alone((x, form) => sum(x, axisOf(x, form), { keepDims: form % 2 === 0 })),
  alone((x, form) => mean(x, axisOf(x, form), { keepDims: form % 2 === 0 })),
  alone((x, form) => max(x, axisOf(x, form), { keepDims: form % 2 === 0 })),
  alone((x, form) => min(x, axisOf(x, form))),
  alone((x, form) => logSumExp(x, axisOf(x, form))),
  alone((x) => softmax(x)),
  alone((x) => cast(x, x.dtype)),
  alone((x) => cast(cast(x, "float32"), x.dtype)),
  alone((x) => cast(cast(x, "float64"), x.dtype)),
  alone((x) =>
    gather(
      x,
      Array.from({ length: x.shape[0]! }, (_, k) => k),
    ),
  ),
  alone((x) => matmul(x, eye(x.shape.at(-1)!, { dtype: x.dtype as FloatType }))),
  alone((x) => matmul(zeros([2, x.shape[0]!], { dtype: x.dtype as FloatType }), x)),
  alone((x) => stopGradient(x)),
  alone((x) => relu(relu(x))),
  alone((x) => abs(neg(x))),
  alone((x) => sign(x)),
  alone((x) => sub(x, x)),
  alone((x) => div(x, x)),
  alone((x) => where(greater(x, 0), x, x)),
  alone((x) => maximum(x, x)),
  alone((x) => where(logicalNot(greater(x, 0)), x, neg(x))),
  alone((x) => scatterAdd(x, [0], slice(x, [0], [1]))),
  alone((x) => scatterAdd(x, [], slice(x, [0], [0]))),
  alone((x) => slice(x, [x.shape[0]! - 1])),
  alone((x) => exp(x)),
  alone((x) => log(x)),
  alone((x) => sqrt(x)),
  alone((x) => sin(x)),
  alone((x) => tanh(x)),
  alone((x) => sigmoid(x)),
  alone((x) => grad((y: Tensor) => sum(mul(y, 1)) as Tensor<[]>)(x) as Tensor),
  alone((x) => grad((y: Tensor) => sum(pow(y, 2)) as Tensor<[]>)(x) as Tensor),
  alone((x) => jvp((y: Tensor) => mul(y, y), [x], [zeros([...x.shape], { dtype: x.dtype as FloatType })]).tangent),
  alone((x) => jvp((y: Tensor) => pow(y, 3), [x], [full([...x.shape], 1, { dtype: x.dtype as FloatType })]).tangent),
];

const pairs: readonly Step[] = [
  pair(add),
  pair(sub),
  pair(mul),
  pair(mul),
  pair(div),
  pair(pow),
  pair(maximum),
  pair(minimum),
  pair((a, b) => where(greater(a, b), a, b)),
  (a, b, c) => where(greater(a, 0), b, c),
  pair((a, b) => matmul(a, b)),
  pair((a, b) => concat([a, b]) as Tensor),
  pair((a, b) => sub(add(a, b), b)),
  pair((a, b) => jvp((y: Tensor) => mul(y, b), [a], [a]).tangent),
];

const steps: readonly Step[] = [...constants, ...constants, ...identities, ...pairs, ...pairs];

export const identityPrograms: fc.Arbitrary<IdentityProgram> = fc.record({
  type: fc.constantFrom<FloatType>("float64", "float64", "float32"),
  leaves: fc.array(
    fc.record({
      shape: fc.nat(SHAPES.length - 1),
      values: fc.array(fc.nat(ORDINARY.length - 1), { minLength: 6, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  steps: fc.array(
    fc.record({
      op: fc.nat(steps.length - 1),
      operands: fc.tuple(fc.nat(15), fc.nat(15), fc.nat(15)),
      constant: fc.nat(14),
      form: fc.nat(63),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** More entries than that show nothing new. */
const LARGEST = 24;

/** A program fitted to its shapes: what its leaves are, and all the values it computes. */
export interface FittedIdentities {
  readonly leaves: readonly Tensor[];
  readonly values: (leaves: readonly Tensor[]) => Tensor[];
}

export const fitIdentities = ({ type, leaves, steps: list }: IdentityProgram): FittedIdentities => {
  const given = leaves.map(({ shape, values }) => {
    const sizes = SHAPES[shape]!;
    return tensor(
      values.slice(0, countOf(sizes)).map((k) => ORDINARY[k]!),
      { shape: [...sizes], dtype: type },
    ) as Tensor;
  });
  const kept: ((pool: readonly Tensor[]) => Tensor)[] = [];
  const pool = [...given];
  for (const { op, operands, constant, form } of list) {
    // Mostly the value before, so that one simplification meets the next.
    const at = operands.map((back, k) => pool.length - 1 - ((k === 0 ? back % 3 : back) % pool.length));
    const step = (all: readonly Tensor[]): Tensor =>
      steps[op]!(all[at[0]!]!, all[at[1]!]!, all[at[2]!]!, { constant, form, type });
    try {
      const value = step(pool);
      if (value.size > LARGEST) continue;
      pool.push(value);
      kept.push(step);
    } catch (error) {
      // What does not fit is passed over.
      if (!isAutogradError(error)) throw error;
    }
  }
  return {
    leaves: given,
    values(from) {
      const all = [...from];
      for (const step of kept) all.push(step(all));
      return all.slice(from.length);
    },
  };
};

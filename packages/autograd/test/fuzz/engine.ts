/** Runs a random program with the library, on scalars: its value, its gradient both ways, its Hessian both ways. */

import {
  abs,
  add,
  clip,
  cos,
  div,
  equal,
  erf,
  exp,
  greater,
  greaterEqual,
  grad,
  jvp,
  less,
  lessEqual,
  log,
  logSigmoid,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  pow,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  stopGradient,
  sub,
  tan,
  tanh,
  tensor,
  valueAndGrad,
  where,
  type Tensor,
} from "../../src/index.ts";
import type { OperationName, Program } from "../oracles/dual.ts";

type Scalar = Tensor<[]>;
type Operation = (operands: readonly Scalar[], params: readonly number[]) => Tensor;

const one =
  (f: (x: Scalar) => Tensor): Operation =>
  ([x]) =>
    f(x!);
const two =
  (f: (a: Scalar, b: Scalar) => Tensor): Operation =>
  ([a, b]) =>
    f(a!, b!);
const chosen =
  (compare: (a: Scalar, b: Scalar) => Tensor): Operation =>
  ([a, b, c, d]) =>
    where(compare(a!, b!), c!, d!);

const operations: Readonly<Record<OperationName, Operation>> = {
  add: two(add),
  sub: two(sub),
  mul: two(mul),
  div: two(div),
  pow: two(pow),
  maximum: two(maximum),
  minimum: two(minimum),
  neg: one(neg),
  abs: one(abs),
  sign: one(sign),
  relu: one(relu),
  sqrt: one(sqrt),
  exp: one(exp),
  log: one(log),
  sin: one(sin),
  cos: one(cos),
  tan: one(tan),
  tanh: one(tanh),
  sigmoid: one(sigmoid),
  softplus: one(softplus),
  logSigmoid: one(logSigmoid),
  erf: one(erf),
  detach: one(stopGradient),
  clip: ([x], [low, high]) => clip(x!, low!, high!),
  powConst: ([x], [exponent]) => pow(x!, exponent!),
  whereLess: chosen(less),
  whereLessEqual: chosen(lessEqual),
  whereGreater: chosen(greater),
  whereGreaterEqual: chosen(greaterEqual),
  whereEqual: chosen(equal),
  whereNotEqual: chosen(notEqual),
};

/** The program as a function of its leaves. */
export const functionOf =
  ({ instructions }: Program) =>
  (leaves: readonly Tensor[]): Scalar => {
    const values = [...leaves] as Scalar[];
    for (const { op, operands, params } of instructions) {
      values.push(
        operations[op](
          operands.map((k) => values[k]!),
          params ?? [],
        ) as Scalar,
      );
    }
    return values.at(-1)!;
  };

export const leavesOf = ({ leaves }: Program): Scalar[] => leaves.map((x) => tensor(x));

const read = (list: readonly Tensor[]): number[] => list.map((x) => x.item());

/** Value and gradient by one reverse sweep. */
export const reverse = (program: Program): { value: number; gradient: number[] } => {
  const { value, gradient } = valueAndGrad(functionOf(program))(leavesOf(program));
  return { value: value.item(), gradient: read(gradient as Tensor[]) };
};

/** The derivative along a direction by one forward sweep. */
export const forward = (program: Program, direction: readonly number[]): number =>
  jvp(functionOf(program), [leavesOf(program)], [direction.map((d) => tensor(d))]).tangent.item();

/** Row i: the gradient of the i-th entry of the gradient. */
export const hessianByReverse = (program: Program): number[] => {
  const gradient = grad(functionOf(program));
  return program.leaves.flatMap((_, i) =>
    read(grad((leaves: readonly Tensor[]) => (gradient(leaves) as Tensor[])[i]!)(leavesOf(program)) as Tensor[]),
  );
};

/** Row i: the gradient pushed forward along the i-th leaf. */
export const hessianByForward = (program: Program): number[] => {
  const gradient = grad(functionOf(program));
  return program.leaves.flatMap((_, i) => {
    const direction = program.leaves.map((_, k) => tensor(k === i ? 1 : 0));
    return read(
      jvp((leaves: readonly Tensor[]) => gradient(leaves) as Tensor[], [leavesOf(program)], [direction]).tangent,
    );
  });
};

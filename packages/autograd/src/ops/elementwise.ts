/** Element-wise ops on tensors: one type for all operands, broadcasting, and the loop that computes the value. */

import { ArgumentError, DTypeError } from "../errors.ts";
import { constantLike } from "../graph/create.ts";
import { dtypeIndex, isFloat, type DType, type Elements } from "../graph/dtype.ts";
import { refuseForeign } from "../graph/foreign.ts";
import type { ElementwiseOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { record } from "../graph/record.ts";
import { broadcastShapes, countOf, sameShape, SCALAR, WEAK } from "../graph/shape.ts";
import { isTensor, isWeak, Tensor } from "../graph/tensor.ts";
import { isTraced, traceOp } from "../graph/tracing.ts";
import { allocateUnwritten } from "../graph/unwritten.ts";
import { ElementwiseLoop } from "../kernels/elementwise.ts";
import { laneTypeOf } from "../kernels/lanes/machine-types.ts";
import { refuseExtra } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import { besideType, heldToInt32 } from "./conversion.ts";
import { applyBy, entryOf } from "./declare.ts";

/** A tensor, or a number as a constant; refuses everything else by name. */
function asOperand(op: ElementwiseOp, x: unknown, dtype: DType): Tensor {
  if (isTensor(x)) return x;
  if (typeof x === "number" && dtype === "float64") return new Tensor(WEAK, dtype, x);
  if (typeof x === "boolean") return new Tensor(SCALAR, "bool", x ? 1 : 0);
  // Whether the op is defined for the type comes before whether the type has the number.
  if (typeof x === "number") checkTaken(op, dtype);
  return constantLike(op.name, x as number, dtype);
}

/** A tensor; refuses numbers and everything else by name. */
export function asTensor(op: string, x: unknown): Tensor {
  if (isTensor(x)) return x;
  if (typeof x === "number") return new Tensor(WEAK, "float64", x);
  refuseForeign(op, "an operand", x);
  const found = x === null ? "null" : Array.isArray(x) ? "an array" : x instanceof Promise ? "a Promise" : typeof x;
  throw new ArgumentError({
    op,
    problem: `an operand is ${found}, not a tensor or a number`,
    hint: "wrap data with tensor(…)",
  });
}

function refuseDType(op: ElementwiseOp, dtype: DType): never {
  throw new DTypeError({
    op: op.name,
    problem: `is not defined for ${dtype}`,
    hint: op.takes === "float" ? 'cast(x, "float64") first' : 'cast(x, "int32") or cast(x, "float64") first',
  });
}

function checkTaken(op: ElementwiseOp, dtype: DType): void {
  if (isFloat(dtype) || op.takes === "any" || (op.takes === "number" && dtype === "int32")) return;
  refuseDType(op, dtype);
}

/** The one type of two operands. */
function commonDType(op: ElementwiseOp, a: Tensor, b: Tensor): DType {
  if (a.dtype === b.dtype) return a.dtype;
  throw new DTypeError({
    op: op.name,
    problem: `operands are ${a.dtype} and ${b.dtype}`,
    hint: `cast one of them: cast(x, "${isFloat(a.dtype) ? a.dtype : b.dtype}")`,
    shapes: [a.shape, b.shape],
  });
}

/** The one type of operands of which the numbers of the caller take that of the others. */
function besideOthers(op: ElementwiseOp, operands: readonly Tensor[]): readonly Tensor[] {
  const { dtype } = operands.find((x) => !isWeak(x)) ?? operands[0]!;
  checkTaken(op, dtype);
  if (operands.every((x) => x.dtype === dtype)) return operands;
  return operands.map((x) => besideType(op.name, x, dtype));
}

/** The shape of a scalar result: what is computed from numbers of the caller alone stands for one. */
function scalarShape(operands: readonly Tensor[]): [] {
  return operands.every(isWeak) ? WEAK : SCALAR;
}

/** The loop of an op's value for operands of a type, made when first needed. */
function valueLoop(op: ElementwiseOp, operands: readonly Tensor[]): ElementwiseLoop {
  const { dtype } = operands.at(-1)!;
  // Whole numbers that int32 may not have are computed in float64, which has them.
  if (dtype === "int32" && op.mayOverflow)
    return (op.loops[dtypeIndex(dtype)] ??= new ElementwiseLoop(entryOf(op, "f64", operands.map(kindOf)), "float64"));
  return (op.loops[dtypeIndex(dtype)] ??= new ElementwiseLoop(
    entryOf(op, laneTypeOf(dtype), operands.map(kindOf)),
    op.result === "bool" ? "bool" : dtype,
  ));
}

/** How a formula takes a tensor. */
export function kindOf(x: Tensor): "number" | "condition" {
  return x.dtype === "bool" ? "condition" : "number";
}

/** The value of an op for operands that broadcast to a shape. */
function valueOf(op: ElementwiseOp, operands: readonly Tensor[], shape: Shape, dtype: DType): Elements {
  const whole = dtype === "int32" && op.mayOverflow;
  const out = allocateUnwritten(whole ? "float64" : dtype, countOf(shape));
  const loop = valueLoop(op, operands);
  const [a, b] = operands as [Tensor, Tensor];
  if (operands.length === 1) loop.dense(out, elementsOf(a));
  else if (operands.length === 2 && sameShape(a.shape, b.shape)) loop.dense(out, elementsOf(a), elementsOf(b));
  else
    loop.broadcast(
      out,
      shape,
      operands.map(elementsOf),
      operands.map((x) => x.shape),
    );
  return whole ? heldToInt32(op.name, out as Float64Array) : out;
}

/** The value for scalars of one dtype. */
function valueOfScalars(op: ElementwiseOp, operands: readonly Tensor[], dtype: DType): number {
  const type = operands.at(-1)!.dtype;
  if (!isFloat(type)) return valueOf(op, operands, SCALAR, dtype)[0]!;
  const compute = type === "float64" ? op.value : op.narrow;
  const numberAt = (k: number): number => operands[k]!.storage as number;
  switch (operands.length) {
    case 1:
      return compute(numberAt(0));
    case 2:
      return compute(numberAt(0), numberAt(1));
    default:
      return compute(numberAt(0), numberAt(1), numberAt(2));
  }
}

function applyUnary(op: ElementwiseOp, input: unknown): Tensor {
  const x = asTensor(op.name, input);
  checkTaken(op, x.dtype);
  const dtype = op.result === "bool" ? "bool" : x.dtype;
  const { storage, shape } = x;
  if (typeof storage === "number") {
    return record(
      op,
      [x],
      null,
      new Tensor(shape, dtype, dtype === "float64" ? op.value(storage) : valueOfScalars(op, [x], dtype)),
    );
  }
  if (storage === null && isTraced(x)) return record(op, [x], null, traceOp(op, [x], null, shape, dtype));
  return record(op, [x], null, new Tensor(shape, dtype, valueOf(op, [x], shape, dtype)));
}

function applyBinary(op: ElementwiseOp, left: unknown, right: unknown): Tensor {
  const a = isTensor(left) ? left : asOperand(op, left, isTensor(right) ? right.dtype : "float64");
  const b = isTensor(right) ? right : asOperand(op, right, a.dtype);
  // Scalars of a float type are what long graphs are made of; nothing about them needs a check.
  if (typeof a.storage === "number" && typeof b.storage === "number" && a.dtype === b.dtype) {
    const dtype = op.result === "bool" ? "bool" : a.dtype;
    if (a.dtype === "float64")
      return record(
        op,
        [a, b],
        null,
        new Tensor(a.shape === b.shape ? a.shape : SCALAR, dtype, op.value(a.storage, b.storage)),
      );
    if (a.dtype === "float32")
      return record(op, [a, b], null, new Tensor(SCALAR, dtype, op.narrow(a.storage, b.storage)));
  }
  if (a.dtype !== b.dtype && (isWeak(a) || isWeak(b))) {
    const [x, y] = besideOthers(op, [a, b]);
    return applyBinary(op, x, y);
  }
  const operandType = commonDType(op, a, b);
  checkTaken(op, operandType);
  const dtype = op.result === "bool" ? "bool" : operandType;
  if (typeof a.storage === "number" && typeof b.storage === "number") {
    return record(op, [a, b], null, new Tensor(scalarShape([a, b]), dtype, valueOfScalars(op, [a, b], dtype)));
  }
  const common = broadcastShapes(op.name, a.shape, b.shape);
  const shape = common.length === 0 ? scalarShape([a, b]) : common;
  if (isTraced(a) || isTraced(b)) return record(op, [a, b], null, traceOp(op, [a, b], null, shape, dtype));
  return record(op, [a, b], null, new Tensor(shape, dtype, valueOf(op, [a, b], shape, dtype)));
}

/** Three operands; the first may be a condition, whose type is not the type of the result. */
function applyTernary(
  op: ElementwiseOp,
  first: unknown,
  second: unknown,
  third: unknown,
  conditional: boolean,
): Tensor {
  const given = conditional ? [second, third] : [first, second, third];
  const typed = given.find((x) => isTensor(x) && !isWeak(x)) ?? given.find((x) => isTensor(x));
  const dtype = isTensor(typed) ? typed.dtype : "float64";
  const operands = besideOthers(
    op,
    given.map((x) => asOperand(op, x, dtype)),
  );
  const [a, b, c] = (conditional ? [asOperand(op, first, "bool"), ...operands] : operands) as [Tensor, Tensor, Tensor];
  if (conditional && a.dtype !== "bool") {
    throw new DTypeError({
      op: op.name,
      problem: `the condition is ${a.dtype}, not bool`,
      hint: "compare first: greater(x, 0), notEqual(x, 0)",
    });
  }
  if (!conditional) commonDType(op, a, b);
  commonDType(op, b, c);
  checkTaken(op, b.dtype);
  const common = broadcastShapes(op.name, broadcastShapes(op.name, a.shape, b.shape), c.shape);
  const shape = common.length === 0 ? scalarShape(operands) : common;
  if (typeof a.storage === "number" && typeof b.storage === "number" && typeof c.storage === "number") {
    return record(op, [a, b, c], null, new Tensor(shape, b.dtype, valueOfScalars(op, [a, b, c], b.dtype)));
  }
  if (isTraced(a) || isTraced(b) || isTraced(c))
    return record(op, [a, b, c], null, traceOp(op, [a, b, c], null, shape, b.dtype));
  return record(op, [a, b, c], null, new Tensor(shape, b.dtype, valueOf(op, [a, b, c], shape, b.dtype)));
}

/** An op on operands that it has been applied to before, or on others of their shapes and types. */
export function applyElementwise(op: ElementwiseOp, inputs: readonly Tensor[]): Tensor {
  const [a, b, c] = inputs;
  if (b === undefined) return applyUnary(op, a);
  return c === undefined ? applyBinary(op, a, b) : applyTernary(op, a, b, c, op.lanes.choose !== undefined);
}

applyBy({
  unary(op, x, extra, list) {
    if (extra !== undefined) refuseExtra(op.name, extra, `${op.name}(x)`, list, x);
    return applyUnary(op, x);
  },
  binary(op, a, b, extra) {
    if (extra !== undefined) refuseExtra(op.name, extra, `${op.name}(a, b)`);
    return applyBinary(op, a, b);
  },
  ternary(op, a, b, c, extra, conditional) {
    if (extra !== undefined) refuseExtra(op.name, extra, `${op.name}(a, b, c)`);
    return applyTernary(op, a, b, c, conditional);
  },
});

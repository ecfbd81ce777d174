/**
 * Values against references: shape, type, numbers; the method does what the function does; operands stay as they were.
 */

import { DTypeError, Tensor, type DType } from "../../../src/index.ts";
import { equalNumbers, near, sameBits, sameForm, scaleOf, tally, withinUlp } from "../compare.ts";
import { tensorOf, type Case } from "../sampling.ts";
import { functionOf, invoke, invokeMethod, type Row } from "../spec.ts";

/** A number as an element of a type holds it, by the rules of typed arrays. */
function held(x: number, dtype: DType): number {
  return dtype === "float32" ? Math.fround(x) : dtype === "int32" ? x | 0 : dtype === "bool" ? Number(x !== 0) : x;
}

/** The value is that of the reference. */
export function checkValue(one: Case): void {
  const { row, operands, arrays, sample, dtype, label } = one;
  const got = invoke(row, operands, sample.params);
  const expected = row.reference(arrays, sample.params);
  const type = row.resultDType(dtype, sample.params);
  sameForm(label, got, expected.shape, type);
  const numbers = got.toTypedArray();
  const reference = expected.data.map((x) => held(x, type));
  if (row.nearness === "exact" || type === "int32" || type === "bool") equalNumbers(label, numbers, reference);
  else if (row.nearness === "terms") {
    const unit = type === "float32" ? 2 ** -23 : 2 ** -52;
    const finite = arrays.flatMap((a) => a.data.filter(Number.isFinite));
    near(label, numbers, reference, {
      atol: sample.valueOnly === true ? 0 : 4 * unit * scaleOf(finite),
      rtol: 4 * unit,
    });
  } else withinUlp(label, numbers, reference, row.nearness.ulp, type);
}

/** The method gives the bits of the function. */
export function checkMethod({ row, operands, sample, label }: Case): void {
  const got = invokeMethod(row, operands, sample.params);
  if (got !== null) sameBits(label, got, invoke(row, operands, sample.params));
}

/** Runs `body` and compares every operand with a copy made before. */
export function withUnchangedOperands({ operands, label }: Case, body: () => void): void {
  const before = operands.map((x) =>
    x instanceof Tensor ? { x, shape: [...x.shape], numbers: x.toTypedArray() } : null,
  );
  body();
  for (const saved of before) {
    if (saved === null) continue;
    sameBits(`${label}: an operand afterwards`, saved.x, tensorOf(saved.shape, saved.numbers, saved.x.dtype));
  }
}

/** Operands of a type that the row does not name are refused by the op itself. */
export function checkRefusedType(one: Case): void {
  const { row, dtype, label } = one;
  tally.checks++;
  try {
    invoke(row, one.operands, one.sample.params);
  } catch (error) {
    if (error instanceof DTypeError && error.message.includes(dtype)) return;
    throw new Error(`${label}: refused with ${String(error)}`);
  }
  throw new Error(`${label}: was not refused`);
}

/** Calls with wrong arguments throw what the row says, naming the op and the line of the caller. */
export function checkRefusals(row: Row): void {
  for (const { args, error: Expected, says, op = row.name } of row.errors) {
    tally.checks++;
    const call = `${row.name}(${args.map(shown).join(", ")})`;
    const thrown = caught(() => functionOf(row.name)(...args));
    const found = thrown?.message ?? "nothing";
    if (!(thrown instanceof Expected)) throw new Error(`${call} threw ${found} where ${Expected.name} is expected`);
    if (!thrown.message.includes(says)) throw new Error(`${call} says "${thrown.message}" where "${says}" is expected`);
    const { op: named, at } = thrown as Error & { op: string; at: string | null };
    if (named !== op) throw new Error(`${call} names the op ${named} where ${op} is expected`);
    if (at === null || !at.includes("/test/ops/"))
      throw new Error(`${call} names the line ${String(at)}, not the caller's`);
  }
}

function caught(call: () => unknown): Error | null {
  try {
    call();
    return null;
  } catch (error) {
    return error as Error;
  }
}

function shown(value: unknown): string {
  if (value instanceof Tensor) return `${value.dtype} [${(value as Tensor).shape.join(", ")}]`;
  return value instanceof Promise
    ? "Promise"
    : typeof value === "function"
      ? "function"
      : (JSON.stringify(value) ?? String(value));
}

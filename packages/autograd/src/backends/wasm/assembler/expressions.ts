/**
 * Values inside a WebAssembly function: typed trees of instructions, checked when they are built, written when they are
 * used.
 */

import type { Bytes } from "./bytes.ts";
import {
  extracts,
  loads,
  opcodes,
  readModifyWrites,
  replacements,
  type MemoryOpcode,
  type Opcode,
  type ValueType,
} from "./opcodes.ts";

/** A value that can be computed: where it is used, its instructions are written. Using it twice computes it twice. */
export interface Expression {
  readonly type: ValueType;
  /** The value, where it is a constant of type i32. */
  readonly constant?: number;
  /** Of a constant: equal for equal ones. */
  readonly key?: string;
  /** True if it computes the same again from the same variables: it reads no memory, and calls nothing. */
  readonly pure?: boolean;
  /** About so many cycles pass until it is there; 1 where nothing is said. */
  readonly cycles?: number;
  write(out: Bytes): void;
}

/** A mistake of the emitter itself, never of a user. */
export class EmitError extends Error {
  override readonly name = "EmitError";
}

/** The entry of a table, which the emitter's own code names. */
export function known<T>(table: ReadonlyMap<string, T>, name: string): T {
  const entry = table.get(name);
  if (entry === undefined) throw new EmitError(`no instruction ${name}`);
  return entry;
}

/** Refuses a value of the wrong type. */
export function checkType(what: string, value: Expression, type: ValueType): void {
  if (value.type !== type) throw new EmitError(`${what} takes ${type}, not ${value.type}`);
}

/** About how long an instruction takes, by its name. */
const cycles = new Map<string, number>();

function cyclesOf(name: string): number {
  const known = cycles.get(name);
  if (known !== undefined) return known;
  const found = /\.(div|sqrt)$/.test(name)
    ? 11
    : /^f.*\.(add|sub|mul|relaxed_n?madd|floor|nearest|trunc|ceil)$/.test(name)
      ? 3
      : 1;
  cycles.set(name, found);
  return found;
}

/** An instruction on other values. */
export class Operation implements Expression {
  readonly type: ValueType;
  readonly cycles: number;
  readonly pure: boolean;
  readonly opcode: Opcode;
  readonly operands: readonly Expression[];

  constructor(opcode: Opcode, operands: readonly Expression[], cycles: number, pure: boolean) {
    this.type = opcode.gives;
    this.cycles = cycles;
    this.pure = pure;
    this.opcode = opcode;
    this.operands = operands;
  }

  write(out: Bytes): void {
    const { operands, opcode } = this;
    for (let k = 0; k < operands.length; k++) operands[k]!.write(out);
    out.append(opcode.bytes);
  }
}

/** The result of an instruction on other values. */
export function op(name: string, ...operands: readonly Expression[]): Expression {
  const opcode = known(opcodes, name);
  const { takes } = opcode;
  if (operands.length !== takes.length)
    throw new EmitError(`${name} takes ${takes.length} operands, not ${operands.length}`);
  let [cycles, isPure] = [0, true];
  for (let k = 0; k < operands.length; k++) {
    const operand = operands[k]!;
    checkType(name, operand, takes[k]!);
    if (operand.cycles !== undefined && operand.cycles > cycles) cycles = operand.cycles;
    if (operand.pure !== true) isPure = false;
  }
  return new Operation(opcode, operands, cycles + cyclesOf(name), isPure);
}

/** A constant i32. */
export function i32(value: number): Expression {
  return {
    type: "i32",
    constant: value | 0,
    key: `i${value | 0}`,
    pure: true,
    write(out) {
      out.byte(0x41);
      out.signed(value | 0);
    },
  };
}

/** A constant i64. */
export function i64(value: bigint): Expression {
  return {
    type: "i64",
    write(out) {
      out.byte(0x42);
      out.signed(BigInt.asIntN(64, value));
    },
  };
}

/** A constant f32, rounded from a number. */
export function f32(value: number): Expression {
  return {
    type: "f32",
    key: `f${Object.is(value, -0) ? "-0" : Math.fround(value)}`,
    pure: true,
    write(out) {
      out.byte(0x43);
      out.float32(value);
    },
  };
}

/** A constant f64. */
export function f64(value: number): Expression {
  return {
    type: "f64",
    key: `d${Object.is(value, -0) ? "-0" : value}`,
    pure: true,
    write(out) {
      out.byte(0x44);
      out.float64(value);
    },
  };
}

/** A constant vector of 16 bytes. */
export function v128(bytes: ArrayLike<number>): Expression {
  if (bytes.length !== 16) throw new EmitError(`a vector has 16 bytes, not ${bytes.length}`);
  return {
    type: "v128",
    key: `v${Array.from(bytes).join(".")}`,
    pure: true,
    write(out) {
      out.append([0xfd, 0x0c]);
      out.append(bytes);
    },
  };
}

const bytesOf = (numbers: Float32Array | Float64Array | Int32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(numbers.buffer);

/** A vector that repeats one float32, float64, int32 or int64. */
export const repeated = {
  f32: (value: number): Expression => v128(bytesOf(new Float32Array(4).fill(value))),
  f64: (value: number): Expression => v128(bytesOf(new Float64Array(2).fill(value))),
  i32: (value: number): Expression => v128(bytesOf(new Int32Array(4).fill(value))),
  i64: (value: bigint): Expression => v128(bytesOf(new BigInt64Array(2).fill(value))),
};

/** Writes the immediate operands of a memory instruction. */
export function writeAccess(out: Bytes, { bytes, width }: MemoryOpcode, offset: number): void {
  if (!Number.isInteger(offset) || offset < 0 || offset >= 2 ** 32) throw new EmitError(`an offset of ${offset}`);
  out.append(bytes);
  out.unsigned(Math.log2(width));
  out.unsigned(offset);
}

/** The number in memory at `address + offset`. */
export function load(name: string, address: Expression, offset = 0): Expression {
  const opcode = known(loads, name);
  checkType(name, address, "i32");
  return {
    type: opcode.type,
    write(out) {
      address.write(out);
      writeAccess(out, opcode, offset);
    },
  };
}

/** Changes what lies in memory at once, whatever other threads do; gives what lay there before. */
export function atomic(name: string, address: Expression, value: Expression, offset = 0): Expression {
  const opcode = known(readModifyWrites, name);
  checkType(name, address, "i32");
  checkType(name, value, opcode.type);
  return {
    type: opcode.type,
    write(out) {
      address.write(out);
      value.write(out);
      writeAccess(out, opcode, offset);
    },
  };
}

/** One lane of a vector. */
export function extract(name: string, vector: Expression, lane: number): Expression {
  const [code, type, lanes] = known(extracts, name);
  checkType(name, vector, "v128");
  if (!(lane >= 0 && lane < lanes)) throw new EmitError(`${name} has no lane ${lane}`);
  return {
    type,
    write(out) {
      vector.write(out);
      out.append([0xfd, code, lane]);
    },
  };
}

/** A vector with one lane replaced. */
export function replace(name: string, vector: Expression, lane: number, value: Expression): Expression {
  const [code, type, lanes] = known(replacements, name);
  checkType(name, vector, "v128");
  checkType(name, value, type);
  if (!(lane >= 0 && lane < lanes)) throw new EmitError(`${name} has no lane ${lane}`);
  return {
    type: "v128",
    write(out) {
      vector.write(out);
      value.write(out);
      out.append([0xfd, code, lane]);
    },
  };
}

/** Sixteen bytes picked from the thirty-two of two vectors. */
export function shuffleBytes(a: Expression, b: Expression, lanes: readonly number[]): Expression {
  checkType("i8x16.shuffle", a, "v128");
  checkType("i8x16.shuffle", b, "v128");
  if (lanes.length !== 16 || lanes.some((lane) => !(lane >= 0 && lane < 32)))
    throw new EmitError(`i8x16.shuffle with lanes ${lanes.join(" ")}`);
  return {
    type: "v128",
    write(out) {
      a.write(out);
      b.write(out);
      out.append([0xfd, 0x0d]);
      out.append(lanes);
    },
  };
}

/** Lanes of 4 or 8 bytes picked from two vectors: `[0, 4, 1, 5]` interleaves the lower halves of eight 4-byte lanes. */
export function shuffle(a: Expression, b: Expression, lanes: readonly number[]): Expression {
  const width = 16 / lanes.length;
  return shuffleBytes(
    a,
    b,
    lanes.flatMap((lane) => Array.from({ length: width }, (_, i) => lane * width + i)),
  );
}

/** `a` where the condition is not 0, else `b`; both are computed. */
export function select(condition: Expression, a: Expression, b: Expression): Expression {
  checkType("select", condition, "i32");
  checkType("select", b, a.type);
  return {
    type: a.type,
    write(out) {
      a.write(out);
      b.write(out);
      condition.write(out);
      if (a.type === "v128") out.append([0x1c, 1, 0x7b]);
      else out.byte(0x1b);
    },
  };
}

/** a + b of type i32, constants added beforehand. */
export function plus(a: Expression, b: Expression | number): Expression {
  const right = typeof b === "number" ? i32(b) : b;
  if (a.constant !== undefined && right.constant !== undefined) return i32(a.constant + right.constant);
  if (right.constant === 0) return a;
  if (a.constant === 0) return right;
  return op("i32.add", a, right);
}

/** a · b of type i32, constants multiplied beforehand. */
export function times(a: Expression, b: Expression | number): Expression {
  const right = typeof b === "number" ? i32(b) : b;
  if (a.constant !== undefined && right.constant !== undefined) return i32(Math.imul(a.constant, right.constant));
  if (right.constant === 1) return a;
  if (a.constant === 1) return right;
  if (right.constant === 0 || a.constant === 0) return i32(0);
  const shift = Math.log2(right.constant ?? NaN);
  return Number.isInteger(shift) ? op("i32.shl", a, i32(shift)) : op("i32.mul", a, right);
}

/**
 * A table of what a stretch of straight code has computed already: the same instructions on the same variables are run
 * once.
 */

import type { Local } from "../assembler/body.ts";
import { Operation, type Expression } from "../assembler/expressions.ts";
import type { Opcode } from "../assembler/opcodes.ts";

const FIRST = 64;
/** Of each instruction: its opcode, the numbers of its operands, and 1 + its own. */
const [OPCODE, OPERANDS, NUMBER, COLUMNS] = [0, 1, 4, 5] as const;
/** Stands for an operand that there is not. */
const NONE = -(2 ** 30);

/**
 * Expressions by numbers, equal ones for what computes the same: a text for each would cost more than all else. A
 * variable has its own, a constant or an instruction one below 0.
 */
export class Computed {
  /** Which variables are negations of what. */
  readonly negated = new Map<number, Expression>();
  readonly #constants = new Map<string, number>();
  /** Rows of instructions, found by open addresses. */
  #rows = new Int32Array(COLUMNS * FIRST);
  #count = 0;
  /** The variables that hold what has a number below 0. */
  #locals: (Local | undefined)[] = [];

  /** Forgets everything: the straight code ends. */
  clear(): void {
    this.negated.clear();
    this.#constants.clear();
    if (this.#count > 0) this.#rows.fill(0);
    this.#count = 0;
    this.#locals = [];
  }

  /** The variable that holds what has this number. */
  localOf(number: number): Local | undefined {
    return this.#locals[-1 - number];
  }

  /** Notes that a variable holds what has this number. */
  note(number: number, local: Local): void {
    this.#locals[-1 - number] = local;
  }

  /** The number of an expression without side effects. */
  numberOf(x: Expression): number {
    if ("index" in x) return (x as Local).index;
    if (!(x instanceof Operation)) return this.#constant(x.key!);
    const { operands } = x;
    const a = this.numberOf(operands[0]!);
    const b = operands.length > 1 ? this.numberOf(operands[1]!) : NONE;
    return this.#instruction(codeOf(x.opcode), a, b, operands.length > 2 ? this.numberOf(operands[2]!) : NONE);
  }

  #next(): number {
    this.#locals.push(undefined);
    return -this.#locals.length;
  }

  #constant(key: string): number {
    const found = this.#constants.get(key);
    if (found !== undefined) return found;
    const number = this.#next();
    this.#constants.set(key, number);
    return number;
  }

  #instruction(code: number, a: number, b: number, c: number): number {
    const rows = this.#rows;
    let row = rowOf(rows, code, a, b, c);
    for (; rows[row + NUMBER] !== 0; row = row + COLUMNS === rows.length ? 0 : row + COLUMNS) {
      if (rows[row + OPCODE] !== code || rows[row + OPERANDS] !== a) continue;
      if (rows[row + OPERANDS + 1] === b && rows[row + OPERANDS + 2] === c) return -rows[row + NUMBER]!;
    }
    const number = this.#next();
    rows[row + OPCODE] = code;
    rows[row + OPERANDS] = a;
    rows[row + OPERANDS + 1] = b;
    rows[row + OPERANDS + 2] = c;
    rows[row + NUMBER] = -number;
    if (2 * COLUMNS * ++this.#count > rows.length) this.#grow();
    return number;
  }

  #grow(): void {
    const before = this.#rows;
    const rows = new Int32Array(4 * before.length);
    for (let from = 0; from < before.length; from += COLUMNS) {
      if (before[from + NUMBER] === 0) continue;
      const [code, a, b, c] = before.subarray(from, from + NUMBER) as unknown as [number, number, number, number];
      let row = rowOf(rows, code, a, b, c);
      while (rows[row + NUMBER] !== 0) row = row + COLUMNS === rows.length ? 0 : row + COLUMNS;
      for (let k = 0; k < COLUMNS; k++) rows[row + k] = before[from + k]!;
    }
    this.#rows = rows;
  }
}

/** The place where a row belongs, if nothing else stands there; there are 2ⁿ of them. */
function rowOf(rows: Int32Array, code: number, a: number, b: number, c: number): number {
  let hash = Math.imul(code ^ 0x7ed55d16, 0x9e3779b1);
  hash = Math.imul(hash ^ a, 0x85ebca6b) ^ (hash >>> 15);
  hash = Math.imul(hash ^ b, 0x85ebca6b) ^ (hash >>> 15);
  hash = Math.imul(hash ^ c, 0x85ebca6b) ^ (hash >>> 15);
  return COLUMNS * ((hash ^ (hash >>> 16)) & (rows.length / COLUMNS - 1));
}

/** An opcode as one number. */
function codeOf({ bytes }: Opcode): number {
  return bytes[0]! | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16);
}

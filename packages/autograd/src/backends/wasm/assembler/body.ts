/** The body of a WebAssembly function: locals, assignments, stores, and structured loops and branches. */

import { Bytes } from "./bytes.ts";
import { checkType, EmitError, i32, known, op, plus, writeAccess, type Expression } from "./expressions.ts";
import { laneStores, stores, typeBytes, type ValueType } from "./opcodes.ts";
import { Statements } from "./straight.ts";

/** A variable of a function; as an expression, its value. */
export interface Local extends Expression {
  readonly index: number;
}

class Variable implements Local {
  readonly type: ValueType;
  readonly index: number;
  readonly pure = true;
  readonly #statements: Statements;

  constructor(type: ValueType, index: number, statements: Statements) {
    this.type = type;
    this.index = index;
    this.#statements = statements;
  }

  write(out: Bytes): void {
    this.#statements.read(this.index);
    out.byte(0x20);
    out.unsigned(this.index);
  }
}

/** A function that can be called: imported, or of the same module. */
export interface Callee {
  readonly name: string;
  readonly index: number;
  readonly takes: readonly ValueType[];
  readonly gives: ValueType | null;
}

/** Writes one function. */
export class Body {
  readonly #code = new Bytes();
  /** Statements of straight code that wait for their order, as code and as what is known of them. */
  readonly #waiting = new Bytes();
  readonly #statements = new Statements();
  /** The depth at which statements wait, or -1. */
  #straight = -1;
  /** The beginning of the statement that is being written. */
  #from = 0;
  readonly #locals: ValueType[] = [];
  /** Constants that stand in variables, by their keys, and the code that sets these. */
  readonly #constants = new Map<string, Local>();
  readonly #head = new Bytes();
  readonly #parameters: readonly Local[];
  /** Blocks around the place that is being written. */
  #depth = 0;

  constructor(parameters: readonly ValueType[]) {
    this.#parameters = parameters.map((type, index) => this.#asLocal(type, index));
  }

  #asLocal(type: ValueType, index: number): Local {
    return new Variable(type, index, this.#statements);
  }

  /** The code, behind all that waited. */
  get #out(): Bytes {
    if (!this.#statements.isEmpty) {
      this.#statements.inOrder((from, to) => this.#code.appendPart(this.#waiting, from, to));
      this.#statements.clear();
      this.#waiting.clear();
    }
    return this.#code;
  }

  /** Straight code: assignments and stores in it are put in an order in which what takes long begins early. */
  straight(write: () => void): void {
    this.#straight = this.#depth;
    this.#statements.areNoted = true;
    write();
    this.#straight = -1;
    this.#statements.areNoted = false;
  }

  /**
   * Gives the bytes into which a statement that begins is written: where it waits for its place, or behind all others.
   */
  #begin(): Bytes {
    if (this.#straight !== this.#depth) return this.#out;
    this.#statements.begin();
    this.#from = this.#waiting.length;
    return this.#waiting;
  }

  /** Ends a statement, as `Statements.add` says. */
  #end(writes: number | null, memory: "load" | "store" | null, cycles: number): void {
    if (this.#straight === this.#depth) this.#statements.add(this.#from, this.#waiting.length, writes, memory, cycles);
  }

  parameter(k: number): Local {
    const local = this.#parameters[k];
    if (local === undefined) throw new EmitError(`there is no parameter ${k}`);
    return local;
  }

  /** A new variable, 0 at first. */
  local(type: ValueType): Local {
    this.#locals.push(type);
    return this.#asLocal(type, this.#parameters.length + this.#locals.length - 1);
  }

  /** A new variable with a value: how a value is used more than once. */
  let(value: Expression): Local {
    const local = this.local(value.type);
    this.set(local, value);
    return local;
  }

  /**
   * A constant vector as a variable, which is set where the function begins, once however often it is asked for. V8
   * writes a constant that stands in a loop as three instructions at each use; a variable is at worst read from the
   * stack.
   */
  constant(value: Expression): Local {
    const { key } = value;
    if (key === undefined) throw new EmitError("a constant has a key");
    const found = this.#constants.get(key);
    if (found !== undefined) return found;
    const local = this.local(value.type);
    value.write(this.#head);
    this.#head.byte(0x21);
    this.#head.unsigned(local.index);
    this.#constants.set(key, local);
    return local;
  }

  set(local: Local, value: Expression): void {
    checkType("local.set", value, local.type);
    const out = this.#begin();
    value.write(out);
    out.byte(0x21);
    out.unsigned(local.index);
    this.#end(local.index, value.pure === true ? null : "load", value.cycles ?? 1);
  }

  store(name: string, address: Expression, value: Expression, offset = 0): void {
    const opcode = known(stores, name);
    checkType(name, address, "i32");
    checkType(name, value, opcode.type);
    const out = this.#begin();
    address.write(out);
    value.write(out);
    writeAccess(out, opcode, offset);
    this.#end(null, "store", 1);
  }

  /** Stores one lane of a vector. */
  storeLane(name: string, address: Expression, vector: Expression, lane: number, offset = 0): void {
    const opcode = known(laneStores, name);
    checkType(name, address, "i32");
    checkType(name, vector, "v128");
    address.write(this.#out);
    vector.write(this.#out);
    writeAccess(this.#out, opcode, offset);
    this.#out.byte(lane);
  }

  /** Copies bytes; the two ranges may overlap. */
  copyMemory(to: Expression, from: Expression, count: Expression): void {
    for (const operand of [to, from, count]) {
      checkType("memory.copy", operand, "i32");
      operand.write(this.#out);
    }
    this.#out.append([0xfc, 0x0a, 0, 0]);
  }

  /** Fills bytes with the lowest byte of a value. */
  fillMemory(to: Expression, value: Expression, count: Expression): void {
    for (const operand of [to, value, count]) {
      checkType("memory.fill", operand, "i32");
      operand.write(this.#out);
    }
    this.#out.append([0xfc, 0x0b, 0]);
  }

  /** Calls a function for its effect; what it gives is dropped. */
  call(callee: Callee, ...operands: readonly Expression[]): void {
    const value = callOf(callee, operands);
    value.write(this.#out);
    if (callee.gives !== null) this.#out.byte(0x1a);
  }

  if(condition: Expression, then: () => void, otherwise?: () => void): void {
    checkType("if", condition, "i32");
    condition.write(this.#out);
    this.#nest(0x04, () => {
      then();
      if (otherwise !== undefined) {
        this.#out.byte(0x05);
        otherwise();
      }
    });
  }

  /** A block that `leave()` jumps out of. */
  block(body: (leave: (condition?: Expression) => void) => void): void {
    this.#nest(0x02, () => body(this.#jump()));
  }

  /** A block that `again()` jumps back to the beginning of; it ends where nothing jumps. */
  loop(body: (again: (condition?: Expression) => void) => void): void {
    this.#nest(0x03, () => body(this.#jump()));
  }

  /** Runs the body while the condition holds, which is looked at first. */
  while(condition: Expression, body: () => void): void {
    this.if(condition, () =>
      this.loop((again) => {
        body();
        again(condition);
      }),
    );
  }

  /** Counts `i` from one value in steps up to but not including another, which must not change meanwhile. */
  for(i: Local, from: Expression, to: Expression, step: number, body: () => void): void {
    this.set(i, from);
    if (from.constant !== undefined && to.constant !== undefined) {
      if (from.constant >= to.constant) return;
      if (from.constant + step >= to.constant) return body();
      return this.loop((again) => {
        body();
        this.set(i, plus(i, step));
        again(op("i32.lt_s", i, to));
      });
    }
    this.while(op("i32.lt_s", i, to), () => {
      body();
      this.set(i, plus(i, i32(step)));
    });
  }

  return(): void {
    this.#out.byte(0x0f);
  }

  /** The value that the function gives, left on the stack at its end. */
  result(value: Expression): void {
    value.write(this.#out);
  }

  #nest(code: number, body: () => void): void {
    this.#out.append([code, 0x40]);
    this.#depth++;
    body();
    this.#depth--;
    this.#out.byte(0x0b);
  }

  /** A jump to the block that is being written now, from wherever it is used inside. */
  #jump(): (condition?: Expression) => void {
    const target = this.#depth;
    return (condition) => {
      if (condition !== undefined) {
        checkType("br_if", condition, "i32");
        condition.write(this.#out);
      }
      this.#out.byte(condition === undefined ? 0x0c : 0x0d);
      this.#out.unsigned(this.#depth - target);
    };
  }

  /** The body as the code section holds it. */
  finish(): Bytes {
    const out = new Bytes();
    const groups: [ValueType, number][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.[0] === type) last[1]++;
      else groups.push([type, 1]);
    }
    out.unsigned(groups.length);
    for (const [type, count] of groups) {
      out.unsigned(count);
      out.byte(typeBytes[type]);
    }
    out.append(this.#head.view());
    out.append(this.#out.view());
    out.byte(0x0b);
    return out;
  }
}

/** The result of a function for operands. */
export function callOf(callee: Callee, operands: readonly Expression[]): Expression {
  if (operands.length !== callee.takes.length)
    throw new EmitError(`${callee.name} takes ${callee.takes.length} operands, not ${operands.length}`);
  operands.forEach((operand, k) => checkType(callee.name, operand, callee.takes[k]!));
  return {
    type: callee.gives ?? "i32",
    write(out) {
      for (const operand of operands) operand.write(out);
      out.byte(0x10);
      out.unsigned(callee.index);
    },
  };
}

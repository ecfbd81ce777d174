/**
 * Functions and loops made from formulas over lanes at run time, so that the engine sees one expression and not a call
 * for each entry.
 */

import type { Elements } from "../graph/dtype.ts";
import type { LaneOperand } from "./lanes/forms.ts";
import type { Lanes, LaneType } from "./lanes/lanes.ts";
import { numberLanes } from "./lanes/number-lanes.ts";
import { SourceLanes, sourceScope, writeSource, type Term } from "./lanes/source-lanes.ts";
import { externals } from "./special.ts";

/** A formula in one type, with what it takes: an operand of type bool is a condition. */
export interface Entry {
  readonly type: LaneType;
  readonly operands: readonly ("number" | "condition")[];
  readonly read: <V, M>(l: Lanes<V, M>, operands: readonly LaneOperand<V, M>[]) => LaneOperand<V, M>;
}

/**
 * Fills `out[at … at+count)`; each operand is three arguments: its memory, its offset, and its step (0 repeats one
 * number).
 */
export type StridedLoop = (
  out: Elements,
  at: number,
  count: number,
  ...operands: readonly (Elements | number)[]
) => void;

/** A function of plain numbers; conditions are 0 and 1. */
export type NumberFunction = (...operands: number[]) => number;

/** The formula as source over the variables `a`, `b`, …, and which of them it reads. */
interface EntrySource {
  readonly statements: string;
  readonly result: string;
  readonly names: readonly string[];
  readonly used: readonly string[];
  readonly callsHost: boolean;
  /** How many operations it takes. */
  readonly operations: number;
}

const letters = ["a", "b", "c", "d", "e"] as const;

function sourceOf({ type, operands, read }: Entry): EntrySource {
  const l = new SourceLanes(type);
  const names = letters.slice(0, operands.length);
  const variables = names.map((name, k): LaneOperand<Term, Term> => {
    const x = l.variable(name);
    return operands[k] === "number" ? { value: x } : { mask: l.variable(`(${name} !== 0)`) };
  });
  const answer = read(l, variables);
  const { statements, result, operations } = writeSource("value" in answer ? answer.value : l.fromMask(answer.mask));
  const text = `${statements} ${result}`;
  return {
    statements,
    result,
    names,
    used: names.filter((name) => new RegExp(`\\b${name}\\b`).test(text)),
    callsHost: l.callsHost,
    operations,
  };
}

/** The cost of a formula: so many operations, and perhaps a call of the host. */
export function costOf(entry: Entry): Pick<EntrySource, "operations" | "callsHost"> {
  return sourceOf(entry);
}

/**
 * A loop for memory that is walked in order, which is the usual case, and one for any steps; what is not read is not
 * looked at.
 */
function loopSource({ statements, result, names, used }: EntrySource): string {
  const parameters = names.map((name) => `${name}s, ${name}At, ${name}Step`).join(", ");
  const reads = (place: (name: string) => string): string =>
    used.map((name) => `const ${name} = ${name}s[${place(name)}];`).join(" ");
  const inOrder = used.map((name) => `${name}Step === 1`).join(" && ") || "true";
  const steps = used.map((name) => `${name}At += ${name}Step;`).join(" ");
  return `return function loop(out, at, count, ${parameters}) {
    if (${inOrder}) {
      for (let i = 0; i < count; i++) { ${reads((name) => `${name}At + i`)} ${statements} out[at + i] = ${result}; }
      return;
    }
    for (let i = 0; i < count; i++) { ${reads((name) => `${name}At`)} ${statements} out[at + i] = ${result}; ${steps} }
  };`;
}

function functionSource({ statements, result, names }: EntrySource): string {
  return `return function entry(${names.join(", ")}) { ${statements} return ${result}; };`;
}

/** The same function without generated code: the formula read with numbers at every call. */
function interpretedFunction({ type, operands, read }: Entry): NumberFunction {
  const l = numberLanes(type, externals);
  return (...numbers) => {
    const answer = read(
      l,
      operands.map((kind, k): LaneOperand<number, boolean> =>
        kind === "number" ? { value: numbers[k]! } : { mask: numbers[k] !== 0 },
      ),
    );
    return "value" in answer ? answer.value : answer.mask ? 1 : 0;
  };
}

function interpretedLoop(entry: Entry): StridedLoop {
  const compute = interpretedFunction(entry);
  return (out, at, count, ...operands) => {
    const memory = entry.operands.map((_, k) => operands[3 * k] as Elements);
    const offsets = entry.operands.map((_, k) => operands[3 * k + 1] as number);
    const steps = entry.operands.map((_, k) => operands[3 * k + 2] as number);
    for (let i = 0; i < count; i++) {
      out[at + i] = compute(...memory.map((numbers, k) => numbers[offsets[k]! + i * steps[k]!]!));
    }
  };
}

/**
 * The make-up of a formula: the operands that it looks at, how many operations, and whether the host is called for
 * every entry.
 */
export interface Makeup {
  readonly used: readonly number[];
  readonly operations: number;
  readonly callsHost: boolean;
}

/** Finds the make-up of a formula. */
export function makeupOf(entry: Entry): Makeup {
  const { names, used, operations, callsHost } = sourceOf(entry);
  return { used: names.flatMap((name, k) => (used.includes(name) ? [k] : [])), operations, callsHost };
}

let generate = true;

/** True if loops are generated; not so where a page's policy forbids it, once that was seen. */
export function generatesLoops(): boolean {
  return generate;
}

/** Turns generated code off or on, so that the tests can run both ways; returns the former setting. */
export function setGeneratedLoops(enabled: boolean): boolean {
  const former = generate;
  generate = enabled;
  return former;
}

const scopeNames = ["host", ...Object.keys(sourceScope)];
const scopeValues = [externals, ...Object.values(sourceScope)];

/** Gives what a source evaluates to, or `null` where a page's policy forbids generated code. */
export function generated<T>(source: () => string): T | null {
  if (!generate) return null;
  const text = source();
  let factory: (...scope: unknown[]) => T;
  try {
    // Each call of the constructor gives code with type feedback of its own.
    factory = new Function(...scopeNames, text) as (...scope: unknown[]) => T;
  } catch {
    generate = false;
    return null;
  }
  return factory(...scopeValues);
}

/** A loop that computes a formula entry by entry. */
export function makeLoop(entry: Entry): StridedLoop {
  return generated<StridedLoop>(() => loopSource(sourceOf(entry))) ?? interpretedLoop(entry);
}

/** A function that computes a formula for numbers. */
export function makeFunction(entry: Entry): NumberFunction {
  return generated<NumberFunction>(() => functionSource(sourceOf(entry))) ?? interpretedFunction(entry);
}

/** Loops over memory, one made for each op and type of numbers, so that the engine inlines the op's function into its own loop. */

import type { Elements } from "../graph/dtype.ts";

/**
 * What the body of a loop computes from the operands of one position.
 * `value`: f(a, b, …). `partial`: g · p(a, …, y), where a cotangent of exactly 0 has no influence even if p is not finite.
 * `gate`: g where the condition c(a, …, y) holds, else 0. `dropped`: like `partial`, where p = 0 has no influence either.
 */
export type Body = "value" | "partial" | "gate" | "dropped";

/**
 * Fills `out[at … at+count)`; each operand is three arguments: its memory, its offset, and its step (0 repeats one number).
 */
export type StridedLoop = (out: Elements, at: number, count: number, ...operands: readonly (Elements | number)[]) => void;

/** A function of numbers, or of an algebra and numbers. */
type Scalars = (...operands: never[]) => number;

const letters = ["a", "b", "c", "d", "e"] as const;

/** The statement that computes one position from the numbers of the operands. */
function statement(body: Body, numbers: readonly string[]): string {
  const rest = numbers.slice(1).join(", ");
  return {
    value: `out[at + i] = f(${numbers.join(", ")});`,
    partial: `const g = ${numbers[0]!}; const p = f(m, ${rest}); out[at + i] = g === 0 && p - p !== 0 ? 0 : g * p;`,
    gate: `out[at + i] = f(m, ${rest}) ? ${numbers[0]!} : 0;`,
    dropped: `const g = ${numbers[0]!}; const p = f(m, ${rest}); out[at + i] = g === 0 && p - p !== 0 || p === 0 && g - g !== 0 ? 0 : g * p;`,
  }[body];
}

/** The source of a loop over `arity` operands: one for memory walked in order, which is the usual case, and one for any steps. */
function source(body: Body, arity: number): string {
  const names = letters.slice(0, arity);
  const parameters = names.map((name) => `${name}, ${name}At, ${name}Step`).join(", ");
  const dense = statement(body, names.map((name) => `${name}[${name}At + i]`));
  const strided = statement(body, names.map((name) => `${name}[${name}At]`));
  const inOrder = names.map((name) => `${name}Step === 1`).join(" && ");
  const steps = names.map((name) => `${name}At += ${name}Step;`).join(" ");
  return `return function loop(out, at, count, ${parameters}) {
    if (${inOrder}) { for (let i = 0; i < count; i++) { ${dense} } return; }
    for (let i = 0; i < count; i++) { ${strided} ${steps} }
  };`;
}

/** The same loop without generated code, for pages whose policy forbids it. */
function interpreted(body: Body, arity: number, f: Scalars, m: unknown): StridedLoop {
  const call = f as (...operands: unknown[]) => number;
  const compute = {
    value: (...numbers: number[]): number => call(...numbers),
    partial: (g: number, ...rest: number[]): number => {
      const p = call(m, ...rest);
      return g === 0 && p - p !== 0 ? 0 : g * p;
    },
    gate: (g: number, ...rest: number[]): number => (call(m, ...rest) !== 0 ? g : 0),
    dropped: (g: number, ...rest: number[]): number => {
      const p = call(m, ...rest);
      return (g === 0 && p - p !== 0) || (p === 0 && g - g !== 0) ? 0 : g * p;
    },
  }[body] as (...numbers: number[]) => number;
  return (out, at, count, ...operands) => {
    const memory = letters.slice(0, arity).map((_, k) => operands[3 * k] as Elements);
    const offsets = memory.map((_, k) => operands[3 * k + 1] as number);
    const steps = memory.map((_, k) => operands[3 * k + 2] as number);
    for (let i = 0; i < count; i++) {
      out[at + i] = compute(...memory.map((numbers, k) => numbers[offsets[k]! + i * steps[k]!]!));
    }
  };
}

let generate = true;

/** Turns generated loops off or on, so that the tests can run both ways; returns the former setting. */
export function setGeneratedLoops(enabled: boolean): boolean {
  const former = generate;
  generate = enabled;
  return former;
}

/** A loop that computes `body` with `f` over `arity` operands; `m` is the algebra that a formula is read in. */
export function makeLoop(body: Body, arity: number, f: Scalars, m: unknown): StridedLoop {
  if (generate) {
    try {
      // Each call of the constructor gives code with type feedback of its own; a shared loop would call `f` blindly.
      const factory = new Function("f", "m", source(body, arity)) as (f: Scalars, m: unknown) => StridedLoop;
      return factory(f, m);
    } catch {
      generate = false;
    }
  }
  return interpreted(body, arity, f, m);
}

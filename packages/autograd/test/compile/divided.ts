/** Programs of which every kernel is divided, however small. */

import type { Tensor } from "../../src/index.ts";
import { compileFrom, type Compiled, type CompileOptions } from "../../src/transforms/compile.ts";

/** Compiles a function into programs that divide every kernel between the threads that are ready. */
export function compileDivided<P extends readonly unknown[] = readonly Tensor[], R = unknown>(
  f: (...args: P) => R,
  options: CompileOptions = {},
): Compiled<P, R> {
  return compileFrom(f as (...args: never[]) => unknown, options, { alone: 0, beside: 0 }) as unknown as Compiled<P, R>;
}

/**
 * Runs a function of tensors many times: itself, and compiled from where it has run for long enough to pay for that.
 */

import { isAutogradError } from "../errors.ts";
import { elementsOf } from "../graph/read.ts";
import { isWatching } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { obstacleToPrograms } from "../backends/wasm/host.ts";
import { option, type OptionKind } from "../options.ts";
import { compile } from "../transforms/compile.ts";

/**
 * `true`: compiled at the first call, and what cannot be compiled is an error. `false`: never. `"auto"`: compiled where
 * it has run for a tenth of a second and can be; a program has the bits of the function itself, so that nothing else
 * changes.
 */
export type CompileChoice = "auto" | boolean;

export const compileOption: OptionKind = {
  takes: 'true, false or "auto"',
  type: "boolean",
  accepts: (value) => value === "auto" || option.flag.accepts(value),
};

/** A list of tensors in, a list of tensors out. */
export type ListFunction = (...given: readonly Tensor[]) => readonly Tensor[];

/** How long a function runs by itself before compiling it is tried, in milliseconds. */
const PATIENCE = 100;

/**
 * Returns the function as it is to be called.
 *
 * @param name - what its program is called, in messages
 * @param choice - whether to compile it
 * @param now - a clock, in milliseconds
 */
export function runnerOf(
  name: string,
  f: ListFunction,
  choice: CompileChoice,
  now = (): number => performance.now(),
): ListFunction {
  const named = { [name]: (...given: readonly Tensor[]) => f(...given) }[name]!;
  if (choice === false) return f;
  if (choice === true) return compile(named) as ListFunction;
  let spent = 0;
  let program: ListFunction | null = null;
  return (...given) => {
    if (program !== null) return program(...given);
    const begun = now();
    const found = f(...given);
    spent += now() - begun;
    if (spent > PATIENCE && tracing() === null && !isWatching()) {
      spent = -Infinity;
      program = programOf(named, given, found);
    }
    return found;
  };
}

/** The compiled function, where it can be compiled and gives what the function itself has given; `null` elsewhere. */
function programOf(f: ListFunction, given: readonly Tensor[], found: readonly Tensor[]): ListFunction | null {
  if (obstacleToPrograms() !== null) return null;
  try {
    const program = compile(f) as ListFunction;
    return program(...given).every((x, k) => isSame(x, found[k]!)) ? program : null;
  } catch (error) {
    // What reads numbers on its way has no program, and runs as it is.
    if (isAutogradError(error)) return null;
    throw error;
  }
}

/** The roundings of float32, which may be grouped otherwise. */
const NEAR = 2 ** -20;

function isSame(a: Tensor, b: Tensor): boolean {
  const [x, y] = [elementsOf(a), elementsOf(b)];
  let largest = 0;
  for (const value of y) largest = Math.max(largest, Math.abs(value));
  const most = b.dtype === "float32" ? NEAR * largest : 0;
  return x.every((value: number, i: number) => Object.is(value, y[i]) || Math.abs(value - y[i]!) <= most);
}

/** compile: a function traced once for the shapes it is called with, then run as one WebAssembly program. */

import { wasm as backend } from "../backends/wasm/backend.ts";
import { explainProgram, type ProgramReport } from "../compile/explain.ts";
import { callPlainly, explainObstacle, obstacleNow } from "../compile/fallback.ts";
import { LEAST_WORK, type LeastWork } from "../compile/schedule/partitioning.ts";
import { specialize, type Specialized } from "../compile/specialize.ts";
import { flatten, type Flattened } from "../compile/signature.ts";
import { verifyCall } from "../compile/verify.ts";
import { GraphError } from "../errors.ts";
import { isTracked, isWatching } from "../graph/record.ts";
import { lookAt, running } from "../graph/runs.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { nativeProducts } from "../kernels/native.ts";
import "../backends/wasm/eager/load.ts";
import { tracing } from "../graph/tracing.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { checkFunction, type AnyFunction } from "./trace.ts";
import type { LooseAll } from "./tree.ts";

/** How a function is compiled. */
export interface CompileOptions {
  /**
   * True if a · b + c may be rounded once, where the engine can: faster products of matrices, and results that may
   * differ from the function's own in the last bits. Off where nothing is said: then every bit is the same.
   */
  readonly fusedMultiplyAdd?: boolean;
  /**
   * On how many threads large kernels run: as many as there are cores, 8 at most, where nothing is said. Every bit is
   * the same with any number. In a page that is not cross-origin isolated there is one.
   */
  readonly threads?: number | "auto";
  /**
   * Compare every call with the function itself, bit by bit, or within a bound with `fusedMultiplyAdd` or a BLAS. Slow:
   * for hunting.
   */
  readonly verify?: boolean;
}

const compileKinds: OptionKinds<CompileOptions> = {
  fusedMultiplyAdd: option.flag,
  threads: option.checkedLater,
  verify: option.flag,
};

/** Options for what is said of a program. */
export interface ExplainOptions {
  /** How often each kernel is run to time it; 0 where nothing is said. */
  readonly runs?: number;
  /**
   * True if the text is to say how long each stage took in which the program was made: trace, ir, passes, schedule,
   * backend.
   */
  readonly stages?: boolean;
}

const explainKinds: OptionKinds<ExplainOptions> = { runs: option.whole(0), stages: option.flag };

/** A compiled function. */
export type Compiled<P extends readonly unknown[], R> = ((...args: LooseAll<P>) => R) & {
  /** How many programs it keeps: one for each combination of shapes and types that it was called with. */
  readonly programs: () => number;
  /**
   * The make-up of the program that was used last: its kernels, their sizes and memory, and with `runs` how long each
   * takes. Its text is made for a terminal.
   *
   * @throws GraphError (`NOT_TRACED`) before the first call
   */
  readonly explain: (options?: ExplainOptions) => ProgramReport;
  /**
   * Gives the memory of its programs back at once, which else waits until the engine finds that nothing
   * refers to the function.
   * Results and variables keep their values; a later call makes a program anew.
   */
  readonly dispose: () => void;
};

/** So many programs are kept; the one that was used longest ago goes first. */
const MOST_PROGRAMS = 32;

/**
 * Compiles a function of tensors, with whatever derivatives it takes inside. It is traced once for each combination of
 * shapes and types that it is called with: the ops that it calls become one program, which every later call runs. So
 * what it does beside calling ops (printing, counting, reading a clock) happens when it is traced, and numbers that it
 * captures are constants of the program; what is to change from call to call is an argument or a {@link variable}.
 *
 * Inside `grad` and other transforms, in anomaly mode, and inside another compiled function, the function itself runs;
 * also where WebAssembly is not to be had, which a warning and `explain` say once.
 *
 * @param f - takes and gives tensors, numbers, and objects and arrays of them; other arguments belong to the signature
 * @param options - `fusedMultiplyAdd`, `threads`, `verify`
 * @returns a function of the same arguments; numbers that `f` gives as tensors come as tensors
 * @throws ConfigError for a number of threads that is none; a call: WorkerCrashError where a thread is lost
 * @throws GraphError (`TRACED`) where `f` reads a value, (`NOT_COMPILABLE`) where an op cannot be compiled, with the op
 * and the line
 *
 * @example
 * const step = compile(grad((x: Tensor<[2]>) => sum(mul(x, x))))
 * step(tensor([1, 2])).toArray() // => [2, 4]
 */
export function compile<P extends readonly unknown[] = readonly Tensor[], R = unknown>(
  f: (...args: P) => R,
  options?: CompileOptions,
): Compiled<P, R>;
export function compile(
  f: AnyFunction,
  options?: CompileOptions,
  extra?: unknown,
): Compiled<readonly unknown[], unknown> {
  checkFunction("compile", f);
  const how =
    "compile(f, { fusedMultiplyAdd, threads, verify }), and then the function that it gives with the arguments";
  refuseExtra("compile", extra, how);
  return compileFrom(f, checkOptions("compile", options, compileKinds, { call: how }), LEAST_WORK);
}

/** Compiles a function for options that have been checked, with kernels divided from so much work on. */
export function compileFrom(
  f: AnyFunction,
  { fusedMultiplyAdd = false, threads: wanted = "auto", verify = false }: CompileOptions,
  leastWork: LeastWork,
): Compiled<readonly unknown[], unknown> {
  const name = f.name === "" ? "compile" : f.name;
  const plain = f as (...args: readonly unknown[]) => unknown;
  const fused = fusedMultiplyAdd && backend.canFuse();
  const threads = backend.threadsOf(wanted);
  /** The one that was used last comes first. */
  const programs: Kept[] = [];
  const call = (...args: readonly unknown[]): unknown => {
    if (tracing() !== null || isWatching()) return plain(...args);
    if (obstacleNow(name, backend) !== null) return callPlainly(name, plain, args);
    let leaves: readonly (Tensor | number)[] | null = null;
    let at = 0;
    const native = nativeProducts();
    let signature: Flattened | null = null;
    for (; at < programs.length; at++) {
      // A program is made with a library for products, or without; with another it is another.
      if (programs[at]!.program.options.native !== native) continue;
      leaves = programs[at]!.signature.match(args);
      if (leaves === null) continue;
      const { lease } = programs[at]!.program;
      if (!lease.isOpen) {
        // It was given up where memory was short; a new one takes its place.
        programs.splice(at, 1);
        leaves = null;
        lease.miss();
      }
      break;
    }
    if (leaves === null) signature = flatten(name, "argument ", args, true);
    const given = leaves ?? signature!.leaves;
    for (let k = 0; k < given.length; k++) {
      const leaf = given[k]!;
      if (typeof leaf !== "number" && leaf.node !== null && isTracked(leaf)) return plain(...args);
    }
    if (running !== null) lookAt(given.filter(isTensor), "op");
    if (signature !== null) {
      const made = specialize(name, plain, signature, { fused, native, threads, leastWork }, backend);
      programs.unshift(Object.assign(made, { signature }));
      if (programs.length > MOST_PROGRAMS) programs.pop()!.program.lease.end();
    } else if (at > 0) programs.unshift(...programs.splice(at, 1));
    const used = programs[0]!;
    if (!verify) return used.call(given);
    // The function itself may make programs of others.
    return used.program.lease.keepDuring(() =>
      verifyCall(name, used, given, () => plain(...args), fused || native !== null),
    );
  };
  return withMethods(call, name, programs);
}

/** A program, and the arguments that it serves. */
type Kept = Specialized & { readonly signature: Flattened };

/** The compiled function with its name, what it says of its programs, and the way to let them go. */
function withMethods(
  call: (...args: readonly unknown[]) => unknown,
  name: string,
  programs: Kept[],
): Compiled<readonly unknown[], unknown> {
  const explain = (asked?: ExplainOptions, more?: unknown): ProgramReport => {
    refuseExtra("explain", more, "explain({ runs, stages })");
    const { runs = 0, stages = false } = checkOptions("explain", asked, explainKinds, {
      call: "explain({ runs, stages })",
    });
    const obstacle = obstacleNow(name, backend);
    if (obstacle !== null) return explainObstacle(obstacle);
    const last = programs.find(({ program }) => program.lease.isOpen);
    if (last === undefined)
      throw new GraphError({
        op: name,
        problem: "there is no program yet",
        hint: "call the compiled function first",
        code: "NOT_TRACED",
      });
    return explainProgram(last, runs, stages);
  };
  // `console.log` prints this in Node.
  const show = (): string => `compiled ${name} (${programs.length} ${programs.length === 1 ? "program" : "programs"})`;
  Object.defineProperty(call, Symbol.for("nodejs.util.inspect.custom"), { configurable: true, value: show });
  Object.defineProperty(call, "name", { configurable: true, value: name });
  return Object.assign(call, {
    programs: () => programs.filter(({ program }) => program.lease.isOpen).length,
    explain,
    dispose: () => {
      for (const { program } of programs.splice(0)) program.lease.end();
    },
  });
}

/**
 * What a function is compiled to, as text and bytes that depend neither on the machine nor on what was compiled before.
 */

import type { Backend, Executable, Lease, Place, Residence } from "../../src/backends/backend.ts";
import { emitProgram } from "../../src/backends/wasm/emit/program.ts";
import { scratchOf } from "../../src/backends/wasm/emit/scratch.ts";
import { LEAST_WORK } from "../../src/compile/schedule/partitioning.ts";
import { buildProgram, type ProgramOptions } from "../../src/compile/program.ts";
import { flatten } from "../../src/compile/signature.ts";
import { textOf } from "./ir-text.ts";

/** The values of a program, and its module. */
export interface Recorded {
  readonly ir: string;
  readonly bytes: Uint8Array;
}

const nothing = (): void => undefined;

const never = (): never => {
  throw new Error("a recorded program is not run");
};

/** A backend of which nothing runs: it gives addresses, always the same ones, and keeps the module. */
class Recorder implements Backend {
  readonly name = "WebAssembly, recorded";
  readonly scratchOf = scratchOf;
  bytes = new Uint8Array();
  #next = 1344;
  /** States lie beside all else. */
  #nextState = 2 ** 26;

  obstacle(): null {
    return null;
  }

  whyOneThread(): null {
    return null;
  }

  canFuse(): boolean {
    return true;
  }

  threadsOf(setting: number | "auto"): number {
    return setting === "auto" ? 1 : setting;
  }

  available(threads: number): number {
    return threads;
  }

  lease(ended: () => void): Lease {
    const allocate = (bytes: number): number => {
      const start = this.#next;
      this.#next += 64 * Math.max(1, Math.ceil(bytes / 64));
      return start;
    };
    const kept = { follow: nothing, makeDispensable: nothing, touch: nothing, miss: nothing };
    return { ...kept, isOpen: true, allocate, keepDuring: (body) => body(), end: ended };
  }

  residence(_: string, count: number): Residence {
    const start = (this.#nextState += 64 * count);
    return { enter: nothing, leave: nothing, address: () => start, write: never, copy: never };
  }

  place(_: string, address: number): Place {
    return { address, view: never, copy: never };
  }

  compile(program: Parameters<Backend["compile"]>[0]): Executable {
    const allocate = (bytes: number): number => program.lease.allocate(bytes, program.name);
    this.bytes = emitProgram(program, { shared: true, allocate }).bytes;
    return { codeBytes: this.bytes.length, run: never, timeKernels: never };
  }
}

/** Compiles a function for arguments. */
export function record(
  f: (...args: never[]) => unknown,
  args: readonly unknown[],
  options: Partial<ProgramOptions> = {},
): Recorded {
  const backend = new Recorder();
  const flat = flatten("replay", "argument ", args, true);
  const plain = f as (...list: readonly unknown[]) => unknown;
  const how = { fused: false, native: null, threads: 1, leastWork: LEAST_WORK, ...options };
  const { values, results, program } = buildProgram("replay", plain, flat, how, backend);
  return { ir: textOf(values, [...results, ...program.states.map(({ after }) => after)]), bytes: backend.bytes };
}

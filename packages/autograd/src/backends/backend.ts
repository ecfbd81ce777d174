/**
 * A backend: what makes machine code of the kernels of a program, and has the memory in which they work. Programs know
 * of a machine what stands here, and nothing else.
 *
 * Every backend promises the bits of the definitions in `kernels/`, whatever the number of threads; but where `fused`
 * is asked for, a · b + c is rounded once, and where a library computes products, their last bits are its own.
 */

import type { Program, ProgramOptions } from "../compile/program.ts";
import type { Kernel } from "../compile/schedule/kernel.ts";
import type { DType, Elements } from "../graph/dtype.ts";

/** A machine that runs programs. */
export interface Backend {
  /** Its name, for `explain`: `"WebAssembly"`. */
  readonly name: string;
  /** The obstacle to running programs here, and what helps; `null` where nothing does. */
  obstacle(): Obstacle | null;
  /** True if a · b + c can be rounded once. */
  canFuse(): boolean;
  /**
   * The number of threads that a setting means.
   *
   * @throws ConfigError where it means none
   */
  threadsOf(setting: number | "auto"): number;
  /** On how many threads kernels can be divided here, of so many that are asked for. */
  available(threads: number): number;
  /** Why there is one thread, and what helps; `null` where there are others. */
  whyOneThread(): string | null;
  /** Bytes that a kernel needs beside its values, on so many threads. */
  scratchOf(kernel: Kernel, options: ProgramOptions, threads: number): number;
  /** Memory for an owner; `ended` is called once when it is given back, and must not hold the owner. */
  lease(ended: () => void): Lease;
  /** A home for the value of a variable. */
  residence(dtype: DType, count: number): Residence;
  /** So many entries in memory, from an address on. */
  place(dtype: DType, address: number, count: number): Place;
  /** Makes machine code of a program, which says where everything lies. */
  compile(program: Program): Executable;
}

/** Why programs cannot be made, and what helps. */
export interface Obstacle {
  readonly problem: string;
  readonly remedy: string;
}

/** Machine code of a program with its memory. */
export interface Executable {
  readonly codeBytes: number;
  /**
   * Runs all kernels, and then gives states their new values: all of them, or none.
   *
   * @throws what the program refuses; WorkerCrashError where a thread is lost
   */
  run(): void;
  /** The median time of each kernel in milliseconds, on what its memory holds; states do not change. */
  timeKernels(runs: number): number[];
}

/** The share of an owner in the memory. */
export interface Lease {
  /** True if the blocks are still there. */
  readonly isOpen: boolean;
  /** A block of zeros; `op` is named where there is none. */
  allocate(bytes: number, op: string): number;
  /** Ends the lease when an object is gone. */
  follow(owner: object): void;
  /** Lets the lease end where memory is short; what follows it finds that out from `isOpen`. */
  makeDispensable(): void;
  /** Runs `body` while the blocks must stay, however short memory is and whoever ends the lease. */
  keepDuring<R>(body: () => R): R;
  /** Notes that the blocks are in use now. */
  touch(): void;
  /** Notes that what ended where memory was short was needed after all. */
  miss(): void;
  /** Gives the blocks back, as soon as no body needs them. */
  end(): void;
}

/** Entries of one type in the memory, read and written as numbers. */
export interface Place {
  readonly address: number;
  /** The memory itself, until more is asked for. */
  view(): Elements;
  /** The numbers in memory of their own. */
  copy(): Elements;
}

/** The place of the value of a variable: in the memory of programs while some use it, beside it otherwise. */
export interface Residence {
  /** A program is going to use it. */
  enter(): void;
  /** A program is gone. */
  leave(): void;
  /** The address of the value, which moves there with `value`, if that is not `null`, and ends with its owner. */
  address(owner: object, value: Elements | null): number;
  /** Writes another value where programs find it. */
  write(value: Elements): void;
  /** The numbers in memory of their own. */
  copy(): Elements;
}

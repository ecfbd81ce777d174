/**
 * A module in memory, ready to run: on as many threads as there are, with states that change all at once or not at all.
 */

import type { Executable } from "../backend.ts";
import { WorkerCrashError } from "../../errors.ts";
import { externals } from "../../kernels/special.ts";
import { wasmHost } from "./host.ts";
import { WORK_QUEUE_BYTES } from "./emit/work-queue.ts";
import { nativeProduct } from "./emit/matmul.ts";
import { claimsAt, emitProgram } from "./emit/program.ts";
import type { Traps } from "./emit/traps.ts";
import type { Call } from "./emit/shared.ts";
import { MOST_THREADS } from "./memory/control-words.ts";
import { heap, viewOf } from "./memory/heap.ts";
import type { Plan } from "../../compile/schedule/plan.ts";
import { isNativeProduct } from "../../compile/schedule/product.ts";
import type { Program } from "../../compile/program.ts";
import type { Schedule } from "../../compile/schedule.ts";
import { Patience } from "./threads/patience.ts";
import { pool } from "./threads/pool.ts";

/** Programs that several threads run have numbers, which are not used again. */
let lastId = 0;

/** Exports of a module. */
interface Exports {
  readonly [name: string]: unknown;
  readonly run: (thread: number, threads: number) => void;
  readonly barrier?: (threads: number) => void;
  /** Gives states their new values, where several threads do. */
  readonly commit?: (thread: number, threads: number) => void;
}

/** Makes a module, with what it imports. */
function instantiate(bytes: Uint8Array<ArrayBuffer>, { schedule, options }: Program): Exports {
  const host = wasmHost()!;
  const products = Object.fromEntries(
    schedule.all.flatMap(({ members: [value] }, k) =>
      isNativeProduct(value!, options.native) ? [[`product ${k}`, nativeProduct(value!, options.native)]] : [],
    ),
  );
  const waiting = schedule.most === 1 ? {} : { sleep: pool()!.sleep, wake: pool()!.wake };
  const { exports } = new host.Instance(new host.Module(bytes), {
    host: { memory: heap().memory, ...externals, ...products, ...waiting },
  });
  return exports as Exports;
}

/** Writes what never changes. */
function writeConstants({ constants, offsets }: Plan, base: number): void {
  for (const value of constants) {
    const { definition } = value;
    const target = viewOf(value.dtype, base + offsets.get(value)!, value.count);
    if (definition.kind === "constant") target.set(definition.elements);
    else if (definition.kind === "scalar") target.fill(definition.number);
  }
}

/** Machine code in WebAssembly. */
export class WasmExecutable implements Executable {
  readonly codeBytes: number;
  readonly #name: string;
  readonly #id = ++lastId;
  readonly #calls: readonly Call[];
  readonly #refusals: Traps;
  readonly #exports: Exports;
  /** On how many threads each kernel runs when all of them are there, and the most that any does. */
  readonly #threads: Schedule["threads"];
  readonly #most: number;
  /** The place where the other threads find the module, and the counters of the pieces that are claimed. */
  readonly #code: number;
  readonly #claims: number;
  readonly #patience = new Patience();

  constructor(program: Program) {
    const { name, schedule, lease, base } = program;
    const allocate = (bytes: number): number => lease.allocate(bytes, name);
    const { bytes, calls, tables, traps, claims } = emitProgram(program, { shared: heap().shared, allocate });
    this.codeBytes = bytes.length;
    this.#name = name;
    this.#calls = calls;
    this.#refusals = traps;
    this.#claims = claims;
    this.#threads = schedule.threads;
    this.#most = schedule.most;
    this.#exports = instantiate(bytes, program);
    this.#code = this.#most === 1 ? 0 : allocate(bytes.length);
    const memory = new Uint8Array(heap().memory.buffer);
    if (this.#most > 1) memory.set(bytes, this.#code);
    for (const table of tables) memory.set(table.bytes, table.address);
    writeConstants(schedule.plan, base);
    for (const { bodies } of schedule.controls.values())
      for (const body of bodies) writeConstants(body.plan, body.base);
  }

  timeKernels(runs: number): number[] {
    const medians = this.#calls.map((_, k) => {
      const times = Array.from({ length: runs }, () => {
        const start = performance.now();
        this.#execute(k);
        return performance.now() - start;
      });
      return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
    });
    // What kernels by themselves leave in memory may be refused by others.
    this.#refusals.clear();
    return medians;
  }

  /** Runs kernel `entry`, or all of them where it is -1, on as many threads as there are. */
  #execute(entry: number): void {
    const wanted = entry < 0 ? this.#most : this.#threads[entry]!;
    const begun = performance.now();
    const threads = wanted === 1 || this.#isAlone() ? 1 : pool()!.ready(this.#most);
    const own = (): void => {
      if (entry < 0) this.#exports.run(0, threads);
      else this.#runKernel(this.#calls[entry]!, threads);
    };
    if (threads === 1) {
      own();
      if (entry < 0 && wanted > 1) this.#patience.noteAlone(performance.now() - begun);
      return;
    }
    new Uint8Array(heap().memory.buffer, this.#claims, WORK_QUEUE_BYTES * (this.#calls.length + 1)).fill(0);
    const heldUp = pool()!.run(
      { op: this.#name, program: this.#id, code: this.#code, codeBytes: this.codeBytes, entry, threads },
      own,
    );
    const isJudged = entry < 0 && pool()!.restsFromWaiting;
    this.#patience.note(heldUp || (isJudged && this.#patience.wasUseless(performance.now() - begun)));
  }

  /** The part of this thread in one kernel. */
  #runKernel({ kernel, operands }: Call, threads: number): void {
    const part = this.#exports[kernel.name] as (...numbers: readonly number[]) => void;
    if (operands.length === 0) part(0, threads);
    else part(...operands);
    this.#exports.barrier?.(threads);
  }

  /** True if the next run does without help, which was of no use, or which it is to be compared with. */
  #isAlone(): boolean {
    return this.#patience.isResting() || (pool()!.restsFromWaiting && this.#patience.isCurious());
  }

  /** True if some of the states have their new values. */
  #hasBegunCommit(): boolean {
    if (this.#exports.commit === undefined) return false;
    const counters = claimsAt(this.#claims, this.#calls.length);
    return new Int32Array(heap().memory.buffer, counters, MOST_THREADS).some((claimed) => claimed > 0);
  }

  run(): void {
    try {
      this.#execute(-1);
    } catch (error) {
      if (!(error instanceof WorkerCrashError && this.#hasBegunCommit())) {
        this.#refusals.clear();
        throw error;
      }
      // Everything is computed, and this thread copies what the lost one has not.
      this.#exports.commit!(0, 1);
    }
    const refused = this.#refusals.take();
    if (refused !== null) throw refused;
  }
}

/** A program: values made into kernels, kernels into one WebAssembly module, and what it takes to run it. */

import { WorkerCrashError } from "../errors.ts";
import { arities, externals } from "../kernels/special.ts";
import { wasmHost } from "../kernels/wasm/host.ts";
import { ModuleBuilder } from "../kernels/wasm/module.ts";
import type { NativeProducts } from "../kernels/native.ts";
import type { Body, Callee } from "../kernels/wasm/body.ts";
import { emitColumns } from "./emit/columns.ts";
import type { BuiltControl } from "./values/control.ts";
import { emitBodies, emitControl } from "./emit/control.ts";
import { Formulas } from "./emit/formulas.ts";
import { emitLoop, type EmitContext } from "./emit/loop.ts";
import { emitMatmulCalls, emitProductFunctions, isNativeProduct, nativeProduct } from "./emit/matmul.ts";
import { emitRows } from "./emit/passes.ts";
import { emitAddAt, emitAssemble, emitTake } from "./emit/movement.ts";
import { shareLoops, type Call } from "./emit/shared.ts";
import { emitSingle, isSingle } from "./emit/single.ts";
import type { Kernel } from "./plan/fuse.ts";
import { heap, viewOf } from "./memory/heap.ts";
import type { Lease } from "./memory/lease.ts";
import { sizeOf } from "./values/layout.ts";
import { bodiesAt, type PlacedControl } from "./plan/place-control.ts";
import { MOST_THREADS } from "./memory/control-words.ts";
import type { Plan } from "./plan/plan.ts";
import { readsOf } from "./plan/reads.ts";
import { RECORD_BYTES, refusableIn, Refusals } from "./emit/refusals.ts";
import { piecesOf, type Part } from "./plan/division.ts";
import { emitCommit, isCommitLarge, PIECES_OF_COMMIT, type Update } from "./emit/commit.ts";
import { CLAIM_BYTES, emitClaims } from "./emit/claim.ts";
import { emitBarrier, emitSteps, joinedSteps, type Step, type Stretch } from "./emit/barrier.ts";
import { Patience } from "./threads/patience.ts";
import { pool } from "./threads/pool.ts";
import { sourceOf, type Value } from "./values/value.ts";
import { scheduleOf, scratchOf } from "./schedule.ts";
import type { Stages } from "./stages.ts";

/** What a program computes. */
export interface ProgramSpec {
  readonly name: string;
  /** The values in their order; those that no result needs are left out. */
  readonly values: readonly Value[];
  readonly results: readonly Value[];
  /** For each state its address, and the value that it has afterwards. */
  readonly states: readonly { readonly address: number; readonly bytes: number; readonly after: Value | null }[];
  /** Whether a · b + c may be rounded once. */
  readonly fused: boolean;
  /** The library of the system that computes its large products; `null` where WebAssembly does. */
  readonly native: NativeProducts | null;
  /** On how many threads it may run. */
  readonly threads: number;
  /** What gives it memory, and takes it back. */
  readonly lease: Lease;
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

/** A module, and how each kernel is called in it. */
interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly calls: readonly Call[];
}

/** Programs that several threads run have numbers, which are not used again. */
let lastId = 0;

/** A program that is ready to run. */
export class Program {
  readonly kernels: readonly Kernel[];
  /** On how many threads each kernel runs when all of them are there. */
  readonly threads: readonly number[];
  readonly plan: Plan;
  /** Its memory: it can run as long as that is open. */
  readonly lease: Lease;
  readonly moduleBytes: number;
  /** On how many threads it may run. */
  readonly mayUse: number;
  readonly native: NativeProducts | null;
  readonly stages: Stages;
  /** Where the loops and branches of its kernels, and of their bodies, lie. */
  readonly controls: ReadonlyMap<BuiltControl, PlacedControl>;
  readonly #order: ReadonlyMap<Kernel, number>;
  readonly #base: number;
  readonly #refusals: Refusals;
  readonly #run: (thread: number, threads: number) => void;
  readonly #calls: readonly Call[];
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #barrier: (threads: number) => void;
  /** Gives states their new values, where several threads do. */
  readonly #commit: ((thread: number, threads: number) => void) | null;
  /** The most threads that any kernel runs on. */
  readonly #most: number;
  readonly #id = ++lastId;
  /** Where the other threads find the module, and the counters of the pieces that are claimed. */
  readonly #code: number;
  readonly #claims: number;
  readonly #name: string;
  readonly #patience = new Patience();

  constructor(spec: ProgramSpec, stages: Stages) {
    const updates = spec.states.flatMap(({ after }) => (after === null ? [] : [after]));
    this.#name = spec.name;
    this.lease = spec.lease;
    this.native = spec.native;
    this.mayUse = spec.threads;
    this.stages = stages;
    const allocate = (bytes: number): number => spec.lease.allocate(bytes, spec.name);
    const threads = pool() === null ? 1 : spec.threads;
    const roots = [...spec.results, ...updates];
    const schedule = stages.run("schedule", () => scheduleOf(spec.values, roots, { ...spec, threads, allocate }));
    this.kernels = schedule.kernels;
    this.threads = schedule.threads;
    this.plan = schedule.plan;
    this.controls = schedule.controls;
    this.#order = schedule.order;
    this.#most = schedule.most;
    this.#base = allocate(this.plan.bytes);
    const refusable = refusableIn(schedule.all);
    this.#refusals = new Refusals(refusable, refusable.length === 0 ? 0 : allocate(RECORD_BYTES));
    this.#claims = this.#most === 1 ? 0 : allocate(CLAIM_BYTES * (this.kernels.length + 1));
    const { bytes, calls, exports } = stages.run("backend", () => this.#build(spec, schedule.all));
    this.moduleBytes = bytes.length;
    this.#calls = calls;
    this.#exports = exports;
    this.#run = exports["run"] as (thread: number, threads: number) => void;
    this.#barrier = (exports["barrier"] ?? (() => undefined)) as (threads: number) => void;
    this.#commit = (exports["commit"] as ((thread: number, threads: number) => void) | undefined) ?? null;
    this.#code = this.#most === 1 ? 0 : allocate(bytes.length);
    if (this.#most > 1) new Uint8Array(heap().memory.buffer).set(bytes, this.#code);
    writeConstants(this.plan, this.#base);
    for (const { bodies } of this.controls.values()) for (const body of bodies) writeConstants(body.plan, body.base);
  }

  /** Emits the module and makes what it exports. */
  #build(spec: ProgramSpec, all: readonly Kernel[]): Emitted & { readonly exports: Readonly<Record<string, unknown>> } {
    const { bytes, calls } = this.#emit(spec, all);
    const host = wasmHost()!;
    const module = new host.Module(bytes);
    const products = Object.fromEntries(
      all.flatMap(({ members: [value] }, k) =>
        isNativeProduct(value!, spec.native) ? [[`product ${k}`, nativeProduct(value!, spec.native)]] : [],
      ),
    );
    const waiting = this.#most === 1 ? {} : { sleep: pool()!.sleep, wake: pool()!.wake };
    const { exports } = new host.Instance(module, {
      host: { memory: heap().memory, ...externals, ...products, ...waiting },
    });
    return { bytes, calls, exports };
  }

  #isDivided(kernel: Kernel): boolean {
    const at = this.#order.get(kernel);
    return at !== undefined && this.threads[at]! > 1;
  }

  /** Where a value lies. */
  addressOf(value: Value): number {
    const offset = this.plan.offsets.get(sourceOf(value).source);
    if (offset === undefined) throw new Error(`internal: value ${value.id} of ${value.origin.op} has no memory`);
    return this.#base + offset;
  }

  #emit(spec: ProgramSpec, all: readonly Kernel[]): Emitted {
    const builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared: heap().shared });
    const imported = new Map<string, Callee>();
    for (const [name, arity] of Object.entries(arities)) {
      imported.set(
        name,
        builder.import(
          name,
          Array.from({ length: arity }, () => "f64" as const),
          "f64",
        ),
      );
    }
    const products = new Map(
      all.flatMap((kernel, k) =>
        isNativeProduct(kernel.members[0]!, spec.native)
          ? [[kernel, builder.import(`product ${k}`, ["i32", "i32", "i32"], null)]]
          : [],
      ),
    );
    const [sleep, wake] =
      this.#most === 1 ? [] : [builder.import("sleep", ["i32"], null), builder.import("wake", [], null)];
    const barrier = sleep === undefined ? null : emitBarrier(builder, sleep, wake!);
    this.#refusals.declare(builder, this.#most);
    const external: EmitContext["external"] = (name) => imported.get(name)!;
    const context: EmitContext = {
      addresses: (value) => {
        const { source } = sourceOf(value);
        return source.definition.kind === "state"
          ? spec.states[source.definition.index]!.address
          : this.addressOf(source);
      },
      isStored: (value) => this.plan.stored.has(value),
      scratch: this.#base + this.plan.scratch,
      refusals: this.#refusals,
      fused: spec.fused,
      external,
      formulas: new Formulas(builder, external),
      part: null,
    };
    const emitKernel = (kernel: Kernel, outside: EmitContext, name: string | null): Callee => {
      const divided = this.#isDivided(kernel);
      const value = kernel.members[0]!;
      const product =
        kernel.kind === "matmul"
          ? emitProductFunctions(builder, kernel, products.get(kernel) ?? null, divided, outside)
          : null;
      const placed = bodiesAt(kernel, this.controls);
      const bodies =
        placed === undefined ? [] : emitBodies(placed, outside, (inner, inside) => emitKernel(inner, inside, null));
      const emitted = builder.function(
        divided || name === null ? "body" : name,
        divided ? ["i32", "i32", "i32"] : [],
        null,
        (body) => {
          const within = divided ? { ...outside, part: partOf(body, this.#most, barrier!) } : outside;
          switch (kernel.kind) {
            case "loop":
              return isSingle(kernel, within) ? emitSingle(body, kernel, within) : emitLoop(body, kernel, within);
            case "rows":
              return emitRows(body, kernel, within);
            case "columns":
              return emitColumns(body, value, within);
            case "matmul":
              return emitMatmulCalls(body, kernel, product!, within);
            case "assemble":
              return emitAssemble(body, value, within);
            case "take":
              return emitTake(body, value, within);
            case "addAt":
              return emitAddAt(body, value, within);
            default:
              return emitControl(body, kernel, placed!, bodies, within);
          }
        },
        !divided && name !== null,
      );
      return divided
        ? emitClaims(builder, name!, emitted, piecesOf(kernel, this.#most), this.#claimsOf(this.#order.get(kernel)!))
        : emitted;
    };
    const allocate = (size: number): number => spec.lease.allocate(size, spec.name);
    const shared = shareLoops(
      builder,
      this.kernels.filter((kernel) => !this.#isDivided(kernel)),
      context,
      allocate,
    );
    const calls = this.kernels.map(
      (kernel, k): Call => shared.get(kernel) ?? { kernel: emitKernel(kernel, context, `kernel ${k}`), operands: [] },
    );
    const stretchOf = (value: Value): Stretch => ({
      start: context.addresses(value),
      end: context.addresses(value) + sizeOf(sourceOf(value).source),
    });
    const scratch = { start: context.scratch, end: this.#base + this.plan.bytes };
    const steps = joinedSteps(
      this.kernels.map((kernel, k): Step => ({
        ...calls[k]!,
        divided: this.threads[k]! > 1,
        // Nobody asks where there is nothing to wait for.
        reads: barrier === null ? [] : readsOf(kernel).map(stretchOf),
        writes:
          barrier === null
            ? []
            : [
                ...kernel.members.filter(context.isStored).map(stretchOf),
                ...(bodiesAt(kernel, this.controls) !== undefined || scratchOf(kernel, spec, this.#most) > 0
                  ? [scratch]
                  : []),
              ],
      })),
    );
    const updates = spec.states.flatMap(({ address, bytes, after }) =>
      after === null ? [] : [{ to: address, from: context.addresses(after), bytes }],
    );
    if (updates.length > 0) steps.push(this.#emitCommit(builder, updates, barrier));
    builder.function(
      "run",
      ["i32", "i32"],
      null,
      (body) => emitSteps(body, steps, body.parameter(0), body.parameter(1), barrier),
      true,
    );
    return { bytes: builder.finish(), calls };
  }

  #emitCommit(builder: ModuleBuilder, updates: readonly Update[], barrier: Callee | null): Step {
    const divided = this.#most > 1 && isCommitLarge(updates);
    const own = builder.function("copy states", divided ? ["i32", "i32", "i32"] : [], null, (body) =>
      emitCommit(body, updates, this.#refusals.address, divided ? partOf(body, this.#most, barrier!) : null),
    );
    return {
      operands: [],
      kernel: divided ? emitClaims(builder, "commit", own, PIECES_OF_COMMIT, this.#claimsOf(this.kernels.length)) : own,
      divided,
      // It waits for whatever is written anywhere: a thread that is lost before leaves states as they were.
      reads: [{ start: 0, end: Infinity }],
      writes: updates.map(({ to, bytes }) => ({ start: to, end: to + bytes })),
    };
  }

  /** Where the counters of the pieces of a kernel lie, and behind those of all kernels that of the commit. */
  #claimsOf(kernel: number): number {
    return this.#claims + CLAIM_BYTES * kernel;
  }

  /** The median time of each kernel in milliseconds, on what its memory holds; states do not change. */
  timeKernels(runs: number): number[] {
    const medians = this.kernels.map((_, k) => {
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
    const wanted = entry < 0 ? this.#most : this.threads[entry]!;
    const begun = performance.now();
    const threads = wanted === 1 || this.#isAlone() ? 1 : pool()!.ready(this.#most);
    const own = (): void => {
      if (entry < 0) return this.#run(0, threads);
      const { kernel, operands } = this.#calls[entry]!;
      const part = this.#exports[kernel.name] as (...numbers: readonly number[]) => void;
      if (operands.length === 0) part(0, threads);
      else part(...operands);
      this.#barrier(threads);
    };
    if (threads === 1) {
      own();
      if (entry < 0 && wanted > 1) this.#patience.noteAlone(performance.now() - begun);
      return;
    }
    new Uint8Array(heap().memory.buffer, this.#claims, CLAIM_BYTES * (this.kernels.length + 1)).fill(0);
    const heldUp = pool()!.run(
      { op: this.#name, program: this.#id, code: this.#code, codeBytes: this.moduleBytes, entry, threads },
      own,
    );
    const isJudged = entry < 0 && pool()!.restsFromWaiting;
    this.#patience.note(heldUp || (isJudged && this.#patience.wasUseless(performance.now() - begun)));
  }

  /** Whether the next run does without help, which was of no use, or which it is to be compared with. */
  #isAlone(): boolean {
    return this.#patience.isResting() || (pool()!.restsFromWaiting && this.#patience.isCurious());
  }

  /** Whether some of the states have their new values. */
  #hasBegunCommit(): boolean {
    return (
      this.#commit !== null &&
      new Int32Array(heap().memory.buffer, this.#claimsOf(this.kernels.length), MOST_THREADS).some(
        (claimed) => claimed > 0,
      )
    );
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
      this.#commit!(0, 1);
    }
    const refused = this.#refusals.take();
    if (refused !== null) throw refused;
  }
}

/** The parameters of a function of a kernel that is divided. */
function partOf(body: Body, most: number, barrier: Callee): Part {
  const [piece, pieces, thread] = [body.parameter(0), body.parameter(1), body.parameter(2)];
  return { piece, pieces, thread, most, barrier: () => body.call(barrier, pieces) };
}

/** A program as one module: a function for each kernel, the new values of states, and what runs all of them. */

import { arities, externals } from "../../../kernels/special.ts";
import type { External2Name, ExternalName } from "../../../kernels/lanes/lanes.ts";
import type { Body, Callee } from "../assembler/body.ts";
import { ModuleBuilder } from "../assembler/module.ts";
import type { Part } from "./chunks.ts";
import { piecesOf } from "../../../compile/schedule/partitioning.ts";
import type { Kernel } from "../../../compile/schedule/kernel.ts";
import { bodiesAt } from "../../../compile/schedule/place-control.ts";
import { isNativeProduct } from "../../../compile/schedule/product.ts";
import { readsOf } from "../../../compile/schedule/reads.ts";
import { addressOf, type Program } from "../../../compile/program.ts";
import { sizeOf } from "../../../compile/ir/layout.ts";
import { sourceOf, type Value } from "../../../compile/ir/value.ts";
import { emitBarrier, emitSteps, joinedSteps, type Step, type Stretch } from "./barrier.ts";
import { WORK_QUEUE_BYTES, emitWorkQueue } from "./work-queue.ts";
import { emitColumns } from "./columns.ts";
import { emitWriteBack, isWriteBackLarge, CHUNKS_OF_WRITE_BACK, type Update } from "./write-back.ts";
import { emitBodies, emitControl } from "./control.ts";
import { Formulas } from "./formulas.ts";
import type { EmitContext } from "./context.ts";
import { emitLoop } from "./loop.ts";
import { emitMatmulCalls, emitProductFunctions } from "./matmul.ts";
import { emitAddAt, emitAssemble, emitTake } from "./movement.ts";
import { emitRows } from "./epilogues.ts";
import { RECORD_BYTES, refusableIn, Traps } from "./traps.ts";
import { scratchOf } from "./scratch.ts";
import { emitSingle, isSingle } from "./single.ts";
import { shareLoops, type Call, type Table } from "./shared.ts";

/** A module, and what it expects of memory. */
export interface EmittedProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How each kernel is called in it. */
  readonly calls: readonly Call[];
  /** Tables that stand in memory before it runs, beside constants. */
  readonly tables: readonly Table[];
  readonly traps: Traps;
  /** The address of the counters of the pieces that threads claim; 0 where there is one thread. */
  readonly claims: number;
}

/** The memory for which a module is made. */
export interface MemoryOfModule {
  /** True if other threads see it. */
  readonly shared: boolean;
  /** Gives a block of zeros. */
  readonly allocate: (bytes: number) => number;
}

/** The address of the counters of the pieces of a kernel, and behind those of all kernels that of the commit. */
export function claimsAt(claims: number, kernel: number): number {
  return claims + WORK_QUEUE_BYTES * kernel;
}

/** The parameters of a function of a kernel that is divided. */
function partOf(body: Body, most: number, barrier: Callee): Part {
  const [piece, pieces, thread] = [body.parameter(0), body.parameter(1), body.parameter(2)];
  return { piece, pieces, thread, most, barrier: () => body.call(barrier, pieces) };
}

/** Imports of a module from the host. */
interface Imports {
  readonly external: (name: ExternalName | External2Name) => Callee;
  /** Products of a library. */
  readonly products: ReadonlyMap<Kernel, Callee>;
  readonly barrier: Callee | null;
}

function declareImports(builder: ModuleBuilder, { schedule, options }: Program): Imports {
  const imported = new Map<string, Callee>();
  for (const [name, arity] of Object.entries(arities) as [keyof typeof externals, number][])
    imported.set(name, builder.import(name, new Array<"f64">(arity).fill("f64"), "f64"));
  const products = new Map<Kernel, Callee>();
  schedule.all.forEach((kernel, k) => {
    if (isNativeProduct(kernel.members[0]!, options.native))
      products.set(kernel, builder.import(`product ${k}`, ["i32", "i32", "i32"], null));
  });
  const [sleep, wake] =
    schedule.most === 1 ? [] : [builder.import("sleep", ["i32"], null), builder.import("wake", [], null)];
  const barrier = sleep === undefined ? null : emitBarrier(builder, sleep, wake!);
  return { external: (name) => imported.get(name)!, products, barrier };
}

/** Emits one program. */
class ProgramEmitter {
  readonly #program: Program;
  readonly #allocate: MemoryOfModule["allocate"];
  readonly #builder: ModuleBuilder;
  readonly #imports: Imports;
  readonly #refusals: Traps;
  readonly #claims: number;
  readonly #context: EmitContext;

  constructor(program: Program, { shared, allocate }: MemoryOfModule) {
    const { schedule, options } = program;
    this.#program = program;
    this.#allocate = allocate;
    const refusable = refusableIn(schedule.all);
    this.#refusals = new Traps(refusable, refusable.length === 0 ? 0 : allocate(RECORD_BYTES));
    this.#claims = schedule.most === 1 ? 0 : allocate(WORK_QUEUE_BYTES * (schedule.kernels.length + 1));
    this.#builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared });
    this.#imports = declareImports(this.#builder, program);
    this.#refusals.declare(this.#builder, schedule.most);
    const { external } = this.#imports;
    this.#context = {
      addresses: (value) => addressOf(program, value),
      isStored: (value) => schedule.plan.stored.has(value),
      scratch: program.base + schedule.plan.scratch,
      traps: this.#refusals,
      fused: options.fused,
      external,
      formulas: new Formulas(this.#builder, external),
      part: null,
    };
  }

  emit(): EmittedProgram {
    const { schedule } = this.#program;
    const alone = schedule.kernels.filter((kernel) => !this.#isDivided(kernel));
    const shared = shareLoops(this.#builder, alone, this.#context, this.#allocate);
    const calls = schedule.kernels.map(
      (kernel, k): Call =>
        shared.calls.get(kernel) ?? { kernel: this.#kernel(kernel, this.#context, `kernel ${k}`), operands: [] },
    );
    this.#run([...joinedSteps(this.#steps(calls)), ...this.#commit()]);
    return {
      bytes: this.#builder.finish(),
      calls,
      tables: shared.tables,
      traps: this.#refusals,
      claims: this.#claims,
    };
  }

  /** Only kernels outside of bodies are divided. */
  #isDivided(kernel: Kernel): boolean {
    const { order, threads } = this.#program.schedule;
    const at = order.get(kernel);
    return at !== undefined && threads[at]! > 1;
  }

  /** The function of a kernel; a name exports it. */
  #kernel(kernel: Kernel, outside: EmitContext, name: string | null): Callee {
    const { most, order } = this.#program.schedule;
    const divided = this.#isDivided(kernel);
    const emitInto = this.#emitterOf(kernel, outside, divided);
    const emitted = this.#builder.function(
      divided || name === null ? "body" : name,
      divided ? ["i32", "i32", "i32"] : [],
      null,
      (body) => emitInto(body, divided ? { ...outside, part: partOf(body, most, this.#imports.barrier!) } : outside),
      !divided && name !== null,
    );
    if (!divided) return emitted;
    const claims = claimsAt(this.#claims, order.get(kernel)!);
    return emitWorkQueue(this.#builder, name!, emitted, piecesOf(kernel, most), claims);
  }

  /** Writes a kernel into a function, when the functions that it calls have been emitted. */
  #emitterOf(kernel: Kernel, outside: EmitContext, divided: boolean): (body: Body, context: EmitContext) => void {
    const value = kernel.members[0]!;
    switch (kernel.kind) {
      case "loop":
        return (body, context) =>
          isSingle(kernel, context) ? emitSingle(body, kernel, context) : emitLoop(body, kernel, context);
      case "rows":
        return (body, context) => emitRows(body, kernel, context);
      case "columns":
        return (body, context) => emitColumns(body, value, context);
      case "matmul": {
        const imported = this.#imports.products.get(kernel) ?? null;
        const product = emitProductFunctions(this.#builder, kernel, imported, divided, outside);
        return (body, context) => emitMatmulCalls(body, kernel, product, context);
      }
      case "assemble":
        return (body, context) => emitAssemble(body, value, context);
      case "take":
        return (body, context) => emitTake(body, value, context);
      case "addAt":
        return (body, context) => emitAddAt(body, value, context);
      case "scan":
      case "while":
      case "cond": {
        const placed = bodiesAt(kernel, this.#program.schedule.controls)!;
        const bodies = emitBodies(placed, outside, (inner, inside) => this.#kernel(inner, inside, null));
        return (body, context) => emitControl(body, kernel, placed, bodies, context);
      }
    }
  }

  /** The calls of all kernels, with what each reads and writes. */
  #steps(calls: readonly Call[]): Step[] {
    const { schedule, base, options } = this.#program;
    const { addresses, isStored, scratch: start } = this.#context;
    const stretchOf = (value: Value): Stretch => ({
      start: addresses(value),
      end: addresses(value) + sizeOf(sourceOf(value).source),
    });
    const scratch = { start, end: base + schedule.plan.bytes };
    const usesScratch = (kernel: Kernel): boolean =>
      bodiesAt(kernel, schedule.controls) !== undefined || scratchOf(kernel, options, schedule.most) > 0;
    return schedule.kernels.map((kernel, k): Step => {
      const call = { ...calls[k]!, divided: schedule.threads[k]! > 1 };
      // Nobody asks where there is nothing to wait for.
      if (this.#imports.barrier === null) return { ...call, reads: [], writes: [] };
      const written = kernel.members.filter(isStored).map(stretchOf);
      return {
        ...call,
        reads: readsOf(kernel).map(stretchOf),
        writes: usesScratch(kernel) ? [...written, scratch] : written,
      };
    });
  }

  /** The step that gives states their new values; none where nothing has one. */
  #commit(): Step[] {
    const { states, schedule } = this.#program;
    const updates = states.flatMap(({ address, bytes, after }): Update[] =>
      after === null ? [] : [{ to: address, from: this.#context.addresses(after), bytes }],
    );
    if (updates.length === 0) return [];
    const { most } = schedule;
    const divided = most > 1 && isWriteBackLarge(updates);
    const own = this.#builder.function("copy states", divided ? ["i32", "i32", "i32"] : [], null, (body) => {
      const part = divided ? partOf(body, most, this.#imports.barrier!) : null;
      emitWriteBack(body, updates, this.#refusals.address, part);
    });
    const claims = claimsAt(this.#claims, schedule.kernels.length);
    return [
      {
        operands: [],
        kernel: divided ? emitWorkQueue(this.#builder, "commit", own, CHUNKS_OF_WRITE_BACK, claims) : own,
        divided,
        // It waits for whatever is written anywhere: a thread that is lost before leaves states as they were.
        reads: [{ start: 0, end: Infinity }],
        writes: updates.map(({ to, bytes }) => ({ start: to, end: to + bytes })),
      },
    ];
  }

  #run(steps: readonly Step[]): void {
    const { barrier } = this.#imports;
    this.#builder.function(
      "run",
      ["i32", "i32"],
      null,
      (body) => emitSteps(body, steps, body.parameter(0), body.parameter(1), barrier),
      true,
    );
  }
}

/** Emits the module of a program. */
export function emitProgram(program: Program, memory: MemoryOfModule): EmittedProgram {
  return new ProgramEmitter(program, memory).emit();
}

/**
 * The make-up of a program, as text: its kernels, what they fuse, how much they move, where they lie, and how long they
 * take.
 */

import { countOf } from "../graph/shape.ts";
import { divisionOfProduct } from "./schedule/partitioning.ts";
import { loopsIn, type Kernel, type LoopKernel } from "./schedule/kernel.ts";
import { bytesOf } from "../kernels/lanes/machine-types.ts";
import { bodiesAt } from "./schedule/place-control.ts";
import { type Plan } from "./schedule/plan.ts";
import { isNativeProduct } from "./schedule/product.ts";
import { readsOf } from "./schedule/reads.ts";
import type { Specialized } from "./specialize.ts";
import { showStage, type Stage } from "./stages.ts";
import type { Value } from "./ir/value.ts";

/** One kernel of a program. */
export interface KernelReport {
  readonly kind: Kernel["kind"];
  /** The machine that runs it: `"WebAssembly"`, or the library of the system, as `"OpenBLAS"`, that `useBlas` found. */
  readonly runsIn: string;
  /** On how many threads it runs, when as many are there. */
  readonly threads: number;
  /** The part of a product of matrices that each thread computes, where there are several. */
  readonly division: "products" | "rows" | "columns" | null;
  /**
   * The ops of the library that it computes, in order but for a product of matrices, which stands first; with how often
   * each stands in it.
   */
  readonly ops: readonly (readonly [name: string, count: number])[];
  /**
   * Those of them that compute the left operand of a product of matrices, on each block of its rows before these are
   * multiplied.
   */
  readonly prologue: readonly (readonly [name: string, count: number])[];
  /** Those of them that run behind a product of matrices, on each block of its rows. */
  readonly epilogue: readonly (readonly [name: string, count: number])[];
  /** The loops around each other, the outermost first; for a product of matrices m, k and n. */
  readonly sizes: readonly number[];
  /** Bytes that it reads and writes at most. */
  readonly bytes: number;
  /**
   * Multiplications and additions of a product of matrices, with what runs before and behind it; entries times ops of a
   * loop; those of one step of a scan or while.
   */
  readonly operations: number;
  /** Median time of a run in milliseconds, where one was asked for. */
  readonly milliseconds: number | null;
  /** The kernels of what a scan or while runs in each step, and of both sides of a cond. */
  readonly inside: readonly KernelReport[];
}

/** A program taken apart. */
export interface ProgramReport {
  readonly kernels: readonly KernelReport[];
  /** Memory for values, without arguments that are handed in as numbers. */
  readonly arenaBytes: number;
  /** At least so much is alive at one time. */
  readonly lowerBoundBytes: number;
  readonly scratchBytes: number;
  /** Memory in which the bodies of loops and branches work. */
  readonly bodyBytes: number;
  /** The size of the WebAssembly module. */
  readonly codeBytes: number;
  /**
   * How long each stage took in which it was made, and how much it gave; V8 compiles functions of a module when they
   * are called.
   */
  readonly stages: readonly Stage[];
  /** Obstacles to being faster here, and what helps: no WebAssembly, and so no kernels at all, or no threads. */
  readonly notes: readonly string[];
  toString(): string;
}

function sizesOf(kernel: Kernel): readonly number[] {
  switch (kernel.kind) {
    case "matmul": {
      const { batch, m, k, n } = kernel.definition.sizes;
      return [...batch, m, k, n];
    }
    case "columns":
      return [kernel.definition.outer, kernel.definition.size, kernel.definition.inner];
    case "scan":
    case "while":
    case "cond": {
      const { control } = kernel.definition.built;
      return control.kind === "scan" ? [control.length] : [];
    }
    case "loop":
    case "rows":
      return kernel.frame;
    case "assemble":
    case "take":
    case "addAt":
      return [kernel.members[0]!.count];
  }
}

function opsOf(members: readonly Value[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const {
    origin: { op },
  } of members)
    counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts];
}

function operationsOf(kernel: Kernel, sizes: readonly number[]): number {
  const { kind, members } = kernel;
  const beside = loopsIn(kernel).reduce((sum, pass) => sum + countOf(pass.frame) * pass.members.length, 0);
  return countOf(sizes) * (kind === "matmul" ? 2 : kind === "rows" ? 0 : members.length) + beside;
}

function reportOf(
  kernel: Kernel,
  specialized: Specialized,
  threads: number,
  { offsets }: Plan,
  milliseconds: number | null,
): KernelReport {
  const { program, backend } = specialized;
  const { native } = program.options;
  // What lies in the place of another, as a product in that of a result, counts once.
  const memory = new Map(
    [...readsOf(kernel), ...kernel.members.filter((value) => offsets.has(value))].map((value) => [
      offsets.get(value) ?? value,
      value,
    ]),
  );
  const bytes = [...memory.values()].reduce((sum, { count, dtype }) => sum + count * bytesOf(dtype), 0);
  const sizes = sizesOf(kernel);
  const inside = (bodiesAt(kernel, program.schedule.controls)?.bodies ?? []).flatMap((body) =>
    body.kernels.map((one) => reportOf(one, specialized, 1, body.plan, null)),
  );
  const operations =
    inside.length > 0 ? inside.reduce((sum, one) => sum + one.operations, 0) : operationsOf(kernel, sizes);
  const runsIn = isNativeProduct(kernel.members[0]!, native) ? native.library : backend.name;
  const opsIn = (loops: readonly LoopKernel[]): KernelReport["ops"] => opsOf(loops.flatMap(({ members }) => members));
  const [prologue, epilogue] = kernel.kind === "matmul" ? [opsIn(kernel.prologue), opsIn(kernel.passes)] : [[], []];
  const division = kernel.kind === "matmul" && threads > 1 ? divisionOfProduct(kernel) : null;
  return {
    kind: kernel.kind,
    runsIn,
    threads,
    division,
    ops: opsOf(kernel.members),
    prologue,
    epilogue,
    sizes,
    bytes,
    operations,
    milliseconds,
    inside,
  };
}

const show = (bytes: number): string =>
  bytes < 10240
    ? `${bytes} B`
    : bytes < 10 * 2 ** 20
      ? `${Math.round(bytes / 1024)} KiB`
      : `${Math.round(bytes / 2 ** 20)} MiB`;

const list = (ops: KernelReport["ops"]): string =>
  ops.map(([name, count]) => (count === 1 ? name : `${count} ${name}`)).join(", ");

/** The lines of a kernel and of those inside it; `total` is the time of all, in milliseconds. */
function linesOf(
  { kind, runsIn, threads, division, ops, prologue, epilogue, sizes, bytes, milliseconds, inside }: KernelReport,
  number: string,
  depth: number,
  total: number,
): string[] {
  const where =
    runsIn !== "WebAssembly"
      ? `${runsIn}: `
      : threads > 1
        ? `${threads} threads${division === "columns" ? " by columns" : ""}: `
        : "";
  const parts =
    kind === "matmul" ? [prologue, [[ops[0]![0], 1] as const], epilogue].filter((stage) => stage.length > 0) : [ops];
  const names = `${where}${parts.map(list).join(" → ")}`;
  const time =
    milliseconds === null
      ? ""
      : `${(1000 * milliseconds).toFixed(1)} µs ${total === 0 ? "" : `${Math.round((100 * milliseconds) / total)} %`}`.padStart(
          16,
        );
  const head = `${number.padStart(3)}  ${" ".repeat(depth)}${kind.padEnd(8 - depth)} ${sizes.join("×").padEnd(16)} ${show(bytes).padStart(9)}${time}`;
  return [
    `${head}  ${names.length > 60 ? `${names.slice(0, 59)}…` : names}`,
    ...inside.flatMap((one) => linesOf(one, "", depth + 1, total)),
  ];
}

/**
 * Takes a program apart; with `runs`, runs each kernel so often and says how long it takes; with `withStages`, its text
 * says how it was made.
 */
export function explainProgram(specialized: Specialized, runs: number, withStages = false): ProgramReport {
  const { program, executable, stages, backend } = specialized;
  const { kernels: scheduled, threads, plan, controls } = program.schedule;
  const times = runs > 0 ? executable.timeKernels(runs) : null;
  const kernels = scheduled.map((kernel, k) =>
    reportOf(kernel, specialized, threads[k]!, plan, times === null ? null : times[k]!),
  );
  const moduleBytes = executable.codeBytes;
  const notes = program.options.threads > 1 ? [backend.whyOneThread()].filter((one) => one !== null) : [];
  const bodyBytes = [...controls.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    kernels,
    arenaBytes: plan.scratch,
    lowerBoundBytes: plan.lowerBound,
    scratchBytes: plan.bytes - plan.scratch,
    bodyBytes,
    codeBytes: moduleBytes,
    stages: stages.done,
    notes,
    toString() {
      const total = times === null ? 0 : times.reduce((sum, time) => sum + time, 0);
      return [
        `${kernels.length} ${kernels.length === 1 ? "kernel" : "kernels"}, arena ${show(plan.scratch)} (at least ${show(plan.lowerBound)}), scratch ${show(plan.bytes - plan.scratch)}, ${bodyBytes === 0 ? "" : `bodies ${show(bodyBytes)}, `}code ${show(moduleBytes)}`,
        ...(withStages ? [stages.done.map(showStage).join(" → ")] : []),
        ...kernels.flatMap((kernel, k) => linesOf(kernel, String(k), 0, total)),
        ...notes,
      ].join("\n");
    },
  };
}

/** The schedule of a program: its values as kernels in their order, the threads of each, and where all lies. */

import type { NativeProducts } from "../kernels/native.ts";
import { withPassing } from "./schedule/blocks.ts";
import { threadsAmong, type LeastWork } from "./schedule/partitioning.ts";
import { fuse } from "./schedule/fuse.ts";
import type { Kernel } from "./schedule/kernel.ts";
import { withEpilogues } from "./schedule/epilogues.ts";
import { allKernels, placeControls, type PlacedControl } from "./schedule/place-control.ts";
import { plan, type Plan } from "./schedule/plan.ts";
import { isNativeProduct } from "./schedule/product.ts";
import type { BuiltControl } from "./ir/control.ts";
import { sourceOf, type Value } from "./ir/value.ts";

/** Options that decide about kernels. */
export interface ScheduleOptions {
  /** The library of the system that computes its large products; `null` where the backend does. */
  readonly native: NativeProducts | null;
  /** On how many threads it may run here. */
  readonly threads: number;
  /** The work of the kernels that run on several. */
  readonly leastWork: LeastWork;
  /** Bytes that a kernel needs beside its values, on so many threads. */
  readonly scratchOf: (kernel: Kernel, threads: number) => number;
  /** Gives memory that stays. */
  readonly allocate: (bytes: number) => number;
}

/** Kernels in the order in which they run, and their places. */
export interface Schedule {
  readonly kernels: readonly Kernel[];
  /** Those of the bodies of loops and branches as well, which come last. */
  readonly all: readonly Kernel[];
  /** On how many threads each kernel runs when all of them are there. */
  readonly threads: readonly number[];
  /** The most threads that any kernel runs on. */
  readonly most: number;
  /** The place of each kernel in the order. */
  readonly order: ReadonlyMap<Kernel, number>;
  /** The places of the loops and branches of its kernels, and of their bodies. */
  readonly controls: ReadonlyMap<BuiltControl, PlacedControl>;
  readonly plan: Plan;
}

/** Schedules values, all of which roots need. */
export function scheduleOf(values: readonly Value[], roots: readonly Value[], options: ScheduleOptions): Schedule {
  const { native } = options;
  const sources = roots.map((root) => sourceOf(root).source);
  const fused = fuse(values);
  const isHosted = (kernel: Kernel): boolean => isNativeProduct(kernel.members[0]!, native);
  const own = threadsAmong(
    fused.map(({ kernel }) => kernel).filter((kernel) => !isHosted(kernel)),
    options.threads,
    options.leastWork,
  );
  const threadsOf = (kernel: Kernel): number => (isHosted(kernel) ? 1 : own(kernel));
  const kernels = withPassing(withEpilogues(fused, threadsOf), sources, isHosted);
  const controls = placeControls(kernels, options.allocate);
  const all = allKernels(kernels, controls);
  const threads = kernels.map(threadsOf);
  const most = threads.reduce((sum, count) => Math.max(sum, count), 1);
  const order = new Map(kernels.map((kernel, k) => [kernel, k]));
  const isDivided = (kernel: Kernel): boolean => (threads[order.get(kernel) ?? -1] ?? 1) > 1;
  const scratchIn = (kernel: Kernel): number => options.scratchOf(kernel, isDivided(kernel) ? most : 1);
  const scratch = all.reduce((sum, kernel) => Math.max(sum, scratchIn(kernel)), 0);
  return { kernels, all, threads, most, order, controls, plan: plan(kernels, sources, scratch) };
}

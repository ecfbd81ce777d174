/**
 * A formula over operands that broadcast: plain loops where there is little to do, vectors in WebAssembly where there
 * is much.
 */

import type { DType, Elements } from "../graph/dtype.ts";
import type { Shape } from "../types/shape.ts";
import { forEachRow, forEachRows, type Rows } from "./broadcast.ts";
import type { LaneType } from "./lanes/lanes.ts";
import { generatesLoops, makeLoop, makeupOf, type Entry, type Makeup, type StridedLoop } from "./loops.ts";
import { vectorKernels, type BlockLoop } from "./vectors.ts";

/** Which loops go through WebAssembly: those where it was measured to be faster, or all or none of them. */
export type WasmLoops = "measured" | "always" | "never";

let mode: WasmLoops = "measured";

/** Sets which loops go through WebAssembly, so that the tests can run both ways; returns the former setting. */
export function setWasmLoops(next: WasmLoops): WasmLoops {
  const former = mode;
  mode = next;
  return former;
}

/**
 * Measured by `pnpm bench entries` on an AMD EPYC with Node 20 and 24: from so many entries on no formula is slower in
 * blocks, copies included; functions of many operations are faster much earlier. With a hundred thousand entries an
 * addition takes half the time of the plain loop, an exponential of float32 a fourteenth.
 */
const LEAST = 512;
const LEAST_OF_MANY = 128;
const MANY_OPERATIONS = 24;

/**
 * Making a kernel takes a millisecond (the same command says so); so many entries are awaited first that a program of
 * few never pays.
 */
const AWAITED = 1 << 19;

/**
 * The least entries that go through vectors where no code may be generated: a plain loop costs a microsecond an entry.
 */
const LEAST_INTERPRETED = 8;

export const dtypes: Readonly<Record<LaneType, DType>> = { f64: "float64", f32: "float32", i32: "int32" };

/** True if a formula of many operations goes through WebAssembly, of `count` entries, and `awaited` so far. */
export function areBlocksWorthwhile(count: number, awaited: number): boolean {
  if (mode !== "measured") return mode === "always" && count > 0;
  return generatesLoops() ? count >= LEAST_OF_MANY && awaited >= AWAITED : count >= LEAST_INTERPRETED;
}

/** Offsets and steps of operands that lie as the result does. */
const ZEROS = [0, 0, 0, 0, 0];
const ONES = [1, 1, 1, 1, 1];

/** Runs a loop over one row of its operands. There are five at most; a list that is spread into arguments is slow. */
function runLoop(
  loop: StridedLoop,
  out: Elements,
  at: number,
  count: number,
  m: readonly Elements[],
  o: readonly number[],
  s: readonly number[],
): void {
  switch (m.length) {
    case 1:
      return loop(out, at, count, m[0]!, o[0]!, s[0]!);
    case 2:
      return loop(out, at, count, m[0]!, o[0]!, s[0]!, m[1]!, o[1]!, s[1]!);
    case 3:
      return loop(out, at, count, m[0]!, o[0]!, s[0]!, m[1]!, o[1]!, s[1]!, m[2]!, o[2]!, s[2]!);
    case 4:
      return loop(out, at, count, m[0]!, o[0]!, s[0]!, m[1]!, o[1]!, s[1]!, m[2]!, o[2]!, s[2]!, m[3]!, o[3]!, s[3]!);
    default:
      return loop(
        out,
        at,
        count,
        m[0]!,
        o[0]!,
        s[0]!,
        m[1]!,
        o[1]!,
        s[1]!,
        m[2]!,
        o[2]!,
        s[2]!,
        m[3]!,
        o[3]!,
        s[3]!,
        m[4]!,
        o[4]!,
        s[4]!,
      );
  }
}

/** A formula in one type, ready to be run over memory. */
export class ElementwiseLoop {
  readonly #entry: Entry;
  readonly #result: DType;
  readonly #plain: StridedLoop;
  /** True if a page's policy forbids generated code, so that the plain loop reads the formula at each entry. */
  readonly #interpreted: boolean;
  #makeup: Makeup | undefined;
  #blocks: BlockLoop | null | undefined;
  #awaited = 0;

  constructor(entry: Entry, result: DType = dtypes[entry.type]) {
    this.#entry = entry;
    this.#result = result;
    this.#plain = makeLoop(entry);
    this.#interpreted = !generatesLoops();
  }

  #isWorthwhile(count: number): boolean {
    if (mode !== "measured") return mode === "always" && count > 0;
    if (this.#interpreted) return count >= LEAST_INTERPRETED;
    if (count < LEAST_OF_MANY) return false;
    this.#makeup ??= makeupOf(this.#entry);
    if (count < LEAST && this.#makeup.operations < MANY_OPERATIONS) return false;
    this.#awaited += count;
    return this.#awaited >= AWAITED;
  }

  /** The vectors, where so many entries are worth it and the formula has some. */
  #blocksFor(count: number): BlockLoop | null {
    const vectors = vectorKernels();
    if (vectors === null || this.#blocks === null || !this.#isWorthwhile(count)) return null;
    if (this.#blocks === undefined) {
      const { type, operands, read } = this.#entry;
      const { used, callsHost } = (this.#makeup ??= makeupOf(this.#entry));
      const types = operands.map((kind) => (kind === "number" ? dtypes[type] : "bool"));
      // Calls from there into the host are slower than from the plain loop.
      this.#blocks = callsHost ? null : vectors.makeBlockLoop({ operands: types, used, result: this.#result, read });
    }
    return this.#blocks;
  }

  /** Fills the result from operands that lie as it does. */
  dense(out: Elements, ...memory: readonly Elements[]): void {
    const size = out.length;
    const blocks = this.#blocksFor(size);
    if (blocks !== null) {
      const none = memory.map(() => 0);
      return blocks(out, { at: 0, rows: 1, size, offsets: none, outer: none, inner: memory.map(() => 1) }, memory);
    }
    runLoop(this.#plain, out, 0, size, memory, ZEROS, ONES);
  }

  /** Fills a result of a shape from operands whose shapes broadcast to it. */
  broadcast(out: Elements, shape: Shape, memory: readonly Elements[], shapes: readonly Shape[]): void {
    forEachRows(shape, shapes, (group) => {
      // A block holds rows of one group: what counts is how large that is, not how many there are.
      const blocks = this.#blocksFor(group.rows * group.size);
      if (blocks === null) this.#plainly(out, group, memory);
      else blocks(out, group, memory);
    });
  }

  #plainly(out: Elements, group: Rows, memory: readonly Elements[]): void {
    const loop = this.#plain;
    forEachRow(group, (at, count, offsets, steps) => runLoop(loop, out, at, count, memory, offsets, steps));
  }
}

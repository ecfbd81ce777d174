/** The one memory in which all programs work: blocks given out and taken back, grown when it is full. */

import type { DType, Elements } from "../../../graph/dtype.ts";
import { OutOfMemoryError, SizeError } from "../../../errors.ts";
import { wasmHost, type WasmHost, type WasmMemory } from "../host.ts";
import { CONTROL_END } from "./control-words.ts";

const PAGE = 65536;
/** 4 GiB, what 32-bit addresses reach. */
const MOST_PAGES = 65536;
const ALIGNMENT = 64;
const AMPLE = 256 * 2 ** 20;

/**
 * Gives memory back until something fits, where that can be done: what is stale, or with `desperate` all that is not
 * needed now.
 */
export type MakeRoom = (fits: () => boolean, desperate: boolean) => boolean;

/**
 * A memory that threads share, the largest that this machine reserves addresses for; `null` where pages are not
 * isolated.
 */
function sharedMemory(host: WasmHost): WasmMemory | null {
  if (!("SharedArrayBuffer" in globalThis)) return null;
  for (let maximum = MOST_PAGES; maximum >= MOST_PAGES / 16; maximum /= 2) {
    try {
      return new host.Memory({ initial: 1, maximum, shared: true });
    } catch {
      // A phone refuses 4 GiB of addresses and grants one.
    }
  }
  return null;
}

/** Memory with blocks. */
export class Heap {
  readonly memory: WasmMemory;
  /** True if other threads can see it. */
  readonly shared: boolean;
  /** Free stretches in the order of their addresses, none touching the next. */
  readonly #free: { start: number; end: number }[] = [];
  #end: number;
  /** Behind the last byte that was ever given out. */
  #touched = 0;
  /** From so many bytes on, what is stale is given up before the memory grows. */
  ample = AMPLE;
  /** Blocks that nobody owns and somebody may still write to. */
  #held: { readonly start: number; readonly bytes: number }[] | null = null;
  /** How often the memory has grown, which may end every view of it. */
  growths = 0;

  constructor() {
    const host = wasmHost();
    if (host === null)
      throw new SizeError({
        op: "compile",
        problem: "this engine has no WebAssembly with vectors",
        hint: "call the function itself",
      });
    const shared = sharedMemory(host);
    this.memory = shared ?? new host.Memory({ initial: 1, maximum: MOST_PAGES });
    this.shared = shared !== null;
    this.#end = PAGE;
    // Address 0 belongs to nobody, the next ones to the threads.
    this.#free.push({ start: Math.ceil(CONTROL_END / ALIGNMENT) * ALIGNMENT, end: PAGE });
  }

  /** How many bytes the memory has. */
  get size(): number {
    return this.#end;
  }

  /** How many of them are given out. */
  get used(): number {
    return this.#end - this.#free.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** A block of zeros. */
  allocate(bytes: number, op: string, makeRoom: MakeRoom = () => false): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const find = (): number => this.#free.findIndex(({ start, end }) => end - start >= size);
    const fits = (): boolean => find() >= 0;
    const isPossible = size <= (MOST_PAGES - 1) * PAGE;
    const isThere =
      isPossible &&
      (fits() ||
        (this.#end + size > this.ample && makeRoom(fits, false)) ||
        this.#grow(size) ||
        makeRoom(fits, true) ||
        this.#grow(size));
    if (!isThere) {
      throw new OutOfMemoryError({
        op,
        problem: `${size} bytes do not fit beside the ${this.used} in use`,
        hint: "work in smaller batches, or let go of programs that are no longer needed",
      });
    }
    const at = find();
    const stretch = this.#free[at]!;
    const { start } = stretch;
    stretch.start += size;
    if (stretch.start === stretch.end) this.#free.splice(at, 1);
    // Memory that was never given out has zeros, and is real only where something is written.
    if (start < this.#touched) new Uint8Array(this.memory.buffer, start, Math.min(size, this.#touched - start)).fill(0);
    this.#touched = Math.max(this.#touched, start + size);
    return start;
  }

  /**
   * Says that what was given up was needed after all: the memory may grow further before something is given up again.
   */
  miss(): void {
    this.ample *= 2;
  }

  /** Adds what a block needs beside the free end; whether that could be had. */
  #grow(size: number): boolean {
    const last = this.#free.at(-1);
    const present = last?.end === this.#end ? last.end - last.start : 0;
    // A quarter more than is needed, so that a growing number of programs grows it rarely.
    const needed = Math.ceil((size - present) / PAGE);
    const generous = Math.min(MOST_PAGES - this.#end / PAGE, Math.max(needed, Math.ceil(this.#end / PAGE / 4)));
    const grown = [generous, needed].find(
      (pages) => pages >= needed && this.#end / PAGE + pages <= MOST_PAGES && this.#tryGrow(pages),
    );
    if (grown === undefined) return false;
    const start = this.#end;
    this.#end += grown * PAGE;
    if (last?.end === start) last.end = this.#end;
    else this.#free.push({ start, end: this.#end });
    return true;
  }

  #tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      this.growths++;
      return true;
    } catch {
      return false;
    }
  }

  /** Until `letGo`, blocks that are given back stay out of use: threads that were lost may write to them. */
  hold(): void {
    this.#held ??= [];
  }

  letGo(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const { start, bytes } of held) this.release(start, bytes);
  }

  /** Takes a block back. */
  release(start: number, bytes: number): void {
    if (this.#held !== null) {
      this.#held.push({ start, bytes });
      return;
    }
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    const end = start + size;
    let at = this.#free.findIndex((stretch) => stretch.start >= end);
    if (at < 0) at = this.#free.length;
    const before = this.#free[at - 1];
    const behind = this.#free[at];
    if (before?.end === start && behind?.start === end) {
      before.end = behind.end;
      this.#free.splice(at, 1);
    } else if (before?.end === start) before.end = end;
    else if (behind?.start === end) behind.start = start;
    else this.#free.splice(at, 0, { start, end });
  }
}

let shared: Heap | null = null;

/** The heap of this thread, made when the first program is. */
export function heap(): Heap {
  return (shared ??= new Heap());
}

/** Memory of a type within the heap. */
export function viewOf(dtype: DType, address: number, count: number): Elements {
  const { buffer } = heap().memory;
  switch (dtype) {
    case "float64":
      return new Float64Array(buffer, address, count);
    case "float32":
      return new Float32Array(buffer, address, count);
    case "int32":
      return new Int32Array(buffer, address, count);
    case "bool":
      return new Uint8Array(buffer, address, count);
  }
}

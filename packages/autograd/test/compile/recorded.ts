/**
 * What a function is compiled to, as text and bytes that depend neither on the machine nor on what was compiled before.
 */

import { Program } from "../../src/compile/program.ts";
import { flatten } from "../../src/compile/signature.ts";
import { lower, statesOf } from "../../src/compile/specialize.ts";
import { Stages } from "../../src/compile/stages.ts";
import { Lease } from "../../src/compile/memory/lease.ts";
import { textOf } from "./ir-text.ts";

/** The values of a program, and its module. */
export interface Recorded {
  readonly ir: string;
  readonly bytes: Uint8Array;
}

/** Memory that every recorded program has for itself, from the same address on. */
const ROOM = 64 * 2 ** 20;
let room: number | null = null;

class Room extends Lease {
  #next = (room ??= new Lease().allocate(ROOM, "replay"));

  override allocate(bytes: number): number {
    const start = this.#next;
    this.#next += 64 * Math.max(1, Math.ceil(bytes / 64));
    if (this.#next > room! + ROOM) throw new RangeError("a recorded program needs more memory than there is");
    return start;
  }
}

/** The module that was made last: the emitter hands it to the host. */
let last = new Uint8Array();
const wasm = (globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => object } }).WebAssembly;
wasm.Module = new Proxy(wasm.Module, {
  construct(target, [bytes]: [Uint8Array<ArrayBuffer>]) {
    last = bytes;
    return new target(bytes);
  },
});

/** Compiles a function for arguments, on so many threads. */
export function record(f: (...args: never[]) => unknown, args: readonly unknown[], threads = 1): Recorded {
  const stages = new Stages();
  const flat = flatten("replay", "argument ", args, true);
  const lowered = lower(stages, "replay", f as (...list: readonly unknown[]) => unknown, flat);
  const { values, results, variables, afters } = lowered;
  const lease = new Room();
  let state = ROOM;
  const states = statesOf(variables, afters, (variable) => (state += 64 * variable.shape.reduce((n, k) => n * k, 1)));
  const spec = { name: "replay", values, results, states, fused: false, native: null, threads, lease };
  new Program(spec, stages);
  return { ir: textOf(values, [...results, ...afters]), bytes: last };
}

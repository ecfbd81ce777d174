/**
 * Sums and extremes as the engine defines them: eight interleaved sums in chunks, folded in one order, whatever the
 * vectors.
 */

import { CHUNK } from "../../../kernels/reduce.ts";
import type { Local } from "../assembler/body.ts";
import { i32, load, op, plus, repeated, type Expression } from "../assembler/expressions.ts";
import { PartsEmitter, type NumberParts, type Parts } from "../lanes/parts.ts";

/** Gathers the numbers of a run, `step` entries at a time; `result` gives what they come to. */
export interface Gatherer {
  reset(): void;
  /** Adds the first `valid` numbers of a step. */
  add(value: Parts, valid: number): void;
  /** The sum or extreme since the last reset: a single f64 for sums of floats, else a number of the type. */
  result(): Local;
}

/** (s0 + s4) + (s2 + s6) and likewise the odd ones, from four vectors of two. */
function foldEight(emitter: PartsEmitter, sums: readonly Expression[]): Local {
  const { body } = emitter;
  const pair = body.let(op("f64x2.add", op("f64x2.add", sums[0]!, sums[2]!), op("f64x2.add", sums[1]!, sums[3]!)));
  return body.let(op("f64.add", emitter.lane("f64", pair, 0), emitter.lane("f64", pair, 1)));
}

/** Σ in float64; steps are of eight entries. */
function floatSum(emitter: PartsEmitter): Gatherer {
  const { body } = emitter;
  const sums = Array.from({ length: 4 }, () => body.local("v128"));
  return {
    reset: () => sums.forEach((sum) => body.set(sum, repeated.f64(-0))),
    add(value, valid) {
      const wide = emitter.keepValid(emitter.convert(value, "float64") as NumberParts, valid, -0);
      sums.forEach((sum, k) => body.set(sum, op("f64x2.add", sum, wide.parts[k]!)));
    },
    result: () => foldEight(emitter, sums),
  };
}

/** The largest or smallest, where the order does not matter. */
function extremum(emitter: PartsEmitter, kind: "max" | "min", type: "f32" | "f64" | "i32"): Gatherer {
  const { body } = emitter;
  const lanes = emitter.lanes(type);
  const best = body.local("v128");
  const worst = type === "i32" ? (kind === "max" ? -(2 ** 31) : 2 ** 31 - 1) : kind === "max" ? -Infinity : Infinity;
  return {
    reset: () => body.set(best, lanes.constant(worst)),
    add(value, valid) {
      for (const part of emitter.keepValid(value as NumberParts, valid, worst).parts)
        body.set(best, lanes[kind](best, part));
    },
    result() {
      const one = body.let(emitter.lane(type, best, 0));
      for (let lane = 1; lane < (type === "f64" ? 2 : 4); lane++) {
        const other = body.let(emitter.lane(type, best, lane));
        body.set(one, emitter.extremum(type, kind, one, other));
      }
      return one;
    },
  };
}

/** The gatherer of a reduction over numbers of a type. */
export function gatherer(
  emitter: PartsEmitter,
  reduction: "sum" | "max" | "min",
  type: "f32" | "f64" | "i32",
): Gatherer {
  return reduction === "sum" ? floatSum(emitter) : extremum(emitter, reduction, type);
}

/** The bytes of scratch that the sums of the chunks of a run need, those of their chunks behind them, and so on. */
export function scratchOfRun(size: number): number {
  return size <= CHUNK ? 0 : 8 * Math.ceil(size / CHUNK) + scratchOfRun(Math.ceil(size / CHUNK));
}

/**
 * Σ of `count` float64 numbers at `base + address`, by the definition of a run; needs `scratchOfRun(count)` bytes
 * behind them.
 */
export function sumOfMemory(emitter: PartsEmitter, base: Expression, address: number, count: number): Local {
  const { body } = emitter;
  const sum = floatSum(emitter);
  const cursor = body.local("i32");
  const span = (from: Expression, entries: number): Local => {
    sum.reset();
    const whole = entries - (entries % 8);
    const eight = (valid: number): void =>
      sum.add(
        { kind: "numbers", type: "f64", parts: [0, 16, 32, 48].map((at) => body.let(load("v128.load", cursor, at))) },
        valid,
      );
    body.set(cursor, from);
    if (whole > 0) {
      const end = body.let(plus(cursor, 8 * whole));
      body.loop((again) => {
        eight(8);
        body.set(cursor, plus(cursor, 64));
        again(op("i32.lt_u", cursor, end));
      });
    }
    if (entries % 8 > 0) eight(entries % 8);
    return sum.result();
  };
  if (count <= CHUNK) return span(plus(base, address), count);
  const chunks = Math.ceil(count / CHUNK);
  const behind = address + 8 * count;
  const full = Math.floor(count / CHUNK);
  const k = body.local("i32");
  body.for(k, i32(0), i32(full), 1, () => {
    const total = span(plus(plus(op("i32.mul", k, i32(8 * CHUNK)), base), address), CHUNK);
    body.store("f64.store", plus(op("i32.shl", k, i32(3)), base), total, behind);
  });
  if (full < chunks)
    body.store(
      "f64.store",
      plus(base, behind + 8 * full),
      span(plus(base, address + 8 * CHUNK * full), count - full * CHUNK),
    );
  return sumOfMemory(emitter, base, behind, chunks);
}

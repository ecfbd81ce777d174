/**
 * Formulas run in vectors: block after block of the operands goes into a small WebAssembly memory of the library's own,
 * and the results out of it.
 */

import type { DType, Elements } from "../../../graph/dtype.ts";
import { bytesOf, laneCount } from "../../../kernels/lanes/machine-types.ts";
import type { BlockLoop, JointBlockLoop, JointTypedFormula, TypedFormula } from "../../../kernels/vectors.ts";
import { arities, externals } from "../../../kernels/special.ts";
import type { Callee } from "../assembler/body.ts";
import { i32, op, plus, type Expression } from "../assembler/expressions.ts";
import { wasmHost, type WasmMemory } from "../host.ts";
import { ModuleBuilder } from "../assembler/module.ts";
import { PartsEmitter } from "../lanes/parts.ts";

/** So many entries go in at a time: the operands of most formulas then stay in the cache beside their results. */
export const BLOCK = 2048;
/**
 * A little more than the numbers of the widest type: slots that begin alike would displace one another from the cache.
 */
const SLOT_BYTES = 8 * BLOCK + 256;
/** The slots of the results are behind those of the operands. */
const MOST_OPERANDS = 5;
const MOST_RESULTS = 2;
const PAGES = Math.ceil(((MOST_OPERANDS + MOST_RESULTS) * SLOT_BYTES) / 65536);
/** Two vectors are computed side by side: the one hides how long the other takes. */
const VECTORS = 2;

/** The memory of all formulas, and what it is seen as. */
interface Space {
  readonly memory: WasmMemory;
  readonly views: Readonly<Record<DType, Elements>>;
}

let space: Space | null = null;
let available = true;
let count = 0;

/** How many blocks WebAssembly has computed. */
export function wasmBlocks(): number {
  return count;
}

function makeSpace(host: NonNullable<ReturnType<typeof wasmHost>>): Space {
  const memory = new host.Memory({ initial: PAGES, maximum: PAGES });
  const { buffer } = memory;
  return {
    memory,
    views: {
      float64: new Float64Array(buffer),
      float32: new Float32Array(buffer),
      int32: new Int32Array(buffer),
      bool: new Uint8Array(buffer),
    },
  };
}

/** A module with the one function (entries): each operand lies in its slot, and so does each result. */
function emit({ operands, used, result, results, read }: JointTypedFormula): Uint8Array<ArrayBuffer> {
  const builder = new ModuleBuilder({ initial: PAGES, maximum: PAGES, shared: false });
  const called = new Map<string, Callee>();
  for (const [name, arity] of Object.entries(arities))
    called.set(name, builder.import(name, new Array<"f64">(arity).fill("f64"), "f64"));
  const isWide = [result, ...used.map((k) => operands[k]!)].every((dtype) => dtype === "float64");
  const step = VECTORS * (isWide ? laneCount.f64 : laneCount.f32);
  builder.function(
    "run",
    ["i32"],
    null,
    (body) => {
      const left = body.parameter(0);
      const emitter = new PartsEmitter(body, step, false, (name) => called.get(name)!);
      /** By the width of a number: how far the loop has come. */
      const cursors = new Map(
        [result, ...used.map((k) => operands[k]!)].map((dtype) => [bytesOf(dtype), body.local("i32")]),
      );
      const slot = (dtype: DType, k: number): { cursor: Expression; offset: number } => ({
        cursor: cursors.get(bytesOf(dtype))!,
        offset: k * SLOT_BYTES,
      });
      body.loop((again) => {
        body.straight(() => {
          emitter.computed.clear();
          const parts = operands.map((dtype, k) =>
            used.includes(k) ? emitter.load(dtype, slot(dtype, k), 1, step) : emitter.number(0, dtype),
          );
          // Equal instructions run once, so that results share what they have in common.
          for (let k = 0; k < results; k++) {
            const made = emitter.map((l, given) => read(l, given)[k]!, parts);
            emitter.store(result, slot(result, MOST_OPERANDS + k), made, step);
          }
        });
        for (const [bytes, cursor] of cursors) body.set(cursor, plus(cursor, bytes * step));
        body.set(left, plus(left, -step));
        again(op("i32.gt_s", left, i32(0)));
      });
    },
    true,
  );
  return builder.finish();
}

/** The kernel of a formula in the memory of all of them; `null` where this engine or page allows none. */
function prepare(formula: JointTypedFormula): readonly [Space, (entries: number) => void] | null {
  const host = available ? wasmHost() : null;
  if (host === null) return null;
  const bytes = emit(formula);
  try {
    space ??= makeSpace(host);
    const { exports } = new host.Instance(new host.Module(bytes), { host: { memory: space.memory, ...externals } });
    return [space, exports["run"] as (entries: number) => void];
  } catch {
    available = false;
    return null;
  }
}

/** Shorter rows are copied number by number. */
const SHORT = 16;

/** Puts `rows` rows of `size` numbers side by side into memory. */
function gather(
  to: Elements,
  at: number,
  memory: Elements,
  from: number,
  outer: number,
  inner: number,
  rows: number,
  size: number,
): void {
  if (inner === 1 && (outer === size || rows === 1)) return to.set(memory.subarray(from, from + rows * size), at);
  for (let row = 0; row < rows; row++) {
    const [start, target] = [from + row * outer, at + row * size];
    if (size < SHORT) for (let i = 0; i < size; i++) to[target + i] = memory[start + i * inner]!;
    else if (inner === 0) to.fill(memory[start]!, target, target + size);
    else to.set(memory.subarray(start, start + size), target);
  }
}

/** A loop that runs a formula in vectors; `null` where WebAssembly is not to be had. */
export function makeBlockLoop(formula: TypedFormula): BlockLoop | null {
  const loop = makeJointBlockLoop({ ...formula, results: 1, read: (l, operands) => [formula.read(l, operands)] });
  return loop === null ? null : (out, rows, memory) => loop([out], rows, memory);
}

/** The same with several results, at most {@link MOST_RESULTS}. */
export function makeJointBlockLoop(formula: JointTypedFormula): JointBlockLoop | null {
  const prepared = prepare(formula);
  if (prepared === null) return null;
  const [{ views }, run] = prepared;
  const slots = formula.operands
    .map((dtype, k) => ({ k, view: views[dtype], first: (k * SLOT_BYTES) / bytesOf(dtype) }))
    .filter(({ k }) => formula.used.includes(k));
  const view = views[formula.result];
  const firsts = Array.from(
    { length: MOST_RESULTS },
    (_, k) => ((MOST_OPERANDS + k) * SLOT_BYTES) / bytesOf(formula.result),
  );
  return (outs, { at, rows, size, offsets, outer, inner }, memory) => {
    const together = Math.max(1, Math.floor(BLOCK / size));
    const piece = Math.min(BLOCK, size);
    for (let row = 0; row < rows; row += together) {
      const height = Math.min(together, rows - row);
      for (let from = 0; from < size; from += piece) {
        const width = Math.min(piece, size - from);
        const isFirst = row === 0 && from === 0;
        for (const { k, view: slot, first: start } of slots) {
          const [toRow, toNext] = [outer[k]!, inner[k]!];
          // What repeats from block to block is there already: the first block is the longest.
          if (!isFirst && toRow === 0 && (toNext === 0 || size <= BLOCK)) continue;
          gather(slot, start, memory[k]!, offsets[k]! + row * toRow + from * toNext, toRow, toNext, height, width);
        }
        run(height * width);
        for (let k = 0; k < outs.length; k++)
          outs[k]!.set(view.subarray(firsts[k]!, firsts[k]! + height * width), at + row * size + from);
        count++;
      }
    }
  };
}

/**
 * Several ways to one result: loops that are generated or not, or vectors in blocks, sweeps that are recorded or not,
 * and anomaly mode's search for the op at fault.
 */

import * as api from "../../../src/index.ts";
import { detectAnomaly, grad, jvp, NonFiniteError, vjp, type Tensor } from "../../../src/index.ts";
import type { ElementwiseOp } from "../../../src/graph/op.ts";
import { setWasmLoops } from "../../../src/kernels/elementwise.ts";
import { setGeneratedLoops } from "../../../src/kernels/loops.ts";
import { wasmBlocks } from "../../../src/backends/wasm/eager/loops.ts";
import { tensors } from "../../../src/ops/algebras.ts";
import { sameBits, tally } from "../compare.ts";
import { tensorOf, type Case } from "../sampling.ts";
import { functionOf, type Row } from "../spec.ts";
import { floatOf } from "./jacobians.ts";

/** Every entry-wise op of the library, and those that only its formulas use. */
const entryWise: readonly ElementwiseOp[] = [...Object.values<unknown>({ ...tensors }), ...Object.values<unknown>(api)]
  .map((exported) => (typeof exported === "function" && "op" in exported ? (exported.op as ElementwiseOp) : null))
  .filter((op) => op !== null);

function forgetLoops(): void {
  for (const op of entryWise) op.loops.length = 0;
}

/** Uneven numbers, every third of them 0. */
function seedFor(x: Tensor): Tensor {
  return tensorOf(
    x.shape,
    x.toTypedArray().map((_, i) => (i % 3 === 2 ? 0 : 1.1 + i / 7)),
    x.dtype,
  );
}

function valueAndShares(one: Case): readonly Tensor[] {
  const points = one.leaves.map((leaf) => leaf.tensor);
  const { value, pullback } = vjp(floatOf(one), ...points);
  return [value, ...pullback(seedFor(value))];
}

/**
 * A sweep that is recorded, op by op, because it will itself be differentiated, gives the bits of one that is not, in
 * fused loops.
 */
export function checkRecorded(one: Case): void {
  const points = one.leaves.map((leaf) => leaf.tensor);
  const f = floatOf(one);
  const seed = seedFor(f(...points));
  const tangents = points.map(seedFor);
  const sweep = (...x: Tensor[]): Tensor[] => [...vjp(f, ...x).pullback(seed), jvp(f, x, tangents).tangent];
  const plain = sweep(...points);
  let recorded: Tensor[] = [];
  vjp(
    (...x: Tensor[]) => {
      recorded = sweep(...x);
      return f(...x);
    },
    ...points,
  );
  recorded.forEach((got, k) => sameBits(`${one.label}: recorded sweep, result ${k}`, got, plain[k]!));
}

/** Generated loops, interpreted ones, and vectors in blocks give the same bits. */
export function checkLoops(cases: readonly Case[]): void {
  const formerLoops = setWasmLoops("never");
  forgetLoops();
  const generated = cases.map(valueAndShares);
  const compare = (way: string): void =>
    cases.forEach((one, at) =>
      valueAndShares(one).forEach((got, k) => sameBits(`${one.label}: ${way}, result ${k}`, got, generated[at]![k]!)),
    );
  const formerGenerated = setGeneratedLoops(false);
  forgetLoops();
  try {
    compare("interpreted loop");
    setGeneratedLoops(formerGenerated);
    setWasmLoops("always");
    const before = wasmBlocks();
    forgetLoops();
    compare("blocks");
    // Formulas that call a function of the host for each entry have no vectors.
    const expected = entryWise.some(({ name, loops }) => name !== "pow" && loops.some((loop) => loop !== undefined));
    if (expected && wasmBlocks() === before) throw new Error(`${cases[0]!.label}: nothing was computed in blocks`);
  } finally {
    setGeneratedLoops(formerGenerated);
    setWasmLoops(formerLoops);
    forgetLoops();
  }
}

/** In anomaly mode the planted calls are stopped at the op that makes the first number that is not finite. */
export function checkPlanted(row: Row): void {
  for (const { args, derivative, params = [], op = row.name } of row.planted ?? []) {
    tally.checks++;
    const call = (...operands: (Tensor | number)[]): Tensor =>
      row.pick(functionOf(row.name)(...row.arguments(operands, params)), params);
    let thrown: unknown = null;
    try {
      detectAnomaly(() =>
        derivative === true ? grad((x: Tensor) => call(x, ...args.slice(1)))(args[0]! as Tensor) : call(...args),
      );
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof NonFiniteError))
      throw new Error(`${row.name}: a planted number that is not finite gave ${String(thrown)}`);
    if (thrown.op !== op) throw new Error(`${row.name}: anomaly mode names ${thrown.op}`);
  }
}

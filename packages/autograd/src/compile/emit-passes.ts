/** The loops behind a product of matrices, over a block of its rows. */

import type { Body } from "../kernels/wasm/body.ts";
import { i32, op, plus, type Expression } from "../kernels/wasm/expressions.ts";
import { emitLoop, scratchOfLoop, type EmitContext } from "./emit-loop.ts";
import type { Kernel } from "./fuse.ts";
import { bytesOf } from "./layout.ts";
import type { Borders } from "./threads.ts";
import type { Value } from "./value.ts";

type Product = Extract<Value["definition"], { kind: "matmul" }>;

/** Bytes of scratch of the passes of a kernel in each thread. */
export function scratchOfPasses({ passes }: Kernel): number {
  return Math.max(0, ...passes.map((pass) => scratchOfLoop(pass, 1)));
}

/** Emits the passes over some rows of the product of a batch that begins at an address; `scratch` is counted from the program's. */
export function emitPasses(body: Body, { members: [product], passes }: Kernel, start: Expression, rows: Borders, scratch: Expression, context: EmitContext): void {
  const { m, n, batch } = (product!.definition as Product).sizes;
  const real = batch.filter((size) => size !== 1);
  let rest: Expression = real.length === 0 ? i32(0) : body.let(op("i32.div_u", op("i32.sub", start, i32(context.addresses(product!))), i32(m * n * bytesOf(product!.dtype))));
  const bounds: Borders[] = m === 1 ? [] : [rows];
  for (let axis = real.length - 1; axis >= 0; axis--) {
    const at = axis === 0 ? rest : body.let(op("i32.rem_u", rest, i32(real[axis]!)));
    if (axis > 0) rest = body.let(op("i32.div_u", rest, i32(real[axis]!)));
    bounds.unshift({ from: at, to: plus(at, 1) });
  }
  for (const pass of passes) emitLoop(body, pass, context, { bounds, aligned: m > 1, scratch });
}

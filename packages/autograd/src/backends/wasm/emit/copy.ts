/** Copies of so many bytes, a number that is known: straight loads and stores where these are few; and fills. */

import type { DType } from "../../../graph/dtype.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import type { Body } from "../assembler/body.ts";
import { f32, f64, i32, load, plus, times, type Expression } from "../assembler/expressions.ts";

/** `memory.copy` is a call of the host, which takes as long as copying half as many by vectors. */
const STRAIGHT = 512;

const widths = [
  { bytes: 16, load: "v128.load", store: "v128.store" },
  { bytes: 8, load: "i64.load", store: "i64.store" },
  { bytes: 4, load: "i32.load", store: "i32.store" },
  { bytes: 1, load: "i32.load8_u", store: "i32.store8" },
] as const;

/** Emits a copy of exactly so many bytes between ranges that do not overlap. */
export function copyBytes(body: Body, to: Expression, from: Expression, bytes: number): void {
  if (bytes > STRAIGHT) return body.copyMemory(to, from, i32(bytes));
  const once = (address: Expression): Expression => (address.constant === undefined ? body.let(address) : address);
  const [target, source] = [once(to), once(from)];
  let at = 0;
  for (const width of widths) {
    for (; bytes - at >= width.bytes; at += width.bytes)
      body.store(width.store, target, load(width.load, source, at), at);
  }
}

/** Emits so many entries that nothing reached: -0, or 0 where a type has no other. */
export function fillDropped(body: Body, dtype: DType, to: Expression, count: number): void {
  const bytes = bytesOf(dtype);
  if (dtype !== "float64" && dtype !== "float32") return body.fillMemory(to, i32(0), i32(count * bytes));
  const [store, zero] = dtype === "float64" ? (["f64.store", f64(-0)] as const) : (["f32.store", f32(-0)] as const);
  const entry = body.local("i32");
  const target = body.let(to);
  body.for(entry, i32(0), i32(count), 1, () => body.store(store, plus(target, times(entry, bytes)), zero));
}

/** Copies of so many bytes, a number that is known: straight loads and stores where these are few. */

import type { Body } from "../assembler/body.ts";
import { i32, load, type Expression } from "../assembler/expressions.ts";

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

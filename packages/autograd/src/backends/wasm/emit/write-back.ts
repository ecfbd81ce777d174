/** Write-back at the end of a run: states take their new values, all of them or, where something was refused, none. */

import type { Body } from "../assembler/body.ts";
import { i32, load, op, plus, times } from "../assembler/expressions.ts";
import { bordersOf, type Part } from "./chunks.ts";
import { PADDING } from "../../../compile/ir/layout.ts";

/** A state and its new value, by their addresses. */
export interface Update {
  readonly to: number;
  readonly from: number;
  readonly bytes: number;
}

/** So many bytes are copied faster by several threads than these wait for each other. */
const LEAST_BYTES = 256 * 1024;
/** How many pieces each thread has. */
export const CHUNKS_OF_WRITE_BACK = 4;

/** True if several threads are to copy the new values. */
export function isWriteBackLarge(updates: readonly Update[]): boolean {
  return updates.reduce((sum, { bytes }) => sum + bytes, 0) >= LEAST_BYTES;
}

/** Copies new values, or a piece of each, unless a number stands at the address `refused`; 0 is none. */
export function emitWriteBack(body: Body, updates: readonly Update[], refused: number, part: Part | null): void {
  const copy = (): void => {
    for (const { to, from, bytes } of updates) {
      // What is padded may be copied with its padding.
      const units = bordersOf(body, part, Math.ceil(bytes / PADDING));
      const first = times(units.from, PADDING);
      body.copyMemory(
        plus(first, to),
        plus(first, from),
        part === null ? i32(bytes) : times(op("i32.sub", units.to, units.from), PADDING),
      );
    }
  };
  if (refused === 0) copy();
  else body.if(op("i32.eqz", load("i32.load", i32(refused))), copy);
}

/** Steps of a scan that do something for no example, and are left out. */

import { droppedLike } from "../graph/create.ts";
import { elementsOf } from "../graph/read.ts";
import type { Tensor } from "../graph/tensor.ts";
import { greater } from "../ops/comparison.ts";
import { sumOver } from "../ops/expansion.ts";
import type { Batched } from "../primitives/batched.ts";
import type { Scan } from "../transforms/control-scan.ts";

/** Which steps of a scan do something for some example. */
export interface Gates {
  /** The gates of all steps, where they are known beforehand; `null` where each step says it. */
  readonly rows: Tensor | null;
  inStep(valueOf: (x: Tensor) => Batched<Tensor>): Tensor;
}

/** The gates of a scan whose arrays have the examples behind the rows; `null` where every step does something. */
export function gatesOf({ gate, carries, rows, body }: Scan, arrays: readonly Batched<Tensor>[]): Gates | null {
  if (gate === null) return null;
  const anyIn = ({ value, mapped }: Batched<Tensor>, axis: number): Tensor =>
    mapped ? greater(sumOver(value, [axis], false), 0) : value;
  const k = body.parameters.indexOf(gate);
  return {
    rows: k >= carries && k < carries + rows ? anyIn(arrays[k - carries]!, 1) : null,
    inStep: (valueOf) => anyIn(valueOf(gate), 0),
  };
}

/** True if a step does something. */
export const isOpen = (gate: Tensor): boolean => gate.storage === 1;

/**
 * Runs the steps of a scan that do something: up to one that does nothing, after which none does, or those of which
 * the rows of the gate say it. `leaveOut` gives another row what one that has run has; one always runs.
 */
export function runOpen(
  length: number,
  backwards: boolean,
  rows: Tensor | null,
  stepAt: (row: number) => boolean,
  leaveOut: (row: number, like: number) => void,
): void {
  const order = Array.from({ length }, (_, at) => (backwards ? length - 1 - at : at));
  const flags = rows === null ? null : elementsOf(rows);
  const open = flags === null ? order : order.filter((row) => flags[row] === 1);
  const ran = new Set<number>();
  for (const row of open.length === 0 ? order.slice(0, 1) : open) {
    ran.add(row);
    if (!stepAt(row) && rows === null) break;
  }
  const [like] = ran;
  const last = [...ran].at(-1)!;
  for (const row of order) if (!ran.has(row)) leaveOut(row, rows === null ? last : like!);
}

/** The output of a step that is left out. */
export const dropped = ({ value, mapped }: Batched<Tensor>): Batched<Tensor> => ({ value: droppedLike(value), mapped });

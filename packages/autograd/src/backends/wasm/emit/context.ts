/** The context that the emitters of the kernels of one program share. */

import type { External2Name, ExternalName } from "../../../kernels/lanes/lanes.ts";
import type { Callee, Local } from "../assembler/body.ts";
import type { Part } from "./chunks.ts";
import type { Addresses } from "../../../compile/ir/layout.ts";
import type { Value } from "../../../compile/ir/value.ts";
import type { Formulas } from "./formulas.ts";
import type { Traps } from "./traps.ts";

export interface EmitContext {
  readonly addresses: Addresses;
  /** True if something outside its kernel reads a value. */
  readonly isStored: (value: Value) => boolean;
  /** Memory for the sums of chunks. */
  readonly scratch: number;
  /** Notes what a program refuses. */
  readonly traps: Traps;
  readonly fused: boolean;
  readonly external: (name: ExternalName | External2Name) => Callee;
  readonly formulas: Formulas;
  /** Values whose address is a variable. */
  readonly bases?: ReadonlyMap<Value, Local>;
  /** Numbers of a loop that lie in memory, from a variable on, by their order among its operands without conditions. */
  readonly numbers?: { readonly row: Local; readonly offsets: ReadonlyMap<number, number> };
  /** The piece of the kernel that is emitted; `null` where one thread does all of it. */
  readonly part: Part | null;
}

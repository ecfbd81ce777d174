/** Lanes read as WebAssembly: vectors of 128 bits, or single numbers, instruction by instruction. */

import type { Expression } from "../assembler/expressions.ts";
import type { Lanes } from "../../../kernels/lanes/lanes.ts";
import { scalarLanes } from "./scalar-lanes.ts";
import type { WasmLanesOptions } from "./sharing.ts";
import { vectorLanes } from "./vector-lanes.ts";

/** The reading of one type. A shared value becomes a local of the function. */
export function wasmLanes(options: WasmLanesOptions): Lanes<Expression, Expression> {
  return options.vector ? vectorLanes(options) : scalarLanes(options);
}

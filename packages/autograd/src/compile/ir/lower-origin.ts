/** Provenance: from what a trace has noted of one tensor to its value in a program. */

import { GraphError } from "../../errors.ts";
import type { DType } from "../../graph/dtype.ts";
import type { Looped, PartAttributes } from "../../graph/op.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Origin } from "../../graph/tracing.ts";
import type { Builder } from "./builder.ts";
import type { Value } from "./value.ts";

/** The value of a tensor that is another one's or an op's; `resolve` gives the values of what it is computed from. */
export function lowerOrigin(
  builder: Builder,
  origin: Extract<Origin, { kind: "alias" | "op" }>,
  dtype: DType,
  resolve: (x: Tensor) => Value,
): Value {
  if (origin.kind === "alias") return builder.cast(resolve(origin.of), dtype);
  const { op, inputs, attributes, call } = origin;
  builder.origin = { op: op.name, call };
  const operands = inputs.map(resolve);
  if (op.kind === "elementwise") return builder.map(op, ...operands);
  if (op.kind === "control") return op.lower(builder, operands, attributes as Looped);
  if (op.kind === "part") return op.lower(builder, operands, attributes as PartAttributes);
  if (op.kind !== "leaf" && op.lower !== undefined) return op.lower(builder, operands, attributes);
  throw new GraphError({
    op: op.name,
    problem: "cannot be compiled",
    hint: "compute this part outside the compiled function",
    code: "NOT_COMPILABLE",
  });
}

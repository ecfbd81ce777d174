/** Keys of hash-consing: texts of values that are read from what they are, equal for values that compute the same. */

import type { Elements } from "../../graph/dtype.ts";
import type { Definition, Value } from "./value.ts";

/** The key of a map. */
export function mapKey({ definition, shape, dtype }: Value): string {
  const { op, inputs } = definition as Extract<Definition, { kind: "map" }>;
  return `${op.name} ${inputs.map(({ id }) => id).join()}|${shape.join()}|${dtype}`;
}

const constantIds = new WeakMap<Elements, number>();
let constantCount = 0;

/** The key of a constant, which is equal to itself alone. */
export function constantKey({ definition, shape, dtype }: Value): string {
  if (definition.kind !== "constant") return "";
  const id = constantIds.get(definition.elements) ?? ++constantCount;
  constantIds.set(definition.elements, id);
  return `constant ${id}|${shape.join()}|${dtype}`;
}

/** The pattern of a Jacobian, where it may be other than 0, found by tracing the function. */

import { GraphError } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Several, Step } from "../graph/control.ts";
import type { Looped, PartAttributes } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { dependences, everywhere, unionOf, type Dependence, type Sets } from "../primitives/dependence.ts";
import { closeBodies, recordBody } from "../transforms/control-body.ts";
import { severalOf } from "../transforms/several.ts";

/** For each entry of what `f` gives, the entries of its argument on which it may depend. */
export function patternOf(op: string, f: (x: Tensor) => Tensor, { shape, dtype }: Tensor): Sets {
  const recording = recordBody(op, [{ shape, dtype }], ([leaf]) => [f(leaf!)]);
  const {
    bodies: [body],
  } = closeBodies([recording]);
  const { parameters, steps, results } = body!;
  const count = countOf(shape);
  const own: Sets = {
    starts: Int32Array.from({ length: count + 1 }, (_, k) => k),
    items: Int32Array.from({ length: count }, (_, k) => k),
  };
  const values = new Map<Tensor, Dependence>([[parameters[0]!, { shape, dtype, sets: own, elements: null }]]);
  const resolve = (x: Tensor): Dependence => {
    const elements = x.storage === null ? null : elementsOf(x);
    return values.get(x) ?? { shape: x.shape, dtype: x.dtype, sets: null, elements };
  };
  const several = new Map<Tensor, readonly Dependence[]>();
  for (const step of steps) if (!values.has(step.tensor)) values.set(step.tensor, dependenceOf(step, resolve, several));
  const [y] = results;
  const found = resolve(y!).sets;
  return found ?? { starts: new Int32Array(countOf(y!.shape) + 1), items: new Int32Array(0) };
}

/**
 * The dependence of a tensor of a body, by what it is computed from.
 *
 * @param results - those of each op that has several, which it adds to
 */
function dependenceOf(
  { tensor, origin, sources }: Step,
  resolve: (x: Tensor) => Dependence,
  results: Map<Tensor, readonly Dependence[]>,
): Dependence {
  const { shape, dtype, node } = tensor;
  if (origin.kind === "alias") {
    const of = resolve(origin.of);
    // The rule of an op by hand may say anything of its inputs.
    if (node?.op.kind === "custom" && sources !== null) return everywhere(shape, dtype, unionOf(sources.map(resolve)));
    return { ...of, dtype, sets: isFloat(dtype) ? of.sets : null };
  }
  if (origin.kind !== "op") return { shape, dtype, sets: null, elements: null };
  const { op, attributes } = origin;
  const inputs = origin.inputs.map(resolve);
  switch (op.kind) {
    case "elementwise":
      return dependences.map(op, ...inputs);
    case "leaf":
      return inputs[0]!;
    // Of a loop or a branch, everything may depend on all that goes in.
    case "control": {
      const several = severalOf(op);
      if (several !== null)
        results.set(tensor, several.lower(dependences, inputs, ((attributes as Looped).control as Several).given));
      return everywhere([], "float64", unionOf(inputs));
    }
    case "part":
      return (
        results.get(origin.inputs[0]!)?.[(attributes as PartAttributes).part as number] ??
        everywhere(shape, dtype, inputs[0]!.sets)
      );
    default:
      if (op.lower !== undefined) return op.lower(dependences, inputs, attributes);
      throw new GraphError({
        op: op.name,
        problem: "does not say what it is made of, and so not on what it depends",
        hint: "give the pattern: sparseJacobian(f, { pattern })",
        code: "NOT_TRACED",
      });
  }
}

/** A call of a program beside the function that it was made from: every bit is compared. */

import { GraphError, showShape } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import type { Tensor } from "../graph/tensor.ts";
import { flatten } from "./signature.ts";
import type { Specialized } from "./specialize.ts";

/** How far results may be apart, in units of the largest entry, where products and sums are rounded once. */
const FUSED_BOUND = { float64: 1e-12, float32: 1e-4 } as const;
/** Runs both from the same states; the program's results and states stay. */
export function verifyCall(
  name: string,
  program: Specialized,
  leaves: readonly (Tensor | number)[],
  plain: () => unknown,
  fused: boolean,
): unknown {
  const { variables } = program;
  const before = variables.map((variable) => variable.read());
  const expected = flatten(name, "the result", plain(), false).leaves as readonly Tensor[];
  const expectedStates = variables.map((variable) => variable.read());
  variables.forEach((variable, k) => variable.assign(before[k]!));
  const result = program.call(leaves);
  const found = flatten(name, "the result", result, false).leaves as readonly Tensor[];
  const bound = (x: Tensor): number =>
    fused && isFloat(x.dtype) ? FUSED_BOUND[x.dtype as "float64" | "float32"] * largestOf(x) : 0;
  expected.forEach((x, k) => compare(name, `result ${k}`, x, found[k]!, bound(x)));
  expectedStates.forEach((x, k) => compare(name, `variable ${k}`, x, variables[k]!.read(), bound(x)));
  return result;
}

/** Returns the largest magnitude among the finite numbers; 0 where there is none. */
function largestOf(x: Tensor): number {
  let most = 0;
  for (const value of elementsOf(x)) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

function compare(name: string, what: string, expected: Tensor, found: Tensor, bound: number): void {
  const [a, b] = [Array.from(elementsOf(expected)), Array.from(elementsOf(found))] as const;
  const at = a.findIndex((x, i) => !Object.is(x, b[i]) && !(Math.abs(x - b[i]!) <= bound));
  if (at < 0) return;
  throw new GraphError({
    op: name,
    problem: `${what} of shape ${showShape(expected.shape)} differs at entry ${at}: the function gives ${a[at]!}, the program ${b[at]!}`,
    hint: "the function may depend on something that changes from call to call, such as a captured number; make it an argument or a variable",
    code: "VERIFY",
  });
}

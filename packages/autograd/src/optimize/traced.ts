/** Searches inside of compiled functions: values that are known only when a program runs decide no step. */

import { GraphError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";

/**
 * Refuses a search whose function uses what is not known while a function is compiled.
 *
 * @param does - what the search does with its function, for the hint: `"minimizes"`
 * @param atStart - runs the function once; called only while something is compiled
 */
export function refuseTraced(op: string, does: string, atStart: () => Tensor): void {
  const trace = tracing();
  if (trace === null || atStart().storage !== null) return;
  throw new GraphError({
    op,
    problem: `the function uses what is not known while ${trace.name} is compiled, and the steps depend on its values`,
    hint: `call ${op} outside of the compiled function; what it ${does} may be compiled: { compile: true }`,
    code: "TRACED",
  });
}

/** A formula for single neurons with its numbers put in. */

import type { EquationBlock, Expression, Letter } from "../language/ast.ts";
import { equation, number } from "../language/build.ts";
import { evaluate } from "../values/evaluate.ts";
import { at, substituted, writtenOut } from "../values/expand.ts";
import type { World } from "../values/world.ts";

/** The numbers are those of the first sample. */
export const scope = { sample: 0, l: null, neurons: new Map<string, number>() };

/** left = the formula for these neurons = the formula with numbers = its value. */
export function numbered(
  world: World,
  left: Expression,
  formula: Expression,
  neurons: ReadonlyMap<string, number>,
): EquationBlock {
  const concrete = writtenOut(at(formula, neurons), (over: Letter) => world.subject.sizes[over.layer as number]!);
  return equation(at(left, neurons), [concrete, substituted(concrete, world, scope), valueIn(world, concrete)]);
}

/** Returns what an expression is worth, as an expression. */
export function valueIn(world: World, of: Expression): Expression {
  const result = evaluate(of, world, scope);
  return typeof result === "number" ? number(result) : { kind: "matrix", rows: result };
}

/**
 * Names that are assigned more than once: each assignment is a quantity of its own, and a name means the last one
 * before it.
 */

import { symbolsIn, type Expr, type Formula, type SymbolNode } from "./ast.ts";
import { changedSymbols } from "./numbering.ts";

/** A version of a name: behind this sign stands its number; 0 is what the name was before the first assignment. */
const SIGN = "#";

/** A name as the person wrote it. */
export const plainName = (local: string): string => local.split(SIGN)[0]!;

/** True if a name means what it was before the text assigned to it. */
export const isBefore = (local: string): boolean => local.endsWith(`${SIGN}0`);

const isOwn = (expr: Expr): expr is SymbolNode =>
  expr.kind === "symbol" && expr.name === "local" && expr.layer === null;

/** Tells the versions of names apart. */
export function versioned(formulas: readonly Formula[]): Formula[] {
  const assignments = new Map<string, number[]>();
  formulas.forEach(({ target }, order) => {
    if (isOwn(target)) assignments.set(target.local, [...(assignments.get(target.local) ?? []), order]);
  });
  const orders = new Map(formulas.map((formula, order) => [formula, order]));
  const several = new Set(
    [...assignments]
      .filter(([name, at]) => at.length > 1 || refersToItself(formulas[at[0]!]!, name))
      .map(([name]) => name),
  );
  return changedSymbols(formulas, (node, formula) => {
    if (!isOwn(node) || !several.has(node.local)) return node;
    const order = orders.get(formula)!;
    const at = assignments.get(node.local)!;
    const isTarget = node === formula.target;
    const before = at.filter((one) => one < order || (isTarget && one === order)).length;
    // Mathematics may name a thing before it says what it is; an assignment to itself reads what was there before.
    const isUpdate = refersToItself(formulas[at[0]!]!, node.local);
    const version = before === 0 && !at.includes(order) && !isUpdate ? at.length : before;
    return { ...node, local: `${node.local}${SIGN}${version}` };
  });
}

function refersToItself({ values }: Formula, name: string): boolean {
  return values.some((value) => symbolsIn(value).some(({ local }) => local === name));
}

/**
 * Formulas as loops and rows have them: δ that is overwritten from layer to layer, names that live for one layer, W_i
 * as a row of W.
 */

import { symbolsIn, walk, withChildren, type Expr, type Formula, type SymbolNode } from "./ast.ts";
import { sameSymbol } from "./own.ts";

const isGeneral = ({ target, values }: Formula): boolean =>
  [target, ...values].some((expr) => symbolsIn(expr).some(({ layer }) => layer?.base === "l"));
const isBare = (expr: Expr): expr is SymbolNode =>
  expr.kind === "symbol" && expr.name === "delta" && expr.layer === null && expr.indices.length === 0;

const replaced = (expr: Expr, change: (part: Expr) => Expr | null): Expr =>
  change(expr) ?? withChildren(expr, (part) => replaced(part, change));

/** `delta = W.T @ delta * sp` in a loop is δ^l of δ^{l+1}; before the loop it is δ^L. */
export function unrolled(formulas: readonly Formula[]): Formula[] {
  const rest = withoutTemporaries(formulas);
  const inlined = rest.length === 0 ? [...formulas] : rest;
  const loops = inlined.some((formula) => isBare(formula.target) && isGeneral(formula));
  if (!loops) return inlined;
  const update = inlined.findIndex((formula) => isBare(formula.target) && isGeneral(formula));
  return inlined.map((formula, order) => {
    const { target, values } = formula;
    const base = isGeneral(formula) ? "l" : "L";
    // What stands there before the update is of the layer above.
    const offset = isBare(target) || (base === "l" && order < update) ? 1 : 0;
    const before = values.map((value) =>
      replaced(value, (part) => (isBare(part) ? { ...part, layer: { base, offset } } : null)),
    );
    return { ...formula, target: isBare(target) ? { ...target, layer: { base, offset: 0 } } : target, values: before };
  });
}

/** A name of the person's own that depends on l, or z = zs[-l], is put in where it is used. */
function withoutTemporaries(formulas: readonly Formula[]): Formula[] {
  const known: { readonly target: SymbolNode; readonly value: Expr }[] = [];
  return formulas.flatMap((formula) => {
    const values = formula.values.map((value) =>
      known.reduceRight(
        (expr, { target, value: put }) => replaced(expr, (part) => (sameSymbol(part, target) ? put : null)),
        value,
      ),
    );
    const { target } = formula;
    const isShort =
      target.kind === "symbol" &&
      (target.name === "local" ||
        ((target.name === "u" || target.name === "v") && values.every(({ kind }) => kind === "symbol")));
    if (isShort && target.layer === null && target.indices.length === 0 && isGeneral({ ...formula, values })) {
      known.push({ target, value: values[values.length - 1]! });
      return [];
    }
    return [{ ...formula, values }];
  });
}

/** x W_i, a row of W times a whole vector, is Σ_k w_ik x_k. */
export function withRows(formulas: readonly Formula[]): Formula[] {
  return formulas.map((formula) => {
    const used = new Set([formula.target, ...formula.values].flatMap(symbolsIn).flatMap(({ indices }) => indices));
    const letter = ["q", "r", "p", "s"].find((one) => !used.has(one))!;
    const row = (expr: Expr): Expr | null => {
      if (expr.kind !== "binary" || expr.operator !== "matmul") return null;
      const [left, right] = [plain(expr.left), plain(expr.right)];
      for (const [one, other] of [
        [left, right],
        [right, left],
      ] as const) {
        if (one?.name !== "W" || one.indices.length !== 1 || other?.name !== "v" || other.indices.length > 0) continue;
        const place = { start: expr.start, end: expr.end };
        const weight = { ...one, indices: [...one.indices, letter] };
        return {
          kind: "sigma",
          index: letter,
          of: { kind: "binary", operator: "matmul", left: weight, right: { ...other, indices: [letter] }, ...place },
          ...place,
        };
      }
      return null;
    };
    const hasRow = formula.values.some((value) =>
      [...walk(value)].some((part) => part.kind === "symbol" && part.name === "W" && part.indices.length === 1),
    );
    return hasRow ? { ...formula, values: formula.values.map((value) => replaced(value, row)) } : formula;
  });
}

function plain(expr: Expr): SymbolNode | null {
  if (expr.kind === "unary" && expr.operator === "transpose") return plain(expr.of);
  return expr.kind === "symbol" ? expr : null;
}

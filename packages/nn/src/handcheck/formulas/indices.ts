/**
 * Over which layer each index runs, and what is wrong where it runs over two, is not summed, or is summed for nothing.
 */

import { sense } from "../../locales/sense.ts";
import type { Words } from "../../locales/words.ts";
import { children, type Expr, type Index, type Quantity, type SigmaNode, type SymbolNode } from "./ast.ts";
import type { Problem } from "./problem.ts";
import type { Rule } from "./resolve.ts";

/** How W is indexed: `out×in` for w_jk to j from k, `in×out` for w_kj from k to j. */
export type WeightOrder = "out×in" | "in×out";

/** A problem, and whether the numbers of this network hide it: layers of one width. */
export interface Finding extends Problem {
  readonly fatal: boolean;
  /** The product of two columns that is read as their outer product. */
  readonly outer?: Expr;
}

/** Holds where the indices of a rule run. */
export interface Ranges {
  /** The number of neurons for each index on the left, and for each Σ; a Σ over samples has none. */
  readonly target: readonly number[];
  readonly sums: ReadonlyMap<SigmaNode, number | "samples">;
  readonly findings: readonly Finding[];
}

interface Range {
  readonly letter: string;
  layer: number | null;
  /** Says where the layer was read off. */
  from: SymbolNode | null;
}

const matrices: ReadonlySet<Quantity> = new Set(["W", "gradW", "stepW", "nextW"]);

/** True if a rule is written with indices. */
export function isIndexed({ target, values }: Rule): boolean {
  return target.indices.length > 0 || values.some(hasIndices);
}

function hasIndices(expr: Expr): boolean {
  return (expr.kind === "symbol" && expr.indices.length > 0) || children(expr).some(hasIndices);
}

/** Σ_n over samples: n is the index of no quantity inside. */
export function overSamples(node: SigmaNode): boolean {
  return (node.index === "n" || node.index === "x") && !mentions(node.of, node.index);
}

function mentions(expr: Expr, letter: string): boolean {
  return (
    (expr.kind === "symbol" && expr.indices.includes(letter)) || children(expr).some((part) => mentions(part, letter))
  );
}

/** Finds the ranges of a rule's value. `layersOf` says over which layers the indices of a local quantity run. */
export function ranges(
  rule: Rule,
  value: Expr,
  sizes: readonly number[],
  order: WeightOrder,
  layersOf: (name: string) => readonly number[],
): Ranges {
  const findings: Finding[] = [];
  const sums = new Map<SigmaNode, number | "samples">();
  const last = sizes.length - 1;
  const scope = new Map<string, Range>();

  const report = (kind: "index", at: Expr, fatal: boolean, says: Words): void => {
    findings.push({ kind, start: at.start, end: at.end, fatal, says });
  };
  const layersFor = (node: SymbolNode): readonly number[] => {
    if (node.name === "local") return layersOf(node.local);
    const layer = node.layer?.offset ?? last;
    if (!matrices.has(node.name)) return [layer];
    return order === "out×in" ? [layer, layer - 1] : [layer - 1, layer];
  };
  const use = (node: SymbolNode, index: Index, layer: number | undefined): void => {
    if (typeof index === "number") {
      if (layer !== undefined && index > sizes[layer]!) {
        report("index", node, true, sense.noSuchNeuron({ index, layer, count: sizes[layer]! }));
      }
      return;
    }
    const range = scope.get(index);
    if (range === undefined) {
      report("index", node, true, sense.unboundIndex({ index }));
      return;
    }
    if (layer === undefined) return;
    if (range.layer === null) {
      range.layer = layer;
      range.from = node;
    } else if (range.layer !== layer) {
      report(
        "index",
        node,
        sizes[range.layer] !== sizes[layer],
        sense.indexOfTwoLayers({
          index,
          first: range.layer,
          firstSize: sizes[range.layer]!,
          second: layer,
          secondSize: sizes[layer]!,
        }),
      );
    }
  };
  const visit = (expr: Expr): void => {
    if (expr.kind === "symbol") {
      const layers = layersFor(expr);
      const whole = matrices.has(expr.name) ? 2 : 1;
      if (expr.indices.length > 0 && expr.indices.length !== whole && expr.name !== "local") {
        report("index", expr, true, sense.twoIndices);
        return;
      }
      expr.indices.forEach((index, i) => use(expr, index, layers[i]));
      return;
    }
    if (expr.kind !== "sigma" || expr.index === null) {
      for (const part of children(expr)) visit(part);
      return;
    }
    if (overSamples(expr)) {
      sums.set(expr, "samples");
      visit(expr.of);
      return;
    }
    const outer = scope.get(expr.index);
    if (outer !== undefined) {
      const onLeft = rule.target.indices.includes(expr.index);
      report("index", expr, true, sense.summedTwice({ index: expr.index, onLeft }));
    }
    const range: Range = { letter: expr.index, layer: null, from: null };
    scope.set(expr.index, range);
    visit(expr.of);
    if (outer === undefined) scope.delete(expr.index);
    else scope.set(expr.index, outer);
    if (range.layer === null && outer === undefined && !mentions(expr.of, expr.index)) {
      report("index", expr, true, sense.indexNotSummed({ index: expr.index }));
    }
    sums.set(expr, range.layer === null ? 1 : sizes[range.layer]!);
  };

  const given = rule.target.indices;
  given.forEach((index) => {
    if (typeof index === "string") scope.set(index, { letter: index, layer: null, from: null });
    else report("index", rule.target, true, sense.anyNeuron);
  });
  if (new Set(given).size < given.length) report("index", rule.target, true, sense.sameIndexTwice);
  if (rule.target.name !== "local") visit(rule.target);
  const targetRanges = given.map((index) => scope.get(String(index)));
  visit(value);
  return {
    target: targetRanges.map((range) => (typeof range?.layer === "number" ? sizes[range.layer]! : 1)),
    sums,
    findings,
  };
}

/** The layers of the indices on the left of a rule for a local quantity. */
export function targetLayers(rule: Rule, sizes: readonly number[], order: WeightOrder): readonly number[] {
  const last = sizes.length - 1;
  return rule.target.indices.map((index) => {
    let found: number | undefined;
    const look = (expr: Expr): void => {
      if (expr.kind === "symbol" && expr.name !== "local") {
        const at = expr.indices.indexOf(index);
        const layer = expr.layer?.offset ?? last;
        if (at >= 0) found ??= matrices.has(expr.name) && (at === 1) === (order === "out×in") ? layer - 1 : layer;
      }
      children(expr).forEach(look);
    };
    rule.values.forEach(look);
    return found ?? last;
  });
}

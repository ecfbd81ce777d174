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

/** How the quantities of a text are laid out, and over which layers the indices of a local one run. */
interface Layout {
  readonly sizes: readonly number[];
  readonly order: WeightOrder;
  readonly layersOf: (name: string) => readonly number[];
}

/** The indices that are bound where a rule is read, and what is wrong with them. */
class Finder {
  readonly findings: Finding[] = [];
  readonly sums = new Map<SigmaNode, number | "samples">();
  readonly #scope = new Map<string, Range>();
  readonly #rule: Rule;
  readonly #layout: Layout;

  constructor(rule: Rule, layout: Layout) {
    [this.#rule, this.#layout] = [rule, layout];
  }

  #report(at: Expr, fatal: boolean, says: Words): void {
    this.findings.push({ kind: "index", start: at.start, end: at.end, fatal, says });
  }

  #layersFor(node: SymbolNode): readonly number[] {
    const { sizes, order, layersOf } = this.#layout;
    if (node.name === "local") return layersOf(node.local);
    const layer = node.layer?.offset ?? sizes.length - 1;
    if (!matrices.has(node.name)) return [layer];
    return order === "out×in" ? [layer, layer - 1] : [layer - 1, layer];
  }

  /** An index at a quantity, which says over which layer it runs. */
  #use(node: SymbolNode, index: Index, layer: number | undefined): void {
    const { sizes } = this.#layout;
    if (typeof index === "number") {
      if (layer !== undefined && index > sizes[layer]!)
        this.#report(node, true, sense.noSuchNeuron({ index, layer, count: sizes[layer]! }));
      return;
    }
    const range = this.#scope.get(index);
    if (range === undefined) {
      this.#report(node, true, sense.unboundIndex({ index }));
      return;
    }
    if (layer === undefined) return;
    if (range.layer === null) {
      range.layer = layer;
      range.from = node;
    } else if (range.layer !== layer) {
      const [first, second] = [range.layer, layer];
      const [firstSize, secondSize] = [sizes[first]!, sizes[second]!];
      const says = sense.indexOfTwoLayers({ index, first, firstSize, second, secondSize });
      this.#report(node, firstSize !== secondSize, says);
    }
  }

  #symbol(node: SymbolNode): void {
    const layers = this.#layersFor(node);
    const whole = matrices.has(node.name) ? 2 : 1;
    if (node.indices.length > 0 && node.indices.length !== whole && node.name !== "local")
      this.#report(node, true, sense.twoIndices);
    else node.indices.forEach((index, i) => this.#use(node, index, layers[i]));
  }

  /** Σ over an index, which is bound inside. */
  #sum(expr: SigmaNode, index: string): void {
    const outer = this.#scope.get(index);
    if (outer !== undefined) {
      const onLeft = this.#rule.target.indices.includes(index);
      this.#report(expr, true, sense.summedTwice({ index, onLeft }));
    }
    const range: Range = { letter: index, layer: null, from: null };
    this.#scope.set(index, range);
    this.visit(expr.of);
    if (outer === undefined) this.#scope.delete(index);
    else this.#scope.set(index, outer);
    if (range.layer === null && outer === undefined && !mentions(expr.of, index))
      this.#report(expr, true, sense.indexNotSummed({ index }));
    this.sums.set(expr, range.layer === null ? 1 : this.#layout.sizes[range.layer]!);
  }

  visit(expr: Expr): void {
    if (expr.kind === "symbol") this.#symbol(expr);
    else if (expr.kind !== "sigma" || expr.index === null) for (const part of children(expr)) this.visit(part);
    else if (overSamples(expr)) {
      this.sums.set(expr, "samples");
      this.visit(expr.of);
    } else this.#sum(expr, expr.index);
  }

  /** The range of each index on the left; what is visited later may still say over which layer it runs. */
  target(): readonly (Range | undefined)[] {
    const { target } = this.#rule;
    const given = target.indices;
    given.forEach((index) => {
      if (typeof index === "string") this.#scope.set(index, { letter: index, layer: null, from: null });
      else this.#report(target, true, sense.anyNeuron);
    });
    if (new Set(given).size < given.length) this.#report(target, true, sense.sameIndexTwice);
    if (target.name !== "local") this.visit(target);
    return given.map((index) => this.#scope.get(String(index)));
  }
}

/** Finds the ranges of a rule's value. `layersOf` says over which layers the indices of a local quantity run. */
export function ranges(
  rule: Rule,
  value: Expr,
  sizes: readonly number[],
  order: WeightOrder,
  layersOf: (name: string) => readonly number[],
): Ranges {
  const finder = new Finder(rule, { sizes, order, layersOf });
  const left = finder.target();
  finder.visit(value);
  const { sums, findings } = finder;
  const target = left.map((range) => (typeof range?.layer === "number" ? sizes[range.layer]! : 1));
  return { target, sums, findings };
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

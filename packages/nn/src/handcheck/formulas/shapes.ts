/**
 * The symbolic check: every product and sum fits for layers of any sizes, or the message names both shapes and what
 * would fit.
 */

import { sense } from "../../locales/sense.ts";
import { alike, type Words } from "../../locales/words.ts";
import { withChildren, type BinaryNode, type Expr, type SymbolNode } from "./ast.ts";
import { overSamples, type Finding } from "./indices.ts";
import {
  axisIn,
  biasLike,
  flipped,
  isPerSample,
  isScalar,
  ONE,
  perSample,
  SCALAR,
  shapeOf,
  showShape,
  weightLike,
  width,
  type Dim,
  type Layout,
  type Shape,
} from "./layout.ts";
import type { Span } from "./problem.ts";
import type { Rule } from "./resolve.ts";

/** Holds what the check of a rule may look at. */
interface ShapeContext {
  readonly text: string;
  readonly sizes: readonly number[];
  readonly samples: number;
  readonly layout: Layout;
  /** The shape of a quantity that the person defined. */
  readonly localShape: (node: SymbolNode) => Shape;
}

/** The shape of a rule's value, and what does not fit in it. */
interface Shaped {
  readonly shape: Shape;
  readonly findings: readonly Finding[];
}

const same = (a: Dim, b: Dim): boolean => a.name === b.name;
const matches = (a: Shape, b: Shape): boolean => same(a[0], b[0]) && same(a[1], b[1]);
const equal = (a: Shape, b: Shape): boolean => a[0].size === b[0].size && a[1].size === b[1].size;
/** Returns what would have to be equal by accident; nothing where that is no accident but never. */
function unequal(left: Shape, right: Shape): string[] {
  const pairs = [
    [left[0], right[0]],
    [left[1], right[1]],
  ].filter(([a, b]) => !same(a!, b!));
  const isNever = pairs.some(([a, b]) => a!.name === "1" || b!.name === "1");
  return isNever ? [] : pairs.map(([a, b]) => `${a!.name} = ${b!.name}`);
}

const column = ([rows, columns]: Shape): boolean => columns.name === "1" && rows.name !== "1";

/** Checks one right-hand side of a rule. */
export function checkShapes(rule: Rule, value: Expr, context: ShapeContext): Shaped {
  const checker = new Checker(rule, context);
  const shape = checker.visit(value);
  checker.target(shape, value);
  return { shape, findings: checker.findings };
}

class Checker {
  readonly findings: Finding[] = [];
  readonly #rule: Rule;
  readonly #context: ShapeContext;

  constructor(rule: Rule, context: ShapeContext) {
    this.#rule = rule;
    this.#context = context;
  }

  #source({ start, end }: Span): string {
    return this.#context.text
      .slice(start, end)
      .replace(/\s+/g, " ")
      .replace(/^\((.*)\)$/, (whole, inner: string) => (/^[^()]*$/.test(inner) ? inner : whole));
  }

  /** An expression as a factor: a sum in its parentheses. */
  #factor(expr: Expr): string {
    const source = this.#context.text.slice(expr.start, expr.end).replace(/\s+/g, " ");
    const isSum = expr.kind === "binary" && (expr.operator === "add" || expr.operator === "subtract");
    return isSum && !/^[([{]/.test(source) ? `(${source})` : source;
  }

  #report(at: Span, fatal: boolean, what: Words): void {
    const l = this.#rule.at;
    const says = l === null ? what : sense.atLayer({ l, what });
    this.findings.push({ kind: "shape", start: at.start, end: at.end, fatal, says });
  }

  visit(expr: Expr): Shape {
    const { sizes, layout, samples } = this.#context;
    const last = sizes.length - 1;
    switch (expr.kind) {
      case "number":
        return SCALAR;
      case "symbol":
        if (expr.indices.length > 0) return SCALAR;
        if (expr.name === "local") return this.#context.localShape(expr);
        return shapeOf(expr.name, expr.layer?.offset ?? last, sizes, layout, samples);
      case "partial": {
        if (expr.of.indices.length > 0) return SCALAR;
        const units = width(expr.of.layer!.offset, sizes);
        return [units, units];
      }
      case "call":
        return this.visit(expr.of);
      case "unary": {
        const inner = this.visit(expr.of);
        if (expr.operator === "negate") return inner;
        if (expr.operator === "transpose") return flipped(inner);
        if (inner[0].name !== "1" && inner[1].name !== "1") {
          this.#report(expr, true, sense.diagOfVector({ source: this.#source(expr.of), shape: showShape(inner) }));
        }
        const long = inner[0].name === "1" ? inner[1] : inner[0];
        return [long, long];
      }
      case "sigma": {
        const inner = this.visit(expr.of);
        if (overSamples(expr)) {
          if (!isPerSample(layout)) this.#report(expr, false, sense.sumOfAllSamples);
          return inner;
        }
        if (!isScalar(inner)) {
          this.#report(expr.of, true, sense.sumOfMatrix({ index: String(expr.index), shape: showShape(inner) }));
        }
        return SCALAR;
      }
      case "reduce": {
        const [rows, columns] = this.visit(expr.of);
        const axis = axisIn(expr.axis, layout);
        if (axis === null) return SCALAR;
        const gone = axis === 0 ? rows : columns;
        // With one sample at a time there are no samples to sum over.
        if (isPerSample(layout) && gone.name === "1") this.#report(expr, false, sense.sumInOneSample);
        return axis === 0 ? [ONE, columns] : [rows, ONE];
      }
      case "binary":
        return this.#binary(expr, this.visit(expr.left), this.visit(expr.right));
    }
  }

  #binary(expr: BinaryNode, left: Shape, right: Shape): Shape {
    if (expr.operator === "matmul") return this.#product(expr, left, right);
    if (isScalar(right)) return left;
    if (isScalar(left)) return right;
    if (matches(left, right)) return left;
    // A bias is added to every sample.
    for (const [one, all] of [
      [left, right],
      [right, left],
    ] as const) {
      if (same(one[0], all[0]) && one[1].name === "1" && all[1].name === "N") return all;
      if (same(one[1], all[1]) && one[0].name === "1" && all[0].name === "N") return all;
    }
    // One number for each sample: what a softmax is divided by.
    if (
      expr.right.kind === "reduce" &&
      expr.right.axis !== null &&
      (same(left[0], right[0]) || same(left[1], right[1]))
    )
      return left;
    const [a, b] = [this.#source(expr.left), this.#source(expr.right)];
    const fits = matches(left, flipped(right));
    const isSum = expr.operator === "add" || expr.operator === "subtract";
    const shapes = sense.shapes({ a, left: showShape(left), b, right: showShape(right) });
    const unless = unequal(left, right);
    this.#report(expr, !equal(left, right), sense.notAddable({ shapes, a, b, isSum, unless, fits }));
    return left;
  }

  #product(expr: BinaryNode, left: Shape, right: Shape): Shape {
    if (isScalar(left)) return right;
    if (isScalar(right)) return left;
    if (same(left[1], right[0])) return [left[0], right[1]];
    const [a, b] = [this.#source(expr.left), this.#source(expr.right)];
    const shapes = sense.shapes({ a, left: showShape(left), b, right: showShape(right) });
    if (column(left) && column(right)) {
      // Where a matrix is due, two columns side by side can only mean their outer product, in the order written.
      if (weightLike.has(this.#rule.target.name) && this.#context.layout === "sample") {
        this.#report(expr, false, sense.readAsOuter({ shapes, a, b, left: left[0].name, right: right[0].name }));
        this.findings.push({ ...this.findings.pop()!, outer: expr });
        return [left[0], right[0]];
      }
      const [one, other] = [this.#factor(expr.left), this.#factor(expr.right)];
      const outer = `${one} ${/^\(/.test(other) ? other : `(${other})`}^T`;
      const what = same(left[0], right[0])
        ? sense.entrywiseOrOuter({ one, other, outer })
        : sense.outerProduct({ outer, left: left[0].name, right: right[0].name });
      this.#report(expr, left[1].size !== right[0].size, sense.noProduct({ shapes, what }));
      return same(left[0], right[0]) ? left : [left[0], right[0]];
    }
    const [one, other] = [this.#factor(expr.left), this.#factor(expr.right)];
    const turned = (source: string): string =>
      /^\(.*\)$/.test(source)
        ? `${source}^T`
        : /^[\w{}^+\-δ²¹³⁰-⁹ˡᴸ\\]+$/u.test(source)
          ? `${source}^T`
          : `(${source})^T`;
    const options: Words[] = [];
    if (same(left[0], right[0])) options.push(alike(`${turned(one)} ${other}`));
    if (same(left[1], right[1])) options.push(alike(`${one} ${turned(other)}`));
    if (matches(left, right)) options.push(sense.entrywise({ one, other }));
    if (same(right[1], left[0])) options.push(alike(`${other} ${one}`));
    options.push(...this.#otherLayers(expr, right, other).map(alike));
    const accident =
      left[1].name === "1" || right[0].name === "1"
        ? alike("")
        : sense.unless({ left: left[1].name, right: right[0].name });
    const written = `${one} ${other}`;
    this.#report(
      expr,
      left[1].size !== right[0].size,
      options.length === 0
        ? sense.doesNotFit({ shapes, written, accident })
        : sense.otherFits({ shapes, options, written, accident }),
    );
    return [left[0], right[1]];
  }

  /** The weights of another layer that fit where those of this one do not. */
  #otherLayers({ left }: BinaryNode, right: Shape, b: string): string[] {
    const turned = left.kind === "unary" && left.operator === "transpose";
    const W = turned ? left.of : left;
    if (W.kind !== "symbol" || W.name !== "W" || W.layer === null) return [];
    const { sizes, layout, samples } = this.#context;
    const fits = sizes
      .map((_, l) => l)
      .filter((l) => {
        if (l === 0 || l === W.layer!.offset) return false;
        const shape = shapeOf("W", l, sizes, layout, samples);
        return same((turned ? flipped(shape) : shape)[1], right[0]);
      });
    return fits.map((l) => `W${l}${turned ? "^T" : ""} ${b}`);
  }

  /**
   * The left side is as large as the right; a gradient may be its transpose or unreduced, which is for the check to
   * name.
   */
  target(shape: Shape, value: Expr): void {
    const { target } = this.#rule;
    const { sizes, samples, layout } = this.#context;
    if (target.name === "local" || target.name === "error") return;
    if (target.indices.length > 0) {
      if (!isScalar(shape)) this.#report(value, true, sense.matrixForNumber({ shape: showShape(shape) }));
      return;
    }
    const expected = shapeOf(target.name, target.layer?.offset ?? sizes.length - 1, sizes, layout, samples);
    if (matches(shape, expected)) return;
    const unreduced = biasLike.has(target.name) && !isPerSample(layout);
    const transposed = matches(shape, flipped(expected));
    const isNumber = target.name === "gradB" && isScalar(shape);
    const passes = (weightLike.has(target.name) && transposed) || unreduced || isNumber;
    const name = this.#source(target);
    this.#report(
      value,
      !passes && !equal(shape, expected),
      sense.otherShape({ name, expected: showShape(expected), given: showShape(shape), transposed }),
    );
  }
}

/** True if an expression differs from sample to sample. */
export function variesBySample(expr: Expr, localVaries: (node: SymbolNode) => boolean): boolean {
  if (expr.kind === "symbol") return perSample.has(expr.name) || (expr.name === "local" && localVaries(expr));
  if (expr.kind === "partial") return true;
  if (expr.kind === "sigma" && overSamples(expr)) return false;
  let varies = false;
  withChildren(expr, (part) => {
    varies ||= variesBySample(part, localVaries);
    return part;
  });
  return varies;
}

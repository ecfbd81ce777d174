/** The symbolic check: every product and sum fits for layers of any sizes, or the message names both shapes and what would fit. */

import { withChildren, type BinaryNode, type Expr, type SymbolNode } from "./ast.ts";
import { overSamples, type Finding } from "./indices.ts";
import { axisIn, biasLike, flipped, isPerSample, isScalar, ONE, perSample, SCALAR, shapeOf, showShape, weightLike, width, type Dim, type Layout, type Shape } from "./layout.ts";
import type { Span } from "./problem.ts";
import type { Rule } from "./resolve.ts";

/** What the check of a rule may look at. */
export interface ShapeContext {
  readonly text: string;
  readonly sizes: readonly number[];
  readonly samples: number;
  readonly layout: Layout;
  /** The shape of a quantity that the person defined. */
  readonly localShape: (node: SymbolNode) => Shape;
}

/** The shape of a rule's value, and what does not fit in it. */
export interface Shaped {
  readonly shape: Shape;
  readonly findings: readonly Finding[];
}

const same = (a: Dim, b: Dim): boolean => a.name === b.name;
const alike = (a: Shape, b: Shape): boolean => same(a[0], b[0]) && same(a[1], b[1]);
const equal = (a: Shape, b: Shape): boolean => a[0].size === b[0].size && a[1].size === b[1].size;
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
    return this.#context.text.slice(start, end).replace(/\s+/g, " ").replace(/^\((.*)\)$/, (whole, inner: string) => (/^[^()]*$/.test(inner) ? inner : whole));
  }

  /** An expression as a factor: a sum in its parentheses. */
  #factor(expr: Expr): string {
    const source = this.#context.text.slice(expr.start, expr.end).replace(/\s+/g, " ");
    const isSum = expr.kind === "binary" && (expr.operator === "add" || expr.operator === "subtract");
    return isSum && !/^[([{]/.test(source) ? `(${source})` : source;
  }

  #report(at: Span, fatal: boolean, en: string, zh: string): void {
    const level = this.#rule.at === null ? ["", ""] : [`at l = ${this.#rule.at}: `, `当 l = ${this.#rule.at} 时：`];
    this.findings.push({ kind: "shape", start: at.start, end: at.end, fatal, says: { en: level[0]! + en, zh: level[1]! + zh } });
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
        if (inner[0].name !== "1" && inner[1].name !== "1") this.#report(expr, true, `diag needs a vector, ${this.#source(expr.of)} is ${showShape(inner)}`, `diag 需要向量，而 ${this.#source(expr.of)} 是 ${showShape(inner)}`);
        const long = inner[0].name === "1" ? inner[1] : inner[0];
        return [long, long];
      }
      case "sigma": {
        const inner = this.visit(expr.of);
        if (overSamples(expr)) {
          if (!isPerSample(layout)) this.#report(expr, false, "a sum over samples where a matrix holds all samples", "矩阵已包含所有样本，不应再对样本求和");
          return inner;
        }
        if (!isScalar(inner)) this.#report(expr.of, true, `a sum over ${String(expr.index)} adds numbers, but here stands a ${showShape(inner)} matrix without its index`, `对 ${String(expr.index)} 求和应是数，而这里是没有下标的 ${showShape(inner)} 矩阵`);
        return SCALAR;
      }
      case "reduce": {
        const [rows, columns] = this.visit(expr.of);
        const axis = axisIn(expr.axis, layout);
        if (axis === null) return SCALAR;
        const gone = axis === 0 ? rows : columns;
        // With one sample at a time there are no samples to sum over.
        if (isPerSample(layout) && gone.name === "1") this.#report(expr, false, "a sum over samples in a formula for one sample", "单样本公式中对样本求和");
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
    if (alike(left, right)) return left;
    // A bias is added to every sample.
    for (const [one, all] of [[left, right], [right, left]] as const) {
      if (same(one[0], all[0]) && one[1].name === "1" && all[1].name === "N") return all;
      if (same(one[1], all[1]) && one[0].name === "1" && all[0].name === "N") return all;
    }
    // One number for each sample: what a softmax is divided by.
    if (expr.right.kind === "reduce" && expr.right.axis !== null && (same(left[0], right[0]) || same(left[1], right[1]))) return left;
    const [a, b] = [this.#source(expr.left), this.#source(expr.right)];
    const fits = alike(left, flipped(right)) ? `; ${a} and the transpose of ${b} fit` : "";
    const zhFits = fits === "" ? "" : `；${a} 与 ${b} 的转置相配`;
    const entries = expr.operator === "add" || expr.operator === "subtract" ? ["added", "相加减"] : ["combined entry by entry", "逐元素运算"];
    this.#report(expr, !equal(left, right), `${a} is ${showShape(left)} and ${b} is ${showShape(right)}: they cannot be ${entries[0]!}${this.#unless(left, right)}${fits}`, `${a} 是 ${showShape(left)}，${b} 是 ${showShape(right)}：不能${entries[1]!}${fits === "" ? "" : zhFits}`);
    return left;
  }

  /** What would have to be equal by accident; nothing where that is no accident but never. */
  #unless(left: Shape, right: Shape): string {
    const pairs = [[left[0], right[0]], [left[1], right[1]]].filter(([a, b]) => !same(a!, b!));
    if (pairs.some(([a, b]) => a!.name === "1" || b!.name === "1")) return "";
    return ` unless ${pairs.map(([a, b]) => `${a!.name} = ${b!.name}`).join(" and ")}`;
  }

  #product(expr: BinaryNode, left: Shape, right: Shape): Shape {
    if (isScalar(left)) return right;
    if (isScalar(right)) return left;
    if (same(left[1], right[0])) return [left[0], right[1]];
    const [a, b] = [this.#source(expr.left), this.#source(expr.right)];
    const shapes = `${a} is ${showShape(left)} and ${b} is ${showShape(right)}`;
    const zhShapes = `${a} 是 ${showShape(left)}，${b} 是 ${showShape(right)}`;
    if (column(left) && column(right)) {
      // Where a matrix is due, two columns side by side can only mean their outer product, in the order written.
      if (weightLike.has(this.#rule.target.name) && this.#context.layout === "sample") {
        this.#report(expr, false, `${shapes}: two columns have no product; it is read as ${a} (${b})^T, a ${left[0].name}×${right[0].name} matrix`, `${zhShapes}：两个列向量不能相乘；按 ${a} (${b})^T 理解，即 ${left[0].name}×${right[0].name} 矩阵`);
        this.findings.push({ ...this.findings.pop()!, outer: expr });
        return [left[0], right[0]];
      }
      const [one, other] = [this.#factor(expr.left), this.#factor(expr.right)];
      const outer = `${one} ${/^\(/.test(other) ? other : `(${other})`}^T`;
      const entrywise = same(left[0], right[0]) ? `write ${one} ⊙ ${other} for entry by entry, or ${outer} for a matrix` : `${outer} is a ${left[0].name}×${right[0].name} matrix`;
      const zhEntrywise = same(left[0], right[0]) ? `逐元素相乘请写 ${one} ⊙ ${other}，矩阵请写 ${outer}` : `${outer} 是 ${left[0].name}×${right[0].name} 矩阵`;
      this.#report(expr, left[1].size !== right[0].size, `${shapes}: two columns have no matrix product: ${entrywise}`, `${zhShapes}：两个列向量没有矩阵乘积：${zhEntrywise}`);
      return same(left[0], right[0]) ? left : [left[0], right[0]];
    }
    const [one, other] = [this.#factor(expr.left), this.#factor(expr.right)];
    const turned = (source: string): string => /^\(.*\)$/.test(source) ? `${source}^T` : (/^[\w{}^+\-δ²¹³⁰-⁹ˡᴸ\\]+$/u.test(source) ? `${source}^T` : `(${source})^T`);
    const options: string[] = [];
    if (same(left[0], right[0])) options.push(`${turned(one)} ${other}`);
    if (same(left[1], right[1])) options.push(`${one} ${turned(other)}`);
    if (alike(left, right)) options.push(`${one} ⊙ ${other}, entry by entry,`);
    if (same(right[1], left[0])) options.push(`${other} ${one}`);
    const accident = left[1].name === "1" || right[0].name === "1" ? "" : ` unless ${left[1].name} = ${right[0].name}`;
    const zhAccident = accident === "" ? "" : `，除非 ${left[1].name} = ${right[0].name}`;
    options.push(...this.#otherLayers(expr, right, other));
    const [written, fits, zhFits] = [`${one} ${other}`, options.join(" or "), options.join(" 或 ").replace(/, entry by entry,/, "（逐元素）")];
    this.#report(
      expr, left[1].size !== right[0].size,
      options.length === 0 ? `${shapes}: ${written} does not fit${accident}` : `${shapes}: ${fits} fits, ${written} does not${accident}`,
      `${zhShapes}：${options.length === 0 ? "" : `${zhFits} 相配，`}${written} 不相配${zhAccident}`,
    );
    return [left[0], right[1]];
  }

  /** The weights of another layer that fit where those of this one do not. */
  #otherLayers({ left }: BinaryNode, right: Shape, b: string): string[] {
    const turned = left.kind === "unary" && left.operator === "transpose";
    const W = turned ? left.of : left;
    if (W.kind !== "symbol" || W.name !== "W" || W.layer === null) return [];
    const { sizes, layout, samples } = this.#context;
    const fits = sizes.map((_, l) => l).filter((l) => {
      if (l === 0 || l === W.layer!.offset) return false;
      const shape = shapeOf("W", l, sizes, layout, samples);
      return same((turned ? flipped(shape) : shape)[1], right[0]);
    });
    return fits.map((l) => `W${l}${turned ? "^T" : ""} ${b}`);
  }

  /** The left side is as large as the right; a gradient may be its transpose or unreduced, which is for the check to name. */
  target(shape: Shape, value: Expr): void {
    const { target } = this.#rule;
    const { sizes, samples, layout } = this.#context;
    if (target.name === "local" || target.name === "error") return;
    if (target.indices.length > 0) {
      if (!isScalar(shape)) this.#report(value, true, `the left side is one number for each index, the right side a ${showShape(shape)} matrix: write its indices`, `左边对每个下标是一个数，右边却是 ${showShape(shape)} 矩阵：请写出下标`);
      return;
    }
    const expected = shapeOf(target.name, target.layer?.offset ?? sizes.length - 1, sizes, layout, samples);
    if (alike(shape, expected)) return;
    const unreduced = biasLike.has(target.name) && !isPerSample(layout);
    const passes = (weightLike.has(target.name) && alike(shape, flipped(expected))) || unreduced || (target.name === "gradB" && isScalar(shape));
    const name = this.#source(target);
    this.#report(
      value, !passes && !equal(shape, expected),
      `${name} is ${showShape(expected)}, the right side is ${showShape(shape)}${alike(shape, flipped(expected)) ? ": it is transposed" : ""}`,
      `${name} 是 ${showShape(expected)}，右边是 ${showShape(shape)}${alike(shape, flipped(expected)) ? "：转置了" : ""}`,
    );
  }
}

/** Whether an expression differs from sample to sample. */
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

/** How a text is read as a whole: the layout and the order of the weights' indices in which the most fits. */

import { sense } from "../../locales/sense.ts";
import { walk, type Expr, type SymbolNode } from "./ast.ts";
import {
  isIndexed,
  overSamples,
  ranges,
  targetLayers,
  type Finding,
  type Ranges,
  type WeightOrder,
} from "./indices.ts";
import { isPerSample, layouts, SCALAR, width, ONE, type Layout, type Shape } from "./layout.ts";
import { stop } from "./problem.ts";
import { isCode } from "./read.ts";
import { keyOf, type Program, type Rule } from "./resolve.ts";
import { checkShapes } from "./shapes.ts";

export interface Plan {
  readonly layout: Layout;
  readonly order: WeightOrder;
  /**
   * Says what does not fit in this reading, in the order of the text: of each formula the first thing, for the others
   * follow from it.
   */
  readonly findings: readonly Finding[];
  /** Products of two columns that are read as outer products. */
  readonly outer: ReadonlySet<Expr>;
}

/** The rules by what they define, in the order of the text. */
export function rulesByKey(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = keyOf(rule.target);
    found.set(key, [...(found.get(key) ?? []), rule]);
  }
  return found;
}

/** Returns what a rule claims: its last right-hand side. */
export const claim = (rule: Rule): Expr => rule.values[rule.values.length - 1]!;

/** The ranges of the indices of one right-hand side. */
export function rangesOf(
  program: Program,
  rule: Rule,
  value: Expr,
  sizes: readonly number[],
  order: WeightOrder,
): Ranges {
  const byKey = rulesByKey(program.rules);
  return ranges(rule, value, sizes, order, (local) => {
    const own = byKey.get(`local ${local}`)?.[0];
    return own === undefined ? [] : targetLayers(own, sizes, order);
  });
}

/** Shapes and indices of one right-hand side in one reading. */
export function findingsOf(
  program: Program,
  rule: Rule,
  value: Expr,
  text: string,
  sizes: readonly number[],
  samples: number,
  layout: Layout,
  order: WeightOrder,
): Finding[] {
  const byKey = rulesByKey(program.rules);
  const under = new Set<string>();
  const localShape = (node: SymbolNode): Shape => {
    const key = keyOf(node);
    const own = byKey.get(key)?.at(-1);
    if (own === undefined) return SCALAR;
    if (own.target.indices.length > 0) return [width(targetLayers(own, sizes, order)[0]!, sizes), ONE];
    // A name that is defined by itself has the shape of what it was before.
    const before = under.has(key) ? byKey.get(key)!.find((rule) => !under.has(`${key} ${rule.order}`)) : own;
    if (before === undefined) stop("name", node, sense.nameDefinedByItself({ name: node.local }));
    under.add(key).add(`${key} ${before.order}`);
    const { shape } = checkShapes(before, claim(before), context);
    under.delete(key);
    under.delete(`${key} ${before.order}`);
    return shape;
  };
  const context = { text, sizes, samples, layout, localShape };
  const { findings } = checkShapes(rule, value, context);
  return [...rangesOf(program, rule, value, sizes, order).findings, ...findings];
}

/** Chooses the reading of a text: the first of those in which the fewest things do not fit. */
export function plan(program: Program, text: string, sizes: readonly number[], samples: number): Plan {
  const order = weightOrder(program, sizes);
  let best: (Plan & { readonly count: number }) | null = null;
  for (const layout of possibleLayouts(program, text)) {
    const found = program.rules.map((rule) => ({
      rule,
      findings: findingsOf(program, rule, claim(rule), text, sizes, samples, layout, order),
    }));
    const count = found.reduce((sum, { findings }) => sum + findings.length, 0);
    // Columns that go with an in × out W are rare: they must fit everything, or much more than what is usual.
    const margin = count > 0 && /^(?:sample|columns), /.test(layout) ? 2 : 0;
    if (best === null || count + margin < best.count)
      best = {
        layout,
        order,
        count,
        findings: firstOfEach(found),
        outer: outerOf(found.flatMap(({ findings }) => findings)),
      };
    if (count === 0) break;
  }
  return best!;
}

function possibleLayouts({ rules }: Program, text: string): readonly Layout[] {
  const parts = rules.flatMap((rule) => [...walk(claim(rule))]);
  // Indices speak of the neurons of one sample, and so does a sum over samples.
  if (rules.some(isIndexed) || parts.some((part) => part.kind === "sigma" && overSamples(part)))
    return layouts.slice(0, 1);
  // Whether W is turned is seen where it sends δ back, and from its gradient or the forward pass: one of them alone may
  // be a slip.
  const uses = (rule: Rule): boolean =>
    [...walk(claim(rule))].some((part) => part.kind === "symbol" && part.name === "W");
  const usesW =
    rules.some(uses) &&
    rules.some(
      (rule) =>
        (rule.target.name === "gradW" || rule.target.name === "u" || rule.target.name === "v") &&
        (rule.target.name === "gradW" || uses(rule)),
    );
  // Code that divides by N has all samples in one matrix.
  const isBatch = isCode(text) && parts.some((part) => part.kind === "symbol" && part.name === "N");
  return layouts.filter(
    (layout) => (usesW || !/^(?:sample|columns), /.test(layout)) && !(isBatch && isPerSample(layout)),
  );
}

/** w_jk is to j from k, unless the indices of the text agree with each other only the other way round. */
function weightOrder(program: Program, sizes: readonly number[]): WeightOrder {
  const agree = (order: WeightOrder): boolean =>
    program.rules.every((rule) => rangesOf(program, rule, claim(rule), sizes, order).findings.length === 0);
  return !agree("out×in") && agree("in×out") ? "in×out" : "out×in";
}

/** The products that findings read as outer ones. */
export function outerOf(findings: readonly Finding[]): ReadonlySet<Expr> {
  return new Set(findings.flatMap(({ outer }) => outer ?? []));
}

function firstOfEach(found: readonly { readonly rule: Rule; readonly findings: readonly Finding[] }[]): Finding[] {
  const first = new Map<number, Finding>();
  for (const { rule, findings } of found) {
    const one = findings.find(({ fatal }) => fatal) ?? findings[0];
    const before = first.get(rule.order);
    if (one !== undefined && (before === undefined || (one.fatal && !before.fatal))) first.set(rule.order, one);
  }
  return [...first.values()];
}

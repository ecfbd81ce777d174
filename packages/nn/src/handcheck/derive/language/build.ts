/** Short constructors of expressions and blocks, which keep the small simplifications that every reader expects. */

import { inEach, type Words } from "../../../locales/words.ts";
import type {
  ApplyNode,
  Bilingual,
  EquationBlock,
  Expression,
  FractionNode,
  HoldsNode,
  Index,
  Layer,
  Letter,
  NumberNode,
  PartialNode,
  Role,
  SymbolNode,
  TextBlock,
} from "./ast.ts";

export const number = (value: number): NumberNode => ({ kind: "number", value });

export const symbol = (role: Role, layer: Layer | null = null, at: readonly Index[] = []): SymbolNode => ({
  kind: "symbol",
  role,
  layer,
  at,
  sample: false,
});

/** The symbol of one sample within a sum over samples. */
export const ofSample = (one: SymbolNode): SymbolNode => ({ ...one, sample: true });

export const partial = (of: SymbolNode, by: SymbolNode): PartialNode => ({ kind: "partial", of, by });

/** A sum, with the sign of its terms in front. */
export const sum = (over: Letter, of: Expression): Expression =>
  of.kind === "negative" ? negative({ kind: "sum", over, of: of.of }) : { kind: "sum", over, of };

/** Nested sums, the first letter outermost. */
export const sums = (over: readonly Letter[], of: Expression): Expression =>
  over.reduceRight((inner, letter) => sum(letter, inner), of);

export const sampleSum = (of: Expression): Expression => ({ kind: "sampleSum", of });

export const plus = (...terms: readonly Expression[]): Expression =>
  terms.length === 1 ? terms[0]! : { kind: "plus", terms };

export const negative = (of: Expression): Expression => {
  if (of.kind === "negative") return of.of;
  return of.kind === "number" ? number(-of.value) : { kind: "negative", of };
};

export const minus = (a: Expression, b: Expression): Expression => plus(a, negative(b));

/** A product without factors of 1, its signs in front, products within it opened. */
export function times(...given: readonly Expression[]): Expression {
  let sign = 1;
  const factors: Expression[] = [];
  const take = (factor: Expression): void => {
    if (factor.kind === "times") factor.factors.forEach(take);
    else if (factor.kind === "negative") {
      sign = -sign;
      take(factor.of);
    } else if (factor.kind === "number" && Math.abs(factor.value) === 1) sign *= factor.value;
    else factors.push(factor);
  };
  given.forEach(take);
  const product =
    factors.length === 0 ? number(1) : factors.length === 1 ? factors[0]! : ({ kind: "times", factors } as const);
  return sign < 0 ? negative(product) : product;
}

/** A product with its factors as they are: −1 stays −1, so that every factor of a chain can be found again. */
export const chain = (...factors: readonly Expression[]): Expression =>
  factors.length === 1 ? factors[0]! : { kind: "times", factors };

export const matmul = (...factors: readonly Expression[]): Expression => ({ kind: "matmul", factors });

/** Multiplied entry by entry, without factors of 1. */
export function hadamard(...given: readonly Expression[]): Expression {
  const factors = given.filter((factor) => !(factor.kind === "number" && factor.value === 1));
  return factors.length === 1 ? factors[0]! : { kind: "hadamard", factors };
}

export const transpose = (of: Expression): Expression => ({ kind: "transpose", of });

export const fraction = (top: Expression, bottom: Expression): FractionNode => ({ kind: "fraction", top, bottom });

export const square = (of: Expression): Expression => ({ kind: "square", of });

export const apply = (name: ApplyNode["name"], of: Expression, layer: Layer | null = null): Expression => ({
  kind: "apply",
  name,
  layer,
  of,
});

export const same = (a: Index, b: Index): HoldsNode => ({ kind: "holds", left: a, relation: "=", right: b });

export const positive = (of: Expression): HoldsNode => ({ kind: "holds", left: of, relation: ">", right: 0 });

export const axisSum = (of: Expression, axis: 0 | 1): Expression => ({ kind: "axisSum", of, axis });

/** Words without a formula among them. */
export const said = (words: Words): Bilingual => inEach((language) => [words[language]]);

/** A character for each formula of a sentence, which no text has: of the planes for private use. */
const MARKS = 0xf0000;

/** A sentence with formulas in the place of texts that it is about. */
export function prose<P extends object>(
  sentence: (about: P) => Words,
  about: { readonly [N in keyof P]: P[N] | Expression },
): Bilingual {
  const formulas: Expression[] = [];
  const marked = Object.entries<unknown>(about).map(([name, given]) => [
    name,
    isExpression(given) ? String.fromCodePoint(MARKS + formulas.push(given) - 1) : given,
  ]);
  const words = sentence(Object.fromEntries(marked) as P);
  return inEach((language) =>
    words[language]
      .split(/([\u{f0000}-\u{fffff}])/u)
      .filter((part) => part !== "")
      .map((part) => formulas[part.codePointAt(0)! - MARKS] ?? part),
  );
}

const isExpression = (given: unknown): given is Expression =>
  typeof given === "object" && given !== null && "kind" in given;

export const text = (say: Bilingual): TextBlock => ({ kind: "text", tone: "plain", say });

export const remark = (say: Bilingual): TextBlock => ({ kind: "text", tone: "remark", say });

export function equation(
  left: Expression,
  steps: readonly Expression[],
  more: Partial<Omit<EquationBlock, "kind" | "left" | "steps">> = {},
): EquationBlock {
  return {
    kind: "equation",
    label: null,
    relation: "=",
    why: null,
    shapes: false,
    sharesSumToOne: false,
    ...more,
    left,
    steps: distinct(left, steps),
  };
}

/** Steps that say the same as the one before them are left out. */
function distinct(left: Expression, steps: readonly Expression[]): Expression[] {
  const kept: Expression[] = [];
  for (const step of steps) if (JSON.stringify(step) !== JSON.stringify(kept.at(-1) ?? left)) kept.push(step);
  return kept;
}

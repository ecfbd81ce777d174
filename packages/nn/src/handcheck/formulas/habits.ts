/**
 * Says what a text as a whole shows of its author's habits: no biases, gradients that are added, a rate that is
 * nowhere, columns side by side.
 */

import { sense } from "../../locales/sense.ts";
import type { Words } from "../../locales/words.ts";
import type { Hand, Report } from "../report.ts";
import { symbolsIn, walk, type Expr, type SymbolNode } from "./ast.ts";
import { biasLike, width, weightLike } from "./layout.ts";
import { claim, type Plan } from "./plan.ts";
import { placedWords } from "./problem.ts";
import { keyOf, type Program, type Rule } from "./resolve.ts";

/** Whoever writes the forward pass and gradients, and nowhere a bias, has none. */
export function leavesOutBiases({ rules }: Program): boolean {
  const parts = rules.flatMap((rule) => [rule.target, ...[...walk(claim(rule))]]);
  const hasBias = parts.some((part) => part.kind === "symbol" && biasLike.has(part.name));
  const usesW = (expr: Expr): boolean => symbolsIn(expr).some(({ name }) => name === "W");
  // W beside what a layer gives; beside an error it stands in BP2.
  const isForward = (expr: Expr): boolean =>
    expr.kind === "binary" &&
    expr.operator === "matmul" &&
    [
      [expr.left, expr.right],
      [expr.right, expr.left],
    ].some(
      ([one, other]) =>
        usesW(one!) &&
        symbolsIn(one!).length === 1 &&
        symbolsIn(other!).length === 1 &&
        symbolsIn(other!)[0]!.name === "v",
    );
  const forward =
    rules.some((rule) => (rule.target.name === "u" || rule.target.name === "v") && usesW(claim(rule))) ||
    parts.some(isForward) ||
    parts.some((part) => part.kind === "call" && !part.prime && usesW(part.of));
  return !hasBias && forward && rules.some(({ target }) => weightLike.has(target.name) || target.name === "delta");
}

/** ∂C/∂w with the other sign. */
export function withTurnedGradients(hand: Hand): Hand {
  const turn = <T>(value: T): T =>
    (typeof value === "number" ? -value : Array.isArray(value) ? value.map(turn) : value) as T;
  const each = <T>(part: Readonly<Record<number, T>> | undefined): Record<number, T> =>
    Object.fromEntries(Object.entries(part ?? {}).map(([l, value]) => [l, turn(value)]));
  return {
    ...hand,
    ...(hand.gradW === undefined ? {} : { gradW: each(hand.gradW) }),
    ...(hand.gradB === undefined ? {} : { gradB: each(hand.gradB) }),
  };
}

/**
 * The report in the sign in which the least is wrong. Only the name dW leaves the sign open, not ∂C/∂W, and only a t -
 * v or a step that adds says that it is turned.
 */
export function inItsSign(
  report: Report,
  turn: () => Report,
  program: Program,
  text: string,
): { readonly report: Report; readonly turned: boolean } {
  const plain = { report, turned: false };
  if (report.verdict !== "mistake") return plain;
  const gradients = program.rules.filter(({ target }) => target.name === "gradW" || target.name === "gradB");
  if (
    gradients.length === 0 ||
    gradients.some(({ target }) => /∂|\\partial|\\frac|\\nabla|∇|\/|nabla/.test(text.slice(target.start, target.end)))
  )
    return plain;
  const writesError = program.rules.some((rule) =>
    [...walk(claim(rule))].some(
      (part) =>
        (part.kind === "symbol" && part.name === "error") ||
        (part.kind === "binary" &&
          part.operator === "subtract" &&
          part.left.kind === "symbol" &&
          part.left.name === "t"),
    ),
  );
  if (!writesError) return plain;
  const hasDelta = program.rules.some(({ target }) => target.name === "delta");
  const hasSteps = program.rules.some(({ target }) => isStep(target));
  if (
    !hasDelta &&
    !hasSteps &&
    !program.rules.some(
      (rule) => rule.target.name === "local" && symbolsIn(claim(rule)).some(({ name }) => name === "t"),
    )
  )
    return plain;
  const other = turn();
  if (other.verdict !== "correct" && other.roots.length >= report.roots.length) return plain;
  // Whose δ is ∂C/∂u, and whose step shows nothing, has turned a sign.
  if (hasDelta && !hasSteps && other.convention.used.deltaSign !== -1) return plain;
  return { report: other, turned: true };
}

const isStep = ({ name }: SymbolNode): boolean =>
  name === "W" || name === "nextW" || name === "stepW" || name === "b" || name === "nextB" || name === "stepB";

/**
 * The rate of the steps: told by η, by a number, or 1 where nothing stands before the gradient; null where no η is
 * needed.
 */
export function writtenRate({ rules }: Program): number | null {
  const byKey = new Map(rules.map((rule) => [keyOf(rule.target), rule]));
  const usesEta = (expr: Expr, seen: ReadonlySet<string>): boolean =>
    symbolsIn(expr).some((node) => {
      const key = keyOf(node);
      const rule = node.name === "local" || node.name === "stepW" || node.name === "stepB" ? byKey.get(key) : undefined;
      // A step that no formula gives is -η times the gradient.
      const isRule = node.name === "stepW" || node.name === "stepB";
      return (
        node.name === "eta" ||
        (isRule && rule === undefined) ||
        (rule !== undefined && !seen.has(key) && usesEta(claim(rule), new Set([...seen, key])))
      );
    });
  const steps = rules.filter(({ target }) => isStep(target));
  if (steps.length === 0 || steps.some((rule) => usesEta(claim(rule), new Set()))) return null;
  return factorOf(addedTo(steps[0]!));
}

/** Returns what a step adds to a parameter. */
function addedTo(rule: Rule): Expr {
  const value = claim(rule);
  const isOwn = (expr: Expr): boolean => expr.kind === "symbol" && (expr.name === "W" || expr.name === "b");
  return value.kind === "binary" && (value.operator === "add" || value.operator === "subtract") && isOwn(value.left)
    ? value.right
    : value;
}

/** The number before a product. */
function factorOf(expr: Expr): number {
  if (expr.kind === "number") return expr.value;
  if (expr.kind === "unary" && expr.operator === "negate") return factorOf(expr.of);
  if (expr.kind !== "binary") return 1;
  switch (expr.operator) {
    case "matmul":
    case "hadamard":
      return factorOf(expr.left) * factorOf(expr.right);
    case "divide":
      return factorOf(expr.left) / factorOf(expr.right);
    default:
      return 1;
  }
}

/** Two vectors side by side, read as the matrix that they must mean: nothing says which of them is the row. */
export function vagueProducts({ rules }: Program, { outer }: Plan, sizes: readonly number[], text: string): Words[] {
  return rules.flatMap((rule) => {
    const products = [...walk(claim(rule))].filter((part) => outer.has(part));
    const layer = rule.target.layer?.offset ?? sizes.length - 1;
    if (products.length === 0 || width(layer, sizes).size === 1 || width(layer - 1, sizes).size === 1) return [];
    return products.map((part) =>
      placedWords(text, {
        kind: "shape",
        start: part.start,
        end: part.end,
        says: sense.rowOrColumn,
      }),
    );
  });
}

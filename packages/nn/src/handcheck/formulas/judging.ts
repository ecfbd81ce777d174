/** A reading, judged: as it is written, and where its author turns all signs, in that sign. */

import { sense } from "../../locales/sense.ts";
import type { Network } from "../../network/network.ts";
import type { Cost } from "../equations/network.ts";
import { declaredOf } from "../claims/conventions.ts";
import type { PlainNetwork } from "../equations/network.ts";
import { checkFunction } from "../judge/handcheck.ts";
import type { Backward } from "../judge/probe.ts";
import type { Hand, Report } from "../report.ts";
import { assemble } from "./assemble.ts";
import type { Expr, Formula } from "./ast.ts";
import { Evaluator, type Setup } from "./evaluate.ts";
import { inItsSign, leavesOutBiases, vagueProducts, withTurnedGradients } from "./habits.ts";
import { claim, findingsOf, outerOf, type Plan } from "./plan.ts";
import { exprText, formulaLatex, formulaText } from "./print.ts";
import { placedWords, placeOf, Stop } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { ChainStep, FormulaOptions, FormulaReport, ReadFormula } from "./report.ts";
import { keyOf, type Program, type Rule } from "./resolve.ts";

/** Formulas are evaluated in float64, each in its own order of operations: the last digits are rounding. */
const DIGITS = 12;

/** The most samples of a probe, a size that is only a name to the check of shapes. */
export const SAMPLES = 7;

export const constants = ({ eta, lambda }: FormulaOptions): { eta: number; lambda: number } => ({
  eta: eta ?? 0.3,
  lambda: lambda ?? 0.7,
});

/** Returns what a program gives on a network and a batch. */
export function handOf(program: Program, reading: Plan, setup: Setup, choose?: (rule: Rule) => Expr): Hand {
  return assemble(program, reading, setup, new Evaluator(program, reading, setup, choose));
}

interface How {
  readonly choose?: (rule: Rule) => Expr;
  /** Gradients are read as what a step adds, -∂C/∂w. */
  readonly turned?: boolean;
}

type Check = (by: Plan, how?: How) => Report;

/** The check of a program as a function, in any reading of it. */
function checkOf(network: Network, program: Program, options: FormulaOptions, unbiased: readonly number[]): Check {
  const {
    weights: _weights,
    samples: _samples,
    layerBase: _base,
    ...declared
  } = declaredOf(options.convention, network.cost as Cost);
  return (by, { choose, turned = false } = {}) => {
    const backward: Backward = (given, x, t) => {
      const layers = Array.from({ length: network.layers }, (_, index) => index + 1);
      const net = {
        weights: layers.map((l) => given[`W${l}`]!),
        biases: layers.map((l) => given[`b${l}`]!),
        activations: network.activations,
        cost: network.cost,
      } as PlainNetwork;
      const hand = handOf(program, by, { net, sizes: network.sizes, x, t, ...constants(options) }, choose);
      return turned ? withTurnedGradients(hand) : hand;
    };
    return checkFunction(
      network,
      backward,
      {
        ...options,
        digits: options.digits ?? DIGITS,
        convention: { ...declared, weights: "out×in", samples: "rows", layerBase: 1 },
      },
      { pure: true, unbiased, oneRate: true },
    );
  };
}

/** Judges a reading. */
export function judged(network: Network, text: string, read: Reading, options: FormulaOptions): FormulaReport {
  const { program, plan: reading } = read;
  const unbiased = leavesOutBiases(program) ? Array.from({ length: network.layers }, (_, index) => index + 1) : [];
  const check = checkOf(network, program, options, unbiased);
  const { report, turned } = inItsSign(check(reading), () => check(reading, { turned: true }), program, text);
  const vague = report.verdict === "correct" ? vagueProducts(program, reading, network.sizes, text) : [];
  return {
    ...report,
    verdict: vague.length > 0 ? "inconclusive" : report.verdict,
    formulas: read.formulas.map((formula, order) =>
      understood(
        text,
        formula,
        program.rules.filter((rule) => rule.order === order),
      ),
    ),
    steps: read.formulas.flatMap((formula, order) =>
      formula.values
        .slice(0, -1)
        .flatMap(
          (value, step) =>
            stepOf(network, text, read, order, step, value, (by, choose) => check(by, { choose, turned })) ?? [],
        ),
    ),
    notes: [
      ...read.says,
      ...(unbiased.length === 0 ? [] : [sense.noBiases]),
      ...(turned ? [sense.stepAdds] : []),
      ...vague,
      ...[...read.notes, ...program.notes, ...reading.findings].map((one) => placedWords(text, one)),
      ...(reading.order === "in×out" ? [sense.weightFromTo] : []),
    ],
  };
}

function understood(text: string, formula: Formula, rules: readonly Rule[]): ReadFormula {
  const { line, column } = placeOf(text, formula);
  const layers = rules.flatMap(({ target }) => (target.layer === null ? [] : [target.layer.offset]));
  return { line, column, text: formulaText(formula), latex: formulaLatex(formula), layers };
}

/** Judges one step of a chain in place of its end; a step that only names the left side says nothing. */
function stepOf(
  { sizes }: Network,
  text: string,
  { program, plan: reading }: Reading,
  order: number,
  step: number,
  value: Expr,
  check: (by: Plan, choose: (rule: Rule) => Expr) => Report,
): ChainStep | null {
  const rules = program.rules.filter((rule) => rule.order === order);
  const isName = (rule: Rule): boolean => {
    const at = rule.values[step]!;
    return at.kind === "symbol" && keyOf(at) === keyOf(rule.target);
  };
  if (rules.length === 0 || rules.every(isName)) return null;
  const base = { line: placeOf(text, value).line, text: exprText(value) };
  const findings = rules.flatMap((rule) =>
    findingsOf(program, rule, rule.values[step]!, text, sizes, SAMPLES, reading.layout, reading.order),
  );
  const worst = findings.find(({ fatal }) => fatal) ?? findings[0];
  const problem = worst === undefined ? null : placedWords(text, worst);
  if (worst?.fatal === true) return { ...base, right: false, problem, roots: [] };
  try {
    const { roots } = check({ ...reading, outer: new Set([...reading.outer, ...outerOf(findings)]) }, (rule) =>
      rule.order === order ? rule.values[step]! : claim(rule),
    );
    const layers = new Set(rules.map(({ target }) => target.layer?.offset));
    const own = roots.filter(({ layer }) => layers.has(layer));
    return { ...base, right: own.length === 0, problem, roots: own };
  } catch (error) {
    if (error instanceof Stop) return { ...base, right: false, problem: placedWords(text, error.problem), roots: [] };
    throw error;
  }
}

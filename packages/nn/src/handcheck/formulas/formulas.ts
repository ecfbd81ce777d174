/** Formulas as text, judged: read, checked for shapes and indices, evaluated on generic numbers, and compared equation by equation. */

import { ArgumentError, checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import { network as makeNetwork, type Network } from "../../network/network.ts";
import { declaredOf } from "../conventions.ts";
import type { PlainNetwork } from "../equations/index.ts";
import { checkFunction, handcheckKinds, type HandcheckOptions } from "../handcheck.ts";
import type { Backward } from "../probe.ts";
import type { Diagnosis, Hand, Report, Words } from "../report.ts";
import { assemble } from "./assemble.ts";
import type { Expr, Formula } from "./ast.ts";
import { Evaluator, type Setup } from "./evaluate.ts";
import { claim, findingsOf, outerOf, plan, type Plan } from "./plan.ts";
import { exprText, formulaLatex, formulaText } from "./print.ts";
import { FormulaError, placedWords, placeOf, Stop } from "./problem.ts";
import { readKinds, readText, type ReadOptions } from "./read.ts";
import { keyOf, resolve, type Program, type Rule } from "./resolve.ts";

/** How formulas are read and checked. */
export interface FormulaOptions extends HandcheckOptions, ReadOptions {
  /** η and λ of the probes; generic where nothing is said. */
  readonly eta?: number;
  readonly lambda?: number;
}

const kinds: OptionKinds<FormulaOptions> = { ...handcheckKinds, ...readKinds, eta: option.finite(0), lambda: option.finite(0) };

/** A formula as it was understood. */
export interface ReadFormula {
  readonly line: number;
  readonly column: number;
  /** In one canonical form, which can be read again. */
  readonly text: string;
  readonly latex: string;
  /** The layers for which it was read. */
  readonly layers: readonly number[];
}

/** A right-hand side before the last of `δ = a = b`, judged on its own. */
export interface ChainStep {
  readonly line: number;
  readonly text: string;
  readonly right: boolean;
  /** What does not fit in it; null where everything does. */
  readonly problem: Words | null;
  readonly roots: readonly Diagnosis[];
}

/** The report on formulas, with what was understood. */
export interface FormulaReport extends Report {
  readonly formulas: readonly ReadFormula[];
  readonly steps: readonly ChainStep[];
  /** What fits only because layers are equally wide, and how things without a layer were read. */
  readonly notes: readonly Words[];
}

/** The width of all layers where formulas that fit no ragged network are read once more. */
const EQUAL = 4;
/** The most samples of a probe, a size that is only a name to the check of shapes. */
const SAMPLES = 7;
/** Formulas are evaluated in float64, each in its own order of operations: the last digits are rounding. */
const DIGITS = 12;

/**
 * Checks formulas that were derived by hand, before there is any code: which equation is wrong, at which layer, and how.
 *
 * Plain text, index notation, LaTeX and lines of NumPy or MATLAB are read; `δ^l` holds for every layer. What one formula gives
 * is used where another names it. Formulas that fit no network with layers of different widths are read once more on layers
 * of one width, where they compute something: then the report has their shape error in `contract` and their mistake in `roots`.
 *
 * @param network - the network that was differentiated; its parameters do not matter, the probes are generic
 * @param text - the formulas
 * @param options - as for `handcheck`, and η, λ, what `*` means
 * @returns the report, with the formulas as they were understood
 * @throws FormulaError for what cannot be read, with line, column and a mark under the place
 *
 * @example
 * const net = network({ sizes: [4, 3, 2] })
 * formulas(net, "delta^l = (W^{l+1})^T delta^{l+1}").roots[0]!.id // => "B1"
 */
export function formulas(network: Network, text: string, options: FormulaOptions = {}): FormulaReport {
  checkOptions("formulas", options, kinds, { call: "formulas(network, text, { parameters, digits, convention, seed, star, eta, lambda })" });
  if (network.activations.some((activation) => typeof activation === "function") || typeof network.cost === "function") {
    throw new ArgumentError({ op: "formulas", problem: "the network has a function of your own", hint: "use activations and a cost that have names: σ′ and ∇C are known for these" });
  }
  const read = readText(text, options);
  return placed(text, () => {
    const here = readOn(network, text, read);
    const fatal = here.plan.findings.find((finding) => finding.fatal);
    if (fatal === undefined) return judged(network, text, read, here, options);
    const equal = makeNetwork({ sizes: network.sizes.map(() => EQUAL), activations: network.activations, cost: network.cost });
    const there = readOn(equal, text, read);
    if (there.plan.findings.some((finding) => finding.fatal)) throw new Stop(fatal);
    const report = judged(equal, text, read, there, options);
    const words = [...here.plan.findings.filter((finding) => finding.fatal).map((finding) => placedWords(text, finding)), onEqualWidths];
    return { ...report, verdict: report.verdict === "correct" ? "contract" : report.verdict, contract: [...words, ...report.contract], notes: [] };
  });
}

const onEqualWidths: Words = {
  en: `these sizes do not fit; the rest of this report reads the formulas on layers of one width, ${EQUAL}`,
  zh: `这些形状不相配；本报告其余部分在每层宽度均为 ${EQUAL} 的网络上理解这些公式`,
};

/** What formulas give on a plain network and a batch, as `formulas` hands it to the check. */
export function formulaHand(net: PlainNetwork, data: { readonly x: readonly (readonly number[])[]; readonly t: readonly (readonly number[])[] }, text: string, options: FormulaOptions = {}): Hand {
  const read = readText(text, options);
  return placed(text, () => {
    const sizes = [net.weights[0]![0]!.length, ...net.weights.map(({ length }) => length)];
    const program = resolve(read, net.weights.length);
    const reading = plan(program, text, sizes, data.x.length);
    const fatal = reading.findings.find((finding) => finding.fatal);
    if (fatal !== undefined) throw new Stop(fatal);
    return handOf(program, reading, { net, sizes, ...data, ...constants(options) });
  });
}

interface Reading {
  readonly program: Program;
  readonly plan: Plan;
}

const constants = ({ eta, lambda }: FormulaOptions): { eta: number; lambda: number } => ({ eta: eta ?? 0.3, lambda: lambda ?? 0.7 });

/** Runs something that may stop at a place of the text. */
function placed<R>(text: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (error instanceof Stop) throw new FormulaError(text, error.problem);
    throw error;
  }
}

function readOn({ sizes, layers }: Network, text: string, read: readonly Formula[]): Reading {
  const program = resolve(read, layers);
  return { program, plan: plan(program, text, sizes, SAMPLES) };
}

function handOf(program: Program, reading: Plan, setup: Setup, choose?: (rule: Rule) => Expr): Hand {
  return assemble(program, reading, setup, new Evaluator(program, reading, setup, choose));
}

type Check = (by: Plan, choose?: (rule: Rule) => Expr) => Report;

function judged(network: Network, text: string, read: readonly Formula[], { program, plan: reading }: Reading, options: FormulaOptions): FormulaReport {
  const check: Check = (by, choose) => {
    const { weights: _weights, samples: _samples, layerBase: _base, ...declared } = declaredOf(options.convention);
    const backward: Backward = (given, x, t) => {
      const layers = Array.from({ length: network.layers }, (_, index) => index + 1);
      const net = { weights: layers.map((l) => given[`W${l}`]!), biases: layers.map((l) => given[`b${l}`]!), activations: network.activations, cost: network.cost } as PlainNetwork;
      return handOf(program, by, { net, sizes: network.sizes, x, t, ...constants(options) }, choose);
    };
    return checkFunction(network, backward, { ...options, digits: options.digits ?? DIGITS, convention: { ...declared, weights: "out×in", samples: "rows", layerBase: 1 } }, true);
  };
  return {
    ...check(reading),
    formulas: read.map((formula, order) => understood(text, formula, program.rules.filter((rule) => rule.order === order))),
    steps: read.flatMap((formula, order) => formula.values.slice(0, -1).flatMap((value, step) => stepOf(network, text, { program, plan: reading }, order, step, value, check) ?? [])),
    notes: [...[...program.notes, ...reading.findings].map((one) => placedWords(text, one)), ...(reading.order === "in×out" ? [fromTo] : [])],
  };
}

const fromTo: Words = { en: "w_{jk} is read as the weight from j to k", zh: "w_{jk} 按从 j 到 k 的权重理解" };

function understood(text: string, formula: Formula, rules: readonly Rule[]): ReadFormula {
  const { line, column } = placeOf(text, formula);
  const layers = rules.flatMap(({ target }) => (target.layer === null ? [] : [target.layer.offset]));
  return { line, column, text: formulaText(formula), latex: formulaLatex(formula), layers };
}

/** Judges one step of a chain in place of its end; a step that only names the left side says nothing. */
function stepOf({ sizes }: Network, text: string, { program, plan: reading }: Reading, order: number, step: number, value: Expr, check: Check): ChainStep | null {
  const rules = program.rules.filter((rule) => rule.order === order);
  const isName = (rule: Rule): boolean => {
    const at = rule.values[step]!;
    return at.kind === "symbol" && keyOf(at) === keyOf(rule.target);
  };
  if (rules.length === 0 || rules.every(isName)) return null;
  const base = { line: placeOf(text, value).line, text: exprText(value) };
  const findings = rules.flatMap((rule) => findingsOf(program, rule, rule.values[step]!, text, sizes, SAMPLES, reading.layout, reading.order));
  const worst = findings.find(({ fatal }) => fatal) ?? findings[0];
  const problem = worst === undefined ? null : placedWords(text, worst);
  if (worst?.fatal === true) return { ...base, right: false, problem, roots: [] };
  try {
    const { roots } = check({ ...reading, outer: new Set([...reading.outer, ...outerOf(findings)]) }, (rule) => (rule.order === order ? rule.values[step]! : claim(rule)));
    const layers = new Set(rules.map(({ target }) => target.layer?.offset));
    const own = roots.filter(({ layer }) => layers.has(layer));
    return { ...base, right: own.length === 0, problem, roots: own };
  } catch (error) {
    if (error instanceof Stop) return { ...base, right: false, problem: placedWords(text, error.problem), roots: [] };
    throw error;
  }
}

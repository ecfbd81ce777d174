/**
 * Formulas as text, judged: read, checked for shapes and indices, evaluated on generic numbers, and compared equation
 * by equation.
 */

import { ArgumentError, checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import { sense } from "../../locales/sense.ts";
import { network as makeNetwork, type Network } from "../../network/network.ts";
import type { PlainNetwork } from "../equations/network.ts";
import { handcheckKinds } from "../judge/options.ts";
import type { Hand, Line } from "../report.ts";
import { symbolsIn } from "./ast.ts";
import { constants, handOf, judged, SAMPLES } from "./judging.ts";
import { FormulaError, placedWords, Stop, type Problem } from "./problem.ts";
import { readKinds, readText } from "./read.ts";
import { readingOf, type Reading } from "./reading.ts";
import type { FormulaOptions, FormulaReport } from "./report.ts";
import type { Rule } from "./resolve.ts";

const kinds: OptionKinds<FormulaOptions> = {
  ...handcheckKinds,
  ...readKinds,
  eta: option.finite(0),
  lambda: option.finite(0),
};

/** The width of all layers where formulas that fit no ragged network are read once more. */
const EQUAL = 4;
/**
 * Checks formulas that were derived by hand, before there is any code: which equation is wrong, at which layer, and
 * how.
 *
 * Plain text, index notation, LaTeX and lines of NumPy or MATLAB are read; `δ^l` holds for every layer. What one
 * formula gives is used where another names it. Formulas that fit no network with layers of different widths are read
 * once more on layers of one width, where they compute something: then the report has their shape error in `contract`
 * and their mistake in `roots`.
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
  checkOptions("formulas", options, kinds, {
    call: "formulas(network, text, { parameters, digits, convention, seed, star, eta, lambda })",
  });
  if (
    network.activations.some((activation) => typeof activation === "function") ||
    typeof network.cost === "function"
  ) {
    throw new ArgumentError({
      op: "formulas",
      problem: "the network has a function of your own",
      hint: "use activations and a cost that have names: σ′ and ∇C are known for these",
    });
  }
  const read = readText(text, options);
  return placed(text, () => {
    const here = readingOf(text, read, network.sizes, SAMPLES);
    const fatal = here.plan.findings.find((finding) => finding.fatal);
    if (fatal === undefined) return notOnlyForward(here, judged(network, text, here, options));
    const equal = makeNetwork({
      sizes: network.sizes.map(() => EQUAL),
      activations: network.activations,
      cost: network.cost,
    });
    const there = readingOf(text, read, equal.sizes, SAMPLES);
    if (there.plan.findings.some((finding) => finding.fatal))
      return withoutProduct(network, text, here, options) ?? stopAt(fatal);
    const report = judged(equal, text, there, options);
    const misfits = here.plan.findings.filter((finding) => finding.fatal);
    const words = [...misfits.map((finding) => placedWords(text, finding)), sense.onEqualWidths({ width: EQUAL })];
    return {
      ...report,
      verdict: report.verdict === "correct" ? "contract" : report.verdict,
      contract: [...words, ...report.contract],
      notes: [],
    };
  });
}

/** Whoever asks about a backward pass, of which no line could be used, is not told that all is right. */
function notOnlyForward({ notes }: Reading, report: FormulaReport): FormulaReport {
  const line = notes.find(({ unused }) => unused === true);
  if (
    line === undefined ||
    report.verdict !== "correct" ||
    report.lines.some(({ equation, status }) => equation !== "forward" && status !== "missing")
  )
    return report;
  return stopAt({ ...line, says: sense.nothingRead });
}

function stopAt(problem: Problem): never {
  throw new Stop(problem);
}

/**
 * The report without the formulas of ∂C/∂W whose factors stand in an order in which they cannot be multiplied, on
 * layers of any width:
 * a mistake where W itself shows which vectors are rows; null where nothing else can be judged.
 */
function withoutProduct(network: Network, text: string, read: Reading, options: FormulaOptions): FormulaReport | null {
  const { program, plan } = read;
  const fatal = plan.findings.filter((finding) => finding.fatal);
  const isBroken = (rule: Rule): boolean =>
    fatal.some(({ start, end }) => rule.values.some((value) => value.start <= start && end <= value.end));
  const broken = program.rules.filter(isBroken);
  const rest = program.rules.filter((rule) => !isBroken(rule) && rule.target.name !== "local");
  const usesW = program.rules.some((rule) =>
    rule.values.some((value) => symbolsIn(value).some(({ name }) => name === "W")),
  );
  if (rest.length === 0 || !usesW || broken.some(({ target }) => target.name !== "gradW")) return null;
  const report = judged(
    network,
    text,
    {
      ...read,
      program: { ...program, rules: program.rules.filter((rule) => !isBroken(rule)) },
      plan: { ...plan, findings: [] },
    },
    options,
  );
  const layers = new Set(broken.map(({ target }) => target.layer?.offset));
  const lines = report.lines.map((line): Line =>
    line.equation === "BP4" && layers.has(line.layer) ? { ...line, status: "shape" } : line,
  );
  const { passed, given } = report.score;
  return {
    ...report,
    verdict: "mistake",
    contract: [...fatal.map((one) => placedWords(text, one)), ...report.contract],
    lines,
    score: { passed, given: given + broken.length },
  };
}

/** Returns what formulas give on a plain network and a batch, as `formulas` hands it to the check. */
export function formulaHand(
  net: PlainNetwork,
  data: { readonly x: readonly (readonly number[])[]; readonly t: readonly (readonly number[])[] },
  text: string,
  options: FormulaOptions = {},
): Hand {
  const read = readText(text, options);
  return placed(text, () => {
    const sizes = [net.weights[0]![0]!.length, ...net.weights.map(({ length }) => length)];
    const { program, plan } = readingOf(text, read, sizes, data.x.length);
    const fatal = plan.findings.find((finding) => finding.fatal);
    if (fatal !== undefined) throw new Stop(fatal);
    return handOf(program, plan, { net, sizes, ...data, ...constants(options) });
  });
}

/** Runs something that may stop at a place of the text. */
function placed<R>(text: string, run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (error instanceof Stop) throw new FormulaError(text, error.problem);
    throw error;
  }
}

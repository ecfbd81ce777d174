/**
 * `derive`: the document's argument — chain rule, δ, recursion, matrices, numbers, learning — for a network of one's
 * own.
 */

import { checkOptions, ConfigError, option, type OptionKinds } from "@chainrule/autograd";
import { derivation } from "../../locales/derivation.ts";
import type { Language } from "../../locales/words.ts";
import type { Network } from "../../network/network.ts";
import { chains, type TracedWeight } from "./argument/chain.ts";
import { collapse } from "./argument/collapse.ts";
import { general } from "./argument/general.ts";
import { learning } from "./argument/learning.ts";
import { matrices } from "./argument/matrices.ts";
import { numbers } from "./argument/numbers.ts";
import { setUp } from "./argument/setup.ts";
import type { Document } from "../report/document.ts";
import { toFragment } from "../report/html/page.ts";
import { toLatex, type LatexOptions } from "../report/latex.ts";
import { toMarkdown } from "../report/markdown.ts";
import { derivationDocument } from "./document.ts";
import { toText } from "../report/text.ts";
import { derivationData, type DerivationJSON, type Derived } from "./derived.ts";
import { said } from "./language/build.ts";
import type { NotationName } from "./language/notation.ts";
import { requireWeight, subjectOf, type Subject } from "./language/subject.ts";
import { toTypeScript } from "./typescript.ts";
import { worldFrom, type DeriveNumbers } from "./values/given.ts";
import { sharesSumToOne } from "./values/world.ts";

/** How the derivation is written, and what it is about besides its network. */
export interface DeriveOptions {
  /** `"document"` where nothing is said. */
  readonly notation?: NotationName;
  /** `"en"` where nothing is said. */
  readonly language?: Language;
  readonly numbers?: DeriveNumbers;
  /**
   * The weights to follow, at most one for each layer, `to` and `from` counted from 0; the first of each layer where
   * none is named.
   */
  readonly weights?: readonly TracedWeight[];
  /** How the costs of samples become one; `"mean"` where nothing is said, as in `network().loss`. */
  readonly reduction?: "mean" | "sum";
}

const kinds: OptionKinds<DeriveOptions> = {
  notation: option.checkedLater,
  language: option.checkedLater,
  numbers: option.record,
  weights: option.checkedLater,
  reduction: option.oneOf("mean", "sum"),
};

/** The derivation of a network: data, and that data in every format. */
export interface Derivation extends Derived {
  /** The sections as every format writes them. */
  readonly document: Document;
  /** Plain text of at most 80 columns, or of so many as are told. */
  toText(layout?: { readonly width?: number }): string;
  /** Markdown with LaTeX between dollar signs. */
  toMarkdown(): string;
  /** The body of a LaTeX document, or with `standalone` a whole one. */
  toLatex(options?: LatexOptions): string;
  /** A fragment of HTML with MathML. */
  toMathML(): string;
  /** The backward pass as a program in plain loops. */
  toTypeScript(): string;
  /** The expressions as a tree, schema `derivation/1`. */
  toJSON(): DerivationJSON;
}

/**
 * Derives back-propagation for a network, as a teacher would on the board.
 *
 * @param network - what `network()` gives, with activations and a cost that have names
 * @param options - notation, language, numbers to put in, weights to follow
 * @returns the derivation as data, with a method for each format
 * @throws ConfigError for activations or costs that are functions of the user's own, ShapeError for numbers that do not
 * fit
 *
 * @example
 * derive(network({ sizes: [2, 2, 2] })).sections.length // => 6
 */
export function derive(network: Network, options: DeriveOptions = {}): Derivation {
  const { language = "en", reduction = "mean" } = checkOptions("derive", options, kinds, {
    call: "derive(network, { notation, language, numbers, weights, reduction })",
  });
  if (language !== "en" && language !== "zh") {
    throw new ConfigError({ op: "derive", problem: `there is no language ${String(language)}`, hint: "use en or zh" });
  }
  const subject = subjectOf(network, options.notation ?? "document", reduction);
  const traced = tracedWeights(subject, options.weights ?? []);
  const world = options.numbers === undefined ? null : worldFrom("derive", network, subject, options.numbers);
  const oneEach = world === null || sharesSumToOne(world);
  const learns = options.numbers?.eta !== undefined;
  const anyLayer = general(subject);
  const sections = [
    setUp(subject),
    chains(subject, traced),
    collapse(subject, oneEach),
    ...(anyLayer === null ? [] : [anyLayer]),
    matrices(subject, oneEach),
    ...(world === null ? [] : [numbers(subject, traced, world, { learns, sharesSumToOne: oneEach })]),
    learning(subject),
  ];
  const sizes = subject.sizes.join("-");
  const derived: Derived = {
    title: said(derivation.title({ sizes, notation: subject.notation.source })),
    sections,
    subject,
    language,
  };
  const whole = derivationDocument(derived);
  return {
    ...derived,
    document: whole,
    toText: (layout) => toText(whole, layout),
    toMarkdown: () => toMarkdown(whole),
    toLatex: (given) => toLatex(whole, given),
    toMathML: () => toFragment(whole),
    toTypeScript: () => toTypeScript(derived),
    toJSON: () => derivationData(derived),
  };
}

function tracedWeights(subject: Subject, given: readonly TracedWeight[]): TracedWeight[] {
  for (const weight of given) requireWeight("derive", subject, weight);
  return Array.from(
    { length: subject.layers },
    (_, index) => given.find(({ layer }) => layer === index + 1) ?? { layer: index + 1, to: 0, from: 0 },
  );
}

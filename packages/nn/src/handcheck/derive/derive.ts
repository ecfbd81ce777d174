/** `derive`: the document's argument — chain rule, δ, recursion, matrices, numbers, learning — for a network of one's own. */

import { checkOptions, ConfigError, option, type OptionKinds, ShapeError, Tensor } from "@chainrule/autograd";
import { derivation } from "../../locales/derivation.ts";
import type { Language } from "../../locales/words.ts";
import type { NetworkParameters } from "../../network/initialize.ts";
import type { Network } from "../../network/network.ts";
import type { PlainNetwork } from "../equations/network.ts";
import { chains, type TracedWeight } from "./argument/chain.ts";
import { collapse } from "./argument/collapse.ts";
import { general } from "./argument/general.ts";
import { learning } from "./argument/learning.ts";
import { matrices } from "./argument/matrices.ts";
import { numbers } from "./argument/numbers.ts";
import { setUp } from "./argument/setup.ts";
import { toFragment } from "../report/html/page.ts";
import { toLatex, type LatexOptions } from "../report/latex.ts";
import { toMarkdown } from "../report/markdown.ts";
import { derivationDocument } from "./document.ts";
import { toText } from "../report/text.ts";
import { derivationData, type DerivationJSON, type Derived } from "./derived.ts";
import { said } from "./language/build.ts";
import type { NotationName } from "./language/notation.ts";
import { subjectOf, type Subject } from "./language/subject.ts";
import { toTypeScript } from "./typescript.ts";
import { worldOf, type World } from "./values/world.ts";

/** Numbers to put into the formulas. */
export interface DeriveNumbers {
  /** One sample, or samples in rows. */
  readonly x: Tensor | readonly number[] | readonly (readonly number[])[];
  readonly t: Tensor | readonly number[] | readonly (readonly number[])[];
  /** Instead of the network's first parameters. */
  readonly parameters?: NetworkParameters;
  /** The learning rate; with it, the step of each traced weight is printed too. */
  readonly eta?: number;
}

/** How the derivation is written, and what it is about besides its network. */
export interface DeriveOptions {
  /** `"document"` where nothing is said. */
  readonly notation?: NotationName;
  /** `"en"` where nothing is said. */
  readonly language?: Language;
  readonly numbers?: DeriveNumbers;
  /** The weights to follow, at most one for each layer, `to` and `from` counted from 0; the first of each layer where none is named. */
  readonly weights?: readonly TracedWeight[];
  /** How the costs of samples become one; `"mean"` where nothing is said, as in `network().loss`. */
  readonly reduction?: "mean" | "sum";
}

const kinds: OptionKinds<DeriveOptions> = {
  notation: option.checkedLater, language: option.checkedLater, numbers: option.record, weights: option.checkedLater, reduction: option.oneOf("mean", "sum"),
};

/** The derivation of a network: data, and that data in every format. */
export interface Derivation extends Derived {
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
 * @throws ConfigError for activations or costs that are functions of the user's own, ShapeError for numbers that do not fit
 *
 * @example
 * derive(network({ sizes: [2, 2, 2] })).sections.length // => 6
 */
export function derive(network: Network, options: DeriveOptions = {}): Derivation {
  const { language = "en", reduction = "mean" } = checkOptions("derive", options, kinds, { call: "derive(network, { notation, language, numbers, weights, reduction })" });
  if (language !== "en" && language !== "zh") {
    throw new ConfigError({ op: "derive", problem: `there is no language ${String(language)}`, hint: "use en or zh" });
  }
  const subject = subjectOf(network, options.notation ?? "document", reduction);
  const traced = tracedWeights(subject, options.weights ?? []);
  const world = options.numbers === undefined ? null : worldFrom(network, subject, options.numbers);
  const sharesSumToOne = world === null || world.samples.every(({ t }) => Math.abs(t.reduce((a, b) => a + b, 0) - 1) < 1e-12);
  const anyLayer = general(subject);
  const sections = [
    setUp(subject),
    chains(subject, traced),
    collapse(subject, sharesSumToOne),
    ...(anyLayer === null ? [] : [anyLayer]),
    matrices(subject, sharesSumToOne),
    ...(world === null ? [] : [numbers(subject, traced, world, { learns: options.numbers?.eta !== undefined, sharesSumToOne })]),
    learning(subject),
  ];
  const sizes = subject.sizes.join("-");
  const derived: Derived = {
    title: said(derivation.title({ sizes, notation: subject.notation.source })),
    sections, subject, language,
  };
  const whole = derivationDocument(derived);
  return {
    ...derived,
    toText: (layout) => toText(whole, layout),
    toMarkdown: () => toMarkdown(whole),
    toLatex: (given) => toLatex(whole, given),
    toMathML: () => toFragment(whole),
    toTypeScript: () => toTypeScript(derived),
    toJSON: () => derivationData(derived),
  };
}

function tracedWeights(subject: Subject, given: readonly TracedWeight[]): TracedWeight[] {
  for (const { layer, to, from } of given) {
    const [units, inputs] = [subject.sizes[layer], subject.sizes[layer - 1]];
    const fits = (index: number, length: number | undefined): boolean => length !== undefined && Number.isInteger(index) && index >= 0 && index < length;
    if (fits(to, units) && fits(from, inputs)) continue;
    throw new ConfigError({ op: "derive", problem: `there is no weight to ${to} from ${from} in layer ${layer}`, hint: `layers count from 1 to ${subject.layers}, neurons from 0` });
  }
  return Array.from({ length: subject.layers }, (_, index) => given.find(({ layer }) => layer === index + 1) ?? { layer: index + 1, to: 0, from: 0 });
}

function worldFrom(network: Network, subject: Subject, given: DeriveNumbers): World {
  const parameters = given.parameters ?? network.parameters;
  const layers = Array.from({ length: subject.layers }, (_, index) => index + 1);
  const array = (name: string): number[][] | number[] => {
    const value = parameters[name];
    if (value === undefined) throw new ConfigError({ op: "derive", problem: `there is no parameter ${name}`, hint: "give all of the network's parameters" });
    return value.toArray() as number[][] | number[];
  };
  const net: PlainNetwork = {
    weights: layers.map((l) => array(`W${l}`) as number[][]),
    biases: layers.map((l) => array(`b${l}`) as number[]),
    activations: subject.activations,
    cost: subject.cost,
  };
  const x = rows("x", given.x, subject.sizes[0]!);
  const t = rows("t", given.t, subject.sizes.at(-1)!);
  if (x.length !== t.length || x.length === 0) {
    throw new ShapeError({ op: "derive", problem: `${x.length} inputs and ${t.length} targets`, hint: "give at least one input, and one target for each", shapes: [[x.length], [t.length]] });
  }
  return worldOf(subject, net, x, t, given.eta ?? 1);
}

function rows(what: string, given: DeriveNumbers["x"], width: number): number[][] {
  const list = (given instanceof Tensor ? given.toArray() : given) as readonly number[] | readonly (readonly number[])[];
  const samples = typeof list[0] === "number" ? [list as readonly number[]] : (list as readonly (readonly number[])[]);
  const wrong = samples.find((row) => row.length !== width);
  if (wrong === undefined) return samples.map((row) => [...row]);
  throw new ShapeError({ op: "derive", problem: `a row of ${what} has ${wrong.length} entries where ${width} are needed`, hint: "give one sample, or samples in rows", shapes: [[wrong.length], [width]] });
}


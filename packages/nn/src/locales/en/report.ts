/** Sentences of reports in English; the other languages have the same keys. */

import type { Kind, LineStatus, Verdict } from "../../handcheck/report.ts";

const status: Readonly<Record<LineStatus, string>> = {
  ok: "right",
  root: "mistake",
  inherited: "inherited",
  convention: "convention",
  kink: "kink",
  undecided: "undecided",
  missing: "not given",
  shape: "shape",
  nan: "not finite",
};

/** Beneath the table, where the status occurs in it. */
const legend: Readonly<Partial<Record<LineStatus, string>>> = {
  inherited: "inherited: this equation is right, what you put into it is not",
  convention: "convention: another way to lay out or scale the same thing, no mistake",
  kink: "kink: the function has a corner here; any slope between its sides is right",
  undecided: "undecided: these numbers cannot tell whether it is right",
  shape: "shape: rows and columns do not fit, so the numbers were not compared",
  nan: "not finite: NaN or infinity stands where a number belongs",
};

const verdict: Readonly<Record<Verdict, string>> = {
  correct: "Right: every equation that you gave holds.",
  mistake: "Not right.",
  "forward-wrong": "The forward pass is not right, so the backward pass starts from other numbers.",
  contract: "It cannot be judged yet.",
  inconclusive: "Undecided: this data cannot tell right from wrong.",
};

const kinds: Readonly<Record<Kind, string>> = {
  missing: "something is missing from your formula.",
  extra: "your formula has something that does not belong in it.",
  other: "something in your formula stands where something else belongs.",
  sign: "the sign is wrong.",
  constant: "a constant factor is wrong.",
  unknown: "no typical mistake explains it.",
};

interface Score {
  readonly passed: number;
  readonly given: number;
}

export const en = {
  /** The language as HTML names it. */
  tag: "en",
  colon: ": ",
  comma: ", ",
  semicolon: "; ",
  stop: ".",
  /** Between two sentences. */
  gap: " ",
  /** Between things that are counted up. */
  also: ", ",
  status,
  legend,
  verdict,
  kinds,
  /** The verdict on gradients that are right. */
  rightGradients: "Right: every gradient that you gave is.",
  /** Right as far as rounded numbers show. */
  rightTo: ({ rounding }: { rounding: string }): string =>
    `Right ${rounding === "float32" ? "in" : "to"} ${rounding}: every equation that you gave holds.`,
  /** Which equations rounded numbers leave open. */
  open: ({ rounding, places }: { rounding: string; places: string }): string => {
    const read = rounding === "" ? "these digits" : rounding === "float32" ? "float32" : `numbers read to ${rounding}`;
    return `Undecided: ${read} cannot tell right from wrong for ${places}; nothing given is wrong.`;
  },
  /** Something that may not have been told. */
  asked: ({ question }: { question: string }): string => `Undecided: ${question}.`,
  /**
   * An open equation, with the mistakes that it may hide and what would decide; `null` decimals where all of it is
   * printed as 0.
   */
  doubt: ({ name, slips, decimals }: { name: string; slips: string; decimals: number | null }): string => {
    const more =
      decimals === null
        ? "all of it is printed as 0: print it with e-notation"
        : `${decimals} more decimal${decimals === 1 ? "" : "s"} would decide`;
    return `${name} holds, and so would ${slips}: ${more}`;
  },
  mistakes: ({ count }: { count: number }): string => (count === 1 ? "One mistake" : `${count} mistakes`),
  at: ({ equation, layer }: { equation: string; layer: number }): string =>
    `${equation === "forward" ? "Forward pass" : equation} at layer ${layer}`,
  layer: ({ layer }: { layer: number }): string => `layer ${layer}`,
  samples: ({ count }: { count: number }): string => `${count} sample${count === 1 ? "" : "s"}`,
  cost: ({ name }: { name: string }): string => `${name} cost`,
  /** The references that gradients are compared with. */
  references: {
    autograd: "compared with autograd",
    differences: "compared with differences of your forward",
    file: "compared with autograd of the reference in your own file",
    teacher: "compared with autograd of the teacher's reference",
  },
  /** The place of a finding that is about no gradient. */
  kernel: "The kernel",
  columns: {
    equation: "equation",
    verdict: "verdict",
    yours: "yours",
    correct: "correct",
    difference: "largest difference",
  },
  yours: "yours",
  correct: "correct",
  ratio: "yours / correct",
  entry: "at",
  alternatives: "Fits as well",
  convention: "Conventions",
  forward: "fwd",
  /** All values of the forward pass on one line. */
  forwardRight: ({ names }: { names: string }): string => `forward  ${names}: right`,
  score: ({ passed, given }: Score): string => `${passed} of ${given} equations right`,
  scoreOfGradients: ({ passed, given }: Score): string => `${passed} of ${given} gradients right`,
  /** Partial credit; what is open is neither gained nor lost. */
  points: ({ gained, of, open }: { gained: number; of: number; open: number }): string =>
    `${gained} of ${of} point${of === 1 ? "" : "s"}${open === 0 ? "" : `, ${open} open`}`,
  blindTitle: "What this data cannot show",
  blind: ({ missed, tried }: { missed: number; tried: number }): string =>
    missed === 0
      ? `This data would have shown each of ${tried} typical mistakes.`
      : `This data could not have shown ${missed} of ${tried} typical mistakes.`,
  /** Of a kernel on somebody's own inputs, beside which the check tries drawn ones. */
  blindInputs: ({ missed, tried }: { missed: number; tried: number }): string =>
    `On these inputs ${missed} of ${tried} typical mistakes give the right gradients; the check tried others as well.`,
  /** Of a kernel on inputs of the check's own. */
  blindShapes: ({ missed, tried }: { missed: number; tried: number }): string =>
    `With these shapes ${missed} of ${tried} typical mistakes give the right gradients.`,
  /** The references agree; `null` where no difference quotient was taken. */
  checked: ({ difference }: { difference: string | null }): string => {
    const [agrees, to] = [", and a difference quotient agrees within rounding", ", a difference quotient to "];
    const quotient = difference === null ? "" : difference === "0" ? agrees : `${to}${difference}`;
    return `The reference is checked: the closed forms and autograd agree to rounding${quotient}.`;
  },
  disagree: ({ autograd, difference }: { autograd: string; difference: string | null }): string =>
    `The references DISAGREE with each other (autograd by ${autograd} times what rounding explains` +
    `${difference === null ? "" : `, a difference quotient by ${difference}`}): do not trust this verdict.`,
  adjointsDisagree: ({ gap }: { gap: string }): string =>
    `⟨g, Jv⟩ by differences of your forward and ⟨Jᵀg, v⟩ by the reference DISAGREE by ${gap}: ` +
    "do not trust this verdict.",
  readAs: "Read as",
  asOurs: "names and layout as ours",
  step: ({ line, text, why }: { line: number; text: string; why: string }): string =>
    `Line ${line}: the step ${text} is not right${why === "" ? "" : `: ${why}`}`,
  derivation: "Derivation",
  equations: "Equations",
  gradients: "Gradients",
  findings: "What is wrong",
  network: "Network",
  data: "The report as data",
  /** How a map is read without a pointer. */
  keys: "Arrow keys go from entry to entry.",
  entries: ({ shown, all }: { shown: number; all: number }): string =>
    shown === all ? "The entries as a table" : `The ${shown} of ${all} entries that differ most, as a table`,
  /** Beside what is right. */
  within: "agrees within rounding",
  /** Beside what could not be compared. */
  notCompared: "no difference was taken",
  /** Before a remark of a derivation. */
  note: "Note",
  /** Between a factor and the equation that it follows from. */
  because: "because",
};

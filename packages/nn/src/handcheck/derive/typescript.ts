/**
 * A derivation as a program: the backward pass in plain loops over plain arrays, written from the same equations that
 * are printed.
 */

import { derivation } from "../../locales/derivation.ts";
import { costOf } from "../../network/cost.ts";
import { codeOf } from "../../network/on-paper.ts";
import { classWeight, hasWeights } from "./argument/entries.ts";
import {
  backwardStatements,
  forwardStatements,
  type Activate,
  type Assignment,
  type Statement,
} from "./argument/program.ts";
import type { Derived } from "./derived.ts";
import type { Expression, Index, Letter, Prose, SymbolNode } from "./language/ast.ts";
import { nameOf } from "./language/names.ts";
import type { Subject } from "./language/subject.ts";
import { lineOf } from "./draw.ts";

export function toTypeScript({ title, subject, language }: Derived): string {
  const layers = subject.activations.map((_, k) => k + 1);
  const names = layers.flatMap((l) => [`W${l}`, `b${l}`]);
  const { notation } = subject;
  const outIn = notation.weights === "out×in";
  const loop = [
    `const ${codeName({ kind: "symbol", role: "v", layer: 0, at: [], sample: false }, subject)} = inputs[sample];`,
    `const ${codeName({ kind: "symbol", role: "t", layer: null, at: [], sample: false }, subject)} = targets[sample];`,
    ...forwardStatements(subject).flatMap((statement) => ["", ...statementLines(statement, subject)]),
    "",
    derivation.backwardComment[language],
    ...backwardStatements(subject).flatMap((statement) => [
      ...(statement.kind === "assign" ? [""] : []),
      ...statementLines(statement, subject),
    ]),
  ];
  return [
    `// ${proseText(title[language], subject)}`,
    outIn ? derivation.toFromComment[language] : derivation.fromToComment[language],
    "",
    "export interface Parameters {",
    ...layers.flatMap((l) => [`  W${l}: number[][];`, `  b${l}: number[];`]),
    "}",
    "",
    ...helpers(subject),
    derivation.functionComment[language],
    `export function backward({ ${names.join(", ")} }: Parameters, inputs: number[][], targets: number[][]): { cost: number; gradient: Parameters } {`,
    ...indented([
      ...(hasWeights(subject)
        ? [`const ${codeName(classWeight(0), subject)} = [${costOf(subject.cost).told.classWeights!.join(", ")}];`]
        : []),
      ...(subject.reduction === "mean" ? [`const ${notation.count} = inputs.length;`] : []),
      "let cost = 0;",
      ...layers.flatMap((l) => [
        `const dW${l} = W${l}.map((row) => row.map(() => 0));`,
        `const db${l} = b${l}.map(() => 0);`,
      ]),
      "",
      "for (let sample = 0; sample < inputs.length; sample++) {",
      ...indented(loop),
      "}",
      `return { cost, gradient: { ${layers.map((l) => `W${l}: dW${l}, b${l}: db${l}`).join(", ")} } };`,
    ]),
    "}",
    "",
  ].join("\n");
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => (line === "" ? "" : `  ${line}`));

function proseText(prose: Prose, subject: Subject): string {
  return prose.map((part) => (typeof part === "string" ? part : lineOf(part, subject))).join("");
}

const sources = {
  sigmoid: ["function sigmoid(u: number): number {", "  return 1 / (1 + Math.exp(-u));", "}"],
  erf: [
    "function erf(x: number): number {",
    "  // 2/√π e^(−x²) (x + 2x³/3 + 4x⁵/15 + …); beyond 6 it is ±1.",
    "  if (Math.abs(x) > 6) return Math.sign(x);",
    "  let term = x;",
    "  let sum = x;",
    "  for (let k = 3; k < 300; k += 2) {",
    "    term *= (2 * x * x) / k;",
    "    sum += term;",
    "  }",
    "  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;",
    "}",
  ],
  softmax: [
    "function softmax(u: number[]): number[] {",
    "  // The largest taken off changes nothing but keeps e^u finite.",
    "  const top = Math.max(...u);",
    "  const powers = u.map((one) => Math.exp(one - top));",
    "  const total = powers.reduce((sum, power) => sum + power, 0);",
    "  return powers.map((power) => power / total);",
    "}",
  ],
} as const;

function helpers(subject: Subject): string[] {
  const needed = new Set<keyof typeof sources>(
    subject.activations.flatMap((activation): readonly (keyof typeof sources)[] =>
      activation === "softmax" ? ["softmax"] : (codeOf(activation).helpers ?? []),
    ),
  );
  if (subject.cost.startsWith("softmaxCrossEntropy")) needed.add("softmax");
  return (Object.keys(sources) as (keyof typeof sources)[])
    .filter((name) => needed.has(name))
    .flatMap((name) => [...sources[name], ""]);
}

/** The name of a variable: the notation's letter with the number of the layer. */
function codeName(node: SymbolNode, subject: Subject): string {
  const number = typeof node.layer === "number" ? String(node.layer) : "";
  if (node.role === "gradW") return `dW${number}`;
  if (node.role === "gradB") return `db${number}`;
  if (node.role === "cost") return "cost";
  if (node.role === "count") return subject.notation.count;
  const { base, layer } = nameOf({ ...node, at: [] }, subject);
  if (subject.notation.products === "code") return `${base}${layer}`;
  const glyph = subject.notation.glyphs[node.role];
  const letter = node.role === "W" ? glyph.all : glyph.one;
  return letter.replace("δ", "delta") + number;
}

const variable = (index: Index): string => (typeof index === "number" ? String(index) : index.letter.replace("′", "2"));

function entryCode(node: SymbolNode, subject: Subject): string {
  const weights = node.role === "W" || node.role === "gradW";
  const order = weights && subject.notation.weights === "in×out" ? [...node.at].reverse() : node.at;
  return codeName(node, subject) + order.map((index) => `[${variable(index)}]`).join("");
}

function statementLines(statement: Statement, subject: Subject): string[] {
  return statement.kind === "activate" ? activation(statement, subject) : assignment(statement, subject);
}

function activation({ target, input, by }: Activate, subject: Subject): string[] {
  const [to, from] = [codeName(target, subject), codeName(input, subject)];
  if (by === "softmax") return [`const ${to} = softmax(${from});`];
  return [`const ${to} = ${by === "linear" ? from : `${from}.map(${codeOf(by).typescript})`};`];
}

function assignment({ kind, target, value, label }: Assignment, subject: Subject): string[] {
  const letters = target.at.filter((index): index is Letter => typeof index !== "number");
  const body: string[] = [];
  const result = code(value, subject, body);
  body.push(`${entryCode(target, subject)} ${kind === "add" ? "+=" : "="} ${result};`);
  const looped = letters.reduceRight((inner, letter) => [loopHead(letter, subject), ...indented(inner), "}"], body);
  const formula =
    target.role === "cost" || target.role === "gradW" || target.role === "gradB"
      ? ""
      : `${lineOf(target, subject)} = ${lineOf(value, subject)}`;
  const comment = [label, formula].filter((part) => part !== "").join(": ");
  return [
    ...(comment === "" ? [] : [`// ${comment}`]),
    ...(kind === "assign" ? [`const ${codeName(target, subject)}: number[] = [];`] : []),
    ...looped,
  ];
}

function loopHead(letter: Letter, { sizes }: Subject): string {
  const name = variable(letter);
  return `for (let ${name} = 0; ${name} < ${sizes[letter.layer as number]!}; ${name}++) {`;
}

/** An expression; sums become loops before it, in `lines`. */
function code(node: Expression, subject: Subject, lines: string[]): string {
  const part = (one: Expression): string => code(one, subject, lines);
  const closed = (one: Expression): string =>
    one.kind === "plus" ||
    one.kind === "negative" ||
    one.kind === "fraction" ||
    (one.kind === "number" && one.value < 0)
      ? `(${part(one)})`
      : part(one);
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "symbol":
      return entryCode(node, subject);
    case "plus":
      return node.terms
        .map((term, k) =>
          k > 0 && term.kind === "negative" ? ` - ${closed(term.of)}` : `${k > 0 ? " + " : ""}${part(term)}`,
        )
        .join("");
    case "negative":
      // A power under a sign needs parentheses in code.
      return node.of.kind === "square" ? `-(${part(node.of)})` : `-${closed(node.of)}`;
    case "times":
      return node.factors.map(closed).join(" * ");
    case "fraction":
      return `${closed(node.top)} / ${node.bottom.kind === "times" ? `(${part(node.bottom)})` : closed(node.bottom)}`;
    case "square":
      return `${closed(node.of)} ** 2`;
    case "holds":
      return node.relation === ">"
        ? `(${part(node.left as Expression)} > 0 ? 1 : 0)`
        : `(${variable(node.left as Index)} === ${variable(node.right)} ? 1 : 0)`;
    case "apply":
      return node.name === "positivePart"
        ? `Math.max(0, ${part(node.of)})`
        : `${node.name === "erf" ? "" : "Math."}${node.name === "ln" ? "log" : node.name}(${part(node.of)})`;
    case "sum": {
      // A name for each sum, so that none hides another.
      let name = `sum${node.over.letter.replace("′", "2").toUpperCase()}`;
      while (lines.some((line) => line.startsWith(`let ${name} =`))) name += "_";
      const inner: string[] = [];
      const term = code(node.of, subject, inner);
      lines.push(`let ${name} = 0;`, loopHead(node.over, subject), ...indented([...inner, `${name} += ${term};`]), "}");
      return name;
    }
    default:
      throw new TypeError(`derive: internal: no code for ${node.kind}`);
  }
}

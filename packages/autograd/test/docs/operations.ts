/** The page of operations: a table made of the declarations, the formulas above them, and the rows of the op table. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Tensor, tensor, type DType } from "../../src/index.ts";
import type { Op } from "../../src/graph/op.ts";
import { applyTo, casesOf } from "../ops/sampling.ts";
import { functionOf, type Row } from "../ops/spec.ts";
import { families } from "../ops/table/index.ts";
import { filesBelow } from "./examples.ts";

interface Formula {
  readonly value: string;
  readonly derivative: string;
}

/** Declarations of several ops, each with its formulas made from the ones that stand there. */
const shared: Readonly<Record<string, Readonly<Record<string, (formula: string) => string>>>> = {
  max: { max: (text) => text, min: (text) => text.replace("max x", "min x").replace("largest", "least") },
  sum: { sum: (text) => text.replace(" / divisor", ""), mean: (text) => text.replace("divisor", "n") },
};

/** The formulas that stand above the declarations of ops, by the op's name: `// y = σ(x)        dy/dx = y (1 - y)`. */
export function formulasIn(texts: readonly string[]): Map<string, Formula> {
  const found = new Map<string, Formula>();
  const declaration = /^\/\/ (.+)\n(?:\/\/ .*\n)*(?:export )?(?:const|function) (\w+)([^\n]*(?:\n[^\n]*){0,2})/gm;
  for (const text of texts) {
    for (const [, formula, identifier, rest] of text.matchAll(declaration)) {
      const [value = "", ...derivatives] = formula!.split(/ {4,}/);
      if (!/ = |^y/.test(value)) continue;
      const named = /(?:unary|binary|ternary)\(\s*"(\w+)"|name: "(\w+)"/.exec(rest!);
      const name = named?.[1] ?? named?.[2] ?? identifier!.replace(/Op$/, "").replace(/^extremum$/, "max");
      for (const [one, turned] of Object.entries(shared[name] ?? { [name]: (text: string) => text })) {
        found.set(one, {
          value: turned(value),
          derivative: derivatives
            .filter((part) => !part.startsWith("("))
            .map(turned)
            .join("; "),
        });
      }
    }
  }
  return found;
}

/** The first sentence of the docstring of an exported function. */
function summaryOf(name: string, texts: readonly string[]): string {
  for (const text of texts) {
    const match = new RegExp(
      String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\n(?://[^\n]*\n)*export (?:const|function) ${name}\b`,
    ).exec(text);
    if (match === null) continue;
    const [paragraph = ""] = match[1]!
      .replace(/^ *\* ?/gm, "")
      .trim()
      .split(/\n\n|\n@/);
    return /^[\s\S]*?[.:](?=\s|$)/.exec(`${paragraph.replace(/\s+/g, " ")} `)![0].replace(/[.:]$/, "");
  }
  throw new Error(`${name} has no docstring`);
}

/** The op of a function's own that it declares or records; `null` where it is composed of others. */
function opOf(row: Row): Op | null {
  const declared = (functionOf(row.name) as { readonly op?: Op }).op;
  if (declared !== undefined) return declared;
  for (const one of casesOf(row, "float64")) {
    const leaves = one.leaves.map(
      (leaf) => tensor(leaf.tensor.toTypedArray(), { shape: leaf.tensor.shape, requiresGrad: true }) as Tensor,
    );
    const op = applyTo(one, leaves).node?.op;
    if (op?.name === row.name) return op;
  }
  return null;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

const types: readonly DType[] = ["float64", "float32", "int32", "bool"];

/** A line of the table. */
function lineOf(row: Row, formulas: ReadonlyMap<string, Formula>, texts: readonly string[]): string {
  const op = opOf(row);
  const formula = formulas.get(row.name);
  const flat = op?.kind === "elementwise" && op.partials.every((partial) => partial === null);
  const kind =
    op === null
      ? "composed"
      : op.kind === "elementwise"
        ? "entry by entry"
        : op.kind === "custom"
          ? "rule of its own"
          : op.kind;
  const derivative = formula?.derivative ?? "";
  return `| ${[
    `\`${row.name}\``,
    cell(formula?.value ?? summaryOf(row.name, texts)),
    cell(
      derivative !== ""
        ? derivative
        : flat
          ? "none: piecewise constant"
          : row.operands.every(({ differentiable }) => !differentiable)
            ? "none: a constant"
            : "that of its parts",
    ),
    kind,
    types.filter((dtype) => row.dtypes.includes(dtype)).join(", "),
    row.method === null ? "–" : `\`.${row.method}\``,
  ].join(" | ")} |`;
}

const titles: Readonly<Record<string, string>> = {
  arithmetic: "Arithmetic",
  comparison: "Comparison, logic, choice",
  transcendental: "Functions",
  reduction: "Reductions",
  movement: "Shape, order, repetition",
  cutting: "Cutting",
  selection: "Selection by index",
  contraction: "Products",
};

/** The page. */
export function operationsPage(): string {
  const texts = ["ops", "transforms"]
    .flatMap((folder) => filesBelow(fileURLToPath(new URL(`../../src/${folder}/`, import.meta.url)), ".ts"))
    .map((path) => readFileSync(path, "utf8"));
  const formulas = formulasIn(texts);
  const count = Object.values(families).reduce((sum, rows) => sum + rows.length, 0);
  const sections = Object.entries(families).map(([family, rows]) =>
    [
      `## ${titles[family] ?? family}\n`,
      "| | value | derivative | kind | types | method |",
      "|---|---|---|---|---|---|",
      ...rows.map((row) => lineOf(row, formulas, texts)),
    ].join("\n"),
  );
  return `${[
    "# Operations",
    `<!-- Written by \`npx pnpm@10 docs\` from the declarations in packages/autograd/src/ops and the rows of the op table. -->`,
    `${count} functions of tensors. Each has its value, its derivative in both modes and its second derivative checked against independent
references in every type that it takes (\`packages/autograd/test/ops/table\`), and runs compiled with the same bits. Numbers may stand
for tensors where a shape broadcasts. *Entry by entry* broadcasts its operands; *linear* and *bilinear* ones are their own forward
rule, and "xᵀ" says what the reverse sweep does; what is *composed* has the derivatives of its parts. What holds at kinks, poles and
ties is in [conventions.md](conventions.md).`,
    ...sections,
  ].join("\n\n")}\n`;
}

/** The steps of adding an op, as CONTRIBUTING.md lists them: an op that lacks one is named, with the step. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import * as api from "../../src/index.ts";
import { Tensor } from "../../src/index.ts";
import { complexRule } from "../../src/check/complex-rules.ts";
import type { Op } from "../../src/graph/op.ts";
import { table } from "./table/index.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const textOf = (file: string): string => readFileSync(root + file, "utf8");
const ops = "packages/autograd/src/ops/";

/** Ops that rules and conversions are written in, and that have no name outside. */
const inner = [
  "absorb",
  "absorbBoth",
  "after",
  "annul",
  "direction",
  "fraction24",
  "fraction53",
  "gaussian",
  "pass",
  "portion",
  "restore",
];

/** Has a row, and is no op: the identity, with another derivative. */
const elsewhere = ["stopGradient"];

const known = table.map(({ name }) => name);
const page = textOf("docs/operations.md");
const publicNames = (JSON.parse(textOf("packages/autograd/test/public-names.json")) as { "."?: string[] })["."]!;

/** Each step under its name, and whether an op has taken it; `op` is known of those that are one declaration. */
const steps: Readonly<Record<string, (name: string, op: Op | null) => boolean>> = {
  "Declare it": (name, op) => op !== null || sources.some((text) => text.includes(`export function ${name}`)),
  "Export it": (name) => name in api && publicNames.includes(name),
  "Give it a method": (name) => {
    const row = table.find((one) => one.name === name);
    return row?.method === null || (row?.method ?? name) in Tensor.prototype;
  },
  "Continue it to complex numbers": (name, op) => {
    const isSmooth = table.some((row) => row.name === name && row.operands.some((one) => one.differentiable));
    return op?.kind !== "elementwise" || !isSmooth || complexRule(op) !== undefined;
  },
  "Give it a row": (name) => known.includes(name),
  "Write the page anew": (name) => page.includes(`| \`${name}\` |`),
};

const files = readdirSync(root + ops).filter((name) => name.endsWith(".ts"));
const sources = files.map((file) => textOf(ops + file));

/** The ops that are declared, or exported from the files of ops, by their names. */
async function declared(): Promise<ReadonlyMap<string, Op | null>> {
  const found = new Map<string, Op | null>();
  for (const file of files) {
    const all = (await import(root + ops + file)) as Readonly<Record<string, unknown>>;
    for (const [name, one] of Object.entries(all)) {
      if (typeof one !== "function") continue;
      if ("op" in one) found.set(name, one.op as Op);
      else if (name in api || known.includes(name)) found.set(name, null);
    }
  }
  return found;
}

/** The steps that an op lacks: `sin: Give it a method`. */
const missing = (name: string, op: Op | null): string[] =>
  Object.entries(steps).flatMap(([step, isTaken]) => (isTaken(name, op) ? [] : [`${name}: ${step}`]));

it("are those that CONTRIBUTING.md lists, in its order", () => {
  const section = /## Adding an op\n([\s\S]*?)\n## /.exec(textOf("CONTRIBUTING.md"))![1]!;
  expect([...section.matchAll(/^\d+\. \*\*([^*]+)\*\*/gm)].map(([, step]) => step)).toEqual(Object.keys(steps));
});

it("have been taken by every op", async () => {
  const all = await declared();
  expect(all.size).toBeGreaterThan(60);
  expect([...inner, ...known].filter((name) => !all.has(name))).toEqual(elsewhere);
  expect([...all].filter(([name]) => !inner.includes(name)).flatMap(([name, op]) => missing(name, op))).toEqual([]);
});

it("are named where they are missing", () => {
  const op = { kind: "elementwise", name: "cube" } as Op;
  const all = Object.keys(steps).filter((step) => step !== "Declare it");
  // Only what has a row has a derivative to continue.
  expect(missing("cube", op)).toEqual(
    all.filter((step) => step !== "Continue it to complex numbers").map((step) => `cube: ${step}`),
  );
  expect(missing("sin", op)).toEqual(["sin: Continue it to complex numbers"]);
  expect(missing("cube", null)).toContain("cube: Declare it");
});

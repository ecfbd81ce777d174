/** The packages installed: what loading one, and `chainrule check` as a process, take beyond Node's own start, in turns with `node -e 0`. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { network, Random } from "@chainrule/nn";
import { backprop, costOfBatch, forward } from "@chainrule/nn/equations";
import type { Figure } from "../suite.ts";

const SIZES = [784, 30, 10];
const BATCH = 10;
/** Of a check, beyond Node's start, in nanoseconds. */
const REACH = 300e6;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** One way of asking, and what must come back. */
interface Question {
  readonly name: string;
  readonly words: readonly string[];
  readonly exit: 0 | 1;
  /** A part of the report that a wrong answer lacks. */
  readonly says: string;
}

/** Puts both packages where a user has them: the sources as the build bundles them, the exports as they are published. */
function install(place: string): string {
  for (const name of ["autograd", "nn"]) {
    const [from, to] = [join(root, "packages", name), join(place, "node_modules", "@chainrule", name)];
    mkdirSync(to, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as { readonly publishConfig: object; readonly scripts: { readonly bundle: string } };
    execFileSync(process.execPath, [...manifest.scripts.bundle.split(" ").slice(1), "--outdir", join(to, "dist")], { cwd: from, stdio: ["ignore", "inherit", "inherit"] });
    writeFileSync(join(to, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
  }
  // An older Node reads TypeScript by way of the tsx that its user has.
  symlinkSync(realpathSync(dirname(createRequire(import.meta.url).resolve("tsx/package.json"))), join(place, "node_modules", "tsx"));
  return join(place, "node_modules", "@chainrule", "nn", "dist", "cli", "main.js");
}

/** The network, a batch, and every number of its backprop; with `slip` the hidden σ′ is forgotten, and what follows from that is consistent. */
function numbers(slip: boolean): object {
  const net = network({ sizes: SIZES, activations: "sigmoid", cost: "quadratic", seed: 1 });
  const random = new Random(2);
  const rows = (width: number): number[][] => Array.from({ length: BATCH }, () => Array.from(random.uniformArray(width)));
  const [x, t] = [rows(784), rows(10)];
  const parameters = Object.fromEntries(Object.entries(net.parameters).map(([name, value]) => [name, value.toArray()])) as { W1: number[][]; b1: number[]; W2: number[][]; b2: number[] };
  const { W1, b1, W2, b2 } = parameters;
  const plain = { weights: [W1, W2], biases: [b1, b2], activations: ["sigmoid", "sigmoid"] as const, cost: "quadratic" as const };
  const seen = x.map((row) => forward(plain, row));
  const [first, second] = backprop(plain, x, t).layers as [Layer, Layer];
  const delta1 = slip ? second.delta.map((row) => W2[0]!.map((_, j) => row.reduce((sum, d, k) => sum + d * W2[k]![j]!, 0))) : first.delta;
  const mean = (of: (n: number) => number): number => delta1.reduce((sum, _, n) => sum + of(n), 0) / BATCH;
  const gradW1 = slip ? W1.map((row, j) => row.map((_, k) => mean((n) => delta1[n]![j]! * x[n]![k]!))) : first.gradW;
  const gradB1 = slip ? b1.map((_, j) => mean((n) => delta1[n]![j]!)) : first.gradB;
  const layer = (what: "u" | "v", l: number): (readonly number[])[] => seen.map((one) => one[what][l]!);
  return {
    network: { sizes: SIZES, activations: "sigmoid", cost: "quadratic", parameters },
    data: { x, t },
    hand: {
      u: { 1: layer("u", 1), 2: layer("u", 2) }, v: { 1: layer("v", 1), 2: layer("v", 2) }, cost: costOfBatch(plain, x, t),
      delta: { 1: delta1, 2: second.delta }, gradW: { 1: gradW1, 2: second.gradW }, gradB: { 1: gradB1, 2: second.gradB },
    },
  };
}

type Layer = ReturnType<typeof backprop>["layers"][number];

/** A backprop as somebody writes it, with types or without. */
function program(slip: boolean, typed: boolean): string {
  const [rows, row] = typed ? [": number[][]", ": number[]"] : ["", ""];
  const given = typed ? ": Record<\"W1\" | \"W2\", number[][]> & Record<\"b1\" | \"b2\", number[]>" : "";
  return `export const network = { sizes: [${SIZES.join(", ")}], activations: "sigmoid", cost: "quadratic" };
const layer = (W${rows}, b${row}, v${rows}) => v.map((one) => W.map((w, j) => 1 / (1 + Math.exp(-w.reduce((sum, wk, k) => sum + wk * one[k], b[j])))));
const mean = (d${rows}) => d[0].map((_, j) => d.reduce((sum, one) => sum + one[j], 0) / d.length);
const outer = (d${rows}, v${rows}) => d[0].map((_, j) => v[0].map((_, k) => d.reduce((sum, one, n) => sum + one[j] * v[n][k], 0) / d.length));
export function backward({ W1, b1, W2, b2 }${given}, x${rows}, t${rows}) {
  const v1 = layer(W1, b1, x);
  const v2 = layer(W2, b2, v1);
  const d2 = v2.map((one, n) => one.map((v, j) => (v - t[n][j]) * v * (1 - v)));
  const d1 = d2.map((one, n) => v1[n].map((v, j) => one.reduce((sum, d, k) => sum + d * W2[k][j], 0)${slip ? "" : " * v * (1 - v)"}));
  return { delta: { 1: d1, 2: d2 }, gradW: { 1: outer(d1, x), 2: outer(d2, v1) }, gradB: { 1: mean(d1), 2: mean(d2) } };
}
`;
}

const equations = (slip: boolean): string => `delta2 = (v2 - t) .* s'(u2)
delta1 = (W2^T delta2)${slip ? "" : " .* s'(u1)"}
dC/dW2 = delta2 v1^T
dC/dW1 = delta1 v0^T
dC/db2 = delta2
dC/db1 = delta1
`;

function questions(place: string): Question[] {
  const net = ["--net", `${SIZES.join("-")}:sigmoid`];
  return [false, true].flatMap((slip) => {
    const ask = (name: string, file: string, text: string, more: readonly string[] = []): Question => {
      const path = join(place, `${slip ? "slip" : "right"}-${file}`);
      writeFileSync(path, text);
      return { name: `check of ${name}, ${SIZES.join("-")}, ${slip ? "a slip named" : "all right"}`, words: ["check", path, ...more], exit: slip ? 1 : 0, says: slip ? "[B1]" : "Right: every equation" };
    };
    return [
      ask(`numbers of ${BATCH} samples`, "numbers.json", JSON.stringify(numbers(slip))),
      ask("a function", "function.mjs", program(slip, false)),
      ask("a function in TypeScript", "function.ts", program(slip, true)),
      ask("formulas", "formulas.txt", equations(slip), net),
    ];
  });
}

/** The middle of the list, and half the distance between its quarters in percent of it. */
function spread(list: readonly number[]): { readonly middle: number; readonly margin: number } {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { middle: at(0.5), margin: (50 * (at(0.75) - at(0.25))) / Math.abs(at(0.5)) };
}

/** Validates every question, then asks them in turns with `node -e 0`; each figure is the time beyond that of the same round. */
export function timeCommand(smoke: boolean): Figure[] {
  const place = mkdtempSync(join(tmpdir(), "chainrule-command-"));
  try {
    const main = install(place);
    const all = questions(place);
    const run = (words: readonly string[]): { readonly nanoseconds: number; readonly status: number | null; readonly stdout: string } => {
      const start = process.hrtime.bigint();
      const { status, stdout } = spawnSync(process.execPath, words, { encoding: "utf8", cwd: place });
      return { nanoseconds: Number(process.hrtime.bigint() - start), status, stdout };
    };
    for (const { name, words, exit, says } of all) {
      const { status, stdout } = run([main, ...words]);
      if (status !== exit || !stdout.includes(says)) throw new Error(`${name}: exit ${status} where ${exit} and "${says}" are right; nothing is timed\n${stdout}`);
    }
    const packages = ["@chainrule/autograd", "@chainrule/nn"];
    const load = (name: string): readonly string[] => ["--input-type=module", "-e", `await import(${JSON.stringify(name)}); process.stdout.write("loaded")`];
    for (const name of packages) if (run(load(name)).stdout !== "loaded") throw new Error(`${name} cannot be loaded; nothing is timed`);
    const starts: number[] = [];
    const loads = packages.map((): number[] => []);
    const beyond = all.map((): number[] => []);
    for (let round = 0; round < (smoke ? 1 : 21); round++) {
      const bare = run(["-e", "0"]).nanoseconds;
      starts.push(bare);
      packages.forEach((name, k) => loads[k]!.push(run(load(name)).nanoseconds - bare));
      all.forEach(({ words }, k) => beyond[k]!.push(run([main, ...words]).nanoseconds - bare));
    }
    const figure = (name: string, unit: string, list: readonly number[], reach: number | null): Figure => {
      const { middle, margin } = spread(list);
      return { name, unit, nanoseconds: middle, margin, reach };
    };
    const quickest = (list: readonly number[]): string => `the quickest ${(Math.min(...list) / 1e6).toFixed(0)} ms`;
    return [
      figure("node -e 0", "start", starts, null),
      ...packages.map((name, k) => figure(`import "${name}"`, `load beyond that start, ${quickest(loads[k]!)}`, loads[k]!, null)),
      ...all.map(({ name }, k) => figure(name, `check beyond that start, ${quickest(beyond[k]!)}`, beyond[k]!, REACH)),
    ];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/**
 * The packages installed: what loading one, and `chainrule check` as a process, take beyond Node's own start, in turns
 * with `node -e 0`.
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { network, Random } from "@chainrule/nn";
import { backprop, costOfBatch, forward } from "@chainrule/nn/equations";
import type { Figure } from "../suite.ts";

const SIZES = [784, 30, 10];
const BATCH = 10;
/** Of a check, beyond Node's start, in nanoseconds; of arrays of a hundred samples, which are read as well. */
const REACH = 300e6;
const REACH_ARRAYS = 500e6;

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The variables of this machine, but for certificates of its own: Node reads them at every start, for 40 ms, and a
 * check that starts a process would pay twice.
 */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** One way of asking, and what must come back. */
interface Question {
  readonly name: string;
  readonly words: readonly string[];
  readonly exit: 0 | 1;
  /** A part of the report that a wrong answer lacks. */
  readonly says: string;
  readonly reach: number;
  /** Another program that it starts: what that takes by itself, its start and its run, is not ours. */
  readonly other: readonly [command: string, ...words: string[]] | null;
}

/** The Python that has NumPy; without one nothing of it is timed. */
const python =
  ["python3", "/usr/bin/python3"].find(
    (command) => spawnSync(command, ["-c", "import numpy"], { stdio: "ignore" }).status === 0,
  ) ?? null;

/**
 * Puts both packages where a user has them: the sources as the build bundles them, the exports as they are published.
 */
function install(place: string): string {
  for (const name of ["autograd", "nn"]) {
    const [from, to] = [join(root, "packages", name), join(place, "node_modules", "@chainrule", name)];
    mkdirSync(to, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as {
      readonly publishConfig: object;
      readonly scripts: { readonly bundle: string };
    };
    execFileSync(process.execPath, [...manifest.scripts.bundle.split(" ").slice(1), "--outdir", join(to, "dist")], {
      cwd: from,
      stdio: ["ignore", "inherit", "inherit"],
    });
    writeFileSync(join(to, "package.json"), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
    if (name === "nn") cpSync(join(from, "python"), join(to, "python"), { recursive: true });
  }
  // An older Node reads TypeScript by way of the tsx that its user has.
  symlinkSync(
    realpathSync(dirname(createRequire(import.meta.url).resolve("tsx/package.json"))),
    join(place, "node_modules", "tsx"),
  );
  return join(place, "node_modules", "@chainrule", "nn", "dist", "cli", "start.cjs");
}

type Matrix = readonly (readonly number[])[];

/** A network, a batch, and every number of its backprop. */
interface Numbers {
  readonly parameters: {
    readonly W1: Matrix;
    readonly b1: readonly number[];
    readonly W2: Matrix;
    readonly b2: readonly number[];
  };
  readonly x: Matrix;
  readonly t: Matrix;
  readonly u: Readonly<Record<1 | 2, Matrix>>;
  readonly v: Readonly<Record<1 | 2, Matrix>>;
  readonly cost: number;
  readonly delta: Readonly<Record<1 | 2, Matrix>>;
  readonly gradW: Readonly<Record<1 | 2, Matrix>>;
  readonly gradB: Readonly<Record<1 | 2, readonly number[]>>;
}

/** With `slip` the hidden σ′ is forgotten, and what follows from that is consistent. */
function numbers(slip: boolean, samples: number): Numbers {
  const net = network({ sizes: SIZES, activations: "sigmoid", cost: "quadratic", seed: 1 });
  const random = new Random(2);
  const rows = (width: number): number[][] =>
    Array.from({ length: samples }, () => Array.from(random.uniformArray(width)));
  const [x, t] = [rows(784), rows(10)];
  const parameters = Object.fromEntries(
    Object.entries(net.parameters).map(([name, value]) => [name, value.toArray()]),
  ) as { W1: number[][]; b1: number[]; W2: number[][]; b2: number[] };
  const { W1, b1, W2, b2 } = parameters;
  const plain = {
    weights: [W1, W2],
    biases: [b1, b2],
    activations: ["sigmoid", "sigmoid"] as const,
    cost: "quadratic" as const,
  };
  const seen = x.map((row) => forward(plain, row));
  const [first, second] = backprop(plain, x, t).layers as [Layer, Layer];
  const delta1 = slip
    ? second.delta.map((row) => W2[0]!.map((_, j) => row.reduce((sum, d, k) => sum + d * W2[k]![j]!, 0)))
    : first.delta;
  const mean = (of: (n: number) => number): number => delta1.reduce((sum, _, n) => sum + of(n), 0) / samples;
  const gradW1 = slip ? W1.map((row, j) => row.map((_, k) => mean((n) => delta1[n]![j]! * x[n]![k]!))) : first.gradW;
  const gradB1 = slip ? b1.map((_, j) => mean((n) => delta1[n]![j]!)) : first.gradB;
  const layer = (what: "u" | "v", l: number): (readonly number[])[] => seen.map((one) => one[what][l]!);
  return {
    parameters,
    x,
    t,
    u: { 1: layer("u", 1), 2: layer("u", 2) },
    v: { 1: layer("v", 1), 2: layer("v", 2) },
    cost: costOfBatch(plain, x, t),
    delta: { 1: delta1, 2: second.delta },
    gradW: { 1: gradW1, 2: second.gradW },
    gradB: { 1: gradB1, 2: second.gradB },
  };
}

function json({ parameters, x, t, ...hand }: Numbers): string {
  return JSON.stringify({
    network: { sizes: SIZES, activations: "sigmoid", cost: "quadratic", parameters },
    data: { x, t },
    hand,
  });
}

/** An array as NumPy stores it. */
function npy(given: Matrix | readonly number[]): Buffer {
  const shape = typeof given[0] === "number" ? `${given.length},` : `${given.length}, ${(given as Matrix)[0]!.length}`;
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape}), }`;
  const padded = `${header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00", "latin1"),
    length,
    Buffer.from(padded),
    Buffer.from(Float64Array.from(given.flat()).buffer),
  ]);
}

/** An archive of arrays, as `np.savez` writes it. */
function npz(arrays: Readonly<Record<string, Matrix | readonly number[]>>): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const [name, given] of Object.entries(arrays)) {
    const [file, bytes] = [Buffer.from(`${name}.npy`), npy(given)];
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(checksumOf(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(file.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    parts.push(Buffer.from("PK\x03\x04", "latin1"), head, file, bytes);
    index.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), head, place, file);
    at += 4 + head.length + file.length + bytes.length;
  }
  const size = index.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(arrays).length, 4);
  end.writeUInt16LE(Object.keys(arrays).length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, ...index, Buffer.from("PK\x05\x06", "latin1"), end]);
}

/** CRC-32 */
function checksumOf(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function arrays({ parameters, x, t, delta, gradW, gradB }: Numbers): Buffer {
  return npz({
    X: x,
    T: t,
    ...parameters,
    delta1: delta[1],
    delta2: delta[2],
    dW1: gradW[1],
    dW2: gradW[2],
    db1: gradB[1],
    db2: gradB[2],
  });
}

/** The same in Python. */
const script = (slip: boolean): string => `import numpy as np

def sigmoid(u):
    return 1 / (1 + np.exp(-u))

def backward(X, y, W1, b1, W2, b2):
    v1 = sigmoid(X @ W1.T + b1)
    v2 = sigmoid(v1 @ W2.T + b2)
    delta2 = (v2 - y) * v2 * (1 - v2)
    delta1 = (delta2 @ W2)${slip ? "" : " * v1 * (1 - v1)"}
    dW1, db1 = delta1.T @ X / len(X), delta1.mean(axis=0)
    dW2, db2 = delta2.T @ v1 / len(X), delta2.mean(axis=0)
    return delta1, delta2, dW1, db1, dW2, db2
`;

/** What a user of Python would run to have the same function computed once, on a batch of the same size. */
const ownRun = (file: string): string => `import runpy
import numpy as np

backward = runpy.run_path(${JSON.stringify(file)})["backward"]
of = lambda *shape: np.full(shape, 0.01)
backward(of(${BATCH}, ${SIZES[0]}), of(${BATCH}, ${SIZES[2]}), of(${SIZES[1]}, ${SIZES[0]}), of(${SIZES[1]}), of(${SIZES[2]}, ${SIZES[1]}), of(${SIZES[2]}))
`;

type Layer = ReturnType<typeof backprop>["layers"][number];

/** A backprop as somebody writes it, with types or without. */
function program(slip: boolean, typed: boolean): string {
  const [rows, row] = typed ? [": number[][]", ": number[]"] : ["", ""];
  const given = typed ? ': Record<"W1" | "W2", number[][]> & Record<"b1" | "b2", number[]>' : "";
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
    const ask = (
      name: string,
      file: string,
      text: string | Buffer,
      more: readonly string[] = [],
      rest: Partial<Question> = {},
    ): Question => {
      const path = join(place, `${slip ? "slip" : "right"}-${file}`);
      writeFileSync(path, text);
      const title = `check of ${name}, ${SIZES.join("-")}, ${slip ? "a slip named" : "all right"}`;
      return {
        name: title,
        words: ["check", path, ...more],
        exit: slip ? 1 : 0,
        says: slip ? "[B1]" : "Right: every equation",
        reach: REACH,
        other: null,
        ...rest,
      };
    };
    const own = join(place, `${slip ? "slip" : "right"}-own.py`);
    writeFileSync(own, ownRun(join(place, `${slip ? "slip" : "right"}-function.py`)));
    const ofPython =
      python === null
        ? []
        : [
            ask("a function of Python", "function.py", script(slip), [...net, "--python", python], {
              other: [python, own],
            }),
          ];
    return [
      ask(`numbers of ${BATCH} samples`, "numbers.json", json(numbers(slip, BATCH))),
      ask("a function", "function.mjs", program(slip, false)),
      ask("a function in TypeScript", "function.ts", program(slip, true)),
      ask("formulas", "formulas.txt", equations(slip), net),
      ask("arrays of 100 samples", "arrays.npz", arrays(numbers(slip, 100)), net, { reach: REACH_ARRAYS }),
      ...ofPython,
    ];
  });
}

/** The middle of the list, and half the distance between its quarters in percent of it. */
function spread(list: readonly number[]): { readonly middle: number; readonly margin: number } {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { middle: at(0.5), margin: (50 * (at(0.75) - at(0.25))) / Math.abs(at(0.5)) };
}

/** How long a program takes by itself, in nanoseconds. */
function startOf([command, ...words]: NonNullable<Question["other"]>): number {
  const start = process.hrtime.bigint();
  spawnSync(command, words, { env });
  return Number(process.hrtime.bigint() - start);
}

/**
 * Validates every question, then asks them in turns with `node -e 0`; each figure is the time beyond that of the same
 * round.
 */
export function timeCommand(smoke: boolean): Figure[] {
  const place = mkdtempSync(join(tmpdir(), "chainrule-command-"));
  try {
    const main = install(place);
    const all = questions(place);
    const run = (
      words: readonly string[],
    ): { readonly nanoseconds: number; readonly status: number | null; readonly stdout: string } => {
      const start = process.hrtime.bigint();
      const { status, stdout } = spawnSync(process.execPath, words, { encoding: "utf8", cwd: place, env });
      return { nanoseconds: Number(process.hrtime.bigint() - start), status, stdout };
    };
    for (const { name, words, exit, says } of all) {
      const { status, stdout } = run([main, ...words]);
      if (status !== exit || !stdout.includes(says))
        throw new Error(`${name}: exit ${status} where ${exit} and "${says}" are right; nothing is timed\n${stdout}`);
    }
    const packages = ["@chainrule/autograd", "@chainrule/nn"];
    const load = (name: string): readonly string[] => [
      "--input-type=module",
      "-e",
      `await import(${JSON.stringify(name)}); process.stdout.write("loaded")`,
    ];
    for (const name of packages)
      if (run(load(name)).stdout !== "loaded") throw new Error(`${name} cannot be loaded; nothing is timed`);
    const starts: number[] = [];
    const loads = packages.map((): number[] => []);
    const beyond = all.map((): number[] => []);
    for (let round = 0; round < (smoke ? 1 : 20); round++) {
      const bare = run(["-e", "0"]).nanoseconds;
      starts.push(bare);
      packages.forEach((name, k) => loads[k]!.push(run(load(name)).nanoseconds - bare));
      all.forEach(({ words, other }, k) => {
        const own = other === null ? 0 : startOf(other);
        beyond[k]!.push(run([main, ...words]).nanoseconds - bare - own);
      });
    }
    const figure = (name: string, unit: string, list: readonly number[], reach: number | null): Figure => {
      const { middle, margin } = spread(list);
      return { name, unit, nanoseconds: middle, margin, reach };
    };
    const quickest = (list: readonly number[]): string => `the quickest ${(Math.min(...list) / 1e6).toFixed(0)} ms`;
    return [
      figure("node -e 0", "start", starts, null),
      ...packages.map((name, k) =>
        figure(`import "${name}"`, `load beyond that start, ${quickest(loads[k]!)}`, loads[k]!, null),
      ),
      ...all.map(({ name, reach, other }, k) =>
        figure(
          name,
          `check beyond that start${other === null ? "" : " and what its function takes by itself"}, ${quickest(beyond[k]!)}`,
          beyond[k]!,
          reach,
        ),
      ),
    ];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

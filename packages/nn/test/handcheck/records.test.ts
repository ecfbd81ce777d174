// Each record of an activation against the plain loops, differences, bounds, code and names: a new one is tested by
// existing.
import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import { transpile } from "typescript";
import { describe, expect, it } from "vitest";
import { sized } from "../../../autograd/test/size.ts";
import { network } from "../../src/index.ts";
import {
  activationsNamed,
  everyActivation,
  neuronOf,
  partsOf,
  recordNames,
  recordOf,
  type ElementwiseName,
} from "../../src/network/activation.ts";
import { onPaper } from "../../src/network/activations/paper.ts";
import type { Neuron } from "../../src/network/activations/record.ts";
import { softmax } from "../../src/network/activations/softmax.ts";
import { codeOf } from "../../src/network/on-paper.ts";
import { neuron as plain } from "../../src/handcheck/equations/index.ts";
import { derive } from "../../src/handcheck/index.ts";
import { faultsOf, inputs } from "./records.ts";

/** Each record with its usual parameter, and those that take one with another. */
const all: readonly ElementwiseName[] = [
  ...everyActivation.filter((name): name is ElementwiseName => name !== "softmax"),
  "leakyRelu(0.2)",
  "leakyRelu(-0.1)",
  "elu(0.5)",
  "elu(1.7)",
  "hardSigmoid(0.5)",
];

describe.each(all)("the record of %s", (name) => {
  const record = neuronOf(name);

  it("agrees with the plain loops, with differences and with itself", () => {
    expect(faultsOf(name, record, name, sized(40, 2000))).toEqual([]);
  });

  it("with a rule that is wrong is caught", () => {
    const { corners = [], bounds } = record;
    const wrong: readonly (readonly [string, Partial<Neuron>])[] = [
      ["tensor", { tensor: (u) => record.tensor(u.mul(1.001)) }],
      ["ofOutput", { ofOutput: (v) => (record.ofOutput?.(v) ?? 0) + 1e-6 }],
      [
        "corner",
        {
          corners:
            corners.length === 0
              ? [{ at: 0.3, below: 0, above: 1 }]
              : corners.map((one) => ({ ...one, above: one.above + 0.1 })),
        },
      ],
      ["no corner", corners.length === 0 ? { tensor: (u) => record.tensor(u).neg() } : { corners: [] }],
      ["straight", { bounds: bounds.straight === true ? {} : { ...bounds, straight: true } }],
      ...(bounds.bends === undefined ? [] : [["bends", { bounds: { ...bounds, bends: [] } }] as const]),
      ...(bounds.turns === undefined ? [] : [["turns", { bounds: { ...bounds, turns: [] } }] as const]),
    ];
    const paper = onPaper[partsOf(name).name];
    expect(
      faultsOf(name, record, name, 40, { value: (by, u, p) => by.plus(paper.value(by, u, p), by.number(1e-6)) }),
    ).not.toEqual([]);
    expect(
      faultsOf(name, record, name, 40, { slope: (by, u, v, p) => by.scaled(1.00001, paper.slope(by, u, v, p)) }),
    ).not.toEqual([]);
    for (const [what, change] of wrong)
      expect(faultsOf(name, { ...record, ...change }, name, 40), what).not.toEqual([]);
  });

  it("has code that computes it", () => {
    const program = derive(network({ sizes: [1, 1], activations: name })).toTypeScript();
    const { typescript, helpers = [] } = codeOf(name);
    const source = helpers.map((helper) => new RegExp(`function ${helper}[^]*?\\n}\\n`).exec(program)![0]).join("");
    const value = runInNewContext(`${transpile(source)}; (${typescript})`) as (u: number) => number;
    for (const u of inputs(name, 20)) expect(value(u)).toBeCloseTo(plain(name).value(u), 13);
  });
});

it("lines of NumPy compute what the records say", () => {
  const python = hasNumpy();
  if (python === null) return;
  const at = inputs("numpy", 30);
  const lines = all
    .flatMap((name) => [codeOf(name).numpy.value, codeOf(name).numpy.slope])
    .map((line) => `np.broadcast_to(${line}, u.shape).tolist()`);
  const program = `import json, math, warnings\nimport numpy as np\nwarnings.simplefilter("error")\nu = np.array(${JSON.stringify(at)})\nprint(json.dumps([${lines.join(", ")}]))`;
  const found = JSON.parse(execFileSync(python, ["-c", program], { encoding: "utf8" })) as number[][];
  all.forEach((name, k) => {
    const { value, slope } = plain(name);
    at.forEach((u, i) => {
      expect(found[2 * k]![i], `${name} at ${u}`).toBeCloseTo(value(u), 12);
      expect(found[2 * k + 1]![i], `${name}′ at ${u}`).toBeCloseTo(slope(u), 12);
    });
  });
});

function hasNumpy(): string | null {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
    return "python3";
  } catch {
    return null;
  }
}

describe("names of activations", () => {
  it("mean one record each", () => {
    const owners = new Map<string, string>();
    for (const name of recordNames) {
      for (const alias of new Set([name.toLowerCase(), ...(name === "softmax" ? softmax : recordOf(name)).aliases])) {
        expect(owners.get(alias), alias).toBeUndefined();
        owners.set(alias, name);
        expect(alias).toMatch(/^[a-z0-9]+$/);
      }
    }
    expect(owners.size).toBeGreaterThan(3 * recordNames.length);
  });

  it.each([
    ["swish", ["silu"]],
    ["nn.SiLU()", ["silu"]],
    ["F.leaky_relu", ["leakyRelu"]],
    ["LeakyReLU(0.2)", ["leakyRelu(0.2)"]],
    ["nn.LeakyReLU(negative_slope=0.2, inplace=True)", ["leakyRelu(0.2)"]],
    ["leakyRelu(0.01)", ["leakyRelu"]],
    ["nn.GELU", ["gelu", "geluTanh"]],
    ["nn.GELU(approximate='tanh')", ["geluTanh"]],
    ["nn.GELU(approximate='none')", ["gelu"]],
    ["gelu_new", ["geluTanh"]],
    ["hard_sigmoid", ["hardSigmoid(1/6)", "hardSigmoid(0.2)"]],
    ["hardSigmoid(0.2)", ["hardSigmoid(0.2)"]],
    ["hardSigmoid(1/6)", ["hardSigmoid(1/6)"]],
    ["torch.nn.ELU(alpha=0.5)", ["elu(0.5)"]],
    [{ name: "leakyRelu", slope: 0.3 }, ["leakyRelu(0.3)"]],
    ["Softmax(dim=1)", ["softmax"]],
    ["tf.keras.activations.softsign", ["softsign"]],
  ])("%j is %j", (said, meant) => {
    const found = activationsNamed(said);
    expect(found).toEqual(meant);
  });

  it.each([
    ["sigmoud", /unknown/],
    ["leakyRelu(x)", /slope/],
    ["elu(-1)", /positive/],
    ["relu(2)", /takes none/],
    ["leakyRelu(beta=2)", /slope/],
    ["hardSigmoid", /which may be hardSigmoid\(1\/6\) or/],
    [7, /unknown/],
  ])("%j is refused", (said, why) => {
    expect(() => network({ sizes: [1, 1], activations: said as "relu" })).toThrow(why);
  });
});

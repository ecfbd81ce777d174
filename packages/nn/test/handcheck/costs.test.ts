// Costs beyond the first four, as people write their gradients: right work, slips named, kinks, and what JSON and
// reports say.
import { describe, expect, it } from "vitest";
import { network, Random, type CostName } from "../../src/index.ts";
import { handcheck, reportText } from "../../src/handcheck/index.ts";
import { readJson } from "../../src/handcheck/intake/sources/json.ts";
import { submissionOf } from "../../src/handcheck/intake/submission.ts";
import { checkSubmission } from "../../src/handcheck/judge/submitted.ts";
import type { Hand, Report } from "../../src/handcheck/report.ts";
import type { ActivationName } from "../../src/network/activation.ts";

const random = new Random("costs by hand");
const rows = (height: number, width: number): number[][] =>
  Array.from({ length: height }, () => Array.from(random.normalArray(width)));
const [W1, b1, W2, b2, x] = [rows(4, 2), rows(1, 4)[0]!, rows(3, 4), rows(1, 3)[0]!, rows(5, 2)];
const parameters = { W1, b1, W2, b2 };
const real = rows(5, 3);
const signs = real.map((row) => row.map((one) => (one < 0 ? -1 : 1)));
const shares = real.map((row) => row.map((one) => 1 / (1 + Math.exp(-one))));
const classes = real.map((_, n) => [0, 1, 2].map((j) => (j === n % 3 ? 1 : 0)));
const soft = (u: readonly number[]): number[] => {
  const powers = u.map(Math.exp);
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((one) => one / total);
};
const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));

/** Backprop below a δ of the last layer, tanh in the hidden one, the mean over the samples. */
function below(delta: (u: readonly number[], n: number) => readonly number[]): Hand {
  const layer = (W: readonly number[][], b: readonly number[], v: readonly number[]): number[] =>
    W.map((row, j) => row.reduce((sum, w, k) => sum + w * v[k]!, b[j]!));
  const v1 = x.map((row) => layer(W1, b1, row).map(Math.tanh));
  const top = v1.map((row, n) => [...delta(layer(W2, b2, row), n)]);
  const low = top.map((d, n) =>
    v1[n]!.map((v, i) => d.reduce((sum, one, j) => sum + one * W2[j]![i]!, 0) * (1 - v * v)),
  );
  const mean = (d: number[][], v: readonly number[][]): number[][] =>
    d[0]!.map((_, j) => v[0]!.map((__, k) => d.reduce((sum, row, n) => sum + row[j]! * v[n]![k]!, 0) / d.length));
  const sum = (d: number[][]): number[] => d[0]!.map((_, j) => d.reduce((total, row) => total + row[j]!, 0) / d.length);
  return {
    delta: { 1: low, 2: top },
    gradW: { 1: mean(low, x), 2: mean(top, v1) },
    gradB: { 1: sum(low), 2: sum(top) },
  };
}

const judge = (cost: CostName, last: ActivationName, t: readonly number[][], hand: Hand): Report =>
  handcheck(
    network({ sizes: [2, 4, 3], activations: ["tanh", last], cost, parameters }),
    { x, t: t.map((row) => [...row]) },
    hand,
  );
const found = ({ roots }: Report): string[] => roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`);
const clip = (e: number, d: number): number => Math.max(-d, Math.min(d, e));
const hingeSlope = (u: readonly number[], n: number): number[] => {
  const y = classes[n]!.indexOf(1);
  const open = u.map((uj, j) => (j !== y && 1 + uj - u[y]! > 0 ? 1 : 0));
  return open.map((one, j) => (j === y ? -open.reduce((a: number, b) => a + b, 0) : one));
};
const w = [1, 2, 0.5];

type Case = readonly [
  cost: CostName,
  last: ActivationName,
  t: readonly number[][],
  right: (u: readonly number[], n: number) => readonly number[],
  slips: readonly (readonly [id: string, delta: (u: readonly number[], n: number) => readonly number[]])[],
];
const cases: readonly Case[] = [
  [
    "mse",
    "linear",
    real,
    (u, n) => u.map((v, j) => (2 / 3) * (v - real[n]![j]!)),
    [
      ["A5", (u, n) => u.map((v, j) => 2 * (v - real[n]![j]!))],
      ["A17", (u, n) => u.map((v, j) => Math.sign(v - real[n]![j]!))],
    ],
  ],
  [
    "sse",
    "sigmoid",
    shares,
    (u, n) => u.map((z, j) => 2 * (sigmoid(z) - shares[n]![j]!) * sigmoid(z) * (1 - sigmoid(z))),
    [
      ["A2", (u, n) => u.map((z, j) => 2 * (sigmoid(z) - shares[n]![j]!))],
      ["A11", (u) => u.map((z) => 2 * sigmoid(z) * sigmoid(z) * (1 - sigmoid(z)))],
    ],
  ],
  [
    "mae",
    "linear",
    real,
    (u, n) => u.map((v, j) => Math.sign(v - real[n]![j]!) / 3),
    [
      ["A5", (u, n) => u.map((v, j) => Math.sign(v - real[n]![j]!))],
      ["A20", (u, n) => u.map((v, j) => v - real[n]![j]!)],
      ["A1", (u, n) => u.map((v, j) => Math.sign(real[n]![j]! - v) / 3)],
    ],
  ],
  [
    "huber(0.5)",
    "linear",
    real,
    (u, n) => u.map((v, j) => clip(v - real[n]![j]!, 0.5) / 3),
    [
      ["A20", (u, n) => u.map((v, j) => Math.sign(v - real[n]![j]!) / 3)],
      ["A5", (u, n) => u.map((v, j) => clip(v - real[n]![j]!, 0.5))],
    ],
  ],
  [
    "hinge",
    "linear",
    signs,
    (u, n) => u.map((v, j) => (signs[n]![j]! * v < 1 ? -signs[n]![j]! / 3 : 0)),
    [["A20", (u, n) => u.map((v, j) => v - signs[n]![j]!)]],
  ],
  ["multiclassHinge", "linear", classes, hingeSlope, [["A1", (u, n) => hingeSlope(u, n).map((g) => -g)]]],
  [
    "categoricalCrossEntropy(labelSmoothing=0.1)",
    "softmax",
    classes,
    (u, n) => soft(u).map((p, j) => p - (0.9 * classes[n]![j]! + 0.1 / 3)),
    [["A18", (u, n) => soft(u).map((p, j) => p - classes[n]![j]!)]],
  ],
  [
    "categoricalCrossEntropy(classWeights=[1,2,0.5])",
    "softmax",
    classes,
    (u, n) => soft(u).map((p, j) => w[classes[n]!.indexOf(1)]! * (p - classes[n]![j]!)),
    [["A19", (u, n) => soft(u).map((p, j) => p - classes[n]![j]!)]],
  ],
  [
    "crossEntropy(classWeights=[1,2,0.5])",
    "sigmoid",
    shares,
    (u, n) => u.map((z, j) => w[j]! * (sigmoid(z) - shares[n]![j]!)),
    [
      ["A19", (u, n) => u.map((z, j) => sigmoid(z) - shares[n]![j]!)],
      ["A1", (u, n) => u.map((z, j) => -w[j]! * (sigmoid(z) - shares[n]![j]!))],
    ],
  ],
  [
    "crossEntropy(labelSmoothing=0.2)",
    "sigmoid",
    shares,
    (u, n) => u.map((z, j) => sigmoid(z) - (0.8 * shares[n]![j]! + 0.1)),
    [["A18", (u, n) => u.map((z, j) => sigmoid(z) - shares[n]![j]!)]],
  ],
];

describe.each(cases)("%s above %s", (cost, last, t, right, slips) => {
  it("is right as people write it, in few decimals as well", () => {
    const report = judge(cost, last, t, below(right));
    expect([report.verdict, report.convention.inferred, report.witness.agrees]).toEqual(["correct", [], true]);
    const short = (rows: unknown): number[][] =>
      (rows as number[][]).map((row) => row.map((one) => Number(one.toFixed(4))));
    const { delta } = below(right);
    expect(judge(cost, last, t, { delta: { 1: short(delta![1]), 2: short(delta![2]) }, decimals: 4 }).roots).toEqual(
      [],
    );
  });

  it.each(slips)("with slip %s is told so", (id, delta) => {
    const ours = handcheck(
      network({ sizes: [2, 4, 3], activations: ["tanh", last], cost, parameters }),
      { x, t: t.map((row) => [...row]) },
      below(delta),
      { convention: "ours" },
    );
    expect(found(ours)).toEqual([`${id} BP1@2`]);
  });
});

it("a factor of 2 on a mean of squares is its ½, until somebody says otherwise", () => {
  const half = judge(
    "mse",
    "linear",
    real,
    below((u, n) => u.map((v, j) => (v - real[n]![j]!) / 3)),
  );
  expect([half.verdict, half.convention.used.half, half.convention.inferred]).toEqual(["correct", true, ["half"]]);
  expect(half.convention.note.en).toContain("with a ½");
});

describe("where an output meets its target exactly", () => {
  const net = network({ sizes: [1, 1], activations: "linear", cost: "mae", parameters: { W1: [[2]], b1: [1] } });
  const data = { x: [[1], [0]], t: [[3], [5]] };
  it.each([-1, 0, 0.25, 1])("|e| has any slope between −1 and 1: %d", (d) => {
    const report = handcheck(net, data, { delta: { 1: [[d], [-1]] } });
    expect(report.verdict).toBe("correct");
    expect(report.lines.find(({ equation }) => equation === "BP1")!.status).toBe(d === 0 ? "ok" : "kink");
    expect(handcheck(net, data, { gradW: { 1: [[d / 2]] } }).verdict).toBe(d === 0.25 ? "mistake" : "correct");
  });
  it("has none beyond, and excuses no other sample", () => {
    for (const delta of [
      [[1.2345], [-1]],
      [[0], [-0.7]],
    ])
      expect(handcheck(net, data, { delta: { 1: delta } }).verdict).toBe("mistake");
  });
  it("holds for a hinge at its margin too", () => {
    const hinged = network({ sizes: [1, 1], activations: "linear", cost: "hinge", parameters: { W1: [[1]], b1: [0] } });
    for (const d of [-1, 0])
      expect(handcheck(hinged, { x: [[1]], t: [[1]] }, { delta: { 1: [[d]] } }).verdict).toBe("correct");
    expect(handcheck(hinged, { x: [[1]], t: [[1]] }, { delta: { 1: [[1.5]] } }).verdict).toBe("mistake");
  });
});

describe("a cost in JSON", () => {
  const told = (
    cost: unknown,
    last: string,
    t: readonly number[][],
    hand: Hand,
    more = {},
  ): ReturnType<typeof checkSubmission>["report"] =>
    checkSubmission(
      submissionOf(
        readJson(
          "work.json",
          JSON.stringify({
            activations: ["tanh", last],
            cost,
            ...parameters,
            x,
            t,
            dW1: hand.gradW![1],
            dW2: hand.gradW![2],
            db2: hand.gradB![2],
            ...more,
          }),
        ).values,
      ),
    ).report;
  const rightOf = (name: string): Hand => below(cases.find(([cost]) => cost === name)![3]);
  const sum = (hand: Hand, c: number): Hand => ({
    gradW: {
      1: (hand.gradW![1] as number[][]).map((row) => row.map((g) => c * g)),
      2: (hand.gradW![2] as number[][]).map((row) => row.map((g) => c * g)),
    },
    gradB: { 2: (hand.gradB![2] as number[]).map((g) => c * g) },
  });

  it.each([
    ["mean_squared_error", "linear", real, rightOf("mse"), "mse"],
    ["nn.MSELoss", "linear", real, sum(rightOf("mse"), 3), "quadratic"],
    ["nn.HuberLoss(delta=0.5)", "linear", real, rightOf("huber(0.5)"), "huber(0.5)"],
    [{ name: "huber", delta: 0.5 }, "linear", real, sum(rightOf("huber(0.5)"), 3), "huber(0.5,outputs=sum)"],
    ["l1", "linear", real, rightOf("mae"), "mae"],
    ["hinge", "linear", signs, rightOf("hinge"), "hinge"],
    ["svm", "linear", classes, rightOf("multiclassHinge"), "multiclassHinge"],
    [
      { name: "crossEntropy", label_smoothing: 0.1 },
      "softmax",
      classes,
      rightOf("categoricalCrossEntropy(labelSmoothing=0.1)"),
      "categoricalCrossEntropy(labelSmoothing=0.1)",
    ],
    [
      "nn.CrossEntropyLoss(weight=[1, 2, 0.5])",
      "softmax",
      classes,
      rightOf("categoricalCrossEntropy(classWeights=[1,2,0.5])"),
      "categoricalCrossEntropy(classWeights=[1,2,0.5])",
    ],
  ] as const)("%j above %s is judged as it is meant", (cost, last, t, hand, meant) => {
    const report = told(cost, last, t, hand);
    expect([report.verdict, report.network.cost]).toEqual(["correct", meant]);
  });

  it("takes class weights over their mean, as PyTorch does", () => {
    const total = classes.reduce((all, row) => all + w[row.indexOf(1)]!, 0);
    const report = told(
      "nn.CrossEntropyLoss(weight=[1, 2, 0.5])",
      "softmax",
      classes,
      sum(rightOf("categoricalCrossEntropy(classWeights=[1,2,0.5])"), 5 / total),
    );
    expect(report.verdict).toBe("correct");
  });

  it("stands in the heading of the report with what it is told", () => {
    const text = reportText(
      told(
        { name: "crossEntropy", label_smoothing: 0.1, class_weights: [1, 2, 0.5] },
        "softmax",
        classes,
        below((u, n) => {
          const m = w.map((one, j) => one * (0.9 * classes[n]![j]! + 0.1 / 3));
          const total = m.reduce((a, b) => a + b, 0);
          return soft(u).map((p, j) => p * total - m[j]!);
        }),
      ),
    );
    expect(text.replace(/\s+/g, " ")).toContain(
      "categorical cross-entropy (labels smoothed by 0.1, class weights 1, 2, 0.5)",
    );
    expect(text).toContain("✓ right");
  });

  it.each([
    ["hinge", "linear", shares.map((row) => row.map((one) => (one > 0.5 ? 1 : 0))), /multiclassHinge|write −1 for 0/],
    ["quadratix", "linear", real, /did you mean quadratic|not known/],
    ["BCEWithLogitsLoss", "linear", shares, /takes the sigmoid itself/],
    ["crossEntropy(classWeights=[1,2])", "softmax", classes, /2 class weights for 3 outputs/],
  ] as const)("%s above %s is refused where it cannot be", (cost, last, t, why) => {
    const attempt = (): string => JSON.stringify(told(cost, last, t, rightOf("mse")));
    if (cost === "hinge") expect(attempt()).toMatch(why);
    else expect(attempt).toThrow(why);
  });
});

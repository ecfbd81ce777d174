// Activations beyond the first five: three ways to one gradient, right work as people write it, slips named, and
// corners.
import { describe, expect, it } from "vitest";
import { compareBackprop, network, Random, type ActivationName } from "../../src/index.ts";
import { backprop, erf, forward, neuron as plain } from "../../src/handcheck/equations/index.ts";
import { formulas, handcheck } from "../../src/handcheck/index.ts";
import type { Hand } from "../../src/handcheck/report.ts";
import { neuronOf, type ElementwiseName } from "../../src/network/activation.ts";

const further = [
  "leakyRelu",
  "leakyRelu(0.2)",
  "elu",
  "selu",
  "gelu",
  "geluTanh",
  "silu",
  "softplus",
  "softsign",
  "hardSigmoid(0.2)",
  "hardSigmoid(1/6)",
] as const;
const random = new Random("activations");
const rows = (height: number, width: number): number[][] =>
  Array.from({ length: height }, () => Array.from(random.normalArray(width)));
const batch = { x: rows(7, 3).map((row) => row.map((x) => 2 * x)), t: rows(7, 2) };
const parameters = { W1: rows(4, 3), b1: rows(1, 4)[0]!, W2: rows(2, 4), b2: rows(1, 2)[0]! };

const square = rows(4, 4);

const netOf = (activation: ActivationName) =>
  network({ sizes: [3, 4, 2], activations: [activation, "linear"], parameters });
type Slope = (u: number, v: number) => number;
/** σ and σ′ as people write them, σ′ from u or from v. */
const written: Readonly<
  Record<(typeof further)[number], readonly [value: (u: number) => number, slopes: readonly Slope[]]>
> = {
  leakyRelu: [(u) => (u > 0 ? u : 0.01 * u), [(u) => (u > 0 ? 1 : 0.01), (_, v) => (v > 0 ? 1 : 0.01)]],
  "leakyRelu(0.2)": [(u) => Math.max(u, 0.2 * u), [(u) => (u > 0 ? 1 : 0.2), (_, v) => (v > 0 ? 1 : 0.2)]],
  selu: [
    (u) => 1.0507009873554805 * (u > 0 ? u : 1.6732632423543772 * (Math.exp(u) - 1)),
    [
      (u) => 1.0507009873554805 * (u > 0 ? 1 : 1.6732632423543772 * Math.exp(u)),
      (u, v) => (u > 0 ? 1.0507009873554805 : v + 1.0507009873554805 * 1.6732632423543772),
    ],
  ],
  gelu: [
    (u) => 0.5 * u * (1 + erf(u / Math.SQRT2)),
    [(u) => 0.5 * (1 + erf(u / Math.SQRT2)) + (u * Math.exp((-u * u) / 2)) / Math.sqrt(2 * Math.PI)],
  ],
  geluTanh: [
    (u) => 0.5 * u * (1 + Math.tanh(0.7978845608028654 * (u + 0.044715 * u ** 3))),
    [
      (u) => {
        const t = Math.tanh(0.7978845608028654 * (u + 0.044715 * u ** 3));
        return 0.5 * (1 + t) + 0.5 * u * (1 - t * t) * 0.7978845608028654 * (1 + 0.134145 * u * u);
      },
    ],
  ],
  softsign: [(u) => u / (1 + Math.abs(u)), [(u) => 1 / (1 + Math.abs(u)) ** 2, (_, v) => (1 - Math.abs(v)) ** 2]],
  "hardSigmoid(0.2)": [
    (u) => Math.min(1, Math.max(0, 0.2 * u + 0.5)),
    [(u) => (Math.abs(u) < 2.5 ? 0.2 : 0), (_, v) => (v > 0 && v < 1 ? 0.2 : 0)],
  ],
  "hardSigmoid(1/6)": [
    (u) => Math.min(6, Math.max(0, u + 3)) / 6,
    [(u) => (u > -3 && u < 3 ? 1 / 6 : 0), (_, v) => (v > 0 && v < 1 ? 1 / 6 : 0)],
  ],
  elu: [(u) => (u > 0 ? u : Math.exp(u) - 1), [(u) => (u > 0 ? 1 : Math.exp(u)), (u, v) => (u > 0 ? 1 : v + 1)]],
  silu: [
    (u) => u / (1 + Math.exp(-u)),
    [
      (u) => (1 + Math.exp(-u) + u * Math.exp(-u)) / (1 + Math.exp(-u)) ** 2,
      (u, v) => v + (1 - v) / (1 + Math.exp(-u)),
    ],
  ],
  softplus: [(u) => Math.log(1 + Math.exp(u)), [(u) => 1 / (1 + Math.exp(-u)), (_, v) => 1 - Math.exp(-v)]],
};

/** Backprop of the mean of half the squares with any σ. */
function byHand(value: (u: number) => number, slope: Slope): Hand {
  const { W1, b1, W2, b2 } = parameters;
  const layer = (W: number[][], b: number[], x: number[]): number[] =>
    W.map((row, j) => row.reduce((sum, w, k) => sum + w * x[k]!, b[j]!));
  const u = batch.x.map((x) => layer(W1, b1, x));
  const v = u.map((row) => row.map(value));
  const top = v.map((row, n) => layer(W2, b2, row).map((out, j) => out - batch.t[n]![j]!));
  const low = top.map((d, n) =>
    u[n]!.map((x, i) => d.reduce((sum, one, j) => sum + one * W2[j]![i]!, 0) * slope(x, v[n]![i]!)),
  );
  const mean = (d: number[][], below: number[][]): number[][] =>
    d[0]!.map((_, j) =>
      below[0]!.map((__, k) => d.reduce((sum, row, n) => sum + row[j]! * below[n]![k]!, 0) / d.length),
    );
  return { delta: { 1: low, 2: top }, gradW: { 1: mean(low, batch.x), 2: mean(top, v) } };
}

describe.each(further)("%s", (name) => {
  const net = netOf(name);
  const [value, slopes] = written[name];

  it("has one gradient by autograd, closed forms and differences", () => {
    expect(compareBackprop(net, batch).agrees).toBe(true);
  });

  it("is right in each way that people write it, in few decimals as well", () => {
    for (const slope of slopes) expect(handcheck(net, batch, byHand(value, slope)).verdict).toBe("correct");
    const { delta } = byHand(value, slopes[0]!);
    const short = (d: number[][]): number[][] => d.map((row) => row.map((x) => Number(x.toFixed(4))));
    expect(
      handcheck(net, batch, {
        delta: { 1: short(delta![1] as number[][]), 2: short(delta![2] as number[][]) },
        decimals: 4,
      }).roots,
    ).toEqual([]);
  });

  const slip = (slope: Slope): string[] =>
    handcheck(net, batch, byHand(value, slope)).roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`);

  it("with the slope of ReLU in its place is told so, with none, with its own at v, and with that of its like", () => {
    const own = slopes[0]!;
    expect(slip((u) => (u > 0 ? 1 : 0))).toEqual(["B11 BP2@1"]);
    expect(slip(() => 1)).toEqual(["B1 BP2@1"]);
    // A leaky ReLU has the signs of u and of v alike.
    expect(slip((_, v) => own(v, value(v)))).toEqual(name.startsWith("leaky") ? [] : ["A8 BP2@1"]);
    expect(slip((u, v) => own(u, v) ** 2)).toEqual(["B10 BP2@1"]);
    for (const other of neuronOf(name).confused ?? []) {
      if (other !== name)
        expect(
          slip((u) => plain(other as ElementwiseName).slope(u)),
          other,
        ).toEqual(["B11 BP2@1"]);
    }
  });

  it("between layers of its size has its neighbor's slope told from its own", () => {
    const { W1, b1 } = parameters;
    const deep = network({
      sizes: [3, 4, 4, 2],
      activations: ["tanh", name, "linear"],
      parameters: { W1, b1, W2: square, b2: b1, W3: parameters.W2, b3: parameters.b2 },
    });
    const right = backprop(
      {
        weights: [W1, square, parameters.W2],
        biases: [b1, b1, parameters.b2],
        activations: ["tanh", name, "linear"],
        cost: "quadratic",
      },
      batch.x,
      batch.t,
    );
    const seen = batch.x.map(
      (x) =>
        forward(
          {
            weights: [W1, square, parameters.W2],
            biases: [b1, b1, parameters.b2],
            activations: ["tanh", name, "linear"],
            cost: "quadratic",
          },
          x,
        ).u,
    );
    const top = right.layers[2]!.delta;
    const wrong = top.map((d, n) =>
      seen[n]![1]!.map(
        (u, i) => d.reduce((total, one, j) => total + one * parameters.W2[j]![i]!, 0) * (1 - Math.tanh(u) ** 2),
      ),
    );
    expect(
      handcheck(deep, batch, { delta: { 3: top, 2: wrong } }).roots.map(({ id, layer }) => `${id}@${layer}`),
    ).toEqual(["B5@2"]);
    expect(
      handcheck(deep, batch, { delta: { 3: top, 2: right.layers[1]!.delta, 1: right.layers[0]!.delta } }).verdict,
    ).toBe("correct");
  });
});

describe("leaky ReLU at 0", () => {
  const at = network({
    sizes: [1, 1, 1],
    activations: ["leakyRelu", "linear"],
    parameters: { W1: [[1]], b1: [0], W2: [[2]], b2: [1] },
  });
  const data = { x: [[0]], t: [[0]] };
  it.each([0.02, 1, 2])("has any slope between its sides: δ = %d", (d) => {
    expect(handcheck(at, data, { delta: { 2: [[1]], 1: [[d]] } }).verdict).toBe("correct");
  });
  it("has none below or above them", () => {
    for (const d of [-0.123456789012345, 2.123456789012345])
      expect(handcheck(at, data, { delta: { 2: [[1]], 1: [[d]] } }).verdict).toBe("mistake");
    expect(
      backprop(
        { weights: [[[1]], [[2]]], biases: [[0], [1]], activations: ["leakyRelu", "linear"], cost: "quadratic" },
        data.x,
        data.t,
      ).layers[0]!.delta,
    ).toEqual([[0.02]]);
  });
});

describe.each([
  ["hardSigmoid(0.2)", 2.5, 0, 0.4],
  ["hardSigmoid(1/6)", -3, 0, 1 / 3],
  ["selu", 0, 2 * 1.0507009873554805, 2 * 1.0507009873554805 * 1.6732632423543772],
  ["elu(0.5)", 0, 1, 2],
] as const)("%s at its corner %d", (name, corner, least, most) => {
  const at = network({
    sizes: [1, 1, 1],
    activations: [name, "linear"],
    parameters: { W1: [[1]], b1: [0], W2: [[2]], b2: [1] },
  });
  const data = { x: [[corner]], t: [[2 * plain(name).value(corner)]] };
  const line = (d: number) => handcheck(at, data, { delta: { 2: [[1]], 1: [[d]] } });

  it("has any slope between its sides, and says that it is one", () => {
    for (const d of [least, 0.4 * least + 0.6 * most, most]) expect(line(d).verdict, String(d)).toBe("correct");
    expect([least, most].map((d) => line(d).lines.find(({ equation }) => equation === "BP2")!.status)).toContain(
      "kink",
    );
    for (const d of [least - 0.123456789012345, most + 0.123456789012345])
      expect(line(d).verdict, String(d)).toBe("mistake");
  });
});

describe("a name that two activations have", () => {
  it("is read from the numbers", async () => {
    const { readJson } = await import("../../src/handcheck/intake/sources/json.ts");
    const { submissionOf } = await import("../../src/handcheck/intake/submission.ts");
    const { checkSubmission } = await import("../../src/handcheck/judge/submitted.ts");
    for (const [said, meant] of [
      ["hard_sigmoid", "hardSigmoid(0.2)"],
      ["nn.Hardsigmoid", "hardSigmoid(1/6)"],
      ["gelu", "geluTanh"],
      ["nn.GELU", "gelu"],
    ] as const) {
      const [value, slopes] = written[meant];
      const { delta, gradW } = byHand(value, slopes[0]!);
      const given = readJson(
        "work.json",
        JSON.stringify({
          activations: [said, "linear"],
          cost: "quadratic",
          ...parameters,
          ...batch,
          dW1: gradW![1],
          dW2: gradW![2],
          delta1: delta![1],
          delta2: delta![2],
        }),
      );
      const { report } = checkSubmission(submissionOf(given.values));
      expect([said, report.verdict, report.network.activations[0]]).toEqual([said, "correct", meant]);
      expect(report.readAs!.map(({ en }) => en).join()).toContain(`it holds for ${meant}`);
    }
  });

  it("takes its number as an object too", async () => {
    const { readJson } = await import("../../src/handcheck/intake/sources/json.ts");
    const { submissionOf } = await import("../../src/handcheck/intake/submission.ts");
    const given = readJson(
      "work.json",
      JSON.stringify({
        activations: [{ name: "leaky_relu", negative_slope: 0.2 }, "identity"],
        cost: "quadratic",
        ...parameters,
        ...batch,
        dW1: parameters.W1,
        dW2: parameters.W2,
      }),
    );
    const [first] = submissionOf(given.values).readings;
    expect(first!.activations).toEqual(["leakyRelu(0.2)", "linear"]);
  });
});

describe("formulas", () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    leakyRelu: ["leaky_relu", "LeakyReLU", "lrelu"],
    "leakyRelu(0.2)": ["leaky_relu"],
    elu: ["elu", "ELU"],
    selu: ["selu"],
    gelu: ["gelu", "GELU"],
    silu: ["silu", "swish"],
    softplus: ["softplus"],
    softsign: ["softsign"],
    "hardSigmoid(0.2)": ["hard_sigmoid"],
  };
  const texts = Object.entries(names).flatMap(([name, list]) => list.map((word) => [word, name] as const));

  it.each(texts)("know %s of %s, its derivative, and where it is forgotten", (word, name) => {
    const net = network({ sizes: [3, 4, 2], activations: [name as ActivationName, "linear"], parameters });
    expect(
      formulas(net, `a1 = ${word}(z1)\ndelta2 = a2 - t\ndelta1 = (W2^T delta2) .* ${word}'(z1)\ndW1 = delta1 x^T`)
        .verdict,
    ).toBe("correct");
    expect(formulas(net, `delta2 = a2 - t\ndelta1 = (W2^T delta2) .* ${word}_prime(z1)`).verdict).toBe("correct");
    expect(formulas(net, `delta2 = a2 - t\ndelta1 = (W2^T delta2) .* ${word}(z1)`).roots.map(({ id }) => id)).toEqual([
      "B9",
    ]);
  });
});

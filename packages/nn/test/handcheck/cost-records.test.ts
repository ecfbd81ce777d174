// Each record of a cost against the plain loops, differences, bounds, code and names, above each activation: a new one
// is tested by existing.
import { execFileSync } from "node:child_process";
import { cast, grad, hessian, tensor, type DType } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { isTried, sized } from "../../../autograd/test/size.ts";
import { compareBackprop, network, Random, type CostName } from "../../src/index.ts";
import { everyActivation, type ActivationName } from "../../src/network/activation.ts";
import { checkCost, costNamed, costNames, costOf, costSaid } from "../../src/network/cost.ts";
import { costOnPaper } from "../../src/network/on-paper.ts";
import { massesOf } from "../../src/network/costs/masses.ts";
import type { CostOnPaper, CostRecord, Sample, Terms } from "../../src/network/costs/record.ts";
import { backprop, costGradient, sampleCost, softmax, type Activation } from "../../src/handcheck/equations/index.ts";
import { numbers } from "./records.ts";

const K = 3;
const told: readonly CostName[] = [
  "mae(outputs=sum)",
  "huber(0.3)",
  "huber(2,outputs=sum)",
  "hinge(outputs=sum)",
  "multiclassHinge(outputs=mean)",
  "crossEntropy(labelSmoothing=0.1)",
  "crossEntropy(classWeights=[1,2,0.5])",
  "bce(labelSmoothing=0.2,classWeights=[1,2,0.5])",
  "categoricalCrossEntropy(labelSmoothing=0.1)",
  "categoricalCrossEntropy(labelSmoothing=0.1,classWeights=[1,2,0.5])",
  "softmaxCrossEntropy(classWeights=[3,1,0.5])",
];
const all: readonly CostName[] = [...costNames, ...told];
const random = new Random("cost records");
const drawn = (count: number): number[] => Array.from(random.normalArray(count));

/** Targets as a cost has them. */
function targetsOf({ targets }: CostRecord, count: number): number[] {
  const raw = drawn(count);
  const shares = raw.map((x) => 0.1 + 0.8 / (1 + Math.exp(-x)));
  const total = shares.reduce((a, b) => a + b, 0);
  switch (targets) {
    case "numbers":
      return raw;
    case "shares":
      return shares;
    case "classes":
      return shares.map((x) => x / total);
    case "one class":
      return raw.map((_, j) => (j === 1 ? 1 : 0));
    case "signs":
      return raw.map((x) => (x < 0 ? -1 : 1));
  }
}

/** Outputs on which a cost is finite. */
const outputsOf = ({ targets, collapsesAbove }: CostRecord, count: number): number[] =>
  drawn(count).map((x) =>
    collapsesAbove === "sigmoid" || collapsesAbove === "softmax"
      ? 0.1 + 0.8 / (1 + Math.exp(-x))
      : targets === "signs"
        ? 1.5 * x
        : 2 * x,
  );

/** A cost's formulas as numbers, for output j; sums run over all. */
function termsAt(cost: CostName, v: readonly number[], t: readonly number[], j: number, k = 0): Terms<number> {
  const { record, told: said } = costOf(cost);
  const sides = record.targets === "shares";
  const [hit, miss, share] = [massesOf(t, said, sides), massesOf(t, said, sides, "miss"), softmax(v)];
  const place = (i: number): Terms<number>["here"] => ({ v: v[i]!, t: hit[i]!, rest: miss[i]!, share: share[i]! });
  return {
    here: place(j),
    other: place(k),
    error: null,
    same: j === k ? 1 : 0,
    sum: () => NaN,
    sumOther: () => NaN,
    outputs: v.length,
    told: said,
  };
}

/** ∂C/∂v_j as it is written, of costs whose slope has no sum; derivations evaluate those that have one. */
const written = (
  paper: Pick<CostOnPaper, "slope">,
  cost: CostName,
  v: readonly number[],
  t: readonly number[],
  j: number,
): number => paper.slope(numbers, termsAt(cost, v, t, j)).at(-1)!;

const sampleAt = (cost: CostName, v: readonly number[], t: readonly number[], dv: number, dt: number): Sample => {
  const { record, told: said } = costOf(cost);
  const sides = record.targets === "shares";
  return {
    v,
    t,
    dv: v.map(() => dv),
    dt: t.map(() => dt),
    epsilon: Number.EPSILON,
    told: said,
    g: costGradient(cost, v, t),
    hit: massesOf(t, said, sides),
    miss: massesOf(t, said, sides, "miss"),
  };
};

/** What is wrong with a record: values and gradients of tensors, bounds, kinks. */
function faultsOf(
  cost: CostName,
  record: CostRecord,
  count: number,
  paper: Pick<CostOnPaper, "slope"> = costOnPaper(cost),
): string[] {
  const { told: said } = costOf(cost);
  const faults: string[] = [];
  for (let n = 0; n < count; n++) {
    const [v, t] = [outputsOf(record, K), targetsOf(record, K)];
    const expected = costGradient(cost, v, t);
    for (const dtype of ["float64", "float32"] as const) {
      const limit = dtype === "float64" ? 1e-12 : 2e-5;
      const of = (x: number[]) => tensor([x], { dtype });
      const own = record.tensor({ u: of(v), v: of(v), t: of(t), activation: "linear" }, said).item();
      if (!(Math.abs(own - sampleCost(cost, "linear", v, t)) <= limit * (1 + Math.abs(own))))
        faults.push(`C in ${dtype}: ${own}, not ${sampleCost(cost, "linear", v, t)}`);
      const slopes = [
        ...cast(
          grad((x: ReturnType<typeof of>) => record.tensor({ u: x, v: x, t: of(t), activation: "linear" }, said).sum())(
            of(v),
          ),
          "float64",
        ).toTypedArray(),
      ];
      slopes.forEach((g, j) => {
        if (!(Math.abs(g - expected[j]!) <= limit * (1 + Math.abs(expected[j]!))))
          faults.push(`∂C/∂v in ${dtype}: ${g}, not ${expected[j]!}`);
      });
    }
    // On paper.
    expected.forEach((g, j) => {
      const single = record.targets !== "one class" && !cost.startsWith("softmaxCrossEntropy");
      const own = single ? written(paper, cost, v, t, j) : g;
      if (!(Math.abs(own - g) <= 1e-12 * (1 + Math.abs(g)))) faults.push(`∂C/∂v as written: ${own}, not ${g}`);
    });
    // What v and t may be off moves ∂C/∂v no further than is said, kinks apart.
    for (const off of [1e-9, 1e-6]) {
      const moved = costGradient(
        cost,
        v.map((x) => x + off * random.uniform()),
        t.map((x) => x + (record.targets === "numbers" ? off * random.uniform() : 0)),
      );
      const [errors, ranges] = [
        record.slopeErrors(sampleAt(cost, v, t, off, off)),
        record.slopeRanges?.(sampleAt(cost, v, t, off, off)),
      ];
      moved.forEach((g, j) => {
        const [low, high] = ranges?.[j] ?? [expected[j]!, expected[j]!];
        if (!(g >= low - 1.01 * errors[j]! - 1e-13 && g <= high + 1.01 * errors[j]! + 1e-13))
          faults.push(`∂C/∂v moves to ${g}, not from ${low} to ${high} by ${errors[j]!}`);
      });
    }
    // |∂C/∂t| by differences.
    t.forEach((tj, j) => {
      const at = (x: number): number =>
        sampleCost(
          cost,
          "linear",
          v,
          t.map((one, i) => (i === j ? x : one)),
        );
      const heaviest = Math.max(1, ...(said.classWeights ?? []));
      const by = heaviest * record.byTarget(cost.startsWith("softmaxCrossEntropy") ? softmax(v)[j]! : v[j]!, tj);
      if (!(Math.abs(at(tj + 1e-6) - at(tj)) / 1e-6 <= by + 1e-4) && !cost.startsWith("multiclassHinge"))
        faults.push(`∂C/∂t is ${(at(tj + 1e-6) - at(tj)) / 1e-6}, more than ${by}`);
    });
  }
  return faults;
}

describe.each(all)("the record of %s", (cost) => {
  const { record } = costOf(cost);

  it("agrees with the plain loops, in its bounds and at its kinks", () => {
    expect(faultsOf(cost, record, sized(15, 300))).toEqual([]);
  });

  it("with a rule that is wrong is caught", () => {
    const wrong: readonly (readonly [string, Partial<CostRecord>])[] = [
      ["tensor", { tensor: (last, said) => record.tensor(last, said).mul(1.001) }],
      ["slopeErrors", { slopeErrors: (sample) => record.slopeErrors(sample).map(() => -1e-6) }],
    ];
    for (const [what, change] of wrong) expect(faultsOf(cost, { ...record, ...change }, 10), what).not.toEqual([]);
    // Derivations evaluate slopes with sums.
    if (record.targets === "one class" || cost.startsWith("softmaxCrossEntropy")) return;
    expect(
      faultsOf(cost, record, 10, {
        slope: (by, terms) => [by.scaled(1.0001, costOnPaper(cost).slope(by, terms).at(-1)!)],
      }),
    ).not.toEqual([]);
  });

  it("has both sides of a kink in its range", () => {
    if (record.slopeRanges === undefined) return;
    for (const [v, t] of [
      [
        [0.5, 1, -2],
        [0.5, 1, 3],
      ],
      [
        [1, -1, 0.3],
        [1, -1, 1],
      ],
      [
        [1, 0, -1],
        [0, 1, 0],
      ],
    ] as const) {
      const ranges = record.slopeRanges(sampleAt(cost, v, t, 0, 0));
      for (const side of [-1e-7, 1e-7]) {
        for (let k = 0; k < K; k++) {
          const near = costGradient(
            cost,
            v.map((x, j) => (j === k ? x + side : x)),
            t,
          );
          near.forEach((g, j) =>
            expect(
              g >= ranges[j]![0] - 1e-12 && g <= ranges[j]![1] + 1e-12,
              `${v.join()} → ${g} in ${ranges[j]!.join()}`,
            ).toBe(true),
          );
        }
      }
    }
  });
});

const sizes = [2, 4, K] as const;
const lastOnes: readonly ActivationName[] = [...everyActivation, "leakyRelu(0.2)"];

describe.each(all)("%s above each activation", (cost) => {
  const { record } = costOf(cost);
  const x = [drawn(2), drawn(2), drawn(2)];
  const t = x.map(() => targetsOf(record, K));

  it.each(lastOnes)("%s has one gradient by autograd, closed forms and differences, in both types", (activation) => {
    // The pairs that have a rule of their own are always tried.
    if (record.collapsesAbove !== activation && !isTried(3, `${cost} ${activation}`)) return;
    for (const dtype of ["float64", "float32"] as const) agree(cost, activation, dtype, x, t);
  });
});

function agree(
  cost: CostName,
  activation: ActivationName,
  dtype: DType,
  x: readonly number[][],
  t: readonly number[][],
): void {
  const net = network({ sizes, activations: ["tanh", activation], cost, seed: 3, dtype });
  const layers = [1, 2].map((l) => ({
    W: net.parameters[`W${l}` as "W1"].toArray() as number[][],
    b: net.parameters[`b${l}` as "b1"].toArray() as number[],
  }));
  const plain = {
    weights: layers.map(({ W }) => W),
    biases: layers.map(({ b }) => b),
    activations: ["tanh", activation] as readonly Activation[],
    cost: net.cost as CostName,
  };
  const found = backprop(plain, x, t);
  // A logarithm of what may be negative or 0 has no value here.
  if (!Number.isFinite(found.cost)) return;
  if (dtype === "float64") expect(compareBackprop(net, { x, t }).agrees).toBe(true);
  const gradient = grad((w: typeof net.parameters) =>
    net.loss(w, tensor([...x], { dtype }), tensor([...t], { dtype })),
  )(net.parameters);
  const limit = dtype === "float64" ? 1e-12 : 1e-4;
  found.layers.forEach(({ gradW, gradB }, l) => {
    const scale = Math.max(1e-3, ...gradW.flat().map(Math.abs));
    gradW
      .flat()
      .forEach((g, i) =>
        expect(Math.abs(cast(gradient[`W${l + 1}` as "W1"], "float64").toTypedArray()[i]! - g)).toBeLessThanOrEqual(
          limit * scale,
        ),
      );
    gradB.forEach((g, i) =>
      expect(Math.abs(cast(gradient[`b${l + 1}` as "b1"], "float64").toTypedArray()[i]! - g)).toBeLessThanOrEqual(
        limit * scale,
      ),
    );
  });
}

it.each(all)("%s has second derivatives by autograd", (cost) => {
  const { record, told: said } = costOf(cost);
  const [v, t] = [outputsOf(record, K), targetsOf(record, K)];
  const H = hessian((x: ReturnType<typeof row>) =>
    record.tensor({ u: x.reshape([1, K]), v: x.reshape([1, K]), t: tensor([t]), activation: "linear" }, said).sum(),
  )(row(v)).toArray() as number[][];
  for (let k = 0; k < K; k++) {
    const at = (by: number): number[] =>
      costGradient(
        cost,
        v.map((one, j) => (j === k ? one + by : one)),
        t,
      );
    const [up, down] = [at(1e-5), at(-1e-5)];
    for (let j = 0; j < K; j++) expect(H[j]![k]).toBeCloseTo((up[j]! - down[j]!) / 2e-5, 4);
  }
});

const row = (v: readonly number[]) => tensor([...v]);

it("lines of NumPy compute what the records say", () => {
  try {
    execFileSync("python3", ["-c", "import numpy"], { stdio: "ignore" });
  } catch {
    return;
  }
  const cases = costNames.map((cost) => ({
    cost,
    v: outputsOf(costOf(cost).record, K),
    t: targetsOf(costOf(cost).record, K),
  }));
  const lines = cases.map(
    ({ cost, v, t }) =>
      `v, t, delta = np.array(${JSON.stringify(v)}), np.array(${JSON.stringify(t)}), 1\nout.append(float(${costOnPaper(cost).numpy}))`,
  );
  const found = JSON.parse(
    execFileSync(
      "python3",
      ["-c", `import json\nimport numpy as np\nout = []\n${lines.join("\n")}\nprint(json.dumps(out))`],
      { encoding: "utf8" },
    ),
  ) as number[];
  cases.forEach(({ cost, v, t }, k) => expect(found[k], cost).toBeCloseTo(sampleCost(cost, "linear", v, t), 12));
});

describe("names of costs", () => {
  it("mean one record each", () => {
    const owners = new Map<string, string>();
    for (const name of costNames) {
      for (const alias of new Set([name.toLowerCase(), ...costOf(name).record.aliases])) {
        expect(owners.get(alias), alias).toBeUndefined();
        owners.set(alias, name);
        expect([alias, costNamed(alias)]).toEqual([alias.replace(/[^a-z0-9]/g, ""), name]);
      }
    }
    expect(owners.size).toBeGreaterThan(3 * costNames.length);
  });

  it.each([
    ["crossEntropy", "softmax", "categoricalCrossEntropy"],
    ["crossEntropy", "sigmoid", "crossEntropy"],
    ["bce", "sigmoid", "crossEntropy"],
    ["bce", "softmax", "bce"],
    ["logLikelihood", "softmax", "categoricalCrossEntropy"],
    ["nll", "softmax", "categoricalCrossEntropy"],
    ["mean_squared_error", "linear", "mse"],
    ["nn.MSELoss()", "linear", "mse"],
    ["nn.HuberLoss(delta=0.5)", "linear", "huber(0.5)"],
    ["smooth_l1", "linear", "huber"],
    ["nn.L1Loss", "linear", "mae"],
    ["F.smooth_l1_loss", "linear", "huber"],
    ["nn.CrossEntropyLoss(label_smoothing=0.1)", "softmax", "softmaxCrossEntropy(labelSmoothing=0.1)"],
    [{ name: "huber", delta: 2 }, "linear", "huber(2)"],
    [
      { name: "crossEntropy", labelSmoothing: 0.1, classWeights: [1, 2] },
      "softmax",
      "categoricalCrossEntropy(labelSmoothing=0.1,classWeights=[1,2])",
    ],
    ["bce(pos_weight=3)", "sigmoid", "crossEntropy(classWeights=[1,3])"],
    [
      "keras.losses.CategoricalCrossentropy(label_smoothing=0.2)",
      "softmax",
      "categoricalCrossEntropy(labelSmoothing=0.2)",
    ],
    ["huber(1)", "linear", "huber"],
  ] as const)("%j above %s is %s", (said, above, meant) => {
    expect(costSaid(said, above)).toBe(meant);
  });

  it.each([
    ["quadrat", /unknown cost quadrat/],
    ["huber(-1)", /positive/],
    ["mse(0.5)", /does not take/],
    ["crossEntropy(labelSmoothing=1)", /share/],
    ["crossEntropy(classWeights=[1,-1])", /not negative/],
    ["crossEntropy(classWeights=[1,2,3])", /3 class weights for 2 outputs/],
  ])("%s is refused", (said, why) => {
    expect(() => checkCost(said as CostName, "sigmoid", 2)).toThrow(why);
  });
});

// The names that the planted formulas do not reach: shapes, shared biases, the input's gradient, shared buffers, steps,
// manners.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { add, matmul, mul, sum, tanh, tensor, type Tensor } from "@chainrule/autograd";
import { report as count } from "../../../autograd/test/report.ts";
import { handcheck, tap } from "../../src/handcheck/index.ts";
import { catalogue } from "../../src/handcheck/catalogue/catalogue.ts";
import { mistakeGroups } from "../../src/handcheck/catalogue/mistakes.ts";
import { families } from "../../src/handcheck/catalogue/families/index.ts";
import type { Hand, Report } from "../../src/handcheck/report.ts";
import { mazur } from "./museum.ts";
import {
  back,
  backprop,
  bp2,
  byLayer,
  handOf,
  slopes,
  table,
  times,
  total,
  type Problem,
  type Rows,
  type State,
} from "./plain.ts";
import { copied, dataOf, draw, networkOf, OWN, RAGGED, recipe, SQUARE } from "./problems.ts";

const drawn = (sizes: readonly number[], N = 7): Problem => draw({ ...recipe("quadratic", sizes, "sigmoid"), N });
const shapes = [
  ["square", drawn(SQUARE)],
  ["ragged", drawn(RAGGED)],
] as const;
const roots = ({ roots: all }: Report): string[] => all.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`);

/** What is said, counted as planted mistakes. */
function check(problem: Problem, hand: Hand): Report {
  count("planted mistakes", 1);
  return handcheck(networkOf(problem), dataOf(problem), { convention: OWN, ...hand });
}

const layersBelow = (p: Problem): number[] => Array.from({ length: p.sizes.length - 2 }, (_, index) => index + 1);
const turned = (rows: Rows): Rows => rows[0]!.map((_, c) => rows.map((row) => row[c]!));
const product = (a: Rows, b: Rows): Rows =>
  table(a.length, b[0]!.length, (i, j) => total(b.length, (k) => a[i]![k]! * b[k]![j]!));
const gateOf = (s: State, l: number): Rows =>
  times(
    s.v[l]!.map((row) => row.map(() => 1)),
    slopes(s, l),
  );

describe("the catalogue", () => {
  it("has every name of the families A to E that concerns networks, in both languages", () => {
    const ids = [21, 22, 10, 12, 12].flatMap((most, family) =>
      Array.from({ length: most }, (_, index) => `${"ABCDE"[family]!}${index + 1}`),
    );
    expect(catalogue.map(({ id }) => id).filter((id) => !id.startsWith("V"))).toEqual(ids);
    for (const { id, says } of catalogue) {
      expect(says.en, id).toMatch(/[a-z]/);
      expect(says.zh, id).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it("stands in the docs as it is", () => {
    const text = readFileSync(new URL("../../../../docs/handcheck.md", import.meta.url), "utf8");
    for (const { letter, name, mistakes } of mistakeGroups) {
      expect(text).toContain(
        `| ${letter}, ${name} | ${mistakes
          .map(({ id, short }) => `${id} ${short}`)
          .join(" · ")
          .replaceAll("|w|", "\\|w\\|")} |`,
      );
    }
  });

  it("has the name of every slip of a kernel, and no name without a slip", () => {
    const slips = Object.values(families).flatMap(({ slips: own, kinks }) => [
      ...own,
      ...(kinks === undefined ? [] : [kinks.slip]),
    ]);
    const used = new Set(slips.map(({ id }) => id));
    const names = mistakeGroups.flatMap(({ mistakes }) => mistakes.map(({ id }) => id));
    expect([...used].filter((id) => !names.includes(id))).toEqual([]);
    expect(names.filter((id) => "FGHI".includes(id[0]!) && !used.has(id))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    // What sort each is: a sentence of hint 2 for every one, and every sort occurs.
    expect([...new Set(slips.map(({ kind }) => kind))].sort()).toEqual([
      "constant",
      "extra",
      "missing",
      "other",
      "sign",
    ]);
  });
});

describe("the slope", () => {
  it("of a softmax taken entry by entry is named, above any cost", () => {
    const problem = draw({ ...recipe("quadratic", [3, 4, 3], "sigmoid"), output: "softmax", N: 6 });
    const of = (gate: (v: number) => number): Report => {
      const wrong = (s: State): Rows =>
        table(s.N, 3, (n, j) => ((s.v[2]![n]![j]! - problem.t[n]![j]!) / s.N) * gate(s.v[2]![n]![j]!));
      return check(problem, handOf(backprop(problem, [{ equation: "BP1", layer: 2, wrong }])));
    };
    expect([roots(of((v) => v * (1 - v))), roots(of((v) => 1 - v))]).toEqual([["A13 BP1@2"], ["A21 BP1@2"]]);
  });

  it("of a neighbor is named where its activation is another", () => {
    const problem = draw({ ...recipe("quadratic", [3, 4, 4], "tanh"), N: 6 });
    const wrong = (s: State, l: number): Rows => times(back(s, l), (n, j) => 1 - Math.tanh(s.u[l + 1]![n]![j]!) ** 2);
    expect(roots(check(problem, handOf(backprop(problem, [{ equation: "BP2", layer: 1, wrong }]))))).toEqual([
      "B5 BP2@1",
    ]);
  });
});

describe("several mistakes", () => {
  const first = (hand: Hand): string[] =>
    check(drawn(RAGGED), hand).roots.map(({ features }) => features.map(({ en }) => en).join());
  const hand = handOf(backprop(drawn(RAGGED)));
  const twice = (b: unknown): number[] => (b as number[]).map((x) => 2 * x);

  it("say which is to be mended first", () => {
    const gradW = { ...hand.gradW, 1: (hand.gradW![1] as Rows).map((row) => row.map((x) => -x)) };
    expect(first({ ...hand, gradW, gradB: { ...hand.gradB, 2: twice(hand.gradB![2]) } })).toEqual([
      expect.stringMatching(/^mend this first/u),
      "",
    ]);
    expect(first({ ...hand, gradB: { ...hand.gradB, 1: twice(hand.gradB![1]), 2: twice(hand.gradB![2]) } })).toEqual([
      expect.stringMatching(/^the same mistake 2 times/u),
      "",
    ]);
  });
});

describe.each(shapes)("⊙ and the matrix product confused, %s", (_, problem) => {
  const s = backprop(problem);
  const wrong: readonly (readonly [string, (l: number) => Rows])[] = [
    ["an outer product with σ′", (l) => product(turned(back(s, l)), gateOf(s, l))],
    ["an outer product the other way round", (l) => product(turned(gateOf(s, l)), back(s, l))],
    ["a product over the units", (l) => product(back(s, l), turned(gateOf(s, l)))],
    ["one number for each sample", (l) => bp2(s, l).map((row) => [total(row.length, (j) => row[j]!)])],
  ];
  it.each(wrong)("is named from %s", (_name, value) => {
    for (const l of layersBelow(problem))
      expect(
        roots(check(problem, { ...handOf(s), delta: { ...handOf(s).delta, [l]: value(l) } })),
        `layer ${l}`,
      ).toEqual([`B16 BP2@${l}`]);
  });

  it("is named at the output", () => {
    const last = problem.sizes.length - 1;
    const error = s.v[last]!.map((row, n) => row.map((v, j) => (v - problem.t[n]![j]!) / s.N));
    expect(
      roots(
        check(problem, {
          ...handOf(s),
          delta: { ...handOf(s).delta, [last]: product(turned(error), gateOf(s, last)) },
        }),
      ),
    ).toEqual([`B16 BP1@${last}`]);
  });
});

describe("⊙ and the matrix product confused, where the shape fits", () => {
  it("is named with as many samples as units", () => {
    const problem = drawn(SQUARE, 4);
    const s = backprop(problem);
    for (const l of [1, 2, 3]) {
      expect(
        roots(
          check(problem, {
            ...handOf(s),
            delta: { ...handOf(s).delta, [l]: product(turned(back(s, l)), gateOf(s, l)) },
          }),
        ).includes(`B16 BP2@${l}`),
        `layer ${l}`,
      ).toBe(true);
    }
  });

  it("is named for one sample, also where W was multiplied entry by entry", () => {
    const problem = drawn(RAGGED, 1);
    const s = backprop(problem);
    const unsummed = (l: number): Rows =>
      problem.W[l + 1]!.map((row, k) => row.map((w, j) => w * s.delta[l + 1]![0]![k]! * slopes(s, l)(0, j)));
    const diagonal = (l: number): Rows => bp2(s, l)[0]!.map((d, i, all) => all.map((_, j) => (i === j ? d : 0)));
    for (const l of [1, 2])
      for (const value of [unsummed(l), diagonal(l), product(turned(back(s, l)), gateOf(s, l))]) {
        expect(
          roots(check(problem, { ...handOf(s), delta: { ...handOf(s).delta, [l]: value } })),
          `layer ${l}`,
        ).toEqual([`B16 BP2@${l}`]);
      }
  });
});

describe.each(shapes)("the entry of the bias, %s", (_, problem) => {
  it("is named, before the others or behind them", () => {
    const s = backprop(problem);
    for (const l of layersBelow(problem))
      for (const first of [true, false]) {
        const extra = s.delta[l]!.map((row, n) => (first ? [n - 0.3, ...row] : [...row, 0.1 * n]));
        expect(
          roots(check(problem, { ...handOf(s), delta: { ...handOf(s).delta, [l]: extra } })),
          `layer ${l}`,
        ).toEqual([`B17 BP2@${l}`]);
      }
  });
});

describe.each(shapes)("the gradient of the input, %s", (_, problem) => {
  const s = backprop(problem);
  const g = back(s, 0, problem.W[1]!, s.delta[1]!);
  const given = (rows: Rows): Report => check(problem, { ...handOf(s), delta: { ...handOf(s).delta, 0: rows } });

  it("is right where it is right, also in Haykin's sign", () => {
    const found = given(g);
    expect(found.verdict).toBe("correct");
    expect(found.lines.find(({ layer }) => layer === 0)?.status).toBe("convention");
    const minus = [g, ...s.delta.slice(1)].map((rows) => times(rows, () => -s.N));
    const haykin = { ...handOf(s), delta: Object.fromEntries(minus.map((rows, l) => [l, rows])) };
    expect(check(problem, { ...haykin, convention: "auto" }).verdict).toBe("correct");
  });

  it("is named where it is multiplied by a σ′", () => {
    const x = problem.x;
    const gates: readonly ((x: number) => number)[] = [
      (a) => a * (1 - a),
      (a) => 1 - a * a,
      (a) => 1 - Math.tanh(a) ** 2,
      (a) => Number(a > 0),
    ];
    for (const gate of gates) {
      const found = given(times(g, (n, k) => gate(x[n]![k]!)));
      expect(roots(found)).toEqual(["B18 BP2@0"]);
      expect(found.lines.filter(({ status }) => status === "root").length).toBe(1);
    }
    expect(roots(given(times(g, () => -1)))).toEqual(["B14 BP2@0"]);
  });

  it("is inherited where δ¹ is wrong, and no more than localised where nothing fits", () => {
    const half = times(s.delta[1]!, () => 0.5);
    const found = check(problem, { delta: { ...handOf(s).delta, 1: half, 0: back(s, 0, problem.W[1]!, half) } });
    expect(roots(found)).toEqual(["B21 BP2@1"]);
    expect(found.lines.find(({ layer }) => layer === 0)?.status).toBe("inherited");
    expect(roots(given(times(g, (n, k) => 1 + 0.3 * Math.sin(5 * n + k))))).toEqual(["unknown BP2@0"]);
  });
});

describe("weights that are used at every time step", () => {
  const W = [
    [0.4, -0.7],
    [0.3, 0.5],
  ];
  const x = [
    [0.5, -0.2],
    [-0.3, 0.8],
    [0.9, 0.1],
  ];
  const recurrent = ({ W: weights }: Record<string, Tensor>): Tensor => {
    let h = tensor([[0.1, 0.6]]) as Tensor;
    x.forEach(
      (row, step) => (h = tap(`h${step + 1}`, tanh(add(matmul(h, weights!), tensor([row])) as Tensor) as Tensor)),
    );
    return mul(sum(mul(h, h) as Tensor) as Tensor, 0.5) as Tensor;
  };
  const h: Rows[] = [[[0.1, 0.6]]];
  for (const row of x) h.push([product(h[h.length - 1]!, W)[0]!.map((one, j) => Math.tanh(one + row[j]!))]);
  const [dh, terms]: [Rows[], Rows[]] = [[], []];
  dh[3] = h[3]!;
  for (const step of [3, 2, 1]) {
    const du = [dh[step]![0]!.map((one, j) => one * (1 - h[step]![0]![j]! ** 2))];
    terms[step] = product(turned(h[step - 1]!), du);
    dh[step - 1] = product(du, turned(W));
  }
  const given = (dW: Rows): Record<string, unknown> => ({ dh1: dh[1], dh2: dh[2], dh3: dh[3], dW });
  const summed = (steps: readonly number[]): Rows =>
    table(2, 2, (i, j) => total(steps.length, (k) => terms[steps[k]!]![i]![j]!));

  it("are checked as a graph, where counting the last step alone is the path that overwrites the others", () => {
    count("planted mistakes", 2);
    expect(handcheck.graph(recurrent, { W }, given(summed([1, 2, 3]))).verdict).toBe("correct");
    for (const steps of [[3], [1, 2]]) {
      const found = handcheck.graph(recurrent, { W }, given(summed(steps)));
      expect(found.roots.map(({ id, of }) => `${id} ${of.join()}`)).toEqual(["B19 dW"]);
      expect(found.roots[0]!.says.en).toMatch(/h3/);
    }
  });
});

describe("saturated units", () => {
  it.each(shapes)("are a note and no mistake, %s", (_, problem) => {
    const far = {
      ...problem,
      W: problem.W.map((rows, l) => (l === 1 ? rows.map((row, j) => (j === 0 ? row.map(() => 0) : row)) : rows)),
      b: problem.b.map((row, l) => (l === 1 ? row.map((one, j) => (j === 0 ? 50 : one)) : row)),
    };
    const found = check(far, handOf(backprop(far)));
    expect(found.verdict).toBe("correct");
    expect(found.blindness.advice.map(({ en, zh }) => `${en} ${zh}`).join()).toMatch(
      /saturated: σ'\(u\) < 1e-15 in layer 1.*no mistake.*饱和/,
    );
  });
});

describe("one buffer for two layers", () => {
  const problem = drawn(SQUARE);
  const copyOf = (s: State, to: number, from: number): Hand => ({
    ...handOf(s),
    gradW: { ...byLayer(s.gradW), [to]: s.gradW[from]!.map((row) => [...row]) },
    gradB: { ...byLayer(s.gradB), [to]: [...(s.gradB[from] as number[])] },
  });

  it("is named from its copies", () => {
    const s = backprop(problem);
    for (const [to, from] of [
      [2, 1],
      [1, 2],
      [3, 2],
      [3, 1],
    ] as const)
      expect(roots(check(problem, copyOf(s, to, from)))).toEqual([`D12 BP3@${to}`, `D12 BP4@${to}`]);
  });

  it("is named from 6 digits and from gradients alone", () => {
    const { delta: _, ...hand } = copyOf(backprop(problem), 2, 1);
    expect(roots(check(problem, copied(hand, "6 digits")))).toEqual(["D12 BP3@2", "D12 BP4@2"]);
  });
});

describe("one bias for all units of a layer", () => {
  const s = backprop(mazur);
  const sums = { 1: 0.018725609394704, 2: 0.100400325112001 };
  const each = { 1: s.gradB[1] as number[], 2: s.gradB[2] as number[] };

  it("has the sum of their δ as its gradient, as in Mazur's example", () => {
    const found = check(mazur, { ...handOf(s), tiedBiases: true, gradB: sums, digits: 13 });
    expect(found.verdict).toBe("correct");
    expect(
      check(mazur, {
        ...handOf(s),
        tiedBiases: true,
        gradB: { 1: [sums[1], sums[1]], 2: [[sums[2]], [sums[2]]] },
        digits: 13,
      }).verdict,
    ).toBe("correct");
  });

  it("is named where each unit has its own", () => {
    expect(roots(check(mazur, { ...handOf(s), tiedBiases: true, gradB: each }))).toEqual(["C8 BP3@2", "C8 BP3@1"]);
    const mean = { 1: (each[1][0]! + each[1][1]!) / 2, 2: (each[2][0]! + each[2][1]!) / 2 };
    expect(roots(check(mazur, { ...handOf(s), tiedBiases: true, gradB: mean }))).toEqual(["C8 BP3@2", "C8 BP3@1"]);
  });

  it("is asked about where nobody said so and the biases are all the same", () => {
    const found = check(mazur, { ...handOf(s), gradB: sums, digits: 13 });
    expect(roots(found)).toEqual(["C3 BP3@2", "C3 BP3@1"]);
    for (const { says } of found.roots) expect(`${says.en} ${says.zh}`).toMatch(/tiedBiases.*tiedBiases/s);
    const ragged = drawn(RAGGED);
    const own = backprop(ragged);
    const summed = total(4, (j) => (own.gradB[1] as number[])[j]!);
    const other = check(ragged, { ...handOf(own), gradB: { 1: summed } });
    expect(roots(other)).toEqual(["C3 BP3@1"]);
    expect(other.roots[0]!.says.en).not.toMatch(/tiedBiases/);
  });

  it.each(shapes)("is right and wrong in batches, %s", (_, problem) => {
    const p = { ...problem, b: problem.b.map((bias) => bias.map(() => 0.2)) };
    const own = backprop(p);
    const tied = byLayer(
      own.gradB.map((bias) =>
        bias === undefined ? 0 : total((bias as number[]).length, (j) => (bias as number[])[j]!),
      ),
    );
    expect(check(p, { ...handOf(own), tiedBiases: true, gradB: tied }).verdict).toBe("correct");
    expect(roots(check(p, { ...handOf(own), tiedBiases: true }))).toEqual(
      Object.keys(tied)
        .reverse()
        .map((l) => `C8 BP3@${l}`),
    );
    expect(roots(check(p, { ...handOf(own), tiedBiases: true, gradB: { ...tied, 1: own.N * tied[1]! } }))).toEqual([
      "C1 BP3@1",
    ]);
  });
});

// What NumPy itself printed of right networks and of one slip, with no digits told; and the words for what digits leave
// open.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { network } from "../../../src/index.ts";
import { examine } from "../../../src/handcheck/judge/examine.ts";
import { exitCode, handcheck, reportMarkdown, reportText } from "../../../src/handcheck/index.ts";
import type { NumberArray } from "../../../src/handcheck/intake/given.ts";
import { lookOfArray, type Look } from "../../../src/handcheck/bounds/look.ts";
import { byLayer, type Rows } from "../plain.ts";
import { networkOf } from "../problems.ts";
import { anyNetwork, compute, float64 } from "./networks.ts";
import { judged, plainHabit, submitted } from "./submitted.ts";

/** Rows as they were printed, the brackets left out. */
type Texts = readonly string[];
interface Numbers {
  readonly W: readonly Texts[];
  readonly b: readonly Texts[];
  readonly x: Texts;
  readonly t: Texts;
  readonly delta: readonly Texts[];
  readonly gradW: readonly Texts[];
  readonly gradB: readonly Texts[];
}
interface Case {
  readonly net: string;
  readonly type: "float64" | "float32";
  readonly precision: number;
  readonly right: Numbers;
  /** B1 in the 3-5-3 network, its twin A2 in the neuron. */
  readonly slip: Pick<Numbers, "delta" | "gradW" | "gradB">;
}

const cases = JSON.parse(readFileSync(new URL("numpy.json", import.meta.url), "utf8")) as readonly Case[];

/** What the check says; with the texts, or with the numbers alone. */
function check(one: Case, slipped: boolean, written: boolean): ReturnType<typeof judged> {
  const looks = new Map<string, Look>();
  const read = (key: string, texts: Texts): Rows => {
    const rows = texts.map((text) => text.split(" "));
    const array: NumberArray = {
      kind: "numbers",
      shape: [rows.length, rows[0]!.length],
      data: Float64Array.from(rows.flat(), Number),
      texts: rows.flat(),
      printer: "numpy",
      type: null,
    };
    looks.set(key, lookOfArray(array));
    return rows.map((row) => row.map(Number));
  };
  const each = (name: string, list: readonly Texts[]): Rows[] => [
    [],
    ...list.map((texts, at) => read(`${name} ${at + 1}`, texts)),
  ];
  const { W, b, x, t } = one.right;
  const hand = slipped ? one.slip : one.right;
  const wide = one.net === "3-5-3";
  const problem = {
    sizes: one.net.split("-").map(Number),
    activations: wide ? ([undefined, "tanh", "softmax"] as const) : ([undefined, "sigmoid"] as const),
    cost: wide ? ("categoricalCrossEntropy" as const) : ("quadratic" as const),
    lambda: 0,
    eta: 0,
    W: each("W", W),
    b: each("b", b).map((rows) => rows[0] ?? []),
    x: read("x", x),
    t: read("t", t),
  };
  const given = {
    delta: byLayer(each("delta", hand.delta)),
    gradW: byLayer(each("gradW", hand.gradW)),
    gradB: byLayer(each("gradB", hand.gradB).map((rows) => rows[0] ?? [])),
  };
  return judged({ problem, hand: given, looks }, written);
}

describe("what NumPy printed", () => {
  it.each([true, false])("of right networks is right, texts known: %s", (written) => {
    expect(cases.length).toBe(24);
    for (const one of cases)
      expect(check(one, false, written).verdict, `${one.net} ${one.type} ${one.precision}`).toBe("correct");
  });

  it.each([true, false])("of a forgotten σ′ is named, texts known: %s", (written) => {
    for (const one of cases) {
      const { verdict, roots } = check(one, true, written);
      expect(verdict, `${one.net} ${one.type} ${one.precision}`).toBe("mistake");
      expect(roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`)).toEqual([
        one.net === "3-5-3" ? "B1 BP2@1" : "A2 BP1@1",
      ]);
    }
  });
});

describe("what few digits leave open", () => {
  const sizes = [2, 1];
  const W1 = [[0.6, -0.4]];
  const net = network({ sizes, activations: "sigmoid", cost: "quadratic", parameters: { W1, b1: [0.1] } });
  const data = {
    x: [
      [0.5, 0.25],
      [1, 0.75],
    ],
    t: [[0.57], [0.6]],
  };

  it("is undecided where all is printed as 0, which the report says", () => {
    const found = handcheck(net, data, { gradB: { 1: [0] }, decimals: 1 });
    expect(found.verdict).toBe("inconclusive");
    expect(exitCode(found.verdict)).toBe(4);
    expect(found.lines.find(({ equation }) => equation === "BP3")!.status).toBe("undecided");
    expect(found.undecided[0]!.decimals).toBeNull();
    for (const text of [reportText(found), reportMarkdown(found)])
      expect(text.replaceAll(/\s+/g, " ")).toMatch(/printed as 0: print it with e-notation/);
    expect(reportText(found).replaceAll(/\s+/g, " ")).toContain(
      "Undecided: numbers read to 1 decimal cannot tell right from wrong for BP3 at layer 1; nothing given is wrong.",
    );
  });

  it("is said with the verdict where nothing is open", () => {
    const problem = anyNetwork(6, "fresh");
    const { hand, problem: printed, looks } = submitted(compute(problem, float64), "torch", plainHabit, false);
    const known = { ...printed, activations: printed.activations.slice(1).map((kind) => kind!) };
    const found = examine(networkOf(printed), known, hand, {}, looks).report();
    expect(found.verdict).toBe("correct");
    expect(found.rounding!.en).toBe("4 decimals");
    expect(reportText(found)).toContain("Right to 4 decimals: every equation that you gave holds.");
    expect(reportText(found, { lang: "zh" })).toContain("按 4 位小数 来看正确");
  });
});

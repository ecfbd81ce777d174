// What a person may not have told: the form of the L2 term, the term itself, a rate of each layer.
import { describe, expect, it } from "vitest";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Hand, Report } from "../../src/handcheck/report.ts";
import { networkDocument } from "../../src/handcheck/report/of-network.ts";
import { backprop, byLayer, decay, handOf, type Problem, type Rows } from "./plain.ts";
import { dataOf, draw, networkOf, OWN, RAGGED, recipe } from "./problems.ts";

const plain = draw(recipe("quadratic", RAGGED, "sigmoid"));
const decayed = draw(recipe("decay", RAGGED, "sigmoid"));
const check = (problem: Problem, hand: Hand): Report => handcheck(networkOf(problem), dataOf(problem), hand);
const found = ({ verdict, roots }: Report): string =>
  [verdict, ...roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`)].join(" ");

/** Gradients with `share` of (λ/n) W, in every layer or in some. */
function regularized(problem: Problem, share: number, layers: (l: number) => boolean = () => true): Hand {
  const s = backprop({ ...problem, lambda: 0 });
  const own = { ...s, problem: { ...problem, lambda: decayed.lambda } };
  return { ...handOf(s), gradW: byLayer(s.gradW.map((rows, l) => (l > 0 && layers(l) ? decay(own, l, share) : rows))) };
}

describe("the L2 term", () => {
  const N = decayed.x.length;
  it.each([
    ["λ/n", 1],
    ["λ", N],
    ["2λ", 2 * N],
    ["2λ/n", 2],
    ["λ/2n", 0.5],
  ] as const)("as %s W in every layer is a convention", (form, share) => {
    const report = check(decayed, { ...regularized(decayed, share), lambda: decayed.lambda });
    expect(found(report)).toBe("correct");
    expect(report.convention.used.decay).toBe(form);
  });

  it("of one layer in another form is a mistake there, and every other form is where the convention is told", () => {
    const mixed = regularized(decayed, 1);
    const other = {
      ...mixed,
      gradW: { ...mixed.gradW, 2: regularized(decayed, N).gradW![2]! },
      lambda: decayed.lambda,
    };
    expect(found(check(decayed, other))).toBe("mistake E2 REG@2");
    const told = check(decayed, { ...regularized(decayed, N), lambda: decayed.lambda, convention: OWN });
    expect(found(told)).toBe("mistake E2 REG@3 E2 REG@2 E2 REG@1");
  });

  it("that was not told is asked about", () => {
    const report = check(decayed, regularized(decayed, (0.1 * N) / decayed.lambda));
    expect(found(report)).toBe("inconclusive");
    expect(networkDocument(report).headline).toContain("L2 with λ = 0.1 not told?");
    expect(networkDocument(report, { lang: "zh" }).headline).toContain("λ = 0.1");
    expect(
      report.lines.filter(({ status }) => status === "undecided").map(({ equation, layer }) => `${equation}@${layer}`),
    ).toEqual(["REG@3", "REG@2", "REG@1"]);
  });

  it("in some layers alone, or against the sign of one, is wrong", () => {
    expect(
      check(
        decayed,
        regularized(decayed, 3, (l) => l !== 2),
      ).verdict,
    ).toBe("mistake");
    expect(check(decayed, regularized(decayed, -3)).verdict).toBe("mistake");
  });
});

describe("a rate of each layer", () => {
  const ETA = 0.1;
  const s = backprop(plain);
  const moved = (rates: (l: number) => number): Hand => {
    const step = (rows: Rows, by: Rows, l: number): Rows =>
      rows.map((row, j) => row.map((w, k) => w - rates(l) * by[j]![k]!));
    return {
      eta: ETA,
      next: {
        W: byLayer(plain.W.map((rows, l) => (l === 0 ? rows : step(rows, s.gradW[l]!, l)))),
        b: byLayer(plain.b.map((row, l) => (l === 0 ? row : step([row], [s.gradB[l] as number[]], l)[0]!))),
      },
    };
  };

  it("that is not the told one is a mistake of the step, said once, and the gradients are right", () => {
    const report = check(
      plain,
      moved((l) => (l === 2 ? 0.03 : ETA)),
    );
    expect(found(report)).toBe("mistake E5 STEP@2");
    expect(report.roots[0]!.says.en).toBe("the step is made with another rate, 0.03");
    expect(report.lines.filter(({ equation }) => equation === "BP4").every(({ status }) => status === "ok")).toBe(true);
    const withGradients = check(plain, { ...handOf(s), ...moved((l) => (l === 2 ? 0.03 : ETA)) });
    expect(found(withGradients)).toBe("mistake E5 STEP@2");
  });

  it.each([2, 0.5, plain.x.length, 1 / plain.x.length])(
    "%d times the told one is undecided where a factor of the gradient would do as well",
    (ratio) => {
      const report = check(
        plain,
        moved((l) => (l === 1 ? ratio * ETA : ETA)),
      );
      expect(found(report)).toBe("inconclusive");
      expect(networkDocument(report).headline).toContain("layer 1 steps by");
      const withGradients = check(plain, {
        ...handOf(s),
        convention: OWN,
        ...moved((l) => (l === 1 ? ratio * ETA : ETA)),
      });
      expect(withGradients.verdict).toBe("mistake");
    },
  );

  it("as it was told is right", () => {
    expect(
      found(
        check(
          plain,
          moved(() => ETA),
        ),
      ),
    ).toBe("correct");
  });
});

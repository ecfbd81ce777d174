// Every number copied from a printout, with λ, in wide layers, and with two slips in one equation.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../../autograd/test/report.ts";
import { isTried, sized } from "../../../../autograd/test/size.ts";
import type { ActivationName } from "../../../src/index.ts";
import type { Examined } from "../../../src/handcheck/judge/options.ts";
import { layersOf, typical, type Mistake, type Setting } from "../mutants.ts";
import { backprop, type Problem, type State } from "../plain.ts";
import { accepts, draw, gap, OWN, part, recipe, rightOf, type Planted } from "../problems.ts";
import { anyNetwork, compute, float64, trained, typed } from "./networks.ts";
import { judged, plainHabit, submitted } from "./submitted.ts";

const said = ({ verdict, roots }: Examined): string =>
  `${verdict} ${roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`;
const hiddens = ["sigmoid", "tanh", "relu"] as const;

/** Widths of which sums have more than 32 terms. */
const WIDE = [
  [96, 80, 10],
  [40, 72, 72, 5],
] as const;

/** A network whose inputs u stay near 1 however wide it is. */
function wide(sizes: readonly number[], setting: Setting, hidden: ActivationName, N: number, seed: number): Problem {
  const problem = draw({ ...recipe(setting, sizes, hidden), N, seed });
  return { ...problem, W: problem.W.map((rows) => rows.map((row) => row.map((w) => w / Math.sqrt(row.length)))) };
}

/** A network whose first target, or all of them, are thousands to 10¹³, and its gradients with them. */
function large(index: number): Problem {
  const sizes = [
    [4, 4, 4, 3],
    [3, 5, 3],
    [2, 2],
    [1, 3, 1],
    [5, 2, 4],
  ][index % 5]!;
  const problem = draw({ ...recipe("quadratic", sizes, hiddens[index % 3]!), N: 1 + (index % 4), seed: index });
  const size = 10 ** (3 + (index % 11));
  const t = problem.t.map((row) => row.map((v, j) => v * size * (j === 0 && index % 2 === 1 ? 1 : 1e-3)));
  return { ...problem, t };
}

describe("right backprops with every number copied", () => {
  it.each(["precision=4", "3 digits"] as const)("as %s, beside a λ, are not called wrong", (how) => {
    const [wrong, networks]: [string[], number] = [[], sized(4, 300)];
    let undecided = 0;
    for (let index = 0; index < networks; index++) {
      const problem = typed(anyNetwork(index, index % 4 === 3 ? "trained" : "fresh"), float64);
      const [lambda, N] = [[0.01, 0.1, 1][index % 3]!, problem.x.length];
      const s = compute(problem, float64);
      const gradW = s.gradW.map((rows, l) =>
        rows.map((row, j) => row.map((g, k) => g + (lambda / N) * problem.W[l]![j]![k]!)),
      );
      const { hand, ...rest } = submitted({ ...s, gradW }, how, plainHabit, false);
      const found = judged({ ...rest, hand: { ...hand, lambda } }, true);
      if (found.verdict === "inconclusive") undecided += 1;
      else if (found.verdict !== "correct") wrong.push(`${index}: ${said(found)}`);
    }
    count(
      "right networks",
      networks,
      `all copied, ${how}, with λ: ${wrong.length} of ${networks} called wrong, ${undecided} undecided`,
    );
    expect(wrong).toEqual([]);
  });

  it.each(["precision=4", "3 digits", "numpy", "torch", "float32"] as const)(
    "as %s, with numbers up to 10¹³ beside small ones, are not called wrong",
    (how) => {
      const wrong: string[] = [];
      let [tried, undecided] = [0, 0];
      for (let index = 0; index < 400; index++) {
        if (!isTried(40, `large ${how} ${index}`)) continue;
        const problem = typed(large(index), float64);
        const found = judged(submitted(compute(problem, float64), how, plainHabit, false), true);
        tried += 1;
        if (found.verdict === "inconclusive") undecided += 1;
        else if (found.verdict !== "correct") wrong.push(`${index}: ${said(found)}`);
      }
      count(
        "right networks",
        tried,
        `all copied, ${how}, with large numbers: ${wrong.length} of ${tried} called wrong, ${undecided} undecided`,
      );
      expect(wrong).toEqual([]);
    },
  );

  it.each(["precision=4", "3 digits"] as const)("as %s, in layers wider than 64, are not called wrong", (how) => {
    const [wrong, networks]: [string[], number] = [[], sized(2, 36)];
    let undecided = 0;
    for (let index = 0; index < networks; index++) {
      const fresh = wide(
        WIDE[index % 2]!,
        (["quadratic", "softmax", "crossEntropy"] as const)[index % 3]!,
        hiddens[(index >> 1) % 3]!,
        1 + (index % 6),
        index,
      );
      const found = judged(
        submitted(compute(index % 4 === 3 ? trained(fresh) : fresh, float64), how, plainHabit, false),
        true,
      );
      if (found.verdict === "inconclusive") undecided += 1;
      else if (found.verdict !== "correct") wrong.push(`${index}: ${said(found)}`);
    }
    count(
      "right networks",
      networks,
      `all copied, ${how}, wide: ${wrong.length} of ${networks} called wrong, ${undecided} undecided`,
    );
    expect(wrong).toEqual([]);
  });
});

/** The typical mistakes at their layers, but for new weights, which differ too little. */
function plantedOn(make: (mistake: Mistake) => Problem): Planted[] {
  return typical
    .filter(({ id }) => id !== "B7")
    .flatMap((mistake) => {
      const problem = make(mistake);
      return layersOf(mistake, problem).map((layer) => ({
        mistake,
        layer,
        problem,
        label: `${mistake.id} (${mistake.variant}) at layer ${layer} of ${problem.sizes.join("-")} ${problem.activations[1]!}`,
      }));
    });
}

/** What the check says of a mistake; `null` where it hardly changes anything. */
function check({ mistake, layer, problem }: Planted, how: "precision=4" | "3 digits", factor = 1): Examined | null {
  const times = <T>(value: T): T => (typeof value === "number" ? factor * value : (value as unknown[]).map(times)) as T;
  const s: State = backprop(problem, [
    { equation: mistake.equation, layer, wrong: (state, l) => times(mistake.wrong(state, l)) },
  ]);
  if (gap(part(s, mistake, layer), part(rightOf(problem), mistake, layer)) < 1e-3) return null;
  const { hand, ...rest } = submitted(s, how, plainHabit, false);
  return judged({ ...rest, hand: problem.lambda === 0 ? hand : { ...hand, lambda: problem.lambda } }, true, OWN);
}

function astray({ mistake, layer }: Planted, { verdict, roots }: Examined): boolean {
  const equations: readonly string[] = mistake.equation === "REG" ? ["REG", "BP4"] : [mistake.equation];
  return verdict === "correct" || !roots.every((root) => equations.includes(root.equation) && root.layer === layer);
}

/** What has a shape that no formula has is refused by its shape. */
const isFound = ({ verdict, roots }: Examined): boolean => roots.length > 0 || verdict === "contract";

describe("slips with every number copied", () => {
  it.each(["precision=4", "3 digits"] as const)("as %s, in layers wider than 64, are found where they are", (how) => {
    const all = hiddens.flatMap((hidden, at) =>
      plantedOn(({ setting }) => wide(WIDE[at % 2]!, setting, hidden, 5, 77)),
    );
    let [tried, found, named] = [0, 0, 0];
    const wrong: string[] = [];
    for (const one of all) {
      const seen = isTried(120, `${how} ${one.label}`) ? check(one, how) : null;
      if (seen === null) continue;
      tried += 1;
      if (astray(one, seen)) wrong.push(`${one.label}: ${said(seen)}`);
      if (isFound(seen)) found += 1;
      if (seen.roots.length === 1 && accepts(one, seen.roots[0]!.id)) named += 1;
    }
    count("planted mistakes", tried, `all copied, ${how}, wide: ${found} of ${tried} localised, ${named} named`);
    expect(wrong).toEqual([]);
    expect(tried - found).toBeLessThanOrEqual(Math.max(1, 0.02 * tried));
  });

  it.each(["precision=4", "3 digits"] as const)("as %s, two in one equation, are found where they are", (how) => {
    // A factor on a factor may be 1, and a factor on W is a convention of the regularization.
    const factors = ["A1", "A4", "A5", "A6", "A7", "B14", "B13", "D10", "D8", "D7", "C9", "C1"];
    const all = hiddens.flatMap((hidden) =>
      [
        [4, 4, 4, 3],
        [3, 5, 3],
      ]
        .flatMap((sizes) => plantedOn(({ setting }) => draw({ ...recipe(setting, sizes, hidden), N: 5, seed: 61 })))
        .filter(({ mistake: { id, equation } }) => !factors.includes(id) && equation !== "REG"),
    );
    let [tried, found] = [0, 0];
    const wrong: string[] = [];
    for (const one of all)
      for (const factor of [-1, 2, 0.2]) {
        const seen = isTried(120, `${how} ${one.label} ${factor}`) ? check(one, how, factor) : null;
        if (seen === null) continue;
        tried += 1;
        if (astray(one, seen)) wrong.push(`${one.label}, times ${factor}: ${said(seen)}`);
        if (isFound(seen)) found += 1;
      }
    count("planted mistakes", 2 * tried, `all copied, ${how}, two in one equation: ${found} of ${tried} localised`);
    expect(wrong).toEqual([]);
    expect(tried - found).toBeLessThanOrEqual(Math.max(1, 0.02 * tried));
  });
});

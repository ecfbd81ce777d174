// A wrong δ or gradient that no formula of the catalogue gives is said in words, of the network's own arrays; and
// nothing is said by chance.
import { describe, expect, it } from "vitest";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Hand, Report } from "../../src/handcheck/report.ts";
import { Random } from "../../src/random.ts";
import {
  back,
  backprop,
  bp1,
  bp2,
  bp3,
  bp4,
  handOf,
  times,
  type Equation,
  type Problem,
  type Rows,
  type State,
} from "./plain.ts";
import { dataOf, draw, networkOf, OWN, recipe } from "./problems.ts";

const problem: Problem = draw({ ...recipe("quadratic", [3, 5, 4, 2], "sigmoid"), N: 6 });
const net = networkOf(problem);
const check = (hand: Hand): Report => handcheck(net, dataOf(problem), { convention: OWN, ...hand });

const plus = (a: Rows, b: (i: number, j: number) => number): Rows => a.map((row, i) => row.map((x, j) => x + b(i, j)));

type Wrong = (s: State, l: number) => Rows | number[];

const sentences: readonly (readonly [
  title: string,
  equation: Equation,
  layer: number,
  wrong: Wrong,
  says: string,
  yours: string,
])[] = [
  [
    "a term that is too much",
    "BP2",
    2,
    (s, l) => plus(bp2(s, l), (n, j) => 0.25 * back(s, l)[n]![j]!),
    "the term 1/4 (W³)ᵀ δ³ is too much",
    "δ² = 1/4 (W³)ᵀ δ³ + ((W³)ᵀ δ³) ⊙ σ'(u²)",
  ],
  [
    "the output taken away",
    "BP2",
    2,
    (s, l) => plus(bp2(s, l), (n, j) => -s.v[l]![n]![j]! / s.N),
    "the term −v² is too much",
    "δ² = −v² + ((W³)ᵀ δ³) ⊙ σ'(u²)",
  ],
  [
    "a factor too much",
    "BP2",
    2,
    (s, l) => times(bp2(s, l), (n, j) => s.v[l]![n]![j]!),
    "yours / correct is v² in every entry",
    "δ² = ((W³)ᵀ δ³) ⊙ v² ⊙ σ'(u²)",
  ],
  [
    "the error squared",
    "BP1",
    3,
    (s, l) => times(bp1(s), (n, j) => s.v[l]![n]![j]! - s.problem.t[n]![j]!),
    "yours / correct is v³ − t in every entry",
    "?",
  ],
  [
    "a bias that is added",
    "BP3",
    2,
    (s, l) => bp3(s, l).map((x, j) => x + s.problem.b[l]![j]!),
    "the term b² is too much",
    "∂C/∂b² = b² + meanₙ(δ²)",
  ],
  ["a fraction", "BP3", 2, (s, l) => bp3(s, l).map((x) => (5 * x) / 7), "yours / correct is 5/7 in every entry", "?"],
  [
    "half of W added",
    "BP4",
    2,
    (s, l) => plus(bp4(s, l), (j, k) => 0.5 * s.problem.W[l]![j]![k]!),
    "the term 1/2 W² is too much",
    "∂C/∂W² = 1/2 W² + 1/6 δ² (v¹)ᵀ",
  ],
];

describe("a mistake without a name", () => {
  it.each(sentences)("%s, is said", (_, equation, layer, wrong, says, yours) => {
    const { verdict, roots } = check(handOf(backprop(problem, [{ equation, layer, wrong }])));
    expect([verdict, roots.map((root) => [root.id, root.equation, root.layer])]).toEqual([
      "mistake",
      [["unknown", equation, layer]],
    ]);
    expect([roots[0]!.says.en, roots[0]!.yours]).toEqual([says, yours]);
    expect(roots[0]!.says.zh).toMatch(/\p{Script=Han}/u);
  });

  it("that is the gradient of another layer is said", () => {
    const square = draw({ ...recipe("quadratic", [4, 4, 4, 4], "tanh"), N: 6 });
    const hand = handOf(backprop(square));
    const { roots } = handcheck(networkOf(square), dataOf(square), {
      ...hand,
      convention: OWN,
      gradB: { ...hand.gradB, 1: (hand.gradB![3] as number[]).map((x) => 3 * x) },
    });
    expect(roots.map(({ id, says }) => [id, says.en])).toEqual([["unknown", "it is 3 times the right ∂C/∂b³"]]);
  });

  it("in a gradient alone is told with that gradient", () => {
    const { delta: _, ...hand } = handOf(backprop(problem));
    const wrong = (hand.gradB![2] as number[]).map((x, j) => x + problem.b[2]![j]!);
    const { roots } = check({ ...hand, gradB: { ...hand.gradB, 2: wrong } });
    expect(roots.map(({ equation, says }) => [equation, says.en])).toEqual([["BP3", "the term b² is too much"]]);
  });

  it("that follows nothing gets no sentence, and hears what would narrow it down", () => {
    const random = new Random("no words");
    const wrong = (s: State, l: number): Rows => plus(bp2(s, l), () => random.normal());
    const hand = handOf(backprop(problem, [{ equation: "BP2", layer: 2, wrong }]));
    const [root] = check(hand).roots;
    expect([root!.says.en, root!.yours]).toEqual(["no formula of the catalogue gives these numbers", "?"]);
    expect(root!.features.at(-1)!.en).toMatch(/a slip of arithmetic: hand in u² and v² as well/u);
  });

  it("of a single entry is a slip of arithmetic; with u and v handed in it is sought no further", () => {
    const wrong = (s: State, l: number): Rows => plus(bp2(s, l), (n, j) => (n === 1 && j === 2 ? 0.1 : 0));
    const s = backprop(problem, [{ equation: "BP2", layer: 2, wrong }]);
    const narrow = check(handOf(s)).roots[0]!.features.map(({ en }) => en);
    expect(narrow).toEqual([
      "1 of 24 entries are off, the others are right",
      expect.stringMatching(/^if it was computed by hand/u),
    ]);
    const all = { u: { 1: s.u[1]!, 2: s.u[2]!, 3: s.u[3]! }, v: { 1: s.v[1]!, 2: s.v[2]!, 3: s.v[3]! } };
    expect(check({ ...handOf(s), ...all }).roots[0]!.features.map(({ en }) => en)).toEqual(narrow.slice(0, 1));
  });
});

// What is handed in may be broken before any equation is: numbers missing, shapes turned, functions that misbehave.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { Random } from "../../src/index.ts";
import { handcheck, type PlainParameters } from "../../src/handcheck/index.ts";
import { exitCode, type Hand, type Report } from "../../src/handcheck/report.ts";
import { backprop, handOf, type Problem, type Rows } from "./plain.ts";
import { dataOf, draw, networkOf, OWN } from "./problems.ts";

const problem = draw({ sizes: [5, 4, 6, 3], hidden: "sigmoid", output: "sigmoid", cost: "quadratic", seed: 21 });
const net = networkOf(problem);
const right = (): Hand => handOf(backprop(problem), { forward: true });
const check = (hand: Hand): Report => handcheck(net, dataOf(problem), { convention: OWN, ...hand });
const rowsOf = (value: unknown): Rows => Array.from(value as ArrayLike<ArrayLike<number>>, (row) => Array.from(row));
const words = ({ contract }: Report): string => contract.map(({ en }) => en).join(" | ");

function broken(found: Report, about: RegExp): void {
  count("contracts", 1);
  expect(found.verdict).toBe("contract");
  expect(exitCode(found.verdict)).toBe(3);
  expect(words(found)).toMatch(about);
  for (const { en, zh } of found.contract) {
    expect(en).not.toBe("");
    expect(zh).toMatch(/[\u4e00-\u9fff]/);
  }
}

describe("numbers that are none", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("%d is a broken contract, said with its place", (bad) => {
    const gradW = {
      ...right().gradW,
      2: rowsOf(right().gradW![2]).map((row, j) => row.map((one, k) => (j === 1 && k === 2 ? bad : one))),
    };
    const found = check({ ...right(), gradW });
    broken(found, /2/);
    expect(found.lines.find(({ equation, layer }) => equation === "BP4" && layer === 2)?.status).toBe("nan");
  });
});

describe("shapes", () => {
  it("turned at one layer are named as the product turned around", () => {
    const g = rowsOf(right().gradW![2]);
    const turned = g[0]!.map((_, k) => g.map((row) => row[k]!));
    const found = check({ ...right(), gradW: { ...right().gradW, 2: turned } });
    count("contracts", 1);
    expect(found.roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`)).toEqual(["D1 BP4@2"]);
    expect(exitCode(found.verdict)).toBeGreaterThan(0);
    expect(found.lines.find(({ equation, layer }) => equation === "BP4" && layer === 2)?.status).toMatch(/shape|root/);
  });

  it("that fit nothing are a broken contract with both shapes named", () => {
    const found = check({
      ...right(),
      gradW: {
        ...right().gradW,
        2: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      },
    });
    broken(found, /3\s*×\s*2.*6\s*×\s*4|6\s*×\s*4.*3\s*×\s*2/s);
  });

  it("of rows with different lengths are a broken contract", () => {
    broken(
      check({
        ...right(),
        delta: {
          ...right().delta,
          1: [
            [1, 2, 3, 4],
            [1, 2, 3],
          ],
        },
      }),
      /1/,
    );
  });
});

describe("arrays and layers", () => {
  it("one array for two layers is a broken contract", () => {
    const square: Problem = draw({
      sizes: [4, 4, 4, 3],
      hidden: "sigmoid",
      output: "sigmoid",
      cost: "quadratic",
      seed: 22,
    });
    const hand = handOf(backprop(square));
    const shared = rowsOf(hand.gradW![1]);
    const found = handcheck(networkOf(square), dataOf(square), {
      ...hand,
      gradW: { ...hand.gradW, 1: shared, 2: shared },
      convention: OWN,
    });
    broken(found, /same/i);
  });

  it("a layer that the network has not is a broken contract", () => {
    broken(check({ ...right(), gradB: { ...right().gradB, 9: [1, 2] } }), /9/);
  });

  it("a part that is missing is a missing line and no mistake", () => {
    const { delta, gradW } = right();
    const found = check({ delta: delta!, gradW: { 1: gradW![1]!, 3: gradW![3]! } });
    count("contracts", 1);
    expect(found.verdict).toBe("correct");
    expect(
      found.lines.filter(({ status }) => status === "missing").map(({ equation, layer }) => `${equation}@${layer}`),
    ).toEqual(expect.arrayContaining(["BP4@2", "BP3@1", "BP3@2", "BP3@3"]));
    expect(found.score).toEqual({ passed: 5, given: 5 });
  });

  it("nothing at all is a broken contract or inconclusive, never right", () => {
    count("contracts", 1);
    expect(["contract", "inconclusive"]).toContain(check({}).verdict);
  });
});

describe("a forward pass that is wrong", () => {
  it("is told before any gradient", () => {
    const u1 = rowsOf(right().u![1]).map((row) => row.map((one, j) => one - problem.b[1]![j]!));
    const found = check({ u: { 1: u1 } });
    count("contracts", 1);
    expect(found.verdict).toBe("forward-wrong");
    expect(exitCode(found.verdict)).toBe(2);
  });
});

describe("a backprop that is handed in as a function", () => {
  const run = (parameters: PlainParameters, x: Rows, t: Rows): Hand => {
    const W = problem.sizes.map((_, l) => (l === 0 ? [] : parameters[`W${l}`]!));
    const b = problem.sizes.map((_, l) => (l === 0 ? [] : parameters[`b${l}`]!));
    return handOf(backprop({ ...problem, W, b, x, t }));
  };

  it("is right where it is right", () => {
    const found = handcheck(net, (parameters, x, t) => ({ ...run(parameters, x, t), convention: OWN }));
    count("contracts", 1);
    expect(found.verdict).toBe("correct");
  });

  it("that throws is a broken contract with its message", () => {
    broken(
      handcheck(net, () => {
        throw new Error("division by a duck");
      }),
      /division by a duck/,
    );
  });

  it("that changes its inputs is a broken contract", () => {
    broken(
      handcheck(net, (parameters, x, t) => {
        const hand = run(parameters, x, t);
        x[0]![0]! += 1;
        return hand;
      }),
      /chang|mutat|modif|read.only|frozen|assign/i,
    );
  });

  it("that returns a promise is a broken contract", () => {
    const later = (async () => Promise.resolve({})) as unknown as () => Hand;
    broken(handcheck(net, later), /promise|await/i);
  });

  it("that answers differently each time is a broken contract", () => {
    const random = new Random(5);
    broken(
      handcheck(net, (parameters, x, t) => {
        const hand = run(parameters, x, t);
        return {
          ...hand,
          gradW: {
            ...hand.gradW,
            1: rowsOf(hand.gradW![1]).map((row) => row.map((one) => one * (random.uniform() < 0.5 ? 0 : 2))),
          },
        };
      }),
      /twice|determin|differ/i,
    );
  });

  it("that returns nothing is a broken contract", () => {
    broken(handcheck(net, (() => undefined) as unknown as () => Hand), /return/i);
  });
});

// Two steps of the learning rule: momentum in its forms, sums that were never set to 0, rates; and how a function
// behaves between calls.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { handcheck, type PlainParameters } from "../../src/handcheck/index.ts";
import type { Hand, Report } from "../../src/handcheck/report.ts";
import { backprop, byLayer, handOf, type Problem, type Rows, type State } from "./plain.ts";
import { copied, dataOf, draw, networkOf, OWN, RAGGED, recipe, SQUARE } from "./problems.ts";

const ETA = 0.5;
const MU = 0.9;

interface Parameters {
  readonly W: readonly Rows[];
  readonly b: readonly (readonly number[])[];
}

const combined = (one: Parameters, two: Parameters, by: (a: number, b: number) => number): Parameters => ({
  W: one.W.map((rows, l) => rows.map((row, j) => row.map((x, k) => by(x, two.W[l]![j]![k]!)))),
  b: one.b.map((row, l) => row.map((x, j) => by(x, two.b[l]![j]!))),
});
const plus = (one: Parameters, two: Parameters, c = 1): Parameters => combined(one, two, (a, b) => a + c * b);
const scaled = (one: Parameters, c: number): Parameters => combined(one, one, (a) => c * a);
const gradients = (p: Problem, { W, b }: Parameters): Parameters => {
  const s = backprop({ ...p, W: W as Rows[], b: b as number[][] });
  return {
    W: p.W.map((rows, l) => (l === 0 ? rows : s.gradW[l]!)),
    b: p.b.map((row, l) => (l === 0 ? row : (s.gradB[l] as number[]))),
  };
};

/** The parameters after two steps, from the gradient at any parameters. */
type Rule = (w: Parameters, g: (w: Parameters) => Parameters) => readonly [Parameters, Parameters];

function handedIn(p: Problem, rule: Rule, parts: { readonly biases?: boolean } = {}): Hand {
  const [one, two] = rule({ W: p.W, b: p.b }, (w) => gradients(p, w));
  const step = ({ W, b }: Parameters): { W: Record<number, Rows>; b?: Record<number, number[]> } => ({
    W: byLayer(W as Rows[]),
    ...(parts.biases === false ? {} : { b: byLayer(b as number[][]) }),
  });
  return { ...handOf(backprop(p)), eta: ETA, next: { ...step(one), next: step(two) }, convention: OWN };
}

const check = (p: Problem, hand: Hand): Report => {
  count("planted mistakes", 1);
  return handcheck(networkOf(p), dataOf(p), hand);
};
const roots = ({ roots: all }: Report): string[] => all.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`);
const everywhere = (p: Problem, id: string): string[] => byBoth(p, (l) => `${id} STEP@${l}`);
const byBoth = (p: Problem, say: (l: number) => string): string[] =>
  Array.from({ length: p.sizes.length - 1 }, (_, index) => p.sizes.length - 1 - index).flatMap((l) => [say(l), say(l)]);

const plain: Rule = (w, g) => {
  const one = plus(w, g(w), -ETA);
  return [one, plus(one, g(one), -ETA)];
};
const momentum: Rule = (w, g) => {
  const v = scaled(g(w), -ETA);
  const one = plus(w, v);
  return [one, plus(one, plus(scaled(v, MU), g(one), -ETA))];
};

describe.each([
  ["square", SQUARE],
  ["ragged", RAGGED],
] as const)("two steps, %s", (_, sizes) => {
  const p = draw(recipe("quadratic", sizes, "sigmoid"));

  it("of gradient descent are right, with weight decay as well, and where the biases are not handed in", () => {
    const found = check(p, handedIn(p, plain));
    expect(found.verdict).toBe("correct");
    expect(found.lines.filter(({ name }) => name.includes("τ+2")).length).toBe(2 * (sizes.length - 1));
    const decayed = draw(recipe("decay", sizes, "sigmoid"));
    expect(check(decayed, { ...handedIn(decayed, plain), lambda: decayed.lambda }).verdict).toBe("correct");
    expect(check(p, handedIn(p, plain, { biases: false })).verdict).toBe("correct");
  });

  it("of momentum are right where it is told, in 6 digits as well", () => {
    expect(check(p, { ...handedIn(p, momentum), momentum: MU }).verdict).toBe("correct");
    expect(check(p, { ...copied(handedIn(p, momentum), "6 digits"), momentum: MU }).verdict).toBe("correct");
  });

  it("hold α and β where momentum was not told", () => {
    const found = check(p, handedIn(p, momentum));
    expect(roots(found)).toEqual(everywhere(p, "E6"));
    expect(found.roots[0]!.yours).toMatch(/ \+ 0\.9 v − 0\.5 ∂C/);
    expect(`${found.roots[0]!.says.en} ${found.roots[0]!.says.zh}`).toMatch(/momentum.*动量/s);
  });

  it("that follow from a wrong gradient are inherited, and of another shape are said to be", () => {
    const hand = handedIn(p, plain);
    const gradW = { ...hand.gradW!, 1: (hand.gradW![1] as Rows).map((row) => row.map((g) => -g)) };
    const moved = { ...hand.next!.W, 1: p.W[1]!.map((row, j) => row.map((w, k) => w - ETA * gradW[1]![j]![k]!)) };
    const { next: _, ...first } = hand.next!;
    const found = check(p, { ...hand, gradW, next: { ...first, W: moved } });
    expect(found.roots.map(({ equation, layer }) => `${equation}@${layer}`)).toEqual(["BP4@1"]);
    const statuses = (of: Report): Record<string, string> =>
      Object.fromEntries(of.lines.filter(({ equation }) => equation === "STEP").map((one) => [one.name, one.status]));
    const all = statuses(found);
    expect(all["W¹(τ+1)"]).toBe("inherited");
    expect(Object.values(all).filter((status) => status !== "ok")).toEqual(["inherited"]);
    const wide = { ...first.W, 1: (first.W![1] as Rows).map((row) => [...row, 0]) };
    const other = check(p, { ...hand, next: { ...first, W: wide } });
    expect(statuses(other)["W¹(τ+1)"]).toBe("shape");
    expect(other.roots[0]!.features[0]!.en).toMatch(/shape is .* where .* is needed/);
  });

  const forms: readonly (readonly [string, RegExp, Rule])[] = [
    ["forgotten", /τ\+1\) − η ∂C/, plain],
    [
      "subtracted",
      /− μ v − η/,
      (w, g) => {
        const v = scaled(g(w), -ETA);
        const one = plus(w, v);
        return [one, plus(one, plus(scaled(v, -MU), g(one), -ETA))];
      },
    ],
    [
      "with its gradient ahead",
      /at w \+ μ v/,
      (w, g) => {
        const v = scaled(g(w), -ETA);
        const one = plus(w, v);
        return [one, plus(one, plus(scaled(v, MU), g(plus(one, v, MU)), -ETA))];
      },
    ],
    [
      "with another μ",
      /\+ 0\.7 v − 0\.5 ∂C/,
      (w, g) => {
        const v = scaled(g(w), -ETA);
        const one = plus(w, v);
        return [one, plus(one, plus(scaled(v, 0.7), g(one), -ETA))];
      },
    ],
  ];
  it.each(forms)("of momentum %s are named", (__, shows, rule) => {
    const found = check(p, { ...handedIn(p, rule), momentum: MU });
    expect(roots(found)).toEqual(everywhere(p, "E6"));
    for (const { yours } of found.roots) expect(yours).toMatch(shows);
  });

  const twice: readonly (readonly [string, RegExp, Rule])[] = [
    [
      "as a running mean",
      /\(1 − μ\) η/,
      (w, g) => {
        const v = scaled(g(w), -ETA * (1 - MU));
        const one = plus(w, v);
        return [one, plus(one, plus(scaled(v, MU), g(one), -ETA * (1 - MU)))];
      },
    ],
    [
      "in Nesterov's form without looking ahead",
      /\(1 \+ μ\) η|μ \(μ v/,
      (w, g) => {
        const v = scaled(g(w), -ETA);
        const one = plus(plus(w, v, MU), g(w), -ETA);
        const next = plus(scaled(v, MU), g(one), -ETA);
        return [one, plus(plus(one, next, MU), g(one), -ETA)];
      },
    ],
  ];
  it.each(twice)("of momentum %s are named in both steps", (__, shows, rule) => {
    const found = check(p, { ...handedIn(p, rule), momentum: MU });
    expect(roots(found)).toEqual([...everywhere(p, "E6"), ...everywhere(p, "E6")]);
    for (const { yours } of found.roots) expect(yours).toMatch(shows);
  });

  it("with gradients that are never set to 0 are named", () => {
    const summed: Rule = (w, g) => {
      const one = plus(w, g(w), -ETA);
      return [one, plus(one, plus(g(w), g(one)), -ETA)];
    };
    const found = check(p, handedIn(p, summed));
    expect(roots(found)).toEqual(everywhere(p, "E7"));
    expect(found.roots[0]!.yours).toMatch(/\(τ\) \+ .*\(τ\+1\)/);
    expect(roots(check(p, copied(handedIn(p, summed), "6 digits")))).toEqual(everywhere(p, "E7"));
  });

  it("of which the second climbs, or has another rate, are named", () => {
    expect(
      roots(
        check(
          p,
          handedIn(p, (w, g) => {
            const one = plus(w, g(w), -ETA);
            return [one, plus(one, g(one), ETA)];
          }),
        ),
      ),
    ).toEqual(everywhere(p, "E5"));
    expect(
      roots(
        check(
          p,
          handedIn(p, (w, g) => {
            const one = plus(w, g(w), -ETA);
            return [one, plus(one, g(one), -0.31)];
          }),
        ),
      ),
    ).toEqual(everywhere(p, "E5"));
  });
});

describe("a function between its calls", () => {
  const p = draw(recipe("quadratic", RAGGED, "sigmoid"));
  const run = (parameters: PlainParameters, x: Rows, t: Rows): State => {
    const [W, b] = (["W", "b"] as const).map((letter) =>
      p.sizes.map((_, l) => (l === 0 ? [] : parameters[`${letter}${l}` as "W1" | "b1"])),
    );
    return backprop({ ...p, W: W as number[][][], b: b as number[][], x, t });
  };
  const said = (backward: (parameters: PlainParameters, x: Rows, t: Rows) => Hand): string => {
    count("planted mistakes", 1);
    const found = handcheck(networkOf(p), backward);
    expect(found.verdict).toBe("contract");
    for (const { zh } of found.contract) expect(zh).toMatch(/[\u4e00-\u9fff]/);
    return found.contract.map(({ en }) => en).join("\n");
  };

  it("that adds to the gradients of the call before is named", () => {
    let sums: Rows[] | null = null;
    const text = said((parameters, x, t) => {
      const s = run(parameters, x, t);
      const before = sums;
      sums = s.gradW.map((rows, l) =>
        (rows ?? []).map((row, j) => row.map((g, k) => g + (before?.[l]?.[j]?.[k] ?? 0))),
      );
      return { gradW: byLayer(sums), convention: OWN };
    });
    expect(text).toMatch(/set to 0.*\[E7\]/);
  });

  it("that steps in place is named, apart from one that changes its data", () => {
    expect(
      said((parameters, x, t) => {
        const s = run(parameters, x, t);
        parameters.W2![0]![0]! -= 0.1;
        return handOf(s);
      }),
    ).toMatch(/in place.*\[E8\]/);
    expect(
      said((parameters, x, t) => {
        const s = run(parameters, x, t);
        t[0]![0]! += 1;
        return handOf(s);
      }),
    ).toMatch(/changes its inputs: copy.*\[E10\]/);
  });

  it("that draws at random is named", () => {
    let calls = 0;
    expect(
      said((parameters, x, t) => {
        calls += 1;
        const s = run(parameters, x, t);
        return {
          ...handOf(s),
          gradW: byLayer(s.gradW.map((rows) => (rows ?? []).map((row) => row.map((g) => g * (1 + 0.1 * calls))))),
        };
      }),
    ).toMatch(/different answers.*\[E11\]/);
  });
});

// The typical mistakes handed in in other ways: another convention, a function, gradients alone, one sample, every
// layer wrong.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { isTried, nightly } from "../../../autograd/test/size.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Convention, Hand, Report } from "../../src/handcheck/report.ts";
import { layersOf, mistakes, slip } from "./mutants.ts";
import { backprop, handOf } from "./plain.ts";
import {
  accepts,
  dataOf,
  draw,
  everywhere,
  fiftyFour,
  gap,
  handedIn,
  networkOf,
  OWN,
  part,
  places,
  RAGGED,
  recipe,
  rightOf,
  run,
  SQUARE,
  type Planted,
} from "./problems.ts";
import { styles } from "./styles.ts";

const said = ({ verdict, roots }: Report): string =>
  `${verdict}: ${roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`;
const named = (found: Report, planted: Planted): boolean =>
  found.roots.length === 1 && places(found, planted) && accepts(planted, found.roots[0]!.id);

/** What was said of each mistake that was not named. */
function unnamed(way: string, all: readonly Planted[], check: (planted: Planted) => Report, right = named): string[] {
  const wrong = all
    .map((planted) => [planted, check(planted)] as const)
    .filter(([planted, found]) => !right(found, planted));
  count(
    "planted mistakes",
    all.length,
    `hand-derived backprop, ${way}: ${all.length - wrong.length} of ${all.length} mistakes named`,
  );
  return wrong.map(([{ label }, found]) => `${label}: ${said(found)}`);
}

const numbers = (planted: Planted, hand: Hand): Report =>
  handcheck(networkOf(planted.problem), dataOf(planted.problem), hand);

/** With each commit a mistake in somebody's manner is judged either with its convention told or without. */
const isTold = (name: string, { label }: Planted): boolean => isTried(2, `${name} ${label}`);

/** With each commit one in two of the 54 is tried in a way that others are much like. */
const some = (way: string): Planted[] => fiftyFour().filter(({ label }) => isTried(2, `${way} ${label}`));

/** Gradients of biases that are one number for each unit, so that they have a place in every convention. */
const plain = ({ mistake }: Planted): boolean => !["C3", "C4"].includes(mistake.id);

describe.each(styles.map((style) => [style.name, style] as const))(
  "the typical mistakes as %s writes them",
  (name, { hand, shows }) => {
    // Only a step shows updated weights; without δ or with a sum there is no 1/N to lose.
    const all = fiftyFour().filter((planted) => plain(planted) && (planted.mistake.id !== "B7" || name === "Haykin"));
    const given = (planted: Planted, convention: Convention | "auto"): Hand => {
      const { lambda } = planted.problem;
      // With the sum over the samples as cost, (λ/2n) Σ w² is summed as well.
      return { ...hand(run(planted)), ...(lambda === 0 ? {} : { lambda }), convention };
    };

    it("are named where the convention is told", () => {
      const convention: Convention = { ...OWN, ...shows };
      expect(
        unnamed(
          `as ${name} writes it, convention told`,
          all.filter((planted) => isTold(name, planted)),
          (planted) => numbers(planted, given(planted, convention)),
        ),
      ).toEqual([]);
    });

    it("are named where nobody tells it, or are that convention", () => {
      // What scales or turns everything is a convention until somebody says otherwise.
      const conventional = ["A1", "A4", "A6", "A7"];
      expect(
        unnamed(
          `as ${name} writes it, convention inferred`,
          all.filter((planted) => nightly || !isTold(name, planted)),
          (planted) => numbers(planted, given(planted, "auto")),
          (found, planted) =>
            named(found, planted) || (conventional.includes(planted.mistake.id) && found.verdict === "correct"),
        ),
      ).toEqual([]);
    });
  },
);

describe("the typical mistakes in the network's own convention", () => {
  it("are named without its being told, but for those that are a convention", () => {
    const wrong = unnamed("convention inferred", fiftyFour(), (planted) =>
      numbers(planted, { ...handedIn(planted), convention: "auto" }),
    );
    expect(wrong).toEqual(["A4 (twice) at layer 4: correct: ", "A6 (1/N missing) at layer 4: correct: "]);
  });

  it("are named from a function, on data that the check chooses", () => {
    expect(
      unnamed("as a function", fiftyFour(), ({ mistake, layer, problem }) =>
        handcheck(networkOf(problem), (parameters, x, t) => {
          const [W, b] = (["W", "b"] as const).map((letter) =>
            problem.sizes.map((_, l) => (l === 0 ? [] : parameters[`${letter}${l}` as "W1" | "b1"])),
          );
          const s = backprop({ ...problem, W: W as number[][][], b: b as number[][], x, t }, [slip(mistake, layer)]);
          return { ...handOf(s, { next: mistake.id === "B7" || mistake.id === "A1" }), convention: OWN };
        }),
      ),
    ).toEqual([]);
  });

  it("are named from gradients of weights and biases alone", () => {
    expect(
      unnamed("gradients alone", some("alone"), (planted) => {
        const { delta: _, ...gradients } = handedIn(planted);
        return numbers(planted, gradients);
      }),
    ).toEqual([]);
  });

  it("are named from one sample where it shows them, perhaps among others that fit as well", () => {
    // Two constants that are fitted to three numbers explain nothing.
    const enough = ({ mistake }: Planted): boolean => mistake.variant !== "labels smoothed by 0.07";
    const all = [...everywhere(SQUARE, "sigmoid"), ...everywhere(RAGGED, "tanh")]
      .filter(enough)
      .filter(({ label, problem }) => isTried(12, `${problem.sizes.join("-")} ${label}`))
      .map((planted) => ({
        ...planted,
        problem: { ...planted.problem, x: planted.problem.x.slice(0, 1), t: planted.problem.t.slice(0, 1) },
      }))
      .filter(
        (planted) =>
          gap(
            part(run(planted), planted.mistake, planted.layer),
            part(rightOf(planted.problem), planted.mistake, planted.layer),
          ) > 1e-3,
      );
    expect(
      unnamed(
        "one sample",
        all,
        (planted) => numbers(planted, handedIn(planted)),
        (found, planted) =>
          found.roots.length === 1 &&
          places(found, planted) &&
          [found.roots[0]!, ...found.roots[0]!.alternatives].some(({ id }) => accepts(planted, id)),
      ),
    ).toEqual([]);
  });

  it.each(["6 digits", "4 digits"] as const)("are named from %s that nobody told", (precision) => {
    expect(
      unnamed(`${precision}, not told`, some(precision), (planted) => {
        const { digits: _, ...hand } = handedIn(planted, precision);
        return numbers(planted, hand);
      }),
    ).toEqual([]);
  });

  it("are named with the inputs and outputs of every layer handed in as well", () => {
    expect(
      unnamed("with the forward pass", some("forward"), (planted) =>
        numbers(planted, handedIn(planted, "6 digits", { forward: true, next: true })),
      ),
    ).toEqual([]);
  });
});

describe("a mistake made at every layer", () => {
  it("is a root at each of them", () => {
    const problem = draw(recipe("quadratic", SQUARE, "sigmoid"));
    for (const mistake of mistakes.filter(
      ({ typical, setting, equation }) =>
        typical !== null && setting === "quadratic" && equation !== "BP1" && equation !== "REG",
    )) {
      const layers = layersOf(mistake, problem);
      const hand = handOf(
        backprop(
          problem,
          layers.map((layer) => slip(mistake, layer)),
        ),
        { next: mistake.id === "B7" },
      );
      const found = handcheck(networkOf(problem), dataOf(problem), { ...hand, convention: OWN });
      const expected = layers.map((layer) => `${mistake.id} ${mistake.equation}@${layer}`).sort();
      expect(
        found.roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).sort(),
        `${mistake.id} ${mistake.variant}`,
      ).toEqual(expected);
      count("planted mistakes", layers.length);
    }
  });
});

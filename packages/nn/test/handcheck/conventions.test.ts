// Right backprop in other people's layouts, signs and scales is right: no convention raises a false alarm.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { sized } from "../../../autograd/test/size.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import { exitCode, type Convention, type Report } from "../../src/handcheck/report.ts";
import { backprop, type Problem } from "./plain.ts";
import { dataOf, networkOf } from "./problems.ts";
import { anyProblem, styles } from "./styles.ts";

const NETWORKS = sized(96, 2000);

/**
 * Whether these numbers could not mean anything else: no dimension equal to another, several samples, something to see.
 */
function decidable({ sizes, x, activations }: Problem): boolean {
  const all = [...sizes, x.length];
  return new Set(all).size === all.length && Math.min(...all) > 1 && !activations.includes("relu");
}

function disagreement(found: Report, shows: Partial<Convention>): string[] {
  return (Object.keys(shows) as (keyof Convention)[]).filter((key) => found.convention.used[key] !== shows[key]);
}

describe(`${NETWORKS.toLocaleString("en-US")} random right networks`, () => {
  it.each(styles.map((style) => [style.name, style] as const))(
    "pass as %s writes them, though nobody told",
    (name, { hand, shows }) => {
      const alarms: string[] = [];
      const misread: string[] = [];
      let sure = 0;
      for (let index = 0; index < NETWORKS; index++) {
        const problem = anyProblem(index);
        const found = handcheck(networkOf(problem), dataOf(problem), hand(backprop(problem)));
        const title = `${index}: ${problem.sizes.join("-")} ${problem.activations.slice(1).join(",")} ${problem.cost}, ${problem.x.length} samples`;
        if (found.verdict !== "correct" || exitCode(found.verdict) !== 0 || found.roots.length > 0) {
          alarms.push(
            `${title}: ${found.verdict} ${found.roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`,
          );
        } else if (decidable(problem)) {
          sure += 1;
          const off = disagreement(found, shows);
          if (off.length > 0) misread.push(`${title}: ${off.join(", ")}`);
        }
      }
      count(
        "right networks",
        NETWORKS,
        `right backprop as ${name} writes it: ${alarms.length} false alarms on ${NETWORKS} networks, convention read rightly on ${sure - misread.length} of ${sure} that show it`,
      );
      expect(alarms).toEqual([]);
      expect(misread).toEqual([]);
    },
  );
});

it("steps of square layers are right though they are long: how they lie is tried, not guessed by which are shorter", () => {
  const { hand } = styles.find(({ name }) => name === "Haykin")!;
  for (const index of [506, 1018, 1843]) {
    const problem = anyProblem(index);
    const [first, ...others] = problem.sizes;
    expect(others.every((size) => size === first)).toBe(true);
    const steps = hand(backprop(problem));
    expect(handcheck(networkOf(problem), dataOf(problem), steps).verdict, String(index)).toBe("correct");
  }
});

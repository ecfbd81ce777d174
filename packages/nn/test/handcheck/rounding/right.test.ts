// Right backprops copied from printouts, parameters and data as well: none is called wrong, and few are left open.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../../autograd/test/report.ts";
import { sized } from "../../../../autograd/test/size.ts";
import { anyNetwork, compute, float32, float64, typed, type Age } from "./networks.ts";
import { printings, type Printing } from "./printing.ts";
import { anyHabit, judged, submitted } from "./submitted.ts";

const NETWORKS = sized(15, 4200);

/** Of the networks with fresh weights, how many may be left open; of the others, how many of their equations. */
const open: Readonly<Record<Printing, number>> = {
  full: 0,
  float32: 0.02,
  numpy: 0.02,
  "precision=4": 0.04,
  torch: 0.04,
  "3 digits": 0.08,
};
const OPEN_OTHERWISE = 0.1;

interface Tally {
  networks: number;
  undecided: number;
  equations: number;
  open: number;
}

const ageOf = (index: number): Age => (index % 10 === 3 ? "trained" : index % 10 === 7 ? "saturated" : "fresh");

/**
 * Judges networks in one printing, with its texts or with the numbers alone; those that were not called right or
 * undecided.
 */
function tried(
  how: Printing,
  written: boolean,
): { readonly wrong: string[]; readonly fresh: Tally; readonly trained: Tally } {
  const wrong: string[] = [];
  const [fresh, trained] = [0, 1].map((): Tally => ({ networks: 0, undecided: 0, equations: 0, open: 0 })) as [
    Tally,
    Tally,
  ];
  for (let index = 0; index < NETWORKS; index++) {
    const age = ageOf(index);
    const single = how === "float32" || how === "torch" || (index % 5 === 0 && how !== "numpy") || age === "saturated";
    const as = single ? float32 : float64;
    const problem = typed(anyNetwork(index, age), as);
    const habit = { ...anyHabit(index), gradientsAlone: index % 9 === 4 };
    const { verdict, roots, undecided } = judged(submitted(compute(problem, as), how, habit, single), written);
    const tally = age === "fresh" ? fresh : trained;
    tally.networks += 1;
    tally.equations += (habit.gradientsAlone ? 2 : 3) * (problem.sizes.length - 1);
    tally.open += undecided.length;
    if (verdict === "inconclusive") tally.undecided += 1;
    else if (verdict !== "correct")
      wrong.push(
        `${index}: ${age} ${problem.sizes.join("-")} ${problem.activations.slice(1).join(",")} ${problem.cost}: ${verdict} ${roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`,
      );
  }
  return { wrong, fresh, trained };
}

/** No more than the share, but for what chance adds to few. */
const within = (found: number, share: number, of: number): boolean => found <= share * of + 3 * Math.sqrt(share * of);

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

describe("right backprops with every number copied from a printout", () => {
  it.each(
    printings.flatMap(
      (how) =>
        [
          [how, true],
          [how, false],
        ] as const,
    ),
  )("as %s, written %s, are not called wrong", (how, written) => {
    const { wrong, fresh, trained } = tried(how, written);
    count(
      "right networks",
      NETWORKS,
      `all copied, ${how}${written ? "" : ", numbers alone"}: ${wrong.length} of ${NETWORKS} called wrong, ${percent(fresh.undecided, fresh.networks)} undecided; trained or saturated: ${percent(trained.open, trained.equations)} of the equations`,
    );
    expect(wrong).toEqual([]);
    expect(within(fresh.undecided, open[how], fresh.networks)).toBe(true);
    expect(within(trained.open, OPEN_OTHERWISE, trained.equations)).toBe(true);
  });
});

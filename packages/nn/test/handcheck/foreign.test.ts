// Slips that no catalogue has, copied with 4 digits: they are found at their place, and nobody is told a name that they
// have not.
import { describe, expect, it } from "vitest";
import { report as count } from "../../../autograd/test/report.ts";
import { isTried } from "../../../autograd/test/size.ts";
import { handcheck } from "../../src/handcheck/index.ts";
import { Random } from "../../src/index.ts";
import {
  back,
  backprop,
  bp1,
  bp2,
  bp3,
  bp4,
  handOf,
  slopes,
  times,
  type Equation,
  type Rows,
  type Slip,
  type State,
} from "./plain.ts";
import { copied, dataOf, draw, gap, networkOf, OWN, RAGGED, recipe, SQUARE, type Precision } from "./problems.ts";

const right = (s: State, equation: Equation, l: number): Rows =>
  equation === "BP1" ? bp1(s) : equation === "BP2" ? bp2(s, l) : equation === "BP3" ? [bp3(s, l)] : bp4(s, l);

/** What somebody may do to a right result that nobody has written a name for. */
const distortions: readonly (readonly [string, (rows: Rows, random: Random, s: State, l: number) => Rows])[] = [
  ["times 5/7", (rows) => times(rows, () => 5 / 7)],
  ["times −1.37", (rows) => times(rows, () => -1.37)],
  ["noise of a third", (rows, random) => times(rows, () => 1 + 0.3 * random.normal())],
  ["noise of a twentieth", (rows, random) => times(rows, () => 1 + 0.05 * random.normal())],
  ["each entry's size", (rows) => rows.map((row) => row.map(Math.abs))],
  [
    "one entry off",
    (rows) =>
      rows.map((row, n) =>
        row.map((one, j) => (n === 0 && j === 0 ? one + 0.4 * Math.max(...rows.flat().map(Math.abs)) : one)),
      ),
  ],
  ["columns in reverse", (rows) => rows.map((row) => [...row].reverse())],
  ["every other column negative", (rows) => times(rows, (_, j) => (j % 2 === 0 ? -1 : 1))],
];

const gates: readonly (readonly [string, (s: State, l: number) => (n: number, j: number) => number])[] = [
  ["√σ′", (s, l) => (n, j) => Math.sqrt(slopes(s, l)(n, j))],
  ["sin u", (s, l) => (n, j) => Math.sin(s.u[l]![n]![j]!)],
  ["v³", (s, l) => (n, j) => s.v[l]![n]![j]! ** 3],
];

function slips(last: number, random: Random): { readonly label: string; readonly slip: Slip }[] {
  const layers = Array.from({ length: last }, (_, index) => index + 1);
  const all = (["BP1", "BP2", "BP3", "BP4"] as const).flatMap((equation) =>
    layers
      .filter((l) => (equation === "BP1" ? l === last : equation === "BP2" ? l < last : true))
      .flatMap((layer) =>
        distortions.map(([name, change]) => ({
          label: `${name}, ${equation}@${layer}`,
          slip: {
            equation,
            layer,
            wrong: (s: State, l: number) => {
              const rows = change(right(s, equation, l), random, s, l);
              return equation === "BP3" ? rows[0]! : rows;
            },
          },
        })),
      ),
  );
  const hidden = layers
    .filter((l) => l < last)
    .flatMap((layer) =>
      gates.map(([name, gate]) => ({
        label: `${name}, BP2@${layer}`,
        slip: { equation: "BP2" as const, layer, wrong: (s: State, l: number) => times(back(s, l), gate(s, l)) },
      })),
    );
  return [...all, ...hidden];
}

function mistaken(precision: Precision, seeds: number): { astray: string[]; named: string[] } {
  const [astray, named]: [string[], string[]] = [[], []];
  let tried = 0;
  for (let seed = 1; seed <= seeds; seed++)
    for (const sizes of [SQUARE, RAGGED])
      for (const hidden of ["sigmoid", "tanh", "relu"] as const) {
        const problem = draw({ ...recipe("quadratic", sizes, hidden), seed });
        const net = networkOf(problem);
        for (const { label, slip } of slips(sizes.length - 1, new Random("foreign").split(seed))) {
          if (!isTried(40, `${precision} ${seed} ${sizes.join("-")} ${hidden} ${label}`)) continue;
          const [plain, s] = [backprop(problem), backprop(problem, [slip])];
          const part = (of: State): Rows =>
            slip.equation === "BP3"
              ? [of.gradB[slip.layer] as number[]]
              : slip.equation === "BP4"
                ? of.gradW[slip.layer]!
                : of.delta[slip.layer]!;
          // What changes next to nothing is none, and what turns every sign is one that has a name.
          if (
            gap(part(s), part(plain)) < 0.03 ||
            gap(
              part(s),
              times(part(plain), () => -1),
            ) < 0.03
          )
            continue;
          tried += 1;
          const found = handcheck(net, dataOf(problem), { ...copied(handOf(s), precision), convention: OWN });
          const title = `seed ${seed}, ${sizes.join("-")} ${hidden}, ${label}: ${found.roots.map(({ id, equation, layer }) => `${id} ${equation}@${layer}`).join(", ")}`;
          if (
            found.roots.length !== 1 ||
            found.roots[0]!.equation !== slip.equation ||
            found.roots[0]!.layer !== slip.layer
          )
            astray.push(title);
          if (found.roots.some(({ id }) => id !== "unknown")) named.push(title);
        }
      }
  count(
    "planted mistakes",
    tried,
    `slips without a name, ${precision}: ${tried - astray.length} of ${tried} localised, ${named.length} given a name`,
  );
  return { astray, named };
}

describe("a slip that has no name", () => {
  it.each([
    ["float64", 1],
    ["4 digits", 4],
  ] as const)("is found in %s, and is given none", (precision, seeds) => {
    const { astray, named } = mistaken(precision, seeds);
    expect(astray).toEqual([]);
    expect(named).toEqual([]);
  });
});

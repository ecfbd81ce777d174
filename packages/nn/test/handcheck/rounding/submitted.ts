// A right or a wrong backprop with all of its numbers printed, parameters and data included, and what the check says.
import { Random } from "../../../src/index.ts";
import { examine } from "../../../src/handcheck/judge/examine.ts";
import type { Examined } from "../../../src/handcheck/judge/options.ts";
import type { NumberArray } from "../../../src/handcheck/intake/given.ts";
import { lookOfArray, type Look } from "../../../src/handcheck/bounds/look.ts";
import type { Hand } from "../../../src/handcheck/report.ts";
import { byLayer, type Problem, type Rows, type State } from "../plain.ts";
import { networkOf } from "../problems.ts";
import { printed, type Printing } from "./printing.ts";

/** How somebody lays out and scales what they derive. */
export interface Habit {
  readonly turnW: boolean;
  readonly turnDelta: boolean;
  readonly sums: boolean;
  /** δ is left out. */
  readonly gradientsAlone: boolean;
}

export const plainHabit: Habit = { turnW: false, turnDelta: false, sums: false, gradientsAlone: false };

export function anyHabit(index: number): Habit {
  const random = new Random("habit").split(index);
  const [turnW, turnDelta, sums] = [0.3, 0.3, 0.3].map((share) => random.uniform() < share) as [
    boolean,
    boolean,
    boolean,
  ];
  return { turnW, turnDelta, sums, gradientsAlone: false };
}

const turned = (rows: Rows): Rows => rows[0]!.map((_, c) => rows.map((row) => row[c]!));
const rowsOf = ({ data, shape }: NumberArray): Rows =>
  Array.from({ length: shape[0]! }, (_, r) => Array.from(data.subarray(r * shape[1]!, (r + 1) * shape[1]!)));

export interface Submission {
  readonly problem: Problem;
  readonly hand: Hand;
  readonly looks: ReadonlyMap<string, Look>;
}

/** Everything as it is printed. */
export function submitted(
  s: State,
  how: Printing,
  { turnW, turnDelta, sums, gradientsAlone }: Habit,
  single: boolean,
): Submission {
  const looks = new Map<string, Look>();
  const copy = (key: string, rows: Rows): Rows => {
    const array = printed(rows, how, single);
    looks.set(key, lookOfArray(array));
    return rowsOf(array);
  };
  const { problem, N, L } = s;
  const layers = Array.from({ length: L }, (_, index) => index + 1);
  const each = <T>(value: (l: number) => T): T[] => [undefined as T, ...layers.map(value)];
  const times = (rows: Rows, c: number): Rows =>
    rows.map((row) => row.map((x) => (single ? Math.fround(x * c) : x * c)));
  const scale = sums ? N : 1;
  const delta = each((l) => copy(`delta ${l}`, ((rows) => (turnDelta ? turned(rows) : rows))(s.delta[l]!)));
  const gradW = each((l) => copy(`gradW ${l}`, ((rows) => (turnW ? turned(rows) : rows))(times(s.gradW[l]!, scale))));
  // A slip may have made it one number, or a row for each sample.
  const gradB = each((l): number | number[] | Rows => {
    const given = s.gradB[l]!;
    const rows = copy(
      `gradB ${l}`,
      times(
        typeof given === "number" ? [[given]] : Array.isArray(given[0]) ? (given as Rows) : [given as number[]],
        scale,
      ),
    );
    return typeof given === "number" ? rows[0]![0]! : Array.isArray(given[0]) ? rows : rows[0]!;
  });
  const hand: Hand = {
    ...(gradientsAlone ? {} : { delta: byLayer(delta) }),
    gradW: byLayer(gradW),
    gradB: byLayer(gradB),
  };
  const W = [[], ...layers.map((l) => copy(`W ${l}`, problem.W[l]!))];
  const b = [[], ...layers.map((l) => copy(`b ${l}`, [problem.b[l]!])[0]!)];
  return { problem: { ...problem, W, b, x: copy("x", problem.x), t: copy("t", problem.t) }, hand, looks };
}

/** What the check says; `written` where it knows how the numbers were written, and not the numbers alone. */
export function judged(
  { problem, hand, looks }: Submission,
  written: boolean,
  convention: Hand["convention"] = "auto",
): Examined {
  const { activations, sizes, cost, W, b, x, t } = problem;
  const known = { sizes, cost, W, b, x, t, activations: activations.slice(1).map((kind) => kind!) };
  return examine(networkOf(problem), known, { ...hand, convention }, {}, written ? looks : undefined);
}

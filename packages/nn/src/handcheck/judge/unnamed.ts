/** A wrong δ or gradient of a network that no formula of the catalogue gives, in words: of the network's own arrays. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import { throughActivation, type Setting } from "../claims/setting.ts";
import type { Canonical } from "../claims/conventions.ts";
import { bp3, bp4, trueDeltas } from "../claims/local.ts";
import { explain, type Explanation } from "../relations/explain.ts";
import type { Shown } from "../relations/features.ts";
import { named, type Piece } from "../relations/piece.ts";
import type { Surroundings } from "../relations/relations.ts";
import type { Diagnosis } from "../report.ts";
import { deltaName, gradBName, gradWName, raised, slopeText, vName, wName } from "../claims/text.ts";
import { exact, transpose, type Tracked } from "../bounds/tracked.ts";

/** Holds where it is, and what was handed in beside it. */
interface Somewhere {
  readonly equation: Diagnosis["equation"];
  readonly layer: number;
  readonly hand: Canonical;
  /** δ of each layer as it was judged with; `null` where nobody knows it. */
  readonly delta: readonly (Tracked | null | undefined)[];
}

/** A matrix beside the right one, with the rounding of both. */
export function shownOf(yours: Tracked, correct: Tracked): Shown {
  const slack = correct.value.map((_, i) => (yours.error?.[i] ?? 0) + (correct.error?.[i] ?? 0));
  return {
    yours: { data: yours.value, shape: [yours.rows, yours.cols] },
    correct: { data: correct.value, shape: [correct.rows, correct.cols] },
    slack,
  };
}

/** Larger arrays are not combined with each other. */
const LARGE = 2048;

type Is = "input" | "output" | "upstream";

/** An array as a column for each sample, as formulas have it. */
const columns = (text: string, value: Tracked, is: Is = "input"): Piece => ({
  ...named(text, [value.cols, value.rows], [transpose(value).value], is),
  axes: ["ⱼ", "ₙ"],
});
const weights = (text: string, value: Tracked, is: Is = "input"): Piece =>
  named(text, [value.rows, value.cols], [value.value], is);
const biases = (text: string, value: Tracked, is: Is = "input"): Piece => named(text, [value.cols], [value.value], is);

/** σ'(u^l), where that goes entry by entry. */
function slopePiece(setting: Setting, l: number): Piece[] {
  const activation = setting.problem.activations[l - 1]!;
  if (activation === "softmax" || activation === "linear") return [];
  const u = setting.u[l]!;
  return [
    columns(
      slopeText(`u${raised(l)}`),
      throughActivation(setting, l, exact(u.rows, u.cols, new Float64Array(u.value.length).fill(1))),
    ),
  ];
}

const own = ({ u, v }: Setting, l: number): Piece[] => [
  columns(vName(l), v[l]!, "output"),
  columns(`u${raised(l)}`, u[l]!),
];

/** The arrays that the numbers of an equation may be made of. */
function arraysOf(setting: Setting, { equation, layer: l, hand, delta }: Somewhere): Piece[] {
  const { by, v, W, b, t, last } = setting;
  const [here, above] = [delta[l] ?? null, delta[l + 1] ?? null];
  const deltas = here === null ? [] : [columns(deltaName(l), here, "upstream")];
  switch (equation) {
    case "BP1":
      return [...own(setting, l), columns("t", t), ...slopePiece(setting, l), biases(`b${raised(l)}`, b[l]!)];
    case "BP2":
      return [
        ...(above === null
          ? []
          : [
              {
                ...columns(`(${wName(l + 1)})ᵀ ${deltaName(l + 1)}`, by.matmul(above, W[l + 1]!), "upstream"),
                closed: false,
              },
              columns(deltaName(l + 1), above, "upstream"),
            ]),
        ...own(setting, l),
        ...slopePiece(setting, l),
        columns(vName(l - 1), v[l - 1]!),
        weights(wName(l + 1), W[l + 1]!),
        ...(l + 1 < last ? [weights(wName(l), W[l]!)] : []),
      ];
    case "BP3":
      return [
        ...deltas,
        biases(`b${raised(l)}`, b[l]!),
        columns(vName(l), v[l]!, "output"),
        columns(vName(l - 1), v[l - 1]!),
        weights(wName(l), W[l]!),
        ...(hand.gradW[l] === undefined ? [] : [weights(gradWName(l), hand.gradW[l]!, "upstream")]),
      ];
    case "BP4":
    case "REG":
      return [
        ...deltas,
        columns(vName(l - 1), v[l - 1]!),
        ...(l > 1 ? [columns(`u${raised(l - 1)}`, setting.u[l - 1]!)] : []),
        columns(vName(l), v[l]!, "output"),
        weights(wName(l), W[l]!),
        biases(`b${raised(l)}`, b[l]!),
      ];
    default:
      return [];
  }
}

/** Right gradients of other names. */
function othersOf(setting: Setting, { equation, layer }: Somewhere): Piece[] {
  const others = trueDeltas(setting).flatMap((value, l): (readonly [string, number, Piece])[] => [
    ["δ", l, columns(`the right ${deltaName(l)}`, value)],
    ["W", l, weights(`the right ${gradWName(l)}`, bp4(setting, l, value))],
    ["b", l, biases(`the right ${gradBName(l)}`, bp3(setting, value))],
  ]);
  const kind = equation === "BP3" ? "b" : equation === "BP1" || equation === "BP2" ? "δ" : "W";
  return others.flatMap(([of, l, piece]) => (l === layer && of === kind ? [] : [piece]));
}

function surroundingsOf(setting: Setting, at: Somewhere, { data }: Shown["yours"]): Surroundings | null {
  const arrays = arraysOf(setting, at).filter(({ values }) => values[0]!.length <= LARGE);
  if (data.length > LARGE || arrays.length === 0) return null;
  return {
    arrays,
    linear: false,
    legend: [],
    times: " ⊙ ",
    others: othersOf(setting, at).filter(({ values }) => values[0]!.length <= LARGE),
  };
}

/** The numbers as they stand beside these arrays: samples in columns, a bias as a column. */
function turned(yours: Tracked, correct: Tracked, equation: Diagnosis["equation"]): Shown {
  const shown = shownOf(yours, correct);
  if (equation === "BP4" || equation === "REG" || yours.rows !== correct.rows || yours.cols !== correct.cols)
    return shown;
  const slack = transpose(exact(correct.rows, correct.cols, shown.slack)).value;
  const shape = equation === "BP3" && correct.rows === 1 ? [correct.cols] : [correct.cols, correct.rows];
  return { yours: { data: transpose(yours).value, shape }, correct: { data: transpose(correct).value, shape }, slack };
}

/** Returns what to hand in as well. */
function narrower({ layer: l, hand }: Somewhere): Words | null {
  if (hand.delta[l] === undefined) return judging.alsoDelta({ name: deltaName(l) });
  if (hand.u[l] !== undefined && hand.v[l] !== undefined) return null;
  return judging.alsoSteps({ layer: raised(l), name: vName(l) });
}

/** The words for a root without a name. */
export function unnamed(setting: Setting, at: Somewhere, yours: Tracked, correct: Tracked): Explanation {
  const name =
    at.equation === "BP3"
      ? gradBName(at.layer)
      : at.equation === "BP1" || at.equation === "BP2"
        ? deltaName(at.layer)
        : gradWName(at.layer);
  const { samples, outputs } = setting;
  const plain = shownOf(yours, correct);
  return explain({
    name,
    probes: [turned(yours, correct, at.equation)],
    telling: plain,
    surroundings: surroundingsOf(setting, at, plain.yours),
    meanings: { samples, outputs },
    narrower: narrower(at),
  });
}

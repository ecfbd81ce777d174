/** The numbers behind a report, yours and the right ones in one layout, for the maps of the page. */

import { normalize } from "../claims/conventions.ts";
import { readHand } from "../claims/hand.ts";
import { bp1, bp2, bp3, bp4, regularized } from "../claims/local.ts";
import type { Compared } from "../report/of-network.ts";
import type { Hand, Line, Report } from "../report.ts";
import { settle, type Problem } from "../claims/setting.ts";
import { sameShape, toRows, type Tracked } from "../bounds/tracked.ts";

/** Every tensor that the report has a line for and that was handed in with a shape that fits. */
export function tensorsOf(problem: Problem, hand: Hand, report: Report): Compared[] {
  const { used } = report.convention;
  const last = problem.sizes.length - 1;
  const setting = settle(problem, { lambda: hand.lambda });
  const yours = normalize(readHand(hand, last, used.layerBase), used, setting);
  const fitting = (given: Tracked | undefined, like: Tracked): Tracked | null =>
    given !== undefined && sameShape(given, like) ? given : null;

  /** δ as it should be, and as everything below it was computed from. */
  const truth: Tracked[] = [];
  const local: Tracked[] = [];
  const own: Tracked[] = [];
  for (let l = last; l >= 1; l--) {
    truth[l] = l === last ? bp1(setting) : bp2(setting, l, truth[l + 1]!);
    local[l] = l === last ? truth[l]! : bp2(setting, l, own[l + 1]!);
    own[l] = fitting(yours.delta[l], truth[l]!) ?? local[l]!;
  }
  const compare = ({ equation, layer, status }: Line): Compared[] => {
    // A root is wrong by what it was given; what it passes on is wrong by the truth.
    const delta = status === "root" ? own[layer]! : truth[layer]!;
    const [given, correct] =
      equation === "BP1" || equation === "BP2"
        ? [yours.delta[layer], (status === "root" ? local : truth)[layer]!]
        : equation === "BP3"
          ? [yours.gradB[layer], bp3(setting, delta)]
          : [yours.gradW[layer], regularized(setting, layer, bp4(setting, layer, delta))];
    const fits = fitting(given, correct);
    return fits === null ? [] : [{ equation, layer, yours: toRows(fits), correct: toRows(correct) }];
  };
  return report.lines.filter(({ equation, layer }) => /^BP[1-4]$/.test(equation) && layer > 0).flatMap(compare);
}

/** A level or a seed, posed, and as much of the report as is asked for. */

import { reportPart, type Hints, type Language } from "@chainrule/nn/handcheck";
import { levels } from "../../levels/levels.ts";
import { poseLevel, poseSeed, type Posed, type Puzzle } from "../../levels/puzzle.ts";

export interface FindAsked {
  /** A seed, or the key of a level. */
  readonly seed: number | null;
  readonly level: string;
  readonly hints: Hints;
}

export interface FindTold {
  readonly puzzle: Puzzle;
  /** The report, with no more than the hints allow. */
  readonly html: string;
}

/** The last one: hints ask for more of the same. */
let last: { readonly key: string; readonly posed: Posed } | null = null;

function posed({ seed, level }: FindAsked): Posed {
  const key = `${level} ${seed}`;
  if (last?.key === key) return last.posed;
  const made = seed === null ? poseLevel(levels.find((one) => one.key === level)!) : poseSeed(seed);
  last = { key, posed: made };
  return made;
}

export function find(asked: FindAsked, lang: Language): FindTold {
  const { puzzle, report, tensors } = posed(asked);
  const { hints } = asked;
  return { puzzle, html: hints === 0 ? "" : reportPart(report, { lang, hints, tensors: hints === 3 ? tensors : [] }) };
}

/** A published slip as the check judges it now. */

import { reportPart, type Language } from "@chainrule/nn/handcheck";
import { levels } from "../../levels/levels.ts";
import { poseLevel, type Puzzle } from "../../levels/puzzle.ts";

export interface GalleryAsked {
  /** The key of the level that shows it. */
  readonly level: string;
}

export interface GalleryTold {
  readonly puzzle: Puzzle;
  readonly html: string;
}

export function gallery({ level }: GalleryAsked, lang: Language): GalleryTold {
  const { puzzle, report } = poseLevel(levels.find((one) => one.key === level)!);
  return { puzzle, html: reportPart(report, { lang, hints: 3 }) };
}

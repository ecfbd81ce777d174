/** A published slip as the check judges it now. */

import { reportPart, type Language } from "@chainrule/nn/handcheck";
import { judgeKernel } from "../../levels/kernels.ts";
import { levels } from "../../levels/levels.ts";
import { published } from "../../levels/published.ts";
import { poseLevel, type Puzzle } from "../../levels/puzzle.ts";
import { isKernel, type ExhibitName } from "./exhibits.ts";

export interface GalleryAsked {
  readonly name: ExhibitName;
}

export interface GalleryTold {
  /** Of a network: its lines, and how each fares. */
  readonly puzzle: Puzzle | null;
  readonly html: string;
}

export function gallery({ name }: GalleryAsked, lang: Language): GalleryTold {
  if (isKernel(name)) return { puzzle: null, html: judgeKernel(name).toPart({ lang }) };
  const { puzzle, report } = poseLevel(levels.find(({ key }) => key === published[name].level)!);
  return { puzzle, html: reportPart(report, { lang, hints: 3 }) };
}

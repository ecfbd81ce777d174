/** What the work of either kind is shown with. */

import type { HandedFile } from "@chainrule/nn/handcheck";
import type { Judged } from "../editor/marks.ts";
import type { State } from "../state/state.ts";
import type { Change } from "../state/use-state.ts";
import type { PageWords } from "../words/en.ts";
import type { Answer } from "../worker/protocol.ts";

export interface WorkProps {
  readonly state: State;
  readonly epoch: number;
  readonly change: Change;
  readonly words: PageWords;
  readonly judged: Judged;
  readonly answer: Answer | null;
  /** Files that were dropped; `null` where they are another tab's. */
  readonly files: readonly HandedFile[] | null;
}

/** The address of what is shown. */
export const link = (): string => location.href;

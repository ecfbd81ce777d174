/** What each of the three is given. */

import type { Language } from "@chainrule/nn/handcheck";
import type { PageWords } from "../../words/en.ts";
import type { en } from "./words/en.ts";

export interface PaneProps {
  readonly lang: Language;
  readonly words: PageWords;
  readonly own: typeof en;
  /** What it keeps in the address; nothing at first. */
  readonly kept: string | undefined;
  readonly keep: (kept: string | undefined, step?: boolean) => void;
  readonly epoch: number;
}

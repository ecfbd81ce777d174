/** What every renderer takes: the sections of a derivation with the network and the words that they are about. */

import type { Bilingual, Section } from "./language/ast.ts";
import type { Subject } from "./language/subject.ts";

/** The language of a text: English or Chinese. */
export type Language = "en" | "zh";

export interface Derived {
  readonly title: Bilingual;
  readonly sections: readonly Section[];
  readonly subject: Subject;
  readonly language: Language;
}

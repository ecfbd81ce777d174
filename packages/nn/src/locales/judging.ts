/** Sentences about what was judged: conventions, doubts, what data cannot show. */

import { judging as en } from "./en/judging.ts";
import { spoken } from "./words.ts";
import { judging as zh } from "./zh/judging.ts";

export const judging = /* @__PURE__ */ spoken(en, zh);

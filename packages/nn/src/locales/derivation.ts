/** Sentences of derivations; formulas stand among the words where they are put in. */

import { derivation as en } from "./en/derivation.ts";
import { spoken } from "./words.ts";
import { derivation as zh } from "./zh/derivation.ts";

export const derivation = /* @__PURE__ */ spoken(en, zh);

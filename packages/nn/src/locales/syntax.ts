/** Sentences about formulas that cannot be read. */

import { syntax as en } from "./en/syntax.ts";
import { spoken } from "./words.ts";
import { syntax as zh } from "./zh/syntax.ts";

export const syntax = /* @__PURE__ */ spoken(en, zh);

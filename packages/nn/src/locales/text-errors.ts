/** Sentences about a text that cannot be read as arrays: JSON, lists, printouts. */

import { textErrors as en } from "./en/text-errors.ts";
import { spoken } from "./words.ts";
import { textErrors as zh } from "./zh/text-errors.ts";

export const textErrors = /* @__PURE__ */ spoken(en, zh);

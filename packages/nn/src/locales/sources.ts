/** Sentences about files, printouts and programs that arrays were read from. */

import { sources as en } from "./en/sources.ts";
import { spoken } from "./words.ts";
import { sources as zh } from "./zh/sources.ts";

export const sources = /* @__PURE__ */ spoken(en, zh);

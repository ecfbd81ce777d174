/** Sentences about programs that cannot be run, or give what cannot be used. */

import * as en from "./en/program-errors.ts";
import { spoken } from "./words.ts";
import * as zh from "./zh/program-errors.ts";

export const programErrors = /* @__PURE__ */ spoken(en.programErrors, zh.programErrors);

export const unreadable = /* @__PURE__ */ spoken(en.unreadable, zh.unreadable);

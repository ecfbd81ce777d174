/** Sentences about how the command was called, and what it says of its own work on the way. */

import * as en from "./en/usage-errors.ts";
import { spoken } from "./words.ts";
import * as zh from "./zh/usage-errors.ts";

export const usageErrors = /* @__PURE__ */ spoken(en.usageErrors, zh.usageErrors);

export const progress = /* @__PURE__ */ spoken(en.progress, zh.progress);

/** Sentences about what a module exports, and what its functions give, that cannot be judged. */

import * as en from "./en/export-errors.ts";
import { spoken } from "./words.ts";
import * as zh from "./zh/export-errors.ts";

export const exportErrors = /* @__PURE__ */ spoken(en.exportErrors, zh.exportErrors);

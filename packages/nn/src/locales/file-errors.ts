/** Sentences about tables, archives and sets of files that cannot be read. */

import { fileErrors as en } from "./en/file-errors.ts";
import { spoken } from "./words.ts";
import { fileErrors as zh } from "./zh/file-errors.ts";

export const fileErrors = /* @__PURE__ */ spoken(en, zh);

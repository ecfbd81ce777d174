/** Sentences about what came in: names, layers, sizes, numbers that are missing or do not fit. */

import { intake as en } from "./en/intake.ts";
import { spoken } from "./words.ts";
import { intake as zh } from "./zh/intake.ts";

export const intake = /* @__PURE__ */ spoken(en, zh);

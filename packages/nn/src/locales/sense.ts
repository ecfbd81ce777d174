/** Sentences about what formulas mean: names, layers, indices, shapes. */

import { sense as en } from "./en/sense.ts";
import { spoken } from "./words.ts";
import { sense as zh } from "./zh/sense.ts";

export const sense = /* @__PURE__ */ spoken(en, zh);

/** Sentences about a kernel by hand and of its manners. */

import { kernels as en } from "./en/kernels.ts";
import { spoken } from "./words.ts";
import { kernels as zh } from "./zh/kernels.ts";

export const kernels = /* @__PURE__ */ spoken(en, zh);

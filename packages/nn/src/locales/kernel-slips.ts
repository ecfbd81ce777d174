/** The mistakes of kernels, family by family. */

import { kernelSlips as en } from "./en/kernel-slips.ts";
import { spoken } from "./words.ts";
import { kernelSlips as zh } from "./zh/kernel-slips.ts";

export const kernelSlips = /* @__PURE__ */ spoken(en, zh);

/** The mistakes of networks by their ids. */

import { networkSlips as en } from "./en/network-slips.ts";
import { spoken } from "./words.ts";
import { networkSlips as zh } from "./zh/network-slips.ts";

export const networkSlips = /* @__PURE__ */ spoken(en, zh);

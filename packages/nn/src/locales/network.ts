/** How activations and costs are called; a page that does not call them leaves them out. */

import * as en from "./en/network.ts";
import { spoken } from "./words.ts";
import * as zh from "./zh/network.ts";

export const namesOfActivations = /* @__PURE__ */ spoken(en.namesOfActivations, zh.namesOfActivations);

export const namesOfCosts = /* @__PURE__ */ spoken(en.namesOfCosts, zh.namesOfCosts);

export const phrasesOfCosts = /* @__PURE__ */ spoken(en.phrasesOfCosts, zh.phrasesOfCosts);

export const additions = /* @__PURE__ */ spoken(en.additions, zh.additions);

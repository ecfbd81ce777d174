/** Sentences about the backward pass of a graph. */

import { graphs as en } from "./en/graphs.ts";
import { spoken } from "./words.ts";
import { graphs as zh } from "./zh/graphs.ts";

export const graphs = /* @__PURE__ */ spoken(en, zh);

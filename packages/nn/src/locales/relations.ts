/** Sentences about how two gradients differ. */

import { relations as en } from "./en/relations.ts";
import { spoken } from "./words.ts";
import { relations as zh } from "./zh/relations.ts";

export const relations = /* @__PURE__ */ spoken(en, zh);

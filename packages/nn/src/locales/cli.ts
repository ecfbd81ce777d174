/** Sentences of the command about files, calls and references. */

import { cli as en } from "./en/cli.ts";
import { spoken } from "./words.ts";
import { cli as zh } from "./zh/cli.ts";

export const cli = /* @__PURE__ */ spoken(en, zh);

/** The table of a class and what stands below it, by language. */

import { classes as en } from "./en/classes.ts";
import type { Language } from "./words.ts";
import { classes as zh } from "./zh/classes.ts";

export const classes: Readonly<Record<Language, typeof en>> = { en, zh };

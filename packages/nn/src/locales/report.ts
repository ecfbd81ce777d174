/** Sentences of reports, by language and key. */

import { en } from "./en/report.ts";
import type { Language } from "./words.ts";
import { zh } from "./zh/report.ts";

export const locales: Readonly<Record<Language, typeof en>> = { en, zh };

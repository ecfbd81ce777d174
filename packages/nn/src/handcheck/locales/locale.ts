/** The languages of reports and derivations. */

import { en } from "./en.ts";
import { zh } from "./zh.ts";

/** A language by its short name: English or Chinese. */
export type Language = "en" | "zh";

/** What is said, by language and key. */
export const locales: Readonly<Record<Language, typeof en>> = { en, zh };

/** Marks in one of the forms that somebody else's program reads. */

import type { formatNames } from "../usage.ts";
import type { Judged } from "./judged.ts";

export type Format = (typeof formatNames)[number];

/** Where marks go, and in which form: `-` is stdout. */
export interface Marks {
  readonly format: Format;
  readonly path: string;
}

/** The text of a form; only the writer that is asked for is loaded. */
export async function marksText(format: Format, all: readonly Judged[], begun: Date): Promise<string> {
  switch (format) {
    case "csv": return (await import("./csv.ts")).csv(all);
    case "junit": return (await import("./junit.ts")).junit(all, begun);
    case "gradescope": return (await import("./gradescope.ts")).gradescope(all);
    case "github": return (await import("./github.ts")).github(all);
  }
}

/** Marks in one of the forms that somebody else's program reads. */

import type { formatNames } from "../usage.ts";
import type { Beside } from "./json.ts";
import type { Judged } from "./judged.ts";

export type Format = (typeof formatNames)[number];

/** The place of marks, and their form: `-` is stdout. */
export interface Marks {
  readonly format: Format;
  readonly path: string;
}

/** The exit status of several is that of the worst: what could not be judged, then what is wrong, then what is open. */
const worstFirst: readonly number[] = [70, 3, 2, 1, 4];

export const worst = (all: readonly Judged[]): number =>
  worstFirst.find((status) => all.some(({ exit }) => exit === status)) ?? 0;

/** The text of a form; only the writer that is asked for is loaded. */
export async function marksText(
  format: Format,
  all: readonly Judged[],
  begun: Date,
  beside: Beside = { same: [], leftOut: [] },
): Promise<string> {
  switch (format) {
    case "json":
      return (await import("./json.ts")).json(all, worst(all), beside);
    case "csv":
      return (await import("./csv.ts")).csv(all);
    case "junit":
      return (await import("./junit.ts")).junit(all, begun);
    case "gradescope":
      return (await import("./gradescope.ts")).gradescope(all);
    case "github":
      return (await import("./github.ts")).github(all);
  }
}

/** Marks as the commands by which GitHub's runner annotates a commit: at the person's line where it is known. */

import type { Judged } from "./judged.ts";

const escapedText = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

/** Escapes in a property what would end it as well. */
const escapedProperty = (text: string): string => escapedText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly line: number | null;
  readonly column: number | null;
  readonly title: string;
  readonly says: string;
}

/** Lists what is wrong or open in a file; a notice where all of it is right. */
function annotationsOf({ equations, verdict, place, reasons, sentence }: Judged): Annotation[] {
  const at = { line: place?.line ?? null, column: place?.column ?? null };
  const found = equations
    .filter(({ fate }) => fate !== "gained")
    .map(({ title, id, fate, says, line }): Annotation => ({
      level: fate === "open" ? "warning" : "error",
      ...(line === null ? at : { line, column: null }),
      title: `${title}${id === null ? "" : ` [${id}]`}`,
      says: says.join("\n"),
    }));
  if (found.length > 0) return found;
  const level = verdict === "correct" ? "notice" : verdict === "inconclusive" ? "warning" : "error";
  return [{ level, ...at, title: "chainrule check", says: level === "notice" ? sentence : reasons.join("\n") }];
}

/** One command a line. */
export function github(all: readonly Judged[]): string {
  return all
    .flatMap((one) =>
      annotationsOf(one).map(({ level, line, column, title, says }) => {
        const properties = [
          ["file", one.path],
          ["line", line],
          ["col", column],
          ["title", title],
        ] as const;
        const written = properties.flatMap(([name, value]) =>
          value === null ? [] : [`${name}=${escapedProperty(String(value))}`],
        );
        return `::${level} ${written.join(",")}::${escapedText(says)}\n`;
      }),
    )
    .join("");
}

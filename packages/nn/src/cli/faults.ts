/** Turns what user code throws into its message and its line, without a frame of ours. */

import { pathToFileURL } from "node:url";
import { SourceError } from "../handcheck/intake/given.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { alike, type Words } from "../locales/words.ts";
import type { Fault } from "./job.ts";

const both = (en: string, zh = en): Words => ({ en, zh });

/** The words of a fault, in each language; what Node and user code say is as it is in both. */
export const wordsOfFault = ({
  message,
  zh,
  advice,
  adviceZh,
}: Fault): { readonly says: Words; readonly advises: Words } => ({
  says: both(message, zh),
  advises: both(advice, adviceZh),
});

/** The first place of the file in a stack, or at the head of what a parser says. */
export function placeIn(text: string, file: string): { readonly line: number; readonly column: number } | null {
  for (const name of [pathToFileURL(file).href, file]) {
    let at = text.indexOf(name);
    while (at >= 0) {
      const found = /^(?:\?[^:\s)]*)?:(\d+)(?::(\d+))?/.exec(text.slice(at + name.length));
      if (found !== null) return { line: Number(found[1]), column: found[2] === undefined ? 1 : Number(found[2]) };
      at = text.indexOf(name, at + 1);
    }
  }
  return null;
}

/** A thrown value in a line: people throw strings, too. What an error says is as it is in each language. */
export function messageOf(thrown: unknown): Words {
  if (!(thrown instanceof Error) && !(typeof thrown === "object" && thrown !== null && "message" in thrown))
    return exportErrors.throws({ what: typeof thrown === "string" ? JSON.stringify(thrown) : String(thrown) });
  return alike(lineOf(thrown as Error));
}

function lineOf(thrown: Error): string {
  const { name, message } = thrown;
  // A parser puts the place first, and more lines behind; the place is said apart.
  const [first = ""] = message.split("\n").filter((line) => !/^Transform failed|^\s*$/.test(line));
  const bare = first.replace(/^.*?:\d+:\d+: (?:ERROR|error): /, "");
  return name === undefined || name === "Error" || bare.startsWith(name) || name === "TransformError"
    ? name === "TransformError"
      ? `SyntaxError: ${bare}`
      : bare
    : `${name}: ${bare}`;
}

/** Makes of what user code threw a fault of its file. */
export function faultOf(thrown: unknown, file: string | null): Fault {
  if (thrown instanceof Refusal) {
    const [first, ...also] = thrown.says;
    return { message: first?.en ?? "", zh: first?.zh ?? "", advice: "", file, line: null, column: null, also };
  }
  if (thrown instanceof SourceError) return faultSaying(thrown.says, thrown.advises, file, thrown.place);
  const text = thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ""}` : "";
  const place = file === null ? null : placeIn(text, file);
  return faultSaying(messageOf(thrown), alike(""), file, place);
}

/** A fault in these words. */
export const faultSaying = (says: Words, advises: Words, file: string | null, place: SourceError["place"]): Fault => ({
  message: says.en,
  ...(says.zh === says.en ? {} : { zh: says.zh }),
  advice: advises.en,
  ...(advises.zh === advises.en ? {} : { adviceZh: advises.zh }),
  file,
  line: place?.line ?? null,
  column: place?.column ?? null,
});

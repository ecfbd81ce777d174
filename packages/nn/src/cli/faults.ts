/** Turns what user code throws into its message and its line, without a frame of ours. */

import { pathToFileURL } from "node:url";
import { SourceError } from "../handcheck/intake/given.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { alike, type Words } from "../locales/words.ts";
import type { Fault } from "./job.ts";

/** Work that cannot be judged: the words are for the person who wrote it. */
export class FaultError extends Error {
  readonly advice: string;
  readonly place: { readonly line: number; readonly column: number } | null;

  constructor(message: string, advice: string, place: FaultError["place"] = null) {
    super(message);
    this.name = "FaultError";
    this.advice = advice;
    this.place = place;
  }
}

/** The words of an error for a person, and the advice: what our own command says of a call is in English. */
export const wordsOf = (error: SourceError | FaultError): { readonly says: Words; readonly advises: Words } =>
  error instanceof SourceError
    ? { says: error.says, advises: error.advises }
    : { says: alike(error.message), advises: alike(error.advice) };

const both = (en: string, zh = en): Words => ({ en, zh });

/** The words of a fault, in each language; what Node and user code say is as it is in both. */
export const wordsOfFault = ({ message, zh, advice, adviceZh }: Fault): ReturnType<typeof wordsOf> => ({
  says: both(message, zh),
  advises: both(advice, adviceZh),
});

/** Seen in the worker, but a matter of how the command was called. */
export class UsageFault extends Error {
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}

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

/** A thrown value in a line: people throw strings, too. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error) && !(typeof thrown === "object" && thrown !== null && "message" in thrown))
    return `it throws ${typeof thrown === "string" ? JSON.stringify(thrown) : String(thrown)}`;
  const { name, message } = thrown as Error;
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
export function faultOf(thrown: unknown, file: string | null, advice = ""): Fault {
  if (thrown instanceof Refusal) {
    const [first, ...also] = thrown.says;
    return { message: first?.en ?? "", zh: first?.zh ?? "", advice: "", file, line: null, column: null, also };
  }
  if (thrown instanceof FaultError || thrown instanceof SourceError) {
    const { says, advises } = wordsOf(thrown);
    return {
      message: says.en,
      ...(says.zh === says.en ? {} : { zh: says.zh }),
      advice: advises.en,
      ...(advises.zh === advises.en ? {} : { adviceZh: advises.zh }),
      file,
      line: thrown.place?.line ?? null,
      column: thrown.place?.column ?? null,
    };
  }
  const text = thrown instanceof Error ? `${thrown.message}\n${thrown.stack ?? ""}` : "";
  const place = file === null ? null : placeIn(text, file);
  return { message: messageOf(thrown), advice, file, line: place?.line ?? null, column: place?.column ?? null };
}

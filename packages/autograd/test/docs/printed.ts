/**
 * The ```text blocks of Markdown pages. The fence says where a block comes from:
 *
 *     ```text $ npx pnpm@10 start      what a command prints; a line "…" stands for any lines
 *     ```text = String(x)              the text of an expression, behind the example above the block
 *     ```text throws f(x)              the message of an error that an expression throws there
 *     ```text no-run                   what nothing prints: a listing, a formula
 */

import { readFileSync } from "node:fs";
import { relative } from "node:path";

export interface Block {
  readonly place: string;
  /** `$`, `=`, `throws`, `no-run`; what else stands there is no way to make it. */
  readonly kind: string;
  /** The command or the expression. */
  readonly source: string;
  readonly text: string;
  /** The nearest example above it on the page that declares what the expression begins with; else the nearest. */
  readonly example: string;
  /** The nearest file above it in JavaScript, Python or text, which a command may read. */
  readonly file: string;
}

/** The ```text blocks of a page. */
export function textBlocks(path: string, root: string): Block[] {
  const page = readFileSync(path, "utf8");
  return [...page.matchAll(/^```text(?: (\S+)(?: (.*))?)?\n([\s\S]*?)^```$/gm)].map((match) => {
    const before = page.slice(0, match.index);
    const examples = [...before.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
    const declaration = new RegExp(`\\b(?:const|let|function) ${/^\w*/.exec(match[2] ?? "")![0]}\\b`);
    return {
      place: `${relative(root, path)}:${before.split("\n").length}`,
      kind: match[1] ?? "",
      source: match[2] ?? "",
      text: match[3]!,
      file: [...before.matchAll(/^```(?:js|py|txt)\n([\s\S]*?)^```$/gm)].at(-1)?.[1] ?? "",
      example: examples.findLast((code) => declaration.test(code)) ?? examples.at(-1) ?? "",
    };
  });
}

/**
 * Text without what differs from run to run and from machine to machine, and without the widths that follow from it.
 */
export const masked = (text: string): string =>
  text
    .replace(/\d[\d.,]*[ \t]*(?:ns|µs|ms|s|min)(?![\p{L}\d])(?: +\d+ %)?/gu, "TIME")
    .replace(/\b\d{4}-\d\d-\d\d\b/g, "DATE")
    .replace(/\bNode v?\d+(?:\.\d+)*/g, "NODE")
    .replace(/\bcode \d+ B\b/g, "code BYTES")
    .replace(/\S+\.(?:[cm]?[jt]s|md):\d+:\d+/g, "PLACE")
    .replace(/[─═]+/g, "─")
    .replace(/[ \t]+/g, " ")
    .replace(/^ | $/gm, "")
    .trim();

/**
 * What a page shows and did not come: the first lines of its first part that is not printed; `null` where all of it is.
 */
export function missingFrom(printed: string, shown: string): string | null {
  const whole = `\n${masked(printed)}\n`;
  const parts = `\n${masked(shown)}\n`.split(/(?<=\n)…\n/);
  let at = 0;
  for (const [k, part] of parts.entries()) {
    const wanted = k === 0 ? part : `\n${part}`;
    const found = part === "\n" || part === "" ? at : whole.indexOf(wanted, k === 0 ? 0 : Math.max(0, at - 1));
    // The first part begins the text and the last one ends it, where no line of dots says otherwise.
    if (
      found < 0 ||
      (k === 0 && found > 0) ||
      (k === parts.length - 1 && part !== "" && found + wanted.length !== whole.length)
    )
      return part.trim();
    at = found + wanted.length;
  }
  return null;
}

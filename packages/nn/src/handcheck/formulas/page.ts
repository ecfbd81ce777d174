/** A text as people hand it in: what is formula and what is prose, heading, label, fence or code around it. */

import { sense } from "../../locales/sense.ts";
import type { Words } from "../../locales/words.ts";
import { definitionsIn, type Definition } from "./definitions.ts";
import { headingIn } from "./heading.ts";
import { stop, type Problem, type Span } from "./problem.ts";

/** A text, taken apart. */
interface Page {
  /** The text with blanks for everything that is no formula: every place stays what it was. */
  readonly text: string;
  readonly definitions: readonly Definition[];
  /** Lines that look like work and are not used. */
  readonly notes: readonly Problem[];
}

/** Code around formulas: loops, printing, imports, and what comes back. */
const statement =
  /^\s*(?:import\b|from\s+\w+\s+import\b|for\b|while\b|if\b|elif\b|else\b|try\b|print|printf|fprintf|disp\b|plt\.|class\b|def\b|with\b|assert\b|return\b|end(?:for|if|function|while)?\b|function\b|pass\b|global\b|clear\b|clc\b|close\b|(?:np|numpy)\.random\.seed|torch\.manual_seed|random\.seed|optimizer\.|np\.testing|\w+(?:\s*,\s*\w+)+\s*=)/;
/** Data and parameters as numbers, or drawn: the check has its own. */
const data =
  /^\s*[\w.[\]'"]+\s*=\s*(?:[-\d.e]+\s*\*\s*)?\(?(?:(?:np|numpy|torch|jnp|rng|random|self\.rng)\.(?:random\b|array\(\s*\[|zeros|ones|empty|rand|randn|normal|uniform|loadtxt|tensor\(\s*\[|eye|arange|linspace|full|default_rng)|(?:rand|randn|zeros|ones|load|csvread)\(|\[\s*[[\d;]|\[\s*\]|\{\s*\}|dict\()/;

const isBlank = (line: string): boolean => line.trim() === "" || /^\s*(?:#|%|\/\/)/.test(line);
const hasSign = (line: string): boolean => /=|←|≔|<-|≈|\\(?:leftarrow|gets|approx|coloneqq)/.test(line);
const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** Takes a text apart. */
export function pageOf(text: string): Page {
  const notes: Problem[] = [];
  const unused: Unused = (span, says) => {
    notes.push({ kind: "syntax", ...span, says, unused: hasSign(text.slice(span.start, span.end)) });
  };
  const dollars = inDollars(text);
  let rest = dollars.includes("$") ? withoutProse(dollars, unused) : dollars;
  rest = withoutOnes(inFences(rest, unused), unused);
  const { text: without, definitions } = definitionsIn(rest);
  return { text: byLine(without, unused), definitions, notes };
}

/**
 * `\[…\]` and `\(…\)` as what they are short for, and formulas of an environment that stands among prose; every place
 * stays.
 */
function inDollars(text: string): string {
  const paired = text.replace(/\\\[([\s\S]*?)\\\]/g, "$$$$$1$$$$").replace(/\\\(([\s\S]*?)\\\)/g, "$$ $1 $$");
  return paired.includes("$")
    ? paired.replace(
        /(\\begin\{(?:align|equation|gather|eqnarray|multline|displaymath|split|aligned)\*?\})([\s\S]*?)(\\end\{)/g,
        inEnvironment,
      )
    : paired;
}

/** A formula of an environment with the dollars that are not written there, in the blanks of its frame. */
const inEnvironment = (whole: string, begin: string, inner: string, end: string): string =>
  inner.includes("$") ? whole : `$$${" ".repeat(begin.length - 2)}${inner}$$${" ".repeat(end.length - 2)}`;

/**
 * `[ones(m,1) X]` is X with what the bias is multiplied by; biases are judged where they stand alone, W without its
 * column.
 */
function withoutOnes(text: string, unused: Unused): string {
  const column =
    /\[\s*(?:ones\s*\((?:[^()]|\([^()]*\))*\)|1)\s*[,;\s]\s*((?:[^[\]()]|\((?:[^()]|\([^()]*\))*\))+?)\s*\]/g;
  const back = /^[ \t]*(?:delta|d)_?\{?\d.*=.*(?:Theta|theta|Θ|W|w)_?\d.*$/m.exec(text);
  return text.replace(column, (whole, inner: string, at: number) => {
    if (!/[A-Za-z]/.test(inner)) return whole;
    // A hidden layer has no error for its 1.
    if (
      back !== null &&
      !/^(?:x|X|\w*[xX]\([^)]*\)'?|inputs?|data)$/.test(inner) &&
      !/2\s*:\s*(?:end|$)|\b1\s*:|1:\]/m.test(text)
    ) {
      stop("shape", { start: back.index, end: back.index + back[0].length }, sense.biasOfDelta);
    }
    unused({ start: at, end: at + whole.length }, sense.onesLeftOut);
    const lead = whole.lastIndexOf(inner);
    return `${" ".repeat(lead)}${inner}${" ".repeat(whole.length - lead - inner.length)}`;
  });
}

type Unused = (span: Span, says: Words) => void;

const notUsed = (unused: Unused, start: number, line: string): void => {
  const lead = line.length - line.trimStart().length;
  unused({ start: start + lead, end: start + line.trimEnd().length }, sense.lineNotUsed);
};

/** If a text has `$`, everything outside of `$…$` is prose; so are single symbols within, which prose is full of. */
function withoutProse(text: string, unused: Unused): string {
  // Between fences stands code, which knows no dollars.
  const fenced = fences(text);
  let kept = "";
  let at = 0;
  const prose = (end: number): void => {
    const from = text.slice(at, end);
    kept += fenced.length === 0 ? blank(from) : from;
    if (fenced.length > 0) return;
    let start = at;
    for (const line of from.split("\n")) {
      if (/(?<![=<>!])=(?!=)/.test(line) && !isBlank(line)) notUsed(unused, start, line);
      start += line.length + 1;
    }
  };
  for (;;) {
    const open = text.indexOf("$", at);
    if (open < 0) break;
    const width = text[open + 1] === "$" ? 2 : 1;
    const close = text.indexOf("$", open + width);
    if (close < 0) stop("syntax", { start: open, end: open + width }, sense.dollarAlone);
    prose(open);
    const end = close + (text[close + 1] === "$" && width === 2 ? 2 : 1);
    const inner = text.slice(open + width, close);
    kept += hasSign(inner)
      ? `$${" ".repeat(width - 1)}${inner}$${" ".repeat(end - close - 1)}`
      : blank(text.slice(open, end));
    at = end;
  }
  prose(text.length);
  return kept;
}

/** Markdown fences: each as its lines from the first of the fence to the last. */
function fences(text: string): readonly Span[] {
  const found: Span[] = [];
  let open: number | null = null;
  let start = 0;
  for (const line of text.split("\n")) {
    if (/^\s*(?:```|~~~)/.test(line)) {
      if (open === null) open = start;
      else {
        found.push({ start: open, end: start + line.length });
        open = null;
      }
    }
    start += line.length + 1;
  }
  if (open !== null) found.push({ start: open, end: text.length });
  return found.filter(({ start: from, end }) => hasSign(text.slice(from, end)));
}

/** If a text has fences with formulas, the formulas are what stands in them and between dollars. */
function inFences(text: string, unused: Unused): string {
  const found = fences(text);
  if (found.length === 0) return text;
  let kept = "";
  let at = 0;
  for (const { start, end } of [...found, { start: text.length, end: text.length }]) {
    const outside = text.slice(at, start);
    let from = at;
    for (const line of outside.split("\n")) {
      if (hasSign(line.replace(/\$[^$]*\$/g, "")) && !isBlank(line)) notUsed(unused, from, line);
      from += line.length + 1;
    }
    kept += outside.replace(/\$[^$]*\$|[^\n$]/g, (part) =>
      part.startsWith("$") && hasSign(part) ? part : blank(part),
    );
    kept += text.slice(start, end).replace(/^.*$/gm, (line) => (/^\s*(?:```|~~~)/.test(line) ? blank(line) : line));
    at = end;
  }
  return kept;
}

/** Labels before a formula: a bullet, a number, `BP1:`, `(BP1)`, `Output layer:`. */
const labels: readonly RegExp[] = [
  /^\s*[-*•·‣>]\s+(?=\S)/,
  /^\s*>>>?\s+/,
  /^\s*\(?(?:BP|Eq\.?|Equation|Step)\s*\.?\s*\(?\d+[a-z]?\)?[.:：)]?\s+(?!=)/i,
  /^\s*(?:\(\d+[a-z]?\)|\d+[.)]|\[\d+\]|[a-z]\)|[①-⑳])\s+(?=\S)/,
  /^\s*(?:[A-Za-z\u4e00-\u9fff(][^=:：+*^_\\@]*)[:：](?!=)\s*(?=\S)/,
];
const trailing = /(?:\s+[([]BP\s?\d[a-z]?[)\]]|(?:\s{2,}|\t)\(\d+[a-z]?\))\s*$/i;

/** Two words, or one before a colon: nobody writes a formula so. */
const isProse = (line: string): boolean =>
  (/[A-Za-z]{2,}[ ,]+(?:[A-Za-z]+[ ,]+)*[A-Za-z]{2,}/.test(line) && !/[=^*/@\\⊙∘]|\.[*/^]/.test(line)) ||
  /^\s*[^=+*^_\\@]*[:：]\s*$/.test(line) ||
  /^\s*(?:-{3,}|={3,}|\*{3,}|_{3,})\s*$/.test(line) ||
  /^[^A-Za-z0-9=+*^_\\@]*[\u4e00-\u9fff][^=+*^_\\@]*$/.test(line);

const depthOf = (line: string): number =>
  Array.from(line).reduce((depth, c) => depth + ("([{".includes(c) ? 1 : ")]}".includes(c) ? -1 : 0), 0);

/** Blanks prose, code and labels, line by line. */
function byLine(text: string, unused: Unused): string {
  let depth = 0;
  let skipping = 0;
  let dollars = false;
  let quoted = false;
  let start = 0;
  const kept = text.split("\n").map((line) => {
    const from = start;
    start += line.length + 1;
    if (dollars || line.includes("$")) {
      if ((line.match(/\$/g) ?? []).length % 2 === 1) dollars = !dollars;
      return line;
    }
    const drop = (said: boolean): string => {
      if (said) notUsed(unused, from, line);
      return blank(line);
    };
    const quotes = (line.match(/"""|'''/g) ?? []).length;
    if (quoted || quotes > 0) {
      if (quotes % 2 === 1) quoted = !quoted;
      return drop(false);
    }
    if (skipping > 0) {
      skipping = Math.max(0, skipping + depthOf(line));
      return drop(false);
    }
    if (depth > 0) {
      depth = Math.max(0, depth + depthOf(line.replace(/[#%].*$/, "")));
      return line;
    }
    if (headingIn(line) !== null) return drop(false);
    if (isBlank(line)) return line;
    if (statement.test(line) || data.test(line)) {
      skipping = Math.max(0, depthOf(line.replace(/#.*$/, "")));
      return drop(true);
    }
    if (isProse(line)) return drop(false);
    const bare = withoutLabels(line);
    depth = Math.max(0, depthOf(bare.replace(/[#%].*$/, "")));
    return bare;
  });
  return kept.join("\n");
}

function withoutLabels(line: string): string {
  let bare = line;
  if (hasSign(line)) {
    for (const label of labels) {
      const found = label.exec(bare)?.[0];
      if (found !== undefined && hasSign(bare.slice(found.length)) && !hasSign(found))
        bare = blank(found) + bare.slice(found.length);
    }
  }
  return bare.replace(trailing, blank);
}

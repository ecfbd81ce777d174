/**
 * Functions that a text defines itself, in Python or Octave: where their bodies stand; what they compute is read
 * elsewhere.
 */

import type { Span } from "./problem.ts";

/** `return E`, with the flag under which it returns, such as `deriv`. */
interface Return extends Span {
  readonly flag: string | null;
}

/** A function of one number and perhaps a flag. */
export interface Definition extends Span {
  readonly name: string;
  readonly parameter: Span;
  readonly flags: readonly string[];
  /** Says what it gives, in the order of the text; none where the body is more than can be read. */
  readonly returns: readonly Return[];
  /** `s = sigmoid(x)` before the return. */
  readonly steps: readonly { readonly name: string; readonly value: Span }[];
}

interface Line {
  readonly text: string;
  readonly start: number;
}

const python = /^(\s*)def\s+(\w+)\s*\(([^)]*)\)\s*(?:->\s*\w+\s*)?:\s*(.*)$/;
const lambda = /^(\s*)(\w+)\s*=\s*lambda\s+(\w+)\s*:\s*(.*)$/;
const octave = /^(\s*)function\s+\[?(\w+)\]?\s*=\s*(\w+)\s*\(([^)]*)\)\s*;?\s*(.*)$/;

/**
 * Finds the definitions of a text and blanks them. A `def` with other parameters than one number and flags is code
 * around the formulas.
 */
export function definitionsIn(text: string): { readonly text: string; readonly definitions: readonly Definition[] } {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push({ text: line, start });
    start += line.length + 1;
  }
  const definitions: Definition[] = [];
  let kept = text;
  for (let at = 0; at < lines.length; at++) {
    const found = oneLine(lines[at]!) ?? pythonAt(lines, at) ?? octaveAt(lines, at);
    if (found === null) continue;
    definitions.push(found.definition);
    const { start: from, end } = found.definition;
    kept = kept.slice(0, from) + kept.slice(from, end).replace(/[^\n]/g, " ") + kept.slice(end);
    at += found.lines - 1;
  }
  return { text: kept, definitions };
}

interface Found {
  readonly definition: Definition;
  readonly lines: number;
}

/** The stretch of a part of a line, without a comment behind it. */
function spanOf({ text, start }: Line, part: string): Span {
  const bare = part.replace(/\s*[#%].*$/, "").replace(/\s*;?\s*$/, "");
  const from = start + text.lastIndexOf(part);
  return { start: from, end: from + bare.length };
}

function oneLine(line: Line): Found | null {
  const [, , name, parameter, body] = lambda.exec(line.text) ?? [];
  if (name === undefined || parameter === undefined || body === undefined) return null;
  const at = line.start + line.text.indexOf(parameter, line.text.indexOf("lambda") + 6);
  const value = { ...spanOf(line, body), flag: null };
  return {
    definition: {
      name,
      parameter: { start: at, end: at + parameter.length },
      flags: [],
      returns: [value],
      steps: [],
      start: line.start,
      end: line.start + line.text.length,
    },
    lines: 1,
  };
}

/** One number, and flags: names with a default of true or false, or that say that they ask for a derivative. */
function parametersOf(
  line: Line,
  list: string,
): { readonly parameter: Span; readonly flags: readonly string[] } | null {
  const parts = list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "self");
  const [first, ...others] = parts;
  const isFlag = (part: string): boolean =>
    /=\s*(?:True|False)$|^(?:deriv|derivative|prime|grad|is_?deriv\w*)\b/i.test(part);
  if (first === undefined || !/^[A-Za-z]\w*$/.test(first) || !others.every(isFlag)) return null;
  const at = line.start + line.text.indexOf(first, line.text.indexOf("(") + 1);
  return { parameter: { start: at, end: at + first.length }, flags: others.map((part) => /^\w+/.exec(part)![0]) };
}

const indentation = (text: string): number => text.length - text.trimStart().length;

function pythonAt(lines: readonly Line[], at: number): Found | null {
  const head = lines[at]!;
  const [, indent, name, list, inline] = python.exec(head.text) ?? [];
  if (indent === undefined || name === undefined || list === undefined || inline === undefined) return null;
  const parameters = parametersOf(head, list);
  if (parameters === null) return null;
  const body: Line[] = [];
  let count = 1;
  if (/^return\b/.test(inline))
    body.push({ text: `${" ".repeat(head.text.length - inline.length)}${inline}`, start: head.start });
  for (; at + count < lines.length; count++) {
    const line = lines[at + count]!;
    if (line.text.trim() !== "" && indentation(line.text) <= indent.length) break;
    body.push(line);
  }
  while (lines[at + count - 1]!.text.trim() === "") count -= 1;
  const last = lines[at + count - 1]!;
  const read = bodyOf(body, parameters.flags);
  const returns = read?.returns ?? [];
  return returns.length === 0 && count === 1
    ? null
    : {
        definition: {
          name,
          ...parameters,
          returns,
          steps: read?.steps ?? [],
          start: head.start,
          end: last.start + last.text.length,
        },
        lines: count,
      };
}

type Body = Pick<Definition, "returns" | "steps">;

/** `if flag: return A`, `return B`, and names for parts before; null where there is more. */
function bodyOf(body: readonly Line[], flags: readonly string[]): Body | null {
  const returns: Return[] = [];
  const steps: { readonly name: string; readonly value: Span }[] = [];
  let flag: string | null = null;
  for (const line of body) {
    const text = line.text.trim();
    if (text === "" || /^(?:#|"""|''')/.test(text)) continue;
    const [, negated, asked, rest = ""] =
      /^if\s*\(?\s*(not\s+)?(\w+)\s*(?:==\s*True|is\s+True)?\s*\)?\s*:\s*(.*)$/.exec(text) ?? [];
    if (asked !== undefined) {
      if (!flags.includes(asked) || negated !== undefined) return null;
      flag = asked;
      if (rest === "") continue;
    } else if (/^else\s*:\s*$/.test(text)) {
      flag = null;
      continue;
    }
    const [, given] = /(?:^|:\s*)return\s+(.+)$/.exec(text) ?? [];
    if (given !== undefined) {
      returns.push({ ...spanOf(line, given), flag });
      flag = null;
      continue;
    }
    const [, name, value] = /^([A-Za-z]\w*)\s*=\s*([^=].*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) return null;
    steps.push({ name, value: spanOf(line, value) });
  }
  return returns.length === 0 ? null : { returns, steps };
}

function octaveAt(lines: readonly Line[], at: number): Found | null {
  const head = lines[at]!;
  const [, , result, name, list, inline] = octave.exec(head.text) ?? [];
  if (result === undefined || name === undefined || list === undefined || inline === undefined) return null;
  const parameters = parametersOf(head, list);
  if (parameters === null) return null;
  const returns: Return[] = [];
  const steps: { readonly name: string; readonly value: Span }[] = [];
  const take = (line: Line, text: string): void => {
    const [, target, value] = /^([A-Za-z]\w*)\s*=\s*([^=].*?)\s*;?\s*(?:%.*)?(?:\bend\w*\s*;?)?$/.exec(text) ?? [];
    if (target === undefined || value === undefined) return;
    if (target === result) returns.splice(0, 1, { ...spanOf(line, value), flag: null });
    else steps.push({ name: target, value: spanOf(line, value) });
  };
  if (inline !== "") take(head, inline.trim());
  let count = 1;
  const isOver = /\bend(?:function)?\s*;?\s*$/.test(inline);
  for (; !isOver && at + count < lines.length; count++) {
    const line = lines[at + count]!;
    const text = line.text.trim();
    if (/^function\b/.test(text)) break;
    if (/^end(?:function)?\b/.test(text)) {
      count += 1;
      break;
    }
    // `g = zeros(size(z))` only makes room.
    if (!/=\s*zeros\(/.test(text)) take(line, text);
    // Without its `end` a function reaches to the formula that gives its result.
    if (returns.length > 0 && !lines.slice(at + count).some((later) => /^\s*end/.test(later.text))) {
      count += 1;
      break;
    }
  }
  const last = lines[at + count - 1]!;
  return {
    definition: { name, ...parameters, returns, steps, start: head.start, end: last.start + last.text.length },
    lines: count,
  };
}

/**
 * Texts that list arrays: `NAME = …`, `NAME: …`, a name above its numbers, or what print(W1, dW1) put out, with names
 * told.
 */

import { sources } from "../../../locales/sources.ts";
import { textErrors } from "../../../locales/text-errors.ts";
import type { Words } from "../../../locales/words.ts";
import { SourceError, type Given, type GivenRecord, type NumberArray, type Source } from "../given.ts";
import { beginsBlock, isRow, readBlock } from "./blocks.ts";
import { readValue } from "./literals.ts";
import { placeAt, Tokens } from "./tokens.ts";
import { fromEntries, isLog, isLogged, withoutPrompts, type Entry } from "./transcript.ts";

export interface ListingOptions {
  /** Names for arrays that have none, in the order in which they stand. */
  readonly names?: readonly string[];
}

/** `# net 3-4-2:tanh,softmax`, `% cost: crossEntropy`: a comment that says what is checked. */
const directive = /^[ \t]*(?:#|%|\/\/)[ \t]*(net|network|cost|loss|activations?)[ \t]*[:=]?[ \t]+(\S.*?)[ \t]*$/i;
const comment = /^[ \t]*(?:#|%|\/\/|>>>|In \[\d*\]:|Out\[\d*\]:[ \t]*$)/;
const opensValue =
  /^(?:[[({<'"]|(?:np\.|numpy\.|torch\.|jnp\.|tf\.)?(?:array|tensor|Array|DeviceArray|Tensor|Variable|matrix|float\d\d|int\d\d?)\(|(?:Parameter containing|OrderedDict\(|defaultdict\())/;

const lineAt = (text: string, at: number): string =>
  text.slice(at, text.indexOf("\n", at) < 0 ? text.length : text.indexOf("\n", at)).replace(/\r$/, "");

/** A name with the `=` or `:` behind it, both outside of brackets; `null` where the line has none. */
function labelled(line: string): { readonly name: string; readonly length: number } | null {
  let depth = 0;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i]!;
    if ("([{<".includes(letter)) depth++;
    else if (")]}>".includes(letter)) depth--;
    else if (depth === 0 && (letter === "=" || letter === ":")) {
      const name = line
        .slice(0, i)
        .trim()
        .replace(/^(['"])(.*)\1$/, "$2");
      if (/Parameter containing$/.test(name))
        return { name: name.replace(/[ \t]*Parameter containing$/, ""), length: i + 1 };
      const isName =
        /\p{L}|∂|∇/u.test(name) &&
        name.length <= 60 &&
        !/[{}<>;]|\d\.\d/.test(name) &&
        line[i + 1] !== "=" &&
        !/[+*/@]$/.test(name);
      return isName ? { name, length: i + 1 } : null;
    }
  }
  return null;
}

/** A name right before its value, or alone on its line above it: what print("W1", W1) puts out. */
function named(text: string, at: number): { readonly name: string; readonly length: number } | null {
  const line = lineAt(text, at);
  const found =
    /^[ \t]*((?:(?:\d+\.)?[\p{L}_∂∇][\p{L}\p{N}_.'′^/∂∇]*[ \t]*)+)(?=[[({]|array\(|tensor\(|[+-]?[\d.]|$)/u.exec(line);
  if (found === null || opensValue.test(line.trimStart())) return null;
  const name = found[1]!.replace(/(?:np\.|torch\.)?(?:array|tensor|Array|matrix|Parameter containing)$/, "");
  if (name.trim() === "") return null;
  const length = line.indexOf(name) + name.length;
  const rest = line.slice(length).trim();
  const next = rest === "" ? text.slice(at + line.length).trimStart() : rest;
  const isValue = opensValue.test(next) || beginsBlock(lineAt(next, 0));
  return isValue ? { name: name.trim(), length } : null;
}

const withoutComment = (rest: string): string => rest.replace(/[ \t]+(?:#|%|\/\/).*$/, "").trim();

/** The value behind a name, which may stand on the next lines. */
function valueBehind(
  text: string,
  from: number,
): { readonly value: Given; readonly end: number; readonly factor: string | null } {
  const rest = withoutComment(lineAt(text, from));
  const end = from + lineAt(text, from).length;
  if (rest === "") {
    const start = end + /^\s*/.exec(text.slice(end))![0].length;
    const line = text.lastIndexOf("\n", start - 1) + 1;
    const block = start < text.length && beginsBlock(lineAt(text, line)) ? readBlock(text, line) : null;
    if (block !== null) return { value: asMatlab(block.array), end: block.end, factor: block.factor };
    if (!opensValue.test(text.slice(start)))
      throw new SourceError(textErrors.nothingBehind, textErrors.arrayIs, placeAt(text, from));
    return { ...bracketed(text, start), factor: null };
  }
  if (opensValue.test(rest)) return { ...bracketed(text, from), factor: null };
  if (isRow(rest.replace(/;$/, ""))) {
    const block = readBlock(rest.replace(/;$/, ""), 0)!.array;
    const single = block.data.length === 1;
    return { value: { ...block, shape: single ? [] : [block.data.length] }, end, factor: null };
  }
  // `a - y` is computed, `cross-entropy` is a name.
  if (!/^[\p{L}\p{N}_.,:\-\s]+$/u.test(rest) || /\s-\s/.test(rest))
    throw new SourceError(textErrors.noArray({ text: rest.slice(0, 40) }), textErrors.listIs, placeAt(text, from));
  return { value: rest, end, factor: null };
}

/** Numbers below `NAME =` are how MATLAB prints; a single one is a number. */
function asMatlab(array: NumberArray): NumberArray {
  return { ...array, printer: "matlab", shape: array.data.length === 1 ? [] : array.shape };
}

function bracketed(text: string, from: number): { readonly value: Given; readonly end: number } {
  const tokens = new Tokens(text, from);
  const value = readValue(tokens);
  // What PyTorch and MATLAB put behind it, and what a person does.
  while (tokens.takes(";") || tokens.takes(",")) continue;
  const { at } = tokens;
  const isBehind = text.slice(text.lastIndexOf("\n", at - 1) + 1, at).trim() !== "";
  return { value, end: isBehind ? at + /^(?:(?:#|%|\/\/).*)?/.exec(lineAt(text, at))![0].length : at };
}

/** If one entry is printed as MATLAB prints, single numbers and rows beside it are too: `x = 0.5000`. */
function asOnePrinter(entries: readonly Entry[]): Entry[] {
  const isNumbers = (value: Given): value is NumberArray =>
    typeof value === "object" && value !== null && value.kind === "numbers";
  if (!entries.some(({ value }) => isNumbers(value) && value.printer === "matlab")) return [...entries];
  return entries.map((entry) =>
    isNumbers(entry.value) && entry.value.printer === "text"
      ? { ...entry, value: { ...entry.value, printer: "matlab" } }
      : entry,
  );
}

/** Everything that the text lists, in order; what a program tells beside it is left out. */
function entriesOf(source: string, notes: Words[]): Entry[] {
  const text = withoutPrompts(source);
  const entries: Entry[] = [];
  const logged: string[] = [];
  let at = 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    const isStart = at === 0 || text[at - 1] === "\n";
    const told = directive.exec(line);
    if (line.trim() === "" || (isStart && comment.test(line))) {
      if (isStart && told !== null) entries.push({ name: told[1]!.toLowerCase(), value: told[2]!, at });
      at += line.length + 1 + (text[at + line.length] === "\r" ? 1 : 0);
      continue;
    }
    const label = labelled(line) ?? named(text, at);
    if (isStart && isLog(line) && !beginsValue(text, at, label?.length ?? 0)) {
      logged.push(line.trim());
      at += line.length;
    } else if (label !== null) {
      const { value, end, factor } = valueBehind(text, at + label.length);
      if (factor !== null) notes.push(sources.commonFactor({ name: label.name, factor }));
      if (isLogged(label.name, value)) logged.push(line.trim());
      else entries.push({ name: label.name === "" ? null : label.name, value, at });
      at = end;
    } else if (opensValue.test(line.trimStart())) {
      const { value, end } = bracketed(text, at);
      entries.push({ name: null, value, at });
      at = end;
    } else {
      const block = isStart && beginsBlock(line) ? readBlock(text, at) : null;
      if (block === null)
        throw new SourceError(
          textErrors.noArrayNoName({ text: line.trim().slice(0, 40) }),
          textErrors.listIs,
          placeAt(text, at),
        );
      entries.push({ name: null, value: block.array, at });
      at = block.end;
    }
  }
  if (logged.length > 0) notes.push(leftOut(logged));
  return asOnePrinter(fromEntries(entries));
}

function leftOut(lines: readonly string[]): Words {
  const [first = ""] = lines;
  const shown = first.length > 40 ? `${first.slice(0, 39)}…` : first;
  return lines.length === 1 ? sources.noArrayLine({ shown }) : sources.noArrayLines({ count: lines.length, shown });
}

/** True if an array, a number or a word stands behind a name, or on the lines below it; or a value without one. */
function beginsValue(text: string, at: number, name: number): boolean {
  const line = lineAt(text, at);
  const rest = withoutComment(line.slice(name));
  if (name === 0) return opensValue.test(rest) || beginsBlock(line);
  if (rest !== "")
    return opensValue.test(rest) || isRow(rest.replace(/;$/, "")) || /^[\p{L}][\p{L}\p{N}_,\-\s]*$/u.test(rest);
  const next = text.slice(at + line.length).trimStart();
  return opensValue.test(next) || beginsBlock(lineAt(next, 0));
}

const isArray = (value: Given): boolean =>
  typeof value === "object" &&
  value !== null &&
  (value.kind !== "list" || value.entries.some(isArray)) &&
  (value.kind !== "record" || [...value.entries.values()].some(isArray));

/** A tuple of arrays is one array after the other, a dictionary its entries by their names. */
function spread(entries: readonly Entry[], names: number): Entry[] {
  return entries.flatMap((entry) => {
    const { name, value, at } = entry;
    if (name !== null || typeof value !== "object" || value === null) return [entry];
    if (value.kind === "record") return [...value.entries].map(([key, inner]) => ({ name: key, value: inner, at }));
    return value.kind === "list" && names > 1
      ? value.entries.map((inner) => ({ name: null, value: inner, at }))
      : [entry];
  });
}

const sameNumbers = (a: Given, b: Given): boolean =>
  JSON.stringify(a, (_, x: unknown) => (x instanceof Float64Array ? [...x].map(String) : x)) ===
  JSON.stringify(b, (_, x: unknown) => (x instanceof Float64Array ? [...x].map(String) : x));

/** Gives each array its name: its own, one that was told, or the file's where there is only one array. */
function namedBy(found: readonly Entry[], text: string, file: string, names: readonly string[]): GivenRecord {
  const entries = spread(found, names.length);
  const nameless = entries.filter(({ name }) => name === null);
  const stem = file.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "");
  const told = names.length === 0 && entries.length === 1 ? [stem] : names;
  if (nameless.length !== told.length && (nameless.length > 0 || names.length > 0)) {
    const first = nameless[told.length] ?? entries.at(-1)!;
    throw new SourceError(
      told.length === 0
        ? textErrors.nameless({ count: nameless.length })
        : textErrors.otherCount({ names: told.length, arrays: nameless.length }),
      textErrors.sayNames,
      placeAt(text, first.at),
    );
  }
  const values = new Map<string, Given>();
  let next = 0;
  for (const { name: own, value, at } of entries) {
    const name = own ?? told[next++]!;
    const before = values.get(name);
    if (before !== undefined && !sameNumbers(before, value))
      throw new SourceError(textErrors.twice({ name }), textErrors.onePass, placeAt(text, at));
    values.set(name, value);
  }
  return { kind: "record", entries: values };
}

/**
 * Everything that a text lists, with what is said of it; `null` where it is no list of arrays, as formulas are none.
 */
function listed(text: string): { readonly entries: readonly Entry[]; readonly notes: readonly Words[] } | null {
  try {
    const notes: Words[] = [];
    const entries = entriesOf(text, notes);
    return entries.some(({ value }) => isArray(value)) ? { entries, notes } : null;
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

/** Reads a text that lists arrays. */
export function readListing(name: string, text: string, { names = [] }: ListingOptions = {}): Source {
  const notes: Words[] = [];
  const entries = entriesOf(text, notes);
  if (!entries.some(({ value }) => isArray(value))) throw new SourceError(textErrors.listsNone, textErrors.listIs);
  return { name, values: namedBy(entries, text, name, names), notes };
}

/** Reads a text if the whole of it lists arrays; `null` for any other, as formulas. */
export function listingIn(name: string, text: string, { names = [] }: ListingOptions = {}): Source | null {
  const found = listed(text);
  return found && { name, values: namedBy(found.entries, text, name, names), notes: found.notes };
}

/** True if the whole text can be read as a list of arrays: formulas are no such text. */
export const isListing = (text: string): boolean => listed(text) !== null;

/** One printed array, as it may stand in a string of a JSON file; `null` where the text is no array. */
export function readPrinted(text: string): NumberArray | null {
  const entries = /[[(\n]|\d\s+[+-]?[\d.]/.test(text) ? listed(text)?.entries : undefined;
  if (entries === undefined) return null;
  const [only] = entries;
  const isOne =
    entries.length === 1 &&
    only!.name === null &&
    typeof only!.value === "object" &&
    only!.value !== null &&
    only!.value.kind === "numbers";
  return isOne ? (only!.value as NumberArray) : null;
}

/** A value whose strings that hold a printed array are that array. */
export function withPrintedIn(given: Given): Given {
  if (typeof given === "string") return readPrinted(given) ?? given;
  if (typeof given !== "object" || given === null || given.kind === "numbers") return given;
  return given.kind === "list" ? { kind: "list", entries: given.entries.map(withPrintedIn) } : withPrinted(given);
}

/** A record whose strings that hold a printed array are that array. */
export const withPrinted = (given: GivenRecord): GivenRecord => ({
  kind: "record",
  entries: new Map([...given.entries].map(([name, value]) => [name, withPrintedIn(value)])),
});

/**
 * Says what stands around printed arrays: the prompts of a session, the lines of a training log, entries printed one by
 * one.
 */

import type { Given, NumberArray } from "../given.ts";
import { isNumbers } from "../values.ts";

/** A value that a text lists. */
export interface Entry {
  /** `null` where nothing names it. */
  readonly name: string | null;
  readonly value: Given;
  readonly at: number;
}

/** Octave's `>> `, Python's `>>> `, IPython's `In [3]: `; what was typed behind it, and where it goes on. */
const prompt = /^([ \t]*)(>>>?|octave:\d+>|In \[\d*\]:|\(Pdb\)|ipdb>)[ \t]?(.*)$/;
const continued = /^\.\.\.(?:[ \t](.*))?$/;
const output = /^([ \t]*Out\[\d*\]:)(.*)$/;
/** `W1` and `print(W1)`: what is printed next is this. */
const shown =
  /^\s*(?:print|display|disp|pprint)?\s*\(?\s*([\p{L}_][\p{L}\p{N}_.]*(?:\[(?:\d+|"[^"]*"|'[^']*')\])?)\s*\)?\s*;?\s*$/u;
/** An array that was typed in. */
const typed =
  /^\s*[\p{L}_][\p{L}\p{N}_.]*\s*=\s*(?:(?:np|numpy|torch|jnp|tf)\.(?:array|tensor|asarray|constant)\(|\[)/u;

const nameIn = (key: string): string => /\[["'](.*)["']\]$/.exec(key)?.[1] ?? key;

/**
 * A session with what was typed turned into names: `>>> W1` above its numbers is `W1 =`. Every place of a line without
 * a prompt stays.
 * Octave repeats the name itself.
 */
export function withoutPrompts(text: string): string {
  if (!text.split("\n").some((line) => prompt.test(line) || output.test(line))) return text;
  let goesOn = false;
  return text
    .split("\n")
    .map((line) => {
      const answered = output.exec(line);
      if (answered !== null) return " ".repeat(answered[1]!.length) + answered[2]!;
      const more = continued.exec(line);
      if (more !== null) return goesOn ? (more[1] ?? "") : "";
      const found = prompt.exec(line);
      if (found === null) {
        goesOn = false;
        return line;
      }
      const [, , sign = "", said = ""] = found;
      goesOn = typed.test(said);
      if (goesOn) return said;
      const name = shown.exec(said)?.[1];
      return name === undefined || sign === ">>" || sign.startsWith("octave") ? "" : `${nameIn(name)} =`;
    })
    .join("\n");
}

/** `delta2 = …`, `δ ← …`, `\frac{…}`: a line that says how something is computed. */
const formula = /^\s*[^\s=:]+(?:\s*\([^)]*\))?\s*(?:[-+*/@]|\.\*)?=(?!=)|←|<-|:=|≔|\\[a-zA-Z]{2,}|[∂∇⊙∘·×ᵀ′]/;
const rateOrCount = /^\s*[\p{L}_][\p{L}\p{N}_ ]*[=:]\s*[-+]?[\d.]+\S*[ \t,;|]+\S/u;

/** True for a line that tells how a program goes on, and computes nothing: `epoch 1/10  loss: 0.7`, `done in 0.3 s`. */
export const isLog = (line: string): boolean => rateOrCount.test(line) || !formula.test(line);

const words = new Set([
  "epoch",
  "epochs",
  "iter",
  "iters",
  "iteration",
  "iterations",
  "acc",
  "accuracy",
  "time",
  "elapsed",
  "took",
  "done",
  "train",
  "test",
  "val",
  "valid",
  "validation",
  "seconds",
  "correct",
  "difference",
  "shape",
]);

/** True for a number or a word under a name that only a log has: `accuracy: 0.93`. */
export const isLogged = (name: string, value: Given): boolean =>
  (typeof value === "string" || (isNumbers(value) && value.shape.length === 0)) &&
  name
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => words.has(word));

/** `W1[0][1]`, `W1[0, 1]`, `W1(1,2)`; `b1[0]` under a name that has a number of its own, or of data. */
const twice =
  /^(.*[\p{L}\p{N}_])\s*(?:\[\s*(\d+)\s*\]\s*\[\s*(\d+)\s*\]|\[\s*(\d+)\s*,\s*(\d+)\s*\]|\(\s*(\d+)\s*,\s*(\d+)\s*\))$/u;
const once = /^((?:.*\d|[xtyXTY]))\s*(?:\[\s*(\d+)\s*\]|\(\s*(\d+)\s*\))$/u;

interface Piece {
  readonly name: string;
  readonly indices: readonly number[];
  readonly entry: Entry;
}

function pieceOf(entry: Entry): Piece | null {
  if (entry.name === null || !isNumbers(entry.value) || entry.value.shape.length > 0) return null;
  const found = twice.exec(entry.name) ?? once.exec(entry.name);
  if (found === null) return null;
  return {
    name: found[1]!,
    indices: found
      .slice(2)
      .filter((one) => one !== undefined)
      .map(Number),
    entry,
  };
}

/** The pieces of one array in their order; `null` where some are missing. */
function assembled(pieces: readonly Piece[]): NumberArray | null {
  const rank = pieces[0]!.indices.length;
  if (pieces.some(({ indices }) => indices.length !== rank)) return null;
  const axes = Array.from({ length: rank }, (_, axis) => pieces.map(({ indices }) => indices[axis]!));
  const least = axes.map((list) => Math.min(...list));
  const shape = axes.map((list, axis) => Math.max(...list) - least[axis]! + 1);
  const place = ({ indices }: Piece): number =>
    indices.reduce((at, index, axis) => at * shape[axis]! + index - least[axis]!, 0);
  const list: (NumberArray | undefined)[] = new Array<NumberArray | undefined>(shape.reduce((a, b) => a * b, 1)).fill(
    undefined,
  );
  for (const piece of pieces) list[place(piece)] = piece.entry.value as NumberArray;
  if (least.some((n) => n > 1) || list.length !== pieces.length || list.includes(undefined)) return null;
  const whole = list as readonly NumberArray[];
  return {
    ...whole[0]!,
    shape,
    data: Float64Array.from(whole, ({ data }) => data[0]!),
    texts: whole.every(({ texts }) => texts !== null) ? whole.map(({ texts }) => texts![0]!) : null,
  };
}

/** Arrays whose entries were printed one by one, each in the place of its first; everything else as it is. */
export function fromEntries(entries: readonly Entry[]): Entry[] {
  const pieces = entries.map(pieceOf);
  const arrays = new Map<string, NumberArray>();
  for (const name of new Set(pieces.flatMap((piece) => (piece === null ? [] : [piece.name])))) {
    const array = assembled(pieces.filter((piece): piece is Piece => piece?.name === name));
    if (array !== null) arrays.set(name, array);
  }
  const given = new Set<string>();
  return entries.flatMap((entry, at) => {
    const name = pieces[at]?.name;
    const array = name === undefined ? undefined : arrays.get(name);
    if (name === undefined || array === undefined) return [entry];
    if (given.has(name)) return [];
    given.add(name);
    return [{ name, value: array, at: entry.at }];
  });
}

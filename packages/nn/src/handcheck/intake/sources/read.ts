/**
 * Reads what came in by what it holds: NumPy's files, tables, JSON, printed arrays; a text that lists no arrays is one
 * of equations.
 */

import { fileErrors } from "../../../locales/file-errors.ts";
import { sources } from "../../../locales/sources.ts";
import type { Words } from "../../../locales/words.ts";
import { SourceError, type Given, type Source } from "../given.ts";
import { readCsv } from "./csv.ts";
import { readJson } from "./json.ts";
import { listingIn, type ListingOptions } from "./listing.ts";
import { isNpy, readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { isZip } from "./zip.ts";

export interface NamedBytes {
  /** The file's name without its path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The text of bytes, whatever its encoding: Windows writes UTF-16 where a shell redirects. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes).replace(/^\ufeff/, "");
}

/** Reads bytes of any kind; gives a text that lists no arrays as it is. */
export async function readAny(name: string, bytes: Uint8Array, options: ListingOptions = {}): Promise<Source | string> {
  if (isZip(bytes)) return readNpz(name, bytes);
  if (isNpy(bytes)) return readNpy(name, bytes);
  const text = textOf(bytes);
  if (/\.[ct]sv$/i.test(name)) return readCsv(name, text);
  if (text.trim() === "") throw new SourceError(fileErrors.empty({ name }), fileErrors.arraysOrEquations);
  if (/^\s*\{\s*"/.test(text)) return readJson(name, text);
  return listingIn(name, text, options) ?? text;
}

/** Reads files of arrays as one submission; a single text that lists none is given as it is. */
export async function readFiles(files: readonly NamedBytes[], options: ListingOptions = {}): Promise<Source | string> {
  const [only] = files;
  if (files.length === 1) return readAny(only!.name, only!.bytes, options);
  const entries = new Map<string, Given>();
  const notes: Words[] = [];
  for (const { name, bytes } of files) {
    const found = await readAny(name, bytes);
    if (typeof found === "string") throw new SourceError(fileErrors.listsNone({ name }), fileErrors.oneArrayEach);
    for (const [own, value] of found.values.entries) {
      if (entries.has(own)) throw new SourceError(fileErrors.inTwoFiles({ name: own }), fileErrors.oneOfThem);
      entries.set(own, value);
    }
    notes.push(...found.notes.map((note) => sources.inFile({ name, note })));
  }
  return { name: files.map(({ name }) => name).join(", "), values: { kind: "record", entries }, notes };
}

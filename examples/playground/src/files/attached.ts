/**
 * Files that were dropped. A text goes into the editor; arrays and tables are kept for as long as the tab is open, and
 * a link cannot carry them.
 */

import type { HandedFile } from "@chainrule/nn/handcheck";

const texts = /\.(?:txt|tex|md|json|log|out|py|m|[cm]?[jt]s)$/i;

/** Larger files are no exercise; the browser keeps about 5 MB for a tab. */
const MOST_BYTES = 2_000_000;

export type Taken =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "files"; readonly id: string }
  | { readonly kind: "large" };

const keyOf = (id: string): string => `chainrule-files-${id}`;

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export async function take(files: readonly File[]): Promise<Taken> {
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) return { kind: "large" };
  if (files.length === 1 && texts.test(files[0]!.name)) return { kind: "text", text: await files[0]!.text() };
  const kept = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: toBase64(new Uint8Array(await file.arrayBuffer())) })),
  );
  const id = crypto.randomUUID().slice(0, 8);
  sessionStorage.setItem(keyOf(id), JSON.stringify(kept));
  return { kind: "files", id };
}

/** The files of a state; `null` where they are another tab's. */
export function attached(id: string): readonly HandedFile[] | null {
  if (id === "") return [];
  const kept = sessionStorage.getItem(keyOf(id));
  return kept === null
    ? null
    : (JSON.parse(kept) as { name: string; bytes: string }[]).map(({ name, bytes }) => ({
        name,
        content: fromBase64(bytes),
      }));
}

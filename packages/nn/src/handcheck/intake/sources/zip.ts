/** The files in a zip archive, their sizes bounded before anything is unpacked. */

import { fileErrors } from "../../../locales/file-errors.ts";
import type { Words } from "../../../locales/words.ts";
import { SourceError } from "../given.ts";

/**
 * No backprop on paper or of a course is as large; an archive that claims to be is refused before it fills the memory.
 */
const MOST_BYTES = 2 ** 30;

interface Member {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly size: number;
  readonly checksum: number;
  /** Says where its own header begins. */
  readonly at: number;
}

const signatures = {
  member: 0x04034b50,
  directory: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

const damaged = (what: Words): SourceError =>
  new SourceError(fileErrors.damagedArchive({ what }), fileErrors.savezAgain);

/** True if the bytes begin as a zip archive does. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** CRC-32 as zip archives have it. */
export function checksumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** Sizes and places of 8 bytes, in the order in which the record has none of 4: the extra field 1. */
function wide(view: DataView, from: number, to: number, fields: readonly number[]): number[] {
  const values = [...fields];
  for (let at = from; at + 4 <= to;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    let next = at + 4;
    if (id === 1) {
      values.forEach((value, index) => {
        if (value !== 0xffffffff || next + 8 > at + 4 + length) return;
        values[index] = Number(view.getBigUint64(next, true));
        next += 8;
      });
    }
    at += 4 + length;
  }
  return values;
}

/** Returns where the directory begins and how many members it has. */
function directoryOf(view: DataView): { readonly at: number; readonly count: number } {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 0xffff; at--) {
    if (view.getUint32(at, true) !== signatures.end) continue;
    const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    if ((count !== 0xffff && start !== 0xffffffff) || at < 20 || view.getUint32(at - 20, true) !== signatures.locator64)
      return { count, at: start };
    const far = Number(view.getBigUint64(at - 12, true));
    if (far + 56 > view.byteLength || view.getUint32(far, true) !== signatures.end64)
      throw damaged(fileErrors.lostDirectory);
    return { count: Number(view.getBigUint64(far + 32, true)), at: Number(view.getBigUint64(far + 48, true)) };
  }
  throw damaged(fileErrors.noDirectory);
}

function membersOf(bytes: Uint8Array, view: DataView): Member[] {
  const { at: start, count } = directoryOf(view);
  const members: Member[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== signatures.directory)
      throw damaged(fileErrors.cutDirectory);
    const [nameLength, extra, comment] = [
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
      view.getUint16(at + 32, true),
    ];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const from = at + 46 + nameLength;
    const [size, packed, place] = wide(view, from, Math.min(from + extra, bytes.length), [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ]) as [number, number, number];
    members.push({
      name,
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      packed,
      size,
      checksum: view.getUint32(at + 16, true),
      at: place,
    });
    at = from + extra + comment;
  }
  return members;
}

/** Unpacks to the size that was said, and not a byte further. */
async function inflated(packed: Uint8Array, { name, size }: Member): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  // What goes wrong in between is seen where it is read.
  const written = writer
    .write(packed as Uint8Array<ArrayBuffer>)
    .then(() => writer.close())
    .catch(() => undefined);
  const out = new Uint8Array(size);
  let filled = 0;
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > size) throw damaged(fileErrors.largerThanSaid({ name }));
      out.set(value, filled);
      filled += value.length;
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error instanceof SourceError ? error : damaged(fileErrors.notUnpacked({ name }));
  }
  await written;
  if (filled !== size) throw damaged(fileErrors.shorterThanSaid({ name }));
  return out;
}

/** The members of an archive by name, unpacked and held against their checksums. */
export async function unzip(bytes: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = membersOf(bytes, view).filter(({ name }) => !name.endsWith("/"));
  const total = members.reduce((sum, { size }) => sum + size, 0);
  if (!(total <= MOST_BYTES))
    throw new SourceError(
      fileErrors.largeArchive({ size: Math.round(total / 2 ** 20) }),
      fileErrors.fewerSamples({ most: MOST_BYTES / 2 ** 20 }),
    );
  const files = new Map<string, Uint8Array>();
  for (const member of members) {
    const { name, method, packed, size, checksum, at, encrypted } = member;
    if (encrypted) throw new SourceError(fileErrors.encrypted({ name }), fileErrors.noPassword);
    if (files.has(name)) throw damaged(fileErrors.twiceInArchive({ name }));
    if (at + 30 > bytes.length || view.getUint32(at, true) !== signatures.member)
      throw damaged(fileErrors.elsewhere({ name }));
    const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    if (from + packed > bytes.length) throw damaged(fileErrors.cutMember({ name }));
    const body = bytes.subarray(from, from + packed);
    if (method !== 0 && method !== 8)
      throw new SourceError(fileErrors.method({ name, method }), fileErrors.methodsRead);
    const file = method === 0 ? body : await inflated(body, member);
    if (file.length !== size || checksumOf(file) !== checksum) throw damaged(fileErrors.otherChecksum({ name }));
    files.set(name, file);
  }
  return files;
}

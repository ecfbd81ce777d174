/**
 * NumPy's files: every type, both orders of bytes and of entries, packed or not; and files that are damaged, or lie
 * about their size.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SourceError, type Given, type NumberArray } from "../../../src/handcheck/intake/given.ts";
import { readNpy, valueOfNpy } from "../../../src/handcheck/intake/sources/npy.ts";
import { readNpz } from "../../../src/handcheck/intake/sources/npz.ts";
import { checksumOf, unzip } from "../../../src/handcheck/intake/sources/zip.ts";

const folder = new URL("printed/", import.meta.url);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(fileURLToPath(new URL(name, folder))));
const exact = JSON.parse(new TextDecoder().decode(bytesOf("exact.json"))) as {
  readonly W1: number[][];
  readonly b1: number[];
};

const numbers = (value: Given | undefined): NumberArray => {
  if (typeof value !== "object" || value === null || value.kind !== "numbers") throw new Error("no numbers");
  return value;
};

/** A .npy file with a header of our own. */
function npy(header: string, body: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const start = version === 1 ? 10 : 12;
  const file = new Uint8Array(start + text.length + body.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  file.set(text, start);
  file.set(body, start + text.length);
  return file;
}

/** An archive of one member that is stored as it is; `lies` replaces fields of its directory. */
function archive(
  name: string,
  body: Uint8Array,
  lies: { readonly size?: number; readonly checksum?: number; readonly method?: number; readonly flags?: number } = {},
): Uint8Array {
  const title = new TextEncoder().encode(name);
  const size = lies.size ?? body.length;
  const file = new Uint8Array(30 + title.length + body.length + 46 + title.length + 22);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(26, title.length, true);
  file.set(title, 30);
  file.set(body, 30 + title.length);
  const at = 30 + title.length + body.length;
  view.setUint32(at, 0x02014b50, true);
  view.setUint16(at + 8, lies.flags ?? 0, true);
  view.setUint16(at + 10, lies.method ?? 0, true);
  view.setUint32(at + 16, lies.checksum ?? checksumOf(body), true);
  view.setUint32(at + 20, body.length, true);
  view.setUint32(at + 24, size, true);
  view.setUint16(at + 28, title.length, true);
  file.set(title, at + 46);
  const end = at + 46 + title.length;
  view.setUint32(end, 0x06054b50, true);
  view.setUint16(end + 10, 1, true);
  view.setUint32(end + 16, at, true);
  return file;
}

const deflated = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(
      new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("deflate-raw")),
    ).arrayBuffer(),
  );

describe("files of NumPy", () => {
  it("hold arrays to the bit, words and single numbers", async () => {
    const { entries } = (await readNpz("plain.npz", bytesOf("plain.npz"))).values;
    expect([...entries.keys()]).toEqual(["W1", "b1", "activation", "loss"]);
    expect([numbers(entries.get("W1")).shape, [...numbers(entries.get("W1")).data]]).toEqual([[3, 2], exact.W1.flat()]);
    expect(entries.get("activation")).toBe("tanh");
    expect([numbers(entries.get("loss")).shape, [...numbers(entries.get("loss")).data]]).toEqual([[], [0.25]]);
    expect(numbers(entries.get("W1"))).toMatchObject({ printer: "binary", type: "float64", texts: null });
  });

  it("may be packed, by columns, of either order of bytes and of any type", async () => {
    const { entries } = (await readNpz("packed.npz", bytesOf("packed.npz"))).values;
    const all = Object.fromEntries(
      [...entries].map(([name, value]) => [
        name,
        [numbers(value).type, numbers(value).shape, [...numbers(value).data]],
      ]),
    );
    expect(all).toEqual({
      W1: ["float64", [3, 2], exact.W1.flat()],
      b1: ["float32", [3], exact.b1.map(Math.fround)],
      t: ["int", [1, 2], [1, 0]],
      gate: ["bool", [2], [1, 0]],
      half: ["float16", [4], [0.5, -2, 65504, 2 ** -24]],
      u: ["int", [1], [3]],
    });
  });

  it("of one array are named by their file", () => {
    const { entries } = readNpy("folder/W1.npy", bytesOf("W1.npy")).values;
    expect([...numbers(entries.get("W1")).data]).toEqual(exact.W1.flat().map(Math.fround));
  });

  it("have headers of three versions", () => {
    const body = new Uint8Array(new Float64Array([1, 2]).buffer);
    for (const version of [1, 2, 3]) {
      expect([
        ...numbers(valueOfNpy(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n", body, version))).data,
      ]).toEqual([1, 2]);
    }
  });

  it("by columns of three axes", () => {
    const body = new Uint8Array(Float64Array.from({ length: 24 }, (_, i) => i).buffer);
    const { data } = numbers(valueOfNpy(npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3, 4), }\n", body)));
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++)
        for (let k = 0; k < 4; k++) expect(data[(i * 3 + j) * 4 + k]).toBe(i + 2 * (j + 3 * k));
  });

  it("of float16 are exact, infinite and none included", () => {
    const bits = new Uint16Array([0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x7e00, 0x0001, 0x8000, 0x7bff]);
    const { data } = numbers(
      valueOfNpy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }\n", new Uint8Array(bits.buffer))),
    );
    expect([...data]).toEqual([1, -1, Infinity, -Infinity, NaN, 2 ** -24, -0, 65504]);
  });
});

describe("what is no file of NumPy", () => {
  it("is refused by name", async () => {
    await expect(readNpz("o.npz", bytesOf("objects.npz"))).rejects.toThrow(
      "W: the array holds Python objects, which only Python can open",
    );
    await expect(readNpz("n.npz", bytesOf("nameless.npz"))).rejects.toThrow("arr_0, arr_1 are arrays without a name");
    await expect(readNpz("w.npz", archive("W1.txt", new Uint8Array(3)))).rejects.toThrow(
      "W1.txt in the archive is no array",
    );
    expect(() =>
      valueOfNpy(npy("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(16))),
    ).toThrow("complex numbers");
    expect(() =>
      valueOfNpy(npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8))),
    ).toThrow("records of several fields");
    expect(() =>
      valueOfNpy(
        npy(
          "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }",
          new Uint8Array(new BigInt64Array([2n ** 60n + 1n]).buffer),
        ),
      ),
    ).toThrow("has no float64");
  });

  it("is refused where it is damaged, wherever it is cut off or changed", async () => {
    const whole = bytesOf("packed.npz");
    for (let length = 0; length < whole.length; length += 37)
      await expect(readNpz("cut.npz", whole.slice(0, length))).rejects.toThrow(SourceError);
    const file = bytesOf("W1.npy");
    for (let length = 0; length < file.length; length += 5)
      expect(() => valueOfNpy(file.slice(0, length)), String(length)).toThrow(SourceError);
    const wrong = bytesOf("plain.npz");
    wrong[200] = wrong[200]! ^ 1;
    await expect(readNpz("changed.npz", wrong)).rejects.toThrow("does not have its checksum");
  });

  it("does not get memory for what it only claims to hold", async () => {
    await expect(unzip(archive("a.npy", new Uint8Array(4), { size: 2 ** 31 }))).rejects.toThrow(
      "the archive holds 2048 MiB",
    );
    const zeros = await deflated(new Uint8Array(1_000_000));
    await expect(unzip(archive("a.npy", zeros, { method: 8, size: 1000, checksum: 0 }))).rejects.toThrow(
      "a.npy is larger than it says",
    );
    await expect(unzip(archive("a.npy", zeros, { method: 8, size: 2_000_000, checksum: 0 }))).rejects.toThrow(
      "a.npy is shorter than it says",
    );
    await expect(unzip(archive("a.npy", new Uint8Array(9), { method: 8 }))).rejects.toThrow(SourceError);
    await expect(unzip(archive("a.npy", new Uint8Array(9), { method: 14 }))).rejects.toThrow("packed by the method 14");
    await expect(unzip(archive("a.npy", new Uint8Array(9), { flags: 1 }))).rejects.toThrow("a.npy is encrypted");
    expect(() =>
      valueOfNpy(
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000), }", new Uint8Array(8)),
      ),
    ).toThrow("its size does not fit its shape");
  });
});

/**
 * Large results lie in memory that holds anything at first: every entry of it is written, or what was there before
 * would show.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import { allocateUnwritten } from "../../src/graph/unwritten.ts";
import {
  add,
  at,
  broadcastTo,
  cast,
  compile,
  concat,
  exp,
  flip,
  full,
  gather,
  grad,
  greater,
  logSoftmax,
  matmul,
  mul,
  pad,
  scatterAdd,
  sigmoid,
  slice,
  softmax,
  stack,
  sum,
  tensor,
  transpose,
  where,
  zeros,
  type DType,
  type Tensor,
} from "../../src/index.ts";

const [ROWS, COLUMNS] = [365, 360];

const numbersOf = (count: number, step: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => ((i * step) % 1000) / 100 - 5);

const made = new Map<string, Tensor>();

function matrix(dtype: DType, step: number, rows = ROWS, columns = COLUMNS): Tensor {
  const key = [dtype, step, rows, columns].join();
  const known =
    made.get(key) ?? (cast(tensor(numbersOf(rows * columns, step), { shape: [rows, columns] }), dtype) as Tensor);
  made.set(key, known);
  return known;
}

/** What makes a large result, by name, from a type; a byte for each entry is large as well. */
const results: Readonly<Record<string, (dtype: DType) => Tensor>> = {
  add: (dtype) => add(matrix(dtype, 7), matrix(dtype, 11)),
  "add of a row": (dtype) => add(matrix(dtype, 7), matrix(dtype, 11, 1)),
  "add of a column": (dtype) => add(matrix(dtype, 7), matrix(dtype, 11, ROWS, 1)),
  exp: (dtype) => exp(matrix(dtype, 7)),
  greater: (dtype) => greater(matrix(dtype, 7), matrix(dtype, 11)),
  where: (dtype) => where(greater(matrix(dtype, 7), 0), matrix(dtype, 7), matrix(dtype, 11)),
  "a gradient in one loop": (dtype) => grad((x: Tensor) => sum(sigmoid(mul(x, x))))(matrix(dtype, 7)) as Tensor,
  "add of whole numbers": () => add(matrix("int32", 7), matrix("int32", 11)),
  transpose: (dtype) => transpose(matrix(dtype, 7)) as Tensor,
  slice: (dtype) => slice(matrix(dtype, 7, 2 * ROWS, COLUMNS), { 0: [0, 2 * ROWS, 2] }) as Tensor,
  at: (dtype) => at(stack([matrix(dtype, 7), matrix(dtype, 11)]) as Tensor, 1) as Tensor,
  flip: (dtype) => flip(matrix(dtype, 7), 0),
  pad: (dtype) => pad(matrix(dtype, 7), [1, 2], [3, 4], 5),
  concat: (dtype) => concat([matrix(dtype, 7), matrix(dtype, 11)] as Tensor<[number, number]>[], 1) as Tensor,
  gather: (dtype) =>
    gather(matrix(dtype, 7), tensor(Int32Array.from({ length: ROWS }, (_, i) => (i * 3) % ROWS)) as Tensor) as Tensor,
  scatterAdd: (dtype) =>
    scatterAdd(
      matrix(dtype, 7),
      tensor(Int32Array.from({ length: ROWS }, (_, i) => i >> 1)) as Tensor,
      matrix(dtype, 11),
    ) as Tensor,
  broadcastTo: (dtype) => broadcastTo(matrix(dtype, 7, ROWS, 1), [ROWS, COLUMNS]) as Tensor,
  matmul: (dtype) => matmul(matrix(dtype, 7, ROWS, 4), matrix(dtype, 11, 4, COLUMNS) as Tensor) as Tensor,
  "matmul of nothing": (dtype) =>
    matmul(zeros([ROWS, 0], { dtype }) as Tensor, zeros([0, COLUMNS], { dtype }) as Tensor) as Tensor,
  softmax: (dtype) => softmax(matrix(dtype, 7)),
  logSoftmax: (dtype) => logSoftmax(matrix(dtype, 7), 0),
  full: (dtype) => full([ROWS, COLUMNS], 3, { dtype }) as Tensor,
  "cast to int32": (dtype) => cast(matrix(dtype, 7), "int32"),
  "cast to bool": (dtype) => cast(matrix(dtype, 7), "bool"),
  "the result of a program": (dtype) => compile((x: Tensor) => mul(x, 2) as Tensor, { threads: 1 })(matrix(dtype, 7)),
};

const bytesOf = (x: Tensor): Uint8Array => {
  const { buffer, byteOffset, byteLength } = x.toTypedArray();
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Fills with a byte whatever the host gives, and notes how much it was asked for. */
const dirty = (byte: number): number[] => {
  const asked: number[] = [];
  const give = Buffer.allocUnsafeSlow.bind(Buffer);
  vi.spyOn(Buffer, "allocUnsafeSlow").mockImplementation((bytes) => (asked.push(bytes), give(bytes).fill(byte)));
  return asked;
};

describe("memory without zeros", () => {
  it("comes after one block that has the host keep what is freed", () => {
    const asked = dirty(0xa5);
    const memory = allocateUnwritten("float32", 1 << 17);
    allocateUnwritten("float32", 1 << 17);
    expect(asked.map((bytes) => bytes / 2 ** 19)).toEqual([64 - 1 / 8, 1, 1]);
    expect([memory.length, memory.byteOffset, memory.buffer.byteLength]).toEqual([1 << 17, 0, 1 << 19]);
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0xa5)).toBe(true);
  });

  it("is not used for what is small", () => {
    const asked = dirty(0xa5);
    expect([...new Set(allocateUnwritten("float64", 511))]).toEqual([0]);
    expect(asked).toEqual([]);
  });

  it("is asked for nothing more by what is of middle size", () => {
    const asked = dirty(0xa5);
    expect(new Set(allocateUnwritten("bool", 512))).toEqual(new Set([0xa5]));
    expect(allocateUnwritten("float64", 512)).toHaveLength(512);
    expect(asked).toEqual([512, 4096]);
  });

  it("has zeros where the host has no other, as in pages", () => {
    vi.stubGlobal("Buffer", undefined);
    expect(new Set(allocateUnwritten("int32", 1 << 17))).toEqual(new Set([0]));
  });

  for (const [name, result] of Object.entries(results)) {
    for (const dtype of ["float64", "float32"] as const) {
      it(`shows nothing of what was there before in ${name}, ${dtype}`, () => {
        vi.stubGlobal("Buffer", undefined);
        const expected = bytesOf(result(dtype));
        vi.unstubAllGlobals();
        const asked = dirty(0xff);
        const got = bytesOf(result(dtype));
        expect(asked).toContain(got.length);
        expect(Buffer.compare(got, expected)).toBe(0);
      });
    }
  }
});

/** Rows are copied by single instructions, by number or by the host, as they are long: always exactly those bytes. */

import { describe, expect, it } from "vitest";
import { copyBytes } from "../../src/backends/wasm/emit/copy.ts";
import { broadcastTo, cast, compile, concat, gather, tensor, type DType, type Tensor } from "../../src/index.ts";
import { i32 } from "../../src/backends/wasm/assembler/expressions.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";

const wasm = wasmHost()!;
const [FROM, TO] = [1000, 3001];

/** Memory after a copy of so many bytes, and whether it calls the host. */
function copied(bytes: number, constant: boolean): { readonly memory: Uint8Array; readonly calls: boolean } {
  const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  builder.function(
    "run",
    ["i32", "i32"],
    null,
    (body) => {
      const [to, from] = [body.parameter(0), body.parameter(1)];
      copyBytes(body, constant ? i32(TO) : to, constant ? i32(FROM) : from, bytes);
    },
    true,
  );
  const code = builder.finish();
  const memory = new wasm.Memory({ initial: 1, maximum: 1 });
  new Uint8Array(memory.buffer).forEach((_, k, all) => (all[k] = (k * 73 + (k >> 8) * 5) & 255));
  const { exports } = new wasm.Instance(new wasm.Module(code), { host: { memory } });
  (exports.run as (to: number, from: number) => void)(TO, FROM);
  return { memory: new Uint8Array(memory.buffer), calls: Buffer.from(code).includes(Buffer.from([0xfc, 0x0a, 0, 0])) };
}

describe("copyBytes", () => {
  const untouched = copied(0, true).memory.slice();

  for (const bytes of [...Array.from({ length: 70 }, (_, k) => k), 255, 256, 511, 512, 513, 1500]) {
    it(`copies ${bytes} bytes and no other, ${bytes <= 512 ? "itself" : "by the host"}`, () => {
      for (const constant of [true, false]) {
        const { memory, calls } = copied(bytes, constant);
        const expected = untouched.slice();
        expected.copyWithin(TO, FROM, FROM + bytes);
        expect(Buffer.compare(memory, expected)).toBe(0);
        expect(calls).toBe(bytes > 512);
      }
    });
  }
});

const ROWS = 5;

/** Rows of numbers, none of which is another's. */
const table = (width: number, from: number, dtype: DType): Tensor =>
  cast(
    tensor(
      Float64Array.from({ length: ROWS * width }, (_, k) => (dtype === "bool" ? ((k * 7 + from) >> 1) & 1 : from + k)),
      { shape: [ROWS, width] },
    ),
    dtype,
  ) as Tensor;

const rowsOf = (x: Tensor): unknown[][] => x.toArray() as unknown[][];

type Several = (...xs: Tensor[]) => Tensor;
const eager = (f: Several): Several => f;
const compiled = (f: Several): Several => compile(f, { threads: 1 });

describe("rows", () => {
  for (const dtype of ["float64", "float32", "int32", "bool"] as const) {
    for (const width of [1, 2, 3, 7, 8, 16, 31, 63, 64, 65, 200, 600]) {
      it(`of ${width} ${dtype} are joined, picked and repeated, eager and compiled`, () => {
        const [a, b] = [table(width, 1, dtype), table(3, 5000, dtype)];
        const joined: Several = (...xs) => concat(xs as Tensor<[number, number]>[], 1) as Tensor;
        const picked: Several = (x) => gather(x!, tensor(Int32Array.of(4, 0, 4, 2)) as Tensor) as Tensor;
        const repeated: Several = (x) => broadcastTo(picked(x!), [2, 4, width]) as Tensor;
        const right = rowsOf(a).map((row, k) => [...row, ...rowsOf(b)[k]!]);
        const rightPicked = [4, 0, 4, 2].map((k) => rowsOf(a)[k]);
        for (const way of [eager, compiled]) {
          expect(rowsOf(way(joined)(a, b))).toEqual(right);
          expect(rowsOf(way(picked)(a))).toEqual(rightPicked);
          expect(rowsOf(way(repeated)(a))).toEqual([rightPicked, rightPicked]);
        }
        const column = tensor([[1], [0], [1]], { dtype }) as Tensor;
        expect(rowsOf(broadcastTo(column, [3, width]) as Tensor)).toEqual(
          rowsOf(column).map(([x]) => new Array<unknown>(width).fill(x)),
        );
      });
    }
  }
});

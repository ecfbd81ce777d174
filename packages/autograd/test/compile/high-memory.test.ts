/**
 * Programs whose memory lies above 2 GiB, where an address no longer fits a signed number: the bits of the engine, on
 * every thread.
 */

import { totalmem } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import {
  add,
  cast,
  compile,
  concat,
  cond,
  flip,
  gather,
  grad,
  greater,
  IndexRangeError,
  less,
  matmul,
  max,
  mul,
  relu,
  scan,
  scatterAdd,
  sigmoid,
  sin,
  slice,
  sub,
  sum,
  Tensor,
  tensor,
  transpose,
  variable,
  where,
  whileLoop,
} from "../../src/index.ts";
import { wasm } from "../../src/backends/wasm/backend.ts";
import { MOST_THREADS } from "../../src/backends/wasm/memory/control-words.ts";
import { heap } from "../../src/backends/wasm/memory/heap.ts";
import { bordersOf } from "../../src/backends/wasm/emit/chunks.ts";
import { wasmHost } from "../../src/backends/wasm/host.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { nightly } from "../size.ts";
import { differenceOf } from "./bits.ts";
import { compileDivided } from "./divided.ts";
import { filled } from "./operands.ts";
import { poolOf, settled } from "./pool.ts";

const HALF = 2 ** 31;

/** Memory that nobody writes to is none of the machine's: only its addresses are taken. */
let ballast = 0;
beforeAll(() => {
  ballast = heap().allocate(HALF, "test");
});

const indices = tensor([3, 0, 2, 2, 1], { dtype: "int32" }) as Tensor;
const a = filled([40, 24]);
const b = filled([24, 33]);

const functions: Readonly<
  Record<string, { readonly f: (...args: Tensor[]) => Tensor; readonly args: readonly Tensor[] }>
> = {
  "a loop": { f: (x) => sigmoid(mul(sin(x!), x!)) as Tensor, args: [filled([9, 1001])] },
  "a loop in float32": { f: (x) => sigmoid(mul(sin(x!), x!)) as Tensor, args: [filled([9, 1001], "float32")] },
  "a long sum": { f: (x) => sum(mul(x!, x!)) as Tensor, args: [filled([20_011])] },
  "a sum over columns": { f: (x) => sum(mul(x!, x!), 0) as Tensor, args: [filled([301, 70])] },
  "the largest": { f: (x) => max(x!, 1) as Tensor, args: [filled([301, 70])] },
  "what walks backwards": { f: (x) => sub(flip(x!, 0), flip(x!, 1)) as Tensor, args: [filled([30, 41])] },
  "what is read transposed": { f: (x) => add(transpose(x!), 1) as Tensor, args: [filled([30, 41])] },
  "parts side by side": {
    f: (x) =>
      concat([slice(x!, [1]), flip(x!, 0)] as [Tensor<[number, number]>, Tensor<[number, number]>], 0) as Tensor,
    args: [filled([90, 41])],
  },
  "what is picked": { f: (x, i) => mul(gather(x!, i!), 2) as Tensor, args: [filled([4, 333]), indices] },
  "what is added at indices": {
    f: (x, i) => scatterAdd(mul(filled([4, 333]), 2) as Tensor, i!, x!) as Tensor,
    args: [filled([5, 333]), indices],
  },
  "the same in float32": {
    f: (x, i) => scatterAdd(mul(filled([4, 333], "float32"), 2) as Tensor, i!, x!) as Tensor,
    args: [filled([5, 333], "float32"), indices],
  },
  "a choice": {
    f: (x) => where(greater(x!, 0), cast(cast(mul(x!, 8), "int32"), "float64"), x!) as Tensor,
    args: [filled([2003])],
  },
  "a product": {
    f: (x, y) => relu(add(matmul(sigmoid(x!) as Tensor<[40, 24]>, y as Tensor<[24, 33]>), 1)) as Tensor,
    args: [a, b],
  },
  "its derivative": {
    f: (x, y) =>
      grad((v: Tensor) => sum(sigmoid(matmul(v as Tensor<[40, 24]>, y as Tensor<[24, 33]>))) as Tensor<[]>)(
        x!,
      ) as Tensor,
    args: [a, b],
  },
  "a loop of steps": {
    f: (x) =>
      scan(
        (h: Tensor, row: Tensor) => [add(mul(h, 0.5), row) as Tensor, h] as const,
        tensor(new Float64Array(24)) as Tensor,
        x!,
      ).ys as Tensor,
    args: [a],
  },
  "its derivative too": {
    f: (x) =>
      grad(
        (v: Tensor) =>
          sum(
            scan(
              (h: Tensor, row: Tensor) => [sin(mul(h, row)) as Tensor, null] as const,
              tensor(new Float64Array(24).fill(1)) as Tensor,
              v,
            ).carry,
          ) as Tensor<[]>,
      )(x!) as Tensor,
    args: [a],
  },
  "a loop that ends": {
    f: (x) =>
      whileLoop(
        (h: Tensor) => less(sum(h), 1e4),
        (h: Tensor) => mul(h, 2) as Tensor,
        mul(x!, x!) as Tensor,
      ),
    args: [filled([100])],
  },
  "a branch": {
    f: (x) =>
      cond(
        greater(sum(x!), 0),
        () => sin(x!) as Tensor,
        () => mul(x!, 3) as Tensor,
      ),
    args: [filled([100])],
  },
};

describe.each([1, 2])("above 2 GiB, with %i threads", (threads) => {
  it.each(Object.entries(functions))("%s has the bits of the engine, call after call", async (_, { f, args }) => {
    const compiled = compileDivided(f, { threads });
    const expected = f(...args);
    compiled(...args);
    if (threads > 1) await settled(threads);
    const begun = threads > 1 ? poolOf().begun()[0]! : 0;
    for (let turn = 0; turn < 3; turn++) expect(differenceOf("result", compiled(...args), expected)).toBeNull();
    if (threads > 1 && compiled.explain().kernels.some((kernel) => kernel.threads > 1))
      expect(poolOf().begun()[0]! - begun).toBe(3);
  });

  it("variables are read and assigned, and what is refused leaves them", () => {
    const state = variable(filled([4, 3]));
    const step = compile(
      (i: Tensor) => {
        state.assign(add(state.read(), 1));
        return gather(state.read(), i);
      },
      { threads },
    );
    const expected = add(state.read(), 1) as Tensor;
    expect(differenceOf("result", step(indices), gather(expected, indices))).toBeNull();
    expect(() => step(tensor([4], { dtype: "int32" }) as Tensor)).toThrow(IndexRangeError);
    expect(differenceOf("state", state.read() as Tensor, expected)).toBeNull();
    expect(state.addressIn(wasm)).toBeGreaterThan(ballast + HALF - 1);
  });
});

describe("pieces of many units", () => {
  it("are all of them, each once, also where units times pieces leave 32 bits", () => {
    const builder = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
    const counts = [1, 63, 64, 1001, 2 ** 27 + 5, 2 ** 30 - 1];
    counts.forEach((units, k) =>
      builder.function(
        `borders ${k}`,
        ["i32", "i32"],
        "i32",
        (body) => {
          const { from } = bordersOf(
            body,
            {
              piece: body.parameter(0),
              pieces: body.parameter(1),
              thread: body.parameter(0),
              most: MOST_THREADS,
              barrier: () => undefined,
            },
            units,
          );
          body.result(from);
        },
        true,
      ),
    );
    const host = wasmHost()!;
    const { exports } = new host.Instance(new host.Module(builder.finish()), {
      host: { memory: new host.Memory({ initial: 1, maximum: 1 }) },
    });
    counts.forEach((units, k) => {
      const from = exports[`borders ${k}`] as (piece: number, pieces: number) => number;
      for (const pieces of [1, 2, 7, 4 * MOST_THREADS]) {
        const borders = Array.from({ length: pieces + 1 }, (_, piece) => from(piece, pieces));
        expect([borders[0], borders.at(-1)]).toEqual([0, units]);
        const sizes = borders.slice(1).map((border, at) => border - borders[at]!);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
    });
  });
});

const isLarge = nightly && totalmem() > 15 * 2 ** 30;

describe.skipIf(!isLarge)("arrays of more than 1 GiB", () => {
  it.each([1, 2])("are computed to their ends, with %i threads", (threads) => {
    const count = 2 ** 27 + 13;
    const x = tensor(new Float32Array(count).fill(1), { dtype: "float32" }) as Tensor;
    const f = compile((y: Tensor) => [add(mul(y, 2), 1) as Tensor, sum(y) as Tensor], { threads });
    for (let turn = 0; turn < 2; turn++) {
      const [result, total] = f(x) as [Tensor, Tensor];
      const numbers = result.toTypedArray();
      let wrong = 0;
      for (let k = 0; k < count; k++) if (numbers[k] !== 3) wrong++;
      expect([wrong, total.item()]).toEqual([0, Math.fround(count)]);
    }
  });
});

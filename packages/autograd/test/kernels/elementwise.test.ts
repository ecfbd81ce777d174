/**
 * Formulas in blocks of vectors: the same bits as plain loops however operands lie and repeat; taken where they are
 * worth it and to be had.
 */

import { afterEach, describe, expect, it, vi } from "vitest";
import type { Elements } from "../../src/graph/dtype.ts";
import { countOf } from "../../src/graph/shape.ts";
import { ElementwiseLoop, setWasmLoops, type WasmLoops } from "../../src/kernels/elementwise.ts";
import { exp } from "../../src/kernels/lanes/elementary.ts";
import type { LaneOperand } from "../../src/kernels/lanes/forms.ts";
import type { LaneType } from "../../src/kernels/lanes/lanes.ts";
import { setGeneratedLoops, type Entry } from "../../src/kernels/loops.ts";
import { BLOCK, wasmBlocks } from "../../src/backends/wasm/eager/loops.ts";
import { random } from "../ops/sampling.ts";

afterEach(() => vi.unstubAllGlobals());

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array } as const;
type Shape = readonly number[];

const value = <V, M>(operand: LaneOperand<V, M>): V => (operand as { readonly value: V }).value;

/** c ? a - b : b, of a condition and two numbers. */
const choice = (type: LaneType): Entry => ({
  type,
  operands: ["condition", "number", "number"],
  read: (l, [c, a, b]) => ({
    value: l.select((c as { readonly mask: never }).mask, l.sub(value(a!), value(b!)), value(b!)),
  }),
});

/** a - b; the third operand is not looked at. */
const difference = (type: LaneType): Entry => ({
  type,
  operands: ["number", "number", "number"],
  read: (l, [a, b]) => ({ value: l.sub(value(a!), value(b!)) }),
});

function operandsOf({ type, operands }: Entry, shapes: readonly Shape[]): Elements[] {
  const next = random(5);
  return shapes.map((shape, k) => {
    const condition = operands[k] === "condition";
    const draw = (): number =>
      condition ? Math.round(next()) : Math.round(1000 * next() - 500) / (type === "i32" ? 1 : 7);
    return new (condition ? Uint8Array : arrays[type])(Array.from({ length: countOf(shape) }, draw));
  });
}

function run(
  entry: Entry,
  shape: Shape,
  shapes: readonly Shape[],
  mode: WasmLoops,
): { readonly out: number[]; readonly blocks: number } {
  const [former, before] = [setWasmLoops(mode), wasmBlocks()];
  const out = new arrays[entry.type](countOf(shape));
  try {
    new ElementwiseLoop(entry).broadcast(out, shape, operandsOf(entry, shapes), shapes);
  } finally {
    setWasmLoops(former);
  }
  return { out: [...out], blocks: wasmBlocks() - before };
}

const sizes = [1, 2, 3, 4, 7, 8, 9, 15, 17, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 5];

/** Shapes of the result, and of three operands that broadcast to it. */
const patterns: readonly (readonly [Shape, readonly [Shape, Shape, Shape]])[] = [
  [[2 * BLOCK + 3], [[1], [2 * BLOCK + 3], []]],
  [
    [70, 64],
    [[70, 64], [64], [70, 1]],
  ],
  [
    [70, 64],
    [[64], [70, 1], [70, 64]],
  ],
  [
    [70, 64],
    [
      [70, 1],
      [70, 64],
      [1, 64],
    ],
  ],
  [
    [3000, 3],
    [[3], [3000, 1], [3000, 3]],
  ],
  [
    [3, 3000],
    [[3000], [3, 1], [3, 3000]],
  ],
  [
    [2, BLOCK],
    [[BLOCK], [2, 1], [2, BLOCK]],
  ],
  [
    [5, 7, 300],
    [
      [7, 300],
      [5, 1, 300],
      [5, 7, 1],
    ],
  ],
  [
    [5, 7, 300],
    [[5, 1, 1], [7, 1], [300]],
  ],
  [
    [2, 3, 4, 50],
    [
      [3, 1, 50],
      [2, 1, 4, 1],
      [1, 3, 4, 50],
    ],
  ],
  [
    [600, 17],
    [[600, 17], [600, 1], []],
  ],
];

describe.each(["f64", "f32", "i32"] as const)("blocks of %s", (type) => {
  it.each([
    ["choice", choice],
    ["difference", difference],
  ] as const)("give the bits of plain loops at every size: %s", (_, entryOf) => {
    for (const size of sizes) {
      const shapes: Shape[] = [[size], [size], [size]];
      const blocks = run(entryOf(type), [size], shapes, "always");
      expect(blocks.out, String(size)).toEqual(run(entryOf(type), [size], shapes, "never").out);
      expect(blocks.blocks, String(size)).toBe(Math.ceil(size / BLOCK));
    }
  });

  it.each(patterns)("give the bits of plain loops for %j from %j", (shape, shapes) => {
    for (const entryOf of [choice, difference]) {
      const blocks = run(entryOf(type), shape, shapes, "always");
      expect(blocks.out).toEqual(run(entryOf(type), shape, shapes, "never").out);
      expect(blocks.blocks).toBeGreaterThan(0);
    }
  });

  it("of nothing are none", () => {
    expect(run(difference(type), [0, 3], [[0, 3], [3], [1]], "always")).toEqual({ out: [], blocks: 0 });
  });
});

describe("operands of a block", () => {
  it("may be parts of memory that the result is written to", () => {
    const former = setWasmLoops("always");
    const numbers = Float64Array.from({ length: 2 * BLOCK + 1 }, (_, i) => i);
    new ElementwiseLoop(difference("f64")).dense(numbers, numbers, numbers, numbers);
    setWasmLoops(former);
    expect(numbers.every((x) => x === 0)).toBe(true);
  });

  it("that the formula does not look at need not be there", () => {
    const former = setWasmLoops("always");
    const out = new Float64Array(3000);
    new ElementwiseLoop(difference("f64")).broadcast(
      out,
      [3000],
      [new Float64Array(3000).fill(3), new Float64Array(1).fill(2), new Float64Array(0)],
      [[3000], [1], []],
    );
    setWasmLoops(former);
    expect(out.every((x) => x === 1)).toBe(true);
  });
});

/** Runs a loop `count` long and says whether it went through blocks. */
function goesThroughBlocks(loop: ElementwiseLoop, count: number, blocks: () => number = wasmBlocks): boolean {
  const before = blocks();
  const x = new Float64Array(count).fill(1);
  loop.dense(new Float64Array(count), x, x, x);
  return blocks() > before;
}

describe("the choice between plain loops and blocks", () => {
  it("waits for much work, and leaves small results to the plain loop", () => {
    const loop = new ElementwiseLoop(difference("f64"));
    expect([
      goesThroughBlocks(loop, 100_000),
      goesThroughBlocks(loop, 500_000),
      goesThroughBlocks(loop, 512),
      goesThroughBlocks(loop, 511),
    ]).toEqual([false, true, true, false]);
    expect(goesThroughBlocks(new ElementwiseLoop(difference("f64")), 512)).toBe(false);
  });

  it("takes smaller results to blocks where a formula has many operations", () => {
    const loop = new ElementwiseLoop({
      type: "f64",
      operands: ["number", "number", "number"],
      read: (l, [a]) => ({ value: exp(l, value(a!)) }),
    });
    expect([goesThroughBlocks(loop, 600_000), goesThroughBlocks(loop, 128), goesThroughBlocks(loop, 127)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("leaves many small groups of rows to the plain loop", () => {
    const memory = [new Float64Array(500_000), new Float64Array(1_000_000), new Float64Array(8)];
    const blocksFor = (shape: Shape, shapes: readonly Shape[]): number => {
      const before = wasmBlocks();
      new ElementwiseLoop(difference("f64")).broadcast(new Float64Array(1_000_000), shape, memory, shapes);
      return wasmBlocks() - before;
    };
    expect(
      blocksFor(
        [125_000, 4, 2],
        [
          [125_000, 4, 1],
          [125_000, 4, 2],
          [4, 2],
        ],
      ),
    ).toBe(0);
    expect(blocksFor([1000, 1000], [[1000, 1], [1000, 1000], []])).toBeGreaterThan(0);
  });

  it("leaves formulas to the plain loop that call the host for each entry", () => {
    const power: Entry = {
      type: "f64",
      operands: ["number", "number", "number"],
      read: (l, [a, b]) => ({ value: l.external2("pow", value(a!), value(b!)) }),
    };
    expect(goesThroughBlocks(new ElementwiseLoop(power), 1_000_000)).toBe(false);
  });

  it("takes blocks at once where a page forbids generated code", () => {
    const former = setGeneratedLoops(false);
    const loop = new ElementwiseLoop(difference("f64"));
    setGeneratedLoops(former);
    expect([goesThroughBlocks(loop, 8), goesThroughBlocks(loop, 7)]).toEqual([true, false]);
  });
});

const real = (globalThis as unknown as { readonly WebAssembly: object }).WebAssembly;

/** As a constructor: one that gives nothing. */
function refuse(): never {
  throw new RangeError("refused");
}

describe("without WebAssembly", () => {
  it.each([
    ["there is none", undefined],
    ["it has no vectors", Object.assign(Object.create(real) as object, { validate: () => false })],
    ["a page's policy forbids modules", Object.assign(Object.create(real) as object, { Module: refuse })],
    ["no memory is given", Object.assign(Object.create(real) as object, { Memory: refuse })],
  ])("plain loops compute everything: %s", async (_, host) => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", host);
    const kernels = await import("../../src/kernels/elementwise.ts");
    await import("../../src/backends/wasm/eager/load.ts");
    const { wasmBlocks: blocks } = await import("../../src/backends/wasm/eager/loops.ts");
    kernels.setWasmLoops("always");
    const loop = new kernels.ElementwiseLoop(difference("f64"));
    expect(goesThroughBlocks(loop, 5000, blocks)).toBe(false);
    const out = new Float64Array(5000);
    loop.dense(out, new Float64Array(5000).fill(3), new Float64Array(5000).fill(1), out);
    expect(out.every((x) => x === 2)).toBe(true);
  });
});

/** Formulas of several results: the same bits as each result by itself, however they are run. */

import { describe, expect, it } from "vitest";
import { BLOCK, wasmBlocks } from "../../src/backends/wasm/eager/loops.ts";
import { compile, key, uniform } from "../../src/index.ts";
import { countOf } from "../../src/graph/shape.ts";
import { setWasmLoops, type WasmLoops } from "../../src/kernels/elementwise.ts";
import { JointLoop, type JointFormula } from "../../src/kernels/joint.ts";
import { numberLanes } from "../../src/kernels/lanes/number-lanes.ts";
import { externals } from "../../src/kernels/special.ts";
import { setGeneratedLoops } from "../../src/kernels/loops.ts";
import { derived, drawn, threefry } from "../../src/ops/threefry.ts";
import { random } from "../ops/sampling.ts";

type Shape = readonly number[];

const words: JointFormula = {
  type: "i32",
  operands: 3,
  results: 2,
  read: (l, k0, k1, at) => threefry(l, k0!, k1!, l.constant(2), at!),
};

/** A sum and a product of floats, of which the first reads one operand alone. */
const floats: JointFormula = {
  type: "f64",
  operands: 3,
  results: 2,
  read(l, a, b, c) {
    const twice = l.share(l.add(a!, a!));
    return [twice, l.mul(l.sub(twice, b!), l.sqrt(l.abs(c!)))];
  },
};

function operandsOf({ type }: JointFormula, shapes: readonly Shape[]): readonly (Int32Array | Float64Array)[] {
  const next = random(7);
  const draw = (): number => Math.round(2 ** 31 * (2 * next() - 1)) / (type === "i32" ? 1 : 3);
  return shapes.map((shape) => {
    const length = countOf(shape);
    return type === "i32" ? Int32Array.from({ length }, draw) : Float64Array.from({ length }, draw);
  });
}

function run(
  formula: JointFormula,
  shape: Shape,
  shapes: readonly Shape[],
  mode: WasmLoops,
  generates = true,
): { readonly outs: number[][]; readonly blocks: number } {
  const formerLoops = setGeneratedLoops(generates);
  const [former, before] = [setWasmLoops(mode), wasmBlocks()];
  const outs = [0, 1].map(() => new (formula.type === "i32" ? Int32Array : Float64Array)(countOf(shape)));
  try {
    new JointLoop(formula).broadcast(outs, shape, operandsOf(formula, shapes), shapes);
  } finally {
    setWasmLoops(former);
    setGeneratedLoops(formerLoops);
  }
  return { outs: outs.map((out) => [...out]), blocks: wasmBlocks() - before };
}

/** Every entry by itself, by broadcasting that is written out. */
function defined(
  { type, read }: JointFormula,
  shape: Shape,
  shapes: readonly Shape[],
  given: readonly ArrayLike<number>[],
): number[][] {
  const l = numberLanes(type, externals);
  const all = Array.from({ length: countOf(shape) }, (_, entry) => {
    let rest = entry;
    const index = [...shape].reverse().map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    });
    const operands = shapes.map((own, k) => {
      let [at, stride] = [0, 1];
      [...own].reverse().forEach((size, axis) => {
        if (size > 1) at += index[axis]! * stride;
        stride *= size;
      });
      return given[k]![at]!;
    });
    return read(l, ...operands);
  });
  return [0, 1].map((k) => all.map((results) => results[k]!));
}

const cases: readonly (readonly [Shape, readonly Shape[]])[] = [
  [[5], [[], [], [5]]],
  [[2 * BLOCK + 3], [[], [1], [2 * BLOCK + 3]]],
  [
    [4, 67],
    [[4, 1], [4, 1], [67]],
  ],
  [
    [3, 2, 9],
    [[3, 1, 1], [2, 9], []],
  ],
];

describe.each([
  ["words", words],
  ["floats", floats],
] as const)("%s", (_, formula) => {
  it.each(cases)("of shape %j from %j are what each entry by itself gives", (shape, shapes) => {
    const expected = defined(formula, shape, shapes, operandsOf(formula, shapes));
    const [plain, blocks, read] = [
      run(formula, shape, shapes, "never"),
      run(formula, shape, shapes, "always"),
      run(formula, shape, shapes, "never", false),
    ];
    expect(blocks.blocks).toBeGreaterThan(0);
    expect([plain.blocks, read.blocks]).toEqual([0, 0]);
    for (const { outs } of [plain, blocks, read]) expect(outs).toEqual(expected);
  });
});

describe("random bits", () => {
  it("of both words are those of each word by itself", () => {
    for (const { ops, loop } of [drawn, derived]) {
      const shapes = [[], [], [40]];
      const given = operandsOf(words, shapes);
      const outs = ops.map(() => new Int32Array(40));
      loop().broadcast(outs, [40], given, shapes);
      const one = (k: number): number[] =>
        Array.from(given[2]!, (at) => ops[k]!.value(given[0]![0]!, given[1]![0]!, at));
      expect(outs.map((out) => [...out])).toEqual([one(0), one(1)]);
    }
  });

  it("are computed once for both words in a program", () => {
    const sizeOf = (dtype: "float64" | "float32"): number => {
      const program = compile((of: ReturnType<typeof key>) => uniform(of, [1000], { dtype }));
      program(key(1));
      return program.explain().codeBytes;
    };
    // Numbers of float32 are made of one word: a second block would nearly double the code.
    expect(sizeOf("float64")).toBeLessThan(1.3 * sizeOf("float32"));
  });
});

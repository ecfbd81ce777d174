/**
 * Matrix products in WebAssembly against the definition of their sums: every small size, every layout, nothing else
 * written.
 */

import { setFlagsFromString } from "node:v8";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Elements } from "../../src/graph/dtype.ts";
import type { Callee, Local } from "../../src/backends/wasm/assembler/body.ts";
import { i32, load, op, plus, select, times, type Expression } from "../../src/backends/wasm/assembler/expressions.ts";
import {
  layoutOf,
  scratchBytesOf,
  type Layout,
  type MatmulSpec,
  type Sizes,
} from "../../src/kernels/product-layout.ts";
import { relaxedSimd } from "../../src/backends/wasm/host.ts";
import type { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { random } from "../ops/sampling.ts";
import { report } from "../report.ts";
import { isTried, sized } from "../size.ts";
import {
  arrays,
  compileFixed,
  compileOpen,
  compute,
  defined,
  expectNear,
  expectSame,
  magnitudes,
  summed,
  type Compiled,
  type Flags,
} from "./products.ts";

// Node 20 has fused products behind a flag.
if (!relaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");

let compared = 0;

afterAll(() => {
  report("checks", compared);
});

const types = ["f32", "f64"] as const;
const flags = [false, true];
const transpositions = flags.flatMap((transposeA) => flags.map((transposeB) => ({ transposeA, transposeB })));
const next = random(11);

/** Numbers whose rounding errors show, with a negative zero here and there. */
function numbers(type: "f32" | "f64", count: number): Elements {
  return new arrays[type](count).map(() => (next() < 0.02 ? -0 : 2 * next() - 1));
}

const wordsOf = ({ m, k, n }: Sizes, { transposeA, transposeB }: Flags): string =>
  `${m}×${k}${transposeA ? "ᵀ" : ""} · ${k}×${n}${transposeB ? "ᵀ" : ""}`;

/**
 * One product against the definition: the same bits, or with fused products within the bound of the rounding errors.
 */
function check(compiled: Compiled, sizes: Sizes, how: Flags, fma = false): void {
  const { m, k, n } = sizes;
  const [a, b] = [numbers(compiled.type, m * k), numbers(compiled.type, k * n)];
  const what = `${compiled.type} ${wordsOf(sizes, how)}`;
  const got = compute(compiled, a, b, sizes);
  const expected = summed(compiled.type, a, b, sizes, how);
  if (fma) expectNear(what, got, expected, sizes, magnitudes(a, b, sizes, how.transposeA, how.transposeB));
  else expectSame(what, got, expected);
  compared++;
}

describe.each(types)("a product of fixed sizes in %s", (type) => {
  it.each(flags)("has the defined sums at every tail of its tiles (fused: %s)", (fma) => {
    for (let m = 0; m <= 14; m++)
      for (let n = 0; n <= 18; n++) {
        if (!isTried(30, `fixed ${type} ${fma} ${m} ${n}`)) continue;
        const how = transpositions[(m + n + Math.floor(m / 4)) % 4]!;
        const sizes = { m, k: (5 * m + 3 * n) % 34, n };
        check(compileFixed({ type, ...sizes, ...how, fma }), sizes, how, fma);
        check(compileFixed({ type, ...sizes, ...how, fma }, null, null, "all"), sizes, how, fma);
      }
  });

  it.each(flags)("has the defined sums beyond its blocks (fused: %s)", (fma) => {
    for (const sizes of [
      { m: 135, k: 259, n: 37 },
      { m: 9, k: 515, n: 21 },
      { m: 5, k: 260, n: 521 },
      { m: 131, k: 30, n: 523 },
      { m: 2, k: 300, n: 77 },
      { m: 1, k: 513, n: 70 },
    ]) {
      for (const how of transpositions)
        for (const part of ["rows", "all"] as const) {
          if (isTried(24, `beyond ${type} ${fma} ${wordsOf(sizes, how)} ${part}`))
            check(compileFixed({ type, ...sizes, ...how, fma }, null, null, part), sizes, how, fma);
        }
    }
  });
});

describe.each(types)("a product of sizes given with the call in %s", (type) => {
  it("has the defined sums at every size up to 33, in every layout", () => {
    for (const how of transpositions)
      for (const packA of flags)
        for (const packB of how.transposeB ? [true] : flags) {
          const compiled = compileOpen({ type, fma: false, ...how, packA, packB });
          for (let m = 0; m <= 33; m++)
            for (let n = 0; n <= 33; n++)
              if (isTried(30, `open ${type} ${Object.values(how).join()} ${packA} ${packB} ${m} ${n}`))
                check(compiled, { m, k: (7 * m + 13 * n) % 34, n }, how);
        }
  });

  it("has the defined sums beyond its blocks, in every layout", () => {
    for (const how of transpositions)
      for (const packA of flags)
        for (const packB of how.transposeB ? [true] : flags) {
          const compiled = compileOpen({ type, fma: false, ...how, packA, packB });
          for (const sizes of [
            { m: 133, k: 258, n: 9 },
            { m: 5, k: 258, n: 517 },
            { m: 10, k: 513, n: 10 },
          ]) {
            if (isTried(24, `beyond ${type} ${wordsOf(sizes, how)} ${packA} ${packB}`)) check(compiled, sizes, how);
          }
        }
  });

  it("keeps NaN, infinities and zeros where they belong", () => {
    for (const how of transpositions) {
      const compiled = compileOpen(layoutOf({ type, fma: false, ...how, m: 13, k: 6, n: 11 }));
      for (let round = 0; round < sized(6, 40); round++) {
        const sizes = { m: 13, k: 6, n: 11 };
        const [a, b] = [numbers(type, 13 * 6), numbers(type, 6 * 11)];
        for (const operand of [a, b])
          for (const bad of [NaN, Infinity, -Infinity, 0, -0]) operand[Math.floor(next() * operand.length)] = bad;
        expectSame(wordsOf(sizes, how), compute(compiled, a, b, sizes), summed(type, a, b, sizes, how));
        compared++;
      }
    }
  });

  it("computes any range of rows, and no other row", () => {
    for (const packA of flags)
      for (const packB of flags) {
        const compiled = compileOpen({ type, fma: false, transposeA: false, transposeB: false, packA, packB });
        const sizes = { m: 23, k: 17, n: 21 };
        const [a, b] = [numbers(type, 23 * 17), numbers(type, 17 * 21)];
        const whole = compute(compiled, a, b, sizes);
        for (let begin = 0; begin <= 23; begin++)
          for (let end = begin; end <= 23; end++) {
            if (!isTried(24, `rows ${type} ${packA} ${packB} ${begin} ${end}`)) continue;
            expectSame(
              `rows ${begin} to ${end}`,
              compute(compiled, a, b, sizes, begin, end),
              whole.slice(begin * 21, end * 21),
            );
            compared++;
          }
      }
  });
});

describe.each(types)("a tile of six rows in %s", (type) => {
  it("has the defined sums, within the bound of fused products", () => {
    vi.stubGlobal("Float16Array", Float32Array);
    try {
      for (const how of transpositions)
        for (const packA of flags)
          for (const packB of how.transposeB ? [true] : flags) {
            const compiled = compileOpen({ type, fma: true, ...how, packA, packB });
            for (let m = 1; m <= 19; m++)
              for (const n of [1, 5, 8, 11])
                if (isTried(6, `six ${type} ${Object.values(how).join()} ${packA} ${packB} ${m} ${n}`))
                  check(compiled, { m, k: (7 * m + n) % 23, n }, how, true);
            check(compiled, { m: 200, k: 259, n: 9 }, how, true);
          }
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

/** Makes what changes each entry of the rows that it is given, where it lies: by its number, its row and its column. */
function finishing(
  type: "f32" | "f64",
  { n }: Sizes,
  change: (x: Expression, row: Local, column: Local) => Expression,
): (builder: ModuleBuilder) => Callee {
  const bytes = type === "f32" ? 4 : 8;
  return (builder) =>
    builder.function("finish", new Array<"i32">(6).fill("i32"), null, (body) => {
      const [c, from, to] = [2, 4, 5].map((k) => body.parameter(k)) as [Local, Local, Local];
      const [row, column] = [body.local("i32"), body.local("i32")];
      body.for(row, from, to, 1, () =>
        body.for(column, i32(0), i32(n), 1, () => {
          const at = body.let(plus(c, times(plus(times(row, n), column), bytes)));
          body.store(`${type}.store`, at, change(load(`${type}.load`, at), row, column));
        }),
      );
    });
}

describe.each(types)("what follows or precedes a product in %s", (type) => {
  const round = type === "f32" ? Math.fround : (x: number) => x;
  const asNumber = (x: Expression): Expression => op(`${type}.convert_i32_s`, x);

  it("is called once with each row, when it is whole, whatever the blocks and the rows that are asked for", () => {
    for (const sizes of [
      { m: 1, k: 3, n: 1 },
      { m: 5, k: 300, n: 13 },
      { m: 11, k: 4, n: 8 },
      { m: 2, k: 9, n: 41 },
      { m: 1, k: 9, n: 41 },
      { m: 6, k: 0, n: 7 },
      { m: 270, k: 260, n: 67 },
      { m: 70, k: 260, n: 1030 },
    ]) {
      const { m, k, n } = sizes;
      for (const how of transpositions) {
        if (!isTried(6, `finished ${type} ${wordsOf(sizes, how)}`)) continue;
        const finish = finishing(type, sizes, (x, row, column) =>
          op(`${type}.add`, op(`${type}.add`, x, x), asNumber(plus(times(row, n), column))),
        );
        const [a, b] = [numbers(type, m * k), numbers(type, k * n)];
        const compiled = compileFixed({ type, ...sizes, ...how, fma: false }, finish);
        const expected = summed(type, a, b, sizes, how).map((x, i) => round(2 * x + i));
        expectSame(wordsOf(sizes, how), compute(compiled, a, b, sizes), expected);
        const [begin, end] = [Math.floor(m / 3), Math.ceil(m / 2)];
        expectSame(
          `rows of ${wordsOf(sizes, how)}`,
          compute(compiled, a, b, sizes, begin, end),
          expected.subarray(begin * n, end * n),
        );
        compared += 2;
      }
    }
  });

  it("is preceded by what is called once with each row, before any of A is read there", () => {
    for (const sizes of [
      { m: 1, k: 3, n: 1 },
      { m: 5, k: 300, n: 13 },
      { m: 2, k: 9, n: 41 },
      { m: 270, k: 260, n: 67 },
      { m: 150, k: 520, n: 300 },
      { m: 70, k: 260, n: 1030 },
    ]) {
      const { m, k, n } = sizes;
      // Rows of A are doubled before and halved behind the product, so that A is what it was where each is done once.
      const scaled =
        (by: "mul" | "div") =>
        (builder: ModuleBuilder): Callee =>
          builder.function(by, new Array<"i32">(6).fill("i32"), null, (body) => {
            const [a, from, to, at, bytes] = [
              body.parameter(0),
              body.parameter(4),
              body.parameter(5),
              body.local("i32"),
              type === "f32" ? 4 : 8,
            ];
            body.for(at, times(from, k), times(to, k), 1, () => {
              const place = body.let(plus(a, times(at, bytes)));
              const number = load(`${type}.load`, place);
              body.store(`${type}.store`, place, op(`${type}.${by}`, number, asNumber(i32(2))));
            });
          });
      for (const transposeB of flags) {
        const [a, b] = [numbers(type, m * k), numbers(type, k * n)];
        const how = { transposeA: false, transposeB };
        const compiled = compileFixed({ type, ...sizes, ...how, fma: false }, scaled("div"), scaled("mul"));
        const expected = summed(type, a, b, sizes, how).map((x) => 2 * x);
        expectSame(wordsOf(sizes, how), compute(compiled, a, b, sizes), expected);
        const [begin, end] = [Math.floor(m / 3), Math.ceil(m / 2)];
        expectSame(
          `rows of ${wordsOf(sizes, how)}`,
          compute(compiled, a, b, sizes, begin, end),
          expected.subarray(begin * n, end * n),
        );
        compared += 2;
      }
    }
  });

  it("begins at multiples of four rows", () => {
    const sizes = { m: 1000, k: 2, n: 5 };
    const finish = (builder: ModuleBuilder): Callee =>
      builder.function("finish", new Array<"i32">(6).fill("i32"), null, (body) => {
        // How many rows came before, of this block or of others, is written over the first entry of the block.
        body.store(
          `${type}.store`,
          plus(body.parameter(2), times(body.parameter(4), sizes.n * (type === "f32" ? 4 : 8))),
          asNumber(op("i32.rem_s", body.parameter(4), i32(4))),
        );
      });
    for (const fma of flags) {
      const [a, b] = [numbers(type, 2000).fill(1), numbers(type, 10).fill(1)];
      const got = compute(
        compileFixed({ type, ...sizes, ...transpositions[0]!, fma: fma && relaxedSimd() }, finish),
        a,
        b,
        sizes,
      );
      const firsts = [...got].filter((x) => x !== 2);
      expect(firsts.length).toBeGreaterThan(6);
      expect(new Set(firsts)).toEqual(new Set([0]));
    }
  });
});

describe("the checks themselves", () => {
  const how = { transposeA: false, transposeB: false };
  const spec = (type: "f32" | "f64", sizes: Sizes, more: Partial<MatmulSpec> = {}): MatmulSpec => ({
    type,
    ...sizes,
    ...how,
    fma: false,
    ...more,
  });

  it("compare with sums that have the bits of the definition", () => {
    for (const type of types)
      for (const how of transpositions)
        for (const sizes of [
          { m: 0, k: 3, n: 2 },
          { m: 2, k: 0, n: 3 },
          { m: 5, k: 9, n: 7 },
          { m: 7, k: 515, n: 3 },
        ]) {
          const [a, b] = [numbers(type, sizes.m * sizes.k), numbers(type, sizes.k * sizes.n)];
          expectSame(wordsOf(sizes, how), summed(type, a, b, sizes, how), defined(type, a, b, sizes, how));
          for (const operand of [a, b])
            for (const bad of [NaN, Infinity, -Infinity, 0, -0]) operand[Math.floor(next() * operand.length)] = bad;
          expectSame(
            `not finite ${wordsOf(sizes, how)}`,
            summed(type, a, b, sizes, how),
            defined(type, a, b, sizes, how),
          );
        }
  });

  it("see one bit in one lane of a tail", () => {
    const sizes = { m: 5, k: 7, n: 11 };
    const one = (x: Expression): Expression =>
      op("f32.reinterpret_i32", op("i32.xor", op("i32.reinterpret_f32", x), i32(1)));
    const last = finishing("f32", sizes, (x, _, column) => select(op("i32.eq", column, i32(8)), one(x), x));
    expect(() => check(compileFixed(spec("f32", sizes), last), sizes, how)).toThrow(/entry 8 is/);
  });

  it("see a transposition that is left out", () => {
    const sizes = { m: 6, k: 6, n: 6 };
    for (const wrong of [{ transposeA: true }, { transposeB: true }])
      expect(() => check(compileFixed(spec("f64", sizes, wrong)), sizes, how)).toThrow(/entry \d+ is/);
  });

  it("see a product that is not rounded, and a sum without blocks", () => {
    const fused = { m: 8, k: 40, n: 8 };
    expect(() => check(compileFixed(spec("f32", fused, { fma: true })), fused, how)).toThrow(/entry \d+ is/);
    const sizes = { m: 8, k: 600, n: 8 };
    const [a, b] = [numbers("f32", 8 * 600), numbers("f32", 600 * 8)];
    const unblocked = new Float32Array(64).map((_, at) => {
      let sum = 0;
      for (let i = 0; i < 600; i++)
        sum = Math.fround(sum + Math.fround(a[Math.floor(at / 8) * 600 + i]! * b[i * 8 + (at % 8)]!));
      return sum;
    });
    expect(() => expectSame("unblocked", compute(compileFixed(spec("f32", sizes)), a, b, sizes), unblocked)).toThrow(
      /entry \d+ is/,
    );
  });

  it("see a wrong sum beyond the bound of rounding errors", () => {
    const sizes = { m: 4, k: 30, n: 8 };
    const [a, b] = [numbers("f32", 120), numbers("f32", 240)];
    const expected = defined("f32", a, b, sizes, how);
    const bound = magnitudes(a, b, sizes, false, false);
    expectNear("right", expected, expected, sizes, bound);
    const wrong = expected.slice();
    wrong[31] = wrong[31]! + 1e-3;
    expect(() => expectNear("wrong", wrong, expected, sizes, bound)).toThrow(/entry 31/);
    wrong[31] = NaN;
    expect(() => expectNear("wrong", wrong, expected, sizes, bound)).toThrow(/entry 31/);
  });

  it("see a row too many, and scratch memory that is too small", () => {
    const sizes = { m: 6, k: 5, n: 9 };
    const layout: Layout = { type: "f32", fma: false, transposeA: true, transposeB: true, packA: true, packB: true };
    const open = compileOpen(layout);
    const [a, b] = [numbers("f32", 30), numbers("f32", 45)];
    const longer: Compiled = {
      ...open,
      run: (x, y, z, scratch, begin, end, given) =>
        open.run(x, y, z, scratch, begin, end + 1, { ...given, m: given.m }),
    };
    expect(() => compute(longer, a, b, sizes)).toThrow(/outside the product/);
    const shorter: Compiled = {
      ...open,
      scratch: (m, n) => scratchBytesOf({ ...layout, packA: false }, m, n) - 1024 * 8,
    };
    expect(() => compute(shorter, a, b, sizes)).toThrow(/outside the product/);
  });
});

/** A library multiplies matrices whose products are known before it is trusted with others. */

import { matmulPlain } from "../kernels/matmul.ts";
import type { Floats } from "../kernels/native.ts";
import type { Multiply } from "./products.ts";

/** Small ones, odd ones, rows and columns, and one that libraries cut into blocks. */
const sizes: readonly (readonly [m: number, k: number, n: number])[] = [
  [1, 1, 1],
  [1, 7, 5],
  [6, 9, 1],
  [3, 4, 2],
  [17, 1, 13],
  [8, 16, 8],
  [70, 61, 45],
];

const types = { float32: Float32Array, float64: Float64Array } as const;

/** Integers from −8 to 8, in no order that a transposition keeps: their sums of products are exact in every order. */
function integers(Type: (typeof types)[keyof typeof types], count: number, seed: number): Floats {
  let state = seed;
  return new Type(count).map(() => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return ((state >> 16) % 17) - 8;
  });
}

/** Says what is wrong with the first product that is; `null` where all are right. */
export function selfTest(multiply: Multiply): string | null {
  for (const name of ["float32", "float64"] as const)
    for (const [m, k, n] of sizes)
      for (const transposeA of [false, true])
        for (const transposeB of [false, true]) {
          const Type = types[name];
          const plain = [integers(Type, m * k, 1), integers(Type, k * n, 2)] as const;
          // A zero does not hide what is not a number, and infinities do not become numbers.
          const special = [plain[0].slice().fill(0, 0, 1), plain[1].slice().fill(NaN, 0, 1)] as const;
          const infinite = [plain[0].slice().fill(Infinity, m * k - 1), plain[1]] as const;
          for (const [a, b] of [plain, special, infinite]) {
            const [got, expected] = [new Type(m * n + 2).fill(NaN), new Type(m * n + 2).fill(NaN)];
            multiply({ out: got.subarray(1, m * n + 1), a, b }, m, k, n, transposeA, transposeB);
            matmulPlain(
              expected,
              1,
              { elements: a, offset: 0 },
              { elements: b, offset: 0 },
              m,
              k,
              n,
              transposeA,
              transposeB,
            );
            for (let i = 0; i < expected.length; i++) {
              if (got[i] === expected[i] || (Number.isNaN(got[i]) && Number.isNaN(expected[i]))) continue;
              const way = `${m} × ${k}${transposeA ? " (transposed)" : ""} times ${k} × ${n}${transposeB ? " (transposed)" : ""}`;
              return `a wrong product in the self-test: ${way} in ${name}, entry ${i - 1} is ${got[i]!} where ${expected[i]!} is right`;
            }
          }
        }
  return null;
}

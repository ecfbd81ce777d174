/** cblas_sgemm and cblas_dgemm of an open library, as products of matrices in row-major order. */

import type { NativeOperands } from "../kernels/native.ts";
import type { KoffiLibrary, Native } from "./koffi.ts";

/** How C's headers number what CBLAS is told. */
const ROW_MAJOR = 101;
const AS_IT_IS = 111;
const TRANSPOSED = 112;

/** One product. */
export type Multiply = (
  operands: NativeOperands,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
) => void;

/**
 * Calls that go to the library.
 *
 * @throws where it lacks one of the two functions
 */
export function productsOf(library: KoffiLibrary): Multiply {
  // (order, op of A, op of B, m, n, k, α, A, its row, B, its row, β, C, its row): C = α op(A) op(B) + β C, C unread
  // where β = 0
  const gemm = (name: string, real: "float" | "double"): Native =>
    library.func(name, "void", [
      "int",
      "int",
      "int",
      "int",
      "int",
      "int",
      real,
      "void *",
      "int",
      "void *",
      "int",
      real,
      "void *",
      "int",
    ]);
  const [sgemm, dgemm] = [gemm("cblas_sgemm", "float"), gemm("cblas_dgemm", "double")];
  return ({ out, a, b }, m, k, n, transposeA, transposeB) => {
    const call = out instanceof Float32Array ? sgemm : dgemm;
    call(
      ROW_MAJOR,
      transposeA ? TRANSPOSED : AS_IT_IS,
      transposeB ? TRANSPOSED : AS_IT_IS,
      m,
      n,
      k,
      1,
      a,
      transposeA ? m : k,
      b,
      transposeB ? k : n,
      0,
      out,
      n,
    );
  };
}

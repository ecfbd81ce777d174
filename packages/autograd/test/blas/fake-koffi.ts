/**
 * koffi with libraries that are written here: one that multiplies as it should, and others with a planted fault each.
 */

import { matmulByDefinition } from "../../src/kernels/matmul.ts";
import type { Elements } from "../../src/graph/dtype.ts";
import type { Koffi, KoffiLibrary, Native } from "../../src/blas/koffi.ts";

/** What is wrong with a library. */
export type Fault =
  "none" | "transposes" | "columns" | "sums" | "zeros" | "infinities" | "double" | "beyond" | "throws" | "functions";

/** cblas_?gemm in row-major order, α = 1 and β = 0, with its fault. */
function gemm(fault: Fault, type: "float32" | "float64"): Native {
  return (order, opA, opB, m, n, k, alpha, a, stepA, b, stepB, beta, c, stepC) => {
    const [rows, inner, columns] = [m, k, n] as [number, number, number];
    const [A, B, C] = [a, b, c] as [Elements, Elements, Elements];
    const [transposeA, transposeB] = [opA === 112, opB === 112];
    if (order !== 101 || alpha !== 1 || beta !== 0) throw new Error("the call is not of the kind that is expected");
    if (stepA !== (transposeA ? rows : inner) || stepB !== (transposeB ? inner : columns) || stepC !== columns)
      throw new Error("rows of another length");
    if (A.length !== rows * inner || B.length !== inner * columns || C.length !== rows * columns)
      throw new Error("operands of another size");
    if (fault === "throws") throw new TypeError("Unexpected Float32Array value");
    const ways = fault === "transposes" ? ([transposeB, transposeA] as const) : ([transposeA, transposeB] as const);
    const absorbing = fault === "zeros" ? ({ left: "zeros", right: "zeros" } as const) : null;
    matmulByDefinition(
      C,
      0,
      { elements: A, offset: 0 },
      { elements: B, offset: 0 },
      rows,
      inner,
      columns,
      ...ways,
      absorbing,
    );
    if (fault === "columns" && columns > 8) C[rows * columns - 1] = 0;
    if (fault === "sums" && inner > 60) C[0]! += 1;
    if (fault === "infinities")
      C.forEach((x, i) => {
        if (x === Infinity) C[i] = NaN;
      });
    if (fault === "double" && type === "float64")
      C.forEach((x, i) => {
        C[i] = -x;
      });
    if (fault === "beyond") new Float32Array(C.buffer, C.byteOffset + C.byteLength, 1)[0] = 0;
  };
}

const names = { cblas_sgemm: "float32", cblas_dgemm: "float64" } as const;

/** A library with the functions of OpenBLAS, as far as they are asked for. */
function libraryWith(fault: Fault, signed: boolean): KoffiLibrary {
  let threads = 8;
  const others: Readonly<Record<string, Native>> = {
    openblas_get_config: () => "",
    openblas_get_num_threads: () => threads,
    openblas_set_num_threads: (count) => {
      threads = count as number;
    },
  };
  return {
    func(name) {
      if (name in names && !(fault === "functions" && name === "cblas_dgemm"))
        return gemm(fault, names[name as keyof typeof names]);
      if (signed && name in others) return others[name]!;
      throw new Error(`Cannot find function '${name}' in shared library`);
    },
  };
}

/** koffi on a machine with these libraries and no others. */
export function koffiWith(
  libraries: Readonly<Record<string, { readonly fault?: Fault; readonly signed?: boolean }>>,
  version = "3.3.4",
): Koffi {
  return {
    version,
    load(path) {
      const found = libraries[path];
      if (found === undefined) throw new Error("Failed to load shared library: no such file");
      return libraryWith(found.fault ?? "none", found.signed ?? true);
    },
  };
}

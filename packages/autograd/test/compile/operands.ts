/** Operands of any shape. */

import { tensor, type DType, type Tensor } from "../../src/index.ts";
import { random } from "../ops/sampling.ts";

/** Numbers from -2 to 2, whole ones from -50 to 50. */
export function filled(shape: readonly number[], dtype: DType = "float64", seed = 1): Tensor {
  const next = random(seed + shape.length);
  const numbers = Float64Array.from({ length: shape.reduce((n, size) => n * size, 1) }, () =>
    dtype === "int32" ? Math.round(100 * next() - 50) : 4 * next() - 2,
  );
  return tensor(numbers, { shape, dtype }) as Tensor;
}

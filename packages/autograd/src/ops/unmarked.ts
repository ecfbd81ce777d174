/** What leaves a sweep: its marks are its own. */

import type { Elements } from "../graph/dtype.ts";
import { isTracked } from "../graph/record.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./arithmetic.ts";
import { isMark } from "./marks.ts";

/** x as it leaves a sweep: what was dropped is a plain 0. */
export function unmarked(x: Tensor): Tensor {
  const { storage } = x;
  // Recorded, it passes every later cotangent on.
  if (storage === null || isTracked(x)) return add(x, 0);
  return (typeof storage === "number" ? isMark(storage) : hasMark(storage)) ? add(x, 0) : x;
}

function hasMark(numbers: Elements): boolean {
  for (let i = 0; i < numbers.length; i++) if (isMark(numbers[i]!)) return true;
  return false;
}

/** What a wrong gradient shows that no formula of a family explains: factors, orders, sums that are left out. */

import type { Words } from "../report.ts";
import { rational } from "../features.ts";
import { largest, positionOf, sameShape, showShape, stridesOf, type Numbers } from "./numbers.ts";

/** c with a = c b throughout; `null` where there is none. */
function factorOf(a: Float64Array, b: Float64Array): number | null {
  const at = b.reduce((best, x, i) => (Math.abs(x) > Math.abs(b[best]!) ? i : best), 0);
  if (b.length < 2 || b[at] === 0 || largest(a) === 0) return null;
  const c = a[at]! / b[at]!;
  const size = largest(a);
  return a.every((x, i) => Math.abs(x - c * b[i]!) <= 1e-5 * size) ? c : null;
}

/** The sums over one axis. */
function summed({ data, shape }: Numbers, axis: number): Numbers {
  const rest = shape.filter((_, k) => k !== axis);
  const strides = stridesOf(rest);
  const out = new Float64Array(rest.reduce((product, size) => product * size, 1));
  data.forEach((x, index) => {
    const at = positionOf(index, shape).filter((_, k) => k !== axis).reduce((sum, i, k) => sum + i * strides[k]!, 0);
    out[at]! += x;
  });
  return { data: out, shape: rest };
}

const close = (a: Float64Array, b: Float64Array): boolean => {
  const size = Math.max(largest(a), largest(b));
  return a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= 1e-6 * size);
};

function transposed({ data, shape }: Numbers): Numbers | null {
  const [rows, cols] = shape;
  if (shape.length !== 2) return null;
  return { shape: [cols!, rows!], data: Float64Array.from(data, (_, i) => data[(i % rows!) * cols! + Math.floor(i / rows!)]!) };
}

/** What other shapes show. */
function ofShapes(yours: Numbers, correct: Numbers): Words[] {
  const found: Words[] = [{
    en: `the shape is ${showShape(yours.shape)} where ${showShape(correct.shape)} is needed`,
    zh: `形状是 ${showShape(yours.shape)}，应为 ${showShape(correct.shape)}`,
  }];
  const turned = transposed(yours);
  if (turned !== null && close(turned.data, correct.data)) found.push({ en: "it equals the correct one transposed", zh: "它等于正确结果的转置" });
  else if (close(yours.data, correct.data)) found.push({ en: "its numbers are the correct ones in another shape", zh: "数值正确，只是形状不同" });
  for (let axis = 0; axis < yours.shape.length; axis++) {
    if (close(summed(yours, axis).data, correct.data)) found.push({ en: `summed over axis ${axis} it is correct: the sum over the broadcast axis is missing [I3]`, zh: `沿轴 ${axis} 求和之后就正确：漏了对广播轴求和 [I3]` });
  }
  return found;
}

/** Everything that can be said about `yours` beside `correct`. */
export function opFeatures(yours: Numbers, correct: Numbers, allowed: number): Words[] {
  if (!sameShape(yours.shape, correct.shape)) return ofShapes(yours, correct);
  if (yours.data.every((x) => x === 0)) return [{ en: "all entries are 0", zh: "所有元素都是 0" }];
  const c = factorOf(yours.data, correct.data);
  if (c !== null) {
    // A kernel has no K outputs whose number could be meant.
    const words = rational(c, correct.shape[0] ?? 1, NaN);
    return [{ en: `yours / correct is ${words} in every entry`, zh: `你的 / 正确的 在每个元素上都是 ${words}` }];
  }
  const found: Words[] = [];
  const wrong = yours.data.reduce((count, x, i) => count + (Math.abs(x - correct.data[i]!) > allowed ? 1 : 0), 0);
  if (wrong < yours.data.length) found.push({ en: `${wrong} of ${yours.data.length} entries are off, the others are right`, zh: `${yours.data.length} 个元素中有 ${wrong} 个不对，其余都对` });
  const turned = transposed(yours);
  if (turned !== null && sameShape(turned.shape, correct.shape) && close(turned.data, correct.data)) found.push({ en: "it equals the correct one transposed", zh: "它等于正确结果的转置" });
  else if (wrong > 1 && close(yours.data.slice().sort(), correct.data.slice().sort())) found.push({ en: "the entries are the correct ones in another order", zh: "元素都是正确的，只是次序不同" });
  for (let axis = 0; axis < correct.shape.length; axis++) {
    const [mine, right] = [summed(yours, axis), summed(correct, axis)];
    const size = largest(correct.data);
    if (correct.shape[axis]! < 2) continue;
    if (largest(right.data) <= 1e-6 * size && largest(mine.data) > 1e-4 * size) found.push({ en: `the sums over axis ${axis} must be 0, and yours are not`, zh: `沿轴 ${axis} 的和必须为 0，而你的不是` });
    else if (close(mine.data, right.data) && largest(right.data) > 1e-4 * size) found.push({ en: `the sums over axis ${axis} are right`, zh: `沿轴 ${axis} 的和是对的` });
  }
  return found;
}

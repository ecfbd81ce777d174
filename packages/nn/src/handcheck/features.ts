/** What numbers show that no formula of the catalogue gives: ratios, known tensors, ranks, orders. */

import type { Words } from "./report.ts";
import { overTolerance } from "./tolerance.ts";
import { row, transpose, type Tracked } from "./tracked.ts";

/** A tensor that the numbers may have to do with. */
export interface Known {
  readonly name: string;
  readonly value: Tracked;
}

/** Everything that can be said about `yours` beside `correct`. */
export function features(yours: Tracked, correct: Tracked, known: readonly Known[], samples: number, outputs: number): Words[] {
  if (yours.rows !== correct.rows || yours.cols !== correct.cols) {
    const turned = yours.rows === correct.cols && yours.cols === correct.rows;
    const equal = turned && overTolerance(transpose(yours), correct) <= 1;
    const [given, needed] = [`${yours.rows}×${yours.cols}`, `${correct.rows}×${correct.cols}`];
    return [
      { en: `the shape is ${given} where ${needed} is needed`, zh: `形状是 ${given},应为 ${needed}` },
      ...(equal ? [{ en: "it equals the correct one transposed", zh: "它等于正确结果的转置" }] : []),
    ];
  }
  const found: Words[] = [];
  const close = (a: Tracked, b: Tracked): boolean => overTolerance(a, b) <= 1;
  if (yours.value.every((x) => x === 0)) return [{ en: "all entries are 0", zh: "所有元素都是 0" }];

  const ratio = constantOf(yours.value, correct.value);
  if (ratio !== null) {
    const words = rational(ratio, samples, outputs);
    return [{ en: `yours / correct is ${words} in every entry`, zh: `你的 / 正确的 在每个元素上都是 ${words}` }];
  }
  if (yours.rows > 1 && yours.cols > 1) {
    if (byLine(yours, correct, "col")) found.push({ en: "yours / correct is one number for each column", zh: "你的 / 正确的 在每一列上是一个常数" });
    if (byLine(yours, correct, "row")) found.push({ en: "yours / correct is one number for each row", zh: "你的 / 正确的 在每一行上是一个常数" });
  }
  const wrong: number[] = [];
  for (let j = 0; j < yours.cols; j++) {
    for (let i = 0; i < yours.rows; i++) {
      const at = i * yours.cols + j;
      if (Math.abs(yours.value[at]! - correct.value[at]!) > (yours.error?.[at] ?? 0) + (correct.error?.[at] ?? 0)) {
        wrong.push(at);
      }
    }
  }
  if (wrong.length < yours.value.length) {
    found.push({ en: `${wrong.length} of ${yours.value.length} entries are off, the others are right`, zh: `${yours.value.length} 个元素中有 ${wrong.length} 个不对,其余都对` });
  }
  if (yours.rows === yours.cols && yours.rows > 1 && close(transpose(yours), correct)) found.push({ en: "it equals the correct one transposed", zh: "它等于正确结果的转置" });
  else if (wrong.length > 1 && sameEntries(yours.value, correct.value)) found.push({ en: "the entries are the correct ones in another order", zh: "元素都是正确的,只是次序不同" });
  if (yours.rows > 1 && correct.rows > 1) {
    for (let n = 0; n < correct.rows; n++) {
      const one = row(correct, n);
      if (Array.from({ length: yours.rows }, (_, i) => row(yours, i)).every((mine) => close(mine, one))) {
        found.push({ en: `every row equals row ${n + 1} of the correct one`, zh: `每一行都等于正确结果的第 ${n + 1} 行` });
        break;
      }
    }
  }
  for (const { name, value } of known) {
    if (value.rows !== yours.rows || value.cols !== yours.cols) continue;
    if (close(yours, value)) found.push({ en: `it equals ${name}`, zh: `它等于 ${name}` });
    const gap = yours.value.map((x, i) => x - correct.value[i]!);
    const c = constantOf(gap, value.value);
    if (c !== null) found.push({ en: `yours − correct is ${rational(c, samples, outputs)} · ${name}`, zh: `你的 − 正确的 是 ${rational(c, samples, outputs)} · ${name}` });
    const quotient = yours.value.map((x, i) => (correct.value[i] === 0 ? 0 : x / correct.value[i]!));
    const r = constantOf(quotient, value.value);
    if (r !== null) found.push({ en: `yours / correct is ${rational(r, samples, outputs)} · ${name}`, zh: `你的 / 正确的 是 ${rational(r, samples, outputs)} · ${name}` });
  }
  if (found.length === 0 && Math.min(yours.rows, yours.cols) > 1 && rankOne(yours) && !rankOne(correct)) {
    found.push({ en: "its rank is 1 where the correct one's is higher: one outer product, not a sum of them", zh: "它的秩是 1,而正确结果的秩更高:只是一个外积,不是外积之和" });
  }
  return found;
}

/** c with a = c b throughout, to five digits; `null` where there is none. */
function constantOf(a: Float64Array, b: Float64Array): number | null {
  let c: number | null = null;
  let [scaleA, scaleB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Math.abs(b[i]!) > scaleB) [scaleB, c] = [Math.abs(b[i]!), a[i]! / b[i]!];
    scaleA = Math.max(scaleA, Math.abs(a[i]!));
  }
  if (c === null || a.length < 2 || scaleA === 0) return null;
  const fits = a.every((x, i) => Math.abs(x - c * b[i]!) <= 1e-5 * scaleA);
  return fits ? c : null;
}

function byLine(a: Tracked, b: Tracked, along: "row" | "col"): boolean {
  const lines = along === "row" ? a.rows : a.cols;
  for (let line = 0; line < lines; line++) {
    const pick = (m: Tracked): Float64Array =>
      along === "row" ? m.value.subarray(line * m.cols, (line + 1) * m.cols) : Float64Array.from({ length: m.rows }, (_, i) => m.value[i * m.cols + line]!);
    if (constantOf(Float64Array.from(pick(a)), Float64Array.from(pick(b))) === null) return false;
  }
  return true;
}

function sameEntries(a: Float64Array, b: Float64Array): boolean {
  const [x, y] = [a.slice().sort(), b.slice().sort()];
  const scale = Math.max(Math.abs(y[0]!), Math.abs(y[y.length - 1]!));
  return x.every((entry, i) => Math.abs(entry - y[i]!) <= 1e-9 * scale);
}

function rankOne({ value, cols }: Tracked): boolean {
  const rows = value.length / cols;
  let [top, size] = [0, 0];
  value.forEach((x, i) => (Math.abs(x) > size ? ([size, top] = [Math.abs(x), i]) : undefined));
  if (size === 0) return false;
  const [r, c] = [Math.floor(top / cols), top % cols];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      if (Math.abs(value[i * cols + j]! - (value[i * cols + c]! * value[r * cols + j]!) / value[top]!) > 1e-6 * size) return false;
    }
  }
  return true;
}

/** A constant as the small fraction that it is, with its meaning where it has one: 0.1666… = 1/6 = 1/N. */
export function rational(c: number, samples: number, outputs: number): string {
  const meanings: readonly (readonly [number, string])[] = [[samples, "N"], [1 / samples, "1/N"], [1 / outputs, "1/K"], [2 / outputs, "2/K"], [outputs, "K"]];
  const near = (x: number): boolean => Math.abs(c - x) <= 1e-5 * Math.abs(x);
  const meaning = meanings.find(([x]) => x !== 1 && near(x));
  for (let q = 1; q <= 64; q++) {
    const p = Math.round(c * q);
    if (p === 0 || !near(p / q)) continue;
    const fraction = q === 1 ? String(p) : `${p}/${q}`;
    return meaning === undefined ? fraction : `${fraction} = ${meaning[1]}`;
  }
  return meaning?.[1] ?? String(Number(c.toPrecision(9)));
}

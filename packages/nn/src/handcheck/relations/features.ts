/**
 * Says what the numbers of a wrong gradient show by themselves, beside the right ones: ratios, orders, sums, entries,
 * rank.
 */

import { relations } from "../../locales/relations.ts";
import type { Words } from "../../locales/words.ts";
import { largest, positionOf, sameShape, showShape, stridesOf, transposed, type Numbers } from "../bounds/numbers.ts";
import { rational, type Meanings } from "./constant.ts";

/** A gradient on one probe, beside the right one; `slack` is what rounding explains of each entry's difference. */
export interface Shown {
  readonly yours: Numbers;
  readonly correct: Numbers;
  readonly slack: Float64Array;
}

/** Says what a sentence is about. */
export type FeatureKind =
  | "shape"
  | "zero"
  | "ratio"
  | "lines"
  | "entries"
  | "slip"
  | "transposed"
  | "reshaped"
  | "reordered"
  | "row"
  | "unsummed"
  | "sums"
  | "rank";

/** One thing that the numbers show. */
export interface Feature {
  readonly kind: FeatureKind;
  readonly words: Words;
}

const feature = (kind: FeatureKind, words: Words): Feature => ({ kind, words });

/** c with a = c b throughout, to five digits; `null` where there is none. */
function factorOf(a: Float64Array, b: Float64Array): number | null {
  const at = b.reduce((best, x, i) => (Math.abs(x) > Math.abs(b[best]!) ? i : best), 0);
  const size = largest(a);
  if (b.length < 2 || !(Math.abs(b[at]!) > 0) || size === 0) return null;
  const c = a[at]! / b[at]!;
  return a.every((x, i) => Math.abs(x - c * b[i]!) <= 1e-5 * size) ? c : null;
}

/** Equal but for what rounding does to sums and orders. */
function close(a: Float64Array, b: Float64Array, slack: number): boolean {
  const room = slack + 1e-6 * Math.max(largest(a), largest(b));
  return a.length === b.length && a.every((x, i) => Math.abs(x - b[i]!) <= room);
}

/** The sums over one axis. */
function summed({ data, shape }: Numbers, axis: number): Numbers {
  const rest = shape.filter((_, k) => k !== axis);
  const strides = stridesOf(rest);
  const out = new Float64Array(rest.reduce((product, size) => product * size, 1));
  data.forEach(
    (x, index) =>
      (out[
        positionOf(index, shape)
          .filter((_, k) => k !== axis)
          .reduce((sum, i, k) => sum + i * strides[k]!, 0)
      ]! += x),
  );
  return { data: out, shape: rest };
}

/** The rows of a matrix. */
const rowsOf = ({ data, shape }: Numbers): Float64Array[] =>
  Array.from({ length: shape[0]! }, (_, i) => data.subarray(i * shape[1]!, (i + 1) * shape[1]!));

const turnedOver = (x: Numbers): Numbers | null => (x.shape.length === 2 ? transposed(x) : null);

const turned = (): Feature => feature("transposed", relations.transposed);

/** Returns what another shape shows. */
function ofShapes({ yours, correct }: Shown): Feature[] {
  const [given, needed] = [showShape(yours.shape), showShape(correct.shape)];
  const found = [feature("shape", relations.otherShape({ given, needed }))];
  const other = turnedOver(yours);
  if (other !== null && sameShape(other.shape, correct.shape) && close(other.data, correct.data, 0))
    found.push(turned());
  else if (close(yours.data, correct.data, 0)) found.push(feature("reshaped", relations.reshaped));
  for (const axis of yours.shape.keys()) {
    if (!close(summed(yours, axis).data, correct.data, 0)) continue;
    found.push(feature("unsummed", relations.unsummed({ axis })));
  }
  return found;
}

/** One ratio for each row, or for each column. */
function ofLines({ yours, correct }: Shown): Feature[] {
  const [rows, cols] = correct.shape;
  if (correct.shape.length !== 2 || rows! < 2 || cols! < 2) return [];
  const constant = (a: Numbers, b: Numbers): boolean => {
    const others = rowsOf(b);
    return rowsOf(a).every((mine, i) => factorOf(mine, others[i]!) !== null);
  };
  return [
    ...(constant(transposed(yours), transposed(correct)) ? [feature("lines", relations.ratioOfColumns)] : []),
    ...(constant(yours, correct) ? [feature("lines", relations.ratioOfRows)] : []),
  ];
}

/** So few of many entries are wrong by themselves. */
const FEW = 3;

/** How many entries are wrong, and whether they are right in another place. */
function ofEntries({ yours, correct, slack }: Shown): Feature[] {
  const count = yours.data.length;
  const wrong = yours.data.reduce((sum, x, i) => sum + (Math.abs(x - correct.data[i]!) <= slack[i]! ? 0 : 1), 0);
  const kind = wrong < FEW && count >= 3 * wrong ? "slip" : "entries";
  const found = wrong < count ? [feature(kind, relations.someWrong({ wrong, count }))] : [];
  const [other, room] = [turnedOver(yours), largest(slack)];
  if (other !== null && sameShape(other.shape, correct.shape) && count > 1 && close(other.data, correct.data, room))
    found.push(turned());
  else if (wrong > 1 && close(yours.data.slice().sort(), correct.data.slice().sort(), 0)) {
    found.push(feature("reordered", relations.reordered));
  }
  if (correct.shape.length !== 2 || correct.shape[0]! < 2) return found;
  const mine = rowsOf(yours);
  const at = rowsOf(correct).findIndex((right) => mine.every((row) => close(row, right, room)));
  if (at >= 0) found.push(feature("row", relations.everyRow({ row: at + 1 })));
  return found;
}

/** Sums that are kept, and sums that must be 0 and are not. */
function ofSums({ yours, correct }: Shown): Feature[] {
  const size = largest(correct.data);
  return Array.from(correct.shape.keys()).flatMap((axis): Feature[] => {
    const [mine, right] = [summed(yours, axis).data, summed(correct, axis).data];
    if (correct.shape[axis]! < 2) return [];
    if (largest(right) <= 1e-6 * size && largest(mine) > 1e-4 * size) {
      return [feature("sums", relations.sumsMustVanish({ axis }))];
    }
    const isKept = close(mine, right, 0) && largest(right) > 1e-4 * size;
    return isKept ? [feature("sums", relations.sumsRight({ axis }))] : [];
  });
}

function isRankOne({ data, shape }: Numbers): boolean {
  const cols = shape[1]!;
  const size = largest(data);
  const top = data.findIndex((x) => Math.abs(x) === size);
  const [r, c] = [Math.floor(top / cols) * cols, top % cols];
  return (
    size > 0 &&
    data.every(
      (x, i) =>
        Math.abs(x - (data[Math.floor(i / cols) * cols + c]! * data[r + (i % cols)]!) / data[top]!) <= 1e-6 * size,
    )
  );
}

/** Everything that can be said about `yours` beside `correct`. */
export function featuresOf(shown: Shown, meanings: Meanings = {}): Feature[] {
  const { yours, correct } = shown;
  if (!sameShape(yours.shape, correct.shape)) return ofShapes(shown);
  if (yours.data.every((x) => x === 0)) return [feature("zero", relations.allZero)];
  const c = factorOf(yours.data, correct.data);
  if (c !== null) {
    return [feature("ratio", relations.yoursByCorrect({ text: rational(c, meanings), everywhere: true }))];
  }
  const found = [...ofLines(shown), ...ofEntries(shown), ...ofSums(shown)];
  const matrix = correct.shape.length === 2 && Math.min(...correct.shape) > 1;
  if (found.length > 0 || !matrix || !isRankOne(yours) || isRankOne(correct)) return found;
  return [feature("rank", relations.rankOne)];
}

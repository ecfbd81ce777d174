/**
 * What a cotangent does: nothing where it is 0, twice as much where it is twice as large, the same whoever else is
 * tracked.
 */

import { add, jvp, mul, vjp, zeros as zerosOf, type Tensor } from "../../../src/index.ts";
import { near, sameBits, scaleOf, zeros } from "../compare.ts";
import { caseOf, random, tensorOf, type Case } from "../sampling.ts";
import { floatOf } from "./jacobians.ts";

function seedLike(x: Tensor, from: number): Tensor {
  const next = random(from);
  return tensorOf(
    x.shape,
    x.toTypedArray().map(() => 2 * next() - 1),
    x.dtype,
  );
}

const zeroLike = (x: Tensor): Tensor => zerosOf(x.shape, { dtype: x.dtype });

/** A zero seed gives exact zeros in both directions, even where a derivative is not finite. */
export function checkZeroSeed(one: Case): void {
  const points = one.leaves.map((leaf) => leaf.tensor);
  if (points.length === 0) return;
  const { value, pullback } = vjp(floatOf(one), ...points);
  pullback(zeroLike(value)).forEach((share, k) => zeros(`${one.label}: share of leaf ${k} in a zero cotangent`, share));
  if (value.toTypedArray().every((x: number) => Number.isFinite(x)))
    zeros(`${one.label}: image of a zero tangent`, jvp(floatOf(one), points, points.map(zeroLike)).tangent);
}

/** Pulling back is linear in the cotangent. */
export function checkLinearity(one: Case): void {
  const points = one.leaves.map((leaf) => leaf.tensor);
  const { value, pullback } = vjp(floatOf(one), ...points);
  const [u, v] = [seedLike(value, 11), seedLike(value, 12)];
  const [ofU, ofV, ofBoth] = [pullback(u), pullback(v), pullback(add(mul(u, 3), v))];
  ofBoth.forEach((share, k) => {
    const expected = add(mul(ofU[k]!, 3), ofV[k]!).toTypedArray();
    const unit = value.dtype === "float32" ? 2 ** -22 : 1e-13;
    near(`${one.label}: linearity, leaf ${k}`, share.toTypedArray(), expected, {
      atol: unit * scaleOf(expected) * Math.max(1, value.size),
    });
  });
}

/** The derivative by one operand does not depend on whether the others are constants. */
export function checkDetached(one: Case): void {
  const points = one.leaves.map((leaf) => leaf.tensor);
  if (points.length < 2) return;
  const f = floatOf(one);
  const { value, pullback } = vjp(f, ...points);
  const seed = seedLike(value, 13);
  const together = pullback(seed);
  points.forEach((point, k) => {
    const alone = vjp((x: Tensor) => f(...points.map((other, place) => (place === k ? x : other))), point);
    sameBits(`${one.label}: leaf ${k} alone`, alone.pullback(seed)[0]!, together[k]!);
  });
}

/** The gradient in float32 is that in float64 at the same numbers, within its roundings. */
export function checkNarrow(narrow: Case): void {
  const { row, leaves, label, arrays, sample } = narrow;
  const wideBase = caseOf(row, row.samples.indexOf(sample), "float64");
  const wide: Case = {
    ...wideBase,
    arrays,
    operands: narrow.operands.map((x, place) =>
      typeof x === "number" || x.dtype !== "float32" ? x : tensorOf(x.shape, arrays[place]!.data, "float64"),
    ),
  };
  const points = leaves.map((leaf) => leaf.tensor);
  const { value, pullback } = vjp(floatOf(narrow), ...points);
  const ofWide = vjp(floatOf(wide), ...leaves.map((leaf) => tensorOf(leaf.array.shape, leaf.array.data, "float64")));
  const seed = seedLike(value, 14);
  const wideSeed = tensorOf(seed.shape, seed.toTypedArray(), ofWide.value.dtype);
  const expected = ofWide.pullback(wideSeed).map((share) => share.toTypedArray());
  pullback(seed).forEach((share, k) => {
    const scale = scaleOf(expected[k]!);
    near(`${label}: float32 gradient, leaf ${k}`, share.toTypedArray(), expected[k]!, {
      atol: 8 * Math.sqrt(Math.max(1, value.size)) * 2 ** -24 * scale,
    });
  });
}

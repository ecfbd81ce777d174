/** Comparing results bit by bit, signed zeros included; one NaN is as good as another. */

import { expect } from "vitest";
import type { Tensor } from "../../src/index.ts";

const shown = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** The first difference in shape, type or numbers; `null` where there is none. */
export function differenceOf(what: string, found: Tensor, expected: Tensor): string | null {
  if (found.shape.join() !== expected.shape.join())
    return `${what}: shape [${found.shape.join()}] compiled and [${expected.shape.join()}] in the engine`;
  if (found.dtype !== expected.dtype) return `${what}: ${found.dtype} compiled and ${expected.dtype} in the engine`;
  const [a, b] = [found.toTypedArray(), expected.toTypedArray()];
  for (let i = 0; i < b.length; i++) {
    if (!Object.is(a[i], b[i]))
      return `${what}: entry ${i} of [${expected.shape.join()}] is ${shown(a[i]!)} compiled and ${shown(b[i]!)} in the engine`;
  }
  return null;
}

/** What a function gives. */
export type Result = Tensor | readonly Tensor[];

export const listed = (result: Result): readonly Tensor[] =>
  Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];

/** Expects the shape, the type and the bits of every result. */
export function expectBits(what: string, found: Result, expected: readonly Tensor[]): void {
  const results = listed(found);
  expected.forEach((one, k) =>
    expect(differenceOf(`${what}, result ${k}`, results[k]!, one) ?? "the same bits").toBe("the same bits"),
  );
}

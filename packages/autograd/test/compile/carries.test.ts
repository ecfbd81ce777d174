/** The next carry of a loop is written where the last one lies, where nothing reads that any longer. */

import { expect, it } from "vitest";
import { compile, matmul, scan, sum, tensor, transpose, type Tensor } from "../../src/index.ts";
import { lower } from "../../src/compile/lower.ts";
import { writtenInPlace } from "../../src/compile/schedule/carries.ts";
import { fuse } from "../../src/compile/schedule/fuse.ts";
import { withEpilogues } from "../../src/compile/schedule/epilogues.ts";
import { flatten } from "../../src/compile/signature.ts";
import { Stages } from "../../src/compile/stages.ts";
import { scanOf } from "../../src/compile/ir/control.ts";
import { reachable } from "../../src/compile/ir/value.ts";
import { differenceOf } from "./bits.ts";

type Pair = readonly [a: Tensor, b: Tensor];

const matrix = (phase: number): Tensor =>
  tensor(
    Float64Array.from({ length: 25 }, (_, k) => Math.sin(3 * k + phase) / 2),
    { shape: [5, 5] },
  ) as Tensor;

const steps: readonly (readonly [
  name: string,
  step: (pair: Pair) => readonly [Pair, Tensor | null],
  inPlace: number[],
])[] = [
  ["entry by entry", ([a, b]) => [[a.mul(0.5), b.add(1)], null], [0, 1]],
  ["each by both", ([a, b]) => [[a.add(b), a.sub(b)], null], [0, 1]],
  ["each by the other, in two loops", ([a, b]) => [[b.add(1), a.mul(0.5)], null], [1]],
  ["by its transpose", ([a, b]) => [[transpose(a).add(1), b.add(1)], null], [1]],
  ["by sums of its columns, and as it is", ([a, b]) => [[a.add(sum(a, 0)), b], null], [0]],
  ["a product of it", ([a, b]) => [[matmul(a, b), b.mul(0.5)], null], [1]],
  ["what a product is added to", ([a, b]) => [[a.add(matmul(b, b)), b.mul(0.5)], null], [0, 1]],
  ["read by a later product", ([a]) => [[a.add(1), matmul(a.add(1), a)], null], [1]],
  ["given as it was", ([a, b]) => [[a.add(1), b.add(1)], a], [1]],
  ["given as it becomes", ([a, b]) => [[a.add(1), b.add(1)], a.add(1)], [0, 1]],
  ["both the same", ([a]) => [[a.add(1), a.add(1)], null], [0]],
];

it.each(steps)("%s", (__, step, expected) => {
  const f = (a: Tensor, b: Tensor): Tensor[] => {
    const { carry, ys } = scan(step as never, [a, b], null, { length: 3 }) as unknown as {
      readonly carry: Tensor[];
      readonly ys: Tensor | null;
    };
    return [...carry, ...(ys === null ? [] : [ys])];
  };
  const args = [matrix(1), matrix(2)] as const;
  const eager = f(...args);
  compile(f)(...args).forEach((x, k) => expect(differenceOf(`result ${k}`, x, eager[k]!)).toBeNull());

  const { values } = lower(new Stages(), "f", f as never, flatten("f", "the arguments", args, true));
  const { values: own, results } = values.map(scanOf).find((built) => built !== null)!.bodies[0]!;
  const kernels = withEpilogues(fuse(reachable(own, results)), () => 1);
  expect([...writtenInPlace(kernels, 2, results, results).values()].sort()).toEqual(expected);
});

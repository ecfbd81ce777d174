/** Slow work of a sweep back through a loop is done by the loop, where it has all that this takes. */

import { describe, expect, it } from "vitest";
import { compile, grad, jvp, matmul, scan, sigmoid, sin, sum, tanh, tensor, type Tensor } from "../../src/index.ts";
import type { KernelReport } from "../../src/compile/explain.ts";
import { differenceOf } from "./bits.ts";

const numbers = (count: number, phase: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => 2 * Math.sin(3 * k + phase));
const [STEPS, BATCH, UNITS] = [5, 3, 7] as const;
const xs = tensor(numbers(STEPS * BATCH * UNITS, 1), { shape: [STEPS, BATCH, UNITS] }) as Tensor;
const w = tensor(numbers(UNITS * UNITS, 2), { shape: [UNITS, UNITS] }) as Tensor;
const start = tensor(numbers(BATCH * UNITS, 3), { shape: [BATCH, UNITS] }) as Tensor;

/** The functions that each scan of a program computes in a step, after its bits were compared with the engine's. */
function functionsOf(f: (...args: Tensor[]) => Tensor[], ...args: Tensor[]): string[][] {
  const compiled = compile(f);
  const expected = f(...args);
  for (let k = 0; k < 2; k++)
    compiled(...args).forEach((x, at) => expect(differenceOf(`result ${at}`, x, expected[at]!)).toBeNull());
  const slow = ["sigmoid", "tanh", "sin", "cos"];
  const namesIn = ({ ops, prologue, epilogue, inside }: KernelReport): string[] => [
    ...[...ops, ...prologue, ...epilogue].map(([name]) => name),
    ...inside.flatMap(namesIn),
  ];
  return compiled
    .explain()
    .kernels.filter(({ kind }) => kind === "scan")
    .map((one) => [...new Set(one.inside.flatMap(namesIn))].filter((name) => slow.includes(name)).sort());
}

const gradient = (f: (...args: Tensor[]) => Tensor): ((...args: Tensor[]) => Tensor[]) =>
  grad(f, { argnums: [0, 1, 2] }) as unknown as (...args: Tensor[]) => Tensor[];

const gated =
  (reverse: boolean) =>
  (rows: Tensor, weights: Tensor, first: Tensor): Tensor => {
    const step = (h: Tensor, x: Tensor): readonly [Tensor, null] => {
      const z = matmul(h, weights).add(x);
      return [
        sigmoid(z)
          .mul(tanh(z.mul(0.5)))
          .add(h),
        null,
      ];
    };
    return sum(scan(step as never, first, rows, { reverse }).carry as Tensor);
  };

describe("slow work on what a loop kept", () => {
  it.each([false, true])("is done by the loop, reverse: %s", (reverse) => {
    expect(functionsOf(gradient(gated(reverse)), xs, w, start)).toEqual([["sigmoid", "tanh"], []]);
  });

  it("has the same bits in second derivatives", () => {
    const second = (...args: Tensor[]): Tensor[] => jvp(gradient(gated(false)), args, args).tangent;
    expect(functionsOf(second, xs, w, start).length).toBeGreaterThan(1);
  });

  it("stays where what comes of it takes more memory than what is kept for it", () => {
    // The rows are an argument, which is there in any case.
    const f = (rows: Tensor, _: Tensor, first: Tensor): Tensor =>
      sum(scan((h: Tensor, x: Tensor) => [h.mul(sin(x)), null] as const, first, rows as never).carry as Tensor);
    const [forward, back] = functionsOf(gradient(f), xs, w, start);
    expect([forward, back]).toEqual([["sin"], ["cos"]]);
  });
});

/**
 * The layout of stretches of memory: those needed at one time never overlap, and many small ones take little more than
 * they must.
 */

import { describe, expect, it } from "vitest";
import { add, compile, mul, sum, tensor, type Tensor } from "../../src/index.ts";
import { planMemory, type Interval } from "../../src/compile/schedule/memory-planning.ts";
import { random } from "../ops/sampling.ts";
import { seed, sized } from "../size.ts";

const overlaps = (intervals: readonly Interval[], starts: readonly number[]): string[] =>
  intervals.flatMap((a, i) =>
    intervals.slice(i + 1).flatMap((b, k) => {
      const j = i + 1 + k;
      const together = a.from <= b.to && b.from <= a.to;
      const touching = starts[i]! < starts[j]! + b.bytes && starts[j]! < starts[i]! + a.bytes;
      return together && touching ? [`${i} and ${j}`] : [];
    }),
  );

describe("stretches of memory", () => {
  it.each([10, 400, 800])("%i of them of any sizes and times do not overlap", (count) => {
    const next = random(seed);
    for (let round = 0; round < sized(3, 60); round++) {
      const intervals = Array.from({ length: count }, (): Interval => {
        const from = Math.floor(next() * 300) - 1;
        return {
          bytes: 64 * (1 + Math.floor(next() * (next() < 0.3 ? 200 : 4))),
          from,
          to: from + Math.floor(next() * next() * 60),
        };
      });
      const { starts, bytes, lowerBound } = planMemory(intervals);
      expect(overlaps(intervals, starts), `seed ${seed}`).toEqual([]);
      expect(bytes).toBeGreaterThanOrEqual(lowerBound);
      expect(bytes).toBe(Math.max(...intervals.map((interval, k) => starts[k]! + interval.bytes)));
      expect(bytes).toBeLessThan(2 * lowerBound);
    }
  });

  it("thousands of equal ones take what is needed at one time, in time that grows as they do", () => {
    const looks = (count: number): number => {
      let looked = 0;
      const intervals = Array.from({ length: count }, (_, k): Interval => ({
        bytes: 64,
        get from() {
          looked++;
          return k;
        },
        to: k + 10,
      }));
      const { bytes, lowerBound } = planMemory(intervals);
      expect(bytes).toBe(lowerBound);
      return looked / count;
    };
    expect(looks(8000)).toBeLessThan(2 * looks(1000));
  });
});

describe("a function of thousands of tensors", () => {
  it("is right, call after call, in little memory", () => {
    const count = sized(700, 5000);
    const tensors = (by: number): Tensor[] =>
      Array.from({ length: count }, (_, k) => tensor([k, k + by, k * by]) as Tensor);
    const f = compile(
      (xs: readonly Tensor[]) => ({
        each: xs.map((x) => mul(x, 2) as Tensor),
        total: xs.reduce<Tensor>((s, x) => add(s, sum(x)) as Tensor, tensor(0)),
      }),
      { threads: 1 },
    );
    for (const by of [1, 3]) {
      const { each, total } = f(tensors(by));
      expect(each.map((x) => x.toArray())).toEqual(tensors(by).map((x) => (x.toArray() as number[]).map((y) => 2 * y)));
      expect(total.item()).toBe(tensors(by).reduce((s, x) => s + sum(x).item(), 0));
    }
    const { arenaBytes, lowerBoundBytes } = f.explain();
    expect(arenaBytes).toBeLessThan(1.5 * lowerBoundBytes);
  });
});

/** Values that lie where another was read for the last time: less memory, and the same bits. */

import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  compile,
  grad,
  greater,
  mean,
  mul,
  sum,
  tanh,
  tensor,
  transpose,
  where,
  type Tensor,
} from "../../src/index.ts";

const SIDE = 60;
const BYTES = 8 * SIDE * SIDE;
const x = tensor(
  Float64Array.from({ length: SIDE * SIDE }, (_, k) => Math.sin(3 * k) / 8),
  { shape: [SIDE, SIDE] },
);

/** The arena of the program in arrays of the size of x, after its bits were compared with the engine's. */
function arrays(f: (x: Tensor) => Tensor, threads = 1): number {
  const compiled = compile(f, { threads });
  for (let k = 0; k < 3; k++) expect(compiled(x).toTypedArray()).toEqual(f(x).toTypedArray());
  return compiled.explain().arenaBytes / BYTES;
}

/** A total stands between one loop and the next, so that they are kernels of their own. */
const times =
  (count: number, next: (y: Tensor, total: Tensor) => Tensor) =>
  (start: Tensor): Tensor => {
    let y = tanh(start);
    for (let k = 0; k < count; k++) y = next(y, sum(y).mul(0.01));
    return y;
  };

describe("a loop that reads a value for the last time", () => {
  it.each([1, 3])("writes where it reads, on %i threads", (threads) => {
    // The argument has its place for itself; everything else is one array.
    expect(
      arrays(
        times(6, (y, total) => y.mul(total).add(0.5)),
        threads,
      ),
    ).toBeLessThan(2.2);
  });

  it("has two results where two values end", () => {
    const f = (y: Tensor): Tensor => {
      let [a, b] = [tanh(y), y.mul(y)];
      for (let k = 0; k < 4; k++) {
        const total = sum(a).add(sum(b)).mul(0.01);
        [a, b] = [a.mul(total).add(b), b.sub(a.mul(total))];
      }
      return a.mul(b);
    };
    expect(arrays(f)).toBeLessThan(3.3);
  });

  it("writes elsewhere where it reads in another order as well, or by rows and as a whole", () => {
    expect(arrays(times(4, (y, total) => y.add(transpose(y)).mul(total)))).toBeGreaterThan(2.9);
    arrays(times(4, (y, total) => y.sub(mean(y, -1, { keepDims: true })).mul(total)));
    arrays(times(4, (y, total) => y.sub(mean(y, 0, { keepDims: true })).mul(total)));
  });

  it("writes elsewhere where the value is read later, is a result, or is of another width", () => {
    arrays((y) => {
      const first = tanh(y);
      const second = first.mul(sum(first));
      return second.add(sum(second)).mul(first);
    });
    const both = compile((y: Tensor) => {
      const first = tanh(y);
      return [first, first.mul(sum(first))];
    });
    expect(both(x).map((one) => one.toTypedArray())).toEqual(
      [tanh(x), mul(tanh(x), sum(tanh(x)))].map((one) => one.toTypedArray()),
    );
    arrays((y) => {
      const single = cast(tanh(y), "float32");
      const wide = cast(single.mul(sum(single)), "float64");
      return where(greater(wide, sum(wide)), wide, add(wide, 1));
    });
  });

  it("may be timed again and again, and refuses nothing afterwards that it did not refuse before", () => {
    const f = (y: Tensor): readonly Tensor[] => {
      const first = tanh(y);
      const second = first.mul(sum(mul(first, first)));
      return [second, cast(second, "int32")];
    };
    const compiled = compile(f);
    const expected = f(x).map((one) => one.toTypedArray());
    expect(compiled(x).map((one) => one.toTypedArray())).toEqual(expected);
    // Each time the numbers grow, until int32 has them no more.
    compiled.explain({ runs: 200 });
    expect(compiled(x).map((one) => one.toTypedArray())).toEqual(expected);
  });

  it("is found in derivatives", () => {
    arrays(grad((y: Tensor) => sum(times(3, (z, total) => tanh(z.mul(total)))(y))) as (y: Tensor) => Tensor, 3);
  });
});

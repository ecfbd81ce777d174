/**
 * The memory of programs is bounded, also where the event loop never turns: what goes is given back at once, and what
 * stays is right.
 */

import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import {
  compile,
  cond,
  grad,
  less,
  mul,
  scan,
  sin,
  sum,
  tensor,
  variable,
  type Compiled,
  type Tensor,
} from "../../src/index.ts";
import { wasm } from "../../src/backends/wasm/backend.ts";
import { heap } from "../../src/backends/wasm/memory/heap.ts";
import { HeapLease } from "../../src/backends/wasm/memory/lease.ts";
import { sized } from "../size.ts";

const KEPT = 32;
const MIB = 2 ** 20;

const filled = (count: number, number: number): Tensor => tensor(new Float64Array(count).fill(number)) as Tensor;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Waits until nothing is given back any more of what earlier tests have dropped. */
async function settled(): Promise<void> {
  for (let [used, quiet] = [-1, 0]; quiet < 3; quiet = heap().used === used ? quiet + 1 : 0) {
    used = heap().used;
    collect();
    await setImmediate();
  }
}

const ample = heap().ample;
afterEach(() => void (heap().ample = ample));

describe("in a loop without a turn of the event loop", () => {
  it.each([1, 2])("programs for many lengths take the memory of those that are kept, with %i threads", (threads) => {
    const lengths = sized(100, 4000);
    const f = compile((x: Tensor) => grad((y: Tensor) => sum(mul(sin(y), y)) as Tensor<[]>)(x) as Tensor, { threads });
    const before = heap().used;
    let largest = 0;
    let early: Tensor | null = null;
    for (let n = 1; n <= lengths; n++) {
      const free = heap().used;
      const result = f(filled(100 * n, 1));
      largest = Math.max(largest, heap().used - free);
      if (n === 1) early = result;
    }
    expect(f.programs()).toBe(KEPT);
    expect(heap().used - before).toBeLessThan((KEPT + 1) * Math.max(largest, 4 * 8 * 100 * lengths));
    expect(heap().size - before).toBeLessThan(2 * KEPT * 4 * 8 * 100 * lengths);
    // What a program has given is no part of its memory.
    expect(early!.toTypedArray()).toEqual(new Float64Array(100).fill(Math.sin(1) + Math.cos(1)));
    expect(f(filled(100, 2)).toTypedArray()[99]).toBe(Math.sin(2) + 2 * Math.cos(2));
  });

  it("loops and branches with their bodies go too", () => {
    const f = compile(
      (x: Tensor) =>
        scan(
          (h: Tensor, row: Tensor) =>
            [
              cond(
                less(sum(row), 0),
                () => h,
                () => mul(h, row),
              ),
              h,
            ] as const,
          filled(64, 1),
          x,
        ).ys as Tensor,
      { threads: 1 },
    );
    const usedAt: number[] = [];
    for (let n = 1; n <= 2 * KEPT + 1; n++) {
      f(tensor(new Float64Array(64 * 8), { shape: [8, 64] }) as Tensor);
      f(tensor(new Float64Array(64 * 2 * n), { shape: [2 * n, 64] }) as Tensor);
      usedAt.push(heap().used);
    }
    expect(usedAt.at(-1)! - usedAt[KEPT]!).toBeLessThan(KEPT * 2 * (KEPT + 1) * 64 * 8 * 6);
  });

  it("variables and compiled functions that are dropped make room", () => {
    heap().ample = heap().size + 4 * MIB;
    const most = heap().ample;
    for (let n = 1; n <= sized(120, 4000); n++) {
      const state = variable(filled(20_000, n));
      compile(() => state.assign(state.read().mul(2)), { threads: 1 })();
      expect(state.read().toTypedArray()[19_999]).toBe(2 * n);
    }
    // Programs count as stale when 32 others have been made; each takes three arrays at most, and the memory grows by a
    // quarter at once.
    expect(heap().size).toBeLessThan(1.25 * most + 2 * KEPT * 3 * 160_000);
  });

  it("arguments that were handed in are let go", () => {
    const f = compile((x: Tensor) => sum(x), { threads: 1 });
    f(filled(MIB / 8, 0));
    collect();
    const before = process.memoryUsage().arrayBuffers;
    for (let k = 0; k < 40; k++) f(filled(MIB / 8, k));
    // A busy machine sweeps later: what is let go is gone after a few collections, what is kept never.
    const more = (): number => process.memoryUsage().arrayBuffers - before;
    for (let tries = 0; tries < 20 && more() >= 8 * MIB; tries++) collect();
    expect(more()).toBeLessThan(8 * MIB);
  });
});

describe("a function that is disposed of", () => {
  it.each([1, 2])("gives all of its memory back at once, and works again, with %i threads", async (threads) => {
    await settled();
    let traces = 0;
    const state = variable(filled(50_000, 1));
    const step = compile(
      (x: Tensor) => {
        traces++;
        state.assign(state.read().mul(2));
        return mul(sin(x), sum(state.read()));
      },
      { threads },
    );
    const before = heap().used;
    const early = step(filled(40_000, 1));
    step(filled(30_000, 1));
    // Of both programs argument and result, which is three arrays of the first at least, and the variable.
    expect(heap().used - before).toBeGreaterThan(8 * (3 * 40_000 + 50_000));
    step.dispose();
    expect(heap().used).toBe(before);
    expect(step.programs()).toBe(0);
    expect(() => step.explain()).toThrow("call the compiled function first");
    expect(early.toTypedArray()[39_999]).toBe(Math.sin(1) * 100_000);
    expect(state.read().toTypedArray()[49_999]).toBe(4);
    expect(step(filled(40_000, 1)).toTypedArray()[0]).toBe(Math.sin(1) * 400_000);
    expect(traces).toBe(3);
    step.dispose();
    step.dispose();
    expect(heap().used).toBe(before);
  });

  it("leaves a variable where another function finds it, and other functions their programs", () => {
    const state = variable(filled(100, 1));
    const double = compile(() => state.assign(state.read().mul(2)), { threads: 1 });
    const add = compile(() => state.assign(state.read().add(1)), { threads: 1 });
    double();
    add();
    const address = state.addressIn(wasm);
    double.dispose();
    expect([add.programs(), state.addressIn(wasm)]).toEqual([1, address]);
    add();
    double();
    expect(state.read().toTypedArray()[99]).toBe(8);
  });

  it("keeps the memory of a call that it is disposed of in until that ends", () => {
    const kept = variable(filled(1000, 7));
    const keep = compile(() => kept.assign(kept.read()), { threads: 1 });
    const f: Compiled<readonly Tensor[], Tensor> = compile(
      (x: Tensor) => {
        f.dispose();
        // The variable goes where there is room.
        keep();
        return mul(x, 3);
      },
      { threads: 1, verify: true },
    );
    const before = heap().used;
    for (let call = 1; call <= 3; call++) {
      keep.dispose();
      expect(f(filled(1000, call)).toTypedArray()).toEqual(new Float64Array(1000).fill(3 * call));
      expect(kept.read().toTypedArray()).toEqual(new Float64Array(1000).fill(7));
      expect(f.programs()).toBe(0);
    }
    keep.dispose();
    expect(heap().used).toBe(before);
  });
});

describe("where memory is short", () => {
  it("programs that were given up are made again, and the memory may grow from then on", () => {
    let traces = 0;
    const state = variable(filled(1000, 0));
    const step = compile(
      (x: Tensor) => {
        traces++;
        state.assign(state.read().add(x));
        return sum(state.read());
      },
      { threads: 1 },
    );
    step(filled(1000, 1));
    heap().ample = 0;
    for (let k = 0; k < 2 * KEPT; k++) compile((x: Tensor) => mul(x, k), { threads: 1 })(filled(40_000, 1));
    // Nothing has ended yet but what was stale.
    heap().ample = 1;
    let fresh = 0;
    while (step.programs() === 1 && fresh++ < 1000)
      compile((x: Tensor) => mul(x, fresh), { threads: 1 })(filled(100_000 + 1000 * fresh, 1));
    expect(step.programs()).toBe(0);
    expect(state.read().toTypedArray()).toEqual(new Float64Array(1000).fill(1));
    expect(() => step.explain({ runs: 1 })).toThrow("call the compiled function first");
    expect(step(filled(1000, 1)).item()).toBe(2000);
    expect(traces).toBe(2);
    expect(heap().ample).toBe(2);
    state.assign(filled(1000, 5));
    expect(step(filled(1000, 1)).item()).toBe(6000);
    expect(traces).toBe(2);
  });

  it("a lease in use stays, and a block that lost threads may write to is not given out", () => {
    const lease = new HeapLease();
    const start = lease.allocate(4096, "test");
    lease.makeDispensable();
    const others = Array.from({ length: KEPT + 1 }, () => {
      const other = new HeapLease();
      other.makeDispensable();
      return other;
    });
    /** Asks for more than is free. */
    const press = (): void => {
      heap().ample = 0;
      const large = new HeapLease();
      large.allocate(heap().size, "test");
      large.end();
    };
    lease.keepDuring(press);
    expect(lease.isOpen).toBe(true);
    heap().hold();
    press();
    expect(lease.isOpen).toBe(false);
    for (const other of others) other.end();
    const used = heap().used;
    const other = heap().allocate(4096, "test");
    expect(other).not.toBe(start);
    heap().release(other, 4096);
    heap().letGo();
    // What was pressed for has gone as well.
    expect(heap().used).toBeLessThanOrEqual(used - 4096);
  });

  it("a variable that several functions use stays where they find it until the last of them ends", () => {
    const state = variable(filled(100, 1));
    const double = compile(() => state.assign(state.read().mul(2)), { threads: 1 });
    const add = compile((x: Tensor) => state.assign(state.read().add(sum(x))), { threads: 1 });
    double();
    const address = state.addressIn(wasm);
    for (let n = 1; n <= 2 * KEPT; n++) add(filled(n, 0));
    expect(state.addressIn(wasm)).toBe(address);
    double();
    expect(state.read().toTypedArray()[99]).toBe(4);
  });
});

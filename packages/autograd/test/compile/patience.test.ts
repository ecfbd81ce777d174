/** Programs that other threads keep waiting do without them for a while, and try again. */

import { describe, expect, it, vi } from "vitest";
import { barrierWords } from "../../src/backends/wasm/memory/control-words.ts";
import { heap } from "../../src/backends/wasm/memory/heap.ts";
import { Patience } from "../../src/backends/wasm/threads/patience.ts";
import { compile, mul, tensor, type Tensor } from "../../src/index.ts";
import { poolOf, settled } from "./pool.ts";

/** Which of some runs have help, where those with help are held up or not. */
function runs(count: number, isHeldUp: (run: number) => boolean): string {
  const patience = new Patience();
  return Array.from({ length: count }, (_, run) => {
    if (patience.isResting()) return ".";
    patience.note(isHeldUp(run));
    return "T";
  }).join("");
}

describe("a program with threads", () => {
  it("has them as long as nothing holds it up", () => {
    expect(runs(20, () => false)).toBe("T".repeat(20));
  });

  it("does without them twice as long each time it was held up, and tries again", () => {
    expect(runs(19, () => true)).toBe("T.T..T....T........");
    const long = runs(2000, () => true);
    expect(long.match(/T/g)!.length).toBeLessThan(18);
    expect(long.slice(800)).toContain("T");
  });

  it("comes back to them where the machine is quiet again", () => {
    expect(runs(1000, (run) => run < 300).slice(600)).toBe("T".repeat(400));
  });
});

describe("a run alone", () => {
  it("comes after 16 runs with help in a row, and then after 256", () => {
    const patience = new Patience();
    const untilAlone = (): number => {
      let helped = 0;
      for (; !patience.isCurious(); helped++) patience.note(false);
      patience.noteAlone(1);
      return helped;
    };
    expect([untilAlone(), untilAlone(), untilAlone()]).toEqual([16, 256, 256]);
  });

  it("says which help was of use", () => {
    const patience = new Patience();
    expect(patience.wasUseless(1e9)).toBe(false);
    patience.noteAlone(2);
    expect([patience.wasUseless(1), patience.wasUseless(3)]).toEqual([false, true]);
  });
});

describe("the pool", () => {
  const job = { op: "test", program: -1, code: 0, codeBytes: 0, entry: -1, threads: 1 };
  const generation = (): number => new Int32Array(heap().memory.buffer)[barrierWords.generation / 4]!;

  it("says whether a job slept longer than half of its work", () => {
    const pool = poolOf();
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => clock);
    vi.spyOn(Atomics, "wait").mockImplementation(() => {
      clock += 50;
      return "timed-out";
    });
    /** Whether a job is held up that works for so long, and then sleeps for 50 ms, where nobody comes. */
    const isHeldUp = (milliseconds: number, sleeps: boolean): boolean =>
      pool.run(job, () => {
        clock += milliseconds;
        if (sleeps) pool.sleep(generation());
      });
    try {
      pool.restsFromWaiting = true;
      expect([isHeldUp(1, false), isHeldUp(0, true), isHeldUp(99, true), isHeldUp(101, true)]).toEqual([
        false,
        true,
        true,
        false,
      ]);
      pool.restsFromWaiting = false;
      expect(isHeldUp(0, true)).toBe(false);
    } finally {
      pool.restsFromWaiting = false;
      vi.restoreAllMocks();
    }
  });

  it("is left alone by a program that was held up, which has the same bits", async () => {
    const pool = poolOf();
    const f = compile((x: Tensor) => mul(x, 3), { threads: 2 });
    const x = tensor(new Float64Array(1_000_003).fill(0.1)) as Tensor;
    f(x);
    await settled(2);
    const begun = (): number => pool.begun()[0]!;
    const run = pool.run.bind(pool);
    let jobs = 0;
    pool.run = (...given) => {
      jobs++;
      run(...given);
      return true;
    };
    const before = begun();
    const expected = mul(x, 3).toTypedArray();
    for (let k = 0; k < 12; k++)
      expect(
        f(x)
          .toTypedArray()
          .every((y, i) => y === expected[i]),
      ).toBe(true);
    pool.run = run;
    // T.T..T....T.
    expect([jobs, begun() - before]).toEqual([4, 4]);
  });

  it("is left alone by a program that is no faster with it, by a clock that stands still but for runs with help", async () => {
    const pool = poolOf();
    const f = compile((x: Tensor) => mul(x, 5), { threads: 2 });
    const x = tensor(new Float64Array(1_000_003).fill(0.1)) as Tensor;
    f(x);
    await settled(2);
    let [clock, cost] = [0, 0];
    vi.spyOn(performance, "now").mockImplementation(() => clock);
    const run = pool.run.bind(pool);
    let pattern = "";
    pool.run = (...given) => {
      pattern += "T";
      clock += cost;
      return run(...given);
    };
    const runs = (count: number): string => {
      pattern = "";
      for (let k = 0; k < count; k++) {
        const before = pattern;
        f(x);
        if (pattern === before) pattern += ".";
      }
      return pattern;
    };
    pool.restsFromWaiting = true;
    try {
      // 16 with help, which cost nothing yet, and one without, from which on help is of no use.
      let helped = 0;
      while (helped < 20 && runs(1) === "T") helped++;
      expect(helped).toBeLessThanOrEqual(16);
      cost = 1;
      expect(runs(11)).toBe("T.T..T....T");
    } finally {
      pool.restsFromWaiting = false;
      pool.run = run;
      vi.restoreAllMocks();
    }
  });
});

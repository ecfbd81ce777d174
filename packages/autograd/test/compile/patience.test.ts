/** Programs that other threads keep waiting do without them for a while, and try again. */

import { describe, expect, it } from "vitest";
import { barrierWords } from "../../src/compile/memory/control-words.ts";
import { heap } from "../../src/compile/memory/heap.ts";
import { Patience } from "../../src/compile/threads/patience.ts";
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

describe("the pool", () => {
  const job = { op: "test", program: -1, code: 0, codeBytes: 0, entry: -1, threads: 1 };
  const work = (milliseconds: number): void => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
  };
  const generation = (): number => new Int32Array(heap().memory.buffer)[barrierWords.generation / 4]!;

  it("says whether a job slept longer than half of its work", () => {
    const pool = poolOf();
    pool.restsFromWaiting = true;
    expect(pool.run(job, () => work(1))).toBe(false);
    // A sleep lasts 50 ms, where nobody comes.
    expect(pool.run(job, () => pool.sleep(generation()))).toBe(true);
    expect(pool.run(job, () => {
      work(150);
      pool.sleep(generation());
    })).toBe(false);
    pool.restsFromWaiting = false;
    expect(pool.run(job, () => pool.sleep(generation()))).toBe(false);
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
    for (let k = 0; k < 12; k++) expect(f(x).toTypedArray().every((y, i) => y === expected[i])).toBe(true);
    pool.run = run;
    // T.T..T....T.
    expect([jobs, begun() - before]).toEqual([4, 4]);
  });
});

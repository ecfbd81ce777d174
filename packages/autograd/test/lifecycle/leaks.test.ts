/**
 * What the process holds, by the operating system's count: work that repeats does not make it grow, whichever memory it
 * is in.
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  compile,
  cond,
  customGradient,
  detectAnomaly,
  exp,
  grad,
  hvp,
  jvp,
  less,
  mul,
  scan,
  sin,
  sum,
  tensor,
  toText,
  valueAndGrad,
  variable,
  vjp,
  whileLoop,
  type Tensor,
} from "../../src/index.ts";
import { report } from "../report.ts";
import { nightly } from "../size.ts";

const MIB = 2 ** 20;
/** Entries of a tensor of 128 KiB: one that is kept in each turn is seen, and the noise of an allocator is not. */
const ENTRIES = 16_384;
const TURNS = 64;
const ROUNDS = 9;
/** An array kept in each turn of the last three rounds would be twice as much. */
const LIMIT = (3 * TURNS * ENTRIES * 8) / 2;

let turn = 0;
const fresh = (count = ENTRIES): Tensor => tensor(new Float64Array(count).fill(1 + (++turn % 7))) as Tensor;
const loss = (x: Tensor): Tensor<[]> => sum(mul(sin(x), exp(mul(x, -1)))) as Tensor<[]>;
const loop = (x: Tensor): Tensor<[]> =>
  sum(
    scan(
      (h: Tensor, _: null) =>
        [
          cond(
            less(sum(h), 0),
            () => h,
            () => mul(h, 0.5),
          ),
          null,
        ] as const,
      x,
      null,
      { length: 3 },
    ).carry,
  ) as Tensor<[]>;
const until = (x: Tensor): Tensor<[]> =>
  sum(
    whileLoop(
      (h: Tensor) => less(sum(h), 10),
      (h: Tensor) => mul(h, 2),
      mul(x, 1e-3),
      { maxSteps: 60 },
    ),
  ) as Tensor<[]>;
const square = customGradient({
  name: "square",
  forward: (x: Tensor) => mul(x, x),
  vjp: (g: Tensor, { inputs: [x] }: { inputs: readonly Tensor[] }) => [mul(mul(g, 2), x!)],
} as never) as unknown as (x: Tensor) => Tensor;

const kept: Tensor[] = [];
const state = variable(fresh());
const compiledLoss = compile((x: Tensor) => valueAndGrad(loss)(x));
const step = compile((x: Tensor) => state.assign(mul(state.read(), 0.5).add(x)));
// A worker collects the programs that it lets go late: that levels off at some thousands of them.
const shapes = compile((x: Tensor) => grad(loss)(x) as Tensor, { threads: 1 });

const work: Readonly<Record<string, () => void>> = {
  gradients: () => void grad(loss)(fresh()),
  "pullbacks and pushes": () => {
    vjp(loss, fresh()).pullback(tensor(1));
    jvp(loss, [fresh()], [fresh()]);
  },
  "second derivatives": () => void hvp(loss)(fresh(), fresh()),
  "graphs that nobody sweeps": () => void loss(tensor(fresh().toTypedArray(), { requiresGrad: true }) as Tensor),
  "gradients on the tape": () => {
    const x = tensor(fresh().toTypedArray(), { requiresGrad: true }) as Tensor;
    loss(x).backward();
  },
  loops: () => void grad(loop)(fresh()),
  "loops to a condition": () => void grad(until)(fresh()),
  "rules by hand": () => void grad((x: Tensor) => sum(square(x)) as Tensor<[]>)(fresh()),
  "anomaly mode and drawings": () => {
    detectAnomaly(() => void grad(loss)(fresh()));
    toText(loss(tensor(fresh().toTypedArray(), { requiresGrad: true }) as Tensor));
  },
  "results that are read": () => void JSON.stringify(Array.from(compiledLoss(fresh()).value.toTypedArray())),
  "calls of a program": () => void compiledLoss(fresh()),
  "variables that a program writes to": () => {
    step(fresh());
  },
  // All of them are made before the rounds that are compared: up to a bound programs are kept.
  "programs of other shapes": () => void shapes(fresh(ENTRIES + (turn % (2 * TURNS)))),
  "functions that are compiled": () => void compile((x: Tensor) => grad(loss)(x) as Tensor, { threads: 1 })(fresh()),
  "loops that are compiled": () => {
    if (turn % 4 === 0) compile((x: Tensor) => grad(loop)(x) as Tensor, { threads: 1 })(fresh());
    else fresh();
  },
  "errors on the way": () => {
    expect(() => grad((x: Tensor) => sum(mul(mul(x, x), fresh(3))) as Tensor<[]>)(fresh())).toThrow("mul");
  },
};

/** By how much the process grows over the last rounds. */
async function growth(once: () => void): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let k = 0; k < TURNS; k++) once();
    for (let k = 0; k < 3; k++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      collect();
    }
    held.push(process.memoryUsage().rss);
  }
  // The allocator gives back late: the least of three rounds, three rounds apart.
  return Math.min(...held.slice(-3)) - Math.min(...held.slice(-6, -3));
}

describe.runIf(nightly)("the process does not grow with", () => {
  it.each(Object.keys(work))("%s", async (name) => {
    const grown = await growth(work[name]!);
    report("checks", 1, `the process grew by ${(grown / MIB).toFixed(1)} MiB over ${3 * TURNS} turns of ${name}`);
    expect(grown).toBeLessThan(LIMIT);
  });

  it("but it is seen to where a tensor is kept in each turn", async () => {
    expect(await growth(() => kept.push(fresh()))).toBeGreaterThan(LIMIT);
    kept.length = 0;
  });
});

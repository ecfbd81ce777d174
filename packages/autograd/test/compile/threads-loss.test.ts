/** Threads that die, fail or never answer: an error within the deadline, nothing half done, and the next call works. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  add,
  compile,
  exp,
  mul,
  OutOfMemoryError,
  sum,
  tensor,
  variable,
  WorkerCrashError,
  type Tensor,
  type Variable,
} from "../../src/index.ts";
import { wasm } from "../../src/backends/wasm/backend.ts";
import { heap } from "../../src/backends/wasm/memory/heap.ts";
import { pow } from "../../src/kernels/special.ts";
import type { Body } from "../../src/backends/wasm/assembler/body.ts";
import { i32, load } from "../../src/backends/wasm/assembler/expressions.ts";
import { ModuleBuilder } from "../../src/backends/wasm/assembler/module.ts";
import { nodeSource, pageSource } from "../../src/backends/wasm/threads/worker-source.ts";
import { poolOf, settled } from "./pool.ts";

const SIZE = 200_000;
const x = tensor(
  Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i)),
  { shape: [SIZE] },
);
const f = (a: Tensor): Tensor => sum(mul(exp(a), add(a, 1)));
const expected = f(x).item();

/** A worker that answers is waited for, however busy the machine is. */
const PATIENT = 1e9;

beforeAll(async () => {
  await settled(3);
  poolOf().deadline = PATIENT;
});

afterEach(async () => {
  poolOf().deadline = PATIENT;
  await settled(3);
});

/**
 * Gives two workers a program whose part of the work is this, and goes on as soon as they have begun: a job that nobody
 * has looked at would be replaced by the next.
 */
function occupy(work: (body: Body) => void): void {
  const builder = new ModuleBuilder({ initial: 1, maximum: 65536, shared: true });
  builder.function("run", ["i32", "i32"], null, work, true);
  const bytes = builder.finish();
  const code = heap().allocate(bytes.length, "test");
  new Uint8Array(heap().memory.buffer).set(bytes, code);
  const before = poolOf().begun();
  poolOf().run(
    { op: "test", program: -Math.ceil(1e6 * Math.random()), code, codeBytes: bytes.length, entry: -1, threads: 3 },
    () => undefined,
  );
  while (
    poolOf()
      .begun()
      .some((jobs, k) => k < 2 && jobs === before[k])
  );
}

const endless = (body: Body): void => body.loop((again) => again(i32(1)));
const trap = (body: Body): void => body.set(body.local("i32"), load("i32.load", i32(-8)));

/** Calls until two workers have begun a job: those of a new pool are ready after a while. */
async function worksAgain(g: (a: Tensor) => Tensor): Promise<void> {
  poolOf().deadline = PATIENT;
  expect(g(x).item()).toBe(expected);
  await settled(3);
  const before = poolOf().begun();
  expect(g(x).item()).toBe(expected);
  expect(poolOf().begun()).toEqual(before.map((jobs, k) => (k < 2 ? jobs + 1 : jobs)));
}

describe("a thread that is lost", () => {
  it("by being stopped gives an error, and the next calls work", async () => {
    const g = compile(f, { threads: 3 });
    poolOf().deadline = 200;
    poolOf().workers()[0]!.stop();
    expect(() => g(x)).toThrow(WorkerCrashError);
    await worksAgain(g);
  });

  it("while nothing runs is replaced without an error", async () => {
    const g = compile(f, { threads: 3 });
    const before = poolOf().workers();
    before[1]!.stop();
    while (poolOf().workers().includes(before[1]!)) await new Promise((resolve) => setTimeout(resolve, 5));
    await worksAgain(g);
  });

  it("by never answering gives an error that says so", async () => {
    const g = compile(f, { threads: 3 });
    poolOf().deadline = 200;
    occupy(endless);
    expect(() => g(x)).toThrow(/^f: a worker did not answer for \d+\.\d s: call it again/);
    await worksAgain(g);
  });

  it("by failing gives an error at once, long before the deadline", async () => {
    const g = compile(f, { threads: 3 });
    occupy(trap);
    expect(() => g(x)).toThrow(/^f: a worker failed/);
    await worksAgain(g);
  });

  it("leaves variables as they were", async () => {
    const w = variable(tensor(new Float64Array(SIZE), { shape: [SIZE] }));
    const c = variable(tensor([0]));
    const step = compile(
      (a: Tensor) => {
        w.assign(add(w.read() as Tensor, exp(a)));
        c.assign(add(c.read(), 1));
        return sum(w.read());
      },
      { threads: 3 },
    );
    step(x);
    const [before, count] = [w.read().toTypedArray(), c.read().item()];
    poolOf().deadline = 200;
    occupy(endless);
    expect(() => step(x)).toThrow(WorkerCrashError);
    expect(w.read().toTypedArray()).toEqual(before);
    expect(c.read().item()).toBe(count);
    poolOf().deadline = PATIENT;
    await settled(3);
    step(x);
    expect(c.read().item()).toBe(count + 1);
    expect(w.read().toTypedArray()[5]).toBe(before[5]! + exp(x).toTypedArray()[5]!);
  });
});

describe("a thread that is lost while variables take their new values", () => {
  /** Calls a step whose last worker is lost in the end: a page of what it should have copied is missing. */
  function losing<R>(step: () => R, state: Variable): R {
    const pool = poolOf();
    const run = pool.run.bind(pool);
    pool.run = (job, own) => {
      run(job, own);
      new Float64Array(heap().memory.buffer, state.addressIn(wasm), 512).fill(-1);
      throw new WorkerCrashError({ op: job.op, problem: "a worker is lost", hint: "call it again" });
    };
    try {
      return step();
    } finally {
      pool.run = run;
    }
  }

  it("changes nothing: this one gives them theirs", () => {
    const w = variable(tensor(new Float64Array(SIZE), { shape: [SIZE] }));
    const step = compile(
      (a: Tensor) => {
        w.assign(add(w.read() as Tensor, exp(a)));
        return sum(w.read());
      },
      { threads: 3 },
    );
    step(x);
    const once = exp(x);
    expect(losing(() => step(x), w).item()).toBe(sum(add(once, once)).item());
    expect(w.read().toTypedArray()).toEqual(add(once, once).toTypedArray());
  });

  it("is an error where the variables are too small to be copied by several", () => {
    const [w, c] = [variable(tensor(new Float64Array(1000), { shape: [1000] })), variable(tensor([0]))];
    const step = compile(
      (a: Tensor) => {
        c.assign(add(c.read(), sum(exp(a))));
        w.assign(add(w.read(), 1) as Tensor<[number]>);
      },
      { threads: 3 },
    );
    step(x);
    expect(() => losing(() => step(x), w)).toThrow(WorkerCrashError);
  });
});

it("memory that is refused is an error, and what was there goes on", () => {
  const g = compile(f, { threads: 3 });
  g(x);
  expect(() => heap().allocate(2 ** 32, "test")).toThrow(OutOfMemoryError);
  expect(g(x).item()).toBe(expected);
});

describe("a process that closes nothing", () => {
  const folder = fileURLToPath(new URL("./", import.meta.url));
  const cases: readonly (readonly [way: string, status: number | null, signal: string | null])[] = [
    ["returns", 0, null],
    ["exits", 3, null],
    ["throws", 1, null],
    ["is interrupted", null, "SIGINT"],
    ["exits while workers run without end", 3, null],
    ["returns while workers run without end", 0, null],
  ];

  it.each(cases)("and %s ends", (way, status, signal) => {
    const ended = spawnSync(process.execPath, ["--import", "tsx", "exits.ts", way], { cwd: folder, encoding: "utf8" });
    expect(ended.stdout, ended.stderr).toBe("two workers have begun\n");
    expect([ended.status, ended.signal]).toEqual([status, signal]);
  });
});

describe("the worker's text", () => {
  it("is a script in both forms", () => {
    for (const text of [nodeSource, pageSource]) expect(() => new Script(text)).not.toThrow();
  });

  it("holds the power of the library, whole", () => {
    const power = new Script(`(${pow.toString()})`).runInThisContext() as typeof pow;
    for (const [a, b] of [
      [1, NaN],
      [-1, Infinity],
      [3, 2],
      [2, 0.5],
      [-8, 1 / 3],
      [2.5, 3.5],
    ] as const)
      expect(Object.is(power(a, b), pow(a, b))).toBe(true);
  });
});

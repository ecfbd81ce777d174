/** Nothing holds a graph that nobody holds: roots die, and steps that repeat do not grow the heap. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import {
  add,
  grad,
  jvp,
  matmul,
  mul,
  noGrad,
  sigmoid,
  sub,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  type Tensor,
} from "../../src/index.ts";
import { report } from "../report.ts";

let collect: () => void;

beforeAll(() => {
  setFlagsFromString("--expose-gc");
  collect = runInNewContext("gc") as () => void;
});

/** Collects until weak references have been seen to. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < 4; round++) {
    // A weak reference lives to the end of the turn in which it was made or read.
    await new Promise((resolve) => setTimeout(resolve, 0));
    collect();
  }
};

const dies = async (make: () => object): Promise<boolean> => {
  const reference = new WeakRef(make());
  await settle();
  return reference.deref() === undefined;
};

interface Model {
  readonly w: Tensor<[8, 4]>;
  readonly b: Tensor<[4]>;
}

const inputs = tensor(
  Array.from({ length: 24 }, (_, i) => Math.sin(i)),
  { shape: [3, 8] },
);
const targets = tensor(
  Array.from({ length: 12 }, (_, i) => i % 2),
  { shape: [3, 4] },
);
const start = (): Model => ({
  w: tensor(
    Array.from({ length: 32 }, (_, i) => Math.cos(i)),
    { shape: [8, 4] },
  ),
  b: tensor([0, 0, 0, 0]),
});

const cost = ({ w, b }: Model): Tensor => {
  const miss = sub(sigmoid(add(matmul(inputs, w), b)), targets);
  return sum(mul(miss, miss));
};

const descend = <S extends number[]>(x: Tensor<S>, g: Tensor<S>): Tensor<S> =>
  sub(x as Tensor, mul(g as Tensor, 0.1)) as Tensor as Tensor<S>;

describe("a graph that nobody holds", () => {
  it("dies after a gradient", async () => {
    expect(
      await dies(() => {
        let inside: Tensor = inputs;
        grad((m: Model) => (inside = cost(m)))(start());
        return inside.node!;
      }),
    ).toBe(true);
  });

  it("dies with the loss on the tape, though the variable lives on", async () => {
    const w = tensor(2, { requiresGrad: true });
    expect(await dies(() => mul(mul(w, w), w).node!)).toBe(true);
    expect(
      await dies(() => {
        const y = mul(mul(w, w), w);
        const { node } = y.node!.inputs[0]!;
        y.backward();
        return node!;
      }),
    ).toBe(true);
    expect(w.grad!.item()).toBe(12);
  });

  it("is let go behind a result that left its transform", async () => {
    const kept: Tensor[] = [];
    expect(
      await dies(() => {
        let inside: Tensor = inputs;
        kept.push(valueAndGrad((m: Model) => (inside = cost(m)))(start()).value);
        return inside.node!;
      }),
    ).toBe(true);
    expect(kept[0]!.node).toBeNull();
  });

  it("lives as long as its pullback, and no longer", async () => {
    let pullback: ((g: Tensor<[]>) => unknown) | null = null;
    let inside: WeakRef<object> | null = null;
    (() => {
      pullback = vjp((x: Tensor<[]>) => {
        const y = mul(x, x);
        inside = new WeakRef(y.node!);
        return y;
      }, 3).pullback;
    })();
    await settle();
    expect(inside!.deref()).toBeDefined();
    expect(pullback).not.toBeNull();
    pullback = null;
    await settle();
    expect(inside!.deref()).toBeUndefined();
  });

  it("dies after an exception inside the function", async () => {
    expect(
      await dies(() => {
        let inside: Tensor = inputs;
        expect(() =>
          grad((m: Model) => {
            inside = cost(m);
            throw new Error("boom");
          })(start()),
        ).toThrow("boom");
        return inside.node!;
      }),
    ).toBe(true);
  });
});

describe("two hundred steps", () => {
  const functional = (): (() => void) => {
    let model = start();
    return () => {
      const { gradient } = valueAndGrad(cost)(model);
      model = { w: descend(model.w, gradient.w), b: descend(model.b, gradient.b) };
    };
  };

  const tape = (): (() => void) => {
    const variables = (m: Model): Model => ({
      w: tensor(m.w.toTypedArray(), { shape: [8, 4], requiresGrad: true }),
      b: tensor(m.b.toTypedArray(), { shape: [4], requiresGrad: true }),
    });
    let model = variables(start());
    return () => {
      cost(model).backward();
      model = noGrad(() => variables({ w: descend(model.w, model.w.grad!), b: descend(model.b, model.b.grad!) }));
    };
  };

  const kept = (): (() => void) => {
    const model = { w: tensor(start().w.toTypedArray(), { shape: [8, 4], requiresGrad: true }), b: start().b };
    return () => {
      model.w.zeroGrad();
      cost(model).backward({ retainGraph: true });
    };
  };

  const mixed = (): (() => void) => {
    const model = start();
    return () => void jvp((m: Model) => grad(cost)(m).w, [model], [model]);
  };

  const failing = (): (() => void) => () => {
    try {
      grad((m: Model) => matmul(cost(m), m.w))(start());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  };

  const styles = {
    functional,
    "with the tape": tape,
    "with graphs that are kept": kept,
    "of forward over reverse": mixed,
    "that fail": failing,
  };

  const measured = async (step: () => void): Promise<{ heap: number; buffers: number }> => {
    await settle();
    const before = process.memoryUsage();
    for (let i = 0; i < 200; i++) step();
    await settle();
    const after = process.memoryUsage();
    return { heap: after.heapUsed - before.heapUsed, buffers: after.arrayBuffers - before.arrayBuffers };
  };

  /** The lesser growth of two runs: what the engine compiles on the way comes once, a leak comes again. */
  const grown = async (step: () => void): Promise<{ heap: number; buffers: number }> => {
    for (let i = 0; i < 20; i++) step();
    const [first, second] = [await measured(step), await measured(step)];
    return { heap: Math.min(first.heap, second.heap), buffers: Math.min(first.buffers, second.buffers) };
  };

  it.each(Object.keys(styles) as (keyof typeof styles)[])(
    "%s leave the heap and the buffers as they were",
    async (name) => {
      const { heap, buffers } = await grown(styles[name]());
      expect(heap).toBeLessThan(256 * 1024);
      expect(buffers).toBeLessThanOrEqual(0);
      report("memory runs", 1, `200 steps ${name}: heap ${(heap / 1024).toFixed(0)} KiB, buffers ${buffers} B`);
    },
  );

  it("that keep every loss are seen to grow", async () => {
    const losses: Tensor[] = [];
    const model = { w: tensor(start().w.toTypedArray(), { shape: [8, 4], requiresGrad: true }), b: start().b };
    const { heap } = await grown(() => losses.push(...Array.from({ length: 4 }, () => cost(model))));
    expect(losses.length).toBe(1680);
    expect(heap).toBeGreaterThan(256 * 1024);
  });
});

/**
 * Values that are only traced: what would leave a gradient or a number of them behind is refused by name, and changes
 * nothing.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  backward,
  cast,
  compile,
  cond,
  customGradient,
  grad,
  greater,
  jvp,
  less,
  mul,
  reshape,
  scan,
  stack,
  stopGradient,
  sum,
  tensor,
  variable,
  vjp,
  whileLoop,
  type Tensor,
} from "../../src/index.ts";
import { refusalOf as refused } from "../refusal.ts";

/** Runs a compiled function that lets one of its values get away, and gives that value. */
const leakOf = (make: (x: Tensor<[]>) => Tensor = (x) => mul(x, 2)): Tensor<[]> => {
  let leaked: Tensor | null = null;
  compile((x: Tensor<[]>) => {
    leaked = make(x);
    return x;
  })(tensor(3));
  return leaked as unknown as Tensor<[]>;
};

describe("backward inside a compiled function", () => {
  it("is refused, and leaves the gradients that were there", () => {
    const w = tensor(2, { requiresGrad: true });
    backward(mul(w, 5));
    const before = w.grad;
    for (const f of [
      (x: Tensor<[]>) => {
        backward(mul(w, x));
        return x;
      },
      (x: Tensor<[]>) => {
        mul(w, 3).backward();
        return x;
      },
      (x: Tensor<[]>) =>
        scan(
          (h: Tensor) => {
            backward(mul(w, h));
            return [h, null] as const;
          },
          x,
          null,
          { length: 2 },
        ).carry,
      (x: Tensor<[]>) =>
        cond(
          greater(x, 0),
          () => {
            backward(mul(w, x));
            return x;
          },
          () => x,
        ),
    ]) {
      const error = refused(() => compile(f as (x: Tensor<[]>) => Tensor)(tensor(3)));
      expect([error.op, error.code]).toEqual(["backward", "TRACED"]);
      expect(error.message).toMatch(
        /^backward: gradients are not left in \.grad while .* is compiled: use grad or valueAndGrad inside/,
      );
    }
    expect(w.grad).toBe(before);
    expect(
      refused(() =>
        compile((x: Tensor<[]>) => {
          w.zeroGrad();
          return x;
        })(tensor(3)),
      ).op,
    ).toBe("zeroGrad");
    expect(w.grad).toBe(before);
    expect(
      refused(() =>
        scan(
          (h) => {
            backward(mul(w, 3));
            return [h, null];
          },
          0,
          null,
          { length: 0 },
        ),
      ).message,
    ).toMatch(/while scan learns the shapes/);
  });

  it("works before and after", () => {
    const w = tensor(2, { requiresGrad: true });
    const step = compile((x: Tensor<[]>, y: Tensor<[]>) => grad((v: Tensor<[]>) => mul(v, y))(x));
    backward(mul(w, step(tensor(2), tensor(7))));
    expect(w.grad!.item()).toBe(7);
  });
});

describe("a value that left its trace", () => {
  it("is refused by whatever takes it", () => {
    const w = tensor(2, { requiresGrad: true });
    const taped = leakOf((x) => mul(w, x));
    const v = variable(tensor(1) as Tensor<[]>);
    const moved = variable(tensor(1) as Tensor<[]>);
    compile((x: Tensor<[]>) => moved.assign(add(moved.read(), x)))(tensor(1));
    const condition = leakOf((x) => greater(x, 0)) as Tensor;
    const identity = compile((x: Tensor) => x);
    const row = leakOf((x) => reshape(x, [1]));
    const custom = customGradient({ name: "custom", forward: (x) => x, vjp: (g) => g });
    const leaked = leakOf();
    const attempts: readonly (() => unknown)[] = [
      () => v.assign(leakOf()),
      () => moved.assign(leakOf()),
      () => variable(leakOf()),
      () => backward(taped),
      () => backward(mul(w, 2), { seed: leakOf() }),
      () =>
        cond(
          condition,
          () => 1,
          () => 2,
        ),
      () =>
        whileLoop(
          () => condition,
          (h) => h,
          1,
        ),
      () => stopGradient(leakOf()),
      () => custom(leakOf()),
      () => identity(leakOf()),
      () => identity(row),
      () => grad((x: Tensor<[]>) => mul(x, x))(leakOf()),
      () => jvp((x: Tensor<[]>) => mul(x, x), [leakOf()], [1]),
      () => jvp((x: Tensor<[]>) => mul(x, x), [1], [leakOf()]),
      () => leakOf().item(),
      () => add(leakOf(), 1),
      () => reshape(leakOf(), [1]),
      () => stack([leakOf()]),
      () => cast(leakOf(), "float32"),
      () => sum(row),
      () => scan((h) => [h, null], leakOf(), null, { length: 1 }).carry.add(1),
      () =>
        whileLoop(
          (h) => less(h, 1),
          (h) => h,
          leakOf(),
        ),
      () => compile((x: Tensor<[]>) => add(x, leaked))(tensor(1)),
      () =>
        compile((x: Tensor<[]>) => {
          v.assign(leaked);
          return x;
        })(tensor(1)),
    ];
    attempts.forEach((attempt, k) => {
      const error = refused(attempt);
      expect([k, error.code]).toEqual([k, "TRACED"]);
      expect(error.message).toMatch(/left the function that was compiled.*without being returned: return it/);
    });
    expect([v.read().item(), moved.read().item(), w.grad]).toEqual([1, 2, null]);
  });

  it("is refused in the form of a pullback too", () => {
    let pullback: ((g: Tensor<[]>) => unknown) | null = null;
    compile((x: Tensor<[]>) => {
      const pulled = vjp((y: Tensor<[]>) => mul(y, y), x);
      pullback = pulled.pullback as never;
      return pulled.value;
    })(tensor(3));
    expect(refused(() => pullback!(tensor(1))).code).toBe("TRACED");
    expect(refused(() => compile((x: Tensor<[]>) => pullback!(x) as Tensor)(tensor(1))).code).toBe("TRACED");
  });
});

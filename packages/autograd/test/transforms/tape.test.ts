/** The tape habit: requiresGrad, backward, .grad, and how it mixes with the functional transforms. */

import { describe, expect, it } from "vitest";
import {
  add,
  backward,
  exp,
  grad,
  GraphError,
  isAutogradError,
  jvp,
  matmul,
  mul,
  ones,
  pow,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  zeros,
  type Tensor,
} from "../../src/index.ts";

type Scalar = Tensor<[]>;
const variable = (value: number): Scalar => tensor(value, { requiresGrad: true });

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (isAutogradError(error)) return error.code;
    throw error;
  }
  return "none";
};

describe("backward", () => {
  it("leaves the gradient in every variable behind the loss, null in others", () => {
    const [w, b, unused] = [
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { requiresGrad: true },
      ),
      tensor([1, 1], { requiresGrad: true }),
      variable(1),
    ];
    const x = tensor([1, -1]);
    const y = add(matmul(x, w), b);
    sum(mul(y, y)).backward();
    expect(w.grad!.toArray()).toEqual([
      [-2, -2],
      [2, 2],
    ]);
    expect(b.grad!.toArray()).toEqual([-2, -2]);
    expect(w.grad!.shape).toEqual([2, 2]);
    expect([unused.grad, x.grad, y.grad]).toEqual([null, null, null]);
    expect([w.requiresGrad, x.requiresGrad, y.requiresGrad]).toEqual([true, false, false]);
  });

  it("adds to what is there until zeroGrad forgets it", () => {
    const w = variable(3);
    for (const expected of [6, 12, 18]) {
      mul(w, w).backward();
      expect(w.grad!.item()).toBe(expected);
    }
    w.zeroGrad();
    expect(w.grad).toBeNull();
    mul(w, w).backward();
    expect(w.grad!.item()).toBe(6);
    expect(codeOf(() => tensor(1).zeroGrad())).toBe("NO_GRAD");
  });

  it("leaves gradients that are constants", () => {
    const w = variable(3);
    pow(w, 3).backward();
    expect(w.grad!.node).toBeNull();
  });

  it("frees the graph, unless it is to be kept", () => {
    const w = variable(2);
    const y = pow(w, 3);
    y.backward({ retainGraph: true });
    y.backward();
    expect(w.grad!.item()).toBe(24);
    expect(codeOf(() => y.backward())).toBe("GRAPH_FREED");
    expect(() => y.backward()).toThrow(/backward\(\{ retainGraph: true \}\)/);
    expect(w.grad!.item()).toBe(24);
  });

  it("refuses a graph of which another loss freed a part", () => {
    const w = variable(2);
    const shared = mul(w, w);
    mul(shared, 2).backward();
    expect(codeOf(() => mul(shared, 3).backward())).toBe("GRAPH_FREED");
    expect(w.grad!.item()).toBe(8);
  });

  it("can be differentiated again with createGraph", () => {
    const w = variable(2);
    pow(w, 4).backward({ createGraph: true });
    const first = w.grad!;
    expect(first.item()).toBe(32);
    w.zeroGrad();
    first.backward({ createGraph: true });
    const second = w.grad!;
    expect(second.item()).toBe(48);
    w.zeroGrad();
    second.backward();
    expect(w.grad!.item()).toBe(48);
  });

  it("takes a seed for what is no scalar, and refuses to guess one", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    mul(w, w).backward({ seed: tensor([1, 10]) });
    expect(w.grad!.toArray()).toEqual([2, 40]);
    expect(codeOf(() => mul(w, w).backward())).toBe("NON_SCALAR");
    expect(codeOf(() => mul(w, w).backward({ seed: ones([3]) }))).toBe("SHAPE");
    expect(codeOf(() => mul(w, w).backward({ seed: ones([2], { dtype: "float32" }) }))).toBe("DTYPE");
    const v = variable(3);
    mul(v, v).backward({ seed: tensor(5) });
    expect(v.grad!.item()).toBe(30);
  });

  it("refuses what was not computed from a variable, by name", () => {
    expect(codeOf(() => backward(mul(tensor(2), 3)))).toBe("NO_GRAD");
    expect(() => tensor(1).backward()).toThrow(GraphError);
  });

  it("leaves nothing behind when it is refused", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const y = mul(w, w);
    expect(() => y.backward()).toThrow();
    expect(w.grad).toBeNull();
    sum(y).backward();
    expect(w.grad!.toArray()).toEqual([2, 4]);
  });

  it("reaches a variable itself", () => {
    const w = variable(3);
    w.backward();
    expect(w.grad!.item()).toBe(1);
  });

  it("keeps the type of the variable", () => {
    const w = zeros([2], { dtype: "float32", requiresGrad: true });
    sum(exp(w)).backward();
    expect([w.grad!.dtype, w.grad!.toArray()]).toEqual(["float32", [1, 1]]);
  });
});

describe("tape and transforms together", () => {
  it("grad passes by tape variables as constants of its own", () => {
    const w = variable(3);
    const g = grad((x: Scalar) => mul(mul(x, x), w))(2);
    expect(g.item()).toBe(12);
    expect(w.grad).toBeNull();
  });

  it("backward goes through a gradient that depends on a variable", () => {
    const w = variable(3);
    grad((x: Scalar) => mul(mul(x, x), w))(2).backward();
    expect(w.grad!.item()).toBe(4);
  });

  it("grad may take the variable itself as its point", () => {
    const w = variable(3);
    expect(grad((x: Scalar) => mul(x, x))(w).item()).toBe(6);
    valueAndGrad((x: Scalar) => mul(x, x))(w).value.backward();
    expect(w.grad!.item()).toBe(6);
  });

  it("a function under grad may call backward on variables of its own", () => {
    const f = (x: Scalar): Tensor => {
      const w = variable(2);
      pow(w, 3).backward();
      return mul(x, mul(x, w.grad!));
    };
    expect(grad(f)(5).item()).toBe(120);
    expect(jvp(f, [5], [1]).tangent.item()).toBe(120);
  });

  it("a backward within grad leaves constants for the outer variable, or its dependence with createGraph", () => {
    // ∂(x w²)/∂w = 2 x w; its derivative by x is 2 w.
    const inner =
      (createGraph: boolean) =>
      (x: Scalar): Tensor => {
        const w = variable(3);
        mul(x, mul(w, w)).backward({ createGraph });
        return mul(w.grad!, 1);
      };
    expect(inner(false)(tensor(5)).item()).toBe(30);
    expect(grad(inner(true))(5).item()).toBe(6);
  });

  it("two losses over one variable stay apart from a gradient taken in between", () => {
    const w = variable(0.5);
    const first = tanh(w);
    const between = grad((x: Scalar) => mul(first, x))(4);
    const second = mul(w, between);
    first.backward({ retainGraph: true });
    const slope = 1 - Math.tanh(0.5) ** 2;
    expect(w.grad!.item()).toBeCloseTo(slope, 15);
    w.zeroGrad();
    second.backward();
    // between = tanh w, so second = w tanh w.
    expect(w.grad!.item()).toBeCloseTo(Math.tanh(0.5) + 0.5 * slope, 15);
  });
});

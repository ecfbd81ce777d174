/** The document's networks by autograd: shapes, both readings of three layers, named functions and the user's own. */

import { grad, isAutogradError, log, sin, softplus, tensor, type Tensor } from "@chainrule/autograd";
import { network, Random, type ActivationName, type NetworkParameters } from "@chainrule/nn";
import { describe, expect, expectTypeOf, it } from "vitest";

const mazur = {
  sizes: [2, 2, 2],
  parameters: {
    W1: [
      [0.15, 0.2],
      [0.25, 0.3],
    ],
    b1: [0.35, 0.35],
    W2: [
      [0.4, 0.45],
      [0.5, 0.55],
    ],
    b2: [0.6, 0.6],
  },
} as const;
const x = [[0.05, 0.1]];
const t = [[0.01, 0.99]];

/** Equal up to 1e-15, and to 2e-15 of the largest entry: the published digits end there. */
function expectPublished(got: Tensor, expected: readonly number[]): void {
  const numbers = [...got.toTypedArray()];
  const scale = Math.max(...expected.map(Math.abs));
  expect(numbers).toHaveLength(expected.length);
  numbers.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(Math.min(1e-15, 2e-15 * scale)),
  );
}

/** δ^l of every layer by autograd, index 0 unused. */
function deltas(net: ReturnType<typeof network>, parameters: NetworkParameters): readonly Tensor[] {
  const zeros = net.sizes.slice(1).map((units) => tensor(new Float64Array(units), { shape: [1, units] }) as Tensor);
  const found = grad((offsets: readonly Tensor[]) => net.loss(parameters, x, t, [null, ...offsets]))(zeros);
  return [zeros[0]!, ...found];
}

describe("Mazur's network by autograd", () => {
  const net = network({ ...mazur, activations: "sigmoid" });
  const gradient = grad((w: NetworkParameters) => net.loss(w as typeof net.parameters, x, t))(net.parameters);

  it("gives every published intermediate value of the forward pass", () => {
    const { u, v } = net.activities(net.parameters, x);
    expectPublished(u[1]!, [0.3775, 0.39249999999999996]);
    expectPublished(v[1]!, [0.5932699921071872, 0.596884378259767]);
    expectPublished(u[2]!, [1.10590596705977, 1.2249214040964653]);
    expectPublished(v[2]!, [0.7513650695523157, 0.7729284653214625]);
    expectPublished(net.loss(net.parameters, x, t), [0.2983711087600027]);
  });

  it("gives δ of both layers", () => {
    const [, hidden, output] = deltas(net, net.parameters);
    expectPublished(output!, [0.13849856162855695, -0.038098236516556236]);
    expectPublished(hidden!, [0.00877135468948693, 0.009954254705217196]);
  });

  it("gives the gradient of every weight and bias", () => {
    expectPublished(
      gradient["W2"]!,
      [0.0821670405642308, 0.0826676278475332, -0.0226025404774751, -0.0227402422159782],
    );
    expectPublished(
      gradient["W1"]!,
      [0.000438567734474347, 0.000877135468948693, 0.00049771273526086, 0.00099542547052172],
    );
    expectPublished(gradient["b2"]!, [0.13849856162855695, -0.038098236516556236]);
    expectPublished(gradient["b1"]!, [0.00877135468948693, 0.009954254705217196]);
  });

  it("gives the published step when the biases stay, which is not the published error after it", () => {
    const W2 = net.parameters.W2.sub(gradient["W2"]!.mul(0.5));
    const W1 = net.parameters.W1.sub(gradient["W1"]!.mul(0.5));
    expectPublished(W2, [0.358916479717885, 0.408666186076233, 0.511301270238738, 0.561370121107989]);
    expectPublished(W1, [0.149780716132763, 0.199561432265526, 0.24975114363237, 0.299502287264739]);
    const after = net.loss({ ...net.parameters, W1, W2 } as typeof net.parameters, x, t).item();
    expect(Math.abs(after - 0.29102777369359933)).toBeLessThan(2e-16);
    expect(after.toFixed(9)).not.toBe("0.291027924");
  });

  it("gives the other reading of the document when the last layer is linear", () => {
    const linear = network({ ...mazur, activations: ["sigmoid", "linear"] });
    expectPublished(linear.loss(linear.parameters, x, t), [0.6280989773699321]);
    const [, hidden, output] = deltas(linear, linear.parameters);
    expectPublished(output!, [1.09590596705977, 0.2349214040964653]);
    expectPublished(hidden!, [0.1341205051857061, 0.1497492388766766]);
    const found = grad((w: NetworkParameters) => linear.loss(w as typeof linear.parameters, x, t))(linear.parameters);
    expectPublished(found["W2"]!, [0.6501681244277691, 0.6541291517796395, 0.13937181955411934, 0.1402209162240302]);
    expectPublished(
      found["W1"]!,
      [0.006706025259285303, 0.013412050518570607, 0.007487461943833829, 0.014974923887667657],
    );
  });
});

describe("network", () => {
  it("draws the same first values from the same seed, and others from another", () => {
    const draw = (seed: number): ArrayLike<number> => network({ sizes: [3, 4, 2], seed }).parameters.W1.toTypedArray();
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it("scales the weights by the number of inputs, or not, as asked", () => {
    const spread = (initialization: "scaled" | "large"): number =>
      network({ sizes: [400, 100], seed: 1, initialization })
        .parameters.W1.var()
        .item();
    expect(spread("scaled") * 400).toBeCloseTo(1, 1);
    expect(spread("large")).toBeCloseTo(1, 1);
    expect(network({ sizes: [2, 2], initialization: "zeros" }).parameters.W1.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("knows the shapes of its parameters when the program is compiled", () => {
    const net = network({ sizes: [784, 30, 10] });
    expectTypeOf(net.parameters.W1).toEqualTypeOf<Tensor<[30, 784]>>();
    expectTypeOf(net.parameters.b2).toEqualTypeOf<Tensor<[10]>>();
    expect(net.parameters.W2.shape).toEqual([10, 30]);
  });

  it("takes activations and costs of the user's own, to any order", () => {
    const sizes = [2, 3, 1] as const;
    const own = network({
      sizes,
      activations: [(u) => sin(u), "linear"],
      cost: (v, targets) => softplus(v.sub(targets)).sum(-1),
      seed: 3,
    });
    const loss = (b: Tensor): Tensor =>
      own.loss(
        { ...own.parameters, b2: b } as typeof own.parameters,
        [
          [0.1, 0.2],
          [1, -1],
        ],
        [[0], [1]],
      );
    const first = grad(loss)(own.parameters.b2).item();
    const second = grad((b: Tensor) => grad(loss)(b).sum())(own.parameters.b2).item();
    const shifted = (h: number): number => grad(loss)(own.parameters.b2.add(h)).item();
    expect(first).toBeGreaterThan(0);
    expect(second).toBeCloseTo((shifted(1e-6) - shifted(-1e-6)) / 2e-6, 7);
  });

  it("gives the cost of saturated outputs exactly", () => {
    const net = network({
      sizes: [1, 1],
      activations: "sigmoid",
      cost: "crossEntropy",
      parameters: { W1: [[1000]], b1: [0] },
    });
    expect(net.loss(net.parameters, [[1]], [[0]]).item()).toBe(1000);
    expect(net.loss(net.parameters, [[1]], [[1]]).item()).toBe(0);
    const gradient = grad((w: NetworkParameters) => net.loss(w as typeof net.parameters, [[1]], [[0]]))(net.parameters);
    expect(gradient["b1"]!.item()).toBe(1);
  });

  it("costs nothing where a target of 0 meets a logarithm of 0", () => {
    const net = network({
      sizes: [1, 2],
      activations: "relu",
      cost: "categoricalCrossEntropy",
      parameters: { W1: [[1], [0]], b1: [0, 0] },
    });
    expect(net.loss(net.parameters, [[1]], [[1, 0]]).item()).toBe(0);
    const gradient = grad((w: NetworkParameters) => net.loss(w as typeof net.parameters, [[1]], [[1, 0]]))(
      net.parameters,
    );
    expect(gradient["W1"]!.toArray()).toEqual([[-1], [0]]);
  });

  it("keeps float32 parameters, data and gradients in float32", () => {
    const net = network({ sizes: [2, 2], dtype: "float32" });
    const gradient = grad((w: NetworkParameters) => net.loss(w as typeof net.parameters, [[1, 2]], [[0, 1]]))(
      net.parameters,
    );
    expect(gradient["W1"]!.dtype).toBe("float32");
  });

  it("names what does not fit", () => {
    const net = network({ sizes: [2, 3, 1] });
    const refusals: readonly (readonly [() => unknown, RegExp])[] = [
      [() => network({ sizes: [3] }), /sizes are \[3\].*at least an input and an output/],
      [() => network({ sizes: [2, 0, 1] }), /sizes are \[2, 0, 1\]/],
      [() => network({ sizes: [2, 2], activations: ["sigmoid", "tanh"] }), /2 activations for 1 layers/],
      [
        () => network({ sizes: [2, 2], activations: "sigmoud" as ActivationName }),
        /layer 1 has an unknown activation sigmoud.*sigmoid, tanh/,
      ],
      [() => network({ sizes: [2, 2], cost: "msq" as "quadratic" }), /unknown cost msq.*quadratic/],
      [() => network({ sizes: [2, 2], parameters: { W1: [[1, 2, 3]] } }), /W1 has shape \[1, 3\] where \[2, 2\]/],
      [() => network({ sizes: [2, 2], parameters: { w1: [[1, 2]] } }), /no parameter w1.*W1, b1/],
      [() => net.predict(net.parameters, [[1, 2, 3]]), /x has shape \[1, 3\] where \[samples, 2\]/],
      [() => net.predict(net.parameters, tensor([1, 2])), /x has shape \[2\].*as a row/],
      [() => net.loss(net.parameters, [[1, 2]], [[1], [0]]), /1 inputs and 2 targets/],
      [
        () =>
          network({ sizes: [2, 1], cost: (v) => log(v) }).loss(network({ sizes: [2, 1] }).parameters, [[1, 2]], [[1]]),
        /the cost gives shape \[1, 1\] for 1 samples/,
      ],
    ];
    for (const [attempt, message] of refusals) {
      expect(attempt).toThrow(message);
      try {
        attempt();
      } catch (error) {
        expect(isAutogradError(error) && error.at).toMatch(/network\.test\.ts:\d+:\d+$/);
      }
    }
  });

  it("does not change what it was given", () => {
    const random = new Random(1);
    const W1 = tensor(random.normalArray(6), { shape: [3, 2] });
    const before = W1.toArray();
    const net = network({ sizes: [2, 3], parameters: { W1 } });
    grad((w: NetworkParameters) => net.loss(w as typeof net.parameters, [[1, 2]], [[0, 0, 1]]))(net.parameters);
    expect(W1.toArray()).toEqual(before);
    expect(net.parameters.W1).toBe(W1);
  });
});

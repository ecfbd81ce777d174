/** Trees of parameters as numbers and back: order, names, types of numbers, and what is refused by name. */

import { describe, expect, it } from "vitest";
import { add, grad, mul, sum, tensor, type Tensor } from "../../src/index.ts";
import { parametersOf } from "../../src/optimize/parameters.ts";
import { compile } from "../../src/transforms/compile.ts";
import { refusalOf } from "../refusal.ts";

const tree = {
  scale: 2,
  layers: [
    {
      w: tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      b: tensor([7, 8], { dtype: "float32" }),
    },
  ],
  "odd name": [tensor(9)],
};

describe("a tree of parameters", () => {
  const parameters = parametersOf("minimize", tree);

  it("is its numbers in order, and comes back with others", () => {
    expect([...parameters.start]).toEqual([2, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const moved = parameters.start.map((x) => x + 0.5);
    const back = parameters.result(moved) as {
      scale: Tensor;
      layers: [{ w: Tensor; b: Tensor }];
      "odd name": [Tensor];
    };
    expect(Object.keys(back)).toEqual(["scale", "layers", "odd name"]);
    expect(back.scale.item()).toBe(2.5);
    expect(back.layers[0].w.toArray()).toEqual([
      [1.5, 2.5, 3.5],
      [4.5, 5.5, 6.5],
    ]);
    expect(back.layers[0].b.dtype).toBe("float32");
    expect([...parameters.numbers(back)]).toEqual([...moved]);
  });

  it("names each entry", () => {
    const names = Array.from({ length: parameters.size }, (_, k) => parameters.name(k));
    expect(names).toEqual(
      [
        "scale",
        "layers[0].w[0, 0]",
        "layers[0].w[0, 1]",
        "layers[0].w[0, 2]",
        "layers[0].w[1, 0]",
        "layers[0].w[1, 1]",
        "layers[0].w[1, 2]",
        "layers[0].b[0]",
        "layers[0].b[1]",
        '["odd name"][0]',
      ].map((name) => (name.startsWith("[") ? `x${name}` : name)),
    );
    expect(parametersOf("minimize", 3).name(0)).toBe("x");
    expect(parametersOf("minimize", tensor([1, 2])).name(1)).toBe("x[1]");
    expect(parametersOf("minimize", [1, 2]).name(1)).toBe("x[1]");
  });

  it("rounds to what float32 parameters hold, and only these", () => {
    const numbers = new Float64Array(parameters.size).fill(0.1);
    parameters.round(numbers);
    expect([...numbers]).toEqual([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, Math.fround(0.1), Math.fround(0.1), 0.1]);
    expect([...parameters.spacing].filter((one) => one === 2 ** -23)).toHaveLength(2);
  });

  it("passes derivatives through the parts of one vector, and lets numbers be numbers beside float32", () => {
    const f = (vector: Tensor): Tensor<[]> => {
      const {
        scale,
        layers: [{ b }],
      } = parameters.rebuild(parameters.cut(vector)) as { scale: Tensor<[]>; layers: [{ b: Tensor }] };
      return sum(mul(b, scale)) as Tensor<[]>;
    };
    const gradient = grad(f as (x: Tensor) => Tensor<[]>)(tensor(parameters.start));
    expect(gradient.toArray()).toEqual([15, 0, 0, 0, 0, 0, 0, 2, 2, 0]);
    expect((parameters.join(parameters.tree(parameters.start)) as Tensor).toArray()).toEqual([...parameters.start]);
  });

  it("is refused by name where it holds what cannot be moved", () => {
    const refused = (start: unknown): string => refusalOf(() => parametersOf("minimize", start)).message;
    expect(refused({ a: 1, n: tensor([1, 2], { dtype: "int32" }) })).toMatch(/^minimize: start\.n is int32/);
    expect(refused([tensor([true])])).toMatch(/^minimize: start\[0\] is bool/);
    expect(
      refused({
        z: new (class Complex {
          re = 1;
          im = 2;
        })(),
      }),
    ).toMatch(/^minimize: start\.z is an object of the class Complex/);
    expect(refused({ w: tensor([1, Number.NaN]) })).toMatch(/^minimize: the start has NaN at w\[1\]/);
    expect(refused(Infinity)).toMatch(/^minimize: the start has Infinity at x:/);
    expect(refused("3")).toMatch(/^minimize: start is "3"/);
    const empty = parametersOf("minimize", { a: [], b: tensor([]) });
    expect(empty.size).toBe(0);
  });

  it("is refused where it is known only when a program runs", () => {
    const program = compile((x: Tensor<[2]>) => add(x, parametersOf("root", { a: x }).size));
    const error = refusalOf(() => program(tensor([1, 2])));
    expect(error.code).toBe("TRACED");
    expect(error.message).toMatch(/^root: start\.a is not known while .* is compiled/);
  });
});

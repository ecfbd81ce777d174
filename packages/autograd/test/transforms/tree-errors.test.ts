/**
 * Trees of arguments that are none: what holds itself, has no end, has holes, or holds what is no number; each place is
 * named.
 */

import { describe, expect, it } from "vitest";
import {
  ArgumentError,
  grad,
  isAutogradError,
  jvp,
  mul,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  type Tensor,
} from "../../src/index.ts";

const loss = (_: unknown): Tensor<[]> => tensor(1);
const differentiate = grad(loss as (tree: unknown) => Tensor<[]>);

function chain(depth: number): unknown {
  let tree: unknown = tensor(1);
  for (let k = 0; k < depth; k++) tree = k % 2 === 0 ? [tree] : { next: tree };
  return tree;
}

describe("a tree of arguments", () => {
  it.each<[what: string, tree: unknown, says: RegExp]>([
    ["null", { w: [tensor(1), null] }, /argument 0\.w\[1\] is null, not a tensor or a number/],
    ["undefined", { w: undefined }, /argument 0\.w is undefined/],
    ["a text", { a: { b: "text" } }, /argument 0\.a\.b is "text"/],
    ["a date", [new Date(0)], /argument 0\[0\] is a Date/],
    ["a map", { m: new Map() }, /argument 0\.m is a Map/],
    ["a set", new Set([1]), /argument 0 is a Set/],
    ["a typed array", { w: new Float64Array(2) }, /argument 0\.w is a Float64Array.*wrap data with tensor/],
    ["a function", { f: loss }, /argument 0\.f is a function/],
    ["a bigint", [1n], /argument 0\[0\] is a BigInt/],
    ["a symbol", [Symbol("s")], /argument 0\[0\] is a symbol/],
    [
      "a class",
      new (class Layer {
        w = 1;
      })(),
      /argument 0 is an object of the class Layer/,
    ],
    [
      "an anonymous class",
      new (class {
        w = 1;
      })(),
      /argument 0 is an object of a class without a name/,
    ],
    [
      "an object without a constructor",
      Object.create(Object.create(null) as object) as object,
      /argument 0 is an object of a class without a name/,
    ],
    ["a hole", [1, , 2], /argument 0\[1\] is a hole in an array/],
    ["nothing but holes", { w: new Array(1e9) }, /argument 0\.w\[0\] is a hole/],
    ["a Promise", Promise.resolve(1), /argument 0 is a Promise.*must not be async/],
  ])("with %s is refused at its place", (_, tree, says) => {
    expect(() => differentiate(tree)).toThrow(says);
    expect(() => differentiate(tree)).toThrow(ArgumentError);
  });

  it("that holds itself is refused, and the place is named", () => {
    const tree: { w: Tensor; layers: unknown[] } = { w: tensor(1), layers: [] };
    tree.layers.push({ parent: tree });
    expect(() => differentiate(tree)).toThrow(
      /argument 0\.layers\[0\]\.parent is the same object as the whole: it holds itself/,
    );
    const list: unknown[] = [1];
    list.push(list, list);
    for (const transform of [
      (x: unknown) => vjp(loss, x).pullback(1),
      (x: unknown) => jvp(loss, [x], [x]),
      (x: unknown) => differentiate({ deep: x }),
    ]) {
      expect(() => transform(list)).toThrow(/holds itself/);
    }
  });

  it("that is twenty thousand deep is refused, and one of a hundred is not", () => {
    expect(() => differentiate(chain(20_000))).toThrow(/argument 0\.next\[0\].*… ?.*is nested more than 1000 deep/);
    expect(differentiate(chain(100))).toBeDefined();
  });

  it("that doubles with each level ends by itself", () => {
    let tree: unknown = 1;
    for (let k = 0; k < 40; k++) tree = [tree, tree];
    expect(() => differentiate(tree)).toThrow(/more than 1048576 tensors and numbers/);
  });

  it("may hold the same part twice", () => {
    const part = { w: tensor(2) };
    const g = grad((p: { a: { w: Tensor<[]> }; b: { w: Tensor<[]> } }) => mul(p.a.w, p.b.w))({ a: part, b: part });
    expect([g.a.w.item(), g.b.w.item()]).toEqual([2, 2]);
  });
});

describe("a list of numbers for a tensor", () => {
  it("is named where the function fails on it", () => {
    const f = grad((x: Tensor) => x.mul(x).sum());
    expect(() => f([1, 2, 3] as never)).toThrow(
      /grad: argument 0 is an array of numbers, .*x\.mul is not a function: hand in one tensor: tensor\(\[…\]\)/,
    );
    expect(() =>
      f([
        [1, 2],
        [3, 4],
      ] as never),
    ).toThrow(/hand in one tensor/);
    expect(() => grad((x: Tensor) => sum(x))([1, 2] as never)).toThrow(/sum: an operand is/);
  });

  it("is a list of scalars where the function takes one", () => {
    expect(grad(([a, b]: [Tensor<[]>, Tensor<[]>]) => mul(a, b))([2, 3]).map((x) => x.item())).toEqual([3, 2]);
  });

  it("leaves other errors as they are", () => {
    const own = new TypeError("mine");
    const fails = (): never => {
      throw own;
    };
    expect(() => grad((_: Tensor) => fails())(tensor(1))).toThrow(own);
    try {
      grad((x: Tensor) => x.mul(tensor([1, 2, 3])).sum() as Tensor)(tensor([1, 2]));
    } catch (error) {
      expect(isAutogradError(error)).toBe(true);
    }
  });
});

describe("an extra", () => {
  it("may be of any depth, and hold itself", () => {
    const extra: { self?: unknown; deep: unknown; y?: Tensor } = { deep: chain(20_000) };
    extra.self = extra;
    const { aux } = valueAndGrad((x: Tensor<[]>) => [mul(x, x), Object.assign(extra, { y: mul(x, 3) })] as const, {
      aux: true,
    })(2);
    expect(aux.self).toBe(aux);
    expect(aux.y.item()).toBe(6);
    expect(aux.y.node).toBeNull();
  });
});

/** Keys of trees: none is lost, none sets a prototype, in every function that takes or gives objects. */

import { describe, expect, it } from "vitest";
import {
  add,
  compile,
  cond,
  grad,
  isAutogradError,
  jvp,
  mul,
  scan,
  sub,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  whileLoop,
  less,
  type Tensor,
} from "../../src/index.ts";

type Keyed = Record<string | symbol, Tensor<[]>>;

const mark = Symbol("mark");
/** Keys that objects of their own treat specially, or that sort elsewhere. */
const keys: readonly (string | symbol)[] = [
  "2",
  "10",
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "then",
  "",
  "a.b",
  "[0]",
  "length",
  mark,
];

const make = (empty: object = {}): Keyed => {
  keys.forEach((key, k) =>
    Object.defineProperty(empty, key, { value: tensor(k + 1), enumerable: true, writable: true, configurable: true }),
  );
  return empty as Keyed;
};

const total = (x: Keyed): Tensor<[]> => keys.map((key) => mul(x[key]!, x[key]!)).reduce((a, b) => add(a, b));

/** Whether an object has these keys, each with its number, and the prototype that it should have. */
const expectKeys = (
  found: Keyed,
  numberOf: (k: number) => number,
  prototype: object | null = Object.prototype,
): void => {
  expect(new Set(Reflect.ownKeys(found))).toEqual(new Set(keys));
  expect(Object.getPrototypeOf(found)).toBe(prototype);
  keys.forEach((key, k) => expect([String(key), found[key]!.item()]).toEqual([String(key), numberOf(k)]));
};

const copy = (x: Keyed, f: (entry: Tensor<[]>) => Tensor<[]>): Keyed => {
  const fresh = {};
  for (const key of keys) Object.defineProperty(fresh, key, { value: f(x[key]!), enumerable: true });
  return fresh as Keyed;
};

describe.each([
  ["a literal", () => make()],
  ["an object without a prototype", () => make(Object.create(null) as object)],
  ["a frozen object", () => Object.freeze(make())],
] as const)("the keys of %s", (_, build) => {
  const x = build();
  const prototype = Object.getPrototypeOf(x) as object | null;

  it("come through gradients, products and loops", () => {
    expectKeys(grad(total)(x) as unknown as Keyed, (k) => 2 * (k + 1), prototype);
    const { value, gradient } = valueAndGrad(total)(x);
    expect(value.item()).toBe(819);
    expectKeys(gradient as unknown as Keyed, (k) => 2 * (k + 1), prototype);
    const pulled = vjp((y: Keyed) => copy(y, (entry) => mul(entry, 3)), x);
    expectKeys(pulled.value, (k) => 3 * (k + 1));
    expectKeys(pulled.pullback(x as never)[0] as unknown as Keyed, (k) => 3 * (k + 1), prototype);
    expectKeys(jvp((y: Keyed) => copy(y, (entry) => mul(entry, entry)), [x], [x]).tangent, (k) => 2 * (k + 1) ** 2);
    expectKeys(
      scan((carry: Keyed) => [copy(carry, (entry) => mul(entry, 2)), null] as never, x, null, { length: 2 })
        .carry as Keyed,
      (k) => 4 * (k + 1),
      prototype,
    );
    expectKeys(
      whileLoop(
        (carry) => less((carry as Keyed)["2"]!, 4),
        (carry) => copy(carry as Keyed, (entry) => mul(entry, 2)) as never,
        x,
      ) as Keyed,
      (k) => 4 * (k + 1),
      prototype,
    );
    expectKeys(
      cond(
        true,
        (y: Keyed) => y,
        (y: Keyed) => y as never,
        x,
      ) as Keyed,
      (k) => k + 1,
      prototype,
    );
  });

  it("come through compiled functions, and belong to the signature", () => {
    const double = compile((y: Keyed) => copy(y, (entry) => mul(entry, 2)));
    for (let call = 0; call < 2; call++) expectKeys(double(x), (k) => 2 * (k + 1));
    const gradient = compile(grad(total) as unknown as (y: Keyed) => Keyed);
    for (let call = 0; call < 2; call++) expectKeys(gradient(x), (k) => 2 * (k + 1), prototype);
    const count = compile((y: Keyed) => sum(tensor(Reflect.ownKeys(y).map(() => 1))));
    expect([
      count(x).item(),
      count({ a: tensor(1) }).item(),
      count({ ["__proto__"]: tensor(1), a: tensor(1) }).item(),
      count({ [mark]: tensor(1) }).item(),
    ]).toEqual([keys.length, 1, 2, 1]);
    expect(count.programs()).toBe(4);
  });

  it("of an extra are handed back as they are", () => {
    const { aux } = valueAndGrad((y: Tensor<[]>) => [y, { ...x, nested: [x] }] as const, { aux: true })(1);
    expectKeys((aux as unknown as { nested: [Keyed] }).nested[0], (k) => k + 1, prototype);
  });
});

describe("a tree", () => {
  it("is read through its getters, once", () => {
    let reads = 0;
    const x = {
      get w(): Tensor<[]> {
        reads++;
        return tensor(3);
      },
    };
    expect(grad((y: { w: Tensor<[]> }) => mul(y.w, y.w))(x).w.item()).toBe(6);
    expect(reads).toBe(1);
  });

  it.each([
    ["grad", (x: object) => grad((y: { a: Tensor<[]> }) => y.a)(x as never)],
    [
      "f",
      (x: object) =>
        compile(function f(y: { a: Tensor<[]> }) {
          return y.a;
        })(x as never),
    ],
  ] as const)("with a hidden property is refused by %s", (op, call) => {
    for (const key of ["b", "__proto__", mark]) {
      const x = Object.defineProperty({ a: tensor(1) }, key, { value: tensor(2), enumerable: false });
      let found: unknown = null;
      try {
        call(x);
      } catch (error) {
        found = error;
      }
      expect(isAutogradError(found) && found.op).toBe(op);
      expect(String(found)).toMatch(
        /argument .*(b|__proto__|mark).* is not enumerable: define it as an enumerable property/,
      );
    }
  });

  it("may have its keys in another order", () => {
    const start = { a: tensor(1), b: tensor(10) };
    const step = (c: { a: Tensor; b: Tensor }): { a: Tensor; b: Tensor } => ({ b: mul(c.b, 2), a: add(c.a, 1) });
    const loops = (x: { a: Tensor; b: Tensor }) => [
      scan((c) => [step(c), less(c.b, 15) ? { p: c.a, q: c.b } : { q: c.b, p: c.a }], x, null, { length: 2 }).carry,
      whileLoop((c) => less(c.b, 40), step, x),
      cond(
        less(x.a, x.b),
        () => ({ a: x.a, b: x.b }),
        () => ({ b: x.b, a: x.a }),
      ),
      cond(
        less(x.b, x.a),
        () => ({ a: x.a, b: x.b }),
        () => ({ b: x.b, a: x.a }),
      ),
    ];
    const expected = [
      [3, 40],
      [3, 40],
      [1, 10],
      [1, 10],
    ];
    for (const found of [loops(start), compile(loops)(start)])
      expect(found.map(({ a, b }) => [a.item(), b.item()])).toEqual(expected);
    const { ys } = scan((c) => [step(c), c.a.item() === 1 ? { p: c.a, q: c.b } : { q: c.b, p: c.a }], start, null, {
      length: 2,
    });
    expect([ys.p.toArray(), ys.q.toArray()]).toEqual([
      [1, 2],
      [10, 20],
    ]);
    const { pullback } = vjp((x: { a: Tensor<[]>; b: Tensor<[]> }) => ({ p: mul(x.a, 2), q: mul(x.b, 3) }), start);
    const pulled = pullback({ q: tensor(1), p: tensor(0) })[0];
    expect([pulled.a.item(), pulled.b.item()]).toEqual([0, 3]);
    expect(
      jvp(
        (x: { a: Tensor<[]>; b: Tensor<[]> }) => sub(x.a, x.b),
        [start],
        [{ b: tensor(1), a: tensor(0) }],
      ).tangent.item(),
    ).toBe(-1);
  });

  it("tells keys with dots from nested ones", () => {
    const x = tensor(1) as Tensor<[]>;
    expect(() => scan(() => [{ a: { b: x } } as never, null], { "a.b": x }, null, { length: 2 })).toThrow(
      /the next carry has \.a\.b where the initial carry has \["a\.b"\]/,
    );
    expect(() => scan(() => [[x] as never, null], { "[0]": x }, null, { length: 2 })).toThrow(
      /the next carry has \[0\] where the initial carry has \["\[0\]"\]/,
    );
  });
});

/**
 * Entries, rows and parts: programs of users without a cast, and that one step of `at` is what slice and reshape are
 * together.
 */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, grad, jacobian, jvp, tensor, valueAndGrad, type Tensor } from "../../src/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { arm, camera, kalman, lstm, lstmScan } from "./cutting-programs.ts";
import { random } from "./sampling.ts";

const next = random(11);
const draw = <const S extends readonly number[]>(shape: S, scale = 1): Tensor<{ -readonly [K in keyof S]: S[K] }> =>
  tensor(
    Float64Array.from({ length: shape.reduce((n, size) => n * size, 1) }, () => scale * (next() - 0.5)),
    { shape },
  );

const expectSame = (found: unknown, expected: unknown, label: string): void => {
  const [a, b] = [[found].flat(3) as Tensor[], [expected].flat(3) as Tensor[]];
  expect(a.length).toBe(b.length);
  a.forEach((x, k) => expect(differenceOf(`${label} ${k}`, x, b[k]!)).toBeNull());
};

const filter = { A: draw([4, 4]), logQ: draw([4]), logR: draw([2]) };
const cell = { wx: draw([2, 16], 2), wh: draw([4, 16], 2), b: draw([16]) };
const [ys, xs, q, pose, points] = [
  draw([5, 2], 3),
  draw([5, 3, 2], 2),
  draw([3], 2),
  draw([6]).add(tensor([0, 0, 0, 0, 0, 5])),
  draw([7, 3], 2),
];

describe("programs around entries and parts", () => {
  it("have no cast", () => {
    const text = readFileSync(new URL("cutting-programs.ts", import.meta.url), "utf8");
    const source = text.replace(/\/\*[\s\S]*?\*\//g, "");
    expect(source).toContain(".at(");
    expect(source).not.toMatch(/ as | any\b|!\.|satisfies/);
  });

  it("give compiled the bits that they give themselves, derivatives included", () => {
    const programs: Readonly<Record<string, readonly [f: (...args: never[]) => unknown, args: readonly unknown[]]>> = {
      kalman: [
        (p: typeof filter, y: typeof ys) =>
          ((r) => [r.value, r.gradient.A, r.gradient.logQ, r.gradient.logR])(valueAndGrad(kalman)(p, y)),
        [filter, ys],
      ],
      lstm: [
        (p: typeof cell, x: typeof xs) =>
          ((r) => [r.value, r.gradient.wx, r.gradient.wh])(
            valueAndGrad((c: typeof cell, y: typeof xs) => lstm(c, y).sum())(p, x),
          ),
        [cell, xs],
      ],
      arm: [(x: typeof q) => [arm(x), jacobian(arm)(x), jacobian(arm, { mode: "reverse" })(x)], [q]],
      camera: [(p: typeof pose, x: typeof points) => [camera(p, x), jacobian(camera)(p, x)], [pose, points]],
    };
    for (const [name, [f, args]] of Object.entries(programs)) {
      const g = f as (...args: readonly unknown[]) => unknown;
      let traces = 0;
      const compiled = compile((...given: readonly unknown[]) => {
        traces++;
        return g(...given);
      }) as unknown as typeof g;
      compiled(...args);
      expectSame(compiled(...args), g(...args), name);
      expect(traces).toBe(1);
    }
  });

  it("agree with the same loop as a scan", () => {
    lstm(cell, xs)
      .toTypedArray()
      .forEach((x, k) => expect(x).toBeCloseTo(lstmScan(cell, xs).toTypedArray()[k]!, 14));
  });
});

describe("at", () => {
  const x = draw([2, 3, 4]);
  const paths: readonly (readonly number[])[] = [[0], [-1], [1, 2], [0, -3], [1, 0, 3], [-2, -1, -4]];

  it.each(paths.map((path) => [path]))("is slice and reshape in one: %j", (path) => {
    const ends = path.map((i) => (i === -1 ? undefined : i + 1));
    const long = (y: Tensor): Tensor => y.slice(path, ends).reshape(y.shape.slice(path.length));
    const short = (y: Tensor): Tensor => y.at(...path);
    const value =
      (f: typeof long) =>
      (y: Tensor): Tensor<[]> =>
        f(y).mul(f(y)).sum();
    const direction = draw([2, 3, 4]);
    expectSame(short(x), long(x), "value");
    expectSame(grad(value(short))(x), grad(value(long))(x), "gradient");
    expectSame(jvp(short, [x], [direction]).tangent, jvp(long, [x], [direction]).tangent, "tangent");
    const second = (f: typeof long) => jvp((y: Tensor) => grad(value(f))(y) as Tensor, [x], [direction]).tangent;
    expectSame(second(short), second(long), "second derivative");
    expectSame(
      compile((y: Tensor) => [short(y), grad(value(short))(y) as Tensor])(x),
      [long(x), grad(value(long))(x)],
      "compiled",
    );
    expectSame(compile((y: Tensor) => jacobian(short)(y) as Tensor)(x), jacobian(long)(x), "all directions at once");
  });

  it("takes as many indices as there are axes, as method and function", () => {
    const deep = tensor(
      Float64Array.from({ length: 32 }, (_, k) => k),
      { shape: [2, 2, 2, 2, 2] },
    );
    expect(deep.at(1, 0, 1, 0, 1).item()).toBe(21);
    expect(deep.at(-1, -1, -1, -1, -1).item()).toBe(31);
    expect(deep.at().shape).toEqual([2, 2, 2, 2, 2]);
  });

  it("keeps every type", () => {
    expect(tensor([true, false]).at(0).toArray()).toBe(true);
    expect(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { dtype: "int32" },
      ).at(1).dtype,
    ).toBe("int32");
    expect(tensor([0.1], { dtype: "float32" }).at(0).item()).toBe(Math.fround(0.1));
  });
});

describe("split", () => {
  it("gives a thousand parts, and refuses a billion before it makes one", () => {
    const x = draw([1000, 2]);
    expect(x.split(1000).length).toBe(1000);
    expect(() => tensor([1, 2]).split(1e9 as number)).toThrow(/1000000000 equal parts do not fill 2/);
    expect(() => x.split([40_000, 40_000] as number[])).toThrow(/do not add up/);
  });
});

/** Ops of a user's own, in every reading: against the same functions written in the library's ops. */

import { describe, expect, it } from "vitest";
import {
  add,
  arange,
  cast,
  compile,
  concat,
  defineOp,
  exp,
  gather,
  grad,
  greater,
  jvp,
  matmul,
  max,
  mul,
  option,
  pad,
  scan,
  scatterAdd,
  sin,
  slice,
  sqrt,
  stack,
  sub,
  sum,
  tensor,
  toText,
  where,
  zeros,
  type DType,
  type OpDefinition,
  type Primitives,
  type Tensor,
} from "../../src/index.ts";
import { gradientCheck } from "../../src/check/index.ts";
import { vmap } from "../../src/vmap/index.ts";
import { differenceOf } from "../compile/bits.ts";
import { refusalOf } from "../refusal.ts";
import { severalCases } from "./several-ops.ts";

type F = (...inputs: Tensor[]) => Tensor;
const loose = <G>(g: unknown): G => g as G;

interface Size {
  readonly size: number;
}

/** Positions of windows. */
const places = (count: number, size: number): Tensor =>
  cast(stack(Array.from({ length: count }, (_, k) => arange(k, k + size)) as never) as Tensor, "int32");

const hypot = defineOp({
  name: "hypot",
  inputs: 2,
  lower: (p, [x, y]) => p.map(sqrt, p.map(add, p.map(mul, x!, x!), p.map(mul, y!, y!))),
  vjp: (g, { inputs: [x, y], output }) => [g.mul(x!.div(output)), g.mul(y!.div(output))],
});

const windowsOf = (wrong = 0): F =>
  loose(
    defineOp<Size>({
      name: "windows",
      inputs: 1,
      options: { size: option.whole(1) },
      lower(p, [x], { size }) {
        const [n] = p.shapeOf(x!);
        return p.view(x!, [n! - size + 1, size], { offset: 0, strides: [1, 1] });
      },
      vjp(g, { inputs: [x], options: { size } }) {
        const [n] = x!.shape;
        return scatterAdd(zeros([n!], { dtype: x!.dtype }), places(n! - size + 1, size), g.mul(1 + wrong)) as Tensor;
      },
    }),
  );
const windows = windowsOf();

const below = tensor([
  [1, 0, 0, 0],
  [1, 1, 0, 0],
  [1, 1, 1, 0],
  [1, 1, 1, 1],
]) as Tensor;
const running = defineOp({
  name: "running",
  inputs: 1,
  lower: (p, [x]) =>
    p.reshape(p.matmul(p.reshape(x!, [1, 4]), p.cast(p.constant(below), p.dtypeOf(x!)), { transposeB: true }), [4]),
  transpose: (g) => matmul(g.reshape([1, 4]), below.cast(g.dtype)).reshape([4]),
});

const weights = defineOp({
  name: "weights",
  inputs: 1,
  lower(p, [x]) {
    const high = p.map(exp, p.map(sub, x!, p.reduce("max", x!, [0])));
    return p.map(sub, high, p.map(mul, high, p.reduce("sum", high, [0])));
  },
  // Of the part that is linear in the sum no derivative is asked in closed form: the rule runs the same in ops.
  jvp: ([t], { inputs: [x] }) => jvp(loose<F>(plainWeights), [x!] as never, [t!] as never).tangent,
});
const plainWeights: F = (x) => {
  const high = exp(sub(x!, max(x!, 0, { keepDims: true })));
  return sub(high, mul(high, sum(high, 0, { keepDims: true }))) as Tensor;
};

const framed = defineOp({
  name: "framed",
  inputs: 2,
  lower(p, [x, y]) {
    const [n] = p.shapeOf(x!);
    const [m] = p.shapeOf(y!);
    return p.assemble([n! + m! + 1], p.dtypeOf(x!), [
      { value: x!, view: { offset: 0, strides: [1] } },
      { value: y!, view: { offset: n! + m!, strides: [-1] } },
    ]);
  },
  vjp(g, { inputs: [x, y] }) {
    const [n, m] = [x!.shape[0]!, y!.shape[0]!];
    return [
      slice(g, [0], [n]) as Tensor,
      gather(
        g,
        Array.from({ length: m }, (_, k) => n + m - k),
      ),
    ];
  },
});

const regrouped = defineOp({
  name: "regrouped",
  inputs: 2,
  lower: (p, [x, i]) => p.addAt(p.map(sin, p.take(x!, i!, 0)), i!, 0, 5),
  vjp: (g, { inputs: [x, i] }) => [
    scatterAdd(
      zeros(x!.shape, { dtype: x!.dtype }),
      i!,
      mul(gather(g, i!), grad((y: Tensor) => sum(sin(y)) as Tensor<[]>)(gather(x!, i!)) as Tensor),
    ),
    null,
  ],
});

const positive = defineOp({
  name: "positive",
  inputs: 1,
  lower: (p, [x]) => p.map(where, p.map(greater, x!, p.scalar(0, p.dtypeOf(x!))), x!, p.scalar(0, p.dtypeOf(x!))),
  vjp: (g, { inputs: [x] }) => where(greater(x!, 0), g, 0) as Tensor,
});

const own = tensor([0.5, -1.5, 2, 1]) as Tensor;
const other = tensor([1, 3, -0.25, 2]) as Tensor;
const at = tensor([2, 0, 2], { dtype: "int32" }) as Tensor;

interface Case {
  readonly name: string;
  readonly op: F;
  readonly plain: F;
  readonly inputs: readonly Tensor[];
}

const cases: readonly Case[] = [
  {
    name: "hypot",
    op: loose(hypot),
    plain: (x, y) => sqrt(add(mul(x!, x!), mul(y!, y!))) as Tensor,
    inputs: [own, other],
  },
  {
    name: "windows",
    op: (x) => windows(x!, { size: 2 } as never),
    plain: (x) => gather(x!, places(3, 2)),
    inputs: [own],
  },
  {
    name: "running",
    op: loose(running),
    plain: (x) =>
      matmul(
        x!.reshape([1, 4]),
        tensor([
          [1, 1, 1, 1],
          [0, 1, 1, 1],
          [0, 0, 1, 1],
          [0, 0, 0, 1],
        ]).cast(x!.dtype),
      ).reshape([4]),
    inputs: [own],
  },
  { name: "weights", op: loose(weights), plain: plainWeights, inputs: [own] },
  {
    name: "framed",
    op: loose(framed),
    plain: (x, y) => concat([x!, zeros([1], { dtype: x!.dtype }), gather(y!, [3, 2, 1, 0])] as never) as Tensor,
    inputs: [own, other],
  },
  {
    name: "regrouped",
    op: (x) => regrouped(x!, at),
    plain: (x) => scatterAdd(zeros([5], { dtype: x!.dtype }), at, sin(gather(x!, at))),
    inputs: [own],
  },
  { name: "positive", op: loose(positive), plain: (x) => where(greater(x!, 0), x!, 0) as Tensor, inputs: [own] },
];

/** A weighted sum of squares, so that second derivatives are not 0. */
const lossOf =
  (f: F): F =>
  (...inputs) =>
    sum(mul(f(...inputs), mul(f(...inputs), sin(f(...inputs))))) as Tensor;

describe.each([...cases, ...severalCases])("$name", ({ name, op, plain, inputs }) => {
  const batch = inputs.map((x) => stack([x, mul(x, 2), sin(x)] as never) as Tensor);

  it.each(["float64", "float32"] as const)("has its value in every reading, in %s", (dtype: DType) => {
    const given = inputs.map((x) => cast(x, dtype));
    const expected = plain(...given);
    expect(differenceOf("at once", op(...given), expected)).toBeNull();
    const program = compile(op as never);
    expect(differenceOf("compiled", loose<F>(program)(...given), expected)).toBeNull();
    expect(program.explain().notes.join()).not.toMatch(/plain/);
    const rows = batch.map((x) => cast(x, dtype));
    const each = loose<F>(vmap(plain as never))(...rows);
    expect(differenceOf("a batch", loose<F>(vmap(op as never))(...rows), each)).toBeNull();
    expect(differenceOf("a batch, compiled", loose<F>(compile(vmap(op as never) as never))(...rows), each)).toBeNull();
  });

  it("has its derivatives, to second order, in every reading", () => {
    const close = (found: Tensor, expected: Tensor): void => {
      expect(found.shape).toEqual(expected.shape);
      const [a, b] = [found.toTypedArray(), expected.toTypedArray()];
      a.forEach((y: number, k: number) => expect(Math.abs(y - b[k]!)).toBeLessThan(1e-12 * (1 + Math.abs(b[k]!))));
    };
    const ask: ((f: F) => F)[] = [
      (f) => loose(grad(lossOf(f) as never)),
      (f) =>
        (...list) =>
          jvp(f as never, list as never, list.map((x) => sin(x)) as never).tangent as Tensor,
      (f) => loose(grad(((...list: Tensor[]) => sum(sin(loose<F>(grad(lossOf(f) as never))(...list)))) as never)),
      (f) =>
        (...list) =>
          jvp(loose(grad(lossOf(f) as never)), list as never, list.map((x) => sin(x)) as never).tangent as Tensor,
    ];
    for (const [k, way] of ask.entries()) {
      const expected = way(plain)(...inputs);
      close(way(op)(...inputs), expected);
      close(loose<F>(compile(way(op) as never))(...inputs), expected);
      if (k < 3) close(loose<F>(vmap(way(op) as never))(...batch), loose<F>(vmap(way(plain) as never))(...batch));
    }
    expect(gradientCheck(op as never, inputs as never).ok).toBe(true);
  });

  it("is drawn by its name, and stands in a loop", () => {
    expect(toText(op as never, inputs as never)).toContain(`${name}(`);
    const looped = (f: F) => (): Tensor =>
      scan((c: Tensor) => [add(c, sum(f(...inputs.map((x) => mul(x, c) as Tensor)))), null] as const, tensor(1), null, {
        length: 3,
      }).carry as Tensor;
    expect(compile(looped(op))().item()).toBe(compile(looped(plain))().item());
  });
});

describe("a rule that does not fit the value", () => {
  it("is found by gradientCheck, in either direction", () => {
    const wrong = windowsOf(1e-3);
    expect(gradientCheck(((x: Tensor) => wrong(x, { size: 2 } as never)) as never, [own] as never).ok).toBe(false);
    const forward = defineOp({
      name: "square",
      inputs: 1,
      lower: (p, [x]) => p.map(mul, x!, x!),
      jvp: ([t], { inputs: [x] }) => t!.mul(x!),
    });
    expect(gradientCheck(forward as never, [own] as never).ok).toBe(false);
  });

  it("is refused where its result does not fit", () => {
    const short = defineOp({ name: "short", inputs: 2, lower: (p, [x, y]) => p.map(add, x!, y!), vjp: (g) => [g] });
    expect(refusalOf(() => grad(((x: Tensor) => sum(short(x, 1))) as never)(own as never)).message).toMatch(
      /^short: vjp gives 1 cotangents for 2 inputs/,
    );
    const flat = defineOp({ name: "flat", inputs: 1, lower: (p, [x]) => p.map(sin, x!), vjp: (g) => sum(g) as Tensor });
    expect(refusalOf(() => grad(((x: Tensor) => sum(flat(x))) as never)(own as never)).code).toBe("BAD_RULE");
  });
});

describe("an op of one's own", () => {
  it("takes numbers beside tensors, keeps types, and gives a tensor of its own", () => {
    expect(hypot(3, 4).item()).toBe(5);
    expect(hypot(own.cast("float32"), 2).dtype).toBe("float32");
    const same = defineOp({ name: "same", inputs: 1, lower: (_, [x]) => x!, vjp: (g) => g });
    const copy = same(own);
    expect(copy).not.toBe(own);
    expect(copy.toArray()).toEqual(own.toArray());
    const total = defineOp({ name: "total", inputs: 1, lower: (p, [x]) => p.reduce("sum", x!, [0]), vjp: (g) => g });
    expect(Object.is(total(zeros([0])).toArray()[0 as never], 0)).toBe(true);
    expect(total(own.cast("float32")).dtype).toBe("float32");
    const groups = defineOp({
      name: "groups",
      inputs: 2,
      lower: (p, [x, i]) => p.addAt(x!, i!, 0, 2),
      vjp: (g, { inputs: [, i] }) => [gather(g, i!), null],
    });
    expect(groups(tensor([1, 2]), tensor([0, 0], { dtype: "int32" })).toArray()).toEqual([3, 0]);
  });

  it("checks its definition and its calls", () => {
    const good: OpDefinition = { name: "good", inputs: 1, lower: (_, [x]) => x!, vjp: (g) => g };
    const define =
      (change: object): (() => unknown) =>
      () =>
        defineOp({ ...good, ...change });
    expect(refusalOf(define({ name: undefined })).message).toMatch(/^defineOp: a name, inputs and lower are needed/);
    expect(refusalOf(define({ vjp: undefined })).message).toMatch(/^good: there is no rule/);
    expect(refusalOf(define({ transpose: (g: Tensor) => g })).message).toMatch(
      /^good: there is a transpose and another/,
    );
    expect(refusalOf(define({ inputs: 0 })).message).toMatch(/^defineOp: inputs is 0: give a whole number from 1 on/);
    expect(refusalOf(define({ backward: 3 })).message).toMatch(/^defineOp: there is no option backward/);
    const op = defineOp(good);
    expect(refusalOf(() => op(own, own)).message).toMatch(/^good: 2 inputs for 1: write good\(x0\)/);
    expect(refusalOf(() => op()).message).toMatch(/^good: 0 inputs for 1/);
    expect(refusalOf(() => op("x" as never)).op).toBe("good");
    expect(refusalOf(() => windows(own, { sise: 2 } as never)).message).toMatch(
      /^windows: there is no option sise: did you mean size\?/,
    );
    expect(refusalOf(() => windows(own, { size: 0 } as never)).message).toMatch(/^windows: size is 0/);
    expect(refusalOf(() => windows(own, { size: 9 } as never)).op).toBe("windows");
  });

  const whole = tensor([1, 2], { dtype: "int32" }) as Tensor;
  const square = tensor([
    [1, 2],
    [3, 4],
  ]) as Tensor;
  type Lower = <V>(p: Primitives<V>, x: V, y: V) => V;
  type Mistake = readonly [message: RegExp, lower: Lower, inputs?: readonly Tensor[]];
  const mistakes: readonly Mistake[] = [
    [
      /^wrong: view reaches from entry 1 to 4 of \[4\], which has 4/,
      (p, x) => p.view(x, [4], { offset: 1, strides: [1] }),
    ],
    [/^wrong: view reaches from entry -1 to 0/, (p, x) => p.view(x, [2], { offset: 0, strides: [-1] })],
    [/^wrong: view has strides \[1\] for a box \[2, 2\]/, (p, x) => p.view(x, [2, 2], { offset: 0, strides: [1] })],
    [
      /^wrong: assemble reaches from entry 3 to 6 of \[5\]/,
      (p, x) => p.assemble([5], "float64", [{ value: x, view: { offset: 3, strides: [1] } }]),
    ],
    [
      /^wrong: assemble puts float64 into float32/,
      (p, x) => p.assemble([5], "float32", [{ value: x, view: { offset: 0, strides: [1] } }]),
    ],
    [/^wrong: reshape makes \[3\] of \[4\]/, (p, x) => p.reshape(x, [3])],
    [/^wrong: reduce: there is no axis 1 in \[4\]/, (p, x) => p.reduce("sum", x, [1])],
    [
      /^wrong: reduce\("max"\) runs over axis 0 of \[0\], which is empty/,
      (p, x) => p.reduce("max", p.view(x, [0], { offset: 0, strides: [1] }), [0]),
    ],
    [/^wrong: matmul of \[4\] and \[4\]/, (p, x, y) => p.matmul(x, y)],
    [/^wrong: matmul of int32 and int32/, (p, x, y) => p.matmul(x, y), [whole, whole]],
    [/^wrong: add of float64 and int32: cast them/, (p, x, y) => p.map(add, x, y), [own, whole]],
    [/^wrong: add: .*\[4\].*\[2\]/, (p, x, y) => p.map(add, x, y), [own, tensor([1, 2]) as Tensor]],
    [/^wrong: add takes 2 values, and is given 1/, (p, x) => p.map(add, x)],
    [/^wrong: where chooses by float64/, (p, x, y) => p.map(where, x, y, y)],
    [/^wrong: map is given a function, which works on no entries/, (p, x) => p.map(sum as never, x)],
    [/^wrong: sin is given nothing, which is no value of lower/, (p) => p.map(sin, undefined as never)],
    [/^wrong: sin is given a tensor, which is no value of lower: .*p\.constant/, (p) => p.map(sin, own as never)],
    [/^wrong: the result is given nothing/, () => undefined as never],
    [/^wrong: scalar: .* is no type of numbers/, (p) => p.scalar(1, "float16" as never)],
    [/^wrong: take at indices of float64/, (p, x, y) => p.take(x, y, 0)],
    [/^wrong: take: there is no axis 2/, (p, x, y) => p.take(x, y, 2), [own, whole]],
    [/^wrong: addAt has \[4\] for indices \[2\] at axis 0/, (p, x, y) => p.addAt(x, y, 0, 3), [own, whole]],
    [/^wrong: index 2 at position 1 lies outside an axis of size 2/, (p, x, y) => p.take(x, y, 0), [square, whole]],
    [
      /^wrong: constant is given a tensor that is differentiated/,
      (p) => p.constant(tensor([1], { requiresGrad: true }) as Tensor),
    ],
  ];
  for (const [message, lower, inputs = [own, other]] of mistakes) {
    it(`refuses by name what does not fit: ${message.source}`, () => {
      const op = defineOp({
        name: "wrong",
        inputs: 2,
        lower: (p, [x, y]) => lower(p, x!, y!),
        vjp: () => [null, null],
      });
      expect(refusalOf(() => op(...inputs)).message).toMatch(message);
      if (inputs.every(({ dtype }) => dtype === "float64"))
        expect(refusalOf(() => loose<F>(compile(op as never))(...inputs)).message).toMatch(message);
    });
  }

  it("pads as pad does", () => {
    const padded = defineOp({
      name: "padded",
      inputs: 1,
      lower: (p, [x]) => p.assemble([6], p.dtypeOf(x!), [{ value: x!, view: { offset: 1, strides: [1] } }], 7),
      vjp: (g) => slice(g, [1], [5]) as Tensor,
    });
    expect(padded(own).toArray()).toEqual([7, ...(pad(own, [1], [1]).toArray() as number[]).slice(1, 5), 7]);
  });
});

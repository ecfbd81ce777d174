/**
 * Functions with loops and branches, written against three constructs, so that they run with the library's and with
 * plain ones.
 */

import {
  abs,
  add,
  cast,
  concat,
  customGradient,
  div,
  exp,
  gather,
  grad,
  greater,
  less,
  logicalAnd,
  logSumExp,
  matmul,
  maximum,
  mul,
  noGrad,
  relu,
  sigmoid,
  sin,
  softmax,
  stack,
  stopGradient,
  sub,
  sum,
  tanh,
  tensor,
  Tensor,
  zeros,
} from "../../src/index.ts";

/** The three constructs, loosely typed. */
export interface Constructs {
  scan<C, X, Y>(
    f: (carry: C, x: X) => readonly [C, Y],
    initial: C,
    xs: X | null,
    options?: { length?: number; reverse?: boolean },
  ): { carry: C; ys: Y };
  whileLoop<C>(condition: (carry: C) => Tensor, body: (carry: C) => C, initial: C, options?: { maxSteps?: number }): C;
  cond<R>(predicate: Tensor, onTrue: () => R, onFalse: () => R): R;
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

const leavesOf = (tree: unknown): Tensor[] =>
  isTensor(tree) ? [tree] : tree === null ? [] : Object.values(tree as object).flatMap(leavesOf);

const mapTree = (tree: unknown, f: (x: Tensor) => Tensor): unknown => {
  if (isTensor(tree)) return f(tree);
  if (tree === null) return null;
  if (Array.isArray(tree)) return tree.map((entry) => mapTree(entry, f));
  return Object.fromEntries(Object.entries(tree as object).map(([name, entry]) => [name, mapTree(entry, f)]));
};

/** The constructs in plain JavaScript: what they are to give. */
export const plain: Constructs = {
  scan(f, initial, xs, options) {
    let carry = initial;
    const rows = leavesOf(xs)[0];
    const outputs: unknown[] = [];
    const length = rows?.shape[0] ?? options!.length!;
    for (let step = 0; step < length; step++) {
      const k = options?.reverse === true ? length - 1 - step : step;
      const [next, y] = f(carry, mapTree(xs, (x) => gather(x, tensor(k, { dtype: "int32" }))) as never);
      carry = next;
      outputs[k] = y;
    }
    const columns = outputs.map(leavesOf);
    let at = 0;
    const ys = mapTree(outputs[0], () => {
      const place = at++;
      return stack(columns.map((row) => row[place]!)) as Tensor;
    });
    return { carry, ys: ys as never };
  },
  whileLoop(condition, body, initial, options) {
    let carry = initial;
    for (let k = 0; condition(carry).item() === 1; k++) {
      if (k === options?.maxSteps) throw new Error(`the condition still holds after ${k} steps`);
      carry = body(carry);
    }
    return carry;
  },
  cond: (predicate, onTrue, onFalse) => (predicate.item() === 1 ? onTrue() : onFalse()),
};

/**
 * What goes wrong where a row is cut out, the next carry is taken over, the output is kept, or the derivative of either
 * is lost.
 */
const wrongScan = (change: {
  row?: (k: number, length: number) => number;
  next?: (next: unknown, before: unknown, initial: unknown) => unknown;
  output?: (y: unknown, k: number) => unknown;
  through?: (x: Tensor) => Tensor;
}): Constructs => ({
  ...plain,
  scan(f, initial, xs, options) {
    const length = leavesOf(xs)[0]?.shape[0] ?? options!.length!;
    const order = tensor(Int32Array.from({ length }, (_, k) => change.row?.(k, length) ?? k)) as Tensor;
    let k = 0;
    return plain.scan(
      (carry, x) => {
        const through = change.through ?? ((one): Tensor => one);
        const [next, y] = f(mapTree(carry, through) as typeof carry, x);
        return [
          (change.next?.(next, carry, initial) ?? next) as typeof next,
          (change.output?.(y, k++) ?? y) as typeof y,
        ] as const;
      },
      initial,
      mapTree(xs, (x) => gather(x, order)) as never,
      options,
    );
  },
});

/** Results that were carries before are read when those before them have been written over. */
const overwritten = (next: unknown, before: unknown): unknown => {
  const [old, fresh] = [leavesOf(before), leavesOf(next)];
  let at = 0;
  return mapTree(next, (x) => {
    const place = old.indexOf(x);
    return place >= 0 && place < at++ ? fresh[place]! : x;
  });
};

/** Constructs with a fault each, by what is wrong with them. */
export const faults: Readonly<Record<string, Constructs>> = {
  "the carry is not handed on": wrongScan({ next: (_, __, initial) => initial }),
  "the carry is what the step began with": wrongScan({ next: (_, before) => before }),
  "carries are written over before they are read": wrongScan({ next: overwritten }),
  "rows come from the end": wrongScan({ row: (k, length) => length - 1 - k }),
  "every row is the first": wrongScan({ row: () => 0 }),
  "the first output is lost": wrongScan({
    output: (y, k) => (k === 0 ? mapTree(y, (x) => cast(mul(cast(x, "float64"), 0), x.dtype)) : y),
  }),
  "no cotangent passes from step to step": wrongScan({ through: stopGradient }),
  "a loop runs before its condition is looked at": {
    ...plain,
    whileLoop: (condition, body, initial, options) => plain.whileLoop(condition, body, body(initial), options),
  },
  "a loop runs one step too many": {
    ...plain,
    whileLoop: (condition, body, initial, options) => body(plain.whileLoop(condition, body, initial, options)),
  },
  "a loop has no derivative": {
    ...plain,
    whileLoop: (condition, body, initial, options) =>
      mapTree(plain.whileLoop(condition, body, initial, options), stopGradient) as typeof initial,
  },
  "the other side of a branch runs": {
    ...plain,
    cond: (predicate, onTrue, onFalse) => plain.cond(predicate, onFalse, onTrue),
  },
  "a branch has no derivative": {
    ...plain,
    cond: (predicate, onTrue, onFalse) =>
      mapTree(plain.cond(predicate, onTrue, onFalse), stopGradient) as ReturnType<typeof onTrue>,
  },
};

/** A function of tensors that gives a scalar. */
export interface Case {
  readonly name: string;
  readonly args: readonly Tensor[];
  readonly run: (c: Constructs, ...args: Tensor[]) => Tensor;
}

const T = (value: readonly unknown[] | number, dtype: "float64" | "float32" = "float64"): Tensor =>
  tensor(value as number[], { dtype }) as Tensor;
const wave = (shape: readonly number[], phase = 0, dtype: "float64" | "float32" = "float64"): Tensor => {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    Float64Array.from({ length: count }, (_, i) => 0.7 * Math.sin(1.3 * i + phase) + 0.05),
    { shape, dtype },
  ) as Tensor;
};
const at = (x: Tensor, k: number): Tensor => gather(x, tensor(k, { dtype: "int32" }));
const square = (x: Tensor): Tensor => mul(x, x);

/** The sign with the derivative of the identity, times a parameter: a rule by hand. */
const straight = customGradient({
  name: "straight",
  forward: (x, w) => mul(cast(cast(greater(x!, 0), "int32"), "float64"), w!),
  vjp: (g, { inputs: [x, w] }) => [mul(g, w!), mul(g, tanh(x!))],
});

export const cases: readonly Case[] = [
  {
    name: "running products",
    args: [wave([2]), wave([5, 2], 1)],
    run: (c, initial, xs) => {
      const { carry, ys } = c.scan<Tensor, Tensor, Tensor>((h, x) => [mul(h, sin(x)), mul(h, x)], initial!, xs!);
      return add(sum(square(ys)), sum(carry));
    },
  },
  {
    name: "a recurrent network with captured weights",
    args: [wave([4, 4]), wave([4, 3], 1), wave([4], 2), wave([7, 3], 3)],
    run: (c, w, u, b, xs) => {
      const { ys } = c.scan<Tensor, Tensor, Tensor>(
        (h, x) => {
          const next = tanh(add(add(matmul(w!, h), matmul(u!, x)), b!));
          return [next, next];
        },
        zeros([4]) as Tensor,
        xs!,
      );
      return sum(square(ys));
    },
  },
  {
    name: "carries of several types",
    args: [wave([3]), wave([6, 3], 1)],
    run: (c, initial, xs) => {
      type Carry = { h: Tensor; count: Tensor; seen: Tensor };
      const start: Carry = { h: initial!, count: T(0), seen: greater(T(0), 1) };
      const { carry, ys } = c.scan<Carry, Tensor, { h: Tensor; big: Tensor; k: Tensor }>(
        ({ h, count, seen }, x) => {
          const big = greater(sum(h), 0.5);
          const next = add(mul(h, 0.8), mul(x, cast(cast(seen, "float64"), "float64")));
          return [
            { h: next, count: add(count, 1), seen: logicalAnd(big, greater(count, 0)) },
            { h: mul(next, count), big, k: cast(count, "int32") },
          ];
        },
        { ...start, h: add(initial!, 0.5) },
        xs!,
      );
      return add(
        add(sum(square(ys.h)), sum(mul(cast(ys.big, "float64"), 0.5))),
        add(sum(carry.h), cast(sum(cast(ys.k, "float64")), "float64")),
      );
    },
  },
  {
    name: "carries that change places",
    args: [wave([2]), wave([2], 1), wave([2], 2), wave([6, 2], 3)],
    run: (c, a, b, d, xs) => {
      const { carry } = c.scan<readonly [Tensor, Tensor, Tensor], Tensor, null>(
        ([p, q, r], x) => [[q, p, add(r, mul(x, q))] as const, null],
        [a!, b!, d!] as const,
        xs!,
      );
      return sum(mul(carry[0], add(mul(carry[1], 2), square(carry[2]))));
    },
  },
  {
    name: "a carry that is the row, an output that is the carry, a carry that stays",
    args: [wave([2]), wave([2], 1), wave([4, 2], 3)],
    run: (c, a, b, xs) => {
      const { carry, ys } = c.scan<readonly [Tensor, Tensor], Tensor, readonly [Tensor, Tensor, Tensor]>(
        ([last, fixed], x) => [[x, fixed] as const, [last, fixed, mul(last, mul(x, fixed))] as const],
        [a!, b!] as const,
        xs!,
      );
      return sum(
        [carry[0], carry[1], ...ys.map((y) => sum(square(y)))].reduce((total: Tensor, x) => add(total, sum(x)), T(0)),
      );
    },
  },
  {
    name: "steps without rows, and a scalar",
    args: [T(0.3), T(1.7)],
    run: (c, x, r) =>
      c.scan<Tensor, null, null>((p) => [mul(mul(r!, p), sub(1, p)), null], x!, null, { length: 6 }).carry,
  },
  {
    name: "one row only, read from a value computed before",
    args: [wave([3]), wave([1, 3], 1)],
    run: (c, w, xs) => {
      const before = exp(w!);
      return sum(c.scan<Tensor, Tensor, Tensor>((h, x) => [mul(h, before), sub(x, before)], w!, mul(xs!, before)).ys);
    },
  },
  {
    name: "a scan inside a scan",
    args: [T(0.9), wave([3, 4], 1), wave([4], 2)],
    run: (c, w, xs, v) => {
      const { carry, ys } = c.scan<Tensor, Tensor, Tensor>(
        (total, row) => {
          const inner = c.scan<Tensor, Tensor, Tensor>(
            (h, x) => [tanh(add(mul(h, w!), x)), mul(h, x)],
            total,
            mul(row, v!),
          );
          return [inner.carry, add(sum(inner.ys), square(total))];
        },
        T(0.1),
        xs!,
      );
      return add(carry, sum(ys));
    },
  },
  {
    name: "a branch inside a scan",
    args: [T(0.2), wave([8], 1), T(0.6)],
    run: (c, start, xs, w) =>
      c
        .scan<Tensor, Tensor, Tensor>(
          (h, x) => {
            const next = c.cond(
              greater(add(h, x), 0),
              () => tanh(add(mul(h, w!), x)),
              () => mul(square(sub(x, h)), w!),
            );
            return [next, next];
          },
          start!,
          xs!,
        )
        .ys.mul(0.5)
        .sum(),
  },
  {
    name: "Newton's iteration",
    args: [T(2), T(1)],
    run: (c, a, start) =>
      c.whileLoop(
        (x: Tensor) => greater(abs(sub(mul(x, x), a!)), 1e-9),
        (x) => mul(0.5, add(x, div(a!, x))),
        start!,
        { maxSteps: 9 },
      ),
  },
  {
    name: "a loop that takes all steps that it may",
    args: [wave([3]), wave([3], 1)],
    run: (c, x, w) =>
      sum(
        square(
          c.whileLoop(
            ({ k }: { h: Tensor; k: Tensor }) => less(k, 4),
            ({ h, k }) => ({ h: tanh(add(mul(h, w!), 0.1)), k: add(k, 1) }),
            { h: x!, k: T(0) },
            { maxSteps: 4 },
          ).h,
        ),
      ),
  },
  {
    name: "rows from the last to the first, inside each other",
    args: [wave([2]), wave([5, 2], 1), wave([3], 2)],
    run: (c, initial, xs, w) => {
      const { carry, ys } = c.scan<Tensor, Tensor, Tensor>(
        (h, x) => {
          const inner = c.scan<Tensor, Tensor, Tensor>((g, v) => [sin(mul(add(g, v), h)), mul(g, v)], x, w!, {
            reverse: true,
          });
          return [tanh(add(inner.carry, h)), mul(h, sum(inner.ys))];
        },
        initial!,
        xs!,
        { reverse: true },
      );
      const forwards = c.scan<Tensor, Tensor, Tensor>((h, x) => [mul(h, x), add(h, x)], carry, ys);
      return add(sum(square(forwards.ys)), sum(forwards.carry));
    },
  },
  {
    name: "a loop that never begins",
    args: [wave([3]), wave([3], 1)],
    run: (c, x, w) =>
      sum(
        mul(
          square(
            c.whileLoop(
              (h: Tensor) => greater(sum(h), 100),
              (h: Tensor) => mul(h, w!),
              x!,
              { maxSteps: 4 },
            ),
          ),
          w!,
        ),
      ),
  },
  {
    name: "branches by an argument",
    args: [T(0.4), wave([3], 1)],
    run: (c, p, x) => {
      const one = c.cond(
        greater(p!, 0),
        () => ({ a: mul(x!, p!), b: [sum(x!)] }),
        () => ({ a: x!, b: [p!] }),
      );
      const other = c.cond(
        less(p!, 0),
        () => sin(x!),
        () => exp(mul(x!, one.a)),
      );
      return add(sum(mul(one.a, other)), one.b[0]!);
    },
  },
  {
    name: "values held constant, rules by hand, and parts not recorded inside a step",
    args: [T(0.7), wave([5], 1), T(1.2)],
    run: (c, start, xs, w) => {
      const { carry, ys } = c.scan<Tensor, Tensor, Tensor>(
        (h, x) => {
          const still = stopGradient(mul(h, h));
          const quiet = noGrad(() => mul(sin(h), w!));
          return [add(add(straight(add(h, x), w!), mul(still, x)), mul(quiet, h)), mul(still, add(quiet, w!))];
        },
        start!,
        xs!,
      );
      return add(carry, sum(square(ys)));
    },
  },
  {
    name: "gradient descent as a loop",
    args: [wave([2]), wave([2, 2], 1)],
    run: (c, start, a) => {
      const loss = (x: Tensor): Tensor => sum(square(sub(matmul(a!, tanh(x)), 1)));
      const { carry, ys } = c.scan<Tensor, null, Tensor>(
        (x) => [sub(x, mul(0.1, grad(loss)(x))), loss(x)],
        start!,
        null,
        { length: 3 },
      );
      return add(sum(ys), sum(carry));
    },
  },
  {
    name: "picking by a carried index",
    args: [wave([5, 2]), wave([4, 2], 1)],
    run: (c, table, xs) => {
      const { carry } = c.scan<readonly [Tensor, Tensor], Tensor, null>(
        ([h, k], x) => {
          const row = gather(table!, k);
          return [[add(mul(h, row), x), cast(add(cast(k, "float64"), 1), "int32")] as const, null];
        },
        [T([1, 1]), tensor(0, { dtype: "int32" }) as Tensor] as const,
        xs!,
      );
      return sum(square(carry[0]));
    },
  },
  {
    name: "softmax, maxima and wide sums in a step",
    args: [wave([40]), wave([3, 40], 1), wave([3, 600], 2)],
    run: (c, start, xs, wide) => {
      const { carry, ys } = c.scan<Tensor, { x: Tensor; w: Tensor }, Tensor>(
        (h, { x, w }) => {
          const p = softmax(add(h, x));
          return [maximum(mul(p, 3), mul(h, 0.1)), add(logSumExp(h), sum(mul(relu(w), sum(p))))];
        },
        start!,
        { x: xs!, w: wide! },
      );
      return add(sum(square(carry)), sum(ys));
    },
  },
  {
    name: "products of matrices of float32",
    args: [wave([9, 9], 0, "float32"), wave([9, 5], 1, "float32"), wave([6, 9, 5], 2, "float32")],
    run: (c, w, h, xs) =>
      sum(
        square(
          c.scan<Tensor, Tensor, Tensor>((state, x) => [tanh(add(matmul(w!, state), x)), sum(state, 0)], h!, xs!).ys,
        ),
      ),
  },
  {
    name: "float32 beside float64",
    args: [wave([3], 0, "float32"), wave([4, 3], 1), T(0.8)],
    run: (c, h, xs, w) => {
      const { carry, ys } = c.scan<readonly [Tensor, Tensor], Tensor, readonly [Tensor, Tensor]>(
        ([single, double], x) => {
          const next = tanh(add(mul(single, cast(w!, "float32")), cast(x, "float32")));
          return [
            [next, add(double, mul(sum(cast(next, "float64")), w!))] as const,
            [mul(next, next), sum(x)] as const,
          ];
        },
        [h!, T(0)] as const,
        xs!,
      );
      return add(add(carry[1], sum(cast(ys[0], "float64"))), mul(sum(ys[1]), sum(cast(carry[0], "float64"))));
    },
  },
  {
    name: "a loop inside a scan inside a branch",
    args: [T(0.5), wave([3], 1)],
    run: (c, w, xs) =>
      c.cond(
        greater(w!, 0),
        () =>
          c
            .scan<Tensor, Tensor, Tensor>(
              (h, x) => {
                const next = c.whileLoop(
                  (y: Tensor) => less(y, 2),
                  (y) => add(mul(y, 1.5), sigmoid(mul(y, w!))),
                  add(h, abs(x)),
                  { maxSteps: 5 },
                );
                return [mul(next, 0.2), mul(next, x)];
              },
              w!,
              xs!,
            )
            .ys.sum(),
        () => w!,
      ),
  },
  {
    name: "assembled and picked again in a step",
    args: [wave([4]), wave([3, 2], 1)],
    run: (c, start, xs) =>
      sum(
        square(
          c.scan<Tensor, Tensor, Tensor>(
            (h, x) => {
              const next = concat([
                mul(x, at(h, 0)),
                at(stack([h, mul(h, h)]) as Tensor, 1)
                  .reshape([2, 2])
                  .transpose()
                  .sum(0) as Tensor,
              ]) as Tensor;
              return [next, next];
            },
            start!,
            xs!,
          ).ys,
        ),
      ),
  },
];

/** Ops of a user's own with several results, beside the same functions in the library's ops. */

import {
  add,
  cast,
  cos,
  defineOp,
  equal,
  mul,
  min,
  option,
  scatterAdd,
  sin,
  sqrt,
  sub,
  sum,
  tensor,
  where,
  zeros,
  type Tensor,
} from "../../src/index.ts";

type F = (...inputs: Tensor[]) => Tensor;
type Given = Tensor | null | undefined;

/** A sum of what is there; `null` where nothing is. */
export const total = (...terms: Given[]): Tensor | null =>
  terms.reduce<Tensor | null>(
    (sum, x) => (x === null || x === undefined ? sum : sum === null ? x : (add(sum, x) as Tensor)),
    null,
  );

/** The cotangents that the rule of `sincos` was given, call by call. */
export const seen: (readonly (Tensor | null)[])[] = [];

export const sincos = defineOp({
  name: "sincos",
  inputs: 1,
  results: 2,
  lower: (p, [x]) => [p.map(sin, x!), p.map(cos, x!)],
  vjp([g, h], { outputs: [s, c] }) {
    seen.push([g!, h!]);
    return total(g?.mul(c!), h?.mul(s!).mul(-1));
  },
});

/** The smallest entry, and where it stands first. */
export const lowest = defineOp({
  name: "lowest",
  inputs: 1,
  results: 2,
  lower(p, [x]) {
    const [n] = p.shapeOf(x!);
    const least = p.reduce("min", x!, [0]);
    const places = p.constant(tensor([...Array(n).keys()], { dtype: "int32" }) as Tensor);
    const found = p.map(where, p.map(equal, x!, least), places, p.scalar(n!, "int32"));
    return [p.reshape(least, []), p.reduce("min", found, [0])];
  },
  vjp: ([g], { inputs: [x], outputs: [, place] }) =>
    g === null ? null : scatterAdd(zeros(x!.shape, { dtype: x!.dtype }), place!, g!.reshape([1])),
});

/** Length and product of two entries, with a rule that goes forward. */
const polar = defineOp<{ readonly scale: number }>({
  name: "polar",
  inputs: 2,
  results: 2,
  options: { scale: option.finite(0) },
  lower(p, [x, y], { scale }) {
    const square = p.map(add, p.map(mul, x!, x!), p.map(mul, y!, y!));
    return [p.map(sqrt, square), p.map(mul, p.map(mul, x!, y!), p.scalar(scale, p.dtypeOf(x!)))];
  },
  jvp: ([t, u], { inputs: [x, y], outputs: [r], options: { scale } }) => [
    total(t?.mul(x!), u?.mul(y!))!.div(r!),
    total(t?.mul(y!), u?.mul(x!))!.mul(scale),
  ],
});

/** Sum and difference: linear. */
const butterfly = defineOp({
  name: "butterfly",
  inputs: 2,
  results: 2,
  lower: (p, [x, y]) => [p.map(add, x!, y!), p.map(sub, x!, y!)],
  transpose: ([g, h]) => [total(g, h), total(g, h?.mul(-1))],
});

const own = tensor([0.5, -1.5, 2, 1]) as Tensor;
const other = tensor([1, 3, -0.25, 2]) as Tensor;

/** The rows of the table of ops of one's own. */
export const severalCases: readonly {
  readonly name: string;
  readonly op: F;
  readonly plain: F;
  readonly inputs: readonly Tensor[];
}[] = [
  {
    name: "sincos",
    op(x) {
      const [s, c] = sincos(x!);
      return add(mul(s!, 2), mul(c!, s!)) as Tensor;
    },
    plain: (x) => add(mul(sin(x!), 2), mul(cos(x!), sin(x!))) as Tensor,
    inputs: [own],
  },
  {
    name: "lowest",
    op(x) {
      const [least, place] = lowest(x!);
      return mul(least!, add(cast(place!, x!.dtype), x!)) as Tensor;
    },
    plain(x) {
      const least = min(x!);
      const place = sum(cast(mul(cast(equal(x!, least), "int32"), tensor([0, 1, 2, 3], { dtype: "int32" })), x!.dtype));
      return mul(least, add(place, x!)) as Tensor;
    },
    inputs: [own],
  },
  {
    name: "polar",
    op(x, y) {
      const [r, q] = polar(x!, y!, { scale: 0.5 });
      return mul(sin(r!), cos(q!)) as Tensor;
    },
    plain: (x, y) => mul(sin(sqrt(add(mul(x!, x!), mul(y!, y!)))), cos(mul(mul(x!, y!), 0.5))) as Tensor,
    inputs: [own, other],
  },
  {
    name: "butterfly",
    op(x, y) {
      const [a, b] = butterfly(x!, y!);
      return mul(sin(a!), cos(b!)) as Tensor;
    },
    plain: (x, y) => mul(sin(add(x!, y!)), cos(sub(x!, y!))) as Tensor,
    inputs: [own, other],
  },
];

/**
 * Every way to ask the library for one derivative: both modes inside each other, as it is, as a program, and through a
 * loop of one step.
 */

import {
  compile,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  reshape,
  scan,
  slice,
  sum,
  tensor,
  type Tensor,
} from "../../src/index.ts";
import type { Order } from "../oracles/jets.ts";

type Loss = (x: Tensor) => Tensor;

/** r and f, innermost first. */
type Nesting = readonly ("r" | "f")[];

const entry = (x: Tensor, ...at: readonly number[]): Tensor =>
  x.shape.length === 0
    ? x
    : (reshape(
        slice(
          x,
          at.slice(0, x.shape.length),
          at.slice(0, x.shape.length).map((k) => k + 1),
        ),
        [],
      ) as Tensor);

const unit = (like: Tensor, at: number): Tensor =>
  like.shape.length === 0
    ? tensor(1, { dtype: like.dtype })
    : (tensor(
        Array.from({ length: like.shape[0]! }, (_, k) => (k === at ? 1 : 0)),
        { dtype: like.dtype },
      ) as Tensor);

const reverse =
  (f: Loss, at: number): Loss =>
  (x) =>
    entry(grad(f as (x: Tensor) => Tensor<[]>)(x) as Tensor, at);
const forward =
  (f: Loss, at: number): Loss =>
  (x) =>
    jvp(f, [x], [unit(x, at)]).tangent;

/** The derivative by the entries in turn. */
const nested = (nesting: Nesting, f: Loss, directions: readonly number[]): Loss =>
  nesting.reduce((inner, mode, k) => (mode === "r" ? reverse : forward)(inner, directions[k]!), f);

const throughLoop =
  (f: Loss): Loss =>
  (x) =>
    sum(scan((carry: Tensor, _: null) => [carry, f(carry)] as const, x, null, { length: 1 }).ys as Tensor);

export interface Way {
  readonly name: string;
  readonly order: Order;
  /** For the loss, or for the vector of which it is one entry. */
  readonly derive: (f: Loss, directions: readonly number[], whole: Whole | null) => Loss;
}

/** A vector of which a loss is one entry. */
export interface Whole {
  readonly f: Loss;
  readonly row: number;
}

const nestings = (order: number): Nesting[] =>
  order === 0 ? [[]] : nestings(order - 1).flatMap((inner) => (["r", "f"] as const).map((mode) => [...inner, mode]));

const full = (name: string, derive: (f: (x: Tensor) => Tensor<[]>) => (x: Tensor) => Tensor): Way => ({
  name,
  order: 2,
  derive:
    (f, [i, j]) =>
    (x) =>
      entry(derive(f as (x: Tensor) => Tensor<[]>)(x), i!, j!),
});

export const ways: readonly Way[] = [
  ...([1, 2, 3] as const).flatMap((order) =>
    nestings(order).map((nesting): Way => ({
      name: nesting.join(""),
      order,
      derive: (f, directions) => nested(nesting, f, directions),
    })),
  ),
  full("hessian", (f) => hessian(f) as (x: Tensor) => Tensor),
  full("jacobian of grad, forward", (f) => jacobian((x: Tensor) => grad(f)(x) as Tensor, { mode: "forward" })),
  full("jacobian of grad, reverse", (f) => jacobian((x: Tensor) => grad(f)(x) as Tensor, { mode: "reverse" })),
  ...(["forward", "reverse"] as const).map((mode): Way => ({
    name: `jacobian, ${mode}`,
    order: 1,
    derive:
      (f, [i], whole) =>
      (x) => {
        if (whole === null) return entry(jacobian(f, { mode })(x), i!);
        const row = slice(jacobian(whole.f, { mode })(x), [whole.row], [whole.row + 1]);
        return entry(reshape(row, [...x.shape]), i!);
      },
  })),
  {
    name: "hvp",
    order: 2,
    derive:
      (f, [i, j]) =>
      (x) =>
        entry(hvp(f as (x: Tensor) => Tensor<[]>)(x, unit(x, i!)) as Tensor, j!),
  },
];

/** How a function is run. */
export type Runner = "eager" | "compiled" | "through a loop" | "compiled, through a loop";

export const runBy = (
  runner: Runner,
  { derive }: Way,
  { f, whole }: { readonly f: Loss; readonly whole: Whole | null },
  directions: readonly number[],
  x: Tensor,
): number => {
  const loops = runner.endsWith("loop");
  const derivative = derive(loops ? throughLoop(f) : f, directions, loops ? null : whole);
  return (runner.startsWith("compiled") ? compile(derivative) : derivative)(x).item();
};

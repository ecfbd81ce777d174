/**
 * Random programs of loops and branches inside each other: the bits of plain loops, and derivatives to third order,
 * which `verify` holds to the bits of the same loops outside of a program.
 */

import { afterAll, describe, expect, it } from "vitest";
import {
  abs,
  add,
  cast,
  compile,
  concat,
  cond,
  exp,
  grad,
  greater,
  jvp,
  less,
  logicalAnd,
  matmul,
  maximum,
  mul,
  noGrad,
  outer,
  relu,
  scan,
  sin,
  slice,
  softmax,
  stack,
  stopGradient,
  sub,
  sum,
  tanh,
  tensor,
  where,
  whileLoop,
  type Tensor,
} from "../../src/index.ts";
import { random } from "../ops/sampling.ts";
import { report } from "../report.ts";
import { nightly, seed, sized } from "../size.ts";
import { plain, type Constructs } from "../transforms/control-cases.ts";
import { differenceOf } from "./bits.ts";

const library = { scan, whileLoop, cond } as unknown as Constructs;
/** The same, but nothing says how many steps a loop may take. */
const unbounded: Constructs = {
  ...library,
  whileLoop: (condition, body, initial) => library.whileLoop(condition, body, initial),
};
const PROGRAMS = sized(10, 1000);

/** One more vector of three numbers from those that there are. */
type Instruction = (c: Constructs, pool: readonly Tensor[]) => Tensor;

const run = (c: Constructs, list: readonly Instruction[], pool: readonly Tensor[]): Tensor[] => {
  const all = [...pool];
  for (const instruction of list) all.push(instruction(c, all));
  return all;
};

/** Instructions over a pool of `size` vectors, with constructs up to `depth` inside each other. */
function generate(next: () => number, depth: number, count: number, size: number): Instruction[] {
  const below = (n: number): number => Math.floor(next() * n);
  return Array.from({ length: count }, (_, k) =>
    depth > 0 && next() < 0.35 ? construct(next, below, depth - 1, size + k) : simple(below, size + k),
  );
}

function simple(below: (n: number) => number, size: number): Instruction {
  const [i, j, l] = [below(size), below(size), below(size)];
  const of =
    (f: (a: Tensor, b: Tensor, c: Tensor) => Tensor): Instruction =>
    (_, pool) =>
      f(pool[i]!, pool[j]!, pool[l]!);
  const forms: readonly Instruction[] = [
    of((a, b) => tanh(add(a, b))),
    of((a, b) => mul(a, b)),
    of((a, b) => sub(a, mul(0.5, b))),
    of((a) => sin(a)),
    of((a, b) => maximum(a, b)),
    of((a) => relu(sub(a, 0.1))),
    of((a) => exp(mul(-0.5, abs(a)))),
    of((a) => softmax(a)),
    of((a, b, c) => where(greater(a, b), c, a)),
    of((a, b) => mul(sum(a), b)),
    of((a, b) => concat([slice(a, [1], [3]), slice(b, [0], [1])]) as Tensor),
    of((a) => stopGradient(a)),
    of((a) => noGrad(() => mul(a, 0.7))),
    of((a) => cast(cast(a, "float32"), "float64")),
    of((a, b, c) => matmul(outer(a, b) as Tensor, c)),
    of((a) => a),
    of((a, b) => grad((x: Tensor) => sum(mul(sin(x), b)))(a)),
    of((a, b, c) => jvp((x: Tensor) => tanh(mul(x, c)), [a], [b]).tangent),
  ];
  return forms[below(forms.length)]!;
}

function construct(next: () => number, below: (n: number) => number, depth: number, size: number): Instruction {
  const [i, j, l] = [below(size), below(size), below(size)];
  switch (below(3)) {
    case 0: {
      const [length, carries, withRows, given] = [1 + below(4), 1 + below(3), below(2) === 0, below(3)];
      const inside = size + carries + 1;
      const body = generate(next, depth, 3 + below(4), inside);
      const starts = Array.from({ length: carries }, () => below(size));
      const ends = Array.from({ length: carries + 1 }, () => below(inside + body.length));
      return (c, pool) => {
        const rows = withRows
          ? (stack(Array.from({ length }, (_, t) => mul(pool[l]!, 0.3 + 0.2 * t))) as Tensor)
          : null;
        const step = (carry: Tensor[], row: Tensor | null): readonly [Tensor[], Tensor] => {
          const all = run(c, body, [...pool.slice(0, size), ...carry, row ?? pool[j]!]);
          return [ends.slice(0, carries).map((end) => tanh(all[end]!)), all[ends[carries]!]!];
        };
        const { carry, ys } = c.scan<Tensor[], Tensor | null, Tensor>(
          step,
          starts.map((start) => pool[start]!),
          rows,
          withRows ? {} : { length },
        );
        return given === 0
          ? tanh(sum(ys, 0))
          : given === 1
            ? carry[0]!
            : add(carry[carries - 1]!, slice(ys, [0], [1]).reshape([3]));
      };
    }
    case 1: {
      const sides = [0, 1].map(() => generate(next, depth, 1 + below(4), size));
      const ends = sides.map((side) => below(size + side.length));
      const side = (c: Constructs, pool: readonly Tensor[], k: number) => (): Tensor =>
        run(c, sides[k]!, pool.slice(0, size))[ends[k]!]!;
      return (c, pool) => c.cond(greater(sum(pool[i]!), 0.1), side(c, pool, 0), side(c, pool, 1));
    }
    default: {
      const [body, maxSteps] = [generate(next, depth, 1 + below(3), size + 1), 1 + below(3)];
      const end = below(size + 1 + body.length);
      const step = (c: Constructs, pool: readonly Tensor[], h: Tensor): Tensor =>
        tanh(add(run(c, body, [...pool.slice(0, size), h])[end]!, 0.1));
      // It ends by what it computes, or after as many steps as it may take at most.
      return (c, pool) =>
        c.whileLoop(
          ({ h, k }: { h: Tensor; k: Tensor }) => logicalAnd(less(sum(mul(h, pool[j]!)), 0.4), less(k, maxSteps)),
          ({ h, k }) => ({ h: step(c, pool, h), k: add(k, 1) }),
          { h: pool[i]!, k: tensor(0) as Tensor },
          { maxSteps },
        ).h;
    }
  }
}

/** How far numbers may be apart, in units of the largest; parts of the programs are rounded to float32. */
const BOUND = 1e-5;

describe("random loops and branches", () => {
  let derivatives = 0;
  let equal = 0;
  afterAll(() =>
    report(
      "checks",
      derivatives,
      `random loops and branches: ${PROGRAMS} programs with the bits of plain loops, and in derivatives with those of eager ones; ${equal} of ${derivatives} entries are those of JavaScript's own loops too, seed ${seed}`,
    ),
  );

  it.each(Array.from({ length: PROGRAMS }, (_, k) => k))("program %i", (number) => {
    const next = random(seed + 1000 * number);
    const list = generate(next, 2, 4 + Math.floor(4 * next()), 3);
    const vector = (): Tensor => tensor([1, 2, 3].map(() => 2 * next() - 1));
    const [args, tangents] = [
      [vector(), vector(), vector()],
      [vector(), vector(), vector()],
    ];
    const argnums = [0, 1, 2];
    const loss =
      (c: Constructs) =>
      (...x: Tensor[]): Tensor =>
        sum(
          run(c, list, x)
            .slice(-3)
            .reduce((a, b) => add(a, b)),
        );
    const gradient =
      (c: Constructs) =>
      (...x: Tensor[]): Tensor[] =>
        grad(loss(c), { argnums })(...x) as Tensor[];
    const along =
      (c: Constructs) =>
      (...x: Tensor[]): Tensor =>
        gradient(c)(...x)
          .map((g, k): Tensor => sum(mul(g, tangents[k]!)))
          .reduce((a, b) => add(a, b));
    expect(differenceOf("value", compile(loss(library))(...args), loss(plain)(...args))).toBeNull();
    const thrice =
      (c: Constructs) =>
      (...x: Tensor[]): Tensor[] =>
        grad(
          (...y: Tensor[]) =>
            (grad(along(c), { argnums })(...y) as Tensor[])
              .map((g, k): Tensor => sum(mul(g, tangents[k]!)))
              .reduce((a, b) => add(a, b)),
          { argnums },
        )(...x) as Tensor[];
    const forms: readonly ((c: Constructs) => (...x: Tensor[]) => readonly Tensor[])[] = [
      gradient,
      (c) =>
        (...x) => [jvp(loss(c), x, tangents).tangent],
      (c) =>
        (...x) =>
          jvp(gradient(c), x, tangents).tangent,
      (c) =>
        (...x) =>
          grad(along(c), { argnums })(...x) as Tensor[],
      (c) =>
        (...x) =>
          grad((...y: Tensor[]) => jvp(loss(c), y, tangents).tangent, { argnums })(...x) as Tensor[],
      ...(number % 4 === 0 || nightly ? [thrice] : []),
      (c) =>
        (...x) =>
          jvp((...y: Tensor[]) => grad(along(c), { argnums })(...y) as Tensor[], x, tangents).tangent,
    ];
    forms.forEach((form, which) => {
      const expected = form(plain)(...args);
      compile(form(number % 2 === 0 ? library : unbounded), { verify: true })(...args).forEach((x, k) => {
        const [found, right] = [x.toTypedArray(), expected[k]!.toTypedArray()];
        const largest = Math.max(...Array.from(right, Math.abs), 1);
        found.forEach((value, at) => {
          derivatives++;
          if (Object.is(value, right[at])) equal++;
          else if (!(Math.abs(value - right[at]!) <= BOUND * largest))
            throw new Error(
              `derivative ${which} by argument ${k}, entry ${at}: ${value} compiled and ${right[at]!} in plain loops`,
            );
        });
      });
    });
  });
});

/** Straight code of any length, with its derivative: chains, trees, sums over pairs, and what is unlike anything. */

import { add, div, mul, sin, sqrt, sub, tensor, valueAndGrad, type Tensor } from "@chainrule/autograd";
import { Random } from "@chainrule/nn";

type Scalar = Tensor<[]>;

/** A function of numbers, with about how many operations it has without its derivative. */
export interface StraightWork {
  readonly name: string;
  readonly operations: number;
  readonly f: (...x: Scalar[]) => Scalar;
  readonly at: readonly number[];
}

const inputs = (count: number, seed: number): number[] => [...new Random(seed).uniformArray(count)].map((x) => 0.5 + x);

/** y ← sin y. */
function sines(operations: number): StraightWork {
  return {
    name: "a chain of sines",
    operations,
    at: [0.7],
    f: (x) => {
      let y = x!;
      for (let k = 0; k < operations; k++) y = sin(y);
      return y;
    },
  };
}

/** Products with numbers, summed in pairs, and these in pairs. */
function tree(operations: number): StraightWork {
  return {
    name: "a tree of sums",
    operations,
    at: inputs(50, 3),
    f: (...x) => {
      let level = Array.from({ length: operations / 2 }, (_, k) => mul(x[k % x.length]!, 1 + k / operations) as Scalar);
      const joined = (k: number): Scalar =>
        k + 1 < level.length ? (add(level[k]!, level[k + 1]!) as Scalar) : level[k]!;
      while (level.length > 1) level = Array.from({ length: Math.ceil(level.length / 2) }, (_, k) => joined(2 * k));
      return level[0]!;
    },
  };
}

/** Points in the plane: neighbors are springs, all others within so many places repel each other. */
function energy(points: number, places: number): StraightWork {
  const pairs = Array.from({ length: points }, (_, i) => Math.min(places, points - 1 - i)).reduce((a, b) => a + b);
  return {
    name: `the energy of ${points} points`,
    operations: 9 * pairs,
    at: inputs(2 * points, 5).map((x) => 10 * x),
    f: (...p) => {
      let sum: Scalar = tensor(0);
      for (let i = 0; i < points; i++)
        for (let j = i + 1; j <= Math.min(points - 1, i + places); j++) {
          const [dx, dy] = [sub(p[2 * i]!, p[2 * j]!), sub(p[2 * i + 1]!, p[2 * j + 1]!)];
          const square = add(mul(dx, dx), mul(dy, dy)) as Scalar;
          const spring = (): Scalar => {
            const stretch = sub(sqrt(square), 1) as Scalar;
            return mul(stretch, stretch);
          };
          sum = add(sum, j === i + 1 ? spring() : (div(1, add(square, 0.1) as Scalar) as Scalar));
        }
      return sum;
    },
  };
}

/** Operations drawn at random on what the last forty gave. */
function drawn(operations: number): StraightWork {
  return {
    name: "one of a kind",
    operations,
    at: inputs(30, 7),
    f: (...x) => {
      const random = new Random(11);
      const values = [...x];
      const any = (): Scalar => values[Math.max(0, values.length - 1 - Math.floor(40 * random.uniform()))]!;
      for (let k = 0; k < 0.6 * operations; k++) {
        const [a, b, kind] = [any(), any(), random.uniform()];
        if (kind < 0.3) values.push(mul(add(a, b) as Scalar, 0.5) as Scalar);
        else if (kind < 0.55) values.push(mul(a, b));
        else if (kind < 0.75) values.push(sub(a, b));
        else if (kind < 0.85) values.push(div(a, add(mul(b, b), 1) as Scalar));
        else if (kind < 0.92) values.push(sin(a));
        else values.push(sqrt(add(mul(a, a), 1) as Scalar));
      }
      return values.slice(-20).reduce((a, b) => add(a, b));
    },
  };
}

/** The points of an energy of about so many operations, and how far they reach. */
type Reach = readonly [points: number, places: number];
const energies: readonly Reach[] = [
  [20, 10],
  [50, 30],
  [100, 50],
  [200, 70],
  [1000, 120],
];

/** All works of about so many operations. */
export function straightWorks(operations: number): StraightWork[] {
  const size = energies.findLast(([points, places]) => 9 * points * places <= 2 * operations) ?? energies[0]!;
  return [sines(operations), tree(operations), energy(...size), drawn(operations)];
}

export interface WithGradient {
  readonly value: Scalar;
  readonly gradient: readonly Scalar[];
}

/** Value and gradient of a work. */
export function withGradient({ f }: StraightWork): (...x: Scalar[]) => WithGradient {
  return (...x) => valueAndGrad((all: readonly Scalar[]) => f(...all))(x) as WithGradient;
}

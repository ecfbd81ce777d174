/** Light loops, in which a product with a cotangent weighs: behind bounds and cuts, from a seed, from a loss. */

import {
  clip,
  compile,
  grad,
  greater,
  relu,
  slice,
  sub,
  sum,
  tensor,
  vjp,
  where,
  type Tensor,
} from "@chainrule/autograd";
import { Random } from "@chainrule/nn";
import { ENTRIES, type CompiledWork } from "./compiled-works.ts";

type Light = (x: Tensor, w: Tensor) => Tensor;

function light(f: Light, dtype: "float32" | "float64"): CompiledWork {
  const random = new Random(23);
  const numbers = (name: string): Tensor => {
    return tensor(
      random
        .split(name)
        .uniformArray(ENTRIES)
        .map((u) => 2 * u - 0.7),
      { dtype },
    ) as Tensor;
  };
  const [x, w] = [numbers("x"), numbers("w")];
  return {
    compiled: () => {
      const compiled = compile(f, { threads: 1 });
      return () => compiled(x, w);
    },
    plain: () => f(x, w),
    number: (result) => (result as Tensor).toTypedArray()[ENTRIES - 1]!,
  };
}

const gradientOf =
  (loss: Light): Light =>
  (x, w) =>
    grad((at: Tensor) => sum(loss(at, w)) as Tensor<[]>)(x) as Tensor;

/** The second argument is the seed as well. */
const pulledBack =
  (f: Light): Light =>
  (x, w) =>
    vjp((at: Tensor) => f(at, w), x).pullback(w)[0] as Tensor;

/** Three bounds, each behind a square. */
const clips: Light = (x) => {
  let y = x;
  for (const bound of [0.9, 0.7, 0.5]) y = clip(y.mul(y).mul(1.5).sub(0.4), -bound, bound) as Tensor;
  return y;
};

/** The squares of the differences of neighbors, and of the differences of those. */
const differences: Light = (x) => {
  const first = sub(slice(x, [1]), slice(x, [0], [-1])) as Tensor;
  const second = sub(slice(first, [1]), slice(first, [0], [-1])) as Tensor;
  return sum(first.mul(first)).add(sum(second.mul(second))) as Tensor;
};

/** A polynomial, which is sums and products alone. */
const polynomial: Light = (x, w) => x.mul(x).mul(0.5).add(x.mul(w)).mul(x).sub(w) as Tensor;

/** Bounds from below, with a choice between two products. */
const choices: Light = (x, w) => where(greater(x, w), relu(x.mul(w)), x.mul(x)).mul(x) as Tensor;

const byType = (dtype: "float32" | "float64"): readonly (readonly [name: string, work: CompiledWork])[] => [
  [`three bounds behind squares, gradient, ${dtype}`, light(gradientOf(clips), dtype)],
  [`differences of neighbors twice, gradient, ${dtype}`, light(gradientOf(differences), dtype)],
  [`a polynomial, pulled back from a seed, ${dtype}`, light(pulledBack(polynomial), dtype)],
  [`a polynomial, gradient, ${dtype}`, light(gradientOf(polynomial), dtype)],
  [`choices between products, gradient, ${dtype}`, light(gradientOf(choices), dtype)],
];

/** The loops, by what stands between the loss and the argument. */
export const lightLoops = [...byType("float32"), ...byType("float64")];

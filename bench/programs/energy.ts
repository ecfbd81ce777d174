/**
 * The energy of 100 points in the plane, of numbers alone: neighbors are springs, all others within fifty places repel
 * each other.
 */

import { tensor, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

const [POINTS, PLACES] = [100, 50] as const;

type Number = Tensor<[]>;
/** x0, y0, x1, y1 … */
type Coordinates = Readonly<Record<string, Number>>;

function loss(p: Coordinates): Number {
  const points = Array.from({ length: POINTS }, (_, i) => [p[`x${i}`]!, p[`y${i}`]!] as const);
  let sum: Number = tensor(0);
  points.forEach(([xi, yi], i) =>
    points.slice(i + 1, i + 1 + PLACES).forEach(([xj, yj], k) => {
      const [dx, dy] = [xi.sub(xj), yi.sub(yj)];
      const square = dx.mul(dx).add(dy.mul(dy));
      sum = sum.add(k === 0 ? square.sqrt().sub(1).pow(2) : tensor(1).div(square.add(0.1)));
    }),
  );
  return sum;
}

const parameters: Coordinates = Object.fromEntries(
  Array.from({ length: POINTS }, (_, i) => [
    [`x${i}`, drawn(200 + i, [], 10)],
    [`y${i}`, drawn(400 + i, [], 10)],
  ]).flat() as [string, Number][],
);

export const energy = fit({ id: "energy", name: "energy of 100 points", parameters, data: {}, loss });

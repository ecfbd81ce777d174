/** Hamiltonian Monte Carlo: 20 leapfrog steps in the potential of Neal's funnel. */

import { tensor, valueAndGrad, type Tensor } from "@chainrule/autograd";
import type { Values } from "../peers/work.ts";
import { drawn, program } from "./program.ts";

type Point = Tensor<[11]>;

interface Start {
  readonly x: Point;
  readonly p: Point;
}

const STEPS = 20;
const SIZE = 0.05;

/** v²/18 + ½ Σ z² e⁻ᵛ + 5 v, v the first entry and z the others. */
function potential(x: Point): Tensor<[]> {
  const [v, z] = [x.at(0), x.slice([1])];
  return v.mul(v).div(18).add(z.mul(z).sum().mul(v.neg().exp()).mul(0.5)).add(v.mul(5));
}

const slope = valueAndGrad(potential);

function leapfrog({ x, p }: Start, { size }: { readonly size: Tensor<[]> }): object {
  let [place, momentum] = [x, p];
  let { value: energy, gradient } = slope(place);
  for (let k = 0; k < STEPS; k++) {
    momentum = momentum.sub(gradient.mul(size).mul(0.5));
    place = place.add(momentum.mul(size));
    ({ value: energy, gradient } = slope(place));
    momentum = momentum.sub(gradient.mul(size).mul(0.5));
  }
  return { x: place, p: momentum, energy };
}

/** The same in plain numbers: ∂/∂v = v/9 - ½ Σ z² e⁻ᵛ + 5 and ∂/∂z = z e⁻ᵛ. */
function plain({ x, p }: Start): Values {
  const [place, momentum] = [Array.from(x.toTypedArray()), Array.from(p.toTypedArray())];
  const energyAt = ([v, ...z]: readonly number[]): [value: number, gradient: readonly number[]] => {
    const squares = 0.5 * z.reduce((sum, one) => sum + one * one, 0) * Math.exp(-v!);
    return [(v! * v!) / 18 + squares + 5 * v!, [v! / 9 - squares + 5, ...z.map((one) => one * Math.exp(-v!))]];
  };
  const push = (): void => energyAt(place)[1].forEach((g, i) => (momentum[i]! -= 0.5 * SIZE * g));
  for (let k = 0; k < STEPS; k++) {
    push();
    momentum.forEach((m, i) => (place[i]! += SIZE * m));
    push();
  }
  return { x: place, p: momentum, energy: [energyAt(place)[0]] };
}

const start: Start = { x: drawn(100, [11], 2), p: drawn(101, [11], 2) };

export const leapfrogSteps = program({
  id: "leapfrog",
  name: "HMC, 20 leapfrog steps",
  parameters: start,
  data: { size: tensor(SIZE) },
  run: leapfrog,
  slopes: [],
  expected: () => plain(start),
});

/** A neural differential equation in the plane, 20 steps of Runge and Kutta: as a plain loop, and as a scan. */

import { scan, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

interface Net {
  readonly w1: Tensor<[2, 16]>;
  readonly b1: Tensor<[16]>;
  readonly w2: Tensor<[16, 2]>;
  readonly b2: Tensor<[2]>;
}

type State = Tensor<[32, 2]>;

interface Ends {
  readonly x: State;
  readonly target: State;
}

const STEPS = 20;
const h = 0.1;

const field = (p: Net, x: State): State => x.matmul(p.w1).add(p.b1).tanh().matmul(p.w2).add(p.b2);

/** x + h/6 (k₁ + 2 k₂ + 2 k₃ + k₄). */
function rungeKutta(p: Net, x: State): State {
  const k1 = field(p, x);
  const k2 = field(p, x.add(k1.mul(h / 2)));
  const k3 = field(p, x.add(k2.mul(h / 2)));
  const k4 = field(p, x.add(k3.mul(h)));
  return x.add(
    k1
      .add(k2.mul(2))
      .add(k3.mul(2))
      .add(k4)
      .mul(h / 6),
  );
}

function looped(p: Net, { x, target }: Ends): Tensor<[]> {
  let state = x;
  for (let k = 0; k < STEPS; k++) state = rungeKutta(p, state);
  return state.sub(target).pow(2).mean();
}

function scanned(p: Net, { x, target }: Ends): Tensor<[]> {
  const { carry } = scan((state, _) => [rungeKutta(p, state), null], x, null, { length: STEPS });
  return carry.sub(target).pow(2).mean();
}

const numbers = {
  parameters: { w1: drawn(10, [2, 16], 2), b1: drawn(11, [16]), w2: drawn(12, [16, 2]), b2: drawn(13, [2]) },
  data: { x: drawn(14, [32, 2], 2), target: drawn(15, [32, 2], 2) },
};

export const odeLoop = fit({ id: "ode-loop", name: "neural ODE, loop", ...numbers, loss: looped });
export const odeScan = fit({ id: "ode-scan", name: "neural ODE, scan", ...numbers, loss: scanned });

/** The log-likelihood of 50 observations under a Kalman filter of four states: as a plain loop, and as a scan. */

import { eye, scan, stack, tensor, zeros, type Tensor } from "@chainrule/autograd";
import { drawn, fit } from "./program.ts";

interface Filter {
  readonly A: Tensor<[4, 4]>;
  readonly logQ: Tensor<[4]>;
  readonly logR: Tensor<[2]>;
}

interface Observed {
  readonly ys: Tensor<[50, 2]>;
}

interface State {
  readonly m: Tensor<[4]>;
  readonly P: Tensor<[4, 4]>;
  readonly total: Tensor<[]>;
}

const H = tensor([
  [1, 0, 0, 0],
  [0, 1, 0, 0],
]);

/** Of a 2 × 2 matrix, by Cramer's rule. */
function inverseAndLogDet(s: Tensor<[2, 2]>): { readonly inverse: Tensor<[2, 2]>; readonly logDet: Tensor<[]> } {
  const [a, b, c, d] = [s.at(0, 0), s.at(0, 1), s.at(1, 0), s.at(1, 1)];
  const det = a.mul(d).sub(b.mul(c));
  return { inverse: stack([stack([d, b.neg()]), stack([c.neg(), a])]).div(det), logDet: det.log() };
}

/** Predict and update: what the filter does with one observation. */
function stepOf({ A, logQ, logR }: Filter): (state: State, y: Tensor<[2]>) => State {
  const [Q, R] = [logQ.exp().mul(eye(4)), logR.exp().mul(eye(2))];
  return (state, y) => {
    const [m, P] = [A.matmul(state.m), A.matmul(state.P).matmul(A.transpose()).add(Q)];
    const e = y.sub(H.matmul(m));
    const { inverse, logDet } = inverseAndLogDet(H.matmul(P).matmul(H.transpose()).add(R));
    const K = P.matmul(H.transpose()).matmul(inverse);
    const logDensity = e
      .dot(inverse.matmul(e))
      .add(logDet)
      .add(2 * Math.log(2 * Math.PI))
      .mul(-0.5);
    return { m: m.add(K.matmul(e)), P: P.sub(K.matmul(H).matmul(P)), total: state.total.add(logDensity) };
  };
}

const begin = (): State => ({ m: zeros([4]), P: eye(4), total: tensor(0) });

function looped(p: Filter, { ys }: Observed): Tensor<[]> {
  const step = stepOf(p);
  let state = begin();
  for (let k = 0; k < 50; k++) state = step(state, ys.at(k));
  return state.total;
}

function scanned(p: Filter, { ys }: Observed): Tensor<[]> {
  const step = stepOf(p);
  return scan((state, y) => [step(state, y), null], begin(), ys).carry.total;
}

const numbers = {
  parameters: { A: drawn(5, [4, 4], 0.8).add(eye(4).mul(0.5)), logQ: drawn(6, [4]), logR: drawn(7, [2]) },
  data: { ys: drawn(8, [50, 2], 3) },
};

export const kalmanLoop = fit({ id: "kalman-loop", name: "Kalman filter, loop", ...numbers, loss: looped });
export const kalmanScan = fit({ id: "kalman-scan", name: "Kalman filter, scan", ...numbers, loss: scanned });

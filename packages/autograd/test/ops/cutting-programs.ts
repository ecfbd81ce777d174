/**
 * Programs as people write them around entries, rows and parts of tensors: a filter, a recurrent cell, an arm, a
 * camera. No cast is needed.
 */

import { concat, eye, less, scan, stack, tensor, where, zeros, type Tensor } from "../../src/index.ts";

interface Filter {
  readonly A: Tensor<[4, 4]>;
  readonly logQ: Tensor<[4]>;
  readonly logR: Tensor<[2]>;
}

function inverseAndLogDet(s: Tensor<[2, 2]>): { inverse: Tensor<[2, 2]>; logDet: Tensor<[]> } {
  const [a, b, c, d] = [s.at(0, 0), s.at(0, 1), s.at(1, 0), s.at(1, 1)];
  const det = a.mul(d).sub(b.mul(c));
  return { inverse: stack([stack([d, b.neg()]), stack([c.neg(), a])]).div(det), logDet: det.log() };
}

/** The log-likelihood of a Kalman filter, a plain loop over the rows of `ys`. */
export function kalman(p: Filter, ys: Tensor<[5, 2]>): Tensor<[]> {
  const H = tensor([
    [1, 0, 0, 0],
    [0, 1, 0, 0],
  ]);
  const Q = p.logQ.exp().mul(eye(4));
  const R = p.logR.exp().mul(eye(2));
  let [m, P, total]: [Tensor<[4]>, Tensor<[4, 4]>, Tensor<[]>] = [zeros([4]), eye(4), tensor(0)];
  for (let k = 0; k < 5; k++) {
    [m, P] = [p.A.matmul(m), p.A.matmul(P).matmul(p.A.transpose()).add(Q)];
    const e = ys.at(k).sub(H.matmul(m));
    const { inverse, logDet } = inverseAndLogDet(H.matmul(P).matmul(H.transpose()).add(R));
    const K = P.matmul(H.transpose()).matmul(inverse);
    total = total.add(e.dot(inverse.matmul(e)).add(logDet).mul(-0.5));
    [m, P] = [m.add(K.matmul(e)), P.sub(K.matmul(H).matmul(P))];
  }
  return total;
}

type State = readonly [Tensor<[3, 4]>, Tensor<[3, 4]>];

interface Cell {
  readonly wx: Tensor<[2, 16]>;
  readonly wh: Tensor<[4, 16]>;
  readonly b: Tensor<[16]>;
}

function lstmStep(p: Cell, [h, c]: State, x: Tensor<[3, 2]>): State {
  const [i, f, g, o] = x.matmul(p.wx).add(h.matmul(p.wh)).add(p.b).split(4, 1);
  const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
  return [o.sigmoid().mul(next.tanh()), next];
}

/** The last hidden state of an LSTM, its sequence walked as parts. */
export function lstm(p: Cell, xs: Tensor<[5, 3, 2]>): Tensor<[3, 4]> {
  let state: State = [zeros([3, 4]), zeros([3, 4])];
  for (const x of xs.split(5)) state = lstmStep(p, state, x.at(0));
  return state[0];
}

/** The same as a scan. */
export function lstmScan(p: Cell, xs: Tensor<[5, 3, 2]>): Tensor<[3, 4]> {
  return scan((state, x) => [lstmStep(p, state, x), 0], [zeros([3, 4]), zeros([3, 4])], xs).carry[0];
}

function aboutZ(angle: Tensor<[]>): Tensor<[3, 3]> {
  const [c, s, zero, one] = [angle.cos(), angle.sin(), tensor(0), tensor(1)];
  return stack([stack([c, s.neg(), zero]), stack([s, c, zero]), stack([zero, zero, one])]);
}

/** Where an arm of three joints ends. */
export function arm(q: Tensor<[3]>): Tensor<[3]> {
  const [a, b, c] = [aboutZ(q.at(0)), aboutZ(q.at(1)), aboutZ(q.at(-1))];
  const link = tensor([1, 0, 0.5]);
  return a.matmul(link.add(b.matmul(link.add(c.matmul(link)))));
}

function cross(a: Tensor<[1, 3]>, b: Tensor<[7, 3]>): Tensor<[7, 3]> {
  const [[a0, a1, a2], [b0, b1, b2]] = [a.split(3, -1), b.split(3, -1)];
  return concat([a1.mul(b2).sub(a2.mul(b1)), a2.mul(b0).sub(a0.mul(b2)), a0.mul(b1).sub(a1.mul(b0))], -1);
}

/** Points seen by a camera: rotated by Rodrigues' formula, moved, projected. */
export function camera(p: Tensor<[6]>, points: Tensor<[7, 3]>): Tensor<[7, 2]> {
  const [w, t] = p.split(2);
  const angle2 = w.mul(w).sum();
  const small = less(angle2, 1e-12);
  const angle = angle2.sqrt();
  const first = where(small, angle2.div(-6).add(1), angle.sin().div(angle));
  const second = where(small, angle2.div(-24).add(0.5), angle.cos().neg().add(1).div(angle2));
  const once = cross(w.reshape([1, 3]), points);
  const moved = points
    .add(once.mul(first))
    .add(cross(w.reshape([1, 3]), once).mul(second))
    .add(t);
  return moved.slice({ 1: [0, 2] }).div(moved.slice({ 1: [2] }));
}

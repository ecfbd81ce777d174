/** One frame of the fit that follows: from where the last one ended, as many steps as its time allows. */

import {
  add,
  broadcastTo,
  compile,
  div,
  exp,
  grad,
  mul,
  neg,
  reshape,
  slice,
  sub,
  sum,
  tensor,
  type Tensor,
} from "@chainrule/autograd";
import { leastSquares } from "@chainrule/autograd/optimize";
import { PEAKS, POINTS, SPAN } from "./peaks.ts";

export interface FitAsked {
  readonly kind: "fit";
  /** The peaks that the data are made of, and where the fit goes on from. */
  readonly truth: readonly number[];
  readonly start: readonly number[];
  readonly milliseconds: number;
  /** Whether it is told how well the parameters are known; it takes as long as some steps. */
  readonly statistics: boolean;
}

export interface FitTold {
  readonly kind: "fit";
  readonly y: Float64Array;
  readonly curve: Float64Array;
  readonly parameters: readonly number[];
  /** Empty where nobody asked. */
  readonly deviations: readonly number[];
  readonly sum: number;
  readonly steps: number;
  readonly spent: number;
  readonly converged: boolean;
}

const SIZE = 4 * PEAKS;
/** Nobody sees a step of this part of a parameter. */
const SMALL = 1e-7;
const x = tensor(Array.from({ length: POINTS }, (_, i) => (i * SPAN) / (POINTS - 1)));
const column = reshape(x, [POINTS, 1]) as Tensor;

/**
 * Σ h (η / (1 + z²) + (1 − η) e^(−z² ln 2)), z = (x − c) / w; one row of parameters for all points, or one for each.
 */
function model(rows: Tensor): Tensor {
  const count = rows.shape[0]!;
  const table = reshape(rows, [count, PEAKS, 4]) as Tensor;
  const part = (j: number): Tensor =>
    reshape(slice(table, [0, 0, j], [count, PEAKS, j + 1]) as Tensor, [count, PEAKS]) as Tensor;
  const [c, h, w, share] = [part(0), part(1), part(2), part(3)];
  const z = div(sub(column, c), w);
  const square = mul(z, z);
  return sum(mul(h, add(div(share, add(1, square)), mul(sub(1, share), exp(neg(mul(square, Math.LN2)))))), 1) as Tensor;
}

const values = compile((p: Tensor) => model(reshape(p, [1, SIZE]) as Tensor));

/**
 * A point's value depends on its own row of parameters alone: the gradient of the sum of all values is the Jacobian, in
 * one sweep.
 */
const jacobian = compile((p: Tensor) =>
  grad((rows: Tensor) => sum(model(rows)) as Tensor<[]>)(broadcastTo(p, [POINTS, SIZE]) as never),
);

/** Noise that is the same each time. */
const noise = Float64Array.from(
  { length: POINTS },
  (() => {
    let state = 7;
    return () => {
      let total = -6;
      for (let k = 0; k < 12; k++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        total += state / 2 ** 32;
      }
      return 0.045 * total;
    };
  })(),
);

const numbers = (x: Tensor): Float64Array => Float64Array.from(x.toTypedArray());

export function fit({ truth, start, milliseconds, statistics }: FitAsked): FitTold {
  const begun = performance.now();
  const y = numbers(values(tensor([...truth])) as Tensor).map((value, i) => value + noise[i]!);
  const measured = tensor(y) as Tensor;
  let [steps, last] = [0, begun];
  const found = leastSquares(
    (p: Tensor<[number]>) => sub(values(p) as Tensor, measured),
    tensor([...start]) as Tensor<[number]>,
    {
      jacobian: (p) => jacobian(p),
      compile: false,
      statistics,
      stepTolerance: SMALL,
      callback: ({ iteration }) => {
        steps = iteration;
        const [now, before] = [performance.now(), last];
        last = now;
        // A frame has one step at least, and another one where its time is enough for one like the last.
        return iteration > 0 && now + (now - before) - begun > milliseconds;
      },
    },
  );
  return {
    kind: "fit",
    y,
    curve: numbers(values(found.parameters) as Tensor),
    parameters: [...found.parameters.toTypedArray()],
    deviations: statistics ? [...found.standardDeviations.toTypedArray()] : [],
    sum: found.residualSum,
    steps,
    spent: performance.now() - begun,
    converged: found.converged,
  };
}

/**
 * The operations of published slips as they run, on plain arrays: what their lines compute, for the check of a kernel.
 */

import { checkOp, type CheckOpOptions, type Kernel, type OpReport } from "@chainrule/nn/handcheck";
import type { KernelName } from "./published-kernels.ts";

type Rows = number[][];
type Planes = Rows[][];

interface Judged {
  readonly kernel: Kernel;
  readonly options: CheckOpOptions;
}

const probabilities = (row: readonly number[]): number[] => {
  const powers = row.map((x) => Math.exp(x - Math.max(...row)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
};

const lossAlone: Kernel = {
  name: "SoftmaxWithLoss",
  forward: (x: Rows, t: Rows) => {
    const hits = x.map((row, n) => probabilities(row).reduce((sum, p, k) => sum + t[n]![k]! * Math.log(p), 0));
    return -hits.reduce((a, b) => a + b, 0) / x.length;
  },
  backward: (_dout: number, x: Rows, t: Rows) =>
    x.map((row, n) => probabilities(row).map((y, k) => (y - t[n]![k]!) / x.length)),
  takesUpstream: true,
};

const reluInPlace: Kernel = {
  name: "Relu",
  forward: (x: Rows) => x.map((row) => row.map((one) => Math.max(0, one))),
  backward: (dout: Rows, x: Rows) => {
    x.forEach((row, n) =>
      row.forEach((one, k) => {
        if (one <= 0) dout[n]![k] = 0;
      }),
    );
    return dout;
  },
};

/** Σ over the windows: `visit` is given the places of output, input and kernel. */
function windows(x: Planes, w: Planes, visit: (n: number, f: number, c: number, at: readonly number[]) => void): void {
  const [K, H] = [w[0]![0]!.length, x[0]![0]!.length];
  const out = Array.from({ length: H - K + 1 }, (_, i) => i);
  const taps = Array.from({ length: K }, (_, i) => i);
  for (const n of x.keys())
    for (const f of w.keys())
      for (const c of w[0]!.keys()) {
        for (const h of out)
          for (const v of out) for (const i of taps) for (const j of taps) visit(n, f, c, [h, v, i, j]);
      }
}

/** One number everywhere, for each map another. */
const planes = (n: number, side: number, values: readonly number[]): Planes =>
  Array.from({ length: n }, () =>
    values.map((one) => Array.from({ length: side }, () => new Array<number>(side).fill(one))),
  );

const unturned: Kernel = {
  name: "conv_backward",
  forward: (x: Planes, w: Planes, b: number[]) => {
    const side = x[0]![0]!.length - w[0]![0]!.length + 1;
    const y = planes(x.length, side, b);
    windows(x, w, (n, f, c, [h, v, i, j]) => {
      y[n]![f]![h!]![v!]! += w[f]![c]![i!]![j!]! * x[n]![c]![h! + i!]![v! + j!]!;
    });
    return y;
  },
  backward: (g: Planes, x: Planes, w: Planes) => {
    const K = w[0]![0]!.length;
    const channels = w[0]!.map(() => 0);
    const [dx, dw] = [planes(x.length, x[0]![0]!.length, channels), planes(w.length, K, channels)];
    windows(x, w, (n, f, c, [h, v, i, j]) => {
      dx[n]![c]![h! + i!]![v! + j!]! += w[f]![c]![K - 1 - i!]![K - 1 - j!]! * g[n]![f]![h!]![v!]!;
      dw[f]![c]![i!]![j!]! += x[n]![c]![h! + i!]![v! + j!]! * g[n]![f]![h!]![v!]!;
    });
    return { dx, dw, db: w.map((_, f) => g.flatMap((maps) => maps[f]!.flat()).reduce((a, b) => a + b, 0)) };
  },
};

const isr = (x: number): number => 1 / Math.sqrt(1 + Math.min(x, 0) ** 2);

const noUpstream: Kernel = {
  name: "ISRLU",
  forward: (x: Rows) => x.map((row) => row.map((one) => one * isr(one))),
  backward: (_grad: Rows, x: Rows) => x.map((row) => row.map((one) => isr(one) ** 3)),
  takesUpstream: true,
};

const clippedValue: Kernel = {
  name: "clipped error",
  forward: (x: Rows) => x.map((row) => row.map((e) => (Math.abs(e) <= 1 ? 0.5 * e * e : Math.abs(e) - 0.5))),
  backward: (g: Rows, x: Rows) => x.map((row, n) => row.map((e, k) => (Math.abs(e) <= 1 ? g[n]![k]! * e : 0))),
};

const judged: Readonly<Record<KernelName, Judged>> = {
  lossAlone: { kernel: lossAlone, options: { family: "softmaxLoss" } },
  reluInPlace: { kernel: reluInPlace, options: { family: "relu" } },
  unturned: {
    kernel: unturned,
    options: { family: "conv2d", settings: { pad: 0, stride: 1 }, shapes: [[2, 2, 5, 5], [3, 2, 3, 3], [3]] },
  },
  noUpstream: { kernel: noUpstream, options: { shapes: [[4, 5]] } },
  clippedValue: { kernel: clippedValue, options: { family: "huber" } },
};

/** What the check says of an operation. */
export function judgeKernel(name: KernelName): OpReport {
  const { kernel, options } = judged[name];
  return checkOp(kernel, options);
}

/** Convolution and max-pooling in plain loops, with the mistakes that people make in them. */

import type { Kernel } from "../../../src/handcheck/index.ts";

type A4 = number[][][][];

const zeros4 = (n: number, c: number, h: number, w: number): A4 =>
  Array.from({ length: n }, () =>
    Array.from({ length: c }, () => Array.from({ length: h }, () => new Array<number>(w).fill(0))),
  );
const map4 = (x: A4, f: (v: number, n: number, c: number, i: number, j: number) => number): A4 =>
  x.map((a, n) => a.map((b, c) => b.map((row, i) => row.map((v, j) => f(v, n, c, i, j)))));
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);

/** Convolution with one mistake. */
export function conv(mistake = "", stride = 1, padding = 0): Kernel {
  const at = (x: A4, n: number, c: number, i: number, j: number): number => x[n]![c]![i]?.[j] ?? 0;
  return {
    name: "my convolution",
    forward: (x: A4, w: A4, b: number[]): A4 => {
      const [k, l] = [w[0]![0]!.length, w[0]![0]![0]!.length];
      const [oh, ow] = [
        Math.floor((x[0]![0]!.length + 2 * padding - k) / stride) + 1,
        Math.floor((x[0]![0]![0]!.length + 2 * padding - l) / stride) + 1,
      ];
      return map4(zeros4(x.length, w.length, oh, ow), (_, n, f, i, j) => {
        let total = b[f]!;
        w[f]!.forEach((plane, c) =>
          plane.forEach((row, di) =>
            row.forEach((v, dj) => (total += v * at(x, n, c, i * stride + di - padding, j * stride + dj - padding))),
          ),
        );
        return total;
      });
    },
    backward: (g: A4, x: A4, w: A4) => {
      const [h, wide] = [x[0]![0]!.length, x[0]![0]![0]!.length];
      const [k, l] = [w[0]![0]!.length, w[0]![0]![0]!.length];
      let dx = zeros4(x.length, x[0]!.length, h, wide);
      let dw = map4(w, () => 0);
      map4(g, (v, n, f, i, j) => {
        for (let c = 0; c < x[0]!.length; c++) {
          for (let di = 0; di < k; di++) {
            for (let dj = 0; dj < l; dj++) {
              const step = mistake === "G7" ? 1 : stride;
              const [y, z] = [i * stride + di - padding, j * stride + dj - padding];
              const [a, b] = [i * step + di - padding, j * step + dj - padding];
              const kernel =
                mistake === "G1"
                  ? w[f]![c]![k - 1 - di]![l - 1 - dj]!
                  : mistake === "G1 axis"
                    ? w[f]![c]![k - 1 - di]![dj]!
                    : mistake === "G1 transposed"
                      ? w[f]![c]![l - 1 - dj]![k - 1 - di]!
                      : w[f]![c]![di]![dj]!;
              const row = dx[n]![c]![a];
              if (row !== undefined && b >= 0 && b < wide) row[b]! += v * kernel;
              dw[f]![c]![di]![dj]! +=
                v *
                (mistake === "G7 dw"
                  ? at(x, n, c, i + di - padding, j + dj - padding)
                  : mistake === "G3 dw"
                    ? at(x, n, c, y - 1, z)
                    : at(x, n, c, y, z));
            }
          }
        }
        return v;
      });
      if (mistake === "G2")
        dx = map4(
          zeros4(x.length, x[0]!.length, g[0]![0]!.length - k + 1, g[0]![0]![0]!.length - l + 1),
          (_, n, c, i, j) =>
            sum(
              g[n]!.flatMap((plane, f) =>
                w[f]![c]!.flatMap((row, di) =>
                  row.map((_v, dj) => plane[i + di]![j + dj]! * w[f]![c]![k - 1 - di]![l - 1 - dj]!),
                ),
              ),
            ),
        );
      if (mistake === "G3") dx = map4(dx, (_, n, c, i, j) => at(dx, n, c, i + 1, j + 1));
      if (mistake === "G4 rotated") dw = map4(dw, (_, f, c, i, j) => dw[f]![c]![k - 1 - i]![l - 1 - j]!);
      if (mistake === "G4 transposed") dw = map4(dw, (_, f, c, i, j) => dw[f]![c]![j]![i]!);
      if (mistake === "G4 channels") dw = w[0]!.map((_, c) => dw.map((filter) => filter[c]!));
      const positions = g[0]![0]!.length * g[0]![0]![0]!.length;
      const perSample = g.map((planes) => planes.map((plane) => sum(plane.flat())));
      const db = perSample[0]!.map(
        (_, f) => sum(perSample.map((row) => row[f]!)) / (mistake === "G5 mean" ? positions : 1),
      );
      if (mistake === "G5 unsummed")
        return [
          dx,
          dw,
          g[0]!.map((plane, f) => plane.map((row, i) => row.map((_, j) => sum(g.map((one) => one[f]![i]![j]!))))),
        ];
      if (mistake === "G5 channels") return [dx, dw, sum(db)];
      return [dx, dw, db];
    },
  };
}

/** 2×2 max-pooling with one mistake. */
export function pool(mistake = ""): Kernel {
  return {
    name: "my max-pooling",
    forward: (x: A4): A4 =>
      map4(zeros4(x.length, x[0]!.length, x[0]![0]!.length / 2, x[0]![0]![0]!.length / 2), (_, n, c, i, j) =>
        Math.max(
          x[n]![c]![2 * i]![2 * j]!,
          x[n]![c]![2 * i]![2 * j + 1]!,
          x[n]![c]![2 * i + 1]![2 * j]!,
          x[n]![c]![2 * i + 1]![2 * j + 1]!,
        ),
      ),
    backward: (g: A4, x: A4) => {
      const dx = map4(x, () => 0);
      map4(g, (v, n, c, i, j) => {
        const cells = [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ].map(([a, b]) => [2 * i + a!, 2 * j + b!] as const);
        const values = cells.map(([a, b]) => x[n]![c]![a]![b]!);
        const top = mistake === "argmin" ? Math.min(...values) : Math.max(...values);
        const put = ([a, b]: readonly [number, number], share: number): number => (dx[n]![c]![a]![b]! += share);
        if (mistake === "spread") cells.forEach((cell) => put(cell, v / 4));
        else if (mistake === "copied") cells.forEach((cell) => put(cell, v));
        else if (mistake === "ties") cells.forEach((cell, k) => (values[k] === top ? put(cell, v) : 0));
        else put(cells[values.indexOf(top)]!, mistake === "value" ? v * top : v);
        return v;
      });
      return dx;
    },
  };
}

const imageIn = (x: A4): A4 =>
  x.map((image) => image[0]![0]!.map((_, c) => image.map((row) => row.map((pixel) => pixel[c]!))));
const imageOut = (x: A4): A4 =>
  x.map((planes) => planes[0]!.map((row, i) => row.map((_, j) => planes.map((plane) => plane[i]![j]!))));
const kernelIn = (w: A4): A4 =>
  w[0]![0]![0]!.map((_, f) => w[0]![0]!.map((_v, c) => w.map((row) => row.map((column) => column[c]![f]!))));
const kernelOut = (w: A4): A4 =>
  w[0]![0]!.map((row, i) => row.map((_, j) => w[0]!.map((_v, c) => w.map((filter) => filter[c]![i]![j]!))));

/** The same with the channels last: x is N×H×W×C, w is K×K×C×F. */
export function convLast(mistake = "", stride = 1, padding = 0): Kernel {
  const { forward, backward } = conv(mistake, stride, padding) as unknown as {
    forward: (x: A4, w: A4, b: number[]) => A4;
    backward: (g: A4, x: A4, w: A4) => [A4, A4, unknown];
  };
  return {
    name: "my convolution, channels last",
    forward: (x: A4, w: A4, b: number[]): A4 => imageOut(forward(imageIn(x), kernelIn(w), b)),
    backward: (g: A4, x: A4, w: A4) => {
      const [dx, dw, db] = backward(imageIn(g), imageIn(x), kernelIn(w));
      return [
        imageOut(dx),
        kernelOut(dw),
        mistake === "G5 axis" ? g[0]!.map((_, i) => sum(g.flatMap((image) => image[i]!.flat()))) : db,
      ];
    },
  };
}

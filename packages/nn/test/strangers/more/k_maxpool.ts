type M = number[][];
// 2x2 max pooling, stride 2; ties go to the first
export const op = {
  name: "maxpool", shapes: [[4, 6]],
  forward: (x: M) => Array.from({ length: 2 }, (_, i) => Array.from({ length: 3 }, (_, j) => Math.max(x[2 * i]![2 * j]!, x[2 * i]![2 * j + 1]!, x[2 * i + 1]![2 * j]!, x[2 * i + 1]![2 * j + 1]!))),
  backward: (g: M, x: M) => {
    const d = x.map((r) => r.map(() => 0));
    for (let i = 0; i < 2; i++) for (let j = 0; j < 3; j++) {
      let [a, b] = [2 * i, 2 * j];
      for (const [p, q] of [[0, 1], [1, 0], [1, 1]] as const) if (x[2 * i + p]![2 * j + q]! > x[a]![b]!) [a, b] = [2 * i + p, 2 * j + q];
      d[a]![b] = g[i]![j]!;
    }
    return d;
  },
} as const;

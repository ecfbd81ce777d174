// inverted dropout, the mask is handed in
export const op = {
  name: "dropout", shapes: [[4, 6], [4, 6]], names: ["x", "mask"],
  inputs: [Array.from({ length: 4 }, (_, i) => Array.from({ length: 6 }, (_, j) => Math.sin(i * 6 + j + 1))), Array.from({ length: 4 }, (_, i) => Array.from({ length: 6 }, (_, j) => ((i * 5 + j * 3) % 4 === 0 ? 0 : 1 / 0.75)))],
  forward: (x: number[][], m: number[][]) => x.map((r, i) => r.map((v, j) => v * m[i]![j]!)),
  backward: (g: number[][], x: number[][], m: number[][]) => ({ dx: g.map((r, i) => r.map((v, j) => v * (m[i]![j]! > 0 ? 1 : 0))), dmask: g.map((r, i) => r.map((v, j) => v * x[i]![j]!)) }),
} as const;

const product = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
const transposed = (a) => a[0].map((_, j) => a.map((row) => row[j]));
const affine = (v, W, b) => product(v, transposed(W)).map((row) => row.map((u, j) => u + b[j]));
const mean = (a) => a[0].map((_, j) => a.reduce((sum, row) => sum + row[j], 0) / a.length);

export function backward({ W1, b1, W2, b2 }, x, t) {
  const v1 = affine(x, W1, b1).map((row) => row.map(Math.tanh));
  const v2 = affine(v1, W2, b2).map((row) => row.map((u) => 1 / (1 + Math.exp(-u))));
  const delta2 = v2.map((row, n) => row.map((v, j) => v - t[n][j]));
  const delta1 = product(delta2, W2).map((row, n) => row.map((d, k) => d * (1 - v1[n][k] ** 2)));
  const gradW2 = product(transposed(delta2), v1).map((row) => row.map((g) => g / x.length));
  return { gradW: { 2: gradW2 }, gradB: { 1: mean(delta1), 2: mean(delta2) } };
}

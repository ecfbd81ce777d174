export const network = { sizes: [3, 1], activations: "sigmoid", cost: "crossEntropy" } as const;
// gradient of the log loss, w as flat vector
export const backward = ({ W1, b1 }: any, X: number[][], y: number[][]) => {
  const w: number[] = W1[0], b: number = b1[0], m = X.length;
  const dw = w.map(() => 0); let db = 0;
  for (let i = 0; i < m; i++) {
    const z = X[i]!.reduce((s, v, j) => s + v * w[j]!, b);
    const a = 1 / (1 + Math.exp(-z));
    const dz = a - y[i]![0]!;
    for (let j = 0; j < w.length; j++) dw[j]! += dz * X[i]![j]! / m;
    db += dz;
  }
  return { dW1: [dw], db1: [db] };
};

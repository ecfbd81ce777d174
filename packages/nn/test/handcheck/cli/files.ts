/** Files that people hand in: a right backprop, and what can be wrong with it. */

/** A backprop of two sigmoid layers in plain JavaScript; `broken` replaces parts of it. */
export function backprop(replace: readonly (readonly [from: string, to: string])[] = []): string {
  let text = `const sigmoid = (u) => 1 / (1 + Math.exp(-u));

export const network = { sizes: [3, 4, 2], activations: "sigmoid", cost: "quadratic" };

export function backward({ W1, b1, W2, b2 }, x, t) {
  const layer = (W, b, v) => v.map((row) => W.map((weights, j) => sigmoid(weights.reduce((sum, w, k) => sum + w * row[k], b[j]))));
  const v1 = layer(W1, b1, x);
  const v2 = layer(W2, b2, v1);
  const delta2 = v2.map((row, n) => row.map((v, j) => (v - t[n][j]) * v * (1 - v)));
  const delta1 = v1.map((row, n) => row.map((v, k) => delta2[n].reduce((sum, d, j) => sum + W2[j][k] * d, 0) * v * (1 - v)));
  const mean = (delta) => delta[0].map((_, j) => delta.reduce((sum, row) => sum + row[j], 0) / delta.length);
  const outer = (delta, v) => delta[0].map((_, j) => v[0].map((__, k) => delta.reduce((sum, row, n) => sum + row[j] * v[n][k], 0) / delta.length));
  return { delta: { 1: delta1, 2: delta2 }, gradB: { 1: mean(delta1), 2: mean(delta2) }, gradW: { 1: outer(delta1, x), 2: outer(delta2, v1) } };
}
`;
  for (const [from, to] of replace) {
    if (!text.includes(from)) throw new Error(`the file has no ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

/** σ'(u¹) is forgotten in BP2. */
export const forgotten = backprop([["W2[j][k] * d, 0) * v * (1 - v)", "W2[j][k] * d, 0)"]]);

const plainLine = "  const v1 = layer(W1, b1, x);";

/** With a line put before the forward pass. */
export const withLine = (line: string): string => backprop([[plainLine, `  ${line}\n${plainLine}`]]);

/** Mazur's network with numbers in place of code. */
export const mazur = (hand: object): string =>
  JSON.stringify({
    network: {
      sizes: [2, 2, 2],
      activations: "sigmoid",
      cost: "quadratic",
      parameters: {
        W1: [
          [0.15, 0.2],
          [0.25, 0.3],
        ],
        b1: [0.35, 0.35],
        W2: [
          [0.4, 0.45],
          [0.5, 0.55],
        ],
        b2: [0.6, 0.6],
      },
    },
    data: { x: [[0.05, 0.1]], t: [[0.01, 0.99]] },
    hand,
  });

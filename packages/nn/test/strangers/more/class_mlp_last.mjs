// a little class, one sample at a time (stochastic)
class MLP {
  constructor({ W1, b1, W2, b2 }) { Object.assign(this, { W1, b1, W2, b2 }); }
  relu(z) { return Math.max(0, z); }
  forward(x) {
    this.x = x;
    this.z1 = this.W1.map((w, i) => w.reduce((s, wij, j) => s + wij * x[j], this.b1[i]));
    this.h = this.z1.map(this.relu);
    this.z2 = this.W2.map((w, i) => w.reduce((s, wij, j) => s + wij * this.h[j], this.b2[i]));
    const e = this.z2.map((z) => Math.exp(z - Math.max(...this.z2)));
    const s = e.reduce((a, b) => a + b, 0);
    return (this.p = e.map((v) => v / s));
  }
  backward(t) {
    const d2 = this.p.map((p, k) => p - t[k]);
    const dh = this.h.map((_, j) => d2.reduce((s, d, k) => s + d * this.W2[k][j], 0));
    const d1 = dh.map((g, j) => (this.z1[j] > 0 ? g : 0));
    return { d1, d2, dW1: d1.map((d) => this.x.map((v) => d * v)), dW2: d2.map((d) => this.h.map((v) => d * v)) };
  }
}
export const network = { sizes: [4, 5, 3], activations: ["relu", "softmax"], loss: "crossEntropy" };
export function backward(params, x, t) {
  const net = new MLP(params);
  const zeros = (a) => a.map((r) => (Array.isArray(r) ? r.map(() => 0) : 0));
  const g = { dW1: zeros(params.W1), db1: zeros(params.b1), dW2: zeros(params.W2), db2: zeros(params.b2) };
  x.forEach((row, n) => {
    net.forward(row);
    const { d1, d2, dW1, dW2 } = net.backward(t[n]);
    dW1.forEach((r, i) => r.forEach((v, j) => { g.dW1[i][j] = v; }));
    dW2.forEach((r, i) => r.forEach((v, j) => { g.dW2[i][j] += v; }));
    d1.forEach((v, i) => { g.db1[i] += v; });
    d2.forEach((v, i) => { g.db2[i] += v; });
  });
  return g;
}

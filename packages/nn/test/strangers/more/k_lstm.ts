// one LSTM cell step: gates i f o g from z = W [h, x] + b already computed, so inputs are the four pre-activations and c_prev
const s = (v: number) => 1 / (1 + Math.exp(-v));
export const op = {
  name: "lstm cell", shapes: [[6], [6], [6], [6], [6]], names: ["zi", "zf", "zo", "zg", "cprev"],
  forward: (zi: number[], zf: number[], zo: number[], zg: number[], c: number[]) => c.map((v, k) => s(zo[k]!) * Math.tanh(s(zf[k]!) * v + s(zi[k]!) * Math.tanh(zg[k]!))),
  backward: (dh: number[], zi: number[], zf: number[], zo: number[], zg: number[], cp: number[]) => {
    const r = cp.map((v, k) => {
      const i = s(zi[k]!), f = s(zf[k]!), o = s(zo[k]!), g = Math.tanh(zg[k]!), c = f * v + i * g, tc = Math.tanh(c);
      const dc = dh[k]! * o * (1 - tc * tc);
      return [dc * g * i * (1 - i), dc * v * f * (1 - f), dh[k]! * tc * o * (1 - o), dc * i * (1 - g * g), dc * f];
    });
    return [0, 1, 2, 3, 4].map((q) => r.map((row) => row[q]!));
  },
} as const;

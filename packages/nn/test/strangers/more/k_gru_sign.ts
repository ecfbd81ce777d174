const s = (v: number) => 1 / (1 + Math.exp(-v));
// h = (1 - z) n + z hp,  z = s(az), n = tanh(an)
export const op = {
  name: "gru output", shapes: [[5], [5], [5]], names: ["az", "an", "hp"],
  forward: (az: number[], an: number[], hp: number[]) => hp.map((h, i) => { const z = s(az[i]!); return (1 - z) * Math.tanh(an[i]!) + z * h; }),
  backward: (g: number[], az: number[], an: number[], hp: number[]) => {
    const z = az.map(s), n = an.map(Math.tanh);
    return { daz: g.map((d, i) => d * (n[i]! - hp[i]!) * z[i]! * (1 - z[i]!)), dan: g.map((d, i) => d * (1 - z[i]!) * (1 - n[i]! ** 2)), dhp: g.map((d, i) => d * z[i]!) };
  },
} as const;

// cosine similarity of two vectors
const dot = (a: number[], b: number[]) => a.reduce((s, v, i) => s + v * b[i]!, 0);
export const op = {
  name: "cosine", shapes: [[5], [5]], names: ["a", "b"],
  forward: (a: number[], b: number[]) => dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b))),
  backward: (g: number, a: number[], b: number[]) => {
    const na = Math.sqrt(dot(a, a)), nb = Math.sqrt(dot(b, b)), c = dot(a, b) / (na * nb);
    return [a.map((v, i) => g * (b[i]! / (na * nb) - c * v / na)), b.map((v, i) => g * (a[i]! / (na * nb) - c * v / (nb * nb)))];
  },
} as const;

/** Where a rule of this library stands over a row, or the two modes meet 0 · ∞ at different ops: each with its value here. */

/** Gradients that differ from a row, since a zero cotangent has no influence, even on a derivative that is not finite. */
export const gradients: Readonly<Record<string, { readonly here: readonly number[]; readonly reason: string }>> = {
  "log1pexp@1000": { here: [0], reason: "the cotangent of the exponential is 1/∞ = 0, and its infinite derivative has no influence" },
};

/** Gradients by forward mode, finite where the reverse sweep meets an infinite cotangent and a zero derivative. */
export const forward: Readonly<Record<string, readonly number[]>> = {
  "gelu@extreme": [1, 0, 1, 0],
  "silu@extreme": [1, 0, 1, 0],
  logdet: [0],
  "log(softmax)@1000,0": [0, 0],
  "var1@1": [0],
  "std1@1": [0],
};

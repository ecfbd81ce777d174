/** Softmax and cross-entropy in one: C = −(1/N) Σ t ln softmax(x), a scalar. */

import { logSoftmax, softmax, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { wordsOf } from "../catalogue.ts";
import { slipsOf, type Family } from "./family.ts";

/** The family. */
export const softmaxLoss: Family = {
  name: "softmaxLoss",
  inputs: [
    { name: "x", differentiable: true, shape: [5, 4] },
    {
      name: "t",
      differentiable: false,
      shape: [5, 4],
      draw: (random, shape) => {
        const [n, k] = [shape[0]!, shape[1]!];
        const out = new Float64Array(n * k);
        for (let i = 0; i < n; i++) out[i * k + random.integer(k)] = 1;
        return out;
      },
    },
  ],
  settings: { mean: true },
  variants: [{ settings: { mean: false }, says: kernelSlips.sumOfSamples }],
  forward: ([x, t], { mean }) =>
    logSoftmax(x!)
      .mul(t!)
      .sum()
      .neg()
      .div(mean === true ? x!.shape[0]! : 1) as Tensor,
  formulas: { x: "g (softmax(x) − t)/N" },
  slips: slipsOf("x", [
    [
      "A11",
      "missing",
      "g softmax(x)/N",
      wordsOf("A11"),
      ([x], g, { mean }) =>
        softmax(x!)
          .mul(g)
          .div(mean === true ? x!.shape[0]! : 1) as Tensor,
    ],
    [
      "A6",
      "constant",
      "g (softmax(x) − t)",
      wordsOf("A6"),
      ([x, t], g, { mean }) => (mean === true ? (softmax(x!).sub(t!).mul(g) as Tensor) : null),
    ],
    [
      "A7",
      "constant",
      "g (softmax(x) − t)/N²",
      wordsOf("A7"),
      ([x, t], g, { mean }) =>
        softmax(x!)
          .sub(t!)
          .mul(g)
          .div(x!.shape[0]! ** (mean === true ? 2 : 1)) as Tensor,
    ],
    [
      "A1",
      "sign",
      "g (t − softmax(x))/N",
      wordsOf("A1"),
      ([x, t], g, { mean }) =>
        t!
          .sub(softmax(x!))
          .mul(g)
          .div(mean === true ? x!.shape[0]! : 1) as Tensor,
    ],
    [
      "A12",
      "missing",
      "−g t/p/N",
      wordsOf("A12"),
      ([x, t], g, { mean }) =>
        t!
          .div(softmax(x!))
          .mul(g)
          .neg()
          .div(mean === true ? x!.shape[0]! : 1) as Tensor,
    ],
    [
      "A13",
      "missing",
      "−g t (1 − p)/N",
      wordsOf("A13"),
      ([x, t], g, { mean }) =>
        t!
          .mul(softmax(x!).sub(1))
          .mul(g)
          .div(mean === true ? x!.shape[0]! : 1) as Tensor,
    ],
    [
      "A14",
      "extra",
      "g (p − t) p(1 − p)/N",
      wordsOf("A14"),
      ([x, t], g, { mean }) => {
        const p = softmax(x!);
        return p
          .sub(t!)
          .mul(p.sub(p.mul(p)))
          .mul(g)
          .div(mean === true ? x!.shape[0]! : 1) as Tensor;
      },
    ],
    [
      "A16",
      "other",
      "g (softmax over the samples − t)/N",
      wordsOf("A16"),
      ([x, t], g, { mean }) =>
        softmax(x!, 0)
          .sub(t!)
          .mul(g)
          .div(mean === true ? x!.shape[0]! : 1) as Tensor,
    ],
  ]),
};

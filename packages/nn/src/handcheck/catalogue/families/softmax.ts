/** The softmax of every row, and the ways to get its Jacobian wrong: dS = P ⊙ (dP − rowsum(P ⊙ dP)). */

import { softmax as softmaxOf, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import type { Words } from "../../../locales/words.ts";
import type { Kind } from "../../report.ts";
import type { Family } from "./family.ts";

const keep = { keepDims: true } as const;

/** dS from P and dP, wrongly. */
export const softmaxJacobians: readonly {
  readonly kind: Kind;
  readonly yours: string;
  readonly says: Words;
  readonly value: (p: Tensor, dp: Tensor) => Tensor;
}[] = [
  { kind: "missing", yours: "dP", says: kernelSlips.jacobianForgotten, value: (_, dp) => dp },
  {
    kind: "missing",
    yours: "P(1 − P) ⊙ dP",
    says: kernelSlips.diagonalOnly,
    value: (p, dp) => p.sub(p.mul(p)).mul(dp) as Tensor,
  },
  {
    kind: "other",
    yours: "(1 − P) ⊙ dP",
    says: kernelSlips.oneMinusForJacobian,
    value: (p, dp) => dp.sub(p.mul(dp)) as Tensor,
  },
  { kind: "missing", yours: "P ⊙ dP", says: kernelSlips.rowSumMissing, value: (p, dp) => p.mul(dp) as Tensor },
  {
    kind: "other",
    yours: "P ⊙ (dP − colsum(P ⊙ dP))",
    says: kernelSlips.jacobianOtherAxis,
    value: (p, dp) => p.mul(dp.sub(p.mul(dp).sum(0, keep))) as Tensor,
  },
  {
    kind: "missing",
    yours: "P ⊙ (dP − rowsum(dP))",
    says: kernelSlips.rowSumOfUpstream,
    value: (p, dp) => p.mul(dp.sub(dp.sum(1, keep))) as Tensor,
  },
];

/** The family. */
export const softmax: Family = {
  name: "softmax",
  inputs: [{ name: "x", differentiable: true, shape: [4, 5] }],
  settings: {},
  variants: [],
  forward: ([x]) => softmaxOf(x!),
  formulas: { x: "p ⊙ (g − rowsum(p ⊙ g))" },
  slips: softmaxJacobians.map(({ kind, yours, says, value }) => ({
    id: "H2",
    kind,
    of: "x",
    yours: yours.replaceAll("dP", "g").replaceAll("P", "p"),
    says,
    value: ([x], g) => value(softmaxOf(x!), g),
  })),
};

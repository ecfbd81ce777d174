/** The softmax of every row, and the ways to get its Jacobian wrong: dS = P ⊙ (dP − rowsum(P ⊙ dP)). */

import { softmax as softmaxOf, type Tensor } from "@chainrule/autograd";
import type { Kind, Words } from "../../report.ts";
import type { Family } from "./family.ts";

const keep = { keepDims: true } as const;

/** dS from P and dP, wrongly. */
export const softmaxJacobians: readonly { readonly kind: Kind; readonly yours: string; readonly says: Words; readonly value: (p: Tensor, dp: Tensor) => Tensor }[] = [
  { kind: "missing", yours: "dP", says: { en: "the Jacobian of the softmax is forgotten", zh: "漏了 softmax 的雅可比矩阵" }, value: (_, dp) => dp },
  { kind: "missing", yours: "P(1 − P) ⊙ dP", says: { en: "only the diagonal of the softmax's Jacobian is used", zh: "只用了 softmax 雅可比矩阵的对角线" }, value: (p, dp) => p.sub(p.mul(p)).mul(dp) as Tensor },
  { kind: "other", yours: "(1 − P) ⊙ dP", says: { en: "1 − p stands where the Jacobian of the softmax belongs", zh: "该用 softmax 雅可比矩阵的地方用了 1 − p" }, value: (p, dp) => dp.sub(p.mul(dp)) as Tensor },
  { kind: "missing", yours: "P ⊙ dP", says: { en: "the row sum of the softmax's Jacobian is missing", zh: "softmax 的雅可比矩阵漏了按行求和的项" }, value: (p, dp) => p.mul(dp) as Tensor },
  { kind: "other", yours: "P ⊙ (dP − colsum(P ⊙ dP))", says: { en: "the sum in the softmax's Jacobian runs over the wrong axis", zh: "softmax 雅可比矩阵里的求和沿错了轴" }, value: (p, dp) => p.mul(dp.sub(p.mul(dp).sum(0, keep))) as Tensor },
  { kind: "missing", yours: "P ⊙ (dP − rowsum(dP))", says: { en: "rowsum(dP) stands where rowsum(P ⊙ dP) belongs", zh: "该用 rowsum(P ⊙ dP) 的地方用了 rowsum(dP)" }, value: (p, dp) => p.mul(dp.sub(dp.sum(1, keep))) as Tensor },
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
    id: "H2", kind, of: "x", yours: yours.replaceAll("dP", "g").replaceAll("P", "p"), says, value: ([x], g) => value(softmaxOf(x!), g),
  })),
};

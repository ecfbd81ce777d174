/** Softmax and cross-entropy in one: C = −(1/N) Σ t ln softmax(x), a scalar. */

import { logSoftmax, softmax, type Tensor } from "@chainrule/autograd";
import { slipsOf, type Family } from "./family.ts";

/** The family. */
export const softmaxLoss: Family = {
  name: "softmaxLoss",
  inputs: [
    { name: "x", differentiable: true, shape: [5, 4] },
    {
      name: "t", differentiable: false, shape: [5, 4],
      draw: (random, shape) => {
        const [n, k] = [shape[0]!, shape[1]!];
        const out = new Float64Array(n * k);
        for (let i = 0; i < n; i++) out[i * k + random.integer(k)] = 1;
        return out;
      },
    },
  ],
  settings: { mean: true },
  variants: [{ settings: { mean: false }, says: { en: "your loss is the sum over the samples, not their mean: a convention", zh: "你的损失是对样本求和而不是取平均：这是约定" } }],
  forward: ([x, t], { mean }) => logSoftmax(x!).mul(t!).sum().neg().div(mean === true ? x!.shape[0]! : 1) as Tensor,
  formulas: { x: "g (softmax(x) − t)/N" },
  slips: slipsOf("x", [
    ["A11", "g softmax(x)/N", "the target is forgotten", "漏了目标 t", ([x], g, { mean }) => softmax(x!).mul(g).div(mean === true ? x!.shape[0]! : 1) as Tensor],
    ["A6", "g (softmax(x) − t)", "the 1/N of the mean over the samples is missing", "漏了对样本取平均的 1/N", ([x, t], g, { mean }) => (mean === true ? (softmax(x!).sub(t!).mul(g) as Tensor) : null)],
    ["A7", "g (softmax(x) − t)/N²", "the 1/N of the mean over the samples is applied twice", "对样本取平均的 1/N 用了两次", ([x, t], g, { mean }) => softmax(x!).sub(t!).mul(g).div(x!.shape[0]! ** (mean === true ? 2 : 1)) as Tensor],
    ["A1", "g (t − softmax(x))/N", "the sign is turned", "符号反了", ([x, t], g, { mean }) => t!.sub(softmax(x!)).mul(g).div(mean === true ? x!.shape[0]! : 1) as Tensor],
    ["A12", "−g t/p/N", "the Jacobian of the softmax is forgotten", "漏了 softmax 的雅可比矩阵", ([x, t], g, { mean }) => t!.div(softmax(x!)).mul(g).neg().div(mean === true ? x!.shape[0]! : 1) as Tensor],
    ["A13", "−g t (1 − p)/N", "only the diagonal of the softmax's Jacobian is used", "只用了 softmax 雅可比矩阵的对角线", ([x, t], g, { mean }) =>
      t!.mul(softmax(x!).sub(1)).mul(g).div(mean === true ? x!.shape[0]! : 1) as Tensor],
    ["A14", "g (p − t) p(1 − p)/N", "p(1 − p) is multiplied onto the softmax error: a habit from the sigmoid", "softmax 的误差又乘了 p(1 − p)：这是 sigmoid 的习惯", ([x, t], g, { mean }) => {
      const p = softmax(x!);
      return p.sub(t!).mul(p.sub(p.mul(p))).mul(g).div(mean === true ? x!.shape[0]! : 1) as Tensor;
    }],
    ["A16", "g (softmax over the samples − t)/N", "the softmax runs over the samples instead of the classes", "softmax 沿样本而不是沿类别归一化", ([x, t], g, { mean }) => softmax(x!, 0).sub(t!).mul(g).div(mean === true ? x!.shape[0]! : 1) as Tensor],
  ]),
};

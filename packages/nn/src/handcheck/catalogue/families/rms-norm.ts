/** RMS normalization: every row by the root of its mean square, without a mean that is subtracted: y = γ x/√(mean(x²) + ε). */

import type { Tensor } from "@chainrule/autograd";
import { neutral } from "./without.ts";
import { awayFromOne, numberOf, slipsOf, type Family, type Settings, type Slip } from "./family.ts";

const keep = { keepDims: true } as const;

interface Ingredients {
  readonly x: Tensor;
  readonly r: Tensor;
  readonly xhat: Tensor;
  readonly dxhat: Tensor;
  readonly g: Tensor;
  readonly gamma: Tensor;
  readonly n: number;
}

/** r = 1/√(mean(x²) + ε) and x̂ = x r */
function parts(x: Tensor, settings: Settings): { readonly r: Tensor; readonly xhat: Tensor } {
  const r = x.mul(x).mean(1, keep).add(numberOf(settings, "eps")).pow(-0.5) as Tensor;
  return { r, xhat: x.mul(r) as Tensor };
}

const from = (formula: (given: Ingredients, settings: Settings) => Tensor): Slip["value"] => ([x, gamma], g, settings) =>
  formula({ ...parts(x!, settings), x: x!, dxhat: g.mul(gamma!) as Tensor, g, gamma: gamma!, n: x!.shape[1]! }, settings);

// dx = r (dx̂ − x̂ mean(dx̂ x̂)) along each row,  dx̂ = γ g
const rule = (r: Tensor, dxhat: Tensor, xhat: Tensor): Tensor => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor;

/** The family. Every other row is as small as √ε, so that an ε that is forgotten counts; the rest are not, so that x is not lost beside x̂. */
export const rmsNorm: Family = {
  name: "rmsNorm",
  inputs: [
    {
      name: "x", differentiable: true, shape: [4, 6],
      draw: (random, shape, { settings }) => random.normalArray(shape[0]! * shape[1]!).map((x, i) =>
        (Math.floor(i / shape[1]!) % 2 === 0 ? 1.6 * Math.sqrt(Math.max(numberOf(settings, "eps"), 1e-12)) : 1.7) * (x + 0.4)),
    },
    { name: "gamma", differentiable: true, shape: [6], draw: awayFromOne },
  ],
  settings: { eps: 1e-5 },
  variants: [1e-6, 1e-8, 1e-12, 1e-3, 1e-7, 1e-2, 0.1, 0].map((eps) => ({ settings: { eps }, says: { en: `your ε is ${eps}`, zh: `你的 ε 是 ${eps}` } })),
  forward: ([x, gamma], settings) => parts(x!, settings).xhat.mul(gamma!) as Tensor,
  formulas: { x: "r (γ g − x̂ mean(γ g x̂)), row by row,  r = 1/√(mean(x²) + ε)", gamma: "Σₙ g x̂" },
  neutral: { gamma: neutral(1, ([x]) => x!.shape[1]!) },
  slips: [
    ...slipsOf("x", [
      ["F9", "missing", "γ r g", "the root mean square of a row is treated as a constant", "把每行的均方根当成了常数", from(({ r, dxhat }) => r.mul(dxhat) as Tensor)],
      ["F9", "extra", "r (γ g − mean(γ g) − x̂ mean(γ g x̂))", "the mean is subtracted: this is LayerNorm's rule, and RMSNorm has no mean", "多减了均值：这是 LayerNorm 的公式，RMSNorm 没有均值",
        from(({ r, dxhat, xhat }) => rule(r, dxhat, xhat).sub(r.mul(dxhat.mean(1, keep))) as Tensor)],
      ["F9", "other", "γ r (g − x̂ mean(g x̂))", "γ is applied after the sum; it belongs inside it", "γ 在求和之后才乘，应当在求和里面", from(({ r, g, xhat, gamma }) => rule(r, g, xhat).mul(gamma) as Tensor)],
      ["F9", "missing", "r (g − x̂ mean(g x̂))", "γ is forgotten", "漏了 γ", from(({ r, g, xhat }) => rule(r, g, xhat))],
      ["F9", "constant", "r (γ g − x̂ Σ γ g x̂)", "the 1/N of the correction is missing", "修正项漏了 1/N", from(({ r, dxhat, xhat }) => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).sum(1, keep)))) as Tensor)],
      ["F9", "sign", "r (γ g + x̂ mean(γ g x̂))", "the sign of the correction is turned", "修正项的符号反了", from(({ r, dxhat, xhat }) => r.mul(dxhat.add(xhat.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor)],
      ["F9", "missing", "r (γ g − x mean(γ g x̂))", "x stands where x̂ belongs in the correction: a factor r is missing", "修正项里该用 x̂ 的地方用了 x：漏了一个因子 r", from(({ r, dxhat, xhat, x }) => r.mul(dxhat.sub(x.mul(dxhat.mul(xhat).mean(1, keep)))) as Tensor)],
      ["F9", "other", "r (γ g − x mean(γ g x))", "r³ is needed in the correction: x stands where x̂ belongs, twice", "修正项需要 r³：两处该用 x̂ 的地方都用了 x", from(({ r, dxhat, x }) => r.mul(dxhat.sub(x.mul(dxhat.mul(x).mean(1, keep)))) as Tensor)],
      ["F9", "constant", "r (γ g − ½ x̂ mean(γ g x̂))", "the 2 of the square's derivative is forgotten: the correction is half of what it should be", "漏了平方求导的 2：修正项只有一半", from(({ r, dxhat, xhat }) => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(1, keep)).mul(0.5))) as Tensor)],
      ["F9", "other", "the correction averaged over the batch", "the correction is averaged over the batch instead of the row", "修正项沿批而不是沿行取了平均", from(({ r, dxhat, xhat }) => r.mul(dxhat.sub(xhat.mul(dxhat.mul(xhat).mean(0, keep)))) as Tensor)],
      ["F6", "missing", "1/√mean(x²) for r", "ε is forgotten in the backward", "反向里漏了 ε", from(({ x, dxhat }, s) => {
        const bare = parts(x, { ...s, eps: 0 });
        return rule(bare.r, dxhat, bare.xhat);
      })],
    ]),
    ...slipsOf("gamma", [
      ["F9", "missing", "Σₙ g x", "x is used instead of x̂: the division by the root mean square is missing", "用了 x 而不是 x̂：漏了除以均方根", ([x], g) => g.mul(x!).sum(0) as Tensor],
      ["F9", "missing", "Σₙ g", "the factor x̂ is forgotten", "漏了因子 x̂", (_, g) => g.sum(0) as Tensor],
      ["F9", "constant", "meanₙ g x̂", "the mean over the samples is taken where the sum belongs", "该对样本求和的地方取了平均", from(({ g, xhat }) => g.mul(xhat).mean(0) as Tensor)],
      ["F9", "missing", "g x̂", "the gradient is not summed over the samples", "没有对样本求和", from(({ g, xhat }) => g.mul(xhat) as Tensor)],
      ["F9", "extra", "γ Σₙ g x̂", "γ is multiplied onto dγ", "dγ 里多乘了 γ", from(({ g, xhat, gamma }) => g.mul(xhat).sum(0).mul(gamma) as Tensor)],
    ]),
  ],
};

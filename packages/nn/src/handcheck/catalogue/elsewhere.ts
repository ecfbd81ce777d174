/** Mistakes that no rule of BP1 to BP4 is searched for: what is seen in shapes, in the forward pass, in steps, in how a function behaves. */

import type { Mistake } from "./mistake.ts";

const named = (id: string, short: string, en: string, zh: string, also?: Mistake["says"]): Mistake =>
  ({ id, rules: ["elsewhere"], short, says: { en, zh }, ...(also === undefined ? {} : { also }) });

/** The mistakes that are looked for by what is judged there. */
export const elsewhere: readonly Mistake[] = [
  named("B17", "the entry of the bias kept", "the bias belongs to Wᵀ as well: δ has one entry too many", "Wᵀ 里带上了偏置:δ 多出一个元素"),
  named("B18", "the input's gradient with a σ′", "the gradient of the input is multiplied by a σ': the input has no activation", "对输入的梯度又乘了 σ':输入层没有激活函数"),
  named("B19", "a path overwritten (graphs)", "a path is missing: the gradients of all paths must be added", "漏了一条路径:各条路径的梯度应当相加"),
  named("B20", "only the last step of shared weights, which is B19 there", "only the last use of shared weights counts: the gradients of all uses must be added", "只算了共享权重的最后一次使用:各次使用的梯度应当相加"),
  named("D12", "one buffer for two layers", "two layers hold the same numbers, bit for bit: one buffer is written for both, and nobody copied it", "两层的数逐位相同:它们共用一个缓冲区,写入前没有复制"),
  named("E5", "the step is not −η ∂C/∂w", "the step is not −η times the gradient", "更新量不是 −η 乘梯度"),
  named("E6", "another form of momentum", "the momentum is of another form: v ← μv − η ∂C/∂w from v = 0, then w ← w + v", "动量的形式不同:应从 v = 0 起 v ← μv − η ∂C/∂w,再 w ← w + v",
    { en: "the second step holds a share of the first: that is momentum, and none was told", zh: "第二步里含有第一步的一部分:这是动量,而并没有说明用了动量" }),
  named("E7", "gradients never set to 0", "the gradients are not set to 0 between the steps: they are the sum of both", "两步之间没有把梯度清零:现在的是两次之和"),
  named("E8", "weights changed in place", "it changes its inputs, the parameters, in place while the layers below still need the old ones", "下面的层还要用旧权重,权重却已就地更新"),
  named("E9", "upstream gradient ignored (kernels)", "the upstream gradient is ignored: the result is right only where nothing but the cost follows; multiply by it", "忽略了上游梯度：只有后面直接就是代价时才对；应当乘上它"),
  named("E10", "arguments changed", "it changes its inputs: copy what you write to", "它修改了输入:要写入的请先复制"),
  named("E11", "chance", "called twice with the same input it gives different answers: draw nothing at random, keep nothing between calls", "同样的输入给出两种结果:不要用随机数,也不要在两次调用之间保存状态"),
  named("E12", "memory taken to lie in one piece (kernels)", "the upstream gradient is taken to lie in one piece", "假定上游梯度在内存中连续"),
  named("V1", "bias forgotten", "the bias is forgotten", "漏了偏置"),
  named("V2", "W transposed", "W is transposed in the forward pass", "前向计算中 W 被转置了"),
  named("V3", "another activation", "another activation is used", "用了另一种激活函数"),
  named("V4", "bias subtracted, or twice", "the bias is subtracted or added twice", "偏置被减去或加了两次"),
  named("V5", "weights of another layer", "the weights of another layer are used", "用了另一层的权重"),
  named("V6", "cost scaled", "the cost is scaled differently", "代价的比例不同"),
  named("V7", "another cost", "another cost is computed", "算的是另一种代价"),
];

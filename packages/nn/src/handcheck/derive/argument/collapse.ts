/** The third section: the factors that all weights of a neuron share become δ, and δ of one layer follows from the next. */

import type { Block, EquationBlock, Section } from "../language/ast.ts";
import { both, chain, equation, partial, prose, remark, sum, symbol } from "../language/build.ts";
import { layerWords, whichLayer } from "../language/phrases.ts";
import { isElementwise, isLast, letterOf, type Subject } from "../language/subject.ts";
import {
  arriving, bias, cost, costIn, delta, deltaByChain, deltaOfHidden, deltaOfLast, hasError, reached, scaled, slopeBy, target, u, v, weight,
} from "./entries.ts";

export function collapse(subject: Subject, sharesSumToOne: boolean): Section {
  const j = letterOf(subject, subject.layers);
  const blocks: Block[] = [
    equation(delta(subject.layers, j), [scaled(subject, partial(cost, u(subject.layers, j)))], {
      why: both(
        "All weights into one neuron share every factor but the last. That shared part is the derivative by the neuron's input. It gets a name; it is not the gradient by a weight.",
        "通向同一个神经元的所有权重，除最后一个因子外都相同。这个公共部分就是代价对该神经元输入的导数，给它一个名字；它并不是对权重的梯度。",
      ),
    }),
    ...signRemark(subject),
  ];
  for (let l = subject.layers; l >= 1; l--) {
    blocks.push(...(isLast(subject, l) ? ofLast(subject, sharesSumToOne) : ofHidden(subject, l)));
    blocks.push(...gradients(subject, l));
  }
  return { title: both(prose`Collapsing the chain: ${symbol("delta")}`, prose`把链式乘积收拢为 ${symbol("delta")}`), blocks };
}

function signRemark(subject: Subject): Block[] {
  const { notation, reduction, layers } = subject;
  const one = delta(layers, letterOf(subject, layers));
  if (notation.deltaSign === -1) {
    return [
      remark(
        prose`Here ${one} has the minus sign inside, so a step of learning adds ${symbol("eta")} times it. With the other common sign, that of the derivative itself, every ${symbol("delta")} and every step formula changes sign; mixing the two is the usual mistake.`,
        prose`这里的 ${one} 已经含有负号，所以学习时要加上它的 ${symbol("eta")} 倍。另一种常见约定取导数本身的符号，所有 ${symbol("delta")} 与更新公式都差一个符号；两者混用是常见错误。`,
      ),
    ];
  }
  if (notation.delta === "reduced" && reduction === "mean") {
    return [remark(prose`The 1/N of the mean enters once, at the last layer, and the recursion carries it down.`, prose`平均的 1/N 只在最后一层乘一次，之后随递推传下去。`)];
  }
  if (notation.name !== "document" || !hasError(subject)) return [];
  return [
    remark(
      prose`The factor −1 belongs to ${one}: it is v − t times the slope, not t − v. The document never multiplies it out.`,
      prose`因子 −1 属于 ${one}：它是 v − t 乘以斜率，而不是 t − v。原文没有把它乘出来。`,
    ),
  ];
}

function ofLast(subject: Subject, sharesSumToOne: boolean): EquationBlock[] {
  const layer = subject.layers;
  const j = letterOf(subject, layer);
  const { steps, normalized } = deltaOfLast(subject, j);
  const { en, zh } = whichLayer(subject, layer);
  const plain = isElementwise(subject, layer);
  const cancels = costIn(subject).squares === undefined && steps.length > 1;
  const why = both(
    plain
      ? prose`BP1. In ${en}, ${v(layer, j)} depends on ${u(layer, j)} alone, so there is no sum.${cancels ? " The slope of the activation cancels against the cost's." : ""}`
      : prose`BP1. Every output depends on ${u(layer, j)}, so the whole Jacobian of softmax takes part.${cancels ? " Most of it cancels." : ""}`,
    plain
      ? prose`BP1。在${zh}，${v(layer, j)} 只依赖 ${u(layer, j)}，所以没有求和。${cancels ? "激活函数的斜率与代价的导数相消。" : ""}`
      : prose`BP1。每个输出都依赖 ${u(layer, j)}，所以要用 softmax 的整个雅可比矩阵。${cancels ? "其中大部分相消。" : ""}`,
  );
  const first = equation(delta(layer, j), [deltaByChain(subject, layer, j), ...steps], { label: "BP1", why });
  if (normalized === null || !sharesSumToOne) return [first];
  const total = sum(j, target(j));
  return [
    first,
    equation(delta(layer, j), [normalized], {
      sharesSumToOne: true,
      why: both(prose`What is left, because ${total} = 1.`, prose`因为 ${total} = 1，最后只剩这一项。`),
    }),
  ];
}

function ofHidden(subject: Subject, layer: number): EquationBlock[] {
  const i = letterOf(subject, layer);
  const k = reached(subject, layer, i);
  const above = letterOf(subject, layer + 1);
  const { en, zh } = whichLayer(subject, layer);
  const one = delta(layer, i);
  const bySum = scaled(subject, sum(above, chain(partial(cost, u(layer + 1, above)), partial(u(layer + 1, above), v(layer, k)))));
  return [
    equation(scaled(subject, partial(cost, v(layer, k))), [bySum, arriving(subject, layer, k)], {
      why: both(
        prose`${v(layer, k)} reaches the cost through every ${u(layer + 1, above)} of ${layerWords(subject, layer + 1).en}, so their parts are added.`,
        prose`${v(layer, k)} 通过${layerWords(subject, layer + 1).zh}的每个 ${u(layer + 1, above)} 影响代价，所以各部分相加。`,
      ),
    }),
    equation(delta(layer, i), [deltaByChain(subject, layer, i), ...deltaOfHidden(subject, layer, i)], {
      label: "BP2",
      why: both(
        prose`BP2. In ${en}, ${one} is what comes back through the weights times the slope of the activation. The weights are those of the forward pass, not yet updated.`,
        prose`BP2。在${zh}，${one} 等于沿权重传回来的量乘以激活函数的斜率。这里的权重是前向计算时的权重，还没有更新。`,
      ),
    }),
  ];
}

function gradients(subject: Subject, layer: number): EquationBlock[] {
  const [j, i] = [letterOf(subject, layer), letterOf(subject, layer - 1)];
  const ofBias = slopeBy(subject, bias(layer, j), delta(layer, j));
  const ofWeight = slopeBy(subject, weight(layer, j, i), chain(delta(layer, j), v(layer - 1, i)));
  return [
    equation(ofBias.left, [ofBias.right], {
      label: "BP3",
      why: !isLast(subject, layer) ? null : both(prose`BP3. ${u(layer, j)} contains the bias with factor 1.`, prose`BP3。${u(layer, j)} 中偏置的系数是 1。`),
    }),
    equation(ofWeight.left, [ofWeight.right], {
      label: "BP4",
      why: !isLast(subject, layer) ? null : both(prose`BP4. ${delta(layer, j)} where the weight ends, times the output where it begins.`, prose`BP4。权重终点的 ${delta(layer, j)} 乘以权重起点的输出。`),
    }),
  ];
}

/** The first section: layers, sizes, what a neuron computes, what the cost is. */

import type { ActivationName } from "../../../network/activation.ts";
import { activationWords, costPhrase } from "../../../network/on-paper.ts";
import type { Bilingual, Block, Expression, Section } from "../language/ast.ts";
import { both, equation, fraction, number, ofSample, plus, prose, remark, sampleSum, symbol, text, times } from "../language/build.ts";
import { indexName, layerName } from "../language/names.ts";
import { layerWords } from "../language/phrases.ts";
import { hasLetters, isElementwise, letterOf, type Subject } from "../language/subject.ts";
import { bias, classWeight, cost, costOf, count, error, hasError, hasShares, hasWeights, inputOf, outputOf, share, shareOf, target, u, v, weight } from "./entries.ts";

export function setUp(subject: Subject): Section {
  const { sizes, layers } = subject;
  const hidden = letterOf(subject, 1);
  const input = letterOf(subject, 0);
  const blocks: Block[] = [
    text(
      prose`The network has ${layers} ${layers === 1 ? "layer" : "layers"} of neurons over its ${sizes[0]!} ${sizes[0] === 1 ? "input" : "inputs"}, and ${costPhrase(subject.cost).en} as its cost.`,
      prose`网络在 ${sizes[0]!} 个输入之上有 ${layers} 层神经元，代价函数是${costPhrase(subject.cost).zh}。`,
    ),
    {
      kind: "table",
      head: [both("layer", "层"), both("units", "单元数"), both("letter", "下标"), both("activation", "激活函数")],
      rows: sizes.map((units, l) => [
        both(layerName(l, subject)),
        both(String(units)),
        both([indexName(letterOf(subject, l), subject)]),
        l === 0 ? both("input", "输入") : named(subject.activations[l - 1]!),
      ]),
    },
    text(
      prose`A weight ${weight(1, hidden, input)} leads to neuron ${u(1, hidden)} from output ${v(0, input)}: ${indexWords(subject).en}. The input layer has neither weights nor activation: its outputs ${v(0, input)} are the input itself.`,
      prose`权重 ${weight(1, hidden, input)} 从输出 ${v(0, input)} 通向神经元 ${u(1, hidden)}：${indexWords(subject).zh}。输入层没有权重和激活函数：它的输出 ${v(0, input)} 就是输入本身。`,
    ),
  ];
  for (let l = 1; l <= layers; l++) {
    const j = letterOf(subject, l);
    const { en, zh } = layerWords(subject, l);
    blocks.push(
      equation(u(l, j), [inputOf(subject, l, j)], {
        why: both(`A neuron of ${en} adds its weighted inputs and its bias.`, `${zh}的神经元把加权输入与偏置相加。`),
      }),
      equation(v(l, j), [outputOf(subject, l, j)], {
        why: isElementwise(subject, l)
          ? both("Its output is the activation of that sum.", "它的输出是这个和的激活值。")
          : both("Softmax makes shares: each output depends on all inputs of its layer.", "softmax 给出份额：每个输出都依赖本层的所有输入。"),
      }),
    );
  }
  const j = letterOf(subject, layers);
  if (hasError(subject)) {
    blocks.push(equation(error(j), [plus(target(j), { kind: "negative", of: v(layers, j) })], { why: both("The error of an output is what it lacks of its target.", "输出的误差是目标与输出之差。") }));
  }
  if (hasShares(subject)) {
    blocks.push(equation(share(j), [shareOf(subject, j)], { why: both("The cost turns the outputs into shares first.", "代价函数先把输出变成份额。") }));
  }
  if (hasWeights(subject)) blocks.push(text(prose`${classWeight(j)} is the weight of class ${indexName(j, subject)}.`, prose`${classWeight(j)} 是类别 ${indexName(j, subject)} 的权重。`));
  blocks.push(
    equation(cost, [costOf(subject)], { why: both("What one sample costs.", "一个样本的代价。") }),
    equation(symbol("cost"), [batchCost(subject)], {
      why: subject.reduction === "mean"
        ? both(prose`The cost of a batch is the mean over its ${count} samples. Below, a formula without a sample's mark is about one sample.`, prose`一批样本的代价是 ${count} 个样本的平均。下文中没有样本标记的公式都是针对单个样本的。`)
        : both("The cost of a batch is the sum over its samples. Below, a formula without a sample's mark is about one sample.", "一批样本的代价是各样本代价之和。下文中没有样本标记的公式都是针对单个样本的。"),
    }),
  );
  blocks.push(...remarksOf(subject));
  return { title: both("The network", "网络"), blocks };
}

function named(activation: ActivationName): Bilingual {
  const { en, zh } = activationWords(activation);
  return both(en, zh);
}

function batchCost({ reduction }: Subject): Expression {
  const total = sampleSum(ofSample(cost));
  return reduction === "mean" ? times(fraction(number(1), count), total) : total;
}

function indexWords(subject: Subject): { readonly en: string; readonly zh: string } {
  const fromTo = subject.notation.weightIndices === "from-to" || hasLetters(subject);
  return fromTo
    ? { en: "the first index is where it comes from, the second where it goes", zh: "第一个下标是起点，第二个下标是终点" }
    : { en: "the first index is where it goes, the second where it comes from", zh: "第一个下标是终点，第二个下标是起点" };
}

/** What a reader of this notation must know. */
function remarksOf(subject: Subject): Block[] {
  const j = letterOf(subject, subject.layers);
  switch (subject.notation.name) {
    case "document":
      if (!hasLetters(subject)) return [];
      return [
        remark(
          prose`The letter of a neuron says its layer: m is in M, i in I, j in J. The document leaves the bias ${bias(2, j)} out of ${u(2, j)}, and calls the last layer linear while it differentiates a sigmoid; here each layer has the activation of the table.`,
          prose`神经元的下标字母说明它所在的层：m 在 M 层，i 在 I 层，j 在 J 层。原文的 ${u(2, j)} 漏写了偏置 ${bias(2, j)}；又说最后一层是线性层，却对 sigmoid 求导；这里各层的激活函数以上表为准。`,
        ),
      ];
    case "nielsen":
      return [remark("The book counts the input as layer 1: its W² is the parameter W1 of the network, its W³ is W2, and so on.", "书中把输入算作第 1 层：书中的 W² 是网络参数 W1，W³ 是 W2，以此类推。")];
    case "haykin":
      return [
        remark(
          prose`The book writes (n) after everything that belongs to sample n; here it stands only within sums over samples. Its ${symbol("u", null)} is the input of a neuron, not the output.`,
          prose`书中在属于样本 n 的每个量之后都写 (n)，这里只在对样本求和时写出。书中的 ${symbol("u", null)} 是神经元的输入，而不是输出。`,
        ),
      ];
    case "ng":
      return [
        remark(
          prose`Capitals hold a batch, one sample in each column. In Ng's courses ${symbol("delta", null)} is a derivative of a single sample's loss: the mean enters with dW and db.`,
          prose`大写字母表示一批样本，每列一个样本。在吴恩达的课程里 ${symbol("delta", null)} 是单个样本损失的导数：取平均是在 dW 和 db 中进行的。`,
        ),
      ];
    case "cs231n":
      return [
        remark(
          "Arrays hold a batch, one sample in each row, and W is in × out. Neurons are counted from 0, as NumPy does. A name dX stands for the derivative of the batch's cost by X: the mean is in dscores already.",
          "数组表示一批样本，每行一个样本，W 的布局是“输入 × 输出”。神经元像 NumPy 那样从 0 数起。名字 dX 表示整批代价对 X 的导数：平均的 1/N 已经包含在 dscores 里。",
        ),
      ];
  }
}

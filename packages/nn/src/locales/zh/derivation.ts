/** Sentences of derivations, in Chinese. */

import type { derivation as en } from "../en/derivation.ts";

export const derivation: typeof en = {
  chainRule: "权重只能通过依赖它的量来影响代价。链式法则把从权重到代价的一条路径上的导数相乘，再把所有路径相加。",
  chainRuleTitle: "对每个权重用链式法则",
  pathsSummed: ({ layer, output }) => `在${layer}，${output} 所到达的每个上层神经元都是一条路径，所以要对路径求和。`,
  onePath: ({ layer, weight }) => `在${layer}，从 ${weight} 到代价只有一条路径。`,
  pathThroughEach: ({ layer, input }) => `在${layer}，每个输出都依赖 ${input}，所以经过每个输出各有一条路径。`,
  writtenOut: ({ layer, count }) => `把${layer}的一个权重写开：共 ${count} 条路径。`,
  sharedFactors:
    "通向同一个神经元的所有权重，除最后一个因子外都相同。" +
    "这个公共部分就是代价对该神经元输入的导数，给它一个名字；它并不是对权重的梯度。",
  collapsingTitle: ({ delta }) => `把链式乘积收拢为 ${delta}`,
  minusInside: ({ delta, eta, deltas }) =>
    `这里的 ${delta} 已经含有负号，所以学习时要加上它的 ${eta} 倍。` +
    `另一种常见约定取导数本身的符号，所有 ${deltas} 与更新公式都差一个符号；两者混用是常见错误。`,
  meanEntersOnce: "平均的 1/N 只在最后一层乘一次，之后随递推传下去。",
  minusOneBelongs: ({ delta }) => `因子 −1 属于 ${delta}：它是 v − t 乘以斜率，而不是 t − v。原文没有把它乘出来。`,
  noSum: ({ layer, output, input, cancels }) =>
    `BP1。在${layer}，${output} 只依赖 ${input}，所以没有求和。${cancels ? "激活函数的斜率与代价的导数相消。" : ""}`,
  wholeJacobian: ({ input, cancels }) =>
    `BP1。每个输出都依赖 ${input}，所以要用 softmax 的整个雅可比矩阵。${cancels ? "其中大部分相消。" : ""}`,
  whatIsLeft: ({ total }) => `因为 ${total} = 1，最后只剩这一项。`,
  partsAdded: ({ output, inputs, layer }) => `${output} 通过${layer}的每个 ${inputs} 影响代价，所以各部分相加。`,
  comesBack: ({ layer, delta }) =>
    `BP2。在${layer}，${delta} 等于沿权重传回来的量乘以激活函数的斜率。这里的权重是前向计算时的权重，还没有更新。`,
  biasWithFactorOne: ({ input }) => `BP3。${input} 中偏置的系数是 1。`,
  whereWeightEnds: ({ delta }) => `BP4。权重终点的 ${delta} 乘以权重起点的输出。`,
  anyNumberOfLayers: ({ weight }) =>
    "令 M = 0，I = 1，J = 2 = L，同样的公式对任意层数成立。" +
    `这里 ${weight} 是矩阵 W 第 j 行第 k 列的元素：从 k 通向 j。`,
  anyHiddenLayer: "四个公式对最后一层 L 以下的任意隐含层 l 成立。下标表示神经元：j 属于第 l 层，k 属于相邻层。",
  slipsOfDocument: ({ last, first }) =>
    `原文最后一个和式写的是 ${last}，第一个和式写的是 ${first}。这两处都是笔误：` +
    "权重属于第 l+1 层、从 j 通向 k，起作用的是被求和的神经元 k 的 δ。",
  generalTitle: "推广到任意层",
  uphill: "梯度指向代价上升的方向，所以要朝相反方向走一步。先用旧权重算出所有梯度，然后所有权重才一起更新。",
  stepAfterSample: "只看一个样本时的一步。",
  learningTitle: "学习规则",
  stepAfterBatch: "看完一批样本之后的一步；偏置与权重同样学习。",
  meanOfBatch: "一批样本的梯度是各样本梯度的平均：",
  sumOfBatch: "一批样本的梯度是各样本梯度之和：",
  matrixTitle: "矩阵形式",
  backwardThrough: ({ layer }) => `反向经过${layer}：`,
  softmaxWithoutJacobian: "乘以输出，并减去以输出为权重的平均值，就等于乘上 softmax 的雅可比矩阵，而不必把它写出来。",
  targetsSumToOne: "目标之和为 1 时。",
  columnVectors: "向量是列向量，W 的布局是“输出 × 输入”，⊙ 是逐项相乘（Hadamard 乘积，不是标量积）。形状写在符号下面。",
  samplesInColumns: ({ count }) =>
    `每列是 ${count} 个样本之一，W 的布局是“输出 × 输入”，⊙ 是逐项相乘，b 对每一列重复。形状写在符号下面。`,
  samplesInRows: ({ count }) =>
    `每行是 ${count} 个样本之一，W 的布局是“输入 × 输出”，` +
    "* 是逐项相乘，@ 是矩阵乘法，b 对每一行重复。形状写在符号下面。",
  numbersOfSample: "把这个网络和这个样本的数值代入公式；计算使用全部位数，只在打印时舍入。",
  numbersOfFirst: ({ samples }) =>
    `把这个网络和 ${samples} 个样本中的第一个代入公式；计算使用全部位数，只在打印时舍入。`,
  numbersTitle: "代入数值",
  forwardThrough: ({ layer }) => `前向经过${layer}：`,
  allAsArrays: "全部写成数组：",
  layersAndCost: ({ layers, inputs, cost }) => `网络在 ${inputs} 个输入之上有 ${layers} 层神经元，代价函数是${cost}。`,
  layerHead: "层",
  unitsHead: "单元数",
  letterHead: "下标",
  input: "输入",
  activationHead: "激活函数",
  whereWeightLeads: ({ weight, neuron, output, order }) =>
    `权重 ${weight} 从输出 ${output} 通向神经元 ${neuron}：${order}。` +
    `输入层没有权重和激活函数：它的输出 ${output} 就是输入本身。`,
  weightedInputs: ({ layer }) => `${layer}的神经元把加权输入与偏置相加。`,
  outputIsActivation: "它的输出是这个和的激活值。",
  softmaxShares: "softmax 给出份额：每个输出都依赖本层的所有输入。",
  errorOfOutput: "输出的误差是目标与输出之差。",
  outputsToShares: "代价函数先把输出变成份额。",
  weightOfClass: ({ weight, index }) => `${weight} 是类别 ${index} 的权重。`,
  costOfSample: "一个样本的代价。",
  meanOverSamples: ({ count }) =>
    `一批样本的代价是 ${count} 个样本的平均。下文中没有样本标记的公式都是针对单个样本的。`,
  sumOverSamples: "一批样本的代价是各样本代价之和。下文中没有样本标记的公式都是针对单个样本的。",
  networkTitle: "网络",
  indicesFromTo: "第一个下标是起点，第二个下标是终点",
  indicesToFrom: "第一个下标是终点，第二个下标是起点",
  lettersOfDocument: ({ bias, input }) =>
    `神经元的下标字母说明它所在的层：m 在 M 层，i 在 I 层，j 在 J 层。原文的 ${input} 漏写了偏置 ${bias}；` +
    "又说最后一层是线性层，却对 sigmoid 求导；这里各层的激活函数以上表为准。",
  layersOfNielsen: "书中把输入算作第 1 层：书中的 W² 是网络参数 W1，W³ 是 W2，以此类推。",
  samplesOfHaykin: ({ input }) =>
    `书中在属于样本 n 的每个量之后都写 (n)，这里只在对样本求和时写出。书中的 ${input} 是神经元的输入，而不是输出。`,
  batchesOfNg: ({ delta }) =>
    "大写字母表示一批样本，每列一个样本。在吴恩达的课程里 " +
    `${delta} 是单个样本损失的导数：取平均是在 dW 和 db 中进行的。`,
  arraysOfCs231n:
    "数组表示一批样本，每行一个样本，W 的布局是“输入 × 输出”。神经元像 NumPy 那样从 0 数起。" +
    "名字 dX 表示整批代价对 X 的导数：平均的 1/N 已经包含在 dscores 里。",
  title: ({ sizes, notation }) => `${sizes} 网络的反向传播（${notation}）`,
  notationOfDocument: "原文的记号 u、v、δ",
  notationOfNielsen: "Nielsen 书中的记号",
  notationOfHaykin: "Haykin 书中的记号",
  notationOfNg: "吴恩达课程的记号",
  notationOfCs231n: "CS231n 讲义的记号",
  layer: ({ name }) => `第 ${name} 层`,
  outputLayer: ({ layer }) => `输出层（${layer}）`,
  hiddenLayer: ({ layer }) => `隐含层（${layer}）`,
  backwardComment: "// 反向：从最后一层往下求 δ，所有梯度都用前向计算时的权重。",
  toFromComment: "// 输入之后的各层从 1 数起。W1[j][i] 从神经元 i 通向神经元 j。",
  fromToComment: "// 输入之后的各层从 1 数起。W1[i][j] 从神经元 i 通向神经元 j。",
  functionComment: "/** 一批样本（每行一个）的代价，以及代价对每个权重和偏置的梯度。 */",
};

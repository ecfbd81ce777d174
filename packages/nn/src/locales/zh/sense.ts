/** Sentences about what formulas mean, in Chinese. */

import type { sense as en } from "../en/sense.ts";

export const sense: typeof en = {
  nothingChecked: "这里没有可检查的内容：请给出 δ、∂C/∂W、∂C/∂b、u、v、ΔW、Δb 或 C 的公式",
  rateNotPositive: ({ value }) => `学习率 ${value} 会上坡或停住：应为正数`,
  definedByItself: "该量（直接或间接）由自身定义",
  onlyAnotherName: "这只是左边的另一种写法：没有可计算的内容",
  notGiven: "没有公式给出该量",
  nothingRead: "没有读到反向传播的任何式子，而这一行没有用到：请写成公式（δ² = …），独占一行或置于两个 $ 之间",
  onEqualWidths: ({ width }) => `这些形状不相配；本报告其余部分在每层宽度均为 ${width} 的网络上理解这些公式`,
  rowOrColumn: "这里没有说明哪个向量是行、哪个是列：请写出转置（如 δ vᵀ），即可判定",
  noSuchNeuron: ({ index, layer, count }) => `第 ${layer} 层没有第 ${index} 个神经元，该层只有 ${count} 个`,
  unboundIndex: ({ index }) => `${index} 既不在左边，也没有被求和：请在前面写 Σ_${index}`,
  indexOfTwoLayers: ({ index, first, firstSize, second, secondSize }) =>
    `${index} 先在第 ${first} 层（d${first} = ${firstSize}）取值，` +
    `这里却在第 ${second} 层（d${second} = ${secondSize}）：一个下标只能属于一层`,
  twoIndices: "权重有两个下标（到哪个、从哪个神经元），如 w_{jk}",
  summedTwice: ({ index, onLeft }) =>
    `${index} 被求和，但它${onLeft ? "也出现在左边" : "在外层已被求和"}：请换一个字母`,
  indexNotSummed: ({ index }) => `求和的内容中没有出现 ${index}`,
  anyNeuron: "请用字母下标（如 j）写出一般公式，而不是单个神经元的公式",
  sameIndexTwice: "左边两个下标相同：w_{jk} 应有两个不同下标",
  noBiases: "没有写偏置：按没有偏置的网络判定",
  stepAdds: "这里的梯度是 −∂C/∂w，更新时应相加：只是符号约定不同，不是错误",
  weightFromTo: "w_{jk} 按从 j 到 k 的权重理解",
  inputIsOne: "层号从输入层为 1 开始计",
  layersFromZero: "层号从 0 开始计",
  deltasFromOne: "δ 的层号从输入层为 1 开始计",
  outputsAndDeltasFromOne: "a 和 δ 的层号从输入层为 1 开始计",
  weightsFromZero: "权重从 0 开始编号",
  whichHiddenLayer: ({ count }) => `是哪一个隐藏层？该网络有 ${count} 个：请写出层号`,
  oneLayer: "所有层号都指网络仅有的这一层",
  biasOfDelta: "这里比该层的单元多一项，即偏置的那一项：请去掉 W 的偏置列，如 Theta2(:,2:end)",
  onesLeftOut: "省去了对应偏置的 1：权重按不含偏置列来判定",
  lineNotUsed: "这一行没有用到",
  dollarAlone: "这个 $ 没有配对：公式应写在两个 $ 之间",
  nameDefinedByItself: ({ name }) => `${name} 由自身定义`,
  placed: ({ line, column, says }) => `第 ${line} 行第 ${column} 列：${says}`,
  definitionNotRead: ({ name }) => `没有读入 ${name} 的定义：按其名称理解`,
  withoutIt: ({ says, formula }) => `${says}；去掉它即为：${formula}`,
  countOfSamples: "该字母表示样本数：应为 X.shape[0]、len(X) 或一个数",
  usedNowhere: ({ name }) => `${name} 没有在别处用到，不予判定`,
  givenAgain: ({ name, line }) => `第 ${line} 行又给出了 ${name}：只判定那一个`,
  namesReadAs: ({ names }) => `名称的理解：${names}`,
  derivativeInOutput: ({ name, form }) =>
    `${name === "activation" ? "导数" : `${name} 的导数`}的参数是层的输出：按用输出表示的导数理解${form}`,
  layerOnRightOnly: "右边依赖于 l 而左边没有：请给左边加上层号 l",
  noLayerHasAll: ({ last }) => `该网络没有任何一层具备公式中的所有量：层号为 1 到 ${last}`,
  noSuchLayerBelow: ({ l, layer }) => `当 l = ${l} 时用到不存在的第 ${layer} 层：此处不予判定`,
  everyLayerHasItsOwn: "该公式的每一层都另有公式：没有用到它",
  unknownName: ({ name, near }) =>
    `未知的 ${name}：应为带层号的 W、b、u、v、x、t、δ、∂C/∂W、∂C/∂b、N、η、λ，` +
    `或其他公式中定义的名称${near === null ? "" : `；是否指 ${near}？`}`,
  notCheckable: "左边不是可检查的量：应为 u、v、δ、∂C/∂v、∂C/∂W、∂C/∂b、ΔW、Δb、C 或自定义名称",
  whichLayer: ({ last }) => `是哪一层？请写层号（如 δ²${last === 1 ? "" : `，1 到 ${last}`}），或用 ^l 表示所有层`,
  readAtLayerL: "左边没有层号：按第 l 层理解",
  noSuchLayer: ({ layer, first, last }) => `不存在第 ${layer} 层：该网络的层号为 ${first} 到 ${last}`,
  noActivation: ({ layer, last }) => `第 ${layer} 层没有激活函数：该网络的层号为 1 到 ${last}`,
  noFactor: "该导数不是链式法则中的单个因子：可用 ∂u^{l+1}/∂v^l、∂v^l/∂u^l、∂u^l/∂w^l、∂u^l/∂b^l 和 ∂e/∂v",
  whichIndex: ({ letters }) => `对哪个下标求和，${letters.join(" 还是 ")}？请写在 Σ 下方`,
  atLayer: ({ l, what }) => `当 l = ${l} 时：${what}`,
  diagOfVector: ({ source, shape }) => `diag 需要向量，而 ${source} 是 ${shape}`,
  sumOfAllSamples: "矩阵已包含所有样本，不应再对样本求和",
  sumOfMatrix: ({ index, shape }) => `对 ${index} 求和应是数，而这里是没有下标的 ${shape} 矩阵`,
  sumInOneSample: "单样本公式中对样本求和",
  notAddable: ({ shapes, a, b, isSum, fits }) =>
    `${shapes}：不能${isSum ? "相加减" : "逐元素运算"}${fits ? `；${a} 与 ${b} 的转置相配` : ""}`,
  shapes: ({ a, left, b, right }) => `${a} 是 ${left}，${b} 是 ${right}`,
  readAsOuter: ({ shapes, a, b, left, right }) =>
    `${shapes}：两个列向量不能相乘；按 ${a} (${b})^T 理解，即 ${left}×${right} 矩阵`,
  entrywiseOrOuter: ({ one, other, outer }) => `逐元素相乘请写 ${one} ⊙ ${other}，矩阵请写 ${outer}`,
  outerProduct: ({ outer, left, right }) => `${outer} 是 ${left}×${right} 矩阵`,
  noProduct: ({ shapes, what }) => `${shapes}：两个列向量没有矩阵乘积：${what}`,
  entrywise: ({ one, other }) => `${one} ⊙ ${other}（逐元素）`,
  unless: ({ left, right }) => `，除非 ${left} = ${right}`,
  doesNotFit: ({ shapes, written, accident }) => `${shapes}：${written} 不相配${accident}`,
  otherFits: ({ shapes, options, written, accident }) =>
    `${shapes}：${options.join(" 或 ")} 相配，${written} 不相配${accident}`,
  matrixForNumber: ({ shape }) => `左边对每个下标是一个数，右边却是 ${shape} 矩阵：请写出下标`,
  otherShape: ({ name, expected, given, transposed }) =>
    `${name} 是 ${expected}，右边是 ${given}${transposed ? "：转置了" : ""}`,
};

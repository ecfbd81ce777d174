/** Sentences about a kernel by hand and of its manners, in Chinese. */

import type { kernels as en } from "../en/kernels.ts";

export const kernels: typeof en = {
  notLinear: "它对上游梯度不是线性的：上游加倍，结果没有加倍",
  noUpstream: "你的反向不接受上游梯度：输出是一个数时并不需要",
  rowsSumToOne: ({ name }) => `在 ${name} 的每一行之和为 1 时（如类别标签）是对的：用这样的数试过`,
  notRepeatable: "同样的输入两次调用得到不同的结果：请在外面抽取随机数再传入",
  callsDiffer: ({ gap }) => `两次调用相差最大元素的 ${gap}`,
  argumentsWritten: ({ places }) => `改写了传入的参数（${places}）：其他使用者会看到别的数；请写进副本`,
  inOnePiece: ({ way }) => `假定上游梯度在内存中连续：同样的数换成另一种存放方式（${way}），结果就变了`,
  triedOnPositive: "用正数来试：在别处你的前向给不出数",
  triedOnUnit: "用 0 与 1 之间的数来试：在别处你的前向给不出数",
  judgedWithout: ({ names }) => `你的前向没有 ${names.join("、")}：按没有来判断`,
  takenAtUpstream: ({ name, more }) => `该对 ${name} 求导的地方用了上游梯度${more}`,
  notMultiplied: "，而且没有乘上游梯度",
  inputMultiplied: ({ name }) => `，而乘的是 ${name}`,
  takenAtOutput: ({ name }) => `导数用了输出，而不是 ${name}`,
  exchanged: ({ name, other }) => `${name} 与 ${other} 互换了：交换两者的值之后对 ${name} 求导正是它`,
  upstream: "上游梯度",
  output: "输出",
  holdsOne: ({ name, value }) => `${name} 处处是 ${value}`,
  rowsHoldOne: ({ name }) => `${name} 的每一行都只有一个数`,
  columnsHoldOne: ({ name }) => `${name} 的每一列都只有一个数`,
  isPositive: ({ name }) => `${name} 处处为正`,
  isNegative: ({ name }) => `${name} 处处为负`,
  hides: ({ name }) => `${name} 的这些数把它掩盖了`,
  oneEntry: ({ name, axis }) => `${name} 的第 ${axis} 轴只有一个元素`,
  sameEitherWay: "两个公式给出同样的数",
  unexplained: "不对，而且没有哪种典型错误能解释这些数",
  asGraph: "写成计算图，用 tap 给途中的值命名并交上它们的梯度，就能逐步判断",
};

/** How activations and costs are called, in Chinese. */

import type * as en from "../en/network.ts";

export const namesOfActivations: typeof en.namesOfActivations = {
  elu: "ELU",
  geluTanh: "GELU（tanh 近似）",
  gelu: "GELU",
  hardSigmoid: "hard sigmoid",
  leakyRelu: "leaky ReLU",
  linear: "线性",
  relu: "ReLU",
  selu: "SELU",
  sigmoid: "sigmoid",
  silu: "SiLU",
  softmax: "softmax",
  softplus: "softplus",
  softsign: "softsign",
  tanh: "tanh",
};

export const namesOfCosts: typeof en.namesOfCosts = {
  mae: "平均绝对误差",
  huber: "Huber",
  crossEntropy: "交叉熵",
  bce: "二类交叉熵",
  categoricalCrossEntropy: "多类交叉熵",
  softmaxCrossEntropy: "softmax 交叉熵",
  hinge: "hinge",
  multiclassHinge: "多类 hinge",
  quadratic: "二次",
  sse: "平方和",
  mse: "均方",
};

export const phrasesOfCosts: typeof en.phrasesOfCosts = {
  mae: "绝对误差的平均",
  huber: "Huber 代价",
  crossEntropy: "交叉熵",
  bce: "二类交叉熵",
  categoricalCrossEntropy: "多类交叉熵",
  softmaxCrossEntropy: "内含 softmax 的交叉熵",
  hinge: "间隔的 hinge 代价",
  multiclassHinge: "类间间隔的 hinge 代价",
  quadratic: "平方和的一半",
  sse: "平方和",
  mse: "对输出取平均的平方",
};

export const additions: typeof en.additions = {
  parameter: ({ name, value }) => `${name}（${value}）`,
  options: ({ name, options }) => `${name}（${options.join("，")}）`,
  labelSmoothing: ({ share }) => `标签平滑 ${share}`,
  classWeights: ({ weights }) => `类别权重 ${weights.join("、")}`,
  summed: "对输出求和",
  averaged: "对输出取平均",
};

/** How activations and costs are called, in English. */

export const namesOfActivations = {
  elu: "ELU",
  geluTanh: "GELU by tanh",
  gelu: "GELU",
  hardSigmoid: "hard sigmoid",
  leakyRelu: "leaky ReLU",
  linear: "linear",
  relu: "ReLU",
  selu: "SELU",
  sigmoid: "sigmoid",
  silu: "SiLU",
  softmax: "softmax",
  softplus: "softplus",
  softsign: "softsign",
  tanh: "tanh",
};

/** Before "cost". */
export const namesOfCosts = {
  mae: "mean absolute",
  huber: "Huber",
  crossEntropy: "cross-entropy",
  bce: "binary cross-entropy",
  categoricalCrossEntropy: "categorical cross-entropy",
  softmaxCrossEntropy: "softmax cross-entropy",
  hinge: "hinge",
  multiclassHinge: "multi-class hinge",
  quadratic: "quadratic",
  sse: "sum-of-squares",
  mse: "mean-square",
};

/** In a sentence: "with half the sum of squares as its cost". */
export const phrasesOfCosts = {
  mae: "the mean of the absolute errors",
  huber: "Huber's cost",
  crossEntropy: "the cross-entropy",
  bce: "the binary cross-entropy",
  categoricalCrossEntropy: "the categorical cross-entropy",
  softmaxCrossEntropy: "the cross-entropy of a softmax that is part of the cost",
  hinge: "the hinge of the margins",
  multiclassHinge: "the hinge of the margins between classes",
  quadratic: "half the sum of squares",
  sse: "the sum of squares",
  mse: "the mean of squares over the outputs",
};

/** Parameters and options beside their names. */
export const additions = {
  parameter: ({ name, value }: { name: string; value: string }): string => `${name} (${value})`,
  options: ({ name, options }: { name: string; options: readonly string[] }): string =>
    `${name} (${options.join(", ")})`,
  labelSmoothing: ({ share }: { share: number }): string => `labels smoothed by ${share}`,
  classWeights: ({ weights }: { weights: readonly number[] }): string => `class weights ${weights.join(", ")}`,
  summed: "summed over the outputs",
  averaged: "averaged over the outputs",
};

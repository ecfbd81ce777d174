// The independent witness: the document's equations in plain loops over plain arrays, importing nothing of autograd.
export type { Activation, Cost, Matrix, PlainNetwork, Reduction, Vector } from "./network.ts";
export { widths } from "./network.ts";
export { activate, activateOne, jacobian, slope, softmax } from "./activations.ts";
export { erf, neuron, sigmoid } from "./neurons.ts";
export { costGradient, sampleCost } from "./costs.ts";
export { costOfBatch, costOfSample, forward, neuronInput } from "./forward.ts";
export type { Activity } from "./forward.ts";
export { bp1, bp1Collapsed, bp1Hadamard, bp1Jacobian, bp2, bp3, bp4, gradientBelow } from "./vector-form.ts";
export { bp1Scalar, bp2Scalar, bp3Scalar, bp4Scalar } from "./scalar-form.ts";
export type { NeuronActivation } from "./neurons.ts";
export { hiddenChain, outputChain } from "./three-layers.ts";
export type { HiddenChain, OutputChain } from "./three-layers.ts";
export { backprop, sampleDeltas } from "./backprop.ts";
export type { Backprop, LayerGradient } from "./backprop.ts";
export { learn, learnNetwork } from "./learning.ts";
export { costOfParameters, flattenGradients, flattenParameters, withParameters } from "./parameters.ts";
export { centralDifference, forwardDifference } from "./differences.ts";
export type { Differences } from "./differences.ts";

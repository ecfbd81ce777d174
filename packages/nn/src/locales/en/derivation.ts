/** Sentences of derivations, in English; formulas stand among the words where they are put in. */

export const derivation = {
  chainRule:
    "A weight moves the cost only through what depends on it. The chain rule multiplies " +
    "the derivatives along a path from the weight to the cost and adds the paths.",
  chainRuleTitle: "The chain rule, weight by weight",
  pathsSummed: ({ layer, output }: { layer: string; output: string }): string =>
    `In ${layer} every neuron above that ${output} reaches carries a path, so the paths are summed.`,
  onePath: ({ layer, weight }: { layer: string; weight: string }): string =>
    `In ${layer} one path leads from ${weight} to the cost.`,
  pathThroughEach: ({ layer, input }: { layer: string; input: string }): string =>
    `In ${layer} every output depends on ${input}, so a path leads through each of them.`,
  writtenOut: ({ layer, count }: { layer: string; count: number }): string =>
    `Written out for one weight of ${layer}: ${count} paths.`,
  sharedFactors:
    "All weights into one neuron share every factor but the last. That shared part is the " +
    "derivative by the neuron's input. It gets a name; it is not the gradient by a weight.",
  collapsingTitle: ({ delta }: { delta: string }): string => `Collapsing the chain: ${delta}`,
  minusInside: ({ delta, eta, deltas }: { delta: string; eta: string; deltas: string }): string =>
    `Here ${delta} has the minus sign inside, so a step of learning adds ${eta} ` +
    "times it. With the other common sign, that of the derivative itself, " +
    `every ${deltas} and every step formula changes sign; mixing the two is the usual mistake.`,
  meanEntersOnce: "The 1/N of the mean enters once, at the last layer, and the recursion carries it down.",
  minusOneBelongs: ({ delta }: { delta: string }): string =>
    `The factor −1 belongs to ${delta}: it is v − t times the slope, ` +
    "not t − v. The document never multiplies it out.",
  noSum: ({
    layer,
    output,
    input,
    cancels,
  }: {
    layer: string;
    output: string;
    input: string;
    cancels: boolean;
  }): string =>
    `BP1. In ${layer}, ${output} depends on ${input} alone, so there is no sum.` +
    (cancels ? " The slope of the activation cancels against the cost's." : ""),
  wholeJacobian: ({ input, cancels }: { input: string; cancels: boolean }): string =>
    `BP1. Every output depends on ${input}, so the whole Jacobian ` +
    `of softmax takes part.${cancels ? " Most of it cancels." : ""}`,
  whatIsLeft: ({ total }: { total: string }): string => `What is left, because ${total} = 1.`,
  partsAdded: ({ output, inputs, layer }: { output: string; inputs: string; layer: string }): string =>
    `${output} reaches the cost through every ${inputs} of ${layer}, so their parts are added.`,
  comesBack: ({ layer, delta }: { layer: string; delta: string }): string =>
    `BP2. In ${layer}, ${delta} is what comes back through the weights times the slope ` +
    "of the activation. The weights are those of the forward pass, not yet updated.",
  biasWithFactorOne: ({ input }: { input: string }): string => `BP3. ${input} contains the bias with factor 1.`,
  whereWeightEnds: ({ delta }: { delta: string }): string =>
    `BP4. ${delta} where the weight ends, times the output where it begins.`,
  anyNumberOfLayers: ({ weight }: { weight: string }): string =>
    "With M = 0, I = 1 and J = 2 = L, the same holds for any number of layers. " +
    `Here ${weight} is the entry in row j and column k of W: it leads to j, from k.`,
  anyHiddenLayer:
    "The four equations for any hidden layer l, below the last layer L. " +
    "The letters are neurons: j in layer l, k in the layer next to it.",
  slipsOfDocument: ({ last, first }: { last: string; first: string }): string =>
    `The document prints the last sum with ${last}, and ${first} in the first. Both are slips: ` +
    "the weight belongs to layer l+1 and leads from j to k, and it is the summed neuron k whose δ counts.",
  generalTitle: "The same for any layer",
  uphill:
    "The gradient points uphill, so a step goes the other way. Every gradient " +
    "is computed from the old weights first; only then do all weights move.",
  stepAfterSample: "The step after a single sample.",
  learningTitle: "Learning",
  stepAfterBatch: "The step after a batch; the biases learn as the weights do.",
  meanOfBatch: "A batch takes the mean of its samples' gradients:",
  sumOfBatch: "A batch takes the sum of its samples' gradients:",
  matrixTitle: "Matrix form",
  backwardThrough: ({ layer }: { layer: string }): string => `Backward through ${layer}:`,
  softmaxWithoutJacobian:
    "Multiplying by the outputs, and taking off the mean that they weigh, " +
    "is the Jacobian of softmax applied without building it.",
  targetsSumToOne: "For targets that sum to 1.",
  columnVectors:
    "Vectors are columns, W is out × in, and ⊙ multiplies entry by entry (Hadamard; " +
    "it is not the scalar product). Shapes stand under the symbols.",
  samplesInColumns: ({ count }: { count: string }): string =>
    `Each column is one of the ${count} samples, W is out × in, ⊙ multiplies entry by entry, ` +
    "and b is repeated for every column. Shapes stand under the symbols.",
  samplesInRows: ({ count }: { count: string }): string =>
    `Each row is one of the ${count} samples, W is in × out, * multiplies entry by entry, ` +
    "@ is the matrix product, and b is repeated for every row. Shapes stand under the symbols.",
  numbersOfSample:
    "The formulas with the numbers of this network and this sample; " +
    "the results are computed with all digits and rounded for print only.",
  numbersOfFirst: ({ samples }: { samples: number }): string =>
    `The formulas with the numbers of this network and the first of its ${samples} samples; ` +
    "the results are computed with all digits and rounded for print only.",
  numbersTitle: "With numbers",
  forwardThrough: ({ layer }: { layer: string }): string => `Forward through ${layer}:`,
  allAsArrays: "All of it as arrays:",
  layersAndCost: ({ layers, inputs, cost }: { layers: number; inputs: number; cost: string }): string =>
    `The network has ${layers} ${layers === 1 ? "layer" : "layers"} of neurons over ` +
    `its ${inputs} ${inputs === 1 ? "input" : "inputs"}, and ${cost} as its cost.`,
  layerHead: "layer",
  unitsHead: "units",
  letterHead: "letter",
  input: "input",
  activationHead: "activation",
  whereWeightLeads: ({
    weight,
    neuron,
    output,
    order,
  }: {
    weight: string;
    neuron: string;
    output: string;
    order: string;
  }): string =>
    `A weight ${weight} leads to neuron ${neuron} from output ${output}: ${order}. The input ` +
    `layer has neither weights nor activation: its outputs ${output} are the input itself.`,
  weightedInputs: ({ layer }: { layer: string }): string =>
    `A neuron of ${layer} adds its weighted inputs and its bias.`,
  outputIsActivation: "Its output is the activation of that sum.",
  softmaxShares: "Softmax makes shares: each output depends on all inputs of its layer.",
  errorOfOutput: "The error of an output is what it lacks of its target.",
  outputsToShares: "The cost turns the outputs into shares first.",
  weightOfClass: ({ weight, index }: { weight: string; index: string }): string =>
    `${weight} is the weight of class ${index}.`,
  costOfSample: "What one sample costs.",
  meanOverSamples: ({ count }: { count: string }): string =>
    `The cost of a batch is the mean over its ${count} samples. Below, ` +
    "a formula without a sample's mark is about one sample.",
  sumOverSamples:
    "The cost of a batch is the sum over its samples. Below, a formula without a sample's mark is about one sample.",
  networkTitle: "The network",
  indicesFromTo: "the first index is where it comes from, the second where it goes",
  indicesToFrom: "the first index is where it goes, the second where it comes from",
  lettersOfDocument: ({ bias, input }: { bias: string; input: string }): string =>
    "The letter of a neuron says its layer: m is in M, i in I, j in J. The document " +
    `leaves the bias ${bias} out of ${input}, and calls the last layer linear while ` +
    "it differentiates a sigmoid; here each layer has the activation of the table.",
  layersOfNielsen:
    "The book counts the input as layer 1: its W² is the parameter W1 of the network, its W³ is W2, and so on.",
  samplesOfHaykin: ({ input }: { input: string }): string =>
    "The book writes (n) after everything that belongs to sample n; here it stands only " +
    `within sums over samples. Its ${input} is the input of a neuron, not the output.`,
  batchesOfNg: ({ delta }: { delta: string }): string =>
    `Capitals hold a batch, one sample in each column. In Ng's courses ${delta} ` +
    "is a derivative of a single sample's loss: the mean enters with dW and db.",
  arraysOfCs231n:
    "Arrays hold a batch, one sample in each row, and W is in × out. Neurons are counted from 0, " +
    "as NumPy does. A name dX stands for the derivative of the batch's cost by X: the mean is in dscores already.",
  title: ({ sizes, notation }: { sizes: string; notation: string }): string =>
    `Back-propagation for a ${sizes} network, in ${notation}`,
  notationOfDocument: "the notation u, v, δ of the document",
  notationOfNielsen: "the notation of Nielsen's book",
  notationOfHaykin: "the notation of Haykin's book",
  notationOfNg: "the notation of Ng's courses",
  notationOfCs231n: "the notation of the CS231n notes",
  layer: ({ name }: { name: string }): string => `layer ${name}`,
  outputLayer: ({ layer }: { layer: string }): string => `the output ${layer}`,
  hiddenLayer: ({ layer }: { layer: string }): string => `the hidden ${layer}`,
  backwardComment: "// Backward: δ from the last layer down, every gradient from the weights of the forward pass.",
  toFromComment: "// Layers count from 1 after the input. W1[j][i] leads to neuron j, from neuron i.",
  fromToComment: "// Layers count from 1 after the input. W1[i][j] leads from neuron i, to neuron j.",
  functionComment: "/** The cost of a batch, one sample in each row, and its gradient by every weight and bias. */",
};

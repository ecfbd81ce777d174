/** Sentences about what formulas mean: names, layers, indices, shapes, in English. */

export const sense = {
  nothingChecked: "nothing here is checked: give a formula for δ, ∂C/∂W, ∂C/∂b, u, v, ΔW, Δb or C",
  rateNotPositive: ({ value }: { value: number }): string =>
    `a rate of ${value} climbs or stands still: expected a positive number`,
  definedByItself: "this quantity is defined by itself, directly or through others",
  onlyAnotherName: "this is only another name of the left side: there is nothing to compute",
  notGiven: "no formula gives this quantity",
  nothingRead:
    "nothing of a backward pass is read, and this line is not used: " +
    "write it as a formula, δ² = …, in a line or between dollars",
  onEqualWidths: ({ width }: { width: number }): string =>
    `these sizes do not fit; the rest of this report reads the formulas on layers of one width, ${width}`,
  rowOrColumn:
    "nothing here fixes which vector is a row and which a column: " +
    "write the transpose, as in δ vᵀ, and it is decided",
  noSuchNeuron: ({ index, layer, count }: { index: number; layer: number; count: number }): string =>
    `there is no neuron ${index} in layer ${layer}, which has ${count}`,
  unboundIndex: ({ index }: { index: string }): string =>
    `${index} is neither on the left nor summed: write Σ_${index} before it`,
  indexOfTwoLayers: ({
    index,
    first,
    firstSize,
    second,
    secondSize,
  }: {
    index: string;
    first: number;
    firstSize: number;
    second: number;
    secondSize: number;
  }): string =>
    `${index} runs over layer ${first} (d${first} = ${firstSize}) and here ` +
    `over layer ${second} (d${second} = ${secondSize}): one index has one layer`,
  twoIndices: "a weight has two indices, to which neuron and from which, as in w_{jk}",
  summedTwice: ({ index, onLeft }: { index: string; onLeft: boolean }): string =>
    `${index} is summed, ` +
    `but it ${onLeft ? "stands on the left too" : "is summed around it already"}: take another letter`,
  indexNotSummed: ({ index }: { index: string }): string => `${index} does not occur in what is summed`,
  anyNeuron: "write the formula for any neuron, with a letter such as j, not for a single one",
  sameIndexTwice: "the two indices on the left are the same: w_{jk} has two",
  noBiases: "no bias is written: judged on a network without biases",
  stepAdds: "the gradients are −∂C/∂w, which a step adds: another sign, not a mistake",
  weightFromTo: "w_{jk} is read as the weight from j to k",
  inputIsOne: "layers are counted from the input as 1",
  layersFromZero: "layers are counted from 0",
  deltasFromOne: "the layers of δ are counted from the input as 1",
  outputsAndDeltasFromOne: "the layers of a and δ are counted from the input as 1",
  weightsFromZero: "the weights are counted from 0",
  whichHiddenLayer: ({ count }: { count: number }): string =>
    `which hidden layer? The network has ${count}: write the number`,
  oneLayer: "the one layer of the network is meant by every number",
  biasOfDelta:
    "this has an entry more than the layer has units, " +
    "that of the bias: take its column of W off, as in Theta2(:,2:end)",
  onesLeftOut: "the ones for the bias are left out: weights are judged without their column of biases",
  lineNotUsed: "this line is not used",
  dollarAlone: "this $ has no partner: formulas stand between two of them",
  nameDefinedByItself: ({ name }: { name: string }): string => `${name} is defined by itself`,
  placed: ({ line, column, says }: { line: number; column: number; says: string }): string =>
    `line ${line}, column ${column}: ${says}`,
  definitionNotRead: ({ name }: { name: string }): string =>
    `the definition of ${name} is not read: it is taken for what its name says`,
  withoutIt: ({ says, formula }: { says: string; formula: string }): string => `${says}; without it: ${formula}`,
  countOfSamples: "this letter is the number of samples: expected X.shape[0], len(X) or a number",
  usedNowhere: ({ name }: { name: string }): string => `${name} is used nowhere, and is not judged`,
  givenAgain: ({ name, line }: { name: string; line: number }): string =>
    `${name} is given again in line ${line}: only that is judged`,
  namesReadAs: ({ names }: { names: string }): string => `names are read as: ${names}`,
  derivativeInOutput: ({ name, form }: { name: string; form: string }): string =>
    `${name === "activation" ? "the derivative" : `the derivative of ${name}`} is given the ` +
    `output of a layer: it is read as the derivative written in terms of the output${form}`,
  layerOnRightOnly: "the right side depends on l, the left side does not: give the left side the layer l",
  noLayerHasAll: ({ last }: { last: number }): string =>
    `no layer of this network has every quantity of this formula: its layers are 1 to ${last}`,
  noSuchLayerBelow: ({ l, layer }: { l: number; layer: number }): string =>
    `at l = ${l} this names layer ${layer}, which does not exist: it is not judged there`,
  everyLayerHasItsOwn: "every layer of this formula has a formula of its own: it is not used",
  unknownName: ({ name, near }: { name: string; near: string | null }): string =>
    `${name} is not known: expected one of W, b, u, v, x, t, δ, ∂C/∂W, ∂C/∂b, N, η, λ with its layer, ` +
    `or a name defined in another formula${near === null ? "" : `; did you mean ${near}?`}`,
  notCheckable:
    "this is no quantity that is checked: expected u, v, δ, ∂C/∂v, " +
    "∂C/∂W, ∂C/∂b, ΔW, Δb, C or a name of your own on the left",
  whichLayer: ({ last }: { last: number }): string =>
    `which layer? Write its number, as in δ²${last === 1 ? "" : `, from 1 to ${last}`}, or ^l for every layer`,
  readAtLayerL: "the left side has no layer: it is read at layer l",
  noSuchLayer: ({ layer, first, last }: { layer: number; first: number; last: number }): string =>
    `layer ${layer} does not exist: the network has the layers ${first} to ${last}`,
  noActivation: ({ layer, last }: { layer: number; last: number }): string =>
    `layer ${layer} has no activation: the network has the layers 1 to ${last}`,
  noFactor:
    "this derivative is no single factor of the chain: ∂u^{l+1}/∂v^l, ∂v^l/∂u^l, ∂u^l/∂w^l, ∂u^l/∂b^l and ∂e/∂v are",
  whichIndex: ({ letters }: { letters: readonly (string | number)[] }): string =>
    `over which index is summed, ${letters.join(" or ")}? Write it below the Σ`,
  atLayer: ({ l, what }: { l: number; what: string }): string => `at l = ${l}: ${what}`,
  diagOfVector: ({ source, shape }: { source: string; shape: string }): string =>
    `diag needs a vector, ${source} is ${shape}`,
  sumOfAllSamples: "a sum over samples where a matrix holds all samples",
  sumOfMatrix: ({ index, shape }: { index: string; shape: string }): string =>
    `a sum over ${index} adds numbers, but here stands a ${shape} matrix without its index`,
  sumInOneSample: "a sum over samples in a formula for one sample",
  notAddable: ({
    shapes,
    a,
    b,
    isSum,
    unless,
    fits,
  }: {
    shapes: string;
    a: string;
    b: string;
    isSum: boolean;
    unless: readonly string[];
    fits: boolean;
  }): string => {
    const accident = unless.length === 0 ? "" : ` unless ${unless.join(" and ")}`;
    const what = isSum ? "added" : "combined entry by entry";
    return `${shapes}: they cannot be ${what}${accident}${fits ? `; ${a} and the transpose of ${b} fit` : ""}`;
  },
  shapes: ({ a, left, b, right }: { a: string; left: string; b: string; right: string }): string =>
    `${a} is ${left} and ${b} is ${right}`,
  readAsOuter: ({
    shapes,
    a,
    b,
    left,
    right,
  }: {
    shapes: string;
    a: string;
    b: string;
    left: string;
    right: string;
  }): string => `${shapes}: two columns have no product; it is read as ${a} (${b})^T, a ${left}×${right} matrix`,
  entrywiseOrOuter: ({ one, other, outer }: { one: string; other: string; outer: string }): string =>
    `write ${one} ⊙ ${other} for entry by entry, or ${outer} for a matrix`,
  outerProduct: ({ outer, left, right }: { outer: string; left: string; right: string }): string =>
    `${outer} is a ${left}×${right} matrix`,
  noProduct: ({ shapes, what }: { shapes: string; what: string }): string =>
    `${shapes}: two columns have no matrix product: ${what}`,
  entrywise: ({ one, other }: { one: string; other: string }): string => `${one} ⊙ ${other}, entry by entry,`,
  unless: ({ left, right }: { left: string; right: string }): string => ` unless ${left} = ${right}`,
  doesNotFit: ({ shapes, written, accident }: { shapes: string; written: string; accident: string }): string =>
    `${shapes}: ${written} does not fit${accident}`,
  otherFits: ({
    shapes,
    options,
    written,
    accident,
  }: {
    shapes: string;
    options: readonly string[];
    written: string;
    accident: string;
  }): string => `${shapes}: ${options.join(" or ")} fits, ${written} does not${accident}`,
  matrixForNumber: ({ shape }: { shape: string }): string =>
    `the left side is one number for each index, the right side a ${shape} matrix: write its indices`,
  otherShape: ({
    name,
    expected,
    given,
    transposed,
  }: {
    name: string;
    expected: string;
    given: string;
    transposed: boolean;
  }): string => `${name} is ${expected}, the right side is ${given}${transposed ? ": it is transposed" : ""}`,
};

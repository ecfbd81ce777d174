/** Sentences about what came in: names, layers, sizes, numbers that are missing or do not fit, in English. */

export const intake = {
  couldBe: ({ path, doubt }: { path: string; doubt: string }): string => `${path} could be ${doubt}`,
  couldBeOneOf: ({ path, roles }: { path: string; roles: readonly string[] }): string =>
    `${path} could be ${roles.join(" or ")}: write which`,
  noNumbers: ({ path, kind, role }: { path: string; kind: string; role: string }): string =>
    `${path} is ${kind}, where ${role} needs numbers`,
  cannotBe: ({ path, kind }: { path: string; kind: string }): string => `${path} is ${kind}, which it cannot be`,
  unknownName: ({ path, name, near }: { path: string; name: string; near: string | null }): string =>
    `${path}: the name ${name} is not known${near === null ? "" : `; did you mean ${near}?`}`,
  besideCode: ({ path }: { path: string }): string =>
    `${path}: numbers of a backward pass stand beside code or equations: give one of them`,
  afterStep: ({ sign }: { sign: string }): string => `${sign} after the step`,
  afterTwoSteps: ({ sign }: { sign: string }): string => `${sign} after two steps`,
  otherInput: ({ path }: { path: string }): string => `${path} is the input, and x has other numbers: give one of them`,
  sizesFromShapes: ({ sizes }: { sizes: string }): string => `sizes ${sizes}, from the shapes`,
  ownCount: ({ roles }: { roles: readonly string[] }): string =>
    `${roles.join(", ")}: the file's own count, not those that stand beside it`,
  twice: ({ one, other, role }: { one: string; other: string; role: string }): string =>
    `${one} and ${other} are both ${role}, with different numbers: give one of them`,
  notFinite: ({ path, value }: { path: string; value: number }): string =>
    `${path}: it holds ${value}: nothing can be computed from that`,
  readAs: ({ from, to }: { from: string; to: string }): string => `${from} as ${to}`,
  gradientsBothWays: "gradients of W: some out × in, some in × out, each by its sizes",
  biasColumnTwice: ({ one, other }: { one: string; other: string }): string =>
    `${one} has a column for the bias, and ${other} is the same gradient: give one of them`,
  row: "row",
  column: "column",
  lineOfBias: ({ which, line, name }: { which: string | null; line: string; name: string }): string =>
    `the ${which} ${line} of ${name} is of the bias`,
  noNetwork: "nothing says which network it is",
  noSizes: "nothing says how many units the layers have",
  noActivations: "nothing says which activations the layers have",
  weightsMissing: ({ names, count, given }: { names: string; count: number; given: string }): string => {
    const why = "cannot be judged without, and numbers that are drawn now are not those that it was computed from";
    return `${names} ${count === 1 ? "is" : "are"} missing${given === "" ? "" : `: ${given} ${why}`}`;
  },
  dataMissing: ({ names }: { names: readonly string[] }): string =>
    "there is no data that the numbers belong to: " +
    `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} missing`,
  add: ({ lines }: { lines: readonly string[] }): string => `add ${lines.join(", ")}`,
  semicolon: "; ",
  perhapsLambda: "the λ of (λ/2n) Σ w², or another factor of the same: write lambda",
  perhapsDelta: "δ, or t − v: write delta for ∂C/∂u",
  perhapsErrorSentBack: "δ, or what is sent back before σ′: write delta for ∂C/∂u",
  perhapsChangeOfWeights: "the gradient ∂C/∂W, or the change −η ∂C/∂W: write gradW, or next",
  perhapsChangeOfBiases: "the gradient ∂C/∂b, or the change −η ∂C/∂b: write gradB, or next",
  perhapsHiddenDelta: "∂C/∂v of the hidden layer, or its δ after σ′: write delta1 for ∂C/∂u",
  whichLayer: ({ path, last }: { path: string; last: number }): string =>
    `${path}: the network has ${last} layers: write which one this is`,
  noMatrix: ({ path, kind }: { path: string; kind: string }): string =>
    `${path} is ${kind} and no matrix: give rows of equal length, of numbers alone`,
  otherCount: ({ path, count, last }: { path: string; count: number; last: number }): string =>
    `${path} has ${count} entries, and the network ${last} layers: give one for each, or write which layer this is`,
  noSuchLayerHere: ({ path, last }: { path: string; last: number }): string =>
    `${path}: the network has the layers 1 to ${last}: give one of them`,
  layersFromZero: ({ path, layer }: { path: string; layer: number }): string =>
    `layers counted from 0: ${path} is of layer ${layer}`,
  inputIsLayerOne: ({ path, layer }: { path: string; layer: number }): string =>
    `the input counted as layer 1: ${path} is of layer ${layer}`,
  bothAre: ({ other, one, role, layer }: { other: string; one: string; role: string; layer: number }): string =>
    `${other} and ${one} are both ${role}${layer}, with different numbers: give one of them`,
  listForBackward: "backward gives a list: return an object, { gradW, gradB } or { dW1, db1, … }",
  noArray: "no array of numbers: return an object, { gradW, gradB } or { dW1, db1, … }",
  backwardGives: ({ fault }: { fault: string }): string => `backward gives ${fault}`,
  decimals: ({ count }: { count: number }): string => `${count} decimal${count === 1 ? "" : "s"}`,
  multiples: ({ of }: { of: number }): string => `multiples of ${of.toLocaleString("en-US")}`,
  digits: ({ count }: { count: number }): string => `${count} significant digit${count === 1 ? "" : "s"}`,
  otherSamples: ({ given, count }: { given: number; count: number }): string =>
    `${given} samples are told, and x has ${count}`,
  oddShape: ({ name, shape, count, units }: { name: string; shape: string; count: number; units: string }): string =>
    `${name} has shape ${shape}, and the network ${count} ${units}: ` +
    `give one sample in each row, [samples, ${count}]`,
  inputs: ({ count }: { count: number }): string => (count === 1 ? "input" : "inputs"),
  outputs: ({ count }: { count: number }): string => (count === 1 ? "output" : "outputs"),
  unequalSamples: ({ x, t }: { x: string; t: string }): string =>
    `x has shape ${x} and t ${t}, which are not as many samples: give one target for each input`,
  samplesAsColumns: ({ names }: { names: readonly string[] }): string => `samples as columns of ${names.join(" and ")}`,
  onesOfBias: ({ name }: { name: string }): string => `the ones in ${name} are of the bias`,
  classNumbers: ({ name, from }: { name: string; from: string }): string =>
    `${name} are numbers of classes, from ${from}: one-hot`,
  biasesFalse: ({ path }: { path: string }): string =>
    `${path}: biases is false, and this is the gradient of one: leave one of them out`,
  nothingDrawn: "nothing is drawn: the parameters were handed in, and seed and initialization are not needed",
  gradVNotJudged: ({ path }: { path: string }): string =>
    `${path}: ∂C/∂v is none of the equations that are judged: leave it out; ∂C/∂u is delta`,
  stepNotGiven: ({ name }: { name: string }): string =>
    `${name} is told, and no parameters after a step are handed in (next): nothing would read it`,
  saidTwice: ({ first, other, role }: { first: string; other: string; role: string }): string =>
    `${first} and ${other} both say ${role}, and differ: give one of them`,
  unknownActivation: ({
    path,
    name,
    near,
    known,
  }: {
    path: string;
    name: string;
    near: string;
    known: readonly string[];
  }): string => `${path}: the activation ${name} is not known${near}: give one of ${known.join(", ")}`,
  activationOptions: ({ path, problem, hint }: { path: string; problem: string; hint: string; name: string }): string =>
    `${path}: ${problem}: ${hint}`,
  otherActivations: ({ path, count, last }: { path: string; count: number; last: number }): string =>
    `${path}: ${count} activations for ${last} layers: give one for each layer after the input, or one for all`,
  noSuchLayer: ({ path, last }: { path: string; last: number }): string =>
    `${path}: the network has the layers 1 to ${last}`,
  unknownConvention: ({ path, value }: { path: string; value: string }): string =>
    `${path}: ${value} is not known: give auto, ours, or parts such as { "reduction": "sum" }`,
  unknownConventionKey: ({
    path,
    key,
    near,
    known,
  }: {
    path: string;
    key: string;
    near: string;
    known: string;
  }): string => `${path}.${key}: the name ${key} is not known${near}: a convention has ${known}`,
  unknownConventionValue: ({
    path,
    key,
    value,
    near,
    choices,
  }: {
    path: string;
    key: string;
    value: string;
    near: string;
    choices: string;
  }): string => `${path}.${key} is ${value}${near}: it is one of ${choices}`,
  tooFewLayers: ({ path, sizes }: { path: string; sizes: readonly number[] }): string =>
    `${path} is [${sizes.join(", ")}]: give the units of at least an input and an output layer, such as [2, 3, 1]`,
  otherLayers: ({ given, last }: { given: number; last: number }): string =>
    `layers is ${given}, and there are ${last} layers after the input`,
  digitsAndDecimals: "digits and decimals say two things of the same numbers: give the one that they were written with",
  digitsOutOfRange: ({ name, count, least }: { name: string; count: number; least: number }): string =>
    `${name} is ${count}: it is a whole number from ${least} to 17`,
  unknownType: ({ dtype }: { dtype: string }): string => `dtype is ${dtype}: it is float64 or float32`,
  undecidedActivations: ({
    missing,
    hidden,
    output,
  }: {
    missing: string;
    hidden: readonly string[];
    output: readonly string[];
  }): string => {
    const tried = [hidden, output]
      .filter(({ length }) => length > 0)
      .map((one) => one.join(", "))
      .join(" below ");
    return `${missing}; tried: ${tried}, and not everything holds under any of them`;
  },
  weightNotFinite: ({ l, value }: { l: number; value: number }): string =>
    `W${l}: it holds ${value}: nothing can be computed from that`,
  weightShape: ({
    l,
    shape,
    into,
    out,
    withBias,
  }: {
    l: number;
    shape: readonly number[];
    into: number;
    out: number;
    withBias: boolean;
  }): string =>
    `W${l} has shape [${shape.join(", ")}], and leads from ${into} units to ${out}: ` +
    `give [${out}, ${into}]${withBias ? "" : ", with or without a column for the bias"}`,
  biasShape: ({ l, shape, out }: { l: number; shape: readonly number[]; out: number }): string =>
    `b${l} has shape [${shape.join(", ")}], and layer ${l} has ${out} units: give one for each`,
  biasInWeights: ({ l, which, turned }: { l: number; which: string; turned: boolean }): string =>
    `b${l} is the ${which} ${turned ? "row" : "column"} of W${l}`,
  oneBiasForAll: ({ l, units }: { l: number; units: number }): string =>
    `b${l} is one number, for each of ${units} units`,
  weightsInOut: ({ names }: { names: readonly string[] }): string => `${names.join(", ")} in × out`,
  noBiases: "no biases were handed in: judged without",
  biasesMissing: ({ names }: { names: readonly string[] }): string =>
    `no ${names.join(", ")} was handed in: these layers are judged without a bias`,
  sigmoidInCost: ({ told }: { told: string }): string =>
    `the cost ${told} takes the sigmoid itself: call the last activation sigmoid`,
  unknownCost: ({ told, near, known }: { told: string; near: string; known: readonly string[] }): string =>
    `the cost ${told} is not known${near}: give one of ${known.join(", ")}`,
  costOptions: ({ told, problem, hint }: { told: string; problem: string; hint: string }): string =>
    `the cost ${told}: ${problem}: ${hint}`,
  signsAsTargets: ({ told }: { told: string }): string =>
    `the cost ${told} has targets of 1 and −1, and t has 0: write −1 for 0`,
  classWeightCount: ({ count, outputs }: { count: number; outputs: number }): string =>
    `${count} class weights for ${outputs} outputs: give one for each, or two for one output`,
};

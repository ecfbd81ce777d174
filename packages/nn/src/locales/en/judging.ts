/** Sentences about what was judged: conventions, doubts, what data cannot show, in English. */

export const judging = {
  oneSampleIsMean: "with one sample a sum is a mean",
  deltaIsZero: ({ layer }: { layer: number }): string => `δ is 0 throughout layer ${layer}`,
  symmetricWeights: "W is symmetric",
  sameEitherWay: "these numbers come out the same either way",
  addSample: "one sample cannot reveal a missing or doubled 1/N: add a second sample",
  asManySamplesAsOutputs: "as many samples as outputs: 1/N and 1/K are the same number; add a sample",
  zeroWeights: "weights that are 0 let no error through: draw them at random",
  zeroBiases: "biases that are 0 hide a forgotten or regularized bias: draw them at random",
  symmetricHides: "a symmetric W hides a forgotten transpose: draw it at random",
  saturated: ({ layer }: { layer: number }): string =>
    `saturated: σ'(u) < 1e-15 in layer ${layer}, so that δ vanishes there; this is no mistake`,
  regularizationOutweighs: "the regularization outweighs the data a million times: take a smaller λ",
  weightsInOut: "weights in × out (the transpose of ours)",
  samplesAsColumns: "samples as columns",
  layersFromZero: "layers counted from 0",
  turnedDelta: "δ = −∂C/∂u (Haykin's sign)",
  sumOfSamples: ({ count }: { count: number }): string =>
    `gradients of the sum over the ${count} samples, N times those of the mean: divide η by N`,
  deltaOfMean: "δ carries the 1/N of the mean already",
  costWithHalf: "the cost with a ½, so that everything is half",
  costWithoutHalf: "the cost without its ½, so that everything doubles",
  otherDecay: ({ decay }: { decay: string }): string => `the L2 term as ${decay} W`,
  sameConvention: "yours = ours",
  orTurned: "; if your δ is ∂C/∂u, it is mistake A1",
  orSummed: "; if your cost is the mean, it is mistake A6",
  orDeltaOfMean: "; if it is each sample's own, it is mistake A7",
  orHalf: "; if your cost has no ½, it is mistake A4",
  orDouble: "; if your cost has its ½, it is mistake A4",
  orDecay: "; if your cost has (λ/2n) Σw², it is mistake E2",
  readAs: ({ is, otherwise }: { is: string; otherwise: string }): string => `read as ${is}${otherwise}`,
  period: ". ",
  different: ({ what }: { what: string }): string => `different, not wrong: ${what}`,
  noSuchLayer: ({ name, first, last }: { name: string; first: number; last: number }): string =>
    `${name}: the network has the layers ${first} to ${last}: give one of them`,
  sameArray: ({ name, other }: { name: string; other: string }): string =>
    `${name} and ${other} are the same array: copy before you write the next one`,
  noMatrix: ({ name }: { name: string }): string =>
    `${name}: not a matrix, not a list of numbers: give rows of equal length`,
  notFinite: ({ name }: { name: string }): string =>
    `${name}: it holds NaN or an infinite number: look at the first operation that makes one`,
  costNotFinite: ({ cost }: { cost: number }): string => `cost: it is ${cost}: give a finite number`,
  threw: ({ message, sizes, samples }: { message: string; sizes: readonly number[]; samples: number }): string =>
    `backward: it threw "${message}": run it on [${sizes.join(", ")}] with ${samples} samples`,
  promise: "backward: it gives a promise: compute without await",
  noAnswer: ({ kind }: { kind: string }): string =>
    `backward: it gives ${kind}: return an object with delta, gradW, gradB or what you have`,
  named: ({ what, id }: { what: string; id: string }): string => `backward: ${what} [${id}]`,
  otherRate: ({ rate, squared }: { rate: number; squared: boolean }): string =>
    `the step is made with another rate, ${rate}${squared ? ", which is η²" : ""}`,
  transposed: ({ name }: { name: string }): string => `${name} is transposed`,
  beforeActivation: ({ name, sign }: { name: string; sign: string }): string => `${name} is ${sign}, before σ`,
  rightForCrossEntropy: "Right for cross-entropy; for squares it lacks σ′ (A2).",
  layoutOpenAndRight: "sizes leave the layout open: read as everything holds",
  layoutOpenAndWrong: "sizes leave the layout open: read so that least is wrong, or else as the network's own",
  activationsHold: ({ names }: { names: string }): string => `no activations were told: everything holds for ${names}`,
  activationsTaken: ({ names }: { names: string }): string =>
    `no activations were told: the layers' outputs are those of ${names}`,
  theseHold: ({ names }: { names: string }): string => `it holds for ${names}`,
  theseTaken: ({ names }: { names: string }): string => `taken as ${names}, for which least is wrong`,
  costHolds: ({ cost }: { cost: string }): string => `no cost was told: it holds for ${cost}`,
  costTaken: ({ cost }: { cost: string }): string => `no cost was told: taken as ${cost}, for which least is wrong`,
  costReadAs: ({ told, cost }: { told: string; cost: string }): string => `the cost ${told} as ${cost}`,
  biasMissing: ({ layer, path }: { layer: number; path: string }): string =>
    `b${layer} is missing: ${path} is the gradient of it, ` +
    `and with a bias of 0 not everything holds: add "b${layer}"`,
  alsoDelta: ({ name }: { name: string }): string => `hand in ${name} as well: that narrows it down`,
  alsoSteps: ({ layer, name }: { layer: string; name: string }): string =>
    "if it was computed by hand, it may be a slip of arithmetic: " +
    `hand in u${layer} and ${name} as well, and each step is judged from your own numbers`,
  roundedTo: ({ rounding }: { rounding: string }): string => `rounded to ${rounding}`,
  numbersReadAs: ({ note, read }: { note: string; read: string }): string =>
    `${note}; the numbers were read as ${read}`,
  inputGradient: "it is ∂C/∂x, one row for each sample",
  orderOfFactors: "look at the order of the factors",
  otherShape: ({ name, given, needed, why }: { name: string; given: string; needed: string; why: string }): string =>
    `${name}: ${given} given, ${needed} needed: ${why}`,
  mendBelow: "mend this first: what stands below it was judged from it, and may look otherwise then",
  mendOfKernel:
    "mend this first: the gradients of one kernel share what " +
    "they are computed from, and the others may be right then",
  sameMistake: ({ count }: { count: number }): string =>
    `the same mistake ${count} times: mend it here first, and in the other places alike`,
  layerRate: ({ layer, times }: { layer: number; times: number }): string =>
    `layer ${layer} steps by ${times} times the gradient that η says: ` +
    "another rate, or a factor in its gradient? Hand in the gradients",
  untoldDecay: ({ lambda, factor }: { lambda: number; factor: number }): string =>
    `L2 with λ = ${lambda} not told? With ${factor} W in every ∂C/∂W all of it holds: hand in λ, or it is a mistake`,
};

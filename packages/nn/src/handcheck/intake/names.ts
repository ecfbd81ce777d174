/** Says what people call things: names by role, as data. A name is compared after case and separators are dropped. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";

/** Quantities that every layer has one of, by the names that the report uses for them in data. */
export type LayerRole =
  "W" | "b" | "u" | "v" | "delta" | "gradW" | "gradB" | "gradV" | "nextW" | "nextB" | "afterW" | "afterB";

/** Says what there is one of. */
export type SingleRole =
  | "x"
  | "t"
  | "sizes"
  | "activations"
  | "costName"
  | "cost"
  | "eta"
  | "momentum"
  | "lambda"
  | "digits"
  | "decimals"
  | "seed"
  | "dtype"
  | "initialization"
  | "biases"
  | "tiedBiases"
  | "samples"
  | "layers"
  | "remark";

export type Role = LayerRole | SingleRole;

/** Says what holds further names, and what these mean within it. */
export type Scope =
  "top" | "network" | "parameters" | "data" | "hand" | "gradients" | "forward" | "next" | "after" | "convention";

/** The stems of quantities of a layer; `dz`, `gradW` and `W_new` are made of these and the affixes below. */
export const stems: Readonly<Record<"W" | "b" | "u" | "v" | "delta", readonly string[]>> = {
  W: [
    "w",
    "ws",
    "weight",
    "weights",
    "weightmatrix",
    "wt",
    "theta",
    "thetas",
    "syn",
    "synapse",
    "synapses",
    "coef",
    "coefs",
    "coefficients",
    "kernel",
    "kernels",
    "wmat",
  ],
  b: ["b", "bs", "bias", "biases", "biasvector", "intercept", "intercepts", "bvec"],
  u: [
    "u",
    "us",
    "z",
    "zs",
    "net",
    "netinput",
    "netinputs",
    "preactivation",
    "preactivations",
    "preact",
    "weightedinput",
    "weightedinputs",
  ],
  v: [
    "v",
    "vs",
    "a",
    "as",
    "h",
    "hs",
    "l",
    "layer",
    "act",
    "acts",
    "activation",
    "activations",
    "output",
    "outputs",
    "out",
    "layeroutput",
    "activated",
    "hidden",
  ],
  delta: ["delta", "deltas", "d", "localgradient", "localgradients", "errorsignal", "errorterm", "sensitivity"],
};

/** Before a stem: its gradient. `d` alone before a number is δ. */
export const gradientPrefixes = [
  "d",
  "g",
  "grad",
  "grads",
  "gradient",
  "gradientof",
  "gradof",
  "nabla",
  "partial",
  "dld",
  "dcd",
  "djd",
  "ded",
  "dlossd",
  "dcostd",
  "derrord",
  "deriv",
  "derivative",
] as const;
export const gradientSuffixes = ["grad", "grads", "gradient", "gradients", "deriv", "derivative"] as const;

/** Beside a stem: its value after the step. */
export const stepAffixes = ["new", "next", "after", "updated", "update1", "plus"] as const;

/** Layers without a number: of two layers the hidden one, and the last. */
export const layerWords: Readonly<Record<"hidden" | "output", readonly string[]>> = {
  hidden: ["hidden", "hid", "h", "ih", "xh", "inputhidden", "inputtohidden", "hiddenlayer"],
  output: ["output", "out", "o", "ho", "hy", "hiddenoutput", "hiddentooutput", "outputlayer", "final", "last"],
};

/** Words before a layer's number that add nothing: `fc1.weight`, `layers.0.weight`, `l1_delta`. */
export const layerPrefixes = [
  "layer",
  "layers",
  "l",
  "fc",
  "lin",
  "linear",
  "dense",
  "hidden",
  "net",
  "model",
  "seq",
  "sequential",
  "mlp",
  "block",
] as const;

/** Of the last layer without a number. */
export const outputs: Readonly<Record<"u" | "v", readonly string[]>> = {
  u: ["logit", "logits", "score", "scores"],
  v: [
    "output",
    "outputs",
    "out",
    "yhat",
    "ypred",
    "yp",
    "yout",
    "prediction",
    "predictions",
    "pred",
    "preds",
    "predicted",
    "prob",
    "probs",
    "probabilities",
    "hypothesis",
    "o",
  ],
};

/** Of the hidden layer of two, without a number. */
export const hiddens: readonly string[] = [
  "hidden",
  "h",
  "hiddenlayer",
  "hiddenoutput",
  "hiddenactivation",
  "hiddenactivations",
];

/** Names of which there is one. */
export const singles: Readonly<Record<SingleRole, readonly string[]>> = {
  x: [
    "x",
    "xs",
    "input",
    "inputs",
    "features",
    "xtrain",
    "trainx",
    "inp",
    "xbatch",
    "inputdata",
    "xb",
    "batchx",
    "xmini",
    "minibatchx",
    "xdata",
    "images",
    "xassess",
  ],
  t: [
    "t",
    "ts",
    "y",
    "ys",
    "target",
    "targets",
    "label",
    "labels",
    "ytrue",
    "ytrain",
    "trainy",
    "ybatch",
    "desired",
    "expected",
    "truth",
    "groundtruth",
    "onehot",
    "yonehot",
    "classes",
    "yb",
    "batchy",
    "ymini",
    "minibatchy",
    "ydata",
    "yassess",
  ],
  sizes: [
    "sizes",
    "size",
    "layers",
    "layersizes",
    "layerdims",
    "layersdims",
    "layersdim",
    "dims",
    "units",
    "nodes",
    "neurons",
    "topology",
    "widths",
    "shape",
    "structure",
    "architecture",
  ],
  activations: [
    "activations",
    "activation",
    "act",
    "acts",
    "activationfunction",
    "activationfunctions",
    "nonlinearity",
    "nonlinearities",
    "nonlin",
    "transfer",
    "sigma",
  ],
  costName: [
    "cost",
    "loss",
    "criterion",
    "objective",
    "costfunction",
    "lossfunction",
    "costfn",
    "lossfn",
    "error",
    "errorfunction",
  ],
  cost: ["cost", "loss", "j", "c", "costvalue", "lossvalue", "totalcost", "totalloss", "error", "totalerror", "etotal"],
  eta: ["eta", "lr", "learningrate", "learnrate", "stepsize", "alpha"],
  momentum: ["momentum", "mu"],
  lambda: ["lambda", "lambd", "lmbda", "lam", "l2", "weightdecay", "l2lambda"],
  digits: ["digits", "significantdigits", "sigdigits"],
  decimals: ["decimals", "decimalplaces", "places"],
  seed: ["seed", "randomseed"],
  dtype: ["dtype"],
  initialization: ["initialization", "init"],
  biases: ["biases", "bias", "usebias", "hasbias", "withbias"],
  tiedBiases: ["tiedbiases", "sharedbias", "sharedbiases"],
  samples: ["samples", "nsamples", "numsamples", "batchsize", "n", "m", "numexamples"],
  layers: ["layers", "nlayers", "numlayers", "depth"],
  remark: [
    "$schema",
    "schema",
    "name",
    "title",
    "comment",
    "comments",
    "note",
    "notes",
    "description",
    "about",
    "author",
    "source",
    "url",
    "date",
    "//",
    "$comment",
  ],
};

/** Names of what holds further names. */
export const containers: Readonly<Record<Exclude<Scope, "top">, readonly string[]>> = {
  network: [
    "network",
    "net",
    "model",
    "nn",
    "mlp",
    "options",
    "settings",
    "config",
    "hyperparameters",
    "hyperparams",
    "hparams",
    "layers",
  ],
  parameters: ["parameters", "params", "param", "statedict", "weightsandbiases", "weights", "initialparameters"],
  data: [
    "data",
    "dataset",
    "batch",
    "sample",
    "samples",
    "example",
    "examples",
    "trainingdata",
    "training",
    "minibatch",
  ],
  hand: [
    "hand",
    "byhand",
    "backprop",
    "backpropagation",
    "backward",
    "backwardpass",
    "mine",
    "yours",
    "answer",
    "answers",
    "submission",
    "result",
    "results",
    "derived",
    "delta",
    "deltas",
  ],
  gradients: ["grads", "gradients", "gradient", "grad", "derivatives", "nabla"],
  forward: ["cache", "caches", "cached", "forward", "forwardpass", "intermediates", "state", "values"],
  next: [
    "next",
    "step",
    "after",
    "afterstep",
    "updated",
    "updatedparameters",
    "newparameters",
    "newparams",
    "nextparameters",
  ],
  after: ["next", "step", "after"],
  convention: ["convention", "conventions"],
};

/** Names that could mean two things, with what to write instead. */
export const ambiguous: Readonly<Record<string, Words>> = {
  reg: intake.perhapsLambda,
  regularization: intake.perhapsLambda,
  error: intake.perhapsDelta,
  errors: intake.perhapsDelta,
  "error#": intake.perhapsErrorSentBack,
  "deltaw#": intake.perhapsChangeOfWeights,
  "deltab#": intake.perhapsChangeOfBiases,
  dh: intake.perhapsHiddenDelta,
  dhidden: intake.perhapsHiddenDelta,
  deltaw: intake.perhapsChangeOfWeights,
  deltab: intake.perhapsChangeOfBiases,
};

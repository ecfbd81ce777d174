/** Names that code has for what is no array: functions of a backward pass, and the widths of a constructor. */

/** Names of functions that compute a backward pass. */
export const backwardNames: readonly string[] = [
  "backward",
  "backprop",
  "backpropagation",
  "backpropagate",
  "backwardpass",
  "backwardpropagation",
  "backwardprop",
  "lmodelbackward",
  "nnbackward",
  "dobackward",
  "computegradients",
  "computegrads",
  "getgradients",
  "calculategradients",
];

/** Holds what constructors call the number of units of a layer. */
const widths: Readonly<Record<"first" | "hidden" | "last", readonly string[]>> = {
  first: [
    "inputsize",
    "inputdim",
    "inputs",
    "nin",
    "ninput",
    "ninputs",
    "nx",
    "inputnodes",
    "inputneurons",
    "numinputs",
    "din",
  ],
  hidden: [
    "hiddensize",
    "hiddendim",
    "hidden",
    "nhidden",
    "nh",
    "hiddennodes",
    "hiddenneurons",
    "numhidden",
    "hiddenunits",
  ],
  last: [
    "outputsize",
    "outputdim",
    "outputs",
    "nout",
    "noutput",
    "noutputs",
    "ny",
    "outputnodes",
    "outputneurons",
    "numoutputs",
    "numclasses",
    "nclasses",
    "dout",
  ],
};

/** The layer whose width a name says. */
export const widthNamed = (name: string): keyof typeof widths | undefined =>
  (Object.keys(widths) as (keyof typeof widths)[]).find((layer) => widths[layer].includes(name));

/**
 * Convolution with the channels last, as TensorFlow and the courses built on it have it: x is N×H×W×C, w is K×K×C×F.
 */

import { reshape, transpose, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { convolution } from "./convolution.ts";
import { slipsOf, type Family, type Slip } from "./family.ts";
import { neutral } from "./without.ts";

const permuted = (x: Tensor, axes: readonly number[]): Tensor => transpose(x, axes) as Tensor;

/** N×H×W×C to N×C×H×W and back. */
const imageIn = (x: Tensor): Tensor => permuted(x, [0, 3, 1, 2]);
const imageOut = (x: Tensor): Tensor => permuted(x, [0, 2, 3, 1]);

/** K×K×C×F to F×C×K×K and back. */
const kernelIn = (w: Tensor): Tensor => permuted(w, [3, 2, 0, 1]);
const kernelOut = (w: Tensor): Tensor => permuted(w, [2, 3, 1, 0]);

/** One bias for each filter, in whatever shape: F, or 1×1×1×F. */
const biasIn = (b: Tensor): Tensor => reshape(b, [b.shape.reduce((product, size) => product * size, 1)]) as Tensor;

const inputsIn = ([x, w, b]: readonly Tensor[]): readonly Tensor[] => [imageIn(x!), kernelIn(w!), biasIn(b!)];

/** Holds what the gradient of each input looks like with the channels last again. */
const out: Readonly<Record<string, (value: Tensor, like: Tensor) => Tensor>> = {
  x: (value) => (value.shape.length === 4 ? imageOut(value) : value),
  w: (value) => (value.shape.length === 4 ? kernelOut(value) : value),
  b: (value, like) =>
    value.shape.length === 1 && value.shape[0] === like.shape.at(-1) ? (reshape(value, like.shape) as Tensor) : value,
};

const place = (of: string): number => convolution.inputs.findIndex(({ name }) => name === of);

const turned = (slip: Slip): Slip => ({
  ...slip,
  value: (inputs, g, settings, given) => {
    const value = slip.value(inputsIn(inputs), imageIn(g), settings, given);
    return value === null ? null : out[slip.of]!(value, inputs[place(slip.of)]!);
  },
});

/** The family. */
export const channelsLast: Family = {
  ...convolution,
  inputs: [
    { name: "x", differentiable: true, shape: [2, 5, 6, 3] },
    { name: "w", differentiable: true, shape: [3, 3, 3, 4] },
    { name: "b", differentiable: true, shape: [4] },
  ],
  neutral: { b: neutral(0, ([, w]) => w!.shape[3]!) },
  settings: { ...convolution.settings, layout: "nhwc" },
  forward: (inputs, settings) => imageOut(convolution.forward(inputsIn(inputs), settings)),
  slips: [
    ...convolution.slips.map(turned),
    ...slipsOf("b", [
      ["G5", "other", "Σ g over the axes 0, 2 and 3", kernelSlips.channelsSecond, (_, g) => g.sum([0, 2, 3]) as Tensor],
    ]),
  ],
};

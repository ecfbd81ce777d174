/**
 * What a user's program does: every entry, methods, a program on two threads, and an error with a line. Prints one line
 * of JSON.
 */

import { compile, exp, grad, ones, tensor, isAutogradError, zeros } from "@chainrule/autograd";
import { assertGradients } from "@chainrule/autograd/check";
import { useBlas } from "@chainrule/autograd/blas";
import { grad as slope, mul, sin } from "@chainrule/autograd/scalar";
import "@chainrule/autograd/vectors";
import { vmap } from "@chainrule/autograd/vmap";
import { compareBackprop, network } from "@chainrule/nn";
import { sigmoid } from "@chainrule/nn/equations";
import { handcheck } from "@chainrule/nn/handcheck";

const cube = (x) => x.mul(x).mul(x);
assertGradients(cube, [2]);

function placeOf(mistake) {
  try {
    return mistake();
  } catch (error) {
    return isAutogradError(error) ? error.at : String(error);
  }
}

async function main() {
  // Large enough for two threads, whose code is text that a bundler must not have changed.
  const compiled = compile((x) => exp(x).sum(), { threads: 2 });
  const grown = compiled(ones([300000])).item() / 300000;
  // koffi is not installed here, and must not be: it is its user's choice.
  const { found } = await useBlas();
  const said = {
    gradient: grad(cube)(2).item(),
    batch: vmap(grad((x) => x.mul(x)))(ones([2]).mul(tensor([1, 2]))).toArray(),
    scalar: slope((x) => mul(x, sin(x)))(2).item() === Math.sin(2) + 2 * Math.cos(2),
    matrix: tensor([
      [1, 2],
      [3, 4],
    ])
      .matmul(tensor([[1], [1]]))
      .toArray(),
    compiled: Math.abs(grown - Math.E) < 1e-12,
    threads: compiled.explain().kernels[0].threads,
    backprop: compareBackprop(network({ sizes: [2, 3, 1] }), { x: [[0.5, -1]], t: [[1]] }).agrees,
    sigmoid: sigmoid(0),
    handcheck: typeof handcheck,
    blas: found,
    // In a list, because Bun's engine takes the frame of a function away that ends in a call.
    place: placeOf(() => [zeros([1.5])]),
  };
  console.log(JSON.stringify(said));
}

void main();

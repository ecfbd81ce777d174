/** The declarations, as a user's strict program reads them, without the sources beside them. */

import { compile, grad, sum, tensor, zeros, type Tensor } from "@chainrule/autograd";
import { useBlas } from "@chainrule/autograd/blas";
import { gradientCheck } from "@chainrule/autograd/check";
import { grad as slope, mul, type Scalar } from "@chainrule/autograd/scalar";
import "@chainrule/autograd/vectors";
import { vmap } from "@chainrule/autograd/vmap";
import { network } from "@chainrule/nn";
import { sigmoid } from "@chainrule/nn/equations";
import { handcheck } from "@chainrule/nn/handcheck";

const product: Tensor<[2, 1]> = tensor([
  [1, 2],
  [3, 4],
]).matmul(tensor([[1], [1]]));
const weights: Tensor<[3, 2]> = network({ sizes: [2, 3, 1] }).parameters.W1;
const steep: Tensor<[]> = grad((x: Tensor<[]>) => x.mul(x))(3);
const scalar: Scalar = slope((x) => mul(x, x))(3);
const listed: Scalar[] = slope((p: Scalar[]) => mul(p[0]!, p[1]!))([1, 2]);
const batch: Tensor<[4]> = vmap((x: Tensor<[2]>) => sum(x))(zeros([4, 2]));
export const used = [
  batch,
  product,
  weights,
  steep,
  scalar,
  listed,
  compile,
  useBlas,
  gradientCheck,
  sigmoid,
  handcheck,
];

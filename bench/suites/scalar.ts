/** Scalar graphs: what recording and differentiating one operation costs. */

import { add, grad, sin, valueAndGrad, type Tensor } from "@chainrule/autograd";
import { expectClose, type Case } from "../suite.ts";

/** y ← y · 1.0000001, `length` times. */
function products(length: number): (x: Tensor<[]>) => Tensor<[]> {
  return (x) => {
    let y = x;
    for (let i = 0; i < length; i++) y = y.mul(1.0000001);
    return y;
  };
}

/** Four different operations in turn, with `x` used again and again. */
function mixed(length: number): (x: Tensor<[]>) => Tensor<[]> {
  return (x) => {
    let y = x;
    for (let i = 0; i < length; i += 4) y = add(sin(y), x).mul(0.5).sub(0.1);
    return y;
  };
}

/** The same by hand, in plain numbers: value and derivative side by side. */
function mixedByHand(length: number, x: number): { value: number; derivative: number } {
  let [value, derivative] = [x, 1];
  for (let i = 0; i < length; i += 4) {
    derivative = (Math.cos(value) * derivative + 1) * 0.5;
    value = (Math.sin(value) + x) * 0.5 - 0.1;
  }
  return { value, derivative };
}

const CHAIN = 20_000;
const SHORT = 1_000;
const chain = valueAndGrad(products(CHAIN));
const short = valueAndGrad(products(SHORT));
const mix = valueAndGrad(mixed(SHORT));
const single = grad((x: Tensor<[]>) => x.mul(x));

/** The cases, by what they show. */
export const scalar: readonly Case[] = [
  {
    name: "one product, recorded and differentiated (graph of 1,000)",
    units: SHORT,
    unit: "op",
    reach: 100,
    validate: () => expectClose("gradient of the chain", short(1).gradient.item(), 1.0000001 ** SHORT, 1e-10),
    run: () => short(1),
  },
  {
    name: "sin, add, mul, sub in turn (graph of 1,000)",
    units: SHORT,
    unit: "op",
    reach: 100,
    validate: () => {
      const { value, gradient } = mix(0.7);
      const hand = mixedByHand(SHORT, 0.7);
      expectClose("value", value.item(), hand.value);
      expectClose("gradient", gradient.item(), hand.derivative);
    },
    run: () => mix(0.7),
  },
  {
    name: "a chain of 20,000 products, value and gradient",
    units: 1,
    unit: "chain",
    reach: 5e6,
    validate: () => expectClose("gradient of the chain", chain(1).gradient.item(), 1.0000001 ** CHAIN, 1e-9),
    run: () => chain(1),
  },
  {
    name: "the gradient of one product",
    units: 1,
    unit: "gradient",
    validate: () => expectClose("gradient", single(3).item(), 6, 0),
    run: () => single(3),
  },
];

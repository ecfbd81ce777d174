/** The cost of a network at complex weights and biases: its formulas as they are printed, read with complex numbers. */

import type { ElementwiseName } from "../../network/activation.ts";
import type { Writer } from "../../network/activations/record.ts";
import { costOf, type CostName } from "../../network/cost.ts";
import { massesOf } from "../../network/costs/masses.ts";
import { hasSides } from "../../network/costs/entropies.ts";
import { costOnPaper, valueOnPaper } from "../../network/on-paper.ts";
import type { Activation, Matrix, PlainNetwork, Reduction, Vector } from "../equations/network.ts";
import { atComplex, complex, exp, over, plus, times, type Complex } from "./arithmetic.ts";

/** A quantity of the output j, or of j and another one k. */
type OfOutputs = (j: number, k: number) => Complex;

const lifted: Writer<OfOutputs> = {
  number: (value) => () => complex(value),
  plus:
    (...terms) =>
    (j, k) =>
      terms.map((term) => term(j, k)).reduce(plus),
  minus: (a, b) => (j, k) => atComplex.minus(a(j, k), b(j, k)),
  negative: (of) => (j, k) => atComplex.negative(of(j, k)),
  scaled: (c, of) => (j, k) => atComplex.scaled(c, of(j, k)),
  // A mass of 0 silences what has no value: 0 ln 0 = 0.
  times:
    (...factors) =>
    (j, k) => {
      const values = factors.map((factor) => factor(j, k));
      return values.some(({ re, im }) => re === 0 && im === 0) ? complex(0) : values.reduce(times);
    },
  over: (top, bottom) => (j, k) => over(top(j, k), bottom(j, k)),
  square: (of) => (j, k) => atComplex.square(of(j, k)),
  apply: (name, of) => (j, k) => atComplex.apply(name, of(j, k)),
  positive: (of) => (j, k) => atComplex.positive(of(j, k)),
};

/** e^(z_j − max) / Σ e^(z_k − max) */
function softmax(z: readonly Complex[]): Complex[] {
  const top = Math.max(...z.map(({ re }) => re));
  const powers = z.map(({ re, im }) => exp(complex(re - top, im)));
  const sum = powers.reduce(plus);
  return powers.map((power) => over(power, sum));
}

const activated = (activation: Activation, u: readonly Complex[]): readonly Complex[] =>
  activation === "softmax" ? softmax(u) : u.map((one) => valueOnPaper(activation as ElementwiseName, atComplex, one));

/** C of one sample, from the outputs v. */
function costOfOutputs(cost: CostName, v: readonly Complex[], t: Vector): Complex {
  const { record, told, name } = costOf(cost);
  const sides = hasSides(record);
  const [hit, miss] = [massesOf(t, told, sides), massesOf(t, told, sides, "miss")];
  const shares = name === "softmaxCrossEntropy" ? softmax(v) : v;
  const place = (at: (j: number, k: number) => number) => ({
    v: (j: number, k: number) => v[at(j, k)]!,
    t: (j: number, k: number) => complex(hit[at(j, k)]!),
    rest: (j: number, k: number) => complex(miss[at(j, k)]!),
    share: (j: number, k: number) => shares[at(j, k)]!,
  });
  const all = Array.from(v.keys());
  const value = costOnPaper(cost).value(lifted, {
    here: place((j) => j),
    other: place((_, k) => k),
    error: null,
    sum: (of) => (_, k) => all.map((j) => of(j, k)).reduce(plus),
    sumOther: (of) => (j) => all.map((k) => of(j, k)).reduce(plus),
    same: (j, k) => complex(j === k ? 1 : 0),
    outputs: v.length,
    told,
  });
  return value(0, 0);
}

/** W v + b */
function inputs(parameters: readonly Complex[], start: number, units: number, v: readonly Complex[]): Complex[] {
  return Array.from({ length: units }, (_, j) => {
    let [re, im] = [0, 0];
    v.forEach((one, k) => {
      const weight = parameters[start + j * v.length + k]!;
      re += weight.re * one.re - weight.im * one.im;
      im += weight.re * one.im + weight.im * one.re;
    });
    return plus(complex(re, im), parameters[start + units * v.length + j]!);
  });
}

/** C of a batch as a function of all parameters, in the order of `flattenParameters`. */
export function complexCostOfParameters(
  net: PlainNetwork,
  x: Matrix,
  t: Matrix,
  reduction: Reduction = "mean",
): (parameters: readonly Complex[]) => Complex {
  return (parameters) => {
    let sum = complex(0);
    for (let n = 0; n < x.length; n++) {
      let v: readonly Complex[] = Array.from(x[n]!, (one) => complex(one));
      let start = 0;
      net.biases.forEach((biases, index) => {
        const u = inputs(parameters, start, biases.length, v);
        start += biases.length * (v.length + 1);
        v = activated(net.activations[index]!, u);
      });
      sum = plus(sum, costOfOutputs(net.cost as CostName, v, t[n]!));
    }
    return reduction === "mean" ? complex(sum.re / x.length, sum.im / x.length) : sum;
  };
}

/** The gradient of each example of a batch, by a batched gradient of one example; on one thread. */

import { compile, grad, matmul, mul, sigmoid, sub, sum, tensor, type Tensor } from "@chainrule/autograd";
import { vmap } from "@chainrule/autograd/vmap";
import { Random } from "@chainrule/nn";
import { backprop } from "@chainrule/nn/equations";
import { CHAINRULE, CHAINRULE_EAGER } from "../libraries.ts";
import { float32, type Field, type Program, type Values, type Work } from "../work.ts";

type Data = Readonly<Record<string, Field>>;
type Parameters = Readonly<Record<string, Tensor>>;

const NAMES = ["W1", "b1", "W2", "b2"];

function loss(w: Parameters, x: Tensor, t: Tensor): Tensor<[]> {
  const v = sigmoid(matmul(x, w["W1"]!).add(w["b1"]!));
  const e = sub(sigmoid(matmul(v, w["W2"]!).add(w["b2"]!)), t);
  return mul(0.5, sum(mul(e, e))) as Tensor<[]>;
}

function chainrule(data: Data, compiled: boolean): Program {
  const numbers = (name: string): Tensor => tensor(data[name]!.numbers, { shape: data[name]!.shape, dtype: "float32" });
  const parameters: Parameters = Object.fromEntries(NAMES.map((name) => [name, numbers(name)]));
  const plain = vmap(grad(loss) as never, { inAxes: [null, 0, 0] }) as unknown as (
    w: Parameters,
    x: Tensor,
    t: Tensor,
  ) => Parameters;
  const f = compiled ? compile(plain, { fusedMultiplyAdd: true, threads: 1 }) : plain;
  const [x, t] = [numbers("x"), numbers("t")];
  let result = f(parameters, x, t);
  return {
    once: () => {
      result = f(parameters, x, t);
    },
    values: () => Object.fromEntries(NAMES.map((name) => [name, result[name]!.toTypedArray()])),
  };
}

/** The equations of back-propagation in plain loops, example by example. */
function expected(data: Data, batch: number): Values {
  const rows = ({ shape, numbers }: Field): number[][] =>
    Array.from({ length: shape[0]! }, (_, n) => Array.from(numbers.subarray(n * shape[1]!, (n + 1) * shape[1]!)));
  const transposed = (list: readonly number[][]): number[][] => list[0]!.map((_, j) => list.map((row) => row[j]!));
  const plain = {
    weights: [transposed(rows(data["W1"]!)), transposed(rows(data["W2"]!))],
    biases: [Array.from(data["b1"]!.numbers), Array.from(data["b2"]!.numbers)],
    activations: ["sigmoid", "sigmoid"] as const,
    cost: "quadratic" as const,
  };
  const [xs, ts] = [rows(data["x"]!), rows(data["t"]!)];
  const found: Record<string, number[]> = Object.fromEntries(NAMES.map((name) => [name, []]));
  for (let n = 0; n < batch; n++) {
    backprop(plain, [xs[n]!], [ts[n]!]).layers.forEach(({ gradW, gradB }, k) => {
      for (const row of transposed(gradW)) for (const slope of row) found[`W${k + 1}`]!.push(slope);
      for (const slope of gradB) found[`b${k + 1}`]!.push(slope);
    });
  }
  return found;
}

/** Of the network that everybody knows. */
export function perExampleGradients(smoke: boolean): Work {
  const [inputs, hidden, outputs, batch] = smoke ? [6, 4, 3, 5] : [784, 30, 10, 100];
  const random = new Random(23);
  const drawn = (name: string, shape: readonly number[]): Field =>
    float32(
      shape,
      random
        .split(name)
        .normalArray(shape.reduce((n, size) => n * size, 1))
        .map((z) => z / Math.sqrt(shape[0]!)),
    );
  const data: Data = {
    x: drawn("x", [batch, inputs]),
    t: drawn("t", [batch, outputs]),
    W1: drawn("W1", [inputs, hidden]),
    b1: drawn("b1", [hidden]),
    W2: drawn("W2", [hidden, outputs]),
    b2: drawn("b2", [outputs]),
  };
  return {
    id: "per-example-gradients",
    title: `gradients of ${batch} examples of ${inputs}-${hidden}-${outputs}`,
    oneThread: true,
    data,
    settings: {},
    runners: [
      { name: CHAINRULE, start: () => chainrule(data, true) },
      { name: CHAINRULE_EAGER, start: () => chainrule(data, false) },
    ],
    expected: () => expected(data, batch),
    tolerance: 1e-5,
  };
}

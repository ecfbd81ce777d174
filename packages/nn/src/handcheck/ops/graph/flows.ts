/** Gradients at every name of a graph: true ones, and those that follow from somebody's own gradients further down. */

import { add, ArgumentError, grad, mul, stopGradient, sum, Tensor, tensor, zeros } from "@chainrule/autograd";
import { fromTensor, showShape, toTensor, type Numbers } from "../../bounds/numbers.ts";
import { observed, tap } from "./tap.ts";

/**
 * A function of named inputs that gives a scalar loss; `tap` is also its second argument, for who does not want to
 * import it.
 */
export type Graph = (
  inputs: Readonly<Record<string, Tensor>>,
  tap: <T extends Tensor>(name: string, x: T) => T,
) => Tensor;

/** The named values of a run. */
export type Values = Readonly<Record<string, Numbers>>;

/** Holds what the check asks of a graph: wherever that runs, it is asked by numbers and answers with numbers. */
export interface Flows {
  /** The values at the taps, in the order of the run, and the loss. */
  readonly values: (inputs: Values) => { readonly taps: Values; readonly loss: number };
  /** The true gradients at every tap and input. */
  readonly truth: (inputs: Values, taps: Values) => Values;
  /**
   * The gradients that follow from those that were handed in: each path ends at the first tap that has one. `own`
   * decides whether the paths to the loss that meet no such tap count; `offsets` move the values at the taps.
   */
  readonly implied: (
    inputs: Values,
    taps: Values,
    handed: Values,
    options?: { readonly own?: boolean; readonly offsets?: Values },
  ) => Values;
}

type Tensors = Readonly<Record<string, Tensor>>;

/** A value of the graph, which only a tensor of this library can be. */
function tensorOf(what: string, x: unknown): Tensor {
  if (x instanceof Tensor) return x as Tensor;
  const foreign = typeof x === "object" && x !== null && "toTypedArray" in x;
  const problem = `${what} is ${foreign ? "a tensor of another copy of the library" : x === null ? "null" : x instanceof Promise ? "a Promise" : typeof x}, no tensor`;
  throw new ArgumentError({
    op: "handcheckGraph",
    problem,
    hint: foreign
      ? "use the methods of the inputs, which are tensors: x.matmul(W).tanh()"
      : "compute it from the inputs, which are tensors",
  });
}

/** The values at the taps, in the order of the run, and the loss. */
export function valuesOf(f: Graph, inputs: Values): { readonly taps: Values; readonly loss: number } {
  const taps: Record<string, Numbers> = {};
  const loss = observed(
    (name, x) => {
      taps[name] = fromTensor(tensorOf(`the value at tap "${name}"`, x));
      return x;
    },
    () => tensorOf("what the graph gives", f(tensorsOf(inputs), tap)),
  );
  if (loss.shape.length > 0)
    throw new ArgumentError({
      op: "handcheckGraph",
      problem: `the graph gives ${showShape(loss.shape)} where a loss is needed`,
      hint: "end it with a sum or a mean: a single number",
    });
  return { taps, loss: loss.item() };
}

const tensorsOf = (values: Values): Tensors =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toTensor(value)]));

const zerosOf = (values: Values): Tensors =>
  Object.fromEntries(Object.entries(values).map(([name, { shape }]) => [name, zeros(shape) as Tensor]));

const numbersOf = (values: Tensors): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromTensor(value)]));

interface Places {
  readonly inputs: Tensors;
  readonly offsets: Tensors;
}

const gradientsOf = (
  loss: (places: Places) => Tensor,
  inputs: Values,
  offsets: Tensors,
): { readonly inputs: Values; readonly taps: Values } => {
  const found = grad(loss)({ inputs: tensorsOf(inputs), offsets }) as unknown as Places;
  return { inputs: numbersOf(found.inputs), taps: numbersOf(found.offsets) };
};

// ∂C/∂x of x + 0 is ∂C/∂0
/** The true gradients at every tap and input. */
export function trueGradients(f: Graph, inputs: Values, taps: Values): Values {
  const loss = ({ inputs: xs, offsets }: Places): Tensor =>
    observed(
      (name, x) => add(x, offsets[name]!) as Tensor,
      () => f(xs, tap),
    );
  const found = gradientsOf(loss, inputs, zerosOf(taps));
  return { ...found.inputs, ...found.taps };
}

// L = C + Σ_T ⟨dT, x_T⟩, where nothing below a given tap T follows what is above it
/** The gradients that follow from those that were handed in. */
export function impliedGradients(
  f: Graph,
  inputs: Values,
  taps: Values,
  handed: Values,
  { own = true, offsets: moved }: NonNullable<Parameters<Flows["implied"]>[3]> = {},
): Values {
  const loss = ({ inputs: xs, offsets }: Places): Tensor => {
    let ends: Tensor = tensor(0);
    const cost = observed(
      (name, x) => {
        const given = handed[name];
        if (given === undefined) return add(x, offsets[name]!) as Tensor;
        ends = add(ends, sum(mul(x, toTensor(given)) as Tensor)) as Tensor;
        return add(stopGradient(x), offsets[name]!) as Tensor;
      },
      () => f(xs, tap),
    );
    return own ? (add(ends, cost) as Tensor) : ends;
  };
  const found = gradientsOf(loss, inputs, moved === undefined ? zerosOf(taps) : tensorsOf(moved));
  return { ...found.inputs, ...found.taps };
}

/** The flows of a graph that runs here. */
export const flowsOf = (f: Graph): Flows => ({
  values: (inputs) => valuesOf(f, inputs),
  truth: (inputs, taps) => trueGradients(f, inputs, taps),
  implied: (inputs, taps, handed, options) => impliedGradients(f, inputs, taps, handed, options),
});

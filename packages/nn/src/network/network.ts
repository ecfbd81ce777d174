/**
 * The document's network of any depth: u^l = W^l v^(l-1) + b^l, v^l = σ_l(u^l), and a cost, as functions of named
 * parameters.
 */

import {
  ArgumentError,
  checkOptions,
  ConfigError,
  type DType,
  option,
  type OptionKinds,
  ShapeError,
  Tensor,
  tensor,
} from "@chainrule/autograd";
import { activationFunction, checkActivations, type Activation, type LayerActivation } from "./activation.ts";
import { checkCost, meanCost, type Cost, type LayerCost } from "./cost.ts";
import { initialize, type Initialization, type NetworkParameters, type ParametersOf } from "./initialize.ts";

/** Holds what a network is made of. */
export interface NetworkOptions<Sizes extends readonly number[] = readonly number[]> {
  /** The units of each layer, the input first: `[784, 30, 10]`. */
  readonly sizes: Sizes;
  /** σ_l of each layer after the input, or one for all; `"sigmoid"` where nothing is said. */
  readonly activations?: Activation | readonly Activation[];
  /**
   * Says what a sample costs; `"quadratic"` where nothing is said. The cost of a batch is the mean over its samples.
   */
  readonly cost?: Cost;
  /** The seed of the first values; 0 where nothing is said. */
  readonly seed?: number | string;
  /** How the first values are drawn; `"scaled"` where nothing is said. */
  readonly initialization?: Initialization;
  /** Values of your own, out × in for each W; they replace the drawn ones. */
  readonly parameters?: Readonly<Record<string, Tensor | readonly (readonly number[])[] | readonly number[]>>;
  /** `"float64"` where nothing is said. */
  readonly dtype?: DType;
}

const kinds: OptionKinds<NetworkOptions> = {
  sizes: option.checkedLater,
  activations: option.checkedLater,
  cost: option.checkedLater,
  seed: option.seed,
  initialization: option.checkedLater,
  parameters: option.record,
  dtype: { ...option.oneOf("float64", "float32"), Refusal: ConfigError },
};

/** Inputs and outputs of every layer for a batch, samples as rows; index 0 is the input layer. */
export interface Activities {
  /** `u[l]` is u^l; `u[0]` is the input itself, which no layer computed. */
  readonly u: readonly Tensor[];
  /** `v[l]` is v^l; `v[0]` is x. */
  readonly v: readonly Tensor[];
}

/** A batch as tensors or as rows of numbers. */
export type Rows = Tensor | readonly (readonly number[])[];

/** The document's network. */
export interface Network<P extends NetworkParameters = NetworkParameters> {
  readonly sizes: readonly number[];
  /** The number of layers after the input: the document's L. */
  readonly layers: number;
  readonly activations: readonly LayerActivation[];
  readonly cost: LayerCost;
  readonly dtype: DType;
  /** The first values: `W1`, `b1`, `W2`, … */
  readonly parameters: P;
  /** u and v of every layer. `offsets[l]`, where given, is added to u^l: the handle by which ∂C/∂u^l is taken. */
  activities(parameters: P, x: Rows, offsets?: readonly (Tensor | null)[]): Activities;
  /** The outputs v^L, samples × units. */
  predict(parameters: P, x: Rows): Tensor;
  /** The mean cost of a batch: the scalar that `grad` differentiates. */
  loss(parameters: P, x: Rows, t: Rows, offsets?: readonly (Tensor | null)[]): Tensor<[]>;
}

function checkSizes(sizes: unknown): readonly number[] {
  const list: readonly unknown[] = Array.isArray(sizes) ? sizes : [];
  if (list.length < 2 || list.some((size) => !Number.isSafeInteger(size) || (size as number) < 1)) {
    throw new ConfigError({
      op: "network",
      problem: `sizes are [${list.join(", ")}]`,
      hint: "give the units of at least an input and an output layer, such as [2, 3, 1]",
    });
  }
  return [...list] as number[];
}

/** Samples as rows of a tensor of the network's type, checked against the width of a layer. */
function rows(what: string, given: Rows, width: number, dtype: DType): Tensor {
  if (typeof given !== "object" || given === null) {
    throw new ArgumentError({
      op: "network",
      problem: `${what} is ${typeof given}`,
      hint: "give a tensor or rows of numbers, one sample each",
    });
  }
  const batch: Tensor = given instanceof Tensor ? given : tensor(given as number[][], { dtype });
  if (batch.shape.length !== 2 || batch.shape[1] !== width) {
    throw new ShapeError({
      op: "network",
      problem: `${what} has shape [${batch.shape.join(", ")}] where [samples, ${width}] is needed`,
      hint: batch.shape.length === 1 ? "give one sample as a row: [[…]]" : "give one sample in each row",
      shapes: [batch.shape],
    });
  }
  return batch;
}

function checkParameters(
  sizes: readonly number[],
  drawn: NetworkParameters,
  given: NetworkOptions["parameters"],
  dtype: DType,
): NetworkParameters {
  const parameters: Record<string, Tensor> = { ...drawn };
  for (const [name, value] of Object.entries(given ?? {})) {
    const expected = parameters[name];
    if (expected === undefined) {
      throw new ConfigError({
        op: "network",
        problem: `there is no parameter ${name}`,
        hint: `the names are ${Object.keys(drawn).join(", ")}`,
      });
    }
    const own: Tensor = value instanceof Tensor ? value : tensor(value as number[][], { dtype });
    if (own.shape.join() !== expected.shape.join()) {
      throw new ShapeError({
        op: "network",
        problem: `${name} has shape [${own.shape.join(", ")}] where [${expected.shape.join(", ")}] is needed for sizes [${sizes.join(", ")}]`,
        hint: "W is out × in: one row for each unit of the layer",
        shapes: [own.shape, expected.shape],
      });
    }
    parameters[name] = own;
  }
  return parameters;
}

/**
 * A network of the document: layers of neurons u = W v + b, v = σ(u), and a cost.
 *
 * The document's three layers M, I, J are `sizes: [m, i, j]`. Its text calls the last layer linear
 * (`activations: ["sigmoid", "linear"]`), its derivation gives it a sigmoid (`activations: "sigmoid"`); both are right
 * here.
 *
 * @param options - sizes, activations, cost, seed, …
 * @returns the network with its first parameters; nothing in it changes when it learns
 * @throws ConfigError, ShapeError for sizes, activations or parameters that do not fit each other
 *
 * @example
 * network({ sizes: [2, 3, 1] }).parameters.W1.shape // => [3, 2]
 */
export function network<const Sizes extends readonly number[]>(
  options: NetworkOptions<Sizes>,
): Network<ParametersOf<Sizes>>;
export function network(options: NetworkOptions): Network {
  const call = "network({ sizes, activations, cost, seed, initialization, parameters, dtype })";
  if (options === undefined)
    throw new ConfigError({ op: "network", problem: "there are no options", hint: `write ${call}` });
  checkOptions("network", options, kinds, { call });
  const sizes = checkSizes(options.sizes);
  const layers = sizes.length - 1;
  const activations = checkActivations(options.activations, layers);
  const cost = checkCost(options.cost, activations[layers - 1]!, sizes[layers]!);
  const dtype = options.dtype ?? "float64";
  const drawn = initialize(
    sizes,
    options.initialization ?? "scaled",
    options.seed ?? 0,
    dtype,
    new Set(Object.keys(options.parameters ?? {})),
  );
  const functions = activations.map(activationFunction);

  const activities = (parameters: NetworkParameters, x: Rows, offsets?: readonly (Tensor | null)[]): Activities => {
    const input = rows("x", x, sizes[0]!, dtype);
    const u: Tensor[] = [input];
    const v: Tensor[] = [input];
    for (let l = 1; l <= layers; l++) {
      // u^l = W^l v^(l-1) + b^l, one sample in each row
      let sum: Tensor = v[l - 1]!.matmul(parameters[`W${l}`]!, { transposeB: true }).add(parameters[`b${l}`]!);
      const offset = offsets?.[l];
      if (offset !== null && offset !== undefined) sum = sum.add(offset);
      u.push(sum);
      v.push(functions[l - 1]!(sum));
    }
    return { u, v };
  };

  return {
    sizes,
    layers,
    activations,
    cost,
    dtype,
    parameters: checkParameters(sizes, drawn, options.parameters, dtype),
    activities,
    predict: (parameters, x) => activities(parameters, x).v[layers]!,
    loss(parameters, x, t, offsets) {
      const { u, v } = activities(parameters, x, offsets);
      const targets = rows("t", t, sizes[layers]!, dtype);
      if (targets.shape[0] !== u[0]!.shape[0]) {
        throw new ShapeError({
          op: "network",
          problem: `${u[0]!.shape[0]!} inputs and ${targets.shape[0]!} targets`,
          hint: "give one target for each input",
          shapes: [u[0]!.shape, targets.shape],
        });
      }
      return meanCost(cost, { u: u[layers]!, v: v[layers]!, t: targets, activation: activations[layers - 1]! });
    },
  };
}

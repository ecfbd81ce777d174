/** First values of weights and biases, drawn from one seed. */

import { ConfigError, tensor, zeros, type DType, type Tensor } from "@chainrule/autograd";
import { Random } from "../random.ts";

/**
 * `scaled`: weights N(0, 1)/√(inputs of the layer), biases N(0, 1), so that no neuron begins saturated.
 * `large`: both N(0, 1), the choice of older texts. `zeros`: both 0, where all neurons of a layer stay alike.
 */
export type Initialization = "scaled" | "large" | "zeros";

/** Weights and biases by name: `W1`, `b1`, `W2`, … as the document numbers its layers. */
export type NetworkParameters = Readonly<Record<string, Tensor>>;

/** The layers after the input, as the keys of a tuple of sizes. */
type LayerOf<Sizes extends readonly number[]> = Exclude<keyof Sizes & `${number}`, "0">;

/** A size by its key, as a number. */
type SizeOf<Sizes extends readonly number[], Key> = Key extends keyof Sizes
  ? Sizes[Key] extends number
    ? Sizes[Key]
    : never
  : never;

/**
 * The parameters of a network whose sizes the compiler knows: for `[2, 3, 1]`, W1 is `Tensor<[3, 2]>` and b1 is
 * `Tensor<[3]>`.
 */
export type ParametersOf<Sizes extends readonly number[]> = number extends Sizes["length"]
  ? NetworkParameters
  : { readonly [L in LayerOf<Sizes> as `W${L}`]: Tensor<[SizeOf<Sizes, L>, SizeOf<readonly [0, ...Sizes], L>]> } & {
      readonly [L in LayerOf<Sizes> as `b${L}`]: Tensor<[SizeOf<Sizes, L>]>;
    };

/**
 * Parameters of a network with the given sizes; W^l is out × in, b^l has one entry for each unit. Nothing is drawn for
 * those in `given`: they are zeros until their own values take their place.
 */
export function initialize(
  sizes: readonly number[],
  initialization: Initialization,
  seed: number | string,
  dtype: DType,
  given: ReadonlySet<string>,
): NetworkParameters {
  const random = new Random(seed);
  const parameters: Record<string, Tensor> = {};
  for (let l = 1; l < sizes.length; l++) {
    const [inputs, units] = [sizes[l - 1]!, sizes[l]!];
    parameters[`W${l}`] = zeros([units, inputs], { dtype });
    parameters[`b${l}`] = zeros([units], { dtype });
    if (initialization === "zeros") continue;
    if (initialization !== "scaled" && initialization !== "large") {
      throw new ConfigError({
        op: "network",
        problem: `unknown initialization ${String(initialization)}`,
        hint: "use scaled, large or zeros",
      });
    }
    // One stream for each parameter: a change of one size leaves the draws of the others as they were.
    if (!given.has(`W${l}`)) {
      const draws = random.split("W", l).normalArray(units * inputs);
      if (initialization === "scaled") for (let i = 0; i < draws.length; i++) draws[i]! /= Math.sqrt(inputs);
      parameters[`W${l}`] = tensor(draws, { shape: [units, inputs], dtype });
    }
    if (!given.has(`b${l}`)) parameters[`b${l}`] = tensor(random.split("b", l).normalArray(units), { dtype });
  }
  return parameters;
}

/** Random numbers by key: functions of a key and a place, without hidden state, the same bits wherever they run. */

import { ArgumentError, ConfigError, DTypeError, ShapeError, showShape } from "../errors.ts";
import type { DType } from "../graph/dtype.ts";
import { checkShape, countOf } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { checkOptions, describe, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Shape } from "../types/shape.ts";
import { mul } from "../ops/arithmetic.ts";
import { stack } from "../ops/assembly.ts";
import { cast } from "../ops/cast.ts";
import { at } from "../ops/cutting.ts";
import type { JointOp } from "../graph/op.ts";
import { asTensor } from "../ops/elementwise.ts";
import { reshapeTo } from "../ops/layout.ts";
import { derived, drawn, fraction24, fraction53 } from "../ops/threefry.ts";
import { cos, log, sqrt } from "../ops/transcendental.ts";
import { applySeveral, type SeveralOp } from "./several.ts";

/** The key that random numbers are a function of: two words of 32 bits. */
export type Key = Tensor<[2]>;

/** The type of the numbers. */
export interface RandomOptions {
  /** `"float64"` where nothing is said: 53 random bits each; `"float32"` has 24. */
  readonly dtype?: "float64" | "float32";
}

const kinds: OptionKinds<RandomOptions> = { dtype: option.oneOf("float64", "float32") };

/**
 * The key of a seed. The same seed gives the same numbers on every machine, at once, in programs and in batches.
 *
 * @param seed - a whole number from 0 up to 2⁵³ - 1
 * @returns an int32 tensor of two words
 *
 * @example
 * key(42).toArray() // => [0, 42]
 */
export function key(seed: number): Key;
export function key(seed: number, extra?: unknown): Key {
  refuseExtra("key", extra, "key(seed)");
  if (typeof seed !== "number")
    throw new ArgumentError({ op: "key", problem: `the seed is ${describe(seed)}`, hint: "give a whole number" });
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new ConfigError({
      op: "key",
      problem: `the seed is ${describe(seed)}`,
      hint: "give a whole number from 0 to 2 ** 53 - 1",
    });
  return new Tensor([2], "int32", Int32Array.of(Math.floor(seed / 2 ** 32), seed));
}

/**
 * Keys that come of a key, independent of it and of each other. A key is used once: for numbers, or to be split.
 *
 * @param of - a key
 * @param count - how many; 2 where nothing is said
 * @returns the keys, one in each row: `at(keys, k)` is one of them, and `scan` and `vmap` hand them on
 *
 * @example
 * const [a, b] = [at(splitKey(key(1)), 0), at(splitKey(key(1)), 1)] as const
 * [uniform(a, []).item() === uniform(b, []).item(), splitKey(key(1), 5).shape] // => [false, [5, 2]]
 */
export function splitKey<const N extends number = 2>(of: Tensor, count?: N): Tensor<[N, 2]>;
export function splitKey(of: Tensor, count = 2, extra?: unknown): Tensor {
  refuseExtra("splitKey", extra, "splitKey(key, count)");
  checkShape("splitKey", [count]);
  const words = wordsOf("splitKey", of, count, derivedBlock);
  return stack(words as never, 1 as never) as Tensor;
}

/** The words of a key. */
function checkKey(op: string, given: unknown): readonly [Tensor, Tensor] {
  const own = asTensor(op, given);
  const hint = "make one with key(seed), or take a row of splitKey(key, count)";
  if (own.dtype !== "int32") throw new DTypeError({ op, problem: `the key is ${own.dtype}`, hint });
  if (own.shape.length !== 1 || own.shape[0] !== 2)
    throw new ShapeError({
      op,
      problem: `the key has shape ${showShape(own.shape)}, not [2]`,
      hint,
      shapes: [own.shape],
    });
  return [at(own, 0 as never) as Tensor, at(own, 1 as never) as Tensor];
}

/** Both words of a block, as an op with two results; whole numbers have no derivative. */
/* @__NO_SIDE_EFFECTS__ */
const blockOf = (words: JointOp): SeveralOp<null> => ({
  name: words.name,
  lower: (l, inputs) => l.mapAll(words, ...inputs),
  pull: (_, { inputs }) => inputs.map(() => null),
  push: (_, { outputs }) => outputs.map(() => null),
});
const drawnBlock = blockOf(drawn);
const derivedBlock = blockOf(derived);

function wordsOf(op: string, of: Tensor, count: number, block: SeveralOp<null>): readonly Tensor[] {
  const [k0, k1] = checkKey(op, of);
  const places = new Int32Array(count);
  for (let k = 0; k < count; k++) places[k] = k;
  return applySeveral(block, [k0, k1, new Tensor([count], "int32", places)], null);
}

/** Numbers from 0 up to 1, below each other. */
function fractions(op: string, of: Tensor, count: number, dtype: DType): Tensor {
  const [high, low] = wordsOf(op, of, count, drawnBlock);
  const first = cast(high!, "float64");
  return dtype === "float64"
    ? (fraction53(first, cast(low!, "float64") as never) as Tensor)
    : cast(fraction24(first), dtype);
}

function read(
  op: string,
  shape: unknown,
  options: RandomOptions | undefined,
  extra: unknown,
): { shape: Shape; dtype: DType } {
  const call = `${op}(key, shape, { dtype })`;
  refuseExtra(op, extra, call);
  const { dtype = "float64" } = checkOptions(op, options, kinds, { call });
  return { shape: checkShape(op, shape), dtype };
}

/**
 * Numbers from 0 up to 1, each as likely as any other that has as many bits.
 *
 * @param of - a key
 * @param shape - of the result
 * @param options - `dtype`
 *
 * @example
 * uniform(key(7), [2]).toArray() // => [0.8441069458065502, 0.04541258473549736]
 */
export function uniform<const S extends Shape>(of: Tensor, shape: S, options?: RandomOptions): Tensor<[...S]>;
export function uniform(of: Tensor, shape: Shape, options?: RandomOptions, extra?: unknown): Tensor {
  const { shape: own, dtype } = read("uniform", shape, options, extra);
  return reshapeTo(fractions("uniform", of, countOf(own), dtype), own);
}

/**
 * Numbers of the normal distribution with mean 0 and variance 1.
 *
 * @param of - a key
 * @param shape - of the result
 * @param options - `dtype`
 *
 * @example
 * normal(key(7), [2]).toArray() // => [-0.6932287249465717, 1.475424141423552]
 */
// z = √(-2 ln(1 - u)) cos(2π v)        Box and Muller 1958
export function normal<const S extends Shape>(of: Tensor, shape: S, options?: RandomOptions): Tensor<[...S]>;
export function normal(of: Tensor, shape: Shape, options?: RandomOptions, extra?: unknown): Tensor {
  const { shape: own, dtype } = read("normal", shape, options, extra);
  checkKey("normal", of);
  const keys = splitKey(of);
  const [u, v] = [at(keys, 0), at(keys, 1)].map((one) => fractions("normal", one, countOf(own), "float64"));
  const radius = sqrt(mul(log(mul(u!, -1).add(1)), -2));
  return reshapeTo(cast(mul(radius, cos(mul(v!, 2 * Math.PI))) as Tensor, dtype), own);
}

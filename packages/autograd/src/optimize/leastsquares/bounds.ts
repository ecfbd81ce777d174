/** Bounds of parameters: one number for all of them, or a tree like that of the parameters. */

import { ArgumentError, ConfigError } from "../../errors.ts";
import { elementsOf } from "../../graph/read.ts";
import { countOf, sameShape } from "../../graph/shape.ts";
import { checkOptions, option, type OptionKinds } from "../../options.ts";
import { arrangedLike, flattenTree } from "../../transforms/tree.ts";
import type { Parameters } from "../parameters.ts";
import type { Bounds } from "./levenberg.ts";

/** The least and the largest that the parameters may be, both ends included. */
export interface BoundsOption {
  /** A number for all, or a tree like the parameters with a number or a tensor at each; −∞ where nothing is said. */
  readonly lower?: unknown;
  readonly upper?: unknown;
}

const kinds: OptionKinds<BoundsOption> = { lower: option.checkedLater, upper: option.checkedLater };

/** Reads bounds; `null` where there are none. The start must lie within. */
export function boundsOf(
  op: string,
  given: BoundsOption | undefined,
  start: unknown,
  parameters: Parameters,
): Bounds | null {
  if (given === undefined) return null;
  checkOptions(op, given, kinds, { call: `${op}(…, { bounds: { lower, upper } })` });
  const lower = listOf(op, "bounds.lower", given.lower ?? -Infinity, start, parameters);
  const upper = listOf(op, "bounds.upper", given.upper ?? Infinity, start, parameters);
  for (let j = 0; j < parameters.size; j++) {
    const [low, high, value] = [lower[j]!, upper[j]!, parameters.start[j]!];
    const name = parameters.name(j);
    if (!(low <= high))
      throw new ConfigError({
        op,
        problem: `the bounds of ${name} are ${low} and ${high}`,
        hint: "give a lower bound that is not above the upper one",
      });
    if (value < low || value > high)
      throw new ConfigError({
        op,
        problem: `${name} begins at ${value}, outside its bounds ${low} and ${high}`,
        hint: "begin within the bounds",
      });
  }
  return { lower, upper };
}

function listOf(op: string, what: string, given: unknown, start: unknown, parameters: Parameters): Float64Array {
  const out = new Float64Array(parameters.size);
  if (typeof given === "number") return out.fill(given);
  const like = flattenTree(op, "start", start);
  const tree = arrangedLike(like, flattenTree(op, what, given));
  if (tree.paths.length !== like.paths.length || tree.paths.some((path, k) => path !== like.paths[k])) {
    throw new ArgumentError({
      op,
      problem: `${what} has entries ${tree.paths.join(", ")} and the parameters have ${like.paths.join(", ")}`,
      hint: "give a number for all, or a tree like the parameters",
    });
  }
  tree.leaves.forEach((leaf, k) => {
    const { shape } = like.leaves[k]!;
    if (leaf.shape.length > 0 && !sameShape(leaf.shape, shape)) {
      throw new ArgumentError({
        op,
        problem: `${what}${tree.paths[k]!} does not fit its parameter`,
        hint: "give a number, or a tensor of the same shape",
        shapes: [leaf.shape, shape],
      });
    }
    const [begin, end] = [parameters.offsets[k]!, parameters.offsets[k]! + countOf(shape)];
    if (leaf.shape.length === 0) out.fill(elementsOf(leaf)[0]!, begin, end);
    else out.set(elementsOf(leaf), begin);
  });
  return out;
}

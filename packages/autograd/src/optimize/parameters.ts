/** A tree of parameters as one array of numbers, and back: what optimizers move, with a name for each entry. */

import { DTypeError, GraphError, NonFiniteError, ShapeError, showShape } from "../errors.ts";
import { allocate, isFloat } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf, sameShape, strong, WEAK } from "../graph/shape.ts";
import { isTensor, isWeak, Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { concat } from "../ops/assembly.ts";
import { castTo } from "../ops/conversion.ts";
import { slice } from "../ops/cutting.ts";
import { reshapeTo } from "../ops/layout.ts";
import { arrangedLike, flattenTree, type Flat } from "../transforms/tree.ts";
import type { Shape } from "../types/shape.ts";

/** The spacing of numbers around 1 in the two float types. */
const EPSILON = { float64: 2 ** -52, float32: 2 ** -23 } as const;

/** The parameters of one problem. */
export interface Parameters {
  /** How many numbers there are. */
  readonly size: number;
  /** The tensors that hold them, as the start has them. */
  readonly leaves: readonly Tensor[];
  /** The places where the numbers of each leaf begin, and where the last ones end. */
  readonly offsets: readonly number[];
  /** The numbers of the start. */
  readonly start: Float64Array;
  /** The relative spacing of what each entry can hold: 2⁻⁵² or 2⁻²³. */
  readonly spacing: Float64Array;
  /**
   * The name of an entry, for messages: `layers[0].w[1, 2]`; `x` stands for a tree that is a tensor or a number itself.
   */
  name(entry: number): string;
  /** Rounds numbers, in place, to what the parameters hold: entries of float32 ones. */
  round(numbers: Float64Array): void;
  /** The tree with these numbers; what was a number counts as one beside tensors. */
  tree(numbers: Float64Array): unknown;
  /**
   * The same as it is handed back: what was a number is a scalar tensor. Of a tensor of shape `[size]` derivatives
   * pass.
   */
  result(numbers: Float64Array | Tensor): unknown;
  /** The numbers of leaves, such as those of a gradient. */
  gather(leaves: readonly Tensor[]): Float64Array;
  /** A tensor of shape `[size]` of leaves, in float64, by the library's ops. */
  joinLeaves(leaves: readonly Tensor[]): Tensor;
  /** The numbers of a tree of the same structure. */
  numbers(tree: unknown): Float64Array;
  /** The leaves with these numbers, for functions of leaves. */
  split(numbers: Float64Array): readonly Tensor[];
  /** The tree with other leaves. */
  rebuild(leaves: readonly Tensor[]): unknown;
  /** The leaves cut out of a tensor of shape `[size]` by the library's ops, so that derivatives pass. */
  cut(vector: Tensor): readonly Tensor[];
  /** A tensor of shape `[size]` of a tree of the same structure, in float64, likewise. */
  join(tree: unknown): Tensor;
}

/**
 * Reads a start.
 *
 * @param op - who asks, for messages
 * @param start - a number, a tensor, or arrays and objects of them
 * @throws DTypeError for parameters that are whole numbers or truths; ArgumentError for what holds no numbers;
 * NonFiniteError for a start that is not finite; GraphError (`TRACED`) for a start that is known only when a compiled
 * function runs
 */
export function parametersOf(op: string, start: unknown): Parameters {
  const flat = flattenTree(op, "start", start, WEAK);
  flat.leaves.forEach((leaf, k) => checkLeaf(op, leaf, `start${flat.paths[k]!}`));
  const offsets = offsetsOf(flat.leaves);
  const size = offsets.at(-1)!;
  const read = (leaves: readonly Tensor[]): Float64Array => {
    const numbers = new Float64Array(size);
    leaves.forEach((leaf, k) => numbers.set(elementsOf(leaf), offsets[k]!));
    return numbers;
  };
  const spacing = new Float64Array(size);
  flat.leaves.forEach(({ dtype }, k) => spacing.fill(EPSILON[dtype as "float64"], offsets[k], offsets[k + 1]));
  const split = (numbers: Float64Array, shapeOf: (like: Tensor) => Shape): readonly Tensor[] =>
    flat.leaves.map((like, k) => leafOf(like, shapeOf(like), numbers.subarray(offsets[k], offsets[k + 1])));
  const parts = (vector: Tensor): readonly Tensor[] =>
    flat.leaves.map((like, k) => cutOut(like, vector, offsets[k]!, offsets[k + 1]!));
  const parameters: Parameters = {
    size,
    leaves: flat.leaves,
    offsets,
    start: read(flat.leaves),
    spacing,
    name: (entry) => nameOf(flat, offsets, entry),
    round: (numbers) =>
      flat.leaves.forEach(({ dtype }, k) => {
        if (dtype === "float32")
          for (let i = offsets[k]!; i < offsets[k + 1]!; i++) numbers[i] = Math.fround(numbers[i]!);
      }),
    split: (numbers) => split(numbers, (like) => like.shape),
    rebuild: (leaves) => flat.rebuild(leaves),
    tree: (numbers) => flat.rebuild(split(numbers, (like) => like.shape)),
    result: (numbers) =>
      flat.rebuild(isTensor(numbers) ? parts(numbers) : split(numbers, (like) => strong(like.shape))),
    gather: read,
    joinLeaves: joined,
    numbers: (tree) => read(matched(op, flat, tree)),
    cut: (vector) => parts(vector).map((part, k) => (isWeak(flat.leaves[k]!) ? asNumber(part) : part)),
    join: (tree) => joined(matched(op, flat, tree)),
  };
  refuseNonFinite(op, parameters);
  return parameters;
}

function checkLeaf(op: string, leaf: Tensor, name: string): void {
  if (!isFloat(leaf.dtype)) {
    throw new DTypeError({
      op,
      problem: `${name} is ${leaf.dtype}, and only real numbers can be moved a little`,
      hint: 'cast it to "float64", or hand it to the function through a closure',
    });
  }
  if (leaf.storage !== null) return;
  const where = tracing()?.name ?? "a function";
  throw new GraphError({
    op,
    problem: `${name} is not known while ${where} is compiled, and the steps depend on its numbers`,
    hint: `call ${op} outside of the compiled function; what it minimizes or solves may be compiled`,
    code: "TRACED",
  });
}

/** Finds where the numbers of each leaf begin, and where the last ones end. */
function offsetsOf(leaves: readonly Tensor[]): readonly number[] {
  const offsets = [0];
  for (const leaf of leaves) offsets.push(offsets.at(-1)! + countOf(leaf.shape));
  return offsets;
}

function leafOf(like: Tensor, shape: Shape, numbers: Float64Array): Tensor {
  if (shape.length === 0)
    return new Tensor(shape, like.dtype, like.dtype === "float32" ? Math.fround(numbers[0]!) : numbers[0]!);
  const elements = allocate(like.dtype, numbers.length);
  elements.set(numbers);
  return new Tensor(shape, like.dtype, elements);
}

/** The part of a vector that a leaf is. */
function cutOut(like: Tensor, vector: Tensor, from: number, to: number): Tensor {
  const whole = from === 0 && to === vector.shape[0];
  return castTo(reshapeTo(whole ? vector : slice(vector, { 0: [from, to] }), strong(like.shape)), like.dtype);
}

/** The same scalar as one that takes the type of the tensor beside it, as a number does. */
function asNumber(x: Tensor): Tensor {
  const number = new Tensor(WEAK, x.dtype, x.storage);
  number.node = x.node;
  return number;
}

/** The leaves of a tree that must have the structure and the shapes of the start. */
function matched(op: string, start: Flat, tree: unknown): readonly Tensor[] {
  const { leaves, paths } = arrangedLike(start, flattenTree(op, "what the function gives", tree));
  const at = start.paths.findIndex(
    (path, k) => path !== paths[k] || !sameShape(leaves[k]!.shape, start.leaves[k]!.shape),
  );
  if (at < 0 && leaves.length === start.leaves.length) return leaves;
  const [wanted, given] = [start.leaves[at], paths[at] === start.paths[at] ? leaves[at] : undefined];
  throw new ShapeError({
    op,
    problem:
      wanted === undefined || given === undefined
        ? "what the function gives has other entries than the start"
        : `what the function gives${start.paths[at]!} has shape ${showShape(given.shape)} where the start has ${showShape(wanted.shape)}`,
    hint: "give a tree of the structure of the start, with a tensor in the place of each",
    shapes: [given, wanted].flatMap((x) => (x === undefined ? [] : [x.shape])),
  });
}

function joined(leaves: readonly Tensor[]): Tensor {
  const flat = leaves.map((leaf) => castTo(reshapeTo(leaf, [countOf(leaf.shape)]), "float64"));
  if (flat.length === 1) return flat[0]!;
  return flat.length === 0 ? new Tensor([0], "float64", new Float64Array(0)) : (concat(flat) as Tensor);
}

function nameOf({ leaves, paths }: Flat, offsets: readonly number[], entry: number): string {
  let k = 0;
  while (offsets[k + 1]! <= entry) k++;
  const path = paths[k]!.replace(/^\./, "");
  const name = path === "" ? "x" : path.startsWith("[") ? `x${path}` : path;
  const { shape } = leaves[k]!;
  if (shape.length === 0) return name;
  const index: number[] = [];
  let rest = entry - offsets[k]!;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return `${name}[${index.join(", ")}]`;
}

function refuseNonFinite(op: string, parameters: Parameters): void {
  const { start } = parameters;
  const at = start.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new NonFiniteError({
    op,
    problem: `the start has ${start[at]!} at ${parameters.name(at)}`,
    hint: "begin at a point where the function has a value",
  });
}

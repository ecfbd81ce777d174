/**
 * Along which axis the examples lie: of arguments and results, one axis for all, or a tree of them, checked against
 * what is there.
 */

import { ArgumentError, ShapeError, showShape } from "../errors.ts";
import { pathTo } from "../graph/fields.ts";
import { checkAxis } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { describe } from "../options.ts";
import { permute } from "../ops/layout.ts";
import type { Batched } from "../primitives/batched.ts";
import { flattenTree, type Flat, type Skeleton } from "../transforms/tree.ts";
import { spread } from "./batched-op.ts";

/** An axis, `null` for what is the same for every example, or a list or an object of them. */
export type Axes = number | null | readonly Axes[] | { readonly [name: string]: Axes };

/** An argument that has examples, with the axis of these in each of its tensors. */
export interface GivenArgument {
  readonly place: number;
  readonly flat: Flat;
  readonly axes: readonly (number | null)[];
}

function refuse(option: string, problem: string, hint: string): never {
  throw new ArgumentError({ op: "vmap", problem: `${option} ${problem}`, hint });
}

/** The axis of each leaf of a tree; what is said of a node counts for all below. */
function spell(
  option: string,
  what: string,
  axes: unknown,
  skeleton: Skeleton,
  count: number,
): readonly (number | null)[] {
  const found = new Array<number | null>(count);
  const view = (said: unknown, shape: Skeleton, path: string): void => {
    if (said === null || Number.isSafeInteger(said)) {
      if (shape.kind === "leaf") found[shape.leaf] = said as number | null;
      else if (shape.kind === "list") shape.list.forEach((entry, k) => view(said, entry, `${path}[${k}]`));
      else for (const [key, entry] of shape.fields) view(said, entry, pathTo(path, key));
      return;
    }
    if (shape.kind === "list" && Array.isArray(said) && said.length === shape.list.length) {
      shape.list.forEach((entry, k) => view((said as readonly unknown[])[k], entry, `${path}[${k}]`));
      return;
    }
    if (shape.kind === "object" && typeof said === "object" && !Array.isArray(said)) {
      const keys = shape.fields.map(([key]) => key);
      const extra = Reflect.ownKeys(said as object).find((key) => !keys.includes(key));
      if (extra !== undefined)
        refuse(
          option,
          `names ${String(extra)}, which ${what}${path} does not have`,
          `its entries are ${keys.map(String).join(", ")}`,
        );
      for (const [key, entry] of shape.fields) {
        if (!Object.hasOwn(said as object, key))
          refuse(option, `says nothing of ${what}${pathTo(path, key)}`, "give each entry an axis, or null");
        view((said as Record<PropertyKey, unknown>)[key], entry, pathTo(path, key));
      }
      return;
    }
    const there =
      shape.kind === "leaf" ? "a tensor" : shape.kind === "list" ? `a list of ${shape.list.length}` : "an object";
    const given = Array.isArray(said) ? `has a list of ${said.length}` : `is ${describe(said)}`;
    refuse(
      option,
      `${given} for ${what}${path}, which is ${there}`,
      "give a whole number, null, or a tree of them that looks alike",
    );
  };
  view(axes, skeleton, "");
  return found;
}

/** The arguments that have examples, and how many these are. */
export function axesOfArguments(
  args: readonly unknown[],
  inAxes: unknown,
): { readonly given: readonly GivenArgument[]; readonly size: number } {
  if (Array.isArray(inAxes) && inAxes.length !== args.length)
    refuse(
      "inAxes",
      `has ${inAxes.length} entries for ${args.length} ${args.length === 1 ? "argument" : "arguments"}`,
      "give one for each argument, null for one without examples",
    );
  if (inAxes !== null && !Array.isArray(inAxes) && !Number.isSafeInteger(inAxes))
    refuse("inAxes", `is ${describe(inAxes)}`, "give an axis for all arguments, or a list with one for each");
  const given = args.flatMap((argument, place): GivenArgument[] => {
    const said: unknown = Array.isArray(inAxes) ? (inAxes as readonly unknown[])[place] : inAxes;
    // What is the same for every example may be anything.
    if (said === null) return [];
    const flat = flattenTree("vmap", `argument ${place}`, argument);
    const axes = spell("inAxes", `argument ${place}`, said, flat.skeleton!, flat.leaves.length);
    const counted = axes.map((axis, k) => {
      const { shape } = flat.leaves[k]!;
      if (axis !== null && shape.length === 0) {
        throw new ShapeError({
          op: "vmap",
          problem: `argument ${place}${flat.paths[k]!} is a scalar and has no axis of examples`,
          hint: "say null in inAxes for what is the same for every example",
          shapes: [shape],
        });
      }
      return axis === null ? null : checkAxis("vmap", axis, shape.length);
    });
    return [{ place, flat, axes: counted }];
  });
  return { given, size: sizeOf(given) };
}

/** The number of examples, which all arguments agree on. */
function sizeOf(given: readonly GivenArgument[]): number {
  let first: { readonly name: string; readonly size: number; readonly shape: readonly number[] } | null = null;
  for (const { place, flat, axes } of given) {
    for (const [k, axis] of axes.entries()) {
      if (axis === null) continue;
      const { shape } = flat.leaves[k]!;
      const [name, size] = [`argument ${place}${flat.paths[k]!}`, shape[axis]!];
      first ??= { name, size, shape };
      if (size === first.size) continue;
      throw new ShapeError({
        op: "vmap",
        problem:
          `${name} has ${size} examples ${showShape(shape)} ` +
          `where ${first.name} has ${first.size} ${showShape(first.shape)}`,
        hint: "give all arguments as many, or say in inAxes where they lie",
        shapes: [first.shape, shape],
      });
    }
  }
  if (first === null)
    refuse(
      "inAxes",
      "names no axis of examples",
      "give at least one argument with examples: an axis, and null for the others",
    );
  return first.size;
}

/** The axis of each leaf of the result. */
export function axesOfResult(flat: Flat, outAxes: unknown): readonly (number | null)[] {
  return spell("outAxes", "the result", outAxes, flat.skeleton!, flat.leaves.length);
}

/** A tensor with the examples in front. */
export function inBatch(x: Tensor, axis: number): Tensor {
  const rest = x.shape.map((_, at) => at).filter((at) => at !== axis);
  return permute(x, [axis, ...rest]);
}

/** A result with the examples along an axis; without one, where it does not depend on the example. */
export function outOfBatch(x: Batched<Tensor>, axis: number | null, size: number, path: string): Tensor {
  if (axis === null) {
    if (!x.mapped) return x.value;
    throw new ShapeError({
      op: "vmap",
      problem: `outAxes says null for the result${path}, which depends on the example`,
      hint: "give the axis along which the examples are to lie",
      shapes: [x.value.shape],
    });
  }
  const whole = spread(x, size);
  const place = checkAxis("vmap", axis, whole.shape.length);
  const order = whole.shape.map((_, at) => at).slice(1);
  order.splice(place, 0, 0);
  return permute(whole, order);
}

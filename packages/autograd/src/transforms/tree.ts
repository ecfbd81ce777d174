/** Nested objects and arrays of tensors: taking their leaves out and putting others in the same places. */

import { ArgumentError } from "../errors.ts";
import { emptyLike, isPlain, keysOf, pathTo, setField, type Key } from "../graph/fields.ts";
import { refuseForeign } from "../graph/foreign.ts";
import { SCALAR } from "../graph/shape.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { refuseLeaked } from "../graph/tracing.ts";
import { describe } from "../options.ts";

/** A value that a function of tensors may take or give: a tensor, a number, or objects and arrays of them. */
export type Tree = Tensor | number | readonly Tree[] | { readonly [name: string]: Tree };

/** The same structure with a tensor in place of each number. */
export type Lifted<T> = T extends Tensor
  ? T
  : T extends number
    ? Tensor<[]>
    : T extends readonly unknown[] | object
      ? { [K in keyof T]: Lifted<T[K]> }
      : never;

/** The type of what may be handed in where `T` is expected: a number does for a scalar tensor. */
export type Loose<T> =
  T extends Tensor<infer S>
    ? [] extends S
      ? T | number
      : T
    : T extends number
      ? number | Tensor<[]>
      : T extends (...args: never[]) => unknown
        ? T
        : T extends readonly unknown[] | object
          ? { readonly [K in keyof T]: Loose<T[K]> }
          : T;

/** The types of what may be handed in for a list of parameters. */
export type LooseAll<P extends readonly unknown[]> = { [K in keyof P]: Loose<P[K]> };

/** The same list with a tensor in place of each number. */
export type LiftedAll<P extends readonly unknown[]> = { -readonly [K in keyof P]: Lifted<P[K]> };

/** The leaves of a tree in a fixed order, numbers lifted to scalars, and how to build the tree again from others. */
export interface Flat {
  readonly leaves: readonly Tensor[];
  /** The path to each leaf, for messages: `.layers[0].w`. */
  readonly paths: readonly string[];
  rebuild(leaves: readonly Tensor[]): unknown;
  /** The skeleton in which the leaves stand; `null` for nothing at all. */
  readonly skeleton: Skeleton | null;
}

/** A tree without its leaves. */
export type Skeleton =
  | { readonly kind: "leaf"; readonly leaf: number }
  | { readonly kind: "list"; readonly list: readonly Skeleton[] }
  | { readonly kind: "object"; readonly empty: object; readonly fields: readonly (readonly [Key, Skeleton])[] };

/** No structure of parameters is so deep; a deeper one is a mistake, or holds itself. */
const DEEPEST = 1000;
/** Nor does one hold so many tensors; what holds the same parts again and again grows without end. */
const MOST_LEAVES = 2 ** 20;

/**
 * Flattens a tree.
 *
 * @param op - who asks, for the message
 * @param what - what the tree is: `"argument 0"`
 * @param scalar - the shape of what was a number: `WEAK` where it takes the type of the tensor beside it, as a number
 * does
 * @throws ArgumentError for a leaf that is no tensor and no number, for a hole in an array, for a property that is not
 * enumerable, and for a tree that holds itself or is nested beyond reason
 */
export function flattenTree(op: string, what: string, tree: unknown, scalar: [] = SCALAR): Flat {
  if (isTensor(tree) || typeof tree === "number") return leafAlone(op, tree, scalar);
  const leaves: Tensor[] = [];
  const paths: string[] = [];
  const around: { readonly value: object; readonly path: string }[] = [];
  const refuse = (path: string, problem: string, hint: string): never => {
    throw new ArgumentError({ op, problem: `${what}${shorten(path)} ${problem}`, hint });
  };
  const enter = (value: object, path: string): void => {
    if (around.length >= DEEPEST) refuseDepth(around, refuse);
    around.push({ value, path });
  };
  const view = (value: unknown, path: string): Skeleton => {
    if (isTensor(value) || typeof value === "number") {
      if (isTensor(value)) refuseLeaked(op, value);
      if (leaves.length >= MOST_LEAVES)
        refuse(
          path,
          `is one of more than ${MOST_LEAVES} tensors and numbers`,
          "put numbers that belong together into one tensor: tensor([…])",
        );
      leaves.push(isTensor(value) ? value : new Tensor(scalar, "float64", value));
      paths.push(path);
      return { kind: "leaf", leaf: leaves.length - 1 };
    }
    if (Array.isArray(value)) {
      const entries: readonly unknown[] = value;
      enter(value, path);
      const list: Skeleton[] = [];
      for (let k = 0; k < entries.length; k++) {
        if (!(k in entries)) refuse(`${path}[${k}]`, "is a hole in an array", "give every entry a value");
        list.push(view(entries[k], `${path}[${k}]`));
      }
      around.pop();
      return { kind: "list", list };
    }
    refuseForeign(op, `${what}${path}`, value);
    if (typeof value === "object" && value !== null && isPlain(value)) {
      const entries = value as Readonly<Record<Key, unknown>>;
      enter(value, path);
      const fields = keysOf(op, what, path, value).map((key) => [key, view(entries[key], pathTo(path, key))] as const);
      around.pop();
      return { kind: "object", empty: emptyLike(value), fields };
    }
    return refuse(path, `is ${describeInstance(value)}, not a tensor or a number`, adviceFor(value));
  };
  const skeleton = view(tree, "");
  const build = (shape: Skeleton, values: readonly Tensor[]): unknown => {
    if (shape.kind === "leaf") return values[shape.leaf]!;
    if (shape.kind === "list") return shape.list.map((entry) => build(entry, values));
    const object = emptyLike(shape.empty);
    for (const [key, entry] of shape.fields) setField(object, key, build(entry, values));
    return object;
  };
  return { leaves, paths, rebuild: (values) => build(skeleton, values), skeleton };
}

const LEAF: Skeleton = { kind: "leaf", leaf: 0 };
const HERE: readonly string[] = [""];
const firstOf = (leaves: readonly Tensor[]): Tensor => leaves[0]!;

/** A tree of one leaf, which most are. */
function leafAlone(op: string, leaf: Tensor | number, scalar: []): Flat {
  if (isTensor(leaf)) refuseLeaked(op, leaf);
  return {
    leaves: [isTensor(leaf) ? leaf : new Tensor(scalar, "float64", leaf)],
    paths: HERE,
    rebuild: firstOf,
    skeleton: LEAF,
  };
}

/**
 * A tree with the leaves in the order of another one, where keys of objects stand in another order; as it is where it
 * has other entries.
 */
export function arrangedLike(like: Flat, flat: Flat): Flat {
  const { paths } = like;
  if (flat.paths.length !== paths.length || flat.paths.every((path, k) => path === paths[k])) return flat;
  const places = new Map(flat.paths.map((path, k) => [path, k]));
  const leaves = paths.flatMap((path) => flat.leaves[places.get(path) ?? -1] ?? []);
  return leaves.length === paths.length ? { ...like, leaves } : flat;
}

/** Names the place where a tree holds itself, or says that it is too deep. */
function refuseDepth(
  around: readonly { readonly value: object; readonly path: string }[],
  refuse: (path: string, problem: string, hint: string) => never,
): never {
  const first = new Map<object, string>();
  for (const { value, path } of around) {
    const before = first.get(value);
    if (before !== undefined)
      refuse(
        path,
        `is the same object as ${before === "" ? "the whole" : before}: it holds itself`,
        "hand in a tree, without references back",
      );
    first.set(value, path);
  }
  return refuse(
    around.at(-1)!.path,
    `is nested more than ${DEEPEST} deep`,
    "hand in a flatter structure, such as a list of layers",
  );
}

function shorten(path: string): string {
  return path.length <= 80 ? path : `${path.slice(0, 40)}…${path.slice(-20)}`;
}

function adviceFor(value: unknown): string {
  if (value instanceof Promise) return "the function must not be async; await before you differentiate";
  if (ArrayBuffer.isView(value)) return "wrap data with tensor(…)";
  return "hand what is not differentiated in through a closure, or as an argument outside argnums";
}

/** Describes a value, with the name of its class where it is of one. */
function describeInstance(value: unknown): string {
  const known = describe(value);
  if (known !== "an object" || typeof value !== "object" || value === null) return known;
  const maker: unknown = (value as { readonly constructor?: unknown }).constructor;
  const name = typeof maker === "function" ? maker.name : "";
  return name === "" ? "an object of a class without a name" : `an object of the class ${name}`;
}

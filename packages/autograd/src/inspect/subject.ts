/**
 * The subject of a drawing: a function with its arguments, run once with everything kept, or a tensor that was recorded
 * before.
 */

import { ArgumentError, GraphError } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import { isPlain } from "../graph/fields.ts";
import type { Node } from "../graph/node.ts";
import { recordLeaf, withAllKept, withScope } from "../graph/record.ts";
import { Tensor } from "../graph/tensor.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import { checkFunction, type AnyFunction } from "../transforms/trace.ts";
import { flattenTree, type Tree } from "../transforms/tree.ts";
import { parameterNames } from "./names.ts";

/** Options for what a drawing shows beside ops, types and shapes. */
export interface DrawOptions {
  /** The numbers of small tensors, as far as the graph has kept them; all are kept where a function is drawn. */
  readonly values?: boolean;
  /** δ, the derivative of the result by each node, as the reverse sweep finds it; the result must be a scalar. */
  readonly cotangents?: boolean;
  /**
   * Names for tensors that have none: `{ w, b }`, or trees such as `{ params }`, whose tensors are named by their path.
   */
  readonly names?: { readonly [name: string]: Tree };
}

const kinds: OptionKinds<DrawOptions> = { values: option.flag, cotangents: option.flag, names: option.record };

/** Something with a graph behind it. */
export interface Subject {
  readonly title: string;
  readonly options: DrawOptions;
  /** The arguments of a function, used or not. */
  readonly inputs: readonly Tensor[];
  readonly results: readonly { readonly path: string; readonly tensor: Tensor }[];
  /** Names of nodes, and of tensors without one. */
  readonly names: ReadonlyMap<Node | Tensor, string>;
}

/** True if an argument is tensors and numbers and nothing else. */
function isTree(value: unknown): value is Tree {
  if (value instanceof Tensor || typeof value === "number") return true;
  if (Array.isArray(value)) return (value as readonly unknown[]).every(isTree);
  return typeof value === "object" && value !== null && isPlain(value) && Object.values(value).every(isTree);
}

/** Gives each thing a name once, and each name to one thing. */
class Names {
  readonly of = new Map<Node | Tensor, string>();
  readonly #taken = new Set<string>();

  add(x: Tensor, name: string): void {
    const key = x.node ?? x;
    if (this.of.has(key)) return;
    let own = name.replace(/^\./, "");
    while (this.#taken.has(own)) own += "'";
    this.#taken.add(own);
    this.of.set(key, own);
  }
}

/** Runs `f` once on leaves in place of its tensors and numbers; what is no tree of them is handed in as it is. */
function traced(op: string, f: AnyFunction, args: unknown, options: DrawOptions): Subject {
  checkFunction(op, f);
  if (!Array.isArray(args)) {
    throw new ArgumentError({
      op,
      problem: "the arguments of the function are not in a list",
      hint: `write ${op}(f, [x, y])`,
    });
  }
  const names = new Names();
  const parameters = parameterNames(f, args.length);
  const inputs: Tensor[] = [];
  const result = withAllKept(() =>
    withScope((scope): unknown => {
      const replaced = (args as readonly unknown[]).map((arg, k) => {
        if (!isTree(arg)) return arg;
        const flat = flattenTree(op, `argument ${k}`, arg);
        const leaves = flat.leaves.map((x) => (isFloat(x.dtype) ? recordLeaf(x, scope) : x));
        leaves.forEach((leaf, i) => names.add(leaf, parameters[k]! + flat.paths[i]!));
        inputs.push(...leaves);
        return flat.rebuild(leaves);
      });
      return f(...(replaced as never[]));
    }),
  );
  nameAll(op, names, options);
  const { leaves, paths } = flattenTree(op, "the result", result);
  return {
    title: f.name,
    options,
    inputs,
    results: leaves.map((tensor, k) => ({ path: paths[k]!.replace(/^\./, ""), tensor })),
    names: names.of,
  };
}

function nameAll(op: string, names: Names, options: DrawOptions): void {
  for (const [name, tree] of Object.entries(options.names ?? {})) {
    const { leaves, paths } = flattenTree(op, name, tree);
    leaves.forEach((leaf, k) => names.add(leaf, name + paths[k]!));
  }
}

function recorded(op: string, x: Tensor, options: DrawOptions): Subject {
  if (x.node === null) {
    throw new GraphError({
      op,
      problem: "no graph was recorded behind this tensor",
      hint: `hand in the function, ${op}(f, [x]), or make its parameters with tensor(…, { requiresGrad: true })`,
      code: "NOT_RECORDED",
    });
  }
  const names = new Names();
  nameAll(op, names, options);
  return { title: "", options, inputs: [], results: [{ path: "", tensor: x }], names: names.of };
}

/** Reads the arguments that all drawing functions share: `(f, args, options)` or `(x, options)`. */
export function subjectOf(op: string, what: unknown, ...rest: readonly unknown[]): Subject {
  if (what instanceof Tensor)
    return recorded(op, what as Tensor, readOptions(op, `${op}(x, { values, cotangents, names })`, rest));
  const [args, ...behind] = rest;
  return traced(
    op,
    what as AnyFunction,
    args,
    readOptions(op, `${op}(f, [x, y], { values, cotangents, names })`, behind),
  );
}

function readOptions(op: string, call: string, [options, extra]: readonly unknown[]): DrawOptions {
  refuseExtra(op, extra, call);
  return checkOptions(op, options as DrawOptions | undefined, kinds, { call });
}

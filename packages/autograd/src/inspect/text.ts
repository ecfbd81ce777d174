/** A graph as text: one line for each input and op, in the order of recording. */

import type { Tensor } from "../graph/tensor.ts";
import type { LiftedAll, LooseAll } from "../transforms/tree.ts";
import type { Shape } from "../types/shape.ts";
import { attributesOf, numbersOf, typeOf } from "./label.ts";
import { pictureOf, type Part, type Picture } from "./picture.ts";
import type { DrawOptions } from "./subject.ts";

/** The widest statement that others make room for: a longer one does not push them out. */
const WIDEST = 60;

/** The statement of a line: `%2 = matmul(w, x)`, its type, its numbers, its cotangent. */
export interface Statement {
  readonly left: string;
  readonly type: string;
  readonly value: string;
  readonly cotangent: string;
}

/** How other lines call each part: its name, or its number; a constant is written out. */
function callsOf(parts: readonly Part[]): string[] {
  let next = 1;
  return parts.map((part) => {
    if (part.name !== null) return part.name;
    if (part.kind === "constant") return numbersOf(part.value, false) ?? `constant[${part.shape.join(", ")}]`;
    return `%${next++}`;
  });
}

/** The statement of each part. */
export function statementsOf({ parts }: Picture): Statement[] {
  const calls = callsOf(parts);
  return parts.map((part, k) => {
    const told = [...part.inputs.map((place) => calls[place]!), ...attributesOf(part)].join(", ");
    const value = numbersOf(part.value, false);
    const cotangent = numbersOf(part.cotangent, false);
    return {
      left: part.kind === "op" ? `${calls[k]!} = ${part.op}(${told})` : `${calls[k]!} = ${part.kind}`,
      type: typeOf(part),
      value: value === null ? "" : `= ${value}`,
      cotangent: cotangent === null ? "" : `δ = ${cotangent}`,
    };
  });
}

/** The value of the function. */
function returned({ parts, results }: Picture): string {
  const calls = callsOf(parts);
  return `return ${results.map(({ path, place }) => (path === "" ? calls[place]! : `${path}: ${calls[place]!}`)).join(", ")}`;
}

/**
 * The graph of a function as text, one line for each op in the order of recording, the arguments first. The function is
 * run once on the given arguments; arguments that are no trees of tensors and numbers are handed in as they are.
 *
 * @param f - gives a tensor, or a tree of them
 * @param args - its arguments; they are named after its parameters, nested ones by their path: `params.w`
 * @param options - `values`: the numbers of small tensors; `cotangents`: δ, the derivative of the result by each node;
 * `names`
 * @returns lines such as `%1 = matmul(w, x)  float64 [2, 1]`; named tensors go by their names
 * @throws GraphError (`NON_SCALAR`) for the cotangents of a result that is no scalar
 *
 * @example
 * const f = (x: Tensor<[]>) => sin(x)
 * toText(f, [0.5]) // => "x = input    float64 []\n%1 = sin(x)  float64 []\nreturn %1"
 */
export function toText<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<Readonly<LooseAll<P>>>,
  options?: DrawOptions,
): string;
/**
 * The graph behind a recorded tensor as text: one that was computed from tensors made with `requiresGrad`, or inside a
 * transform.
 *
 * @throws GraphError: `NOT_RECORDED` where there is no graph, `GRAPH_FREED` after `backward`
 */
export function toText<S extends Shape>(x: Tensor<S>, options?: DrawOptions): string;
export function toText(what: unknown, ...rest: readonly unknown[]): string {
  return write(pictureOf("toText", what, ...rest));
}

function write(picture: Picture): string {
  const lines = statementsOf(picture).filter(
    (_, k) => picture.parts[k]!.kind !== "constant" || picture.parts[k]!.name !== null,
  );
  const columns: readonly (keyof Statement)[] = ["left", "type", "value", "cotangent"];
  const widths = columns.map((column) =>
    lines.reduce((width, line) => Math.max(width, Math.min(line[column].length, WIDEST)), 0),
  );
  const row = (line: Statement): string =>
    columns
      .flatMap((column, k) => (widths[k] === 0 ? [] : [line[column].padEnd(widths[k]!)]))
      .join("  ")
      .trimEnd();
  return [...lines.map(row), returned(picture)].join("\n");
}

/**
 * Writes the graph of a function to the console; see {@link toText}.
 *
 * @example
 * print((x: Tensor<[]>) => sin(mul(x, 2)), [0.5], { values: true })
 */
export function print<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<Readonly<LooseAll<P>>>,
  options?: DrawOptions,
): void;
/** Writes the graph behind a recorded tensor to the console. */
export function print<S extends Shape>(x: Tensor<S>, options?: DrawOptions): void;
export function print(what: unknown, ...rest: readonly unknown[]): void {
  console.log(write(pictureOf("print", what, ...rest)));
}

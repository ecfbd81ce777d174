/** A graph in the language of Graphviz. */

import type { Tensor } from "../graph/tensor.ts";
import type { LiftedAll, LooseAll } from "../transforms/tree.ts";
import type { Shape } from "../types/shape.ts";
import { boxText, isOrdered } from "./label.ts";
import { pictureOf, type Part } from "./picture.ts";
import type { DrawOptions } from "./subject.ts";

/** A DOT string: quotes and backslashes escaped, and `&`, which would begin an HTML entity. */
function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("&", "&amp;").replaceAll("\n", "\\n")}"`;
}

const styles = {
  input: 'style=filled, fillcolor="#dbeafe", color="#3b82f6"',
  constant: 'style="filled,dashed", fillcolor="#f1f5f9", color="#94a3b8"',
  op: 'style="filled,rounded", fillcolor="#ffffff", color="#64748b"',
  result: 'style="filled,rounded", fillcolor="#dcfce7", color="#16a34a", penwidth=2',
} as const;

/** Lines of one width, so that they stay aligned when each is centered. */
function block(lines: readonly string[]): string[] {
  const width = lines.reduce((most, line) => Math.max(most, line.length), 0);
  return lines.map((line) => line.padEnd(width).replaceAll(" ", "\u00a0"));
}

/** The statement of one part and of the edges that arrive at it, numbered where the order of the operands matters. */
function statements(part: Part, place: number): string[] {
  const { title, details, numbers, cotangent } = boxText(part);
  const label = [title, ...details, ...block(numbers), ...block(cotangent)].join("\n");
  const ordered = isOrdered(part);
  return [
    `  n${place} [label=${quote(label)}, ${styles[part.result === null ? part.kind : "result"]}];`,
    ...part.inputs.map((from, k) => `  n${from} -> n${place}${ordered ? ` [label="${k}"]` : ""};`),
  ];
}

/**
 * The graph of a function as Graphviz DOT, for `dot -Tsvg` and its kin; {@link toSvg} draws without them.
 *
 * @param f - gives a tensor, or a tree of them
 * @param args - its arguments, as for {@link toText}
 * @param options - `values`, `cotangents`, `names`
 * @returns a `digraph`; an edge bears the position of the operand, counted from 0, where the order matters
 * @throws GraphError (`NON_SCALAR`) for the cotangents of a result that is no scalar
 *
 * @example
 * toDot((x: Tensor<[]>) => exp(x), [1]).includes("n0 -> n1;") // => true
 */
export function toDot<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<Readonly<LooseAll<P>>>,
  options?: DrawOptions,
): string;
/**
 * The graph behind a recorded tensor as Graphviz DOT.
 *
 * @throws GraphError: `NOT_RECORDED` where there is no graph, `GRAPH_FREED` after `backward`
 */
export function toDot<S extends Shape>(x: Tensor<S>, options?: DrawOptions): string;
export function toDot(what: unknown, ...rest: readonly unknown[]): string {
  const { title, parts } = pictureOf("toDot", what, ...rest);
  return [
    `digraph ${quote(title === "" ? "graph" : title)} {`,
    '  graph [bgcolor="transparent"];',
    '  node [shape=box, fontname="monospace", fontsize=11, fontcolor="#0f172a"];',
    '  edge [fontname="monospace", fontsize=9, color="#7c8798", fontcolor="#7c8798"];',
    ...parts.flatMap(statements),
    "}",
    "",
  ].join("\n");
}

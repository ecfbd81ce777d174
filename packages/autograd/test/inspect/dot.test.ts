/** toDot: the language is kept, whatever names and numbers are written in it. */

import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { add, concat, customGradient, exp, mul, sin, sub, sum, tensor, toDot, type Tensor } from "@chainrule/autograd";
import { quadratic } from "./functions.ts";

/** The statements of a drawing, each parsed whole: `digraph "name" { statement; … }`. */
function parse(dot: string): {
  nodes: Map<string, string>;
  edges: { from: string; to: string; label: string | null }[];
} {
  const string = String.raw`"(?:[^"\\]|\\.)*"`;
  const attributes = String.raw`\[(?:\w+=(?:${string}|\w+)(?:, )?)+\]`;
  const lines = dot.split("\n");
  expect(lines[0]).toMatch(new RegExp(`^digraph ${string} \\{$`));
  expect(lines.slice(-2)).toEqual(["}", ""]);
  const nodes = new Map<string, string>();
  const edges: { from: string; to: string; label: string | null }[] = [];
  for (const line of lines.slice(1, -2)) {
    if (new RegExp(`^  (?:graph|node|edge) ${attributes};$`).test(line)) continue;
    const node = new RegExp(`^  (n\\d+) ${attributes};$`).exec(line);
    const edge = new RegExp(`^  (n\\d+) -> (n\\d+)(?: \\[label="(\\d+)"\\])?;$`).exec(line);
    expect(node ?? edge, line).not.toBeNull();
    if (node !== null) nodes.set(node[1]!, new RegExp(`label=(${string})`).exec(line)![1]!);
    if (edge !== null) edges.push({ from: edge[1]!, to: edge[2]!, label: edge[3] ?? null });
  }
  for (const { from, to } of edges) expect(nodes.has(from) && nodes.has(to)).toBe(true);
  return { nodes, edges };
}

const point = [{ w: tensor([[0.5, -1]]), b: tensor([[0.25]]) }, tensor([[1], [2]]), tensor([[1]])] as const;
const odd = customGradient({ name: 'a"b\\c <&amp;>\n', forward: (x) => x.mul(2), vjp: (g) => g.mul(2) });

describe("The DOT of a graph", () => {
  it("has one node for each input, constant and op, and one edge for each operand", () => {
    const { nodes, edges } = parse(toDot(quadratic, point));
    expect([...nodes.values()].map((label) => label.slice(1, -1).split("\\n")[0])).toEqual([
      "params.w",
      "params.b",
      "x",
      "target",
      "matmul",
      "add",
      "sigmoid",
      "sub",
      "mul",
      "sum",
      "0.5",
      "mul",
    ]);
    expect(edges).toHaveLength(2 + 2 + 1 + 2 + 2 + 1 + 2);
  });

  it("numbers the operands where their order matters, and only there", () => {
    const { edges } = parse(toDot((a: Tensor<[]>, b: Tensor<[]>) => add(sub(a, b), mul(b, a)), [1, 2]));
    expect(edges.map(({ label }) => label)).toEqual(["0", "1", null, null, null, null]);
  });

  it("draws both edges of an op that takes one node twice", () => {
    expect(parse(toDot((a: Tensor<[]>) => mul(a, a), [3])).edges).toEqual([
      { from: "n0", to: "n1", label: null },
      { from: "n0", to: "n1", label: null },
    ]);
  });

  it("styles inputs, constants, ops and results differently", () => {
    const dot = toDot((a: Tensor<[]>) => exp(mul(a, 2)), [1]);
    const fills = [...dot.matchAll(/fillcolor="(#\w+)"/g)].map((match) => match[1]);
    expect(new Set(fills).size).toBe(4);
  });

  it("writes numbers and cotangents into the nodes, rows aligned", () => {
    const { nodes } = parse(toDot(quadratic, point, { values: true, cotangents: true }));
    const lines = nodes.get("n2")!.slice(1, -1).split("\\n");
    expect(lines.map((line) => line.replaceAll("\u00a0", "~"))).toEqual([
      "x",
      "[2, 1]",
      "[[1],",
      "~[2]]",
      "δ~=~[[-0.06728],",
      "~~~~~[~0.1346]]~",
    ]);
  });

  it("escapes quotes, backslashes, entities and line ends in names", () => {
    const dot = toDot((a: Tensor<[]>) => odd(a), [1]);
    const { nodes } = parse(dot);
    expect(nodes.get("n1")).toContain(String.raw`a\"b\\c <&amp;amp;>\n`);
  });

  it("is what Graphviz reads, where that is installed", (context) => {
    if (spawnSync("dot", ["-V"]).error !== undefined) return context.skip("graphviz is not installed");
    const graphs = [
      toDot(quadratic, point, { values: true, cotangents: true }),
      toDot((a: Tensor<[]>) => odd(a), [1]),
      toDot(() => tensor(1), []),
      toDot((v: Tensor<[2]>) => concat([sin(v), exp(v)]), [tensor([1, NaN])], { values: true }),
    ];
    for (const graph of graphs) {
      const { status, stdout, stderr } = spawnSync("dot", ["-Tplain"], { input: graph, encoding: "utf8" });
      expect(stderr.replace(/^.*(?:font|Pango).*\n/gim, "")).toBe("");
      expect(status).toBe(0);
      expect(stdout.match(/^node /gm)).toHaveLength(parse(graph).nodes.size);
    }
  });

  it("takes a recorded tensor", () => {
    const weight = tensor([1, 2], { requiresGrad: true });
    expect(parse(toDot(sum(mul(weight, weight)), { names: { weight } })).nodes.get("n0")).toBe(
      String.raw`"weight\n[2]"`,
    );
  });
});

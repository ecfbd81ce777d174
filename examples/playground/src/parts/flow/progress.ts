/** What is known after a step, and which lines it reads. */

import type { FlowTold, ToldStep } from "./answer.ts";
import { wordOfWeight } from "./place.ts";

/** What has become known up to a step. */
export interface Known {
  readonly u: (layer: number, neuron: number) => boolean;
  readonly v: (layer: number, neuron: number) => boolean;
  readonly delta: (layer: number, neuron: number) => boolean;
  readonly gradient: (layer: number, neuron: number) => boolean;
  readonly cost: boolean;
}

export function knownAt(steps: readonly ToldStep[], step: number): Known {
  const done = new Set(
    steps
      .slice(0, step + 1)
      .flatMap(({ knows, layer, neuron }) => knows.map((one) => `${one} ${layer}.${String(neuron)}`)),
  );
  const has =
    (what: string) =>
    (layer: number, neuron: number): boolean =>
      done.has(`${what} ${layer}.${neuron}`);
  return {
    u: has("u"),
    v: has("v"),
    delta: has("delta"),
    gradient: has("gradient"),
    cost: steps.slice(0, step + 1).some(({ knows }) => knows.includes("cost")),
  };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** The weights that a step reads or differentiates by, and in which direction numbers go on them. */
export function activeEdges(
  { sizes }: Pick<FlowTold, "sizes">,
  { knows, layer, neuron }: ToldStep,
): { readonly edges: ReadonlySet<string>; readonly kind: "forward" | "backward" } {
  if (neuron === null) return { edges: new Set(), kind: "forward" };
  const into = upTo(sizes[layer - 1]!).map((from) => wordOfWeight({ layer, to: neuron, from }));
  if (knows.includes("u")) return { edges: new Set(into), kind: "forward" };
  if (knows.includes("gradient")) return { edges: new Set(into), kind: "backward" };
  const above = sizes[layer + 1];
  const from =
    knows.includes("delta") && above !== undefined
      ? upTo(above).map((to) => wordOfWeight({ layer: layer + 1, to, from: neuron }))
      : [];
  return { edges: new Set(from), kind: knows.includes("delta") ? "backward" : "forward" };
}

/**
 * The weights and units on the paths of the chosen weight, or on one of them; outputs that reach the cost as `out.0`.
 */
export function edgesOfPaths(
  { sizes, chosen }: Pick<FlowTold, "sizes" | "chosen">,
  path: number | null,
): ReadonlySet<string> {
  if (chosen === null) return new Set();
  const { layer, to, from } = chosen.weight;
  const last = sizes.length - 1;
  const found = new Set([wordOfWeight(chosen.weight), `unit ${layer - 1}.${from}`, `unit ${layer}.${to}`]);
  const one = path === null ? undefined : chosen.paths[path];
  const steps = one === undefined ? null : one.neurons;
  for (let l = layer + 1; l <= last; l++) {
    for (const below of l === layer + 1 ? [to] : upTo(sizes[l - 1]!)) {
      for (const above of upTo(sizes[l]!)) {
        const visits = (on: number, neuron: number): boolean =>
          steps === null || steps.some((step) => step.layer === on && step.neuron === neuron);
        if (!visits(l, above) || !visits(l - 1, below)) continue;
        found.add(wordOfWeight({ layer: l, to: above, from: below })).add(`unit ${l}.${above}`);
      }
    }
  }
  for (const j of upTo(sizes[last]!)) if (found.has(`unit ${last}.${j}`)) found.add(`out.${j}`);
  return found;
}

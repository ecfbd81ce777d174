/** The weights and biases of a network, out × in, by every layout that fits their sizes. */

import type { Words } from "../report.ts";
import type { NumberArray } from "./given.ts";
import type { Leaning } from "./hand-arrays.ts";
import { biasOf, weightLayouts, weightsIn, type WeightLayout } from "./layout.ts";
import type { Placed } from "./numbering.ts";

/** By layer from 1; index 0 is empty. */
export type Layouts = readonly (readonly WeightLayout[])[];

type Arrays = readonly (NumberArray | undefined)[];

/** The layouts that each matrix may have; `null` where one has none, which is said. */
export function layoutsOf(sizes: readonly number[], W: Arrays, b: Arrays, refused: Words[]): Layouts | null {
  const layouts = sizes.map((_, l) => (l === 0 ? [] : optionsOf(l, sizes, W[l]!, b[l], refused)));
  return layouts.some((list, l) => l > 0 && list.length === 0) ? null : layouts;
}

function optionsOf(l: number, sizes: readonly number[], W: NumberArray, b: NumberArray | undefined, refused: Words[]): WeightLayout[] {
  const [out, into] = [sizes[l]!, sizes[l - 1]!];
  const odd = W.data.findIndex((entry) => !Number.isFinite(entry));
  if (odd >= 0) refused.push({ en: `W${l}: it holds ${W.data[odd]!}: nothing can be computed from that`, zh: `W${l}:含有 ${W.data[odd]!}：无法由此计算` });
  const options = weightLayouts(W, out, into).filter(({ bias }) => bias === null || b === undefined);
  if (options.length === 0) refused.push({ en: `W${l} has shape [${W.shape.join(", ")}], and leads from ${into} units to ${out}: give [${out}, ${into}]${b === undefined ? ", with or without a column for the bias" : ""}`, zh: `W${l} 的形状是 [${W.shape.join(", ")}]，而它从 ${into} 个单元通向 ${out} 个：应为 [${out}, ${into}]` });
  if (b !== undefined && biasOf(b, out) === null) refused.push({ en: `b${l} has shape [${b.shape.join(", ")}], and layer ${l} has ${out} units: give one for each`, zh: `b${l} 的形状是 [${b.shape.join(", ")}]，而第 ${l} 层有 ${out} 个单元：请每个单元一个` });
  return options;
}

/** How the weights may lie where sizes leave it open: as those lie that are sure, then the network's own way. */
export function leaningsOf(layouts: Layouts, hand: readonly Placed[], sizes: readonly number[]): Leaning[] {
  const all = layouts.flat();
  const sure = layouts.filter((list) => list.length > 0 && list.every((one) => one.turned === list[0]!.turned)).map((list) => list[0]!.turned);
  const open = layouts.some((list) => list.some((one) => one.turned) && list.some((one) => !one.turned));
  const first = sure.length > 0 && sure.every((one) => one);
  const orders = open ? [first, !first] : [first];
  const columns = all.some(({ bias }) => bias !== null) || hand.some(({ role, layer, value }) => ["gradW", "nextW", "afterW"].includes(role) && weightLayouts(value, sizes[layer]!, sizes[layer - 1]!).some(({ bias }) => bias !== null));
  return orders.flatMap((turned) => (columns ? (["first", "last"] as const) : (["first"] as const)).map((bias) => ({ turned, bias })));
}

/** Weights and biases as the network has them; a layer without a bias has none. */
export interface Weights {
  readonly W: readonly (NumberArray | null)[];
  readonly b: readonly (NumberArray | null)[];
  readonly says: readonly Words[];
}

/** Reads them, leaning one way where sizes leave it open. */
export function weightsOf(sizes: readonly number[], W: Arrays, b: Arrays, leaning: Leaning, layouts: Layouts): Weights {
  const says: Words[] = [];
  const [weights, biases]: [(NumberArray | null)[], (NumberArray | null)[]] = [[null], [null]];
  const turned: number[] = [];
  for (let l = 1; l < sizes.length; l++) {
    const options = layouts[l]!.filter(({ bias }) => bias === null || bias === leaning.bias);
    const layout = options.find((one) => one.turned === leaning.turned) ?? options[0]!;
    const split = weightsIn(W[l]!, layout, sizes[l]!, sizes[l - 1]!);
    const own = b[l] === undefined ? split.b : biasOf(b[l]!, sizes[l]!);
    weights.push(split.W);
    biases.push(own);
    if (layout.turned && sizes[l]! + sizes[l - 1]! > 2) turned.push(l);
    if (layout.bias !== null) says.push({ en: `b${l} is the ${layout.bias} ${layout.turned ? "row" : "column"} of W${l}`, zh: `b${l} 是 W${l} 的${layout.bias === "first" ? "首" : "末"}${layout.turned ? "行" : "列"}` });
    if (b[l] !== undefined && b[l]!.data.length === 1 && sizes[l]! > 1) says.push({ en: `b${l} is one number, for each of ${sizes[l]!} units`, zh: `b${l} 是一个数，用于 ${sizes[l]!} 个单元` });
  }
  if (turned.length > 0) says.push({ en: `${turned.map((l) => `W${l}`).join(", ")} in × out`, zh: `${turned.map((l) => `W${l}`).join("、")} 按 入×出 排列` });
  const none = biases.flatMap((one, l) => (l > 0 && one === null ? [l] : []));
  if (none.length === sizes.length - 1) says.push({ en: "no biases were handed in: judged without", zh: "没有给出偏置：按没有偏置来判" });
  else if (none.length > 0) says.push({ en: `no ${none.map((l) => `b${l}`).join(", ")} was handed in: these layers are judged without a bias`, zh: `没有给出 ${none.map((l) => `b${l}`).join("、")}：这些层按没有偏置来判` });
  return { W: weights, b: biases, says };
}

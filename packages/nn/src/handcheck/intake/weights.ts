/** The weights and biases of a network, out × in, by every layout that fits their sizes. */

import { intake } from "../../locales/intake.ts";
import type { Words } from "../../locales/words.ts";
import type { NumberArray } from "./given.ts";
import type { Leaning } from "./hand-arrays.ts";
import { biasOf, weightLayouts, weightsIn, type WeightLayout } from "./layout.ts";
import type { Placed } from "./numbering.ts";

/** By layer from 1; index 0 is empty. */
type Layouts = readonly (readonly WeightLayout[])[];

type Arrays = readonly (NumberArray | undefined)[];

/** The layouts that each matrix may have; `null` where one has none, which is said. */
export function layoutsOf(sizes: readonly number[], W: Arrays, b: Arrays, refused: Words[]): Layouts | null {
  const layouts = sizes.map((_, l) => (l === 0 ? [] : optionsOf(l, sizes, W[l]!, b[l], refused)));
  return layouts.some((list, l) => l > 0 && list.length === 0) ? null : layouts;
}

function optionsOf(
  l: number,
  sizes: readonly number[],
  W: NumberArray,
  b: NumberArray | undefined,
  refused: Words[],
): WeightLayout[] {
  const [out, into] = [sizes[l]!, sizes[l - 1]!];
  const odd = W.data.findIndex((entry) => !Number.isFinite(entry));
  if (odd >= 0) refused.push(intake.weightNotFinite({ l, value: W.data[odd]! }));
  const options = weightLayouts(W, out, into).filter(({ bias }) => bias === null || b === undefined);
  if (options.length === 0) {
    refused.push(intake.weightShape({ l, shape: W.shape, into, out, withBias: b !== undefined }));
  }
  if (b !== undefined && biasOf(b, out) === null) refused.push(intake.biasShape({ l, shape: b.shape, out }));
  return options;
}

/** How the weights may lie where sizes leave it open: as those lie that are sure, then the network's own way. */
export function leaningsOf(layouts: Layouts, hand: readonly Placed[], sizes: readonly number[]): Leaning[] {
  const all = layouts.flat();
  const sure = layouts
    .filter((list) => list.length > 0 && list.every((one) => one.turned === list[0]!.turned))
    .map((list) => list[0]!.turned);
  const open = layouts.some((list) => list.some((one) => one.turned) && list.some((one) => !one.turned));
  const first = sure.length > 0 && sure.every((one) => one);
  const orders = open ? [first, !first] : [first];
  const columns =
    all.some(({ bias }) => bias !== null) ||
    hand.some(
      ({ role, layer, value }) =>
        ["gradW", "nextW", "afterW"].includes(role) &&
        weightLayouts(value, sizes[layer]!, sizes[layer - 1]!).some(({ bias }) => bias !== null),
    );
  return orders.flatMap((turned) =>
    (columns ? (["first", "last"] as const) : (["first"] as const)).map((bias) => ({ turned, bias })),
  );
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
    if (layout.bias !== null) says.push(intake.biasInWeights({ l, which: layout.bias, turned: layout.turned }));
    if (b[l] !== undefined && b[l]!.data.length === 1 && sizes[l]! > 1) {
      says.push(intake.oneBiasForAll({ l, units: sizes[l]! }));
    }
  }
  if (turned.length > 0) says.push(intake.weightsInOut({ names: turned.map((l) => `W${l}`) }));
  const none = biases.flatMap((one, l) => (l > 0 && one === null ? [l] : []));
  if (none.length === sizes.length - 1) says.push(intake.noBiases);
  else if (none.length > 0) says.push(intake.biasesMissing({ names: none.map((l) => `b${l}`) }));
  return { W: weights, b: biases, says };
}

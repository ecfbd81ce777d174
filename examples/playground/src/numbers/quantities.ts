/**
 * The quantities of a network that are written down: what is given, and what is derived from it, with their sizes and
 * names.
 */

import type { Spec } from "../network/spec.ts";
import { whole, type Listing } from "./listing.ts";

/** What stands in the rows and the columns of an array: samples, units of a layer, or the one row of a bias. */
export type Axis = "samples" | "one" | { readonly layer: number };

export interface Quantity {
  /** In the text: `gradW1`. */
  readonly name: string;
  /** On the page: `∂C/∂W¹`. */
  readonly symbol: string;
  readonly layer: number;
  readonly rows: number;
  readonly columns: number;
  readonly down: Axis;
  readonly across: Axis;
}

const raised = (layer: number): string => String(layer).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!);

type Kind = "samples" | "weights" | "biases";

function quantityOf(
  { sizes }: Spec,
  samples: number,
  { name, symbol, layer, kind }: Pick<Quantity, "name" | "symbol" | "layer"> & { readonly kind: Kind },
): Quantity {
  const [columns, across] = kind === "weights" ? [sizes[layer - 1]!, { layer: layer - 1 }] : [sizes[layer]!, { layer }];
  const [rows, down] =
    kind === "samples"
      ? [samples, "samples" as const]
      : kind === "weights"
        ? [sizes[layer]!, { layer }]
        : [1, "one" as const];
  return { name, symbol, layer, rows, columns, down, across };
}

const layersOf = ({ sizes }: Spec): number[] => sizes.slice(1).map((_, k) => k + 1);

/** The parameters and the data, from the input on. */
export function givenOf(spec: Spec, samples: number): Quantity[] {
  const last = spec.sizes.length - 1;
  return [
    { name: "x", symbol: "x", layer: 0, kind: "samples" as const },
    ...layersOf(spec).flatMap((layer) => [
      { name: `W${layer}`, symbol: `W${raised(layer)}`, layer, kind: "weights" as const },
      { name: `b${layer}`, symbol: `b${raised(layer)}`, layer, kind: "biases" as const },
    ]),
    { name: "t", symbol: "t", layer: last, kind: "samples" as const },
  ].map((one) => quantityOf(spec, samples, one));
}

/** What a backward pass gives, from the output back. */
export const askedOf = (spec: Spec, samples: number): Quantity[] =>
  layersOf(spec)
    .reverse()
    .flatMap((layer) => [
      { name: `delta${layer}`, symbol: `δ${raised(layer)}`, layer, kind: "samples" as const },
      { name: `gradB${layer}`, symbol: `∂C/∂b${raised(layer)}`, layer, kind: "biases" as const },
      { name: `gradW${layer}`, symbol: `∂C/∂W${raised(layer)}`, layer, kind: "weights" as const },
    ])
    .map((one) => quantityOf(spec, samples, one));

/** A listing with every entry of these quantities: as it was written, else as `otherwise` has it, else empty. */
export const filled = (quantities: readonly Quantity[], written: Listing, otherwise: Listing): Listing =>
  new Map(
    quantities.map(({ name, rows, columns }) => [
      name,
      Array.from({ length: rows }, (_, i) =>
        Array.from({ length: columns }, (_, j) => written.get(name)?.[i]?.[j] ?? otherwise.get(name)?.[i]?.[j] ?? ""),
      ),
    ]),
  );

/** Nothing was derived yet. */
export const isBlank = (listing: Listing): boolean =>
  ![...whole(listing).keys()].some((name) => /^(?:grad|delta)/.test(name));

/** More than this nobody types. */
export const MOST_TYPED = 8;
export const MOST_SAMPLES = 4;
export const canBeTyped = ({ sizes }: Spec): boolean => sizes.every((size) => size <= MOST_TYPED);

/**
 * Where the neurons of the drawing stand: layers from left to right, or from top to bottom where the page is narrow.
 */

/** More units than this of a layer are drawn as some, a mark and one that matters. */
const MOST = { wide: 6, narrow: 5 } as const;

const STEP = { wide: { across: 64, along: 0 }, narrow: { across: 0, along: 104 } } as const;

/** Room above for the names of the layers. */
const HEAD = 34;

/** A place in percent of the width and pixels of the height. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly narrow: boolean;
  readonly height: number;
  /** `null` for a unit that is not drawn. */
  readonly unit: (layer: number, neuron: number) => Spot | null;
  /** Where a mark stands for those that are not drawn. */
  readonly gap: (layer: number) => Spot | null;
  readonly cost: Spot;
  readonly title: (layer: number) => Spot;
  /** The units of a layer that are drawn. */
  readonly drawn: (layer: number) => readonly number[];
}

/** The units of a layer that are drawn; `also` is one that must be among them. */
export function drawnUnits(units: number, most: number, also: number): (number | null)[] {
  if (units <= most) return Array.from({ length: units }, (_, k) => k);
  const first = Array.from({ length: most - 2 }, (_, k) => k);
  return [...first, null, also >= most - 2 ? also : units - 1];
}

/** `matters` names a unit of each layer that must be drawn. */
export function layoutOf(sizes: readonly number[], narrow: boolean, matters: (layer: number) => number): Layout {
  const form = narrow ? "narrow" : "wide";
  const columns = sizes.map((units, layer) => drawnUnits(units, MOST[form], matters(layer)));
  const tallest = Math.max(...columns.map(({ length }) => length));
  const along = (layer: number): number => (100 * (layer + 0.5)) / (sizes.length + 1);
  const height = narrow
    ? HEAD + (sizes.length + 1) * STEP.narrow.along - 44
    : HEAD + Math.max(2, tallest) * STEP.wide.across + 8;
  const spot = (layer: number, place: number, among: number): Spot =>
    narrow
      ? { x: (100 * (place + 0.5)) / among, y: HEAD + layer * STEP.narrow.along + 22 }
      : { x: along(layer), y: HEAD + (height - HEAD) / 2 + (place - (among - 1) / 2) * STEP.wide.across };
  const placed = (layer: number, which: number | null): Spot | null => {
    const place = columns[layer]?.indexOf(which) ?? -1;
    return place < 0 ? null : spot(layer, place, columns[layer]!.length);
  };
  return {
    narrow,
    height,
    unit: placed,
    gap: (layer) => placed(layer, null),
    cost: spot(sizes.length, 0, 1),
    title: (layer) => (narrow ? { x: 0, y: HEAD + layer * STEP.narrow.along - 12 } : { x: along(layer), y: 16 }),
    drawn: (layer) => columns[layer]!.filter((unit) => unit !== null),
  };
}

/** Laying an array along the axes of a gradient: as it is, turned, or a vector along one of the axes. */

import { stridesOf } from "../bounds/numbers.ts";
import { factorText, transposedText, type Piece } from "./piece.ts";

/** An array of the gradient's shape, all probes in one. */
export interface Laid {
  readonly text: string;
  readonly cost: number;
  readonly upstream: boolean;
  readonly closed: boolean;
  readonly data: Float64Array;
}

const letters = "ijklmn";

/** The ways to give each axis of `core` an axis of `to` of the same size, in order. */
function placements(core: readonly number[], to: readonly number[], from = 0): number[][] {
  const [first, ...rest] = core;
  if (first === undefined) return [[]];
  return Array.from(to.keys())
    .slice(from)
    .filter((axis) => to[axis] === first)
    .flatMap((axis) => placements(rest, to, axis + 1).map((others) => [axis, ...others]));
}

/** For each entry of shape `to` the entry of an array of shape `core` that stands there. */
function placesIn(core: readonly number[], axes: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(core);
  let places = Int32Array.of(0);
  for (const [axis, size] of to.entries()) {
    const stride = strides[axes.indexOf(axis)] ?? 0;
    const next = new Int32Array(places.length * size);
    for (let i = 0; i < next.length; i++) next[i] = places[Math.floor(i / size)]! + (i % size) * stride;
    places = next;
  }
  return places;
}

function spread(
  { values }: Piece,
  core: readonly number[],
  axes: readonly number[],
  to: readonly number[],
): Float64Array {
  const places = placesIn(core, axes, to);
  const data = new Float64Array(places.length * values.length);
  for (const [p, value] of values.entries())
    for (let i = 0; i < places.length; i++) data[p * places.length + i] = value[places[i]!]!;
  return data;
}

/** Every way in which an array can stand as a factor of a gradient of shape `to`. */
export function laid(piece: Piece, to: readonly number[]): Laid[] {
  const { upstream, cost, text, closed } = piece;
  // Axes of one line say nothing of where they belong.
  const core = piece.shape.filter((size) => size > 1);
  const target = to.map((size) => (size > 1 ? size : 0));
  const found = placements(core, target).map((axes): Laid => {
    const trailing = axes.every((axis, k) => axis === to.length - core.length + k);
    const only = placements(core, target).length === 1;
    const broadcast =
      piece.shape.length === to.length && piece.shape.every((size, axis) => size === 1 || size === to[axis]);
    const plain = core.length === 0 || broadcast || (only && trailing);
    return {
      text: plain ? text : `${factorText(piece)}[${axes.map((axis) => letters[axis]).join(", ")}]`,
      closed: plain ? closed : true,
      cost: cost + (plain || only ? 0 : 0.25),
      upstream,
      data: spread(piece, core, axes, to),
    };
  });
  if (core.length !== 2 || to.length !== 2 || core[0] !== target[1] || core[1] !== target[0]) return found;
  const turned = {
    ...piece,
    values: piece.values.map((value) =>
      Float64Array.from(value, (_, i) => value[(i % core[0]!) * core[1]! + Math.floor(i / core[0]!)]!),
    ),
  };
  return [
    ...found,
    {
      text: transposedText(piece),
      cost: cost + 0.5,
      upstream,
      closed: true,
      data: spread(turned, [core[1]!, core[0]!], [0, 1], to),
    },
  ];
}

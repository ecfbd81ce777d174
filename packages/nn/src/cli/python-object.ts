/** An object of a Python class: what its constructor takes, where it keeps its parameters, and how they lie there. */

import { programErrors } from "../locales/program-errors.ts";
import { SourceError, type GivenRecord } from "../handcheck/intake/given.ts";
import { meaningsOf, plainName } from "../handcheck/intake/meaning.ts";
import { widthNamed } from "../handcheck/intake/names-in-code.ts";
import { packedNumbers, type Packed } from "../handcheck/intake/sources/python/values.ts";
import { isList, isNumbers } from "../handcheck/intake/values.ts";
import type { Problem } from "../handcheck/claims/setting.ts";
import { biasIn, callLayouts, weightIn, type CallLayout } from "./python-arguments.ts";

/** A class of which objects are made for a call. */
export interface ObjectOf {
  readonly name: string;
  readonly constructor_: Packed;
  /** Those that its own arrays have. */
  readonly layouts: readonly CallLayout[];
  readonly attributes: (problem: Problem, layout: CallLayout) => Packed;
}

/** The value of a parameter of a constructor. */
export function constructed(name: string, sizes: readonly number[]): Packed {
  if (meaningsOf(name, "top").some(({ role }) => role === "sizes"))
    return { list: sizes.map((n) => packedNumbers([], [n], "int")) };
  const which = widthNamed(plainName(name).text);
  if (which === undefined || (which === "hidden" && sizes.length !== 3))
    throw new SourceError(programErrors.unknownWidth({ name }), programErrors.nameWidths);
  return packedNumbers([], [which === "first" ? sizes[0]! : which === "hidden" ? sizes[1]! : sizes.at(-1)!], "int");
}

/** Finds where an object keeps its parameters, and how they lie there. */
export function objectOf(
  name: string,
  constructor_: Packed,
  attributes: GivenRecord,
  sizes: readonly number[],
): ObjectOf {
  const last = sizes.length - 1;
  const places = [...attributes.entries].flatMap(([own, value]) => {
    const meaning = meaningsOf(own, "top").find(({ role }) => role === "W" || role === "b");
    if (meaning === undefined || value === null || typeof value !== "object") return [];
    return [{ own, role: meaning.role as "W" | "b", layer: meaning.layer, value }];
  });
  const numbersOf = (role: "W" | "b"): number[] =>
    places.flatMap((one) => (one.role === role && "n" in one.layer && one.layer.n !== null ? [one.layer.n] : []));
  const layerFor = ({ role, layer }: (typeof places)[number]): number =>
    layer.kind === "word"
      ? layer.word === "hidden"
        ? 1
        : last
      : "n" in layer && layer.n !== null
        ? layer.n + (numbersOf(role).includes(0) ? 1 : 0)
        : last;
  const shapeOf = (role: "W" | "b", l: number): readonly number[] | null => {
    for (const one of places) {
      if (one.role !== role) continue;
      if (one.layer.kind === "all" && isList(one.value)) {
        const entry = one.value.entries[l - 1];
        if (isNumbers(entry)) return entry.shape;
      } else if (one.layer.kind === "all" && isNumbers(one.value)) return one.value.shape.slice(1);
      else if (isNumbers(one.value) && layerFor(one) === l) return one.value.shape;
    }
    return null;
  };
  const fits = (layout: CallLayout): boolean =>
    Array.from({ length: last }, (_, i) => i + 1).every((l) => {
      const [W, b] = [shapeOf("W", l), shapeOf("b", l)];
      const [rows, cols] = layout.weights === "out×in" ? [sizes[l], sizes[l - 1]] : [sizes[l - 1], sizes[l]];
      const bias = { flat: [sizes[l]], row: [1, sizes[l]], column: [sizes[l], 1] }[layout.bias];
      return (
        (W === null || (W[0] === rows && W[1] === cols)) &&
        (b === null || (b.length === bias.length && b.every((n, i) => n === bias[i])))
      );
    });
  return {
    name,
    constructor_,
    layouts: callLayouts.filter(fits),
    attributes: ({ W, b }, layout) => ({
      record: places.map((one) => {
        const array = (l: number): Packed => (one.role === "W" ? weightIn(layout, W[l]!) : biasIn(layout, b[l]!));
        return [
          one.own,
          one.layer.kind === "all"
            ? { list: Array.from({ length: last }, (_, i) => array(i + 1)) }
            : array(layerFor(one)),
        ] as const;
      }),
    }),
  };
}

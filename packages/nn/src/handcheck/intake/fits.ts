/** True if the shape of an array could be that of a quantity of a layer. */

import type { NumberArray } from "./given.ts";
import { weightLayouts } from "./layout.ts";
import type { LayerRole } from "./names.ts";

/** Sizes alone: numbers are judged later. */
export function fits(role: LayerRole, layer: number, value: NumberArray, sizes: readonly number[]): boolean {
  const [out, into] = [sizes[layer], sizes[layer - 1]];
  if (out === undefined) return false;
  switch (role) {
    case "W":
    case "gradW":
    case "nextW":
    case "afterW":
      return into !== undefined && weightLayouts(value, out, into).length > 0;
    case "b":
    case "gradB":
    case "nextB":
    case "afterB":
      return value.data.length === out || value.data.length === 1;
    default:
      return (
        (value.data.length % out === 0 && (value.shape.length < 2 || value.shape.includes(out))) ||
        value.shape.includes(out + 1)
      );
  }
}

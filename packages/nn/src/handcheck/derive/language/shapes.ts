/** The shape of every symbol in the layout of a notation. */

import type { SymbolNode } from "./ast.ts";
import { layerNumber, type Subject } from "./subject.ts";

/** Rows × columns; a length is a number of units or the letter of the number of samples. Null for single numbers. */
export function shapeOf(
  { role, layer, at }: SymbolNode,
  subject: Subject,
): readonly [rows: string, columns: string] | null {
  if (at.length > 0) return null;
  const { notation, sizes, layers } = subject;
  const units = (l: number): string => String(sizes[l]!);
  const l =
    role === "t" || role === "p" || role === "e" ? layers : layer === null ? null : layerNumber(layer, subject, null);
  if (l === null) return null;
  switch (role) {
    case "W":
    case "gradW":
    case "nextW":
    case "stepW":
      return notation.weights === "out×in" ? [units(l), units(l - 1)] : [units(l - 1), units(l)];
    case "b":
    case "gradB":
    case "nextB":
      return notation.arrays === "rows" ? ["1", units(l)] : [units(l), "1"];
    case "u":
    case "v":
    case "delta":
    case "gradV":
    case "t":
    case "p":
    case "e":
      return notation.arrays === "rows"
        ? [notation.count, units(l)]
        : [units(l), notation.arrays === "columns" ? notation.count : "1"];
    default:
      return null;
  }
}

/** The shape as it is printed: 2×1. */
export function shapeText(node: SymbolNode, subject: Subject): string {
  return shapeOf(node, subject)?.join("×") ?? "";
}

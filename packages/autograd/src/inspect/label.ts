/** How the parts of a drawing are put into words: attributes, types, numbers. */

import { countOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Part } from "./picture.ts";
import { showNumbers } from "./show.ts";

const DIGITS = 4;
/** The largest tensor whose numbers are drawn, and the longest list that is written out. */
const MOST_NUMBERS = 9;

const commutative = new Set(["add", "mul", "maximum", "minimum"]);

/** True if the operands of an op may not be exchanged. */
export function isOrdered(part: Part): boolean {
  return part.inputs.length > 1 && !commutative.has(part.op);
}

/** Attributes that only repeat the shapes of operands and output. */
const implied = new Set(["shape", "outside", "size", "indexShape"]);

function attribute(name: string, value: unknown): string | null {
  if (value === true) return name;
  if (typeof value === "string") return `${name}=${value}`;
  // A sum is a mean whose divisor is 1.
  if (typeof value === "number") return name === "divisor" && value === 1 ? null : `${name}=${value}`;
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return null;
  const list = Array.from(value as ArrayLike<number>);
  return list.length > MOST_NUMBERS ? `${name}=[${list.length} numbers]` : `${name}=[${list.join(", ")}]`;
}

/** The attributes that an op was told beside its operands: `axes=[0], keepDims`. */
export function attributesOf(part: Part): string[] {
  const { attributes } = part;
  if (typeof attributes !== "object" || attributes === null) return [];
  return Object.entries(attributes).flatMap(([name, value]) =>
    implied.has(name) ? [] : (attribute(name, value) ?? []),
  );
}

/** The numbers of a small tensor, in one line or in rows; `null` where they are unknown or too many. */
export function numbersOf(x: Tensor | null, inRows: boolean): string | null {
  if (x === null || x.storage === null || countOf(x.shape) > MOST_NUMBERS) return null;
  return showNumbers(x, DIGITS, inRows);
}

/** `float64 [2, 3]`. */
export function typeOf(part: Part): string {
  return `${part.dtype} [${part.shape.join(", ")}]`;
}

/** The type as far as it is not what everything is by default: nothing for a float64 scalar. */
function briefTypeOf(part: Part): string {
  return [part.dtype === "float64" ? "" : part.dtype, part.shape.length === 0 ? "" : `[${part.shape.join(", ")}]`]
    .filter(Boolean)
    .join(" ");
}

/** The lines that stand in a box: what it is, its type, its numbers, its cotangent. */
export interface BoxText {
  readonly title: string;
  /** The op of a part that has a name, its attributes, its type, where it stands in the result. */
  readonly details: readonly string[];
  /** Lines that are aligned with each other, as are those of the cotangent. */
  readonly numbers: readonly string[];
  readonly cotangent: readonly string[];
}

/** The text of a box. */
export function boxText(part: Part): BoxText {
  const numbers = numbersOf(part.value, true);
  const cotangent = numbersOf(part.cotangent, true);
  const literal = part.kind === "constant" && part.name === null && part.shape.length === 0 ? numbers : null;
  const title = literal ?? part.name ?? part.op;
  const own = part.kind === "op" && part.name !== null ? [part.op] : [];
  const given = part.result === null || part.result === "" ? [] : [`→ ${part.result}`];
  const details = [...own, ...attributesOf(part), briefTypeOf(part), ...given];
  return {
    title,
    details: details.filter((line) => line !== ""),
    numbers: numbers === null || literal !== null ? [] : numbers.split("\n"),
    cotangent: cotangent === null ? [] : `δ = ${cotangent.replaceAll("\n", "\n    ")}`.split("\n"),
  };
}

/** Arrays that a gradient may be made of: how each is written, and its numbers on every probe. */

/** A named array, or one that is made of named ones. */
export interface Piece {
  /** `x1`, `σ(u·v)` */
  readonly text: string;
  /** How far it is from what a reader knows: 0 for a name. Of several explanations the cheapest is told. */
  readonly cost: number;
  readonly shape: readonly number[];
  /** By probe. */
  readonly values: readonly Float64Array[];
  /** True if the upstream gradient is in it. */
  readonly upstream: boolean;
  /** True if it is a result, of which fewer functions are taken than of what goes in. */
  readonly made: boolean;
  /** True if it stands in a product without brackets. */
  readonly closed: boolean;
  /** The letters of its axes, below a sum: `ₙ`. */
  readonly axes?: readonly string[];
}

/** An array of somebody's own, or one that comes with the question. */
export const named = (
  text: string,
  shape: readonly number[],
  values: readonly Float64Array[],
  is: "input" | "output" | "upstream" = "input",
): Piece => ({ text, cost: 0, shape, values, upstream: is === "upstream", made: is === "output", closed: true });

/** As a factor of a product. */
export const factorText = ({ text, closed }: Pick<Piece, "text" | "closed">): string => (closed ? text : `(${text})`);

/** True if a name ends in an index above, behind which no exponent can stand. */
export const endsRaised = (text: string): boolean => /[⁰¹²³⁴-⁹]$/u.test(text);

/** Transposed. */
export const transposedText = (piece: Pick<Piece, "text" | "closed">): string =>
  endsRaised(piece.text) ? `(${piece.text})ᵀ` : `${factorText(piece)}ᵀ`;

/** Every value once, by its numbers: of two ways to write one thing the cheaper stays. */
export function distinct(pieces: readonly Piece[]): Piece[] {
  const known = new Map<string, Piece>();
  for (const piece of pieces) {
    // What is the same number everywhere is no array.
    const [first] = piece.values[0]!;
    if (piece.cost > 0 && piece.values.every((value) => value.every((x) => x === first))) continue;
    if (piece.values.some((value) => value.some((x) => !Number.isFinite(x)))) continue;
    const key = `${piece.shape.join()}|${piece.values.map((value) => Array.from(value.subarray(0, 8), (x) => x.toPrecision(9)).join()).join("|")}`;
    const former = known.get(key);
    if (former === undefined || piece.cost < former.cost) known.set(key, piece);
  }
  return [...known.values()].sort((a, b) => a.cost - b.cost);
}

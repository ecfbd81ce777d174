/**
 * A formula as every format can set it: a tree of what stands beside, above and below what; and lines of Unicode taken
 * apart.
 */

/** A name in parts; empty parts are not written. */
export interface Name {
  readonly base: string;
  /** Code is set upright, in typewriter. */
  readonly code: boolean;
  readonly layer: string;
  /** How a layer's number is attached to a name. */
  readonly layerMark: "superscript" | "parentheses" | "brackets" | "suffix";
  readonly indices: readonly string[];
  /** How a neuron is attached to a name: x_j, or x[j] as in code. */
  readonly indexMark: "subscript" | "brackets";
  readonly sample: string;
  /** How a sample within a sum is attached to a name. */
  readonly sampleMark: "subscript" | "parentheses";
  /** Follows everything: the prime or the (τ+1) of what a step has changed. */
  readonly after: string;
}

/** Says what a formula is made of. */
export type Formula =
  | { readonly kind: "row"; readonly parts: readonly Formula[] }
  | { readonly kind: "name"; readonly name: Name }
  /** σ, or σ′ with `slope`, of a layer. */
  | { readonly kind: "sigma"; readonly base: string; readonly layer: string; readonly slope: boolean }
  /** The digits of a number, and the power of ten behind them. */
  | { readonly kind: "number"; readonly digits: string; readonly exponent: number | null }
  /** The name of a function: exp, ln, tanh, sum. */
  | { readonly kind: "word"; readonly text: string }
  /** A sign; `spaced` between two operands. */
  | { readonly kind: "sign"; readonly sign: string; readonly spaced: boolean }
  | { readonly kind: "fraction"; readonly top: Formula; readonly bottom: Formula }
  | { readonly kind: "raised"; readonly base: Formula; readonly exponent: Formula }
  | { readonly kind: "sum"; readonly over: string }
  | { readonly kind: "fenced"; readonly fence: "(" | "["; readonly inside: Formula }
  | { readonly kind: "matrix"; readonly rows: readonly (readonly Formula[])[] }
  /** A note, such as a shape, under a symbol. */
  | { readonly kind: "under"; readonly of: Formula; readonly note: string }
  /** A whole formula as a line of Unicode. */
  | { readonly kind: "line"; readonly text: string };

/** Matrices with more rows or columns than this are printed with dots. */
const MOST = 6;

/** A list that is short enough, dots before its last. */
export const elided = <T>(list: readonly T[], dots: T, most = MOST): readonly T[] =>
  list.length <= most ? list : [...list.slice(0, most - 2), dots, list.at(-1)!];

/** A symbol of a line with what stands above and below it. */
export interface Piece {
  readonly kind: "symbol" | "number" | "operator" | "word" | "space";
  readonly base: string;
  readonly sup: string;
  readonly sub: string;
}

const raised: Readonly<Record<string, string>> = {
  "⁰": "0",
  "¹": "1",
  "²": "2",
  "³": "3",
  "⁴": "4",
  "⁵": "5",
  "⁶": "6",
  "⁷": "7",
  "⁸": "8",
  "⁹": "9",
  "⁺": "+",
  "⁻": "−",
  "⁽": "(",
  "⁾": ")",
  ᵀ: "ᵀ",
  ᴸ: "L",
  ˡ: "l",
  ⁿ: "n",
  ⁱ: "i",
  ᵏ: "k",
  ʲ: "j",
};
const lowered: Readonly<Record<string, string>> = {
  "₀": "0",
  "₁": "1",
  "₂": "2",
  "₃": "3",
  "₄": "4",
  "₅": "5",
  "₆": "6",
  "₇": "7",
  "₈": "8",
  "₉": "9",
  "₊": "+",
  "₋": "−",
  "₍": "(",
  "₎": ")",
  ₙ: "n",
  ⱼ: "j",
  ₖ: "k",
  ᵢ: "i",
  ₘ: "m",
  ₗ: "l",
  ᵥ: "v",
  ᵤ: "u",
};

const token =
  /(?<word>[A-Za-z]{2,})|(?<symbol>\p{L}\u0302?)|(?<number>\d+(?:\.\d+)?(?:e[-+]?\d+)?|[½¼∞])|(?<space>\s+)|(?<operator>.)/gu;

/** Takes a run of raised or lowered characters, or a `^{…}`, `^x`, `_{…}`, `_x`, off the front of a text. */
function script(text: string, table: Readonly<Record<string, string>>, caret: string): readonly [string, number] {
  let taken = "";
  for (const character of text) {
    if (!Object.hasOwn(table, character)) break;
    taken += character;
  }
  if (taken !== "")
    return [
      Array.from(taken)
        .map((character) => table[character]!)
        .join(""),
      taken.length,
    ];
  const written = new RegExp(`^[${caret === "^" ? "\\^" : caret}](?:\\{([^{}]*)\\}|(\\w|[ᵀ*]))`, "u").exec(text);
  return written === null ? ["", 0] : [written[1] ?? written[2] ?? "", written[0].length];
}

/** The pieces of a line. */
export function piecesOf(line: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < line.length) {
    token.lastIndex = at;
    const found = token.exec(line)!;
    at += found[0].length;
    const kind =
      (["word", "symbol", "number", "space"] as const).find((name) => found.groups![name] !== undefined) ?? "operator";
    let [sup, sub] = ["", ""];
    for (let scripts = 0; scripts < 4; scripts++) {
      const [above, skipAbove] = script(line.slice(at), raised, "^");
      const [below, skipBelow] = skipAbove > 0 ? ["", 0] : script(line.slice(at), lowered, "_");
      if (skipAbove + skipBelow === 0) break;
      sup += above;
      sub += below;
      at += skipAbove + skipBelow;
    }
    pieces.push({ kind, base: found[0], sup, sub });
  }
  return pieces;
}

/** Words between the symbols: what holds them is no formula. */
const words =
  /\b(?:where|elsewhere|over|with|without|of|at|the|and|for|from|by|not|in|every|everywhere|each|as|to|moved|taken|instead|turned|its|again|only)\b|\p{L}{4,} \p{L}{4,}/u;

/** A right-hand side that is told in words. */
export const isSentence = (text: string): boolean => words.test(text);

/** The formulas of a report, written in one line of Unicode, taken apart and set as LaTeX or MathML. */

/** A symbol with what stands above and below it. */
interface Piece {
  readonly kind: "symbol" | "number" | "operator" | "word" | "space";
  readonly base: string;
  readonly sup: string;
  readonly sub: string;
}

const raised: Readonly<Record<string, string>> = {
  "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁺": "+", "⁻": "−", "⁽": "(", "⁾": ")",
  "ᵀ": "ᵀ", "ᴸ": "L", "ˡ": "l", "ⁿ": "n", "ⁱ": "i", "ᵏ": "k", "ʲ": "j",
};
const lowered: Readonly<Record<string, string>> = {
  "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9", "₊": "+", "₋": "−", "₍": "(", "₎": ")",
  "ₙ": "n", "ⱼ": "j", "ₖ": "k", "ᵢ": "i", "ₘ": "m", "ₗ": "l", "ᵥ": "v", "ᵤ": "u",
};

const token = /(?<word>[A-Za-z]{2,})|(?<symbol>\p{L}\u0302?)|(?<number>\d+(?:\.\d+)?(?:e[-+]?\d+)?|[½¼∞])|(?<space>\s+)|(?<operator>.)/gu;

/** Takes a run of raised or lowered characters, or a `^{…}`, `^x`, `_{…}`, `_x`, off the front of a text. */
function script(text: string, table: Readonly<Record<string, string>>, caret: string): readonly [string, number] {
  let taken = "";
  for (const character of text) {
    if (!Object.hasOwn(table, character)) break;
    taken += character;
  }
  if (taken !== "") return [Array.from(taken).map((character) => table[character]!).join(""), taken.length];
  const written = new RegExp(`^[${caret === "^" ? "\\^" : caret}](?:\\{([^{}]*)\\}|(\\w|[ᵀ*]))`, "u").exec(text);
  return written === null ? ["", 0] : [written[1] ?? written[2] ?? "", written[0].length];
}

function piecesOf(formula: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < formula.length) {
    token.lastIndex = at;
    const found = token.exec(formula)!;
    at += found[0].length;
    const kind = (["word", "symbol", "number", "space"] as const).find((name) => found.groups![name] !== undefined) ?? "operator";
    let [sup, sub] = ["", ""];
    for (let scripts = 0; scripts < 4; scripts++) {
      const [above, skipAbove] = script(formula.slice(at), raised, "^");
      const [below, skipBelow] = skipAbove > 0 ? ["", 0] : script(formula.slice(at), lowered, "_");
      if (skipAbove + skipBelow === 0) break;
      sup += above;
      sub += below;
      at += skipAbove + skipBelow;
    }
    pieces.push({ kind, base: found[0], sup, sub });
  }
  return pieces;
}

const latexSymbols: Readonly<Record<string, string>> = {
  α: "\\alpha", β: "\\beta", γ: "\\gamma", δ: "\\delta", ε: "\\varepsilon", η: "\\eta", λ: "\\lambda", μ: "\\mu", σ: "\\sigma", φ: "\\varphi", Δ: "\\Delta", Σ: "\\sum", "∑": "\\sum",
  "∂": "\\partial", "∇": "\\nabla", "⊙": "\\odot", "⊘": "\\oslash", "·": "\\cdot", "×": "\\times", "−": "-", "½": "\\tfrac12", "¼": "\\tfrac14", "∞": "\\infty", "≈": "\\approx", "≠": "\\neq",
  "≤": "\\le", "≥": "\\ge", "←": "\\leftarrow", "→": "\\to", "√": "\\surd", "…": "\\dots", "′": "'", "’": "'", "ᵀ": "{\\mathsf T}", "*": "\\ast", "⟨": "\\langle", "⟩": "\\rangle",
};

/** LaTeX's own characters, made harmless. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}$&#^_%~]/g, (character) => (character === "\\" ? "\\textbackslash{}" : character === "^" || character === "~" ? `\\${character}{}` : `\\${character}`));
}

const known = new Set(["max", "min", "exp", "ln", "log", "tanh", "diag", "sign"]);

function latexOf(text: string): string {
  return Array.from(text).map((character) => (Object.hasOwn(latexSymbols, character) ? `${latexSymbols[character]!} ` : escapeLatex(character))).join("").trimEnd();
}

/** The formula in LaTeX, without the dollars. */
export function formulaLatex(formula: string): string {
  const text = piecesOf(formula).map(({ kind, base, sup, sub }) => {
    const set = kind === "space" ? " " : kind === "word" ? (known.has(base) ? `\\operatorname{${base}}` : `\\mathrm{${base}}`) : latexOf(base);
    const scripts = `${sub === "" ? "" : `_{${latexOf(sub)}}`}${sup === "" ? "" : `^{${latexOf(sup)}}`}`;
    // A command swallows the letter behind it.
    return set + scripts + (scripts === "" && /\\[a-z]+$/i.test(set) ? " " : "");
  });
  return text.join("").replace(/ +/g, " ").replace(/ +'/g, "'").trim();
}

/** HTML's own characters, made harmless. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A script as it stands, character by character: what is raised within it is raised already. */
function mathRow(text: string): string {
  return `<mrow>${Array.from(text).map((character) => (/\d/.test(character) ? `<mn>${character}</mn>` : /\p{L}/u.test(character) && character !== "ᵀ" ? `<mi>${character}</mi>` : operator(character))).join("")}</mrow>`;
}

/** Parentheses and slashes keep the height of their line, and a quotient its closeness. */
function operator(base: string): string {
  const shown = base === "ᵀ" ? "⊤" : base === "'" ? "′" : base;
  const attributes = /[Σ∑]/u.test(base) ? ' largeop="false"' : /[/∂∇'⊤ᵀ]/u.test(base) ? ' lspace="0" rspace="0"' : "";
  return `<mo stretchy="false"${attributes}>${escapeHtml(shown)}</mo>`;
}

function mathPiece({ kind, base, sup, sub }: Piece): string {
  if (kind === "space") return "";
  const set =
    kind === "number" ? `<mn>${escapeHtml(base)}</mn>`
    : kind === "word" ? `<mi mathvariant="normal">${escapeHtml(base)}</mi>`
    : kind === "symbol" && !/[Σ∑ᵀ]/u.test(base) ? `<mi>${escapeHtml(base)}</mi>`
    : operator(base);
  if (sup !== "" && sub !== "") return `<msubsup>${set}${mathRow(sub)}${mathRow(sup)}</msubsup>`;
  if (sup !== "") return `<msup>${set}${mathRow(sup)}</msup>`;
  return sub === "" ? set : `<msub>${set}${mathRow(sub)}</msub>`;
}

/** The formula as MathML, which browsers set without any script; the line of Unicode remains as its text. `gap` keeps the factors of a product apart. */
export function formulaMathml(formula: string, gap = false): string {
  const pieces = piecesOf(formula);
  const set = pieces.map((piece, k) => (gap && parts(pieces[k - 1], piece, pieces[k + 1]) ? '<mspace width="0.25em"/>' : mathPiece(piece)));
  return `<math aria-label="${escapeHtml(formula)}"><mrow>${set.join("")}</mrow></math>`;
}

/** Whether a space stands between two factors: operators bring their own room. */
const parts = (left: Piece | undefined, { kind }: Piece, right: Piece | undefined): boolean =>
  kind === "space" && left !== undefined && right !== undefined && (left.kind !== "operator" || /[)\]]/u.test(left.base)) && (right.kind !== "operator" || /[([√]/u.test(right.base));

/** Formulas in LaTeX, with nothing but amsmath and amssymb. */

import type { Name } from "../language/names.ts";
import type { Painter } from "./draw.ts";

const commands: Readonly<Record<string, string>> = {
  δ: "\\delta", σ: "\\sigma", φ: "\\varphi", η: "\\eta", α: "\\alpha", "Δw": "\\Delta w", "ΔW": "\\Delta W",
  "ℰ": "\\mathcal{E}", "ℰ_av": "\\mathcal{E}_{\\mathrm{av}}", "ℒ": "\\mathcal{L}",
};

/** The letter of a neuron; the other one of its layer has a prime. */
const letter = (name: string): string => name.replace("′", "'").replaceAll("−", "-");

/** Indices run together unless one of them has two digits. */
function indices(name: Name): string {
  return name.indices.map(letter).join(name.indices.some((index) => /^\d\d/.test(index)) ? "," : "");
}

function nameLatex(name: Name): string {
  if (name.code) {
    const inside = name.indices.length === 0 ? "" : `[${name.indices.map(letter).join(",")}]`;
    return `\\mathtt{${`${name.base}${name.layer}`.replaceAll("_", "\\_")}}${inside}`;
  }
  const layers = { superscript: name.layer, parentheses: `(${name.layer})`, brackets: `[${name.layer}]`, suffix: name.layer };
  const above = [
    name.layer === "" ? "" : letter(layers[name.layerMark]),
    name.sample !== "" && name.sampleMark === "parentheses" ? `(${name.sample})` : "",
    name.after === "′" ? "\\prime" : "",
  ].join("");
  const neurons = name.indexMark === "brackets" ? "" : indices(name);
  const below = neurons + (name.sample !== "" && name.sampleMark === "subscript" ? name.sample : "");
  const inside = name.indexMark === "brackets" && name.indices.length > 0 ? `[${name.indices.map(letter).join(",")}]` : "";
  const base = commands[name.base] ?? name.base;
  // A name that ends in an index of its own is closed before it gets another one.
  const closed = base.includes("_") && (below !== "" || above !== "") ? `{${base}}` : base;
  const after = name.after.startsWith("(") ? "(\\tau+1)" : "";
  return `${closed}${below === "" ? "" : `_{${below}}`}${above === "" ? "" : `^{${above}}`}${inside}${after}`;
}

const signs: Readonly<Record<string, string>> = { "·": "\\cdot", "⊙": "\\odot", "−": "-", "∂": "\\partial", "⋯": "\\cdots", "@": "\\mathbin{@}", "*": "\\ast", "==": "=\\!=" };
const words: Readonly<Record<string, string>> = { exp: "\\exp", ln: "\\ln", tanh: "\\tanh", max: "\\max", T: "\\mathsf{T}", ".T": "\\mathtt{.T}" };

/** More rows or columns than this are printed with dots. */
const MOST = 6;

function elided(list: readonly string[], dots: string): string[] {
  return list.length <= MOST ? [...list] : [...list.slice(0, MOST - 2), dots, list.at(-1)!];
}

/** Pieces of LaTeX. */
export const latexPainter: Painter<string> = {
  name: nameLatex,
  sigma: (base, layer, slope) => `${commands[base] ?? base}${layer === "" ? "" : `_{${letter(layer)}}`}${slope ? "'" : ""}`,
  number: (digits, exponent) => {
    const plain = digits.replace("−", "-").replace("∞", "\\infty").replace("NaN", "\\mathrm{NaN}");
    return exponent === null ? plain : `${plain}\\cdot 10^{${exponent}}`;
  },
  word: (text) => words[text] ?? (text.length > 1 && /^[a-z]+$/.test(text) ? `\\operatorname{${text}}` : letter(text)),
  sign: (sign, spaced) => {
    if (sign === "") return "\\,";
    const command = signs[sign] ?? sign;
    return spaced && sign !== "," ? ` ${command} ` : sign === "," ? ",\\ " : `${command} `;
  },
  row: (parts) => parts.join(""),
  fraction: (top, bottom) => `\\frac{${top}}{${bottom}}`,
  raised: (base, exponent) => `{${base}}^{${exponent}}`,
  sum: (name) => `\\sum_{${letter(name)}} `,
  parentheses: (inside) => `\\left(${inside}\\right)`,
  brackets: (inside) => `\\left[${inside}\\right]`,
  matrix: (rows) => {
    const dots = rows[0]?.map(() => "\\vdots") ?? [];
    const lines = rows.map((row) => elided(row, "\\cdots").join(" & "));
    return `\\begin{bmatrix} ${elided(lines, elided(dots, "").join(" & ")).join(" \\\\ ")} \\end{bmatrix}`;
  },
  under: (piece, note) => `\\underset{${note.replace("×", "\\times ")}}{${piece}}`,
};

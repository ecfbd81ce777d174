/** Formulas in LaTeX, with nothing but amsmath and amssymb. */

import { flatText } from "./boxes.ts";
import type { Equation } from "./document.ts";
import { elided, piecesOf, type Formula, type Name } from "./formula.ts";
import { columnsOf } from "./width.ts";

const commands: Readonly<Record<string, string>> = {
  δ: "\\delta",
  σ: "\\sigma",
  φ: "\\varphi",
  η: "\\eta",
  α: "\\alpha",
  Δw: "\\Delta w",
  ΔW: "\\Delta W",
  ℰ: "\\mathcal{E}",
  ℰ_av: "\\mathcal{E}_{\\mathrm{av}}",
  ℒ: "\\mathcal{L}",
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
  const layers = {
    superscript: name.layer,
    parentheses: `(${name.layer})`,
    brackets: `[${name.layer}]`,
    suffix: name.layer,
  };
  const above = [
    name.layer === "" ? "" : letter(layers[name.layerMark]),
    name.sample !== "" && name.sampleMark === "parentheses" ? `(${name.sample})` : "",
    name.after === "′" ? "\\prime" : "",
  ].join("");
  const neurons = name.indexMark === "brackets" ? "" : indices(name);
  const below = neurons + (name.sample !== "" && name.sampleMark === "subscript" ? name.sample : "");
  const inside =
    name.indexMark === "brackets" && name.indices.length > 0 ? `[${name.indices.map(letter).join(",")}]` : "";
  const base = commands[name.base] ?? name.base;
  // A name that ends in an index of its own is closed before it gets another one.
  const closed = base.includes("_") && (below !== "" || above !== "") ? `{${base}}` : base;
  const after = name.after.startsWith("(") ? "(\\tau+1)" : "";
  return `${closed}${below === "" ? "" : `_{${below}}`}${above === "" ? "" : `^{${above}}`}${inside}${after}`;
}

const signs: Readonly<Record<string, string>> = {
  "·": "\\cdot",
  "⊙": "\\odot",
  "−": "-",
  "∂": "\\partial",
  "⋯": "\\cdots",
  "@": "\\mathbin{@}",
  "*": "\\ast",
  "==": "=\\!=",
};
const words: Readonly<Record<string, string>> = {
  exp: "\\exp",
  ln: "\\ln",
  tanh: "\\tanh",
  max: "\\max",
  T: "\\mathsf{T}",
  ".T": "\\mathtt{.T}",
};

/** A formula in LaTeX, without the dollars. */
export function formulaLatex(formula: Formula): string {
  const part = formulaLatex;
  switch (formula.kind) {
    case "row":
      return formula.parts.map(part).join("");
    case "name":
      return nameLatex(formula.name);
    case "sigma":
      return `${commands[formula.base] ?? formula.base}${formula.layer === "" ? "" : `_{${letter(formula.layer)}}`}${formula.slope ? "'" : ""}`;
    case "number": {
      const digits = formula.digits.replace("−", "-").replace("∞", "\\infty").replace("NaN", "\\mathrm{NaN}");
      return formula.exponent === null ? digits : `${digits}\\cdot 10^{${formula.exponent}}`;
    }
    case "word":
      return (
        words[formula.text] ??
        (formula.text.length > 1 && /^[a-z]+$/.test(formula.text)
          ? `\\operatorname{${formula.text}}`
          : letter(formula.text))
      );
    case "sign":
      return signLatex(formula.sign, formula.spaced);
    case "fraction":
      return `\\frac{${part(formula.top)}}{${part(formula.bottom)}}`;
    case "raised":
      return `{${part(formula.base)}}^{${part(formula.exponent)}}`;
    case "sum":
      return `\\sum_{${letter(formula.over)}} `;
    case "fenced":
      return `\\left${formula.fence}${part(formula.inside)}\\right${formula.fence === "(" ? ")" : "]"}`;
    case "matrix": {
      const lines = formula.rows.map((row) => elided(row.map(part), "\\cdots").join(" & "));
      const dots = elided(
        (formula.rows[0] ?? []).map(() => "\\vdots"),
        "",
      ).join(" & ");
      return `\\begin{bmatrix} ${elided(lines, dots).join(" \\\\ ")} \\end{bmatrix}`;
    }
    case "under":
      return `\\underset{${formula.note.replace("×", "\\times ")}}{${part(formula.of)}}`;
    case "line":
      return lineLatex(formula.text);
  }
}

function signLatex(sign: string, spaced: boolean): string {
  if (sign === "") return "\\,";
  if (sign === ",") return ",\\ ";
  const command = signs[sign] ?? sign;
  return spaced ? ` ${command} ` : `${command} `;
}

/** The lines of an equation, aligned at their signs. */
export function displayLatex({ left, steps, relation, label }: Equation): string {
  const whole = (step: readonly Formula[]): string => flatText({ kind: "row", parts: step });
  const tag = label === null ? "" : ` \\tag{${label}}`;
  const single = [[left], ...steps].reduce((total, step) => total + columnsOf(whole(step)) + 3, 0) <= ONE_LINE;
  const written = steps.map(
    (step, k) => `${k === 0 ? relation : "="} ${broken(step.map(formulaLatex), single ? 0 : columnsOf(whole(step)))}`,
  );
  if (single) return `${formulaLatex(left)} ${written.join(" ")}${tag}`;
  return `\\begin{aligned}\n${formulaLatex(left)} &${written.join(" \\\\\n&")}\n\\end{aligned}${tag}`;
}

/** Characters of plain text that fit on a printed line. */
const ONE_LINE = 70;

function broken(parts: readonly string[], columns: number): string {
  if (columns <= 1.4 * ONE_LINE || parts.length < 2) return parts.join("");
  const each = Math.ceil(parts.length / Math.ceil(columns / ONE_LINE));
  return parts.map((part, k) => (k > 0 && k % each === 0 ? ` \\\\\n&\\quad ${part}` : part)).join("");
}

const latexSymbols: Readonly<Record<string, string>> = {
  α: "\\alpha",
  β: "\\beta",
  γ: "\\gamma",
  δ: "\\delta",
  ε: "\\varepsilon",
  η: "\\eta",
  λ: "\\lambda",
  μ: "\\mu",
  σ: "\\sigma",
  φ: "\\varphi",
  Δ: "\\Delta",
  Σ: "\\sum",
  "∑": "\\sum",
  "∂": "\\partial",
  "∇": "\\nabla",
  "⊙": "\\odot",
  "⊘": "\\oslash",
  "·": "\\cdot",
  "×": "\\times",
  "−": "-",
  "½": "\\tfrac12",
  "¼": "\\tfrac14",
  "∞": "\\infty",
  "≈": "\\approx",
  "≠": "\\neq",
  "≤": "\\le",
  "≥": "\\ge",
  "←": "\\leftarrow",
  "→": "\\to",
  "√": "\\surd",
  "…": "\\dots",
  "′": "'",
  "’": "'",
  ᵀ: "{\\mathsf T}",
  "*": "\\ast",
  "⟨": "\\langle",
  "⟩": "\\rangle",
};

/** LaTeX's own characters, made harmless. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}$&#^_%~]/g, (character) =>
    character === "\\"
      ? "\\textbackslash{}"
      : character === "^" || character === "~"
        ? `\\${character}{}`
        : `\\${character}`,
  );
}

const known = new Set(["max", "min", "exp", "ln", "log", "tanh", "diag", "sign"]);

function latexOf(text: string): string {
  if (text.endsWith("\u0302")) return `\\hat{${latexOf(text.slice(0, -1))}}`;
  return Array.from(text)
    .map((character) =>
      Object.hasOwn(latexSymbols, character) ? `${latexSymbols[character]!} ` : escapeLatex(character),
    )
    .join("")
    .trimEnd();
}

/** A line of Unicode in LaTeX, without the dollars. */
function lineLatex(formula: string): string {
  const text = piecesOf(formula).map(({ kind, base, sup, sub }) => {
    const set =
      kind === "space"
        ? " "
        : kind === "word"
          ? known.has(base)
            ? `\\operatorname{${base}}`
            : `\\mathrm{${base}}`
          : latexOf(base);
    const scripts = `${sub === "" ? "" : `_{${latexOf(sub)}}`}${sup === "" ? "" : `^{${latexOf(sup)}}`}`;
    // A command swallows the letter behind it.
    return set + scripts + (scripts === "" && /\\[a-z]+$/i.test(set) ? " " : "");
  });
  return text.join("").replace(/ +/g, " ").replace(/ +'/g, "'").trim();
}

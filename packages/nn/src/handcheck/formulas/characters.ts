/** What Unicode characters and LaTeX commands mean: tables only. */

type Meaning = readonly ["word" | "operator" | "number", string];

/** Characters outside of ASCII. */
export const unicode: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["⊙", ["operator", "odot"]], ["•", ["operator", "odot"]], ["∙", ["operator", "odot"]], ["⨀", ["operator", "odot"]], ["≥", ["operator", ">="]], ["≤", ["operator", "<="]], ["⁄", ["operator", "/"]], ["Θ", ["word", "Theta"]], ["∘", ["operator", "odot"]], ["∗", ["operator", "*"]],
  ["·", ["operator", "cdot"]], ["⋅", ["operator", "cdot"]], ["×", ["operator", "cdot"]],
  ["−", ["operator", "-"]], ["–", ["operator", "-"]], ["＝", ["operator", "="]], ["←", ["operator", "="]], ["≔", ["operator", "="]],
  ["′", ["operator", "'"]], ["’", ["operator", "'"]], ["ʹ", ["operator", "'"]], ["∂", ["operator", "partial"]], ["∇", ["operator", "nabla"]],
  ["Σ", ["operator", "sum"]], ["∑", ["operator", "sum"]], ["∀", ["operator", "forall"]], ["∈", ["operator", "in"]],
  ["½", ["number", "0.5"]], ["¼", ["number", "0.25"]], ["√", ["word", "sqrt"]], ["Δ", ["word", "Delta"]], ["ŷ", ["word", "yhat"]],
]);

export const superscripts: ReadonlyMap<string, string> = new Map([
  ...Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹", (c, digit) => [c, String(digit)] as const),
  ["⁺", "+"], ["⁻", "-"], ["ˡ", "l"], ["ᴸ", "L"], ["ᵀ", "T"], ["⊤", "T"], ["⁽", "("], ["⁾", ")"],
  ["ᴹ", "M"], ["ᴵ", "I"], ["ᴶ", "J"],
]);

export const subscripts: ReadonlyMap<string, string> = new Map([
  ...Array.from("₀₁₂₃₄₅₆₇₈₉", (c, digit) => [c, String(digit)] as const),
  ["₊", "+"], ["₋", "-"], ["ₗ", "l"], ["ₒ", "o"], ["ₕ", "h"], ["ₚ", "p"], ["ₘ", "m"], ["ₙ", "n"], ["ᵢ", "i"], ["ⱼ", "j"], ["ₖ", "k"],
]);

/** Commands of LaTeX that stand for something. */
export const commands: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...["delta", "sigma", "eta", "lambda", "phi", "alpha", "Theta", "theta", "Delta"].map((name) => [name, ["word", name]] as const),
  ...["exp", "log", "ln", "tanh", "max", "sqrt"].map((name) => [name, ["word", name]] as const),
  ["varphi", ["word", "phi"]], ["ell", ["word", "l"]], ["top", ["word", "T"]], ["intercal", ["word", "T"]], ["hat", ["word", "hat"]], ["epsilon", ["word", "epsilon"]], ["varepsilon", ["word", "epsilon"]],
  ["odot", ["operator", "odot"]], ["bigodot", ["operator", "odot"]], ["bullet", ["operator", "odot"]], ["star", ["operator", "odot"]], ["circ", ["operator", "odot"]],
  ["cdot", ["operator", "cdot"]], ["times", ["operator", "cdot"]], ["ast", ["operator", "*"]],
  ["sum", ["operator", "sum"]], ["partial", ["operator", "partial"]], ["nabla", ["operator", "nabla"]], ["prime", ["operator", "'"]],
  ["frac", ["operator", "frac"]], ["dfrac", ["operator", "frac"]], ["tfrac", ["operator", "frac"]], ["cfrac", ["operator", "frac"]],
  ["leftarrow", ["operator", "="]], ["gets", ["operator", "="]], ["equiv", ["operator", "="]], ["coloneqq", ["operator", "="]], ["approx", ["operator", "approx"]],
  ["forall", ["operator", "forall"]], ["in", ["operator", "in"]], ["gt", ["operator", ">"]], ["lt", ["operator", "<"]], ["ge", ["operator", ">="]], ["geq", ["operator", ">="]], ["le", ["operator", "<="]], ["leq", ["operator", "<="]],
]);

/** Commands that only change how a formula looks. */
export const skippedCommands: ReadonlySet<string> = new Set([
  "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "limits", "nolimits", "displaystyle", "textstyle",
  "quad", "qquad", "mathcal", "mathbb", "mathscr", "underbrace", "overbrace", "boxed", "hfill", "dots", "ldots", "cdots", "nonumber", "notag", "mathop", "bold", "bf", "rm", "it",
]);

/** Commands that are skipped together with what follows in braces. */
export const skippedWithArgument: ReadonlySet<string> = new Set(["begin", "end", "label", "tag", "color", "hspace", "vspace", "section", "subsection", "paragraph", "documentclass", "usepackage", "title", "textcolor"]);

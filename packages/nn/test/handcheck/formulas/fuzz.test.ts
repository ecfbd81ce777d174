/** Nothing that can be typed crashes the reader, and what is printed is read back as the same formula. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sized } from "../../../../autograd/test/size.ts";
import type { Expr, FunctionName, Formula, Index, Layer, Quantity } from "../../../src/handcheck/formulas/ast.ts";
import { formulas } from "../../../src/handcheck/formulas/formulas.ts";
import { formulaLatex, formulaText } from "../../../src/handcheck/formulas/print.ts";
import { FormulaError } from "../../../src/handcheck/formulas/problem.ts";
import { readFormulas } from "../../../src/handcheck/formulas/read.ts";
import { threeNet } from "./support.ts";

const pieces = [
  "delta",
  "delta2",
  "δ",
  "δ²",
  "W2",
  "w",
  "v1",
  "u2",
  "t",
  "x",
  "e",
  "C",
  "N",
  "eta",
  "λ",
  "d",
  "dW2",
  "dC",
  "q",
  "s",
  "σ",
  "sigmoid_prime",
  "np",
  ".dot",
  ".T",
  "sum",
  "sum_k",
  "Σ",
  "∂",
  "∇",
  "^",
  "_",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  "l",
  "l+1",
  "L",
  "T",
  "'",
  "′",
  ".*",
  "⊙",
  "*",
  "@",
  "/",
  "./",
  ".^",
  "+",
  "-",
  "=",
  "+=",
  ",",
  ";",
  "\n",
  "$",
  "$$",
  " ",
  "1",
  "2",
  "0.5",
  "1e3",
  ">",
  "\\delta",
  "\\frac",
  "\\dfrac",
  "\\partial",
  "\\sum",
  "\\limits",
  "\\left",
  "\\right",
  "\\odot",
  "\\sigma",
  "\\nabla",
  "\\mathbf",
  "\\top",
  "\\\\",
  "\\",
  "\\{",
  "\\hat",
  "\\mathrm{diag}",
  "&",
  "#",
  "%",
  "//",
  "ᵀ",
  "ˡ⁺¹",
  "ₖ",
  "_{kj}",
  "^{l+1}",
  "_j",
  "^l",
  "axis=0",
  "for",
  "∀",
  "…",
  "\u{1f600}",
  "\ud800",
  "[0]",
  "[-1]",
  "[-l+1]",
  "(:,2:end)",
  "p[range(N), y] -= 1",
  "d[u1 <= 0] = 0",
  "np.where(",
  "max(0, ",
  ", deriv=True",
  "def f(x):\n  return ",
  "f = lambda x: ",
  "function g = f(z)\n",
  "```",
  "params['W2']",
  "self.",
  "hidden",
  "output",
  "l2_delta",
  "BP1: ",
  "# net 2-1",
  "J(W,b)",
  "𝛿",
];

const text = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(""));

/** Runs something that may only refuse with a FormulaError whose place lies in the text. */
function survives(source: string, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    const lines = source.split("\n");
    expect(error.line).toBeGreaterThanOrEqual(1);
    expect(error.line).toBeLessThanOrEqual(lines.length);
    expect(error.column).toBeGreaterThanOrEqual(1);
    expect(error.column).toBeLessThanOrEqual(lines[error.line - 1]!.length + 1);
    expect(error.mark).toMatch(/\^+$/);
    expect(error.says.en.length * error.says.zh.length).toBeGreaterThan(0);
  }
}

describe("random text", () => {
  it("is read or refused with a place", () => {
    fc.assert(
      fc.property(text, (source) => survives(source, () => readFormulas(source))),
      { numRuns: sized(1500, 20_000), seed: 1 },
    );
  });

  it("is judged or refused with a place", () => {
    fc.assert(
      fc.property(text, (source) => survives(`delta2 = ${source}`, () => formulas(threeNet, `delta2 = ${source}`))),
      { numRuns: sized(600, 8000), seed: 2 },
    );
  });

  it("of known formulas with one piece changed is judged or refused", () => {
    const known = [
      "delta_j^l = sum_k delta_k^{l+1} w_{kj}^{l+1} s'(u_j^l)",
      "\\delta^l = ((w^{l+1})^T \\delta^{l+1}) \\odot \\sigma'(u^l)",
      "dW2 = 1/m * np.dot(dZ2, A1.T)",
      "C = ½ Σ_j (t_j - v_j^L)²",
      "q = W2^T delta2; delta1 = q .* s'(u1)",
    ];
    const changed = fc
      .tuple(fc.constantFrom(...known), fc.nat(60), fc.nat(6), fc.constantFrom(...pieces))
      .map(([source, at, cut, piece]) => source.slice(0, at) + piece + source.slice(at + cut));
    fc.assert(
      fc.property(changed, (source) => survives(source, () => formulas(threeNet, source))),
      { numRuns: sized(120, 1500), seed: 3 },
    );
  });

  it.each([
    ["(", 5000],
    ["-", 5000],
    ["\\frac", 3000],
    ["{", 3000],
    ["s'(", 2000],
    ["v2 + ", 5000],
    ["_", 1000],
    ["^", 1000],
    ["Σ_k ", 1000],
    ["'", 5000],
    ["W2^T ", 3000],
  ])("%s, %i times", (piece, times) => {
    const source = `delta2 = ${piece.repeat(times)}v2`;
    survives(source, () => formulas(threeNet, source));
  });
});

const place = { start: 0, end: 0 };
const layer: fc.Arbitrary<Layer> = fc.oneof(
  fc.record({ base: fc.constant("number" as const), offset: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ base: fc.constantFrom("l" as const, "L" as const), offset: fc.integer({ min: -2, max: 2 }) }),
);
const index: fc.Arbitrary<Index> = fc.oneof(fc.constantFrom("j", "k", "i"), fc.integer({ min: 1, max: 12 }));
const vector = (names: readonly Quantity[]): fc.Arbitrary<Expr> =>
  fc
    .record({ name: fc.constantFrom(...names), layer, indices: fc.oneof(fc.constant([]), fc.tuple(index)) })
    .map((parts) => ({ kind: "symbol", local: "", ...parts, ...place }));
const matrix: fc.Arbitrary<Expr> = fc
  .record({
    name: fc.constantFrom<Quantity>("W", "gradW", "stepW", "nextW"),
    layer,
    indices: fc.oneof(fc.constant([]), fc.tuple(fc.constantFrom("j", "k"), fc.constantFrom("i", "j"))),
  })
  .map((parts) => ({ kind: "symbol", local: "", ...parts, ...place }));
const lone = (names: readonly Quantity[]): fc.Arbitrary<Expr> =>
  fc.constantFrom(...names).map((name) => ({ kind: "symbol", name, layer: null, indices: [], local: "", ...place }));
const local: fc.Arbitrary<Expr> = fc
  .constantFrom("q", "hidden_error", "tmp", "s", "dot")
  .map((name) => ({ kind: "symbol", name: "local", layer: null, indices: [], local: name, ...place }));
const leaf: fc.Arbitrary<Expr> = fc.oneof(
  vector(["u", "v", "delta", "b", "gradB", "gradV", "stepB", "nextB"]),
  matrix,
  lone(["t", "error", "cost", "N", "eta", "lambda"]),
  local,
  fc.constantFrom(0, 1, 2, 0.5, 12, 1e-7, 1e21).map((value): Expr => ({ kind: "number", value, ...place })),
);
const functions: readonly FunctionName[] = [
  "activation",
  "sigmoid",
  "tanh",
  "relu",
  "softmax",
  "exp",
  "log",
  "sqrt",
  "abs",
  "sign",
];

const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    leaf,
    fc
      .record({
        operator: fc.constantFrom("add", "subtract", "matmul", "hadamard", "divide", "power", "greater"),
        left: tie("expr"),
        right: tie("expr"),
      })
      .map((parts) => ({ kind: "binary", ...parts, ...place }) as Expr),
    fc
      .record({ operator: fc.constantFrom("negate", "transpose", "diagonal"), of: tie("expr") })
      .map((parts) => ({ kind: "unary", ...parts, ...place }) as Expr),
    fc
      .record({
        name: fc.constantFrom(...functions),
        prime: fc.boolean(),
        layer: fc.oneof(fc.constant(null), layer),
        of: tie("expr"),
      })
      .map((parts) => ({ kind: "call", ...parts, ...place }) as Expr),
    fc
      .record({ index: fc.constantFrom("k", "j", null), of: tie("expr") })
      .map((parts) => ({ kind: "sigma", ...parts, ...place }) as Expr),
    fc
      .record({ how: fc.constantFrom("sum", "mean"), axis: fc.constantFrom(0, 1, null), of: tie("expr") })
      .map((parts) => ({ kind: "reduce", ...parts, ...place }) as Expr),
  ),
}));

/** A formula without its places. */
const bare = (formula: Formula | undefined): unknown =>
  JSON.parse(JSON.stringify(formula, (key, value: unknown) => (key === "start" || key === "end" ? undefined : value)));

describe("a printed formula", () => {
  it.each(["sᵀ (u2 + t)", "s^T (u2 + t)", "s^{T} (u2 + t)", "fᵀ (u2 + t)"])("%s is a product", (source) => {
    const value = readFormulas(`delta2 = ${source}`)[0]!.values[0]!;
    expect(value).toMatchObject({ kind: "binary", operator: "matmul", left: { kind: "unary", operator: "transpose" } });
  });

  it.each([
    ["text", formulaText],
    ["LaTeX", formulaLatex],
  ] as const)("in %s is read back as itself", (_, print) => {
    fc.assert(
      fc.property(vector(["delta", "u", "gradB"]), fc.array(expr, { minLength: 1, maxLength: 2 }), (target, values) => {
        const formula = { target, values, ...place } as Formula;
        const printed = print(formula);
        expect(bare(readFormulas(printed)[0]), printed).toEqual(bare(formula));
      }),
      { numRuns: sized(800, 10_000), seed: 4 },
    );
  });
});

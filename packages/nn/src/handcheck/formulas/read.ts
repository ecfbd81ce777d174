/** From a text to its formulas, or to an error that says where the text stops being one. */

import { checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import { sense } from "../../locales/sense.ts";
import { withChildren, type Expr, type Formula } from "./ast.ts";
import type { Definition } from "./definitions.ts";
import { tokenize, type Token } from "./lexer.ts";
import { namedFunction } from "./names.ts";
import { meaningOf, sameSymbol, type Meaning, type OwnFunction } from "./own.ts";
import { pageOf } from "./page.ts";
import type { Signs } from "./parse.ts";
import { formulaText } from "./print.ts";
import { FormulaError, Stop, type Problem, type Span } from "./problem.ts";
import { symbol } from "./quantities.ts";
import { parseExpression, parseTokens } from "./statements.ts";

/** How a text is read. */
export interface ReadOptions {
  /** Says what `*` is; by the other signs of the text where nothing is said. */
  readonly star?: "matmul" | "elementwise";
}

/** Holds what the options of reading take. */
export const readKinds: OptionKinds<ReadOptions> = { star: option.oneOf("matmul", "elementwise") };

/** The formulas of a text, with what it says beside them. */
export interface Text {
  readonly formulas: readonly Formula[];
  /** Lines that are not used, and functions that are not judged. */
  readonly notes: readonly Problem[];
}

/**
 * Reads formulas: plain text, index notation, LaTeX, lines of NumPy or MATLAB.
 *
 * @throws FormulaError with line, column and a mark under the place
 */
export function readFormulas(text: string, options: ReadOptions = {}): Formula[] {
  return [
    ...readText(text, checkOptions("readFormulas", options, readKinds, { call: "readFormulas(text, { star })" }))[0]!
      .formulas,
  ];
}

/**
 * The readings of a text, the likeliest first: where nothing tells what `*` and `·` are, the sizes must. Options have
 * been checked.
 */
export function readText(text: string, options: ReadOptions): readonly Text[] {
  try {
    return read(text, options);
  } catch (error) {
    if (error instanceof Stop) throw new FormulaError(text, repaired(text, error.problem, options));
    throw error;
  }
}

/** True if a text has the signs of NumPy or torch. */
export function isCode(text: string): boolean {
  return /\b(?:np|numpy|torch|tf|jnp)\s*\.|@|\*\*|\.T\b|\.dot\(|\b(?:axis|dim|keepdims)\s*=/.test(text);
}

function read(text: string, { star }: ReadOptions): readonly Text[] {
  const page = pageOf(text);
  const numpy = isCode(page.text);
  const matlab = !numpy && /\.[*/^]|\w'|;\s*(?:%.*)?$/m.test(page.text);
  const tokens = withWeights(withOutputs(withLayers(tokenize(page.text))), page.text);
  const one = (elementwise: boolean, dot: boolean, loose = false): Text => {
    const signs = { star: elementwise, dot, loose, numpy, matlab };
    const unread: Problem[] = [];
    const own = ownFunctions(text, page.definitions, signs, unread);
    const { formulas, notes } = parseTokens(tokens, signs, own);
    return { formulas, notes: [...page.notes, ...unread, ...notes] };
  };
  const usual = one(star === undefined ? numpy : star === "elementwise", false);
  const has = (sign: string): boolean =>
    tokens.some(({ kind, text: meaning }) => kind === "operator" && meaning === sign);
  const loosely = has("odot") ? [one(star === undefined ? numpy : star === "elementwise", false, true)] : [];
  if (star !== undefined || (numpy ? !has("cdot") : !has("*") && !has("cdot"))) return [usual, ...loosely];
  return [usual, ...loosely, one(true, true), ...(has("*") && has("cdot") ? [one(true, false), one(false, true)] : [])];
}

/** `a(L-1)` and `δ(l+1)` are a^(L-1) and δ^(l+1): a layer in parentheses behind a letter. */
function withLayers(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token, at) => {
    const [open, layer, sign, offset] = tokens.slice(at + 1, at + 5);
    const isQuantity = token.kind === "word" && /^(?:d?[awzbuvWZA]|delta|δ)$/.test(token.text);
    if (!isQuantity || open?.text !== "(" || !open.tight || layer?.kind !== "word" || !/^[lL]$/.test(layer.text))
      return [token];
    const closes =
      sign?.text === ")" ||
      ((sign?.text === "-" || sign?.text === "+") && offset?.kind === "number" && tokens[at + 5]?.text === ")");
    return closes
      ? [token, { ...token, kind: "operator" as const, text: "^", source: "", start: token.end, tight: true }]
      : [token];
  });
}

/** If t is the target, y is the output; so is an o that stands alone. */
function withOutputs(tokens: readonly Token[]): readonly Token[] {
  const isWord = (token: Token | undefined, words: RegExp): boolean => token?.kind === "word" && words.test(token.text);
  const isScript = (at: number): boolean => /^[\^_{]$/.test(tokens[at - 1]?.text ?? "");
  // With an index it may be any layer's: y_i beside y_j.
  const isIndexed = (at: number): boolean =>
    tokens[at + 1]?.text === "_" && tokens.slice(at + 2, at + 4).some((token) => isWord(token, /^[a-z]$/));
  const isBare = (at: number): boolean => !/^[\^_[{]$/.test(tokens[at + 1]?.text ?? "");
  const hasTarget = tokens.some((token, at) => isWord(token, /^(?:t|targets?)$/) && !isScript(at));
  return tokens.map((token, at) => {
    if (isScript(at)) return token;
    if (isWord(token, /^o$/)) return isBare(at) ? { ...token, text: "yhat" } : token;
    return hasTarget && isWord(token, /^[yY]$/) ? { ...token, text: isIndexed(at) ? "o" : "yhat" } : token;
  });
}

/** In softmax(h U + b) the U is of weights: of the last layer, and W of the one below. */
function withWeights(tokens: readonly Token[], text: string): readonly Token[] {
  if (!/[hxvas][_\d{}]*\s*(?:\*|@|\\cdot)?\s*U\s*\+|\bU\s*(?:\*|@|\\cdot)?\s*[hxvas][_\d{}]*\s*\+/.test(text))
    return tokens;
  const names = new Map([
    ["U", "W_o"],
    ["dU", "dW_o"],
    ["W", "W_h"],
    ["dW", "dW_h"],
  ]);
  return tokens.map((token) =>
    token.kind === "word" ? { ...token, text: names.get(token.text) ?? token.text } : token,
  );
}

/** Returns what the functions compute that the text defines; of those that cannot be read, the name must do. */
function ownFunctions(
  text: string,
  definitions: readonly Definition[],
  signs: Signs,
  unread: Problem[],
): ReadonlyMap<string, OwnFunction> {
  const own = new Map<string, OwnFunction>();
  for (const definition of definitions) {
    const { name, parameter, returns, steps } = definition;
    const expression = ({ start, end }: Span): Expr => parseExpression(tokenize(text, start, end), signs, own);
    const skip = (): void => {
      unread.push({ kind: "syntax", ...definition, says: sense.definitionNotRead({ name }) });
    };
    if (returns.length === 0) {
      skip();
      continue;
    }
    try {
      const given = expression(parameter);
      const parts = steps.map((step) => ({
        of: symbol("local", null, step.value, step.name),
        value: expression(step.value),
      }));
      const meaning = (span: Span): Meaning =>
        meaningOf(
          parts.reduceRight((body, { of, value }) => substituted(body, of, value), expression(span)),
          given,
        );
      const [plain, flagged] = [returns.find(({ flag }) => flag === null), returns.find(({ flag }) => flag !== null)];
      own.set(name, {
        value: plain === undefined ? null : meaning(plain),
        flagged: flagged === undefined ? null : meaning(flagged),
      });
    } catch (error) {
      // A softmax that takes off the largest entry is one all the same.
      if (!(error instanceof Stop) || namedFunction(name) === null) throw error;
      skip();
    }
  }
  return own;
}

function substituted(expr: Expr, symbolOf: Expr, value: Expr): Expr {
  return sameSymbol(expr, symbolOf) ? value : withChildren(expr, (part) => substituted(part, symbolOf, value));
}

/** Of a parenthesis too many: what the formula says without it, where it then says something. */
function repaired(text: string, problem: Problem, options: ReadOptions): Problem {
  if (problem.superfluous !== true) return problem;
  try {
    const without = read(`${text.slice(0, problem.start)} ${text.slice(problem.end)}`, options);
    const formula = without[0]!.formulas.find(({ start, end }) => start <= problem.start && problem.start <= end);
    if (formula === undefined) return problem;
    return { ...problem, says: sense.withoutIt({ says: problem.says, formula: formulaText(formula) }) };
  } catch (error) {
    if (error instanceof Stop) return problem;
    throw error;
  }
}

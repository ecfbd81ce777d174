/** From a text to its formulas, or to an error that says where the text stops being one. */

import { checkOptions, option, type OptionKinds } from "@chainrule/autograd";
import type { Formula } from "./ast.ts";
import { tokenize } from "./lexer.ts";
import { parseTokens } from "./parse.ts";
import { formulaText } from "./print.ts";
import { FormulaError, Stop, type Problem } from "./problem.ts";

/** How a text is read. */
export interface ReadOptions {
  /** What `*` is; by the other signs of the text where nothing is said. */
  readonly star?: "matmul" | "elementwise";
}

/** What the options of reading take. */
export const readKinds: OptionKinds<ReadOptions> = { star: option.oneOf("matmul", "elementwise") };

/**
 * Reads formulas: plain text, index notation, LaTeX, lines of NumPy or MATLAB.
 *
 * @throws FormulaError with line, column and a mark under the place
 */
export function readFormulas(text: string, options: ReadOptions = {}): Formula[] {
  return readText(text, checkOptions("readFormulas", options, readKinds, { call: "readFormulas(text, { star })" }));
}

/** The same, with options that have been checked. */
export function readText(text: string, options: ReadOptions): Formula[] {
  try {
    return read(text, options);
  } catch (error) {
    if (error instanceof Stop) throw new FormulaError(text, repaired(text, error.problem, options));
    throw error;
  }
}

/** Whether a text has the signs of NumPy or torch. */
export function isCode(text: string): boolean {
  return /\b(?:np|numpy|torch|jnp)\s*\.|@|\*\*|\.T\b|\b(?:axis|dim|keepdims)\s*=/.test(text);
}

function read(text: string, { star }: ReadOptions): Formula[] {
  const numpy = isCode(text);
  return parseTokens(tokenize(text), star === undefined ? numpy : star === "elementwise", numpy);
}

/** Of a parenthesis too many: what the formula says without it, where it then says something. */
function repaired(text: string, problem: Problem, options: ReadOptions): Problem {
  if (problem.superfluous !== true) return problem;
  try {
    const without = read(`${text.slice(0, problem.start)} ${text.slice(problem.end)}`, options);
    const formula = without.find(({ start, end }) => start <= problem.start && problem.start <= end);
    if (formula === undefined) return problem;
    const { en, zh } = problem.says;
    return { ...problem, says: { en: `${en}; without it: ${formulaText(formula)}`, zh: `${zh}；去掉它即为：${formulaText(formula)}` } };
  } catch (error) {
    if (error instanceof Stop) return problem;
    throw error;
  }
}

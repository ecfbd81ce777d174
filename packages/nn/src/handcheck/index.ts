/** The public names of the check of hand-derived backprop, one by one. */

import "../begin/handcheck.ts";
import { markLibrary } from "@chainrule/autograd";

export { handcheck } from "./entry.ts";
export type { HandcheckOptions } from "./judge/options.ts";
export { plantMistake, type Planted, type PlantOptions } from "./plant.ts";
export type { Backward, PlainParameters } from "./judge/probe.ts";
export {
  type Blindness,
  type Convention,
  type ConventionChoice,
  type Diagnosis,
  type Doubt,
  exitCode,
  type Hand,
  type JudgedLine as OpLine,
  type Line,
  type LineStatus,
  type OpBlindness,
  type OpDiagnosis,
  type OpFindings,
  type Report,
  type Residual,
  type Step,
  type Verdict,
} from "./report.ts";
export { checkBackward, type BackwardAnswer, type BackwardCall } from "./files/check-backward.ts";
export { checkFiles, type CheckedFiles, type FileOptions, type HandedFile } from "./files/check-files.ts";
export { Refusal } from "./intake/refusal.ts";
export type { Formula } from "./formulas/ast.ts";
export { formulas } from "./formulas/formulas.ts";
export { formulaLatex, formulaText } from "./formulas/print.ts";
export { FormulaError, type Place, type ProblemKind } from "./formulas/problem.ts";
export { readFormulas, type ReadOptions } from "./formulas/read.ts";
export type { ChainStep, FormulaOptions, FormulaReport, ReadFormula } from "./formulas/report.ts";
export { namedMistakes, type NamedMistake } from "./catalogue/named.ts";
export { checkOp } from "./ops/check-op.ts";
export type { CheckOpOptions } from "./ops/prepare.ts";
export type { Settings } from "./catalogue/families/family.ts";
export type { FamilyName } from "./catalogue/families/index.ts";
export type { Graph } from "./ops/graph/flows.ts";
export { handcheckGraph, type GraphOptions } from "./ops/graph/handcheck-graph.ts";
export { tap } from "./ops/graph/tap.ts";
export type { Kernel } from "./ops/kernel.ts";
export type { Layout, Numbers, Strided } from "./bounds/numbers.ts";
export type { KernelType } from "./bounds/precision.ts";
export type { OpReport, OpTextOptions } from "./ops/report.ts";
export type { Complex } from "./complex/arithmetic.ts";
export { complexCostOfParameters } from "./complex/cost.ts";
export { complexDifference } from "./complex/difference.ts";
export { derive, type Derivation, type DeriveOptions } from "./derive/derive.ts";
export type { DeriveNumbers } from "./derive/values/given.ts";
export {
  follow,
  type Followed,
  type FollowedPath,
  type FollowedStep,
  type FollowedWeight,
  type FollowOptions,
  type PlacedEquation,
} from "./derive/follow.ts";
export type { TracedWeight } from "./derive/argument/chain.ts";
export type { Bilingual, Block, EquationBlock, Expression, Factor, Prose, Section } from "./derive/language/ast.ts";
export type { Notation, NotationName } from "./derive/language/notation.ts";
export type { DerivationJSON } from "./derive/derived.ts";
export type { Language, Words } from "../locales/words.ts";
export type { Hints, RenderOptions } from "./report/document.ts";
export { reportHtml, reportJson, reportLatex, reportMarkdown, reportText, type TextOptions } from "./forms.ts";
export { reportPart, type HtmlOptions } from "./part.ts";
export type { LatexOptions } from "./report/latex.ts";
export type { Compared } from "./report/of-network.ts";

markLibrary("end", new Error());

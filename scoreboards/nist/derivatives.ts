/**
 * Derivatives of fits by their data: exact ones, by the equations that hold at a fit, beside differences of the solver
 * itself.
 */

import { add, jvp, tensor, type Tensor } from "@chainrule/autograd";
import { leastSquares } from "@chainrule/autograd/optimize";
import { expand } from "../notation/expand.ts";
import { tensorFunction } from "../notation/tensors.ts";
import { machine, table } from "../report.ts";
import { digitsOf } from "./digits.ts";
import type { NistSet } from "./set.ts";
import { nistSets } from "./sets.ts";

/** The sets that are asked, of every level. */
export const DERIVED = [
  "Misra1a",
  "Chwirut2",
  "DanWood",
  "Misra1b",
  "Kirby2",
  "Hahn1",
  "Gauss1",
  "ENSO",
  "Eckerle4",
  "Thurber",
] as const;
/** The digits that differences of the solver have. */
export const AGREED = 6;
/** How far the data are moved, in their scatter: far above the rounding of a fit, little beside what bends it. */
const STEP = 0.05;

/** One set: how all parameters move when every measurement does. */
export interface DerivativeRow {
  readonly name: string;
  readonly parameters: number;
  /** The digits in which the worst of the two derivatives of each parameter agree. */
  readonly digits: number;
}

/** Moves the measurements along a direction of the size of their scatter, and looks how the fit follows. */
export function scoreDerivatives(set: NistSet): DerivativeRow {
  const residuals = tensorFunction(expand(set.texts, set.certified.length, set.y.length));
  const direction = set.y.map((_, i) => set.residualDeviation * Math.sin(1 + 2 * i));
  const fit = (moved: Tensor<[number]>): Tensor<[number]> =>
    leastSquares((x: Tensor<[number]>) => add(residuals(x), moved), tensor([...set.starts[1]!])).parameters;
  const at = (step: number): readonly number[] => [
    ...fit(tensor(direction.map((one) => step * one)) as Tensor<[number]>).toTypedArray(),
  ];
  const exact = [
    ...jvp(
      fit,
      [tensor(direction.map(() => 0)) as Tensor<[number]>],
      [tensor(direction) as Tensor<[number]>],
    ).tangent.toTypedArray(),
  ];
  // Of fourth order in the step: (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12 h
  const [near, far] = [
    [at(STEP), at(-STEP)],
    [at(2 * STEP), at(-2 * STEP)],
  ] as const;
  const differences = exact.map(
    (_, k) => (8 * (near[0]![k]! - near[1]![k]!) - (far[0]![k]! - far[1]![k]!)) / (12 * STEP),
  );
  return { name: set.name, parameters: exact.length, digits: digitsOf(differences, exact) };
}

/** The board of ten sets. */
export function derivativesBoard(): string {
  const rows = nistSets()
    .filter(({ name }) => (DERIVED as readonly string[]).includes(name))
    .map(scoreDerivatives);
  return [
    machine(),
    "",
    `${rows.filter(({ digits }) => digits >= AGREED).length} of ${rows.length} sets have derivatives that agree with differences of the solver in ${AGREED} digits and more.`,
    "",
    table(
      ["set", "parameters", "digits"],
      rows.map(({ name, parameters, digits }) => [name, String(parameters), digits.toFixed(1)]),
    ),
  ].join("\n");
}

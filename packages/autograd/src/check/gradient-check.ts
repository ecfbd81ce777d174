/** The check of a function's derivatives: by differences, by the complex step, by both modes, to second order. */

import { DTypeError, GraphError } from "../errors.ts";
import { castTo } from "../ops/conversion.ts";
import { checkOptions, option, refuseExtra, type OptionKinds } from "../options.ts";
import type { Argnums } from "../transforms/signatures.ts";
import type { AnyFunction } from "../transforms/trace.ts";
import type { LiftedAll, LooseAll } from "../transforms/tree.ts";
import { unlessRefused } from "./engine.ts";
import { examine, singleRounding, type Examined, type Task } from "./examine.ts";
import { dot, dotOfSizes, largest } from "./probes.ts";
import { reportOn, Tally, type Check, type Deviation, type GradientReport } from "./report.ts";
import { examineSecondOrder } from "./second-order.ts";
import { entryOf, join, subjectOf, type Subject } from "./subject.ts";

/** How derivatives are checked. */
export interface GradientCheckOptions {
  /**
   * 2 (the default) checks the derivatives of the gradient as well; 1 is for rules that are not meant to be
   * differentiated.
   */
  readonly order?: 1 | 2;
  /** Which arguments; all that are made of float tensors and numbers where nothing is said. */
  readonly argnums?: Argnums;
  /** How far a derivative may be from differences; 1e-8, and less where the differences themselves are surer. */
  readonly atol?: number;
  /** The same relative to the differences; 1e-7. */
  readonly rtol?: number;
  /** Chooses the random directions of a large Jacobian; the same seed gives the same check. */
  readonly seed?: number;
}

const kinds: OptionKinds<GradientCheckOptions> = {
  order: option.oneOf(1, 2),
  argnums: option.argnums,
  atol: option.finite(0),
  rtol: option.finite(0),
  seed: option.whole(-Number.MAX_SAFE_INTEGER),
};

/**
 * Checks the derivatives of a function at a point, by every method there is:
 *
 * - the reverse sweep against central differences of the values, entry by entry, confirmed by fourth-order differences;
 * - the reverse sweep against the complex step, which reads no rule of differentiation, to rounding;
 * - the forward sweep against the reverse sweep, to rounding;
 * - both sweeps for being linear in what they are given, and every computation for giving the same bits twice;
 * - all of this again for the gradient (of a random weighting of the results), with the symmetry of the Hessian and the
 *   mixes
 *   of both modes, unless `order` is 1.
 *
 * A Jacobian of up to 4,096 entries is looked at in full, a larger one along 8 random signed directions and at 64
 * single entries, in every pairing; tolerances do not grow with the number of entries. NaN and the infinities must be
 * the same.
 * A kink within reach of differences is left to the complex step; a point exactly at one is neither right nor wrong,
 * and the report says `"inconclusive"`, unless the derivative lies outside the slopes on both sides, which is wrong.
 * Functions of float32 are checked in float64, and their float32 derivatives against the complex step or the float64
 * ones.
 * What a function hides on purpose, as by `stopGradient`, is rightly reported as a difference.
 *
 * @param f - a function of tensors, numbers, or trees of them; gives a tensor, a number or a tree
 * @param args - the point; arguments that are not made of float tensors and numbers are handed on as they are
 * @param options - `order`, `argnums`, `atol`, `rtol`, `seed`
 * @returns the report: `ok`, `status`, `checks`, `evaluations`, `message`
 * @throws ArgumentError where there is nothing to differentiate; ConfigError for a setting outside its domain
 *
 * @example
 * gradientCheck((x: Tensor<[2]>) => sum(mul(x, x)), [tensor([1, 2])]).ok // => true
 */
export function gradientCheck<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<LooseAll<P>>,
  options?: GradientCheckOptions,
): GradientReport;
export function gradientCheck(
  f: AnyFunction,
  args: readonly unknown[],
  options?: GradientCheckOptions,
  extra?: unknown,
): GradientReport {
  const call = "gradientCheck(f, [x, y], { order, argnums, atol, rtol, seed })";
  refuseExtra("gradientCheck", extra, call);
  return check(f, args, checkOptions("gradientCheck", options, kinds, { call }));
}

function check(
  f: AnyFunction,
  args: readonly unknown[],
  { order = 2, atol = 1e-8, rtol = 1e-7, seed = 1, argnums }: GradientCheckOptions,
): GradientReport {
  const subject = subjectOf("gradientCheck", f, args, argnums);
  const task: Task = { order: 1, atol, rtol, seed, suffix: "", covered: false };
  const wide = subject.leaves.some((x) => x.dtype === "float32") ? widened(subject) : null;
  const checks = wide === null ? ordersOf(subject, task, order).checks : inBothTypes(subject, wide, task, order);
  return reportOn(checks, subject.calls());
}

/** The first order, and the second where the first is right. */
function ordersOf(
  subject: Subject,
  task: Task,
  order: 1 | 2,
): { readonly checks: readonly Check[]; readonly first: Examined } {
  const first = examine(subject, task, null);
  if (order === 1 || first.checks.some((check) => check.status === "failed")) return { checks: first.checks, first };
  if (join(subject.value).some(Number.isNaN)) {
    const nowhere = new Tally(`derivatives${task.suffix}`, 2).settle("inconclusive", "the value is not finite").done();
    return { checks: [...first.checks, nowhere], first };
  }
  const second = unlessRefused(() => examineSecondOrder(subject, first.tape, { ...task, order: 2 }));
  const more =
    "result" in second
      ? second.result
      : [new Tally(`derivatives${task.suffix}`, 2).settle("inconclusive", `${second.refused}: set order to 1`).done()];
  return { checks: [...first.checks, ...more], first };
}

/** The same function of float64; `null` where it does not take it. */
function widened(subject: Subject): Subject | null {
  const leaves = subject.leaves.map((x) => castTo(x, "float64"));
  try {
    return { ...subject, leaves, value: subject.run(leaves) };
  } catch (error) {
    if (error instanceof DTypeError) return null;
    throw error;
  }
}

/** A function of float32: itself, itself in float64, and the one against the other. */
function inBothTypes(subject: Subject, wide: Subject, task: Task, order: 1 | 2): Check[] {
  const narrow = ordersOf(subject, { ...task, covered: true }, order);
  const double = ordersOf(wide, { ...task, suffix: " in float64" }, order);
  const tally = new Tally("float32 vs float64", 1);
  // The complex step of the float32 graph has the roundings of its values in it, and is the closer reference.
  if (narrow.first.complex) tally.settle("skipped", "the complex step has compared them");
  else compareTypes(tally, wide, narrow.first, double.first);
  return [...narrow.checks, ...double.checks, tally.done()];
}

function compareTypes(tally: Tally, wide: Subject, narrow: Examined, double: Examined): void {
  const { readings, directions } = narrow.probes;
  const unit = singleRounding(directions.length);
  narrow.rows.forEach((row, r) => {
    const reference = double.rows[r]!;
    const most = largest(reference);
    directions.forEach((direction, p) => {
      const allowed = unit * (typeof direction === "number" ? most : dotOfSizes(direction, reference)) + 1e-36;
      const output = readings[r]!;
      tally.add(
        dot(direction, row),
        dot(double.probes.directions[p]!, reference),
        allowed,
        typeof output === "number" ? entryOf(output, wide.value, wide.outputNames) : null,
        typeof direction === "number" ? entryOf(direction, wide.leaves, wide.inputNames) : null,
      );
    });
  });
}

/** Derivatives that `assertGradients` refuses. */
export class GradientCheckError extends GraphError {
  /** Everything that was compared. */
  readonly report: GradientReport;
  /** The comparison that failed or could not be decided: `check.what` names the two methods. */
  readonly check: Check;
  /** The input, the output, and the two numbers; `null` where nothing could be compared. */
  readonly deviation: Deviation | null;

  /** @internal Made by `assertGradients`. */
  constructor(report: GradientReport) {
    const hint =
      report.status === "failed"
        ? "look at the rule of what stands between this input and this result"
        : 'move the point, or allow it with { inconclusive: "allow" }';
    super({
      op: "assertGradients",
      problem: `${report.message.replace(/^gradientCheck: /, "")}\n  what to do`,
      hint,
      code: "GRADIENT_CHECK",
    });
    this.report = report;
    this.check = report.checks.find((check) => check.status === report.status)!;
    this.deviation = this.check.worst;
  }
}

/** How derivatives are asserted. */
export interface AssertGradientsOptions extends GradientCheckOptions {
  /**
   * Says what to do where nothing is wrong but something could not be decided, as at a kink: `"throw"` (the default) or
   * `"allow"`.
   */
  readonly inconclusive?: "throw" | "allow";
}

const assertKinds: OptionKinds<AssertGradientsOptions> = { ...kinds, inconclusive: option.oneOf("throw", "allow") };

/**
 * Throws unless the derivatives of a function at a point are right. See {@link gradientCheck} for what is compared.
 *
 * @param f - a function of tensors, numbers, or trees of them
 * @param args - the point
 * @param options - those of `gradientCheck`, and `inconclusive`
 * @returns the report
 * @throws GradientCheckError naming the input, the entry, both numbers and the two methods that disagree
 *
 * @example
 * assertGradients((x: Tensor<[2]>) => sum(mul(x, x)), [tensor([1, 2])]).status // => "passed"
 */
export function assertGradients<const A extends readonly unknown[], P extends readonly unknown[] = LiftedAll<A>>(
  f: (...args: P) => unknown,
  args: A & NoInfer<LooseAll<P>>,
  options?: AssertGradientsOptions,
): GradientReport;
export function assertGradients(
  f: AnyFunction,
  args: readonly unknown[],
  options?: AssertGradientsOptions,
  extra?: unknown,
): GradientReport {
  const call = "assertGradients(f, [x, y], { order, argnums, atol, rtol, seed, inconclusive })";
  refuseExtra("assertGradients", extra, call);
  const { inconclusive, ...rest } = checkOptions("assertGradients", options, assertKinds, { call });
  const report = check(f, args, rest);
  if (report.status === "failed" || (report.status === "inconclusive" && inconclusive !== "allow"))
    throw new GradientCheckError(report);
  return report;
}

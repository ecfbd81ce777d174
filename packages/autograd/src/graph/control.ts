/**
 * Loops and branches as single values: functions traced into graphs of their own, and how what they give lies in one
 * tensor of each type.
 */

import { ConfigError } from "../errors.ts";
import type { Shape } from "../types/shape.ts";
import type { DType } from "./dtype.ts";
import type { Room } from "./rooms.ts";
import type { Tensor } from "./tensor.ts";
import type { Origin, Trace } from "./tracing.ts";

/** One traced tensor of a body. */
export interface Step {
  readonly tensor: Tensor;
  readonly origin: Origin;
  /**
   * The tensors of which its derivative is a function, where that is not what its value is computed from: an op by
   * hand.
   */
  readonly sources: readonly Tensor[] | null;
}

/** A function that was traced once: `steps` in the order of recording lead from `parameters` to `results`. */
export interface Body {
  /** The tensors that go in; behind the function's own parameters stand the tensors of outside that it reads. */
  readonly parameters: readonly Tensor[];
  /** Grows where a derivative asks for parts of a loop inside. */
  readonly steps: Step[];
  readonly results: readonly Tensor[];
  readonly trace: Trace;
}

/** A loop or a branch. Its inputs are those that each kind names, and then what its bodies have captured. */
export type Control =
  /**
   * Inputs: what is carried, then arrays of rows; body: what is carried and a row of each, to what is carried next and
   * new rows.
   */
  | {
      readonly kind: "scan";
      readonly length: number;
      readonly backwards: boolean;
      readonly carries: number;
      readonly rows: number;
      readonly body: Body;
      /**
       * From which of the arrays on they hold values of the steps of another loop: a row is then the same tensor as
       * that value, not one cut out.
       */
      readonly joined: number;
      /**
       * True if the loop is a sweep through another one, so that what leaves a step was made in the other order; see
       * `control-scan.ts`.
       */
      readonly swept: boolean;
      /**
       * A bool of the body: a step in which it is false does nothing, and is left out. Either the body computes it, and
       * then no later step does anything, or it is a row of an array.
       */
      readonly gate: Tensor | null;
    }
  /** Inputs: what is carried; both bodies take it. */
  | {
      readonly kind: "while";
      readonly carries: number;
      readonly bound: Bound;
      readonly condition: Body;
      readonly body: Body;
    }
  /** Inputs: the predicate, which the bodies do not take. */
  | { readonly kind: "cond"; readonly onTrue: Body; readonly onFalse: Body };

/** A part whose values are computed again where a derivative reads them. */
export interface Checkpoint {
  readonly kind: "checkpoint";
  /** It takes what it has captured; `null` outside of traces, where the function itself runs again. */
  readonly body: Body | null;
}

/** An op with several results, and what a call gives it beside its inputs. */
export interface Several {
  readonly kind: "several";
  readonly results: readonly Leaf[];
  readonly given: unknown;
}

/** A node that gives several tensors, and is swept as a whole. */
export type Region = Control | Checkpoint | Several;

/**
 * Which tensor a loop or a branch gives: a result by its number, or the value of a tensor of one of its bodies, which a
 * derivative reads; of a scan one above the other, what each step had. Of a while whose steps are kept, -1, -2, … are
 * its results from these.
 */
export type Part = number | Tensor;

/** How long a loop may be: where the condition holds after `most` steps, it is refused, or needs more room. */
export interface Bound {
  readonly most: number;
  /**
   * The room for what derivatives read of a loop that nobody has bounded: it may take any number of steps, and `most`
   * of them are kept. `null` where somebody has.
   */
  readonly room: Room | null;
  /** How many steps were taken elsewhere. */
  readonly before: number;
  /** The user's line, `file:line:column`. */
  readonly line: string | null;
}

/** True if a loop without a bound of its own counts how many steps it takes more than are kept. */
export function countsSteps({ room, most }: Bound): boolean {
  return room !== null && most === 0;
}

/** The error of a loop whose condition holds after all steps that it may take. */
export function tooManySteps({ most, before, line }: Pick<Bound, "most" | "before" | "line">): ConfigError {
  const steps = before + most;
  return new ConfigError({
    op: "whileLoop",
    problem: `the condition still holds after ${steps} ${steps === 1 ? "step" : "steps"}, which is maxSteps`,
    hint: "raise maxSteps, or count the steps in the carry and let the condition end the loop",
    code: "MAX_STEPS",
    at: line,
  });
}

/** A shape and a type. */
export interface Leaf {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The shape and type of a part. */
export function leafOf(control: Region, part: Part): Leaf {
  const { shape, dtype } = typeof part === "number" ? resultsOf(control)[part < 0 ? -1 - part : part]! : part;
  return { shape: control.kind === "scan" && isStacked(control, part) ? [control.length, ...shape] : shape, dtype };
}

/**
 * The results of a loop or a branch: what is carried in the end, and what each step gives; a branch, what either side
 * gives.
 */
export function resultsOf(control: Region): readonly Leaf[] {
  if (control.kind === "several") return control.results;
  return control.kind === "cond" ? control.onTrue.results : control.body!.results;
}

function isStacked({ carries }: Extract<Control, { kind: "scan" }>, part: Part): boolean {
  return typeof part !== "number" || part >= carries;
}

/** Loops and branches as single values: functions traced into graphs of their own, and how what they give lies in one tensor of each type. */

import { ConfigError } from "../errors.ts";
import type { Shape } from "../types/shape.ts";
import type { DType } from "./dtype.ts";
import { countOf } from "./shape.ts";
import type { Tensor } from "./tensor.ts";
import type { Origin } from "./tracing.ts";

/** One traced tensor of a body. */
export interface Step {
  readonly tensor: Tensor;
  readonly origin: Origin;
  /** What its derivative is a function of, where that is not what its value is computed from: an op by hand. */
  readonly sources: readonly Tensor[] | null;
}

/** A function that was traced once: `steps` in the order of recording lead from `parameters` to `results`. */
export interface Body {
  /** What goes in; behind the function's own parameters stand the tensors of outside that it reads. */
  readonly parameters: readonly Tensor[];
  readonly steps: readonly Step[];
  readonly results: readonly Tensor[];
}

/** A loop or a branch. Its inputs are those that each kind names, and then what its bodies have captured. */
export type Control =
  /** Inputs: what is carried, then arrays of rows; body: what is carried and a row of each, to what is carried next and new rows. */
  | { readonly kind: "scan"; readonly length: number; readonly backwards: boolean; readonly carries: number; readonly rows: number; readonly body: Body }
  /** Inputs: what is carried; both bodies take it. */
  | { readonly kind: "while"; readonly carries: number; readonly bound: Bound | null; readonly condition: Body; readonly body: Body }
  /** Inputs: the predicate, which the bodies do not take. */
  | { readonly kind: "cond"; readonly onTrue: Body; readonly onFalse: Body };

/** What is asked of a loop: what it gives, or what a scan carried into each step. */
export type Part = "results" | "carried";

/** How long a loop may be: where the condition holds after `most` steps, it is refused. */
export interface Bound {
  readonly most: number;
  /** How many steps were taken elsewhere. */
  readonly before: number;
  /** The user's line, `file:line:column`. */
  readonly line: string | null;
}

/** The error of a loop whose condition holds after all steps that it may take. */
export function tooManySteps({ most, before, line }: Bound): ConfigError {
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

/** The tensors that a part is made of, in order. */
export function leavesOf(control: Control, part: Part): readonly Leaf[] {
  const stacked = ({ shape, dtype }: Leaf, length: number): Leaf => ({ shape: [length, ...shape], dtype });
  switch (control.kind) {
    case "scan": {
      const { carries, length, body } = control;
      if (part === "carried") return body.parameters.slice(0, carries).map((x) => stacked(x, length));
      return [...body.results.slice(0, carries), ...body.results.slice(carries).map((x) => stacked(x, length))];
    }
    case "while": return control.body.results;
    case "cond": return control.onTrue.results;
  }
}

/** Where each leaf of one type begins in the tensor that holds them one behind the other; -1 for leaves of other types. */
export interface Packing {
  readonly starts: readonly number[];
  readonly count: number;
}

/** How the leaves of one type are packed. */
export function packingOf(leaves: readonly Leaf[], dtype: DType): Packing {
  let count = 0;
  const starts = leaves.map((leaf) => {
    if (leaf.dtype !== dtype) return -1;
    const start = count;
    count += countOf(leaf.shape);
    return start;
  });
  return { starts, count };
}

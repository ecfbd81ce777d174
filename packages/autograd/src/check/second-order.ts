/**
 * Derivatives of the gradient: against differences of it, against themselves transposed, and in every mix of the two
 * modes.
 */

import { jvp, vjp } from "../transforms/products.ts";
import { complexAlong, tapeOf, type Tape } from "./complex-step.ts";
import { columnOf, reverseOf, unlessRefused } from "./engine.ts";
import { examine, singleRounding, type Task } from "./examine.ts";
import { dot, dotOfSizes, generator, largest, randomSigns } from "./probes.ts";
import { Tally, type Check } from "./report.ts";
import { within } from "./same.ts";
import { derivedSubject, entryOf, join, sizeOf, splitLike, type Entry, type Subject } from "./subject.ts";

/** The weights of the results whose gradient is taken: 1 for a loss, both signs for more. */
function weightsOf(subject: Subject, random: () => number): Float64Array {
  const size = sizeOf(subject.value);
  if (size === 1) return Float64Array.of(1);
  return Float64Array.from({ length: size }, () => (random() < 0.5 ? -1 : 1) * (0.5 + random()));
}

/** Counts two second derivatives; where the function has no finite value, nothing of them can be wrong. */
function count(
  tally: Tally,
  subject: Subject,
  got: number,
  expected: number,
  allowed: number,
  output: Entry | null,
  input: Entry | null,
): void {
  if (join(subject.value).every(Number.isFinite) || within(got, expected, allowed))
    tally.add(got, expected, allowed, output, input);
  else tally.undecided("the value is not finite", got, expected, allowed, output, input);
}

/**
 * Holds the second derivatives of a function against each other.
 *
 * @param tape - the function itself, whose kinks are jumps of its gradient
 */
export function examineSecondOrder(subject: Subject, tape: Tape, task: Task): Check[] {
  const random = generator(task.seed + 1);
  const seed = weightsOf(subject, random);
  const seeds = splitLike(seed, subject.value);
  const gradient = derivedSubject(
    subject,
    (given) => [...vjp((leaves: readonly (typeof given)[number][]) => subject.run(leaves), given).pullback(seeds)[0]],
    subject.inputNames.map((name) => `the gradient by ${name}`),
  );
  const { checks, probes, rows, rounding } = examine(gradient, task, tape);
  if (rows.length === 0) return [...checks];
  const symmetry = new Tally(`Hessian vs its transpose${task.suffix}`, 2);
  rows.forEach((row, a) => {
    for (let b = 0; b < a; b++) {
      const [one, other] = [probes.directions[a]!, probes.directions[b]!];
      const name = (probe: typeof one) =>
        typeof probe === "number" ? entryOf(probe, subject.leaves, subject.inputNames) : null;
      count(
        symmetry,
        subject,
        dot(other, row),
        dot(one, rows[b]!),
        Math.max(rounding(a, b), rounding(b, a)),
        name(one),
        name(other),
      );
    }
  });
  if (rows.length === 1) symmetry.settle("skipped", "it has a single entry");
  return [...checks, symmetry.done(), modes(subject, gradient, seed, task, random)];
}

/** u·∂(Jv) by the reverse sweep and by the forward one, against the forward derivative of the gradient Jᵀu. */
function modes(subject: Subject, gradient: Subject, seed: Float64Array, task: Task, random: () => number): Check {
  const tally = new Tally(`mixed modes vs Hessian${task.suffix}`, 2);
  const ones = new Array<number>(sizeOf(subject.leaves)).fill(1);
  const tape = tapeOf(gradient);
  const unit = tape.single ? singleRounding(ones.length) : 1e-12;
  const done = unlessRefused(() => {
    for (let k = 0; k < 2; k++) {
      const [v, w] = [randomSigns(ones, random), randomSigns(ones, random)];
      const expected = columnOf(gradient, v).column;
      const tangents = splitLike(v, subject.leaves);
      const pushed = derivedSubject(
        subject,
        (given) => [...jvp((leaves: typeof given) => subject.run(leaves), [given], [tangents]).tangent],
        subject.outputNames,
      );
      const known = complexAlong(tape, v);
      const most = Math.max(largest(expected), largest(join(gradient.value)));
      const terms = known.majorant ?? expected.map(() => most);
      const floor = tape.single ? 1e-36 : 1e-190;
      reverseOf(pushed)
        .row(seed)
        .forEach((x, j) =>
          count(
            tally,
            subject,
            x,
            expected[j]!,
            unit * terms[j]! + floor,
            null,
            entryOf(j, subject.leaves, subject.inputNames),
          ),
        );
      count(
        tally,
        subject,
        dot(seed, columnOf(pushed, w).column),
        dot(w, expected),
        unit * dotOfSizes(w, terms) + floor,
        null,
        null,
      );
    }
  });
  return "refused" in done ? tally.settle("skipped", done.refused).done() : tally.done();
}

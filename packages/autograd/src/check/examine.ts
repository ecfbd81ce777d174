/** One function at one point: its derivatives by every method, held against each other. */

import { columnOf, reverseOf, unlessRefused, type Reverse } from "./engine.ts";
import { complexAlong, sizesOf, tapeOf, type ComplexDerivative, type Tape } from "./complex-step.ts";
import { lineAlong } from "./finite-difference.ts";
import { chooseProbes, dot, dotOfSizes, generator, largest, type Probe, type Probes } from "./probes.ts";
import { Tally, type Check } from "./report.ts";
import { entryOf, join, sizeOf, type Entry, type Subject } from "./subject.ts";
import { judge } from "./verdict.ts";

/** How far apart derivatives may be, and what is to be done. */
export interface Task {
  readonly order: 1 | 2;
  readonly atol: number;
  readonly rtol: number;
  readonly seed: number;
  /** Added to the names of the comparisons. */
  readonly suffix: string;
  /** True if the same function is also checked where differences have digits, so that they may be left out here. */
  readonly covered: boolean;
}

/** A function at a point, examined. */
export interface Examined {
  readonly checks: readonly Check[];
  readonly probes: Probes;
  readonly tape: Tape;
  /** The rows of the reverse sweep, one for each reading. */
  readonly rows: readonly Float64Array[];
  /** Bounds the rounding of the derivative of a reading along a direction. */
  readonly rounding: (reading: number, direction: number) => number;
  /** True if the complex step gave derivatives along all directions. */
  readonly complex: boolean;
}

/**
 * Derivatives by two sweeps, or by a sweep and the complex step, differ by rounding alone: relative to Σ |path
 * products|.
 */
const ROUNDING = 1e-12;

/** The allowance for float32: 8·√n·2⁻²⁴ relative to the same sum, for n inputs. */
export const singleRounding = (count: number): number => 8 * Math.sqrt(count) * 2 ** -24;

/** Below this the complex step has its own error, h² f‴ / 6, and a product in float32 vanishes. */
const TINY = 1e-190;
const TINY_SINGLE = 1e-36;

/**
 * Holds the derivatives of a function against each other.
 *
 * @param antiderivative - the function whose gradient this one is, and whose kinks are its jumps; `null` for none
 */
export function examine(subject: Subject, task: Task, antiderivative: Tape | null): Examined {
  const random = generator(task.seed);
  const point = join(subject.leaves);
  const sizes = (list: Subject["leaves"]): number[] => list.map((x) => sizeOf([x]));
  const probes = chooseProbes(point, sizes(subject.leaves), sizes(subject.value), antiderivative !== null, random);
  const { readings, directions } = probes;
  const tape = tapeOf(subject);
  if (readings.length === 0 || directions.length === 0) {
    const empty = new Tally(`derivatives${task.suffix}`, task.order).settle(
      "passed",
      "there are none: an argument or the result is empty",
    );
    return { checks: [empty.done()], probes, tape, rows: [], rounding: () => 0, complex: true };
  }
  const reverse = reverseOf(subject);
  const rows = readings.map((reading) => reverse.row(reading));
  const forward = unlessRefused(() => directions.map((direction) => columnOf(subject, direction).column));
  const { single } = tape;
  const along = directions.map((direction): ComplexDerivative => {
    const own = complexAlong(tape, direction);
    const below = antiderivative === null ? own : complexAlong(antiderivative, direction);
    return {
      ...own,
      exactKink: own.exactKink ?? below.exactKink ?? (antiderivative === null ? null : below.touching),
      near: own.near ?? below.near,
    };
  });
  const value = join(subject.value);
  const rowScale = rows.map((row, r) => Math.max(largest(row), dotOfSizes(readings[r]!, value)));
  const unit = single ? singleRounding(point.length) : ROUNDING;
  const rounding = (r: number, p: number): number => {
    const [reading, direction] = [readings[r]!, directions[p]!];
    const known = along[p]!;
    const terms =
      known.majorant !== null
        ? dotOfSizes(reading, known.majorant)
        : typeof direction === "number"
          ? rowScale[r]!
          : dotOfSizes(direction, rows[r]!);
    return unit * terms + (single ? TINY_SINGLE : TINY);
  };
  const view: View = { subject, value, task, probes, rows, rounding, unit, random };
  return {
    checks: [
      repeated(view, reverse, "result" in forward),
      linearReverse(view, reverse),
      ...("result" in forward
        ? [forwardAgainstReverse(view, forward.result), linearForward(view, forward.result)]
        : [new Tally(`forward vs reverse${task.suffix}`, task.order).settle("skipped", forward.refused).done()]),
      againstComplex(view, along),
      againstDifferences(view, along, tape),
    ],
    probes,
    tape,
    rows,
    rounding,
    complex: along.every((known) => known.refused === null),
  };
}

/** The view of a function that every comparison has. */
interface View {
  readonly subject: Subject;
  /** All numbers of its value. */
  readonly value: Float64Array;
  readonly task: Task;
  readonly probes: Probes;
  readonly rows: readonly Float64Array[];
  readonly rounding: (r: number, p: number) => number;
  /** Rounding of two computations of one number, relative to the sizes in it. */
  readonly unit: number;
  readonly random: () => number;
}

function tallyFor({ task }: View, what: string): Tally {
  return new Tally(what + task.suffix, task.order);
}

function inputOf({ subject }: View, probe: Probe): Entry | null {
  return typeof probe === "number" ? entryOf(probe, subject.leaves, subject.inputNames) : null;
}

function outputOf({ subject }: View, probe: Probe): Entry | null {
  return typeof probe === "number" ? entryOf(probe, subject.value, subject.outputNames) : null;
}

/** Every pairing of a reading with a direction. */
function pairs({ probes: { readings, directions } }: View, visit: (r: number, p: number) => void): void {
  for (let p = 0; p < directions.length; p++) for (let r = 0; r < readings.length; r++) visit(r, p);
}

/**
 * Weights of both signs, none of them 0 or 1, the first negative: a rule that looks at the sign or at nothing shows.
 */
function weights(count: number, random: () => number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => (k === 0 || random() < 0.5 ? -1 : 1) * (1.25 + random()));
}

/** The same computation twice has the same bits, with and without recording, and leaves its inputs as they are. */
function repeated(view: View, reverse: Reverse, forward: boolean): Check {
  const { subject, value, task, unit, random } = view;
  const tally = tallyFor(view, "one run vs another");
  const before = join(subject.leaves);
  const same = (
    got: Float64Array,
    expected: Float64Array,
    name: (k: number) => readonly [Entry | null, Entry | null],
    allowed = 0,
  ): void => got.forEach((x, k) => tally.add(x, expected[k]!, allowed, ...name(k)));
  const output = (k: number): readonly [Entry | null, Entry | null] => [outputOf(view, k), null];
  const input = (k: number): readonly [Entry | null, Entry | null] => [null, inputOf(view, k)];
  // A gradient that is itself recorded runs in whole ops where one that is not runs in fused loops: rounded elsewhere.
  const recorded = task.order === 1 ? 0 : unit * largest(value);
  for (let run = 0; run < 2; run++) same(join(subject.run(subject.leaves)), value, output);
  same(join(reverse.value), value, output, recorded);
  const seed = weights(value.length, random);
  same(reverse.row(seed), reverseOf(subject).row(seed), input);
  if (forward) {
    const direction = weights(before.length, random);
    const first = columnOf(subject, direction);
    same(join(first.value), value, output, recorded);
    same(first.column, columnOf(subject, direction).column, output);
  }
  same(join(subject.leaves), before, input);
  return tally.done();
}

/** Jᵀ(Σ c_r u_r) = Σ c_r Jᵀu_r, and Jᵀ0 = 0. */
function linearReverse(view: View, reverse: Reverse): Check {
  const { subject, probes, rows, rounding, random } = view;
  const tally = tallyFor(view, "reverse of a sum vs its parts");
  const c = weights(rows.length, random);
  const size = sizeOf(subject.value);
  const seed = combine(probes.readings, c, size);
  const pulled = reverse.row(seed);
  probes.directions.forEach((direction, p) => {
    const sum = rows.reduce((total, row, r) => total + c[r]! * dot(direction, row), 0);
    const allowed = rows.reduce((total, _, r) => total + Math.abs(c[r]!) * rounding(r, p), 0);
    if (Number.isFinite(sum)) tally.add(dot(direction, pulled), sum, allowed, null, inputOf(view, direction));
  });
  if (rows.every((row) => row.every(Number.isFinite))) {
    reverse.row(new Float64Array(size)).forEach((x, k) => tally.add(x, 0, 0, null, inputOf(view, k)));
  } else tally.settle("skipped", "some derivatives are not finite, and cannot be summed");
  return tally.done();
}

/** J(Σ c_p v_p) = Σ c_p Jv_p, and J0 = 0. */
function linearForward(view: View, columns: readonly Float64Array[]): Check {
  const { subject, probes, rounding, random } = view;
  const tally = tallyFor(view, "forward of a sum vs its parts");
  const c = weights(columns.length, random);
  const size = sizeOf(subject.leaves);
  const pushed = columnOf(subject, combine(probes.directions, c, size)).column;
  probes.readings.forEach((reading, r) => {
    const sum = columns.reduce((total, column, p) => total + c[p]! * dot(reading, column), 0);
    const allowed = columns.reduce((total, _, p) => total + Math.abs(c[p]!) * rounding(r, p), 0);
    if (Number.isFinite(sum)) tally.add(dot(reading, pushed), sum, allowed, outputOf(view, reading), null);
  });
  if (columns.every((column) => column.every(Number.isFinite))) {
    columnOf(subject, new Float64Array(size)).column.forEach((x, k) => tally.add(x, 0, 0, outputOf(view, k), null));
  } else tally.settle("skipped", "some derivatives are not finite, and cannot be summed");
  return tally.done();
}

function combine(list: readonly Probe[], c: Float64Array, size: number): Float64Array {
  const sum = new Float64Array(size);
  list.forEach((probe, k) => {
    if (typeof probe === "number") sum[probe]! += c[k]!;
    else probe.forEach((x, i) => (sum[i]! += c[k]! * x));
  });
  return sum;
}

/** Counts the derivative of a reading along a direction by two methods that differ by rounding alone. */
function addPair(tally: Tally, view: View, r: number, p: number, got: number, expected: number): void {
  const reading = view.probes.readings[r]!;
  const found = [
    got,
    expected,
    view.rounding(r, p),
    outputOf(view, reading),
    inputOf(view, view.probes.directions[p]!),
  ] as const;
  // Outside the domain there is no derivative to be right about.
  if (Number.isFinite(dot(reading, view.value)) || Object.is(got, expected)) tally.add(...found);
  else tally.undecided("the value is not finite", ...found);
}

/** ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ for every pairing. */
function forwardAgainstReverse(view: View, columns: readonly Float64Array[]): Check {
  const { probes, rows } = view;
  const tally = tallyFor(view, "forward vs reverse");
  pairs(view, (r, p) =>
    addPair(tally, view, r, p, dot(probes.readings[r]!, columns[p]!), dot(probes.directions[p]!, rows[r]!)),
  );
  return tally.done();
}

function againstComplex(view: View, along: readonly ComplexDerivative[]): Check {
  const { probes, rows } = view;
  const tally = tallyFor(view, "reverse vs complex step");
  pairs(view, (r, p) => {
    const known = along[p]!;
    if (known.refused !== null) tally.note(known.refused);
    else addPair(tally, view, r, p, dot(probes.directions[p]!, rows[r]!), dot(probes.readings[r]!, known.derivative));
  });
  // Where it is refused, differences decide.
  if (along.some((known) => known.refused !== null)) tally.settle("skipped", "");
  return tally.done();
}

function againstDifferences(view: View, along: readonly ComplexDerivative[], tape: Tape): Check {
  const { subject, task, probes, rows } = view;
  const tally = tallyFor(view, "reverse vs differences");
  const complex = along.every((known) => known.refused === null);
  if (tape.single)
    return tally
      .settle(complex || task.covered ? "skipped" : "inconclusive", "float32 has too few digits for differences")
      .done();
  const values = sizesOf(tape) ?? view.value;
  const sizes = probes.readings.map((reading) => dotOfSizes(reading, values));
  probes.directions.forEach((direction, p) => {
    const line = lineAlong(subject, direction, probes.readings);
    const known = along[p]!;
    probes.readings.forEach((reading, r) => {
      const got = dot(direction, rows[r]!);
      const { kind, expected, allowed } = judge(got, line, r, sizes[r]!, task.atol, task.rtol);
      const names = [outputOf(view, reading), inputOf(view, direction)] as const;
      const whole = typeof reading !== "number" || typeof direction !== "number";
      // Nothing is seen of a sum with a NaN in it.
      if (kind === "undefined" || (whole && Number.isNaN(got) && kind === "agrees")) {
        return tally.undecided("there are no values to take differences of", got, expected, allowed, ...names);
      }
      if (kind === "agrees" || (kind === "differs" && known.exactKink === null))
        return tally.add(got, expected, allowed, ...names);
      // The complex step stands on one side of a kink, and has no noise.
      if (known.refused === null && (kind === "noise" || known.near !== null)) {
        const reason =
          kind === "noise"
            ? "differences are too noisy for some entries"
            : `${known.near} is near its kink for some entries`;
        return tally.note(`${reason}: see the complex step`);
      }
      const at = known.exactKink === null ? "a kink, a jump or a pole" : `a kink of ${known.exactKink}`;
      const note =
        kind === "noise" && known.exactKink === null ? "differences are too noisy" : `the point lies at ${at}: move it`;
      tally.undecided(note, got, expected, allowed, ...names);
    });
  });
  const check = tally.done();
  return check.compared === 0 && check.inconclusive === 0 ? tally.settle("skipped", "").done() : check;
}

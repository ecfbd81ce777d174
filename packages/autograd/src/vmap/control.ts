/**
 * Loops and branches for all examples at once: bodies computed for a batch, and a predicate of each example that
 * chooses between both sides.
 */

import { countsSteps, tooManySteps, type Body, type Checkpoint, type Control, type Part } from "../graph/control.ts";
import { MoreSteps } from "../graph/rooms.ts";
import type { Tensor } from "../graph/tensor.ts";
import { isTraced, tracing } from "../graph/tracing.ts";
import { greater, where } from "../ops/comparison.ts";
import { repeatTo, sumOver } from "../ops/expansion.ts";
import { permute, reshapeTo } from "../ops/layout.ts";
import { rowsOf, stackRows } from "../ops/rows.ts";
import type { Batched } from "../primitives/batched.ts";
import { checkpoint } from "../transforms/checkpoint.ts";
import { traceBranches, type Cond } from "../transforms/control-cond.ts";
import { partOf, zerosOf } from "../transforms/control-op.ts";
import { traceScan, type Scan } from "../transforms/control-scan.ts";
import { traceWhile, twinOf, type While } from "../transforms/control-while.ts";
import { spread } from "./batched-op.ts";
import { dropped, gatesOf, isOpen, runOpen, type Gates } from "./gates.ts";

/** An output of a loop or a branch: a result, or the value of a tensor of one of its bodies. */
export type PartOfBatch = (part: Part) => Batched<Tensor>;

/** Computes a body for all examples. */
export type ReplayBatched = (
  body: Body,
  inputs: readonly Batched<Tensor>[],
  size: number,
) => (x: Tensor) => Batched<Tensor>;

/** A loop or a branch for all examples; `asked` are the tensors of its bodies whose values are read. */
export function controlBatched(
  control: Control | Checkpoint,
  inputs: readonly Batched<Tensor>[],
  asked: ReadonlySet<Tensor>,
  size: number,
  replay: ReplayBatched,
): PartOfBatch {
  switch (control.kind) {
    case "scan":
      return scanBatched(control, inputs, asked, size, replay);
    case "cond":
      return condBatched(control, inputs, asked, size, replay);
    case "while":
      return whileBatched(control, inputs, asked, size, replay);
    case "checkpoint":
      return checkpointBatched(control, inputs, size, replay);
  }
}

/** Says which tensors of a body are mapped, by its parameters. A loop inside is mapped as a whole. */
function mappedIn({ parameters, steps }: Body, flags: readonly boolean[]): (x: Tensor) => boolean {
  const mapped = new Set(parameters.filter((_, k) => flags[k] === true));
  for (const { tensor, origin, sources } of steps) {
    const from = origin.kind === "op" ? origin.inputs : origin.kind === "alias" ? [origin.of, ...(sources ?? [])] : [];
    if (from.some((x) => mapped.has(x))) mapped.add(tensor);
  }
  return (x) => mapped.has(x);
}

/**
 * Which parameters of a loop's body are mapped once it has gone round: what is carried becomes so where a step makes it
 * so.
 */
function settled(body: Body, inputs: readonly Batched<Tensor>[], carries: number): boolean[] {
  const flags = inputs.map(({ mapped }) => mapped);
  for (let before = -1; before < flags.filter(Boolean).length;) {
    before = flags.filter(Boolean).length;
    const isMapped = mappedIn(body, flags);
    body.results.slice(0, carries).forEach((x, k) => (flags[k] ||= isMapped(x)));
  }
  return flags;
}

const fitted = (x: Batched<Tensor>, mapped: boolean, size: number): Batched<Tensor> =>
  mapped ? { value: spread(x, size), mapped } : x;

/** The first two axes in each other's places: the examples and the rows. */
function swapped({ value, mapped }: Batched<Tensor>): Batched<Tensor> {
  return mapped
    ? { value: permute(value, [1, 0, ...value.shape.slice(2).map((_, axis) => axis + 2)]), mapped }
    : { value, mapped };
}

/** A scan for all examples, and how one of its steps is computed. */
interface BatchedSteps {
  readonly initial: readonly Batched<Tensor>[];
  readonly arrays: readonly Batched<Tensor>[];
  readonly asked: ReadonlySet<Tensor>;
  readonly gates: Gates | null;
  readonly step: (carry: readonly Batched<Tensor>[], row: readonly Tensor[]) => (x: Tensor) => Batched<Tensor>;
  readonly next: (valueOf: (x: Tensor) => Batched<Tensor>) => readonly Batched<Tensor>[];
  readonly size: number;
}

/** Runs the steps outside of traces. */
function runSteps(
  { length, backwards, carries, body }: Scan,
  { initial, arrays, asked, gates, step, next, size }: BatchedSteps,
): PartOfBatch {
  const given = body.results.slice(carries);
  const columns = arrays.map(({ value }) => rowsOf(value));
  const kept = new Map([...given, ...asked].map((x) => [x, new Array<Batched<Tensor>>(length)]));
  let carry = initial;
  /** True if the step does something. */
  const stepAt = (row: number): boolean => {
    const entries = columns.map((rowAt) => rowAt(row));
    const valueOf = step(carry, entries);
    for (const [x, values] of kept) values[row] = valueOf(x);
    carry = next(valueOf);
    return gates === null || isOpen(gates.inStep(valueOf));
  };
  runOpen(length, backwards, gates?.rows ?? null, stepAt, (row, like) => {
    for (const [x, values] of kept) values[row] = given.includes(x) ? dropped(values[like]!) : values[like]!;
  });
  return (part) =>
    typeof part === "number" && part < carries
      ? carry[part]!
      : stacked(kept.get(typeof part === "number" ? body.results[part]! : part)!, size);
}

// (c', y) = f(c, x, w) for each row x of arrays, which have the examples behind the rows
function scanBatched(
  control: Scan,
  inputs: readonly Batched<Tensor>[],
  asked: ReadonlySet<Tensor>,
  size: number,
  replay: ReplayBatched,
): PartOfBatch {
  const { length, backwards, swept, carries, rows, body } = control;
  const flags = settled(body, inputs, carries);
  const initial = inputs.slice(0, carries).map((x, k) => fitted(x, flags[k]!, size));
  const arrays = inputs.slice(carries, carries + rows).map(swapped);
  const captured = inputs.slice(carries + rows);
  const given = body.results.slice(carries);
  const step = (carry: readonly Batched<Tensor>[], row: readonly Tensor[]): ((x: Tensor) => Batched<Tensor>) =>
    replay(body, [...carry, ...row.map((value, k) => ({ value, mapped: arrays[k]!.mapped })), ...captured], size);
  const next = (valueOf: (x: Tensor) => Batched<Tensor>): Batched<Tensor>[] =>
    body.results.slice(0, carries).map((x, k) => fitted(valueOf(x), flags[k]!, size));
  const gates = gatesOf(control, arrays);
  if (tracing() === null) return runSteps(control, { initial, arrays, asked, gates, step, next, size });
  const made = new Map<Tensor, Batched<Tensor>>();
  const { whole, control: traced } = traceScan(
    { length, backwards, swept },
    (leaves, row) => {
      const valueOf = step(
        leaves.map((value, k) => ({ value, mapped: flags[k]! })),
        row.slice(0, rows),
      );
      for (const x of [...given, ...asked]) made.set(x, valueOf(x));
      const valuesOf = (list: Iterable<Tensor>): Tensor[] => [...list].map((x) => made.get(x)!.value);
      const gate = gates === null ? null : gates.rows === null ? gates.inStep(valueOf) : row.at(-1)!;
      return { carry: next(valueOf).map(({ value }) => value), ys: valuesOf(given), beside: valuesOf(asked), gate };
    },
    initial.map(({ value }) => value),
    [...arrays.map(({ value }) => value), ...(gates?.rows ? [gates.rows] : [])],
  );
  return (part) => {
    if (typeof part === "number")
      return part < carries
        ? { value: partOf(whole, part), mapped: flags[part]! }
        : swapped({ value: partOf(whole, part), mapped: made.get(body.results[part]!)!.mapped });
    const k = body.parameters.indexOf(part);
    if (k >= carries) return inputs[k]!;
    if (k >= 0) return swapped({ value: partOf(whole, traced.body.parameters[k]!), mapped: flags[k]! });
    return swapped(inSteps(whole, traced, made.get(part)!));
  };
}

/** The values that a tensor of a loop's body had in each step; one that no step computes is the same in all of them. */
function inSteps(whole: Tensor, { body, length }: Scan, { value, mapped }: Batched<Tensor>): Batched<Tensor> {
  const isComputed = body.trace.origins.has(value);
  return { value: isComputed ? partOf(whole, value) : repeatTo(value, [length, ...value.shape]), mapped };
}

/** Rows above each other, behind the examples where they have such. */
function stacked(values: readonly Batched<Tensor>[], size: number): Batched<Tensor> {
  const mapped = values.some((x) => x.mapped);
  return swapped({ value: stackRows(values.map((x) => (mapped ? spread(x, size) : x.value))), mapped });
}

/** a where the predicate of the example holds, else b. */
function chosen(predicate: Tensor, a: Batched<Tensor>, b: Batched<Tensor>, rank: number): Batched<Tensor> {
  const condition = reshapeTo(predicate, [predicate.shape[0]!, ...new Array<number>(rank).fill(1)]);
  return { value: where(condition, a.value, b.value as never), mapped: true };
}

// y = p ? f(w) : g(w)     of a predicate of each example both sides are computed
function condBatched(
  { onTrue, onFalse }: Cond,
  [predicate, ...captured]: readonly Batched<Tensor>[],
  asked: ReadonlySet<Tensor>,
  size: number,
  replay: ReplayBatched,
): PartOfBatch {
  const sides = [onTrue, onFalse];
  const sideOf = (x: Tensor): number => sides.findIndex(({ trace }) => trace.origins.has(x));
  const { value: condition, mapped } = predicate!;
  if (mapped) {
    const values = sides.map((body) => replay(body, captured, size));
    return (part) => {
      if (typeof part !== "number") return values[sideOf(part)]!(part);
      const [a, b] = sides.map(({ results }, side) => values[side]!(results[part]!));
      return chosen(condition, a!, b!, onTrue.results[part]!.shape.length);
    };
  }
  if (!isTraced(condition)) {
    const side = condition.storage === 1 ? 0 : 1;
    const valueOf = replay(sides[side]!, captured, size);
    // Nothing of the side that does not run is read by anything that does.
    return (part) =>
      typeof part === "number"
        ? valueOf(sides[side]!.results[part]!)
        : sideOf(part) === side
          ? valueOf(part)
          : { value: zerosOf(part), mapped: false };
  }
  const isMapped = sides.map((body) =>
    mappedIn(
      body,
      captured.map((x) => x.mapped),
    ),
  );
  const flags = onTrue.results.map((_, k) => sides.some(({ results }, side) => isMapped[side]!(results[k]!)));
  const values: ((x: Tensor) => Batched<Tensor>)[] = [];
  const branches = sides.map((body, side) => (): Tensor[] => {
    const valueOf = (values[side] = replay(body, captured, size));
    return body.results.map((x, k) => fitted(valueOf(x), flags[k]!, size).value);
  });
  const beside = (): Tensor[][] =>
    sides.map((_, side) => [...asked].flatMap((x) => (sideOf(x) === side ? [values[side]!(x).value] : [])));
  const { whole, control } = traceBranches(condition, branches, beside, () => undefined);
  return (part) => {
    if (typeof part === "number") return { value: partOf(whole, part), mapped: flags[part]! };
    const side = sideOf(part);
    const found = values[side]!(part);
    const own = [control.onTrue, control.onFalse][side]!.trace;
    return own.origins.has(found.value) ? { ...found, value: partOf(whole, found.value) } : found;
  };
}

/** True if a condition holds for some example. */
const anyOf = (active: Tensor): Tensor => greater(sumOver(active, [0], false), 0);

/** Goes round as long as the condition holds: in a loop of the program that is traced, or now. */
function goRound(
  bound: While["bound"],
  goesOn: (list: readonly Tensor[]) => Tensor,
  step: (list: readonly Tensor[]) => readonly Tensor[],
  initial: readonly Tensor[],
): readonly Tensor[] {
  if (tracing() !== null) return traceWhile(bound, goesOn, step, initial);
  let carry = initial;
  let more = 0;
  for (let at = 0; goesOn(carry).storage === 1; at++) {
    if (countsSteps(bound)) more = at + 1;
    else if (bound.room === null && at === bound.most) throw tooManySteps(bound);
    carry = step(carry);
  }
  if (more > 0) throw new MoreSteps(bound, bound.before + more);
  return carry;
}

// c' = f(c, w) while the condition on c holds
//
// Of a condition of each example the loop goes on as long as one holds, and examples that have ended stay as they are.
function whileBatched(
  control: While,
  inputs: readonly Batched<Tensor>[],
  asked: ReadonlySet<Tensor>,
  size: number,
  replay: ReplayBatched,
): PartOfBatch {
  const { carries, bound, condition, body } = control;
  const first = settled(body, inputs, carries);
  const each = mappedIn(condition, first)(condition.results[0]!);
  const flags = first.map((one, k) => one || (each && k < carries));
  const captured = inputs.slice(carries);
  const known = (list: readonly Tensor[]): Batched<Tensor>[] => [
    ...list.map((value, k) => ({ value, mapped: flags[k]! })),
    ...captured,
  ];
  const holds = (carry: readonly Tensor[]): Tensor =>
    replay(condition, known(carry), size)(condition.results[0]!).value;
  const next = (carry: readonly Tensor[]): Tensor[] => {
    const valueOf = replay(body, known(carry), size);
    return body.results.map((x, k) => fitted(valueOf(x), flags[k]!, size).value);
  };
  const choose = (active: Tensor, a: readonly Tensor[], b: readonly Tensor[]): Tensor[] =>
    a.map(
      (value, k) =>
        chosen(active, { value, mapped: true }, { value: b[k]!, mapped: true }, value.shape.length - 1).value,
    );
  /**
   * The carry, and for each example the last of it on which its condition held: of one that has ended, no step sees
   * what came after.
   */
  const masked = ([active, ...list]: readonly Tensor[]): Tensor[] => {
    const [carry, before] = [list.slice(0, carries), list.slice(carries)];
    const point = choose(active!, carry, before);
    const after = choose(active!, next(point), carry);
    return [holds(after), ...after, ...point];
  };
  const initial = inputs.slice(0, carries).map((x, k) => fitted(x, flags[k]!, size).value);
  let results: readonly Tensor[] | null = null;
  let twin: PartOfBatch | null = null;
  return (part) => {
    if (typeof part === "number" && part >= 0) {
      results ??= each
        ? goRound(bound, ([active]) => anyOf(active!), masked, [holds(initial), ...initial, ...initial]).slice(
            1,
            1 + carries,
          )
        : goRound(bound, holds, next, initial);
      return { value: results[part]!, mapped: flags[part]! };
    }
    // What a derivative reads of the steps is kept by the scan that stands for the loop.
    const { control: scan, places } = twinOf(control)!;
    twin ??= scanBatched(
      scan,
      places.map((k) => inputs[k]!),
      asked,
      size,
      replay,
    );
    return twin(typeof part === "number" ? -1 - part : part);
  };
}

// y = f(w)     computed again for all examples at once
function checkpointBatched(
  { body }: Checkpoint,
  inputs: readonly Batched<Tensor>[],
  size: number,
  replay: ReplayBatched,
): PartOfBatch {
  const { results } = body!;
  const isMapped = mappedIn(
    body!,
    inputs.map(({ mapped }) => mapped),
  );
  const values = checkpoint(() => {
    const valueOf = replay(body!, inputs, size);
    return results.map((x) => fitted(valueOf(x), isMapped(x), size).value);
  })();
  return (part) => ({ value: values[part as number]!, mapped: isMapped(results[part as number]!) });
}

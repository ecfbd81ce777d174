/** The scan of a compiled function: its body traced once, and its derivatives, which are scans. */

import type { Control, Leaf, Part } from "../graph/control.ts";
import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Looped, Recorded, Share } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { repeatTo } from "../ops/expansion.ts";
import { closeBodies, recordBody, replay, usedParameters } from "./control-body.ts";
import { dependsOn, isFollowed, pullThrough, pushThrough, runOf, type Run } from "./control-derive.ts";
import { controlOp, partOf, partsOf, wholeOf } from "./control-op.ts";

export type Scan = Extract<Control, { kind: "scan" }>;

/** The results of one step. */
export interface StepResult {
  readonly carry: readonly Tensor[];
  readonly ys: readonly Tensor[];
  /** Tensors beside these of which parts may be asked. */
  readonly beside?: readonly Tensor[];
  /** False where the step does nothing; see `graph/control.ts`. */
  readonly gate?: Tensor | null;
}

/** A scan that was traced. */
export interface TracedScan {
  readonly whole: Tensor;
  readonly control: Scan;
  readonly inputs: readonly Tensor[];
}

/** How a scan goes, and in which order what it gives is added up; see `graph/control.ts`. */
export type Form = Pick<Scan, "length" | "backwards" | "swept">;

/** One row of an array that holds values of another loop, which a step turns out to read. */
type Read = (array: Tensor) => Tensor;

const rowOf = ({ shape, dtype }: Leaf): Leaf => ({ shape: shape.slice(1), dtype });

/** Traces a scan of at least one step over lists of tensors. */
export function traceScan(
  form: Form,
  f: (carry: readonly Tensor[], rows: readonly Tensor[], read: Read) => StepResult,
  initial: readonly Tensor[],
  arrays: readonly Tensor[],
): TracedScan {
  const carries = initial.length;
  const joined: { readonly array: Tensor; readonly parameter: Tensor }[] = [];
  let beside: readonly Tensor[] = [];
  let gate: Tensor | null = null;
  const recording = recordBody("scan", [...initial, ...arrays.map(rowOf)], (leaves, grow) => {
    const step = f(leaves.slice(0, carries), leaves.slice(carries), (array) => {
      const { parameter, leaf } = grow(rowOf(array));
      joined.push({ array, parameter });
      return leaf;
    });
    gate = step.gate ?? null;
    beside = [...(step.beside ?? []), ...(gate === null ? [] : [gate])];
    return [...step.carry, ...step.ys];
  });
  const used = usedParameters({ ...recording, beside });
  const read = joined.filter(({ parameter }) => used.has(parameter));
  const parameters = [...recording.parameters, ...read.map(({ parameter }) => parameter)];
  const {
    bodies: [body],
    captured,
  } = closeBodies([{ ...recording, beside, parameters }]);
  const rows = arrays.length + read.length;
  const control: Scan = {
    kind: "scan",
    ...form,
    carries,
    rows,
    joined: carries + arrays.length,
    gate: gate !== null && recording.trace.origins.has(gate) ? gate : null,
    body: body!,
  };
  const inputs = [...initial, ...arrays, ...read.map(({ array }) => array), ...captured];
  return { whole: wholeOf(scanOp, control, inputs), control, inputs };
}

/** Gives what is carried in the end, and what each step gave. */
export function outputsOf({ whole, control: { carries, body } }: TracedScan): StepResult {
  const leaves = body.results.map((_, k) => partOf(whole, k));
  return { carry: leaves.slice(0, carries), ys: leaves.slice(carries) };
}

/**
 * The inputs of a scan that are followed, by what they are: places among the inputs, which are also those among the
 * parameters of the body. What is carried is followed where it begins with something that is, or becomes something that
 * depends on it.
 */
function followedIn(
  { carries, rows, body }: Scan,
  inputs: readonly Tensor[],
  wanted: readonly boolean[],
): { carried: number[]; arrays: number[]; captured: number[]; all: number[] } {
  const follows = inputs.map(({ dtype }, k) => isFloat(dtype) && wanted[k] === true);
  const places = (): number[] => inputs.flatMap((_, k) => (follows[k] === true ? [k] : []));
  for (let before = -1; before < places().length;) {
    before = places().length;
    dependsOn(body, places(), body.results.slice(0, carries)).forEach((depends, k) => (follows[k] ||= depends));
  }
  const all = places();
  return {
    all,
    carried: all.filter((k) => k < carries),
    arrays: all.filter((k) => k >= carries && k < carries + rows),
    captured: all.filter((k) => k >= carries + rows),
  };
}

/** A step that was run before: the values of the loop, and what is read of outside. */
function pastRun(
  { carries, rows, joined, body }: Scan,
  inputs: readonly Tensor[],
  part: (part: Part) => Tensor,
  read: Read,
  isFollowed = false,
): Run {
  const known = inputs.map((x, k) => (k < carries + rows ? null : x));
  return runOf(
    body,
    known,
    (x) => {
      const k = body.parameters.indexOf(x);
      // Values of another loop are read where that has them.
      return read(k >= joined && k < carries + rows ? inputs[k]! : part(x));
    },
    isFollowed,
  );
}

/** The gate of a sweep: it leaves out what the loop has left out. */
function gateIn({ valueOf }: Run, { gate }: Scan): Tensor | null {
  return gate === null ? null : valueOf(gate);
}

/** The stacks that a step of the sweep is handed, in its order; `begun` of them come before its own readers. */
function givenIn(
  { body, carries, swept }: Scan,
  cotangents: ReadonlyMap<Part, Tensor>,
  joined: readonly number[],
  before: (k: number) => Tensor | null,
): { readonly given: readonly { readonly stack: Tensor; readonly of: Tensor }[]; readonly begun: number } {
  const given: { readonly stack: Tensor; readonly of: Tensor }[] = [];
  for (const [of, stack] of cotangents) if (typeof of !== "number") given.push({ stack, of });
  for (const k of joined) {
    const stack = before(k);
    if (stack !== null) given.push({ stack, of: body.parameters[k]! });
  }
  const begun = given.length;
  const rows = body.results.map((_, at) => at).slice(carries);
  for (const k of swept ? rows : rows.reverse()) {
    const stack = cotangents.get(k);
    if (stack !== undefined) given.push({ stack, of: body.results[k]! });
  }
  return { given, begun };
}

// (c', y) = f(c, x, w)     backwards:  (ḡ, x̄, w̄ₜ) = fᵀ(c̄', ȳ) at the c that the step began with,  c̄ = ḡ,  w̄ += w̄ₜ
//
// The loop written out adds the cotangents of each tensor newest reader first. So the sums of what is captured go
// through the steps, begun with what came before; what derivatives have read of a step comes before its own readers;
// and of what leaves a step, what is given comes before what is carried, the last of each first. A loop that is itself
// the sweep through another one made all of these in the other order (`swept`).
export function pull(
  cotangents: ReadonlyMap<Part, Tensor>,
  recorded: Recorded<Looped<Scan>>,
  wanted: readonly boolean[],
  before: (k: number) => Tensor | null,
): Share[] {
  const {
    inputs,
    attributes: { control },
  } = recorded;
  const { length, backwards, carries, rows, joined, swept, body } = control;
  const { all, carried, arrays, captured } = followedIn(control, inputs, wanted);
  const isJoined = (k: number): boolean => k >= joined && k < carries + rows;
  const inTurn = <T>(list: T[]): T[] => (swept ? list : list.reverse());
  const { given, begun } = givenIn(control, cotangents, arrays.filter(isJoined), before);
  const initial = [
    ...carried.map((k) => cotangents.get(k) ?? droppedLike(inputs[k]!)),
    ...captured.map((k) => before(k) ?? droppedLike(inputs[k]!)),
  ];
  const part = partsOf(recorded);
  const step = (sums: readonly Tensor[], stacked: readonly Tensor[], read: Read): StepResult => {
    const seeds = given.map(({ of }, i) => [of, stacked[i]!] as const);
    const ends = inTurn(carried.map((k, i) => [body.results[k]!, sums[i]!] as const));
    const totals = captured.map((k, i) => [body.parameters[k]!, sums[carried.length + i]!] as const);
    const late = seeds.slice(begun);
    const order = [...totals, ...seeds.slice(0, begun), ...(swept ? [...ends, ...late] : [...late, ...ends])];
    const run = pastRun(control, inputs, part, read);
    const shares = pullThrough(run, all, order).map((share, i) => share ?? droppedLike(body.parameters[all[i]!]!));
    const [from, to] = [carried.length, carried.length + arrays.length];
    const [carry, ys] = [[...shares.slice(0, from), ...shares.slice(to)], shares.slice(from, to)];
    return { carry, ys, gate: gateIn(run, control) };
  };
  const { carry, ys } = outputsOf(
    traceScan(
      { length, backwards: !backwards, swept: !swept },
      step,
      initial,
      given.map(({ stack }) => stack),
    ),
  );
  const own = (list: readonly number[], values: readonly Tensor[], isTotal: (k: number) => boolean): Share[] =>
    list.map((input, i) => ({ input, value: values[i]!, isTotal: isTotal(input) }));
  const ends = inTurn(own(carried, carry, () => false).filter(({ input }) => wanted[input] === true));
  const rowShares = own(arrays, ys, isJoined);
  const plain = inTurn(rowShares.filter(({ isTotal }) => !isTotal));
  return [
    ...own(captured, carry.slice(carried.length), () => true),
    ...rowShares.filter(({ isTotal }) => isTotal),
    ...(swept ? [...ends, ...plain] : [...plain, ...ends]),
  ];
}

// (c', y) = f(c, x, w)     (ċ', ẏ) = f'(c, x, w)(ċ, ẋ, ẇ) at what each step had
export function push(
  tangents: readonly (Tensor | null)[],
  recorded: Recorded<Looped<Scan>>,
): (part: Part) => Tensor | null {
  const {
    inputs,
    attributes: { control },
  } = recorded;
  const { length, backwards, carries, swept, body } = control;
  const { all, carried, arrays, captured } = followedIn(
    control,
    inputs,
    tangents.map((tangent) => tangent !== null),
  );
  const part = partsOf(recorded);
  const tensors = [...new Set([...body.results, ...body.steps.map(({ tensor }) => tensor)])];
  const follows = isFollowed(recorded, tangents);
  let moving: readonly (Tensor | null)[] = [];
  let given: readonly number[] = [];
  let leaves: readonly Tensor[] = [];
  const step = (carry: readonly Tensor[], rows: readonly Tensor[], read: Read): StepResult => {
    leaves = [...carry, ...rows];
    const along = [...leaves, ...captured.map((k) => tangents[k]!)];
    const run = pastRun(control, inputs, part, read, follows);
    moving = pushThrough(run, all, along, tensors);
    const tangentOf = (k: number): Tensor | null => moving[tensors.indexOf(body.results[k]!)]!;
    given = body.results.flatMap((_, k) => (k >= carries && tangentOf(k) !== null ? [k] : []));
    return {
      carry: carried.map((k) => tangentOf(k) ?? droppedLike(body.results[k]!)),
      ys: given.map((k) => tangentOf(k)!),
      beside: moving.filter((x) => x !== null),
      gate: gateIn(run, control),
    };
  };
  const scan = traceScan(
    { length, backwards, swept },
    step,
    carried.map((k) => tangents[k] ?? droppedLike(inputs[k]!)),
    arrays.map((k) => tangents[k]!),
  );
  /** The tangents of what a tensor of the body was in each step. */
  const stacked = (x: Tensor | null): Tensor | null => {
    if (x === null) return null;
    const leaf = leaves.indexOf(x);
    if (leaf >= carried.length) return scan.inputs[leaf]!;
    if (leaf >= 0) return partOf(scan.whole, scan.control.body.parameters[leaf]!);
    return scan.control.body.trace.origins.has(x) ? partOf(scan.whole, x) : repeatTo(x, [length, ...x.shape]);
  };
  return (of) => {
    if (typeof of === "number") {
      const at = of < carries ? carried.indexOf(of) : given.indexOf(of);
      return at < 0 ? null : partOf(scan.whole, of < carries ? at : carried.length + at);
    }
    const k = body.parameters.indexOf(of);
    return stacked(
      k >= 0 ? (all.includes(k) ? (leaves[all.indexOf(k)] ?? tangents[k]!) : null) : moving[tensors.indexOf(of)]!,
    );
  };
}

/** The same along with the values, where no derivative of it is asked for: no value of a step need be kept. */
export function alongWith(
  body: Scan["body"],
  point: readonly Tensor[],
  followed: readonly number[],
  tangents: readonly Tensor[],
): { readonly results: readonly Tensor[]; readonly tangents: readonly (Tensor | null)[] } {
  const valueOf = replay(body, point);
  const run: Run = { body, valueOf, partOf: (whole, of) => partOf(valueOf(whole), of), isFollowed: false };
  return { results: body.results.map(valueOf), tangents: pushThrough(run, followed, tangents, body.results) };
}

export const scanOp = controlOp<Scan>("scan", { pull, push });

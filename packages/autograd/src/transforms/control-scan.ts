/** The scan of a compiled function: its body traced once, and its derivatives, which are scans. */

import type { Control, Leaf } from "../graph/control.ts";
import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Recorded } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { closeBodies, recordBody } from "./control-body.ts";
import { floatPlaces, pullThrough, pushThrough } from "./control-derive.ts";
import { controlOp, outputsOf, type Asked } from "./control-op.ts";

type Scan = Extract<Control, { kind: "scan" }>;

/** What one step gives. */
export interface StepResult {
  readonly carry: readonly Tensor[];
  readonly ys: readonly Tensor[];
}

/** A scan whose outputs are made where they are asked for. */
export interface TracedScan {
  /** What is carried in the end, and the rows of each step one above the other. */
  outputs(): StepResult;
  /** What each step began with, one above the other. */
  carried(): readonly Tensor[];
}

const rowOf = ({ shape, dtype }: Leaf): Leaf => ({ shape: shape.slice(1), dtype });

/** Traces a scan of at least one step over lists of tensors. */
export function traceScan(
  form: { readonly length: number; readonly backwards: boolean },
  f: (carry: readonly Tensor[], rows: readonly Tensor[]) => StepResult,
  initial: readonly Tensor[],
  arrays: readonly Tensor[],
): TracedScan {
  const carries = initial.length;
  const recording = recordBody("scan", [...initial, ...arrays.map(rowOf)], (leaves) => {
    const { carry, ys } = f(leaves.slice(0, carries), leaves.slice(carries));
    return [...carry, ...ys];
  });
  const { bodies: [body], captured } = closeBodies([recording]);
  const control: Scan = { kind: "scan", ...form, carries, rows: arrays.length, body: body! };
  const inputs = [...initial, ...arrays, ...captured];
  return {
    outputs() {
      const leaves = outputsOf(scanOp, control, inputs, "results");
      return { carry: leaves.slice(0, carries), ys: leaves.slice(carries) };
    },
    carried: () => outputsOf(scanOp, control, inputs, "carried"),
  };
}

/**
 * The inputs of a scan by what they are: places among the inputs, which are also those among the parameters of the body.
 * `differentiable` names those that a derivative may be asked for, beside what is carried.
 */
function placesOf({ carries, rows }: Scan, inputs: readonly Tensor[], differentiable: readonly boolean[]): { carried: number[]; arrays: number[]; captured: number[] } {
  const chosen = inputs.flatMap(({ dtype }, k) => (isFloat(dtype) && (k < carries || differentiable[k] === true) ? [k] : []));
  return {
    carried: chosen.filter((k) => k < carries),
    arrays: chosen.filter((k) => k >= carries && k < carries + rows),
    captured: chosen.filter((k) => k >= carries + rows),
  };
}

// (c', y) = f(c, x, w)     backwards:  (ḡ, x̄, w̄ₜ) = fᵀ(c̄', ȳ) at the c that the step began with,  c̄ = ḡ,  w̄ += w̄ₜ
function pull(cotangents: readonly (Tensor | null)[], { inputs, attributes }: Recorded<Asked<Scan>>, wanted: readonly boolean[]): (Tensor | null)[] {
  const { control, part } = attributes;
  const { length, backwards, carries, rows, body } = control;
  const { carried, arrays, captured } = placesOf(control, inputs, wanted);
  const followed = [...carried, ...arrays, ...captured];
  const atEnd = part === "results";
  // Cotangents of rows: of what each step gave, or of what each step began with.
  const given = cotangents.flatMap((g, k) => (g !== null && (!atEnd || k >= carries) ? [{ g, k }] : []));
  const initial = [
    ...carried.map((k) => (atEnd ? cotangents[k] : null) ?? droppedLike(inputs[k]!)),
    ...captured.map((k) => droppedLike(inputs[k]!)),
  ];
  const starts = outputsOf(scanOp, control, inputs, "carried");
  const stack = [...starts, ...inputs.slice(carries, carries + rows), ...given.map(({ g }) => g)];
  const step = (sums: readonly Tensor[], row: readonly Tensor[]): StepResult => {
    const point = [...row.slice(0, carries + rows), ...inputs.slice(carries + rows)];
    const seeds: (Tensor | null)[] = body.results.map(() => null);
    const before: (Tensor | null)[] = followed.map(() => null);
    carried.forEach((k, i) => (seeds[k] = sums[i]!));
    captured.forEach((_, i) => (before[carried.length + arrays.length + i] = sums[carried.length + i]!));
    given.forEach(({ k }, i) => {
      const g = row[carries + rows + i]!;
      if (atEnd) seeds[k] = g;
      else before[carried.indexOf(k)] = g;
    });
    const shares = pullThrough("scan", body, point, followed, seeds, before).map((share, i) => share ?? droppedLike(point[followed[i]!]!));
    const [from, to] = [carried.length, carried.length + arrays.length];
    return { carry: [...shares.slice(0, from), ...shares.slice(to)], ys: shares.slice(from, to) };
  };
  const { carry, ys } = traceScan({ length, backwards: !backwards }, step, initial, stack).outputs();
  const shares = new Map<number, Tensor>([
    ...[...carried, ...captured].map((k, i) => [k, carry[i]!] as const),
    ...arrays.map((k, i) => [k, ys[i]!] as const),
  ]);
  return inputs.map((_, k) => shares.get(k) ?? null);
}

// (c', y) = f(c, x, w)     (ċ', ẏ) = f'(c, x, w)(ċ, ẋ, ẇ), along with c
function push(tangents: readonly (Tensor | null)[], { inputs, attributes }: Recorded<Asked<Scan>>): Tensor[] {
  const { control, part } = attributes;
  const { length, backwards, carries, rows, body } = control;
  const { carried, arrays, captured } = placesOf(control, inputs, tangents.map((tangent) => tangent !== null));
  const followed = [...carried, ...arrays, ...captured];
  const ys = floatPlaces(body.results).filter((k) => k >= carries);
  const initial = [...inputs.slice(0, carries), ...carried.map((k) => tangents[k] ?? droppedLike(inputs[k]!))];
  const stack = [...inputs.slice(carries, carries + rows), ...arrays.map((k) => tangents[k]!)];
  const step = (carry: readonly Tensor[], row: readonly Tensor[]): StepResult => {
    const point = [...carry.slice(0, carries), ...row.slice(0, rows), ...inputs.slice(carries + rows)];
    const along = [...carry.slice(carries), ...row.slice(rows), ...captured.map((k) => tangents[k]!)];
    const pushed = pushThrough("scan", body, point, followed, along);
    const tangentOf = (k: number): Tensor => pushed.tangents[k] ?? droppedLike(body.results[k]!);
    return { carry: [...pushed.results.slice(0, carries), ...carried.map(tangentOf)], ys: ys.map(tangentOf) };
  };
  const scan = traceScan({ length, backwards }, step, initial, stack);
  const none = (k: number): Tensor => droppedLike(body.results[k]!);
  if (part === "carried") {
    const starts = scan.carried().slice(carries);
    return body.results.slice(0, carries).map((_, k) => (carried.includes(k) ? starts[carried.indexOf(k)]! : none(k)));
  }
  const found = scan.outputs();
  return body.results.map((_, k) => {
    if (k < carries) return carried.includes(k) ? found.carry[carries + carried.indexOf(k)]! : none(k);
    return ys.includes(k) ? found.ys[ys.indexOf(k)]! : none(k);
  });
}

const scanOp = controlOp<Scan>("scan", { pull, push });

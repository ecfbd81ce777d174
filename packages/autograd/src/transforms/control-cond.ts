/** The branch of a compiled function: both sides traced once, and its derivatives, which are branches. */

import type { Body, Control, Part } from "../graph/control.ts";
import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Looped, Recorded, Share } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { closeBodies, recordBody } from "./control-body.ts";
import { dependsOn, isFollowed, pullThrough, pushThrough, runOf, type Run } from "./control-derive.ts";
import { controlOp, partOf, partsOf, wholeOf } from "./control-op.ts";

export type Cond = Extract<Control, { kind: "cond" }>;

/** A branch that was traced. */
export interface TracedCond {
  readonly whole: Tensor;
  readonly control: Cond;
}

/**
 * Traces both sides; `beside` gives what parts may be asked of, beside the results, and `check` looks at these before
 * anything is made of them.
 */
export function traceBranches(
  predicate: Tensor,
  sides: readonly (() => readonly Tensor[])[],
  beside: () => readonly (readonly Tensor[])[],
  check: (a: readonly Tensor[], b: readonly Tensor[]) => void,
): TracedCond {
  const recordings = sides.map((branch) => recordBody("cond", [], branch));
  check(recordings[0]!.results, recordings[1]!.results);
  const also = beside();
  const {
    bodies: [onTrue, onFalse],
    captured,
  } = closeBodies(recordings.map((one, k) => ({ ...one, beside: also[k] ?? [] })));
  const control: Cond = { kind: "cond", onTrue: onTrue!, onFalse: onFalse! };
  return { whole: wholeOf(condOp, control, [predicate, ...captured]), control };
}

/** Traces a branch; `check` looks at what both sides give before anything is made of them. */
export function traceCond(
  predicate: Tensor,
  onTrue: () => readonly Tensor[],
  onFalse: () => readonly Tensor[],
  check: (a: readonly Tensor[], b: readonly Tensor[]) => void = () => undefined,
): Tensor[] {
  const { whole, control } = traceBranches(predicate, [onTrue, onFalse], () => [], check);
  return control.onTrue.results.map((_, k) => partOf(whole, k));
}

function pastRun(body: Body, inputs: readonly Tensor[], part: (part: Part) => Tensor, isFollowed = false): Run {
  return runOf(body, inputs.slice(1), part, isFollowed);
}

function followedIn(inputs: readonly Tensor[], follows: (k: number) => boolean): number[] {
  return inputs.slice(1).flatMap(({ dtype }, k) => (follows(k + 1) && isFloat(dtype) ? [k] : []));
}

// y = p ? f(w) : g(w)     w̄ += p ? fᵀ(ȳ) : gᵀ(ȳ), one reader after another
function pull(
  cotangents: ReadonlyMap<Part, Tensor>,
  recorded: Recorded<Looped<Cond>>,
  wanted: readonly boolean[],
  before: (k: number) => Tensor | null,
): Share[] {
  const {
    inputs,
    attributes: { control },
  } = recorded;
  const followed = followedIn(inputs, (k) => wanted[k] === true);
  const sums = followed.map((k) => before(k + 1));
  const part = partsOf(recorded);
  const branch = (body: Body) => (): Tensor[] => {
    const kept = [...cotangents].flatMap(([of, g]) => (typeof of === "number" ? [] : [[of, g] as const]));
    const begun = followed.flatMap((k, i) => (sums[i] === null ? [] : [[body.parameters[k]!, sums[i]!] as const]));
    const ends = body.results
      .flatMap((x, k) => (cotangents.has(k) ? [[x, cotangents.get(k)!] as const] : []))
      .reverse();
    return pullThrough(pastRun(body, inputs, part), followed, [...begun, ...kept, ...ends]).map(
      (share, i) => share ?? droppedLike(body.parameters[followed[i]!]!),
    );
  };
  const totals = traceCond(inputs[0]!, branch(control.onTrue), branch(control.onFalse));
  return followed.map((k, i) => ({ input: k + 1, value: totals[i]!, isTotal: true }));
}

// y = p ? f(w) : g(w)     ẏ = p ? f'(w) ẇ : g'(w) ẇ
function push(tangents: readonly (Tensor | null)[], recorded: Recorded<Looped<Cond>>): (part: Part) => Tensor | null {
  const {
    inputs,
    attributes: { control },
  } = recorded;
  const followed = followedIn(inputs, (k) => tangents[k] !== null);
  const part = partsOf(recorded);
  const sides = [control.onTrue, control.onFalse];
  const results = control.onTrue.results.flatMap((_, k) =>
    sides.some((body) => dependsOn(body, followed, [body.results[k]!])[0]) ? [k] : [],
  );
  const tensors = sides.map((body) => [...new Set([...body.results, ...body.steps.map(({ tensor }) => tensor)])]);
  const moving: (readonly (Tensor | null)[])[] = [];
  const branch = (body: Body, side: number) => (): Tensor[] => {
    const pushed = pushThrough(
      pastRun(body, inputs, part, isFollowed(recorded, tangents)),
      followed,
      followed.map((k) => tangents[k + 1]!),
      tensors[side]!,
    );
    moving[side] = pushed;
    return results.map((k) => pushed[tensors[side]!.indexOf(body.results[k]!)] ?? droppedLike(body.results[k]!));
  };
  const branches = [branch(control.onTrue, 0), branch(control.onFalse, 1)];
  const traced = traceBranches(
    inputs[0]!,
    branches,
    () => moving.map((list) => list.filter((x) => x !== null)),
    () => undefined,
  );
  return (of) => {
    if (typeof of === "number") return results.includes(of) ? partOf(traced.whole, results.indexOf(of)) : null;
    const side = tensors.findIndex((list) => list.includes(of));
    const x = moving[side]![tensors[side]!.indexOf(of)]!;
    const own = [traced.control.onTrue, traced.control.onFalse][side]!.trace;
    return x === null || !own.origins.has(x) ? x : partOf(traced.whole, x);
  };
}

const condOp = controlOp<Cond>("cond", { pull, push });

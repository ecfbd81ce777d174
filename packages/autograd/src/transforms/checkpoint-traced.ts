/**
 * A checkpoint in a trace: its values stand in the trace as any others do, and its derivatives compute them again from
 * a body.
 */

import type { Body, Checkpoint, Part, Step } from "../graph/control.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Looped, Recorded, Share } from "../graph/op.ts";
import { isTracked, withoutRecording } from "../graph/record.ts";
import { countOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { castTo } from "../ops/conversion.ts";
import { at } from "../ops/cutting.ts";
import { after } from "../ops/after.ts";
import { closeBodies, recordBody, replay } from "./control-body.ts";
import { isFollowed, pullThrough, pushThrough, type Run } from "./control-derive.ts";
import { controlOp, partOf, wholeOf } from "./control-op.ts";
import { leaveAll } from "./trace.ts";

/** Runs a function in a trace: once for its body. */
export function runTraced(run: () => unknown): unknown {
  let result: unknown;
  const recording = recordBody("checkpoint", [], () => {
    result = run();
    const found = new Set<Tensor>();
    const { origins } = tracing()!;
    leaveAll(result, (x) => {
      if (origins.has(x)) found.add(x);
      return x;
    });
    return [...found];
  });
  const {
    bodies: [body],
    captured,
  } = closeBodies([recording]);
  const control: Checkpoint = { kind: "checkpoint", body: body! };
  const whole = wholeOf(checkpointOp, control, captured);
  const places = new Map(recording.results.map((x, k) => [x, k]));
  return leaveAll(result, (x) => (places.has(x) ? partOf(whole, places.get(x)!) : x));
}

/** Inputs from which all values of a body come: where these are others, no value is one that is there already. */
function heads(body: Body): ReadonlySet<number> {
  const reached = body.parameters.map((x) => readers(body, x));
  const left = new Set(body.steps.map(({ tensor }) => tensor));
  const chosen = new Set<number>();
  const gain = (k: number): number =>
    [...reached[k]!].reduce((sum, x) => sum + (left.has(x) ? countOf(x.shape) : 0), 0);
  for (;;) {
    let best = -1;
    let most = 0;
    for (const k of body.parameters.keys()) {
      const found = isFloat(body.parameters[k]!.dtype) ? gain(k) : 0;
      const isSmaller =
        best >= 0 && found === most && countOf(body.parameters[k]!.shape) < countOf(body.parameters[best]!.shape);
      if (found > most || isSmaller) [best, most] = [k, found];
    }
    if (best < 0) return chosen;
    chosen.add(best);
    for (const x of reached[best]!) left.delete(x);
  }
}

/** The tensors of a body that are computed from one. */
function readers({ steps }: Body, x: Tensor): ReadonlySet<Tensor> {
  const found = new Set([x]);
  const sourcesOf = ({ origin, sources }: Step): readonly Tensor[] =>
    origin.kind === "op" ? origin.inputs : origin.kind === "alias" ? [origin.of, ...(sources ?? [])] : [];
  for (const step of steps) if (sourcesOf(step).some((source) => found.has(source))) found.add(step.tensor);
  return found;
}

/** The body computed once more, of what goes in as it is once cotangents are there. */
function runAgain(body: Body, inputs: readonly Tensor[], cotangents: readonly Tensor[], isFollowed = false): Run {
  const first = cotangents.flatMap((g) =>
    countOf(g.shape) === 0 ? [] : [withoutRecording(() => at(g, ...g.shape.map(() => 0)))],
  );
  const held = first.length === 0 ? new Set<number>() : heads(body);
  const point = inputs.map((x, k) =>
    held.has(k)
      ? first.reduce(
          (y: Tensor, g) =>
            after(
              y,
              withoutRecording(() => castTo(g, y.dtype)),
            ),
          x,
        )
      : x,
  );
  const valueOf = replay(body, point);
  return { body, valueOf, isFollowed, partOf: (whole, of) => partOf(valueOf(whole), of) };
}

// y = f(w)     w̄ += fᵀ(ȳ), of an f that is computed again
function pull(
  cotangents: ReadonlyMap<Part, Tensor>,
  recorded: Recorded<Looped<Checkpoint>>,
  wanted: readonly boolean[],
  before: (k: number) => Tensor | null,
): Share[] {
  const { inputs } = recorded;
  const body = recorded.attributes.control.body!;
  const followed = inputs.flatMap(({ dtype }, k) => (wanted[k] === true && isFloat(dtype) ? [k] : []));
  const begun = followed.flatMap((k) => {
    const sum = before(k);
    return sum === null ? [] : [[body.parameters[k]!, sum] as const];
  });
  const ends = body.results.flatMap((x, k) => (cotangents.has(k) ? [[x, cotangents.get(k)!] as const] : [])).reverse();
  const run = runAgain(body, inputs, [...cotangents.values()]);
  return pullThrough(run, followed, [...begun, ...ends]).flatMap((value, i) =>
    value === null ? [] : [{ input: followed[i]!, value, isTotal: true }],
  );
}

// y = f(w)     ẏ = f'(w) ẇ
function push(
  tangents: readonly (Tensor | null)[],
  recorded: Recorded<Looped<Checkpoint>>,
): (part: Part) => Tensor | null {
  const { inputs } = recorded;
  const body = recorded.attributes.control.body!;
  const followed = inputs.flatMap((_, k) => (tangents[k] === null ? [] : [k]));
  const along = followed.map((k) => tangents[k]!);
  const run = runAgain(body, inputs, [], isFollowed(recorded as Recorded<Looped>, tangents));
  const pushed = pushThrough(run, followed, along, body.results);
  return (part) => pushed[part as number]!;
}

/** Tensors that stand in a trace for the values of a checkpoint that is a node. */
const beside = new WeakSet<Tensor>();

/** True if a tensor of a trace is one of the values of a checkpoint, of which nothing but its parts is read. */
export function isBesideWhole(x: Tensor): boolean {
  return beside.has(x);
}

/** The values, computed where the first of them is asked for. */
function elsewhere({ body }: Checkpoint, inputs: readonly Tensor[]): (part: Part) => Tensor {
  let valueOf: ((x: Tensor) => Tensor) | null = null;
  const isNode = inputs.some(isTracked);
  return (part) => {
    if (valueOf === null) {
      const trace = tracing()!;
      const begin = trace.origins.count;
      valueOf = withoutRecording(() => replay(body!, inputs));
      if (isNode) for (let k = begin; k < trace.origins.count; k++) beside.add(trace.origins.at(k).tensor);
    }
    return valueOf(body!.results[part as number]!);
  };
}

const checkpointOp = controlOp<Checkpoint>("checkpoint", { pull, push, elsewhere });

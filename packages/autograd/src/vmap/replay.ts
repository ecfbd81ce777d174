/**
 * Functions of one example, run for all of them: traced once, and computed step by step for values that have the
 * examples along a leading axis.
 */

import type { Variable } from "../compile/variable.ts";
import { GraphError } from "../errors.ts";
import type { Body, Part, Step } from "../graph/control.ts";
import type { ControlOp, ElementwiseOp, Looped, PartAttributes } from "../graph/op.ts";
import { isTracked, record, recordLeaf, withoutRecording } from "../graph/record.ts";
import { Rooms, withRoom } from "../graph/rooms.ts";
import type { Tensor } from "../graph/tensor.ts";
import { sameValue, tracing, withCall, type Origin } from "../graph/tracing.ts";
import { apply } from "../ops/apply.ts";
import { castTo } from "../ops/conversion.ts";
import { applyElementwise } from "../ops/elementwise.ts";
import { reshapeTo } from "../ops/layout.ts";
import type { Batched } from "../primitives/batched.ts";
import { isBesideWhole } from "../transforms/checkpoint-traced.ts";
import { closeBodies, recordBody } from "../transforms/control-body.ts";
import { severalOf } from "../transforms/several.ts";
import { attributesOf, batchedOps, spread, type RunBatched, type Structural } from "./batched-op.ts";
import { severalBatched } from "./batched-several.ts";
import { controlBatched, type PartOfBatch } from "./control.ts";

/** Which tensors of its bodies are asked of a loop or a branch, or of what stands for a part of it. */
function partsAsked(steps: readonly Step[], whole: Tensor): ReadonlySet<Tensor> {
  const asked = new Set<Tensor>();
  for (const { tensor, origin, sources } of steps) {
    const attributes =
      origin.kind === "op" && origin.op.kind === "part" && origin.inputs[0] === whole
        ? origin.attributes
        : tensor.node?.op.kind === "part" && sources?.[0] === whole
          ? tensor.node.attributes
          : null;
    const part = (attributes as PartAttributes | null)?.part;
    if (typeof part === "object") asked.add(part);
  }
  return asked;
}

/** One computation of a body for all examples. */
class Replay {
  readonly #body: Body;
  readonly #size: number;
  readonly #values = new Map<Tensor, Batched<Tensor>>();
  readonly #wholes = new Map<Tensor, PartOfBatch>();

  constructor(body: Body, inputs: readonly Batched<Tensor>[], size: number) {
    this.#body = body;
    this.#size = size;
    body.parameters.forEach((x, k) => this.#values.set(x, inputs[k]!));
  }

  run(): (x: Tensor) => Batched<Tensor> {
    for (const step of this.#body.steps) {
      const { tensor, origin } = step;
      if (isBesideWhole(tensor)) continue;
      const value =
        origin.kind === "op" ? this.#op(step, origin) : origin.kind === "alias" ? this.#alias(step, origin.of) : null;
      if (value !== null) this.#values.set(tensor, value);
      // The function reads a variable: what it has now, for every example.
      if (origin.kind === "state") this.#values.set(tensor, { value: (origin.key as Variable).read(), mapped: false });
    }
    return (x) => this.#valueOf(x);
  }

  #valueOf(x: Tensor): Batched<Tensor> {
    return this.#values.get(x) ?? { value: x, mapped: false };
  }

  /** The result of an op of the body; a loop or a branch gives nothing but parts. */
  #op({ tensor }: Step, { op, inputs, attributes, call }: Extract<Origin, { kind: "op" }>): Batched<Tensor> | null {
    const recorded = <R>(run: () => R): R =>
      withCall(call, () => (tensor.node === null ? withoutRecording(run) : run()));
    if (op.kind === "part") return this.#wholes.get(inputs[0]!)!((attributes as PartAttributes).part);
    const given = inputs.map((x) => this.#valueOf(x));
    if (op.kind === "control") {
      let made: PartOfBatch | null = null;
      const part = (of: Part): Batched<Tensor> => (made ??= this.#parts(tensor, op, attributes as Looped, given))(of);
      this.#wholes.set(tensor, (of) => recorded(() => part(of)));
      return null;
    }
    if (op.kind === "leaf") return given[0]!;
    return recorded(() =>
      op.kind === "elementwise" ? this.#elementwise(op, given) : this.#structural(op, given, attributes, call),
    );
  }

  /** The results of a loop, a branch or an op that has several. */
  #parts(whole: Tensor, op: ControlOp, { control }: Looped, given: readonly Batched<Tensor>[]): PartOfBatch {
    if (control.kind !== "several")
      return controlBatched(control, given, partsAsked(this.#body.steps, whole), this.#size, replayBatched);
    const results = severalForBatch(severalOf(op)!, given, control.given, this.#size);
    return (part) => results[part as number]!;
  }

  /** Entry by entry, with axes of size 1 behind that of the examples where an operand has fewer of its own. */
  #elementwise(op: ElementwiseOp, given: readonly Batched<Tensor>[]): Batched<Tensor> {
    const rankOf = ({ value, mapped }: Batched<Tensor>): number => value.shape.length - (mapped ? 1 : 0);
    const rank = Math.max(...given.map(rankOf));
    const operands = given.map((x) => {
      const missing = rank - rankOf(x);
      return x.mapped && missing > 0
        ? reshapeTo(x.value, [this.#size, ...new Array<number>(missing).fill(1), ...x.value.shape.slice(1)])
        : x.value;
    });
    return { value: applyElementwise(op, operands), mapped: given.some(({ mapped }) => mapped) };
  }

  #structural(
    op: Structural,
    given: readonly Batched<Tensor>[],
    attributes: unknown,
    call: Extract<Origin, { kind: "op" }>["call"],
  ): Batched<Tensor> {
    const values = given.map(({ value }) => value);
    if (given.every(({ mapped }) => !mapped)) return { value: apply(op, values, attributes), mapped: false };
    return {
      value: apply(batchedOp(op), values, attributesOf(op, attributes, given, [], this.#size, call)),
      mapped: true,
    };
  }

  /**
   * The same value as another one, where a transform began, or where an op by hand or a loop says that it is its own.
   */
  #alias({ tensor: { node, dtype }, sources }: Step, source: Tensor): Batched<Tensor> {
    if (node?.op.kind === "part") return this.#wholes.get(sources![0]!)!((node.attributes as PartAttributes).part);
    const of = this.#valueOf(source);
    if (node?.op.kind === "leaf")
      return source.node !== null && isTracked(of.value)
        ? { ...of, value: recordLeaf(of.value, of.value.node!.scope) }
        : of;
    const same = (x: Tensor): Tensor => withoutRecording(() => (x.dtype === dtype ? sameValue(x) : castTo(x, dtype)));
    if (node === null || sources === null) return { ...of, value: same(of.value) };
    const op = node.op as Structural;
    const given = sources.map((x) => this.#valueOf(x));
    const [inputs, held] = [given.slice(0, node.inputs.length), given.slice(node.inputs.length)];
    const values = inputs.map(({ value }) => value);
    const call = { op: op.name, line: null };
    const attributes = attributesOf(op, node.attributes, inputs, held, this.#size, call);
    if (![of, ...given].some(({ mapped }) => mapped))
      return { value: record(op, values, attributes.own, same(of.value)), mapped: false };
    return { value: record(batchedOp(op), values, attributes, same(spread(of, this.#size))), mapped: true };
  }
}

/** Computes a body for all examples, from inputs that are mapped or not, and gives the value of each of its tensors. */
export function replayBatched(
  body: Body,
  inputs: readonly Batched<Tensor>[],
  size: number,
): (x: Tensor) => Batched<Tensor> {
  return new Replay(body, inputs, size).run();
}

/**
 * Runs a function of one example for all of them. It is traced with the tensors that are the same for every example as
 * they are.
 */
export const runBatched: RunBatched = (name, size, given, f) => {
  const rooms = new Rooms();
  return withRoom(
    rooms,
    () => runOnce(name, size, given, f, rooms),
    ({ bound: { room }, steps }) => {
      room!.steps = steps;
    },
  );
};

function runOnce(...[name, size, given, f, rooms]: [...Parameters<RunBatched>, Rooms]): ReturnType<RunBatched> {
  rooms.restart();
  const mapped = given.filter((x) => x.mapped);
  let results: readonly (Tensor | null)[] = [];
  const recording = recordBody(
    name,
    mapped.map(({ value: { shape, dtype } }) => ({ shape: shape.slice(1), dtype })),
    (leaves) => {
      let next = 0;
      results = f(given.map((x) => (x.mapped ? leaves[next++]! : x.value)));
      return results.filter((x) => x !== null);
    },
    rooms,
  );
  refuseAssigned(name, recording.trace.states);
  const {
    bodies: [body],
    captured,
  } = closeBodies([recording]);
  const valueOf = replayBatched(body!, [...mapped, ...captured.map((value) => ({ value, mapped: false }))], size);
  return results.map((x) => (x === null ? null : valueOf(x)));
}

/**
 * Refuses an assignment to a variable: each example would assign its own. Inside a compiled function `assign` refuses
 * it itself.
 */
function refuseAssigned(
  name: string,
  states: ReadonlyMap<object, { readonly before: Tensor; readonly now: Tensor }>,
): void {
  if (tracing() !== null) return;
  for (const { before, now } of states.values()) {
    if (now === before) continue;
    throw new GraphError({
      op: name,
      problem: "the function assigns a variable, which has one value and not one for each example",
      hint: "return the value, and assign what comes of all examples outside",
      code: "ASSIGNED",
    });
  }
}

const batchedOp = batchedOps(runBatched);
const severalForBatch = severalBatched(runBatched);

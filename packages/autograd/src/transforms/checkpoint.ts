/** checkpoint: a part of a function whose values are computed again where a derivative reads them, instead of kept. */

import { ArgumentError, GraphError } from "../errors.ts";
import type { Checkpoint, Part } from "../graph/control.ts";
import type { Node } from "../graph/node.ts";
import type { ControlOp } from "../graph/op.ts";
import { elementsOf } from "../graph/read.ts";
import { amongScopes, isTracked, newestNode, record, recordPart } from "../graph/record.ts";
import { sameShape, SCALAR } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { tracing } from "../graph/tracing.ts";
import { refuseExtra } from "../options.ts";
import { forwardSweep } from "../sweep/forward.ts";
import { orderOf } from "../sweep/order.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { runTraced } from "./checkpoint-traced.ts";
import { controlOp, partOpOf } from "./control-op.ts";
import { checkFunction, leave, leaveAll } from "./trace.ts";

/**
 * A function that gives what `f` gives, and keeps nothing of what it computes on the way: where a derivative reads
 * these values, `f` runs again. So the memory of a gradient is that of what goes from one checkpoint to the next, and
 * of one checkpoint at a time, for one more run of each. Values and first derivatives have the bits that they have
 * without; checkpoints may hold checkpoints, and stand in `scan`, `compile` and `vmap`.
 *
 * `f` must do the same each time: what it draws at random, it draws before, or from a key.
 *
 * @param f - takes and gives anything; derivatives pass by the tensors that it is given or reads from outside to the
 * tensors in its result
 * @returns a function of the same arguments and result
 * @throws ArgumentError for an async function; GraphError (`NOT_REPEATED`), when it is differentiated, where `f`
 * computes something else when it runs again
 *
 * @example
 * const block = checkpoint((x: Tensor<[]>) => sin(mul(x, x)))
 * grad((x: Tensor<[]>) => block(block(x)))(0).item() // => 0
 */
export function checkpoint<F extends (...args: never[]) => unknown>(f: F): F;
export function checkpoint(f: (...args: never[]) => unknown, extra?: unknown): (...args: never[]) => unknown {
  checkFunction("checkpoint", f);
  refuseExtra("checkpoint", extra, "checkpoint(f), and then the function that it gives with the arguments");
  return (...args) => {
    const run = (): unknown => {
      const result = f(...args);
      if (!(result instanceof Promise)) return result;
      throw new ArgumentError({
        op: "checkpoint",
        problem: "the function gives a Promise",
        hint: "it must not be async; await before you compute",
      });
    };
    return tracing() === null ? runHere(run) : runTraced(run);
  };
}

/** One run of the function: its result, the tensors in it that have a derivative, and what these come from. */
interface Outcome {
  readonly result: unknown;
  readonly outputs: readonly Tensor[];
  /** Tensors from before the run. */
  readonly inputs: readonly Tensor[];
}

function runRecorded(run: () => unknown): Outcome {
  const begin = newestNode();
  const result = run();
  const outputs = new Map<Node, Tensor>();
  leaveAll(result, (x) => {
    if (isTracked(x) && x.node!.id > begin) outputs.set(x.node!, x);
    return x;
  });
  const inputs = new Map<Node, Tensor>();
  const inside = new Set(outputs.keys());
  for (const node of inside) {
    for (const x of node.inputs) {
      if (x.node === null) continue;
      if (x.node.id > begin) inside.add(x.node);
      else if (isTracked(x)) inputs.set(x.node, x);
    }
  }
  return { result, outputs: [...outputs.values()], inputs: [...inputs.values()] };
}

/** The outline that is compared when a function runs again, so that nothing of the first run is kept for it. */
function outlineOf(x: Tensor): { readonly x: Tensor; readonly sum: number } {
  let sum = 0;
  for (const number of elementsOf(x)) sum += number;
  return { x: new Tensor(x.shape, x.dtype, null), sum };
}

/** Runs the function outside of traces, with one node in place of all that it records. */
function runHere(run: () => unknown): unknown {
  const { result, outputs, inputs } = runRecorded(run);
  if (inputs.length === 0) return leaveAll(result);
  const among = amongScopes();
  const outlines = outputs.map(outlineOf);
  const again = (): readonly Tensor[] => {
    const next = among(() => runRecorded(run));
    const isSame =
      next.outputs.length === outlines.length &&
      next.inputs.every(({ node }) => inputs.some((x) => x.node === node)) &&
      next.outputs.every((y, k) => {
        const { x, sum } = outlines[k]!;
        return sameShape(x.shape, y.shape) && x.dtype === y.dtype && Object.is(outlineOf(y).sum, sum);
      });
    if (isSame) return next.outputs;
    throw new GraphError({
      op: "checkpoint",
      problem: "the function computes something else when it runs again for the derivative",
      hint: "let it do the same each time: draw random numbers before and hand them in, and change nothing that it reads",
      code: "NOT_REPEATED",
    });
  };
  const attributes = { control: { kind: "checkpoint", body: null }, part: null, isFollowed: null } as const;
  const whole = record(opOf(again), inputs, attributes, new Tensor(SCALAR, "float64", 0));
  const parts = new Map(
    outputs.map((x, part) => {
      const { control } = attributes;
      return [
        x.node,
        recordPart(partOpOf("checkpoint"), whole, { control, part }, new Tensor(x.shape, x.dtype, x.storage)),
      ];
    }),
  );
  return leaveAll(result, (x) => parts.get(x.node) ?? leave(x));
}

/** The op of one call, whose rules sweep the graph of another run. */
function opOf(again: () => readonly Tensor[]): ControlOp {
  const nodesOf = (list: readonly Tensor[]): (Node | null)[] => list.map(({ node }) => node);
  return controlOp<Checkpoint>("checkpoint", {
    // The sums of what goes in go on from what came before, as without a checkpoint.
    pull(cotangents, { inputs }, wanted, before) {
      const outputs = again();
      const places = inputs.flatMap((_, k) => (wanted[k] === true ? [k] : []));
      const asked = places.map((k) => inputs[k]!);
      const order = orderOf(nodesOf([...asked, ...outputs]), nodesOf(asked));
      const seeds = outputs.map((_, k) => cotangents.get(k) ?? null);
      const sums = reverseSweep(order, [...places.map(before), ...seeds]);
      return sums.flatMap((value, i) => (value === null ? [] : [{ input: places[i]!, value, isTotal: true }]));
    },
    push(tangents, { inputs }) {
      const moving = inputs.filter((_, k) => tangents[k] !== null);
      const order = orderOf(nodesOf(again()), nodesOf(moving));
      const pushed = forwardSweep(
        order,
        tangents.filter((x) => x !== null),
      );
      return (part: Part) => pushed[part as number]!;
    },
  }) as ControlOp;
}

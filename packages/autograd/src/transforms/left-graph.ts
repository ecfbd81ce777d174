/**
 * Arguments whose influence has left the graph: read as numbers, they still change the result, and no derivative sees
 * it.
 */

import { GraphError } from "../errors.ts";
import { allocate } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { withoutRecording } from "../graph/record.ts";
import { Tensor } from "../graph/tensor.ts";
import { orderOf, type Order } from "../sweep/order.ts";
import type { AnyFunction, Traced } from "./trace.ts";
import { flattenTree } from "./tree.ts";

/**
 * The step by which an argument is moved, relative to it: far above rounding, too small to change a count of steps on
 * both sides.
 */
const STEP = 2 ** -12;

/**
 * Refuses results that depend on an argument behind the graph's back. An argument is suspected where nothing of the
 * graph connects it with the results, while a number that was computed from it has been read. Whether that number
 * matters is tried:
 * the function runs again, at a point on either side. Where both give other results, 0 would be a wrong derivative;
 * where one gives the same, as behind a branch or a rounding, it is right.
 *
 * @param asked - whether a derivative by the k-th leaf is asked for; all are where nothing is said
 * @param aux - whether the function gives the result and something else
 */
export function refuseLeft(
  op: string,
  f: AnyFunction,
  args: readonly unknown[],
  traced: Traced,
  order: Order,
  outputs: readonly Tensor[],
  asked = (_leaf: number): boolean => true,
  aux = false,
): void {
  const { inputs, leaves, places, reads } = traced;
  if (reads.size === 0) return;
  const connected = leavesBehind(order);
  if (connected.every((one, k) => one || !asked(k))) return;
  const seen = leavesBehind(
    orderOf(
      [...reads],
      leaves.map((leaf) => leaf.node),
    ),
  );
  const suspected = leaves.map((_, k) => asked(k) && !connected[k]! && seen[k]!);
  if (!suspected.includes(true)) return;
  const differs = (sign: 1 | -1): boolean => {
    let next = 0;
    const moved = [...args];
    inputs.forEach((flat, k) => {
      moved[places[k]!] = flat.rebuild(
        flat.leaves.map((leaf) => (suspected[next++] === true ? move(leaf, sign) : leaf)),
      );
    });
    try {
      const result = withoutRecording(() => f(...(moved as never[])));
      const found = flattenTree(op, "the result", aux ? (result as readonly unknown[])[0] : result).leaves;
      return found.length !== outputs.length || found.some((x, k) => !sameNumbers(x, outputs[k]!));
    } catch {
      // Where the function is not defined beside the point, nothing is shown.
      return false;
    }
  };
  if (!differs(1) || !differs(-1)) return;
  const names = inputs
    .flatMap((flat, k) => flat.paths.map((path) => `argument ${places[k]!}${path}`))
    .filter((_, k) => suspected[k] === true);
  throw new GraphError({
    op,
    problem: `${names.length > 3 ? `${names.slice(0, 3).join(", ")} and others` : names.join(", ")} left the graph: read as numbers (item, toArray), the result depends on them, and no derivative would`,
    hint: "compute with tensors to the end, x.mul(2) and not x.item() * 2; stopGradient(x).item() says that a constant is meant",
    code: "LEFT_GRAPH",
  });
}

/** True if the outputs of an order depend on each of its wanted nodes. */
function leavesBehind({ nodes, edges, starts, wanted, outputs }: Order): boolean[] {
  const reached = new Set(outputs);
  // The wanted nodes stand in front, and have no edges here.
  for (let i = wanted.reduce((most, place) => Math.max(most, place + 1), 0); i < nodes.length; i++) {
    for (let k = 0; k < nodes[i]!.inputs.length; k++) reached.add(edges[starts[i]! + k]!);
  }
  return wanted.map((place) => reached.has(place));
}

/** Each entry by another amount, so that no difference of two of them stays as it is. */
function move(x: Tensor, sign: number): Tensor {
  const numbers = elementsOf(x);
  const moved = allocate(x.dtype, numbers.length);
  for (let i = 0; i < numbers.length; i++)
    moved[i] = numbers[i]! + sign * STEP * Math.max(Math.abs(numbers[i]!), STEP) * (1 + 0.37 * (i % 7));
  return new Tensor(x.shape, x.dtype, x.shape.length === 0 ? moved[0]! : moved);
}

function sameNumbers(a: Tensor, b: Tensor): boolean {
  if (a.storage === null || b.storage === null) return true;
  const [x, y] = [elementsOf(a), elementsOf(b)];
  return x.length === y.length && x.every((value: number, i: number) => Object.is(value, y[i]));
}

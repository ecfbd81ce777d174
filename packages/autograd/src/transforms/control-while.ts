/** The while of a compiled function: condition and body traced once; forward it is another while, and in reverse a scan of branches. */

import { GraphError } from "../errors.ts";
import type { Bound, Control } from "../graph/control.ts";
import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Recorded } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { reverseSweep } from "../sweep/reverse.ts";
import { closeBodies, recordBody, replay } from "./control-body.ts";
import { traceCond } from "./control-cond.ts";
import { floatPlaces, pushThrough } from "./control-derive.ts";
import { controlOp, outputsOf, type Asked } from "./control-op.ts";
import { traceScan } from "./control-scan.ts";
import { orderBetween, trace } from "./trace.ts";

type While = Extract<Control, { kind: "while" }>;

/** Traces a loop that ends when its condition does not hold. */
export function traceWhile(
  bound: Bound | null,
  condition: (carry: readonly Tensor[]) => Tensor,
  step: (carry: readonly Tensor[]) => readonly Tensor[],
  initial: readonly Tensor[],
): Tensor[] {
  const recordings = [recordBody("whileLoop", initial, (carry) => [condition(carry)]), recordBody("whileLoop", initial, step)];
  const { bodies: [test, body], captured } = closeBodies(recordings);
  const control: While = { kind: "while", carries: initial.length, bound, condition: test!, body: body! };
  return outputsOf(whileOp, control, [...initial, ...captured], "results");
}

/** Values as they are, refused where the condition holds on the last carry, which stands among the inputs. */
function ended({ carries, condition }: While, bound: Bound, inputs: readonly Tensor[], values: readonly Tensor[]): readonly Tensor[] {
  const captured = inputs.slice(carries);
  const holds = (list: readonly Tensor[]): Tensor => replay(condition, [...list.slice(0, carries), ...captured])[0]!;
  return traceWhile({ ...bound, most: 0, before: bound.before + bound.most }, holds, (list) => list, [...inputs.slice(0, carries), ...values]).slice(carries);
}

/** The same values, each step kept: as many steps as there may be at most, which do nothing once the condition does not hold. */
function bounded(control: While, bound: Bound, inputs: readonly Tensor[]): readonly Tensor[] {
  const { carries, condition, body } = control;
  const captured = inputs.slice(carries);
  const step = (carry: readonly Tensor[]): { carry: Tensor[]; ys: [] } => {
    const point = [...carry, ...captured];
    return { carry: traceCond(replay(condition, point)[0]!, () => replay(body, point), () => carry), ys: [] };
  };
  const { carry } = traceScan({ length: bound.most, backwards: false }, step, inputs.slice(0, carries), []).outputs();
  return ended(control, bound, [...carry, ...captured], carry);
}

function pull(cotangents: readonly (Tensor | null)[], { inputs, attributes: { control } }: Recorded<Asked<While>>, wanted: readonly boolean[]): (Tensor | null)[] {
  const { bound } = control;
  if (bound === null) {
    throw new GraphError({
      op: "whileLoop",
      problem: "how many steps a compiled loop takes is known only when it runs, and reverse mode keeps every step",
      hint: "set maxSteps, or use scan with a fixed number of steps, or forward mode (jvp)",
      code: "UNBOUNDED",
    });
  }
  if (bound.most === 0) {
    const given = cotangents.flatMap((g, k) => (g === null ? [] : [k]));
    // The cotangents pass through the check, so that it is made where only they are asked for.
    const passed = ended(control, bound, inputs, given.map((k) => cotangents[k]!));
    return inputs.map((_, k) => passed[given.indexOf(k)] ?? null);
  }
  const followed = inputs.flatMap(({ dtype }, k) => (wanted[k] === true && isFloat(dtype) ? [k] : []));
  const run = (list: readonly Tensor[]): readonly Tensor[] => bounded(control, bound, inputs.map((x, k) => (followed.includes(k) ? list[followed.indexOf(k)]! : x)));
  const { leaves, result } = trace("whileLoop", run, [followed.map((k) => inputs[k]!)], [0]);
  const shares = reverseSweep(orderBetween(leaves, result as readonly Tensor[]), cotangents);
  return inputs.map((_, k) => (followed.includes(k) ? (shares[followed.indexOf(k)] ?? null) : null));
}

// c' = f(c, w)     ċ' = f'(c, w)(ċ, ẇ), along with c, while the condition on c holds
function push(tangents: readonly (Tensor | null)[], { inputs, attributes: { control } }: Recorded<Asked<While>>): Tensor[] {
  const { carries, condition, body } = control;
  const captured = inputs.slice(carries);
  const carried = floatPlaces(inputs, carries);
  const moving = inputs.flatMap((_, k) => (k >= carries && tangents[k] !== null ? [k] : []));
  const initial = [...inputs.slice(0, carries), ...carried.map((k) => tangents[k] ?? droppedLike(inputs[k]!))];
  const step = (carry: readonly Tensor[]): Tensor[] => {
    const along = [...carry.slice(carries), ...moving.map((k) => tangents[k]!)];
    const pushed = pushThrough("whileLoop", body, [...carry.slice(0, carries), ...captured], [...carried, ...moving], along);
    return [...pushed.results, ...carried.map((k) => pushed.tangents[k] ?? droppedLike(body.results[k]!))];
  };
  const holds = (carry: readonly Tensor[]): Tensor => replay(condition, [...carry.slice(0, carries), ...captured])[0]!;
  const found = traceWhile(control.bound, holds, step, initial);
  return body.results.map((x, k) => (carried.includes(k) ? found[carries + carried.indexOf(k)]! : droppedLike(x)));
}

const whileOp = controlOp<While>("whileLoop", { pull, push });

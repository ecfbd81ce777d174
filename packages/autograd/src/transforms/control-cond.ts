/** The branch of a compiled function: both sides traced once, and its derivatives, which are branches. */

import type { Body, Control } from "../graph/control.ts";
import { droppedLike } from "../graph/create.ts";
import { isFloat } from "../graph/dtype.ts";
import type { Recorded } from "../graph/op.ts";
import type { Tensor } from "../graph/tensor.ts";
import { closeBodies, recordBody } from "./control-body.ts";
import { pullThrough, pushThrough } from "./control-derive.ts";
import { controlOp, outputsOf, type Asked } from "./control-op.ts";

type Cond = Extract<Control, { kind: "cond" }>;

/** Traces a branch; `check` looks at what both sides give before anything is made of them. */
export function traceCond(
  predicate: Tensor,
  onTrue: () => readonly Tensor[],
  onFalse: () => readonly Tensor[],
  check: (a: readonly Tensor[], b: readonly Tensor[]) => void = () => undefined,
): Tensor[] {
  const recordings = [onTrue, onFalse].map((branch) => recordBody("cond", [], branch));
  check(recordings[0]!.results, recordings[1]!.results);
  const { bodies: [first, second], captured } = closeBodies(recordings);
  return outputsOf(condOp, { kind: "cond", onTrue: first!, onFalse: second! }, [predicate, ...captured], "results");
}

// y = p ? f(w) : g(w)     w̄ = p ? fᵀ(ȳ) : gᵀ(ȳ)
function pull(cotangents: readonly (Tensor | null)[], { inputs, attributes: { control } }: Recorded<Asked<Cond>>, wanted: readonly boolean[]): (Tensor | null)[] {
  const [predicate, ...point] = inputs as readonly [Tensor, ...Tensor[]];
  const followed = point.flatMap(({ dtype }, k) => (wanted[k + 1] === true && isFloat(dtype) ? [k] : []));
  const branch = (body: Body) => (): Tensor[] =>
    pullThrough("cond", body, point, followed, cotangents, followed.map(() => null)).map((share, i) => share ?? droppedLike(point[followed[i]!]!));
  const shares = traceCond(predicate, branch(control.onTrue), branch(control.onFalse));
  return inputs.map((_, k) => (followed.includes(k - 1) ? shares[followed.indexOf(k - 1)]! : null));
}

// y = p ? f(w) : g(w)     ẏ = p ? f'(w) ẇ : g'(w) ẇ
function push(tangents: readonly (Tensor | null)[], { inputs, attributes: { control, dtype } }: Recorded<Asked<Cond>>): Tensor[] {
  const [predicate, ...point] = inputs as readonly [Tensor, ...Tensor[]];
  const followed = point.flatMap((_, k) => (tangents[k + 1] === null ? [] : [k]));
  const asked = control.onTrue.results.flatMap((x, k) => (x.dtype === dtype ? [k] : []));
  const branch = (body: Body) => (): Tensor[] => {
    const pushed = pushThrough("cond", body, point, followed, followed.map((k) => tangents[k + 1]!)).tangents;
    return asked.map((k) => pushed[k] ?? droppedLike(body.results[k]!));
  };
  const pushed = traceCond(predicate, branch(control.onTrue), branch(control.onFalse));
  return control.onTrue.results.map((x, k) => (asked.includes(k) ? pushed[asked.indexOf(k)]! : droppedLike(x)));
}

const condOp = controlOp<Cond>("cond", { pull, push });

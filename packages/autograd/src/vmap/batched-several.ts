/** Ops with several results for all examples at once, as `batched-op.ts` has those with one. */

import type { Tensor } from "../graph/tensor.ts";
import { BatchedLowering, type Batched } from "../primitives/batched.ts";
import { Eager } from "../primitives/eager.ts";
import { applySeveral, type SeveralOp, type SeveralRecord } from "../transforms/several.ts";
import { shareFor, spread, type RunBatched } from "./batched-op.ts";

/** The call of the op itself, and which of its inputs are mapped. */
interface Given {
  readonly own: unknown;
  readonly mapped: readonly boolean[];
  readonly size: number;
}

/** Gives the results of an op for all examples. */
export type RunSeveral = (
  op: SeveralOp,
  inputs: readonly Batched<Tensor>[],
  own: unknown,
  size: number,
) => readonly Batched<Tensor>[];

/** Makes the batched forms of ops; `run` is how their rules are batched. */
export function severalBatched(run: RunBatched): RunSeveral {
  const known = new WeakMap<SeveralOp, SeveralOp<Given>>();
  return (op, inputs, own, size) => {
    const values = inputs.map(({ value }) => value);
    const mapped = inputs.map((x) => x.mapped);
    if (!mapped.includes(true)) return applySeveral(op, values, own).map((value) => ({ value, mapped: false }));
    const batched = known.get(op) ?? make(op, run);
    known.set(op, batched);
    return applySeveral(batched, values, { own, mapped, size }).map((value) => ({ value, mapped: true }));
  };
}

/** The op whose rules are those of an op, run for all examples. */
function make(op: SeveralOp, run: RunBatched): SeveralOp<Given> {
  /** Runs a rule, with the record of one example. */
  const batch = (
    along: readonly (Tensor | null)[],
    alongMapped: readonly boolean[],
    { inputs, outputs, given: { own, mapped, size }, line }: SeveralRecord<Given>,
    rule: (along: readonly (Tensor | null)[], recorded: SeveralRecord<unknown>) => readonly (Tensor | null)[],
  ): readonly (Batched<Tensor> | null)[] => {
    const handed = [
      ...along.flatMap((value, k) => (value === null ? [] : [{ value, mapped: alongMapped[k]! }])),
      ...inputs.map((value, k) => ({ value, mapped: mapped[k]! })),
      ...outputs.map((value) => ({ value, mapped: true })),
    ];
    return run(op.name, size, handed, (example) => {
      const rest = [...example];
      const own1 = along.map((x) => (x === null ? null : rest.shift()!));
      const ins = rest.splice(0, inputs.length);
      return rule(own1, { inputs: ins, outputs: rest, given: own, line });
    });
  };
  return {
    name: op.name,
    lower(l, inputs, { own, mapped, size }) {
      const batched = new BatchedLowering(l, size, !(l instanceof Eager));
      const examples = inputs.map((value, k) => ({ value, mapped: mapped[k]! }));
      return op.lower(batched, examples, own).map((x) => batched.spread(x));
    },
    pull(cotangents, recorded, wanted) {
      const { mapped, size } = recorded.given;
      const all = cotangents.map(() => true);
      const shares = batch(cotangents, all, recorded, (gs, one) =>
        op.pull(gs, one, wanted).map((share) => share ?? null),
      );
      return mapped.map((one, k) => shareFor(shares[k] ?? null, one, size));
    },
    push(tangents, recorded) {
      const { mapped, size } = recorded.given;
      const found = batch(tangents, mapped, recorded, (along, one) => op.push(along, one));
      return found.map((x) => (x === null ? null : spread(x, size)));
    },
  };
}

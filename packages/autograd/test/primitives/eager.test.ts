/**
 * What every op of the table says that it is made of, computed at once: the bits of its own evaluation, of values and
 * of derivatives.
 */

import { afterAll, describe, expect, it } from "vitest";
import { grad, mul, sum, Tensor, tensor, type DType } from "../../src/index.ts";
import type { Op } from "../../src/graph/op.ts";
import { applyElementwise } from "../../src/ops/elementwise.ts";
import { Eager } from "../../src/primitives/eager.ts";
import { closeBodies, recordBody } from "../../src/transforms/control-body.ts";
import { differenceOf } from "../compile/bits.ts";
import { applyTo, casesOf, type Case } from "../ops/sampling.ts";
import { families } from "../ops/table/index.ts";
import { report } from "../report.ts";
import { isTried } from "../size.ts";

let calls = 0;
const seen = new Set<string>();

afterAll(() =>
  report(
    "eager",
    calls,
    `eager reading: ${calls.toLocaleString("en-US")} calls of ${seen.size} structural ops with the bits of their own evaluation`,
  ),
);

const isFloat = (dtype: DType): boolean => dtype === "float64" || dtype === "float32";

/** Runs a function op by op, each structural one twice: by itself, and by what it is made of. Gives what differs. */
function differenceIn(label: string, f: (...leaves: Tensor[]) => Tensor, leaves: readonly Tensor[]): string | null {
  const {
    bodies: [body],
  } = closeBodies([recordBody("test", leaves, (given) => [f(...given)])]);
  const values = new Map<Tensor, Tensor>(body!.parameters.map((x, k) => [x, leaves[k]!]));
  const valueOf = (x: Tensor): Tensor => values.get(x) ?? x;
  for (const { tensor: x, origin } of body!.steps) {
    if (origin.kind === "alias") values.set(x, new Tensor(x.shape, x.dtype, valueOf(origin.of).storage));
    if (origin.kind !== "op") continue;
    const op: Op = origin.op;
    const inputs = origin.inputs.map(valueOf);
    if (op.kind === "elementwise") values.set(x, applyElementwise(op, inputs));
    if ((op.kind !== "linear" && op.kind !== "bilinear" && op.kind !== "custom") || op.lower === undefined) continue;
    const own = op.evaluate(inputs, origin.attributes);
    const difference = differenceOf(
      `${label}: ${op.name}`,
      op.lower(new Eager(origin.call), inputs, origin.attributes),
      own,
    );
    if (difference !== null) return difference;
    values.set(x, own);
    seen.add(op.name);
    calls++;
  }
  return null;
}

const gradientOf =
  (one: Case, k: number) =>
  (...given: Tensor[]): Tensor =>
    grad((...x: Tensor[]) => sum(mul(applyTo(one, x), 0.75)) as Tensor<[]>, { argnums: k })(...given) as Tensor;

describe.each(Object.entries(families))("%s", (_, rows) => {
  it.each(rows.map((row) => [row.name, row] as const))("%s", (_, row) => {
    for (const dtype of row.dtypes) {
      for (const one of casesOf(row, dtype)) {
        if (one.leaves.length === 0) continue;
        const leaves = one.leaves.map((leaf) => leaf.tensor);
        if (isTried(6, one.label)) expect(differenceIn(one.label, (...x) => applyTo(one, x), leaves)).toBeNull();
        if (!isFloat(applyTo(one, leaves).dtype)) continue;
        one.leaves.forEach((leaf, k) => {
          if (!leaf.differentiable || !isFloat(leaf.tensor.dtype) || !isTried(40, `${one.label} ${k}`)) return;
          expect(differenceIn(`${one.label}, gradient ${k}`, gradientOf(one, k), leaves)).toBeNull();
          const second = (...given: Tensor[]): Tensor =>
            grad((...x: Tensor[]) => sum(mul(gradientOf(one, k)(...x), 0.75)) as Tensor<[]>, { argnums: k })(
              ...given,
            ) as Tensor;
          if (row.order === 2) expect(differenceIn(`${one.label}, second ${k}`, second, leaves)).toBeNull();
        });
      }
    }
  });
});

it("sees an op that is made of something else", () => {
  const rules = Eager.prototype as unknown as Record<
    "reduce",
    (this: Eager, kind: string, x: Tensor, axes: readonly number[]) => Tensor
  >;
  const right = rules.reduce;
  rules.reduce = function (kind, x, axes) {
    return right.call(this, kind === "sum" ? "max" : kind, x, axes);
  };
  try {
    expect(
      differenceIn("planted", (x) => sum(x, 0) as Tensor, [
        tensor([
          [1, 2],
          [3, 4],
        ]) as Tensor,
      ]),
    ).toMatch(/sum/);
  } finally {
    rules.reduce = right;
  }
});

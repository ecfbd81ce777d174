/**
 * Dead-sign elimination: where all that reads a value makes the same of +0 and -0, what only settles that sign is left
 * out, and what is dropped is +0, which takes one instruction where -0 takes three. Products of cotangents in which
 * something may be dropped see that sign, and whoever gets a result.
 */

import type { ElementwiseOp } from "../../graph/op.ts";
import { add, div, mul } from "../../ops/arithmetic.ts";
import { where } from "../../ops/comparison.ts";
import { binary, type Binary } from "../../ops/declare.ts";
import { absorb, annul, isMark, pass, portion } from "../../ops/marks.ts";
import type { Builder } from "../ir/builder.ts";
import { Marks } from "../ir/by-id.ts";
import { numberOf } from "../ir/fold.ts";
import { rulesOf } from "../ir/kinds/table.ts";
import { Replay } from "../ir/replay.ts";
import { isCount, isKnownFinite } from "../ir/sights.ts";
import { inputsOf, reachable, RESULT, type Value } from "../ir/value.ts";

/** g · p up to the sign of a 0. */
// y = g p, 0 where g = -0
export const multiplied: Binary = binary("multiplied", {
  value: (g, p) => (isMark(g) ? 0 : g * p),
  lanes: { value: (l, g, p) => l.select(l.shareMask(l.isMark(g)), l.constant(0), l.mul(g, p)) },
  partials: [null, null],
  needs: "nothing",
});

/** A simpler value up to the signs of its zeros; by the op that it is for. */
export interface SignRule {
  /** Its name, for tests: each must be reached by one. */
  readonly name: string;
  readonly op: ElementwiseOp;
  readonly give: (builder: Builder, operands: readonly Value[]) => Value | null;
}

export const signRules: readonly SignRule[] = [
  {
    name: "a + 0 = a",
    op: add.op,
    give: (_, [a, b]) => (Object.is(numberOf(b!), 0) ? a! : null),
  },
  {
    name: "pass(c, g) = where(c, g, 0)",
    op: pass.op,
    give: (builder, [c, g]) => builder.map(where.op, c!, g!, builder.scalar(0, g!.dtype)),
  },
  {
    name: "absorb(g, p) = g p for a finite p",
    op: absorb.op,
    give: (builder, [g, p]) => (isKnownFinite(p!) ? builder.map(mul.op, g!, p!) : null),
  },
  {
    name: "absorb(g, p) = multiplied(g, p)",
    op: absorb.op,
    give: (builder, [g, p]) => builder.map(multiplied.op, g!, p!),
  },
  {
    name: "portion(g, n) = g / n",
    op: portion.op,
    give: (builder, [g, n]) => (isCount(n!) ? builder.map(div.op, g!, n!) : null),
  },
  {
    name: "annul(x) = x",
    op: annul.op,
    give: (_, [x]) => x!,
  },
];

/** A simpler value that does where nobody sees the signs of zeros; `null` where nothing simpler does. */
function unsigned(builder: Builder, { definition, shape, dtype }: Value, inputs: readonly Value[]): Value | null {
  if (definition.kind === "assemble" && Object.is(definition.fill, -0)) {
    const parts = inputs.map((value, k) => ({ value, view: definition.views[k]! }));
    return builder.assemble(shape, dtype, parts, 0);
  }
  if (definition.kind !== "map") return null;
  for (let k = 0; k < signRules.length; k++) {
    const { op, give } = signRules[k]!;
    const simpler = op === definition.op ? give(builder, inputs) : null;
    if (simpler !== null) return simpler;
  }
  return null;
}

/** Gives the results of a program without signs of zeros that nobody sees. */
export function dropSigns(builder: Builder, results: readonly Value[]): readonly Value[] {
  const values = reachable(builder.values, results);
  const seen = new Marks(builder.values.length, results);
  for (let at = values.length - 1; at >= 0; at--) {
    const value = values[at]!;
    const { definition, dtype } = value;
    const rules = rulesOf(definition);
    const isSeen = seen.has(value);
    const inputs = inputsOf(value);
    for (let k = 0; k < inputs.length; k++) if (rules.seesSign(definition, k, isSeen, dtype)) seen.add(inputs[k]!);
  }
  const replay = new Replay(builder);
  for (const value of values) {
    builder.origin = value.origin;
    const simpler = seen.has(value) ? null : unsigned(builder, value, replay.inputsOf(value));
    replay.set(value, simpler ?? replay.again(value));
  }
  builder.origin = RESULT;
  return results.map((value) => builder.result(replay.now(value)));
}

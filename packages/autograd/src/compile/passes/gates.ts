/**
 * Gate sinking: a gate moves behind the products that it stands before, absorb(pass(c, g), p) = pass(c, g p + 0) where
 * g holds no mark. What is dropped stays so, no product has to ask for a mark, and one gate does for a row of products.
 */

import type { ElementwiseOp } from "../../graph/op.ts";
import { add, div, mul } from "../../ops/arithmetic.ts";
import { logicalAnd, notEqual } from "../../ops/comparison.ts";
import { absorb, absorbBoth, annul, pass, portion } from "../../ops/marks.ts";
import type { Builder } from "../ir/builder.ts";
import { Replay } from "../ir/replay.ts";
import { withoutMark } from "../ir/simplify.ts";
import { isAtLeastOne } from "../ir/unmarked.ts";
import { reachable, RESULT, type Value } from "../ir/value.ts";

/** A value that is dropped where a condition does not hold, and nowhere else. */
interface Gated {
  /** `null` where nothing is dropped. */
  readonly condition: Value | null;
  /** The value where the condition holds; anything elsewhere. */
  readonly base: Value;
}

/** An op that trades places with the gates of its operands. */
export interface GateRule {
  /** The identity, for tests: each must be reached by one. */
  readonly name: string;
  readonly op: ElementwiseOp;
  /** The same bits with the gate behind; `null` where there is none, or where something else may be dropped. */
  readonly give: (builder: Builder, operands: readonly Value[]) => Value | null;
}

/** The operands of an op; `null` where a value is something else. */
function operandsOf({ definition }: Value, op: ElementwiseOp): readonly Value[] | null {
  return definition.kind === "map" && definition.op === op ? definition.inputs : null;
}

const isGate = (x: Value): boolean => operandsOf(x, pass.op) !== null || operandsOf(x, annul.op) !== null;

function both(builder: Builder, a: Value | null, b: Value | null): Value | null {
  return a === null || b === null ? (a ?? b) : builder.map(logicalAnd.op, a, b);
}

/** The value before the gates of another, and their condition; `null` where something else may be dropped. */
function gatedOf(builder: Builder, x: Value): Gated | null {
  const passed = operandsOf(x, pass.op);
  const [condition, g] = passed === null ? [null, x] : [passed[0]!, passed[1]!];
  if (g.unmarked) return { condition, base: g };
  const base = operandsOf(g, annul.op)?.[0];
  if (base === undefined) return null;
  const isThere = builder.map(notEqual.op, base, builder.scalar(0, base.dtype));
  return { condition: both(builder, condition, isThere), base };
}

/** y behind a gate. */
function behind(builder: Builder, condition: Value, y: Value): Value {
  return builder.map(pass.op, condition, y, builder.scalar(-0, y.dtype));
}

/** A product or quotient behind the gates of its first operand. */
function moved(builder: Builder, op: ElementwiseOp, g: Value, p: Value): Value | null {
  const gated = isGate(g) ? gatedOf(builder, g) : null;
  if (gated === null) return null;
  return behind(builder, gated.condition!, withoutMark(builder, builder.map(op, gated.base, p)));
}

/** A product behind the gates of both cotangents. */
function movedBoth(builder: Builder, g: Value, h: Value): Value | null {
  const [a, b] = [gatedOf(builder, g), gatedOf(builder, h)];
  const condition = a === null || b === null ? null : both(builder, a.condition, b.condition);
  if (condition === null) return null;
  return behind(builder, condition, withoutMark(builder, builder.map(mul.op, a!.base, b!.base)));
}

/** A product behind the gates of its second cotangent, from which nothing else is dropped. */
function movedOne(builder: Builder, g: Value, h: Value): Value | null {
  const gated = isGate(h) ? gatedOf(builder, h) : null;
  return gated === null ? null : behind(builder, gated.condition!, builder.map(absorb.op, g, gated.base));
}

/** Gates in a row are one. */
function joined(builder: Builder, c: Value, g: Value): Value | null {
  const inner = operandsOf(g, pass.op);
  if (inner === null || gatedOf(builder, g) === null) return null;
  return behind(builder, both(builder, c, inner[0]!)!, inner[1]!);
}

/** A sum behind the gate of both terms. */
function movedSum(builder: Builder, g: Value, h: Value): Value | null {
  if (!isGate(g) || !isGate(h)) return null;
  const [a, b] = [gatedOf(builder, g), gatedOf(builder, h)];
  if (a === null || b === null || a.condition !== b.condition) return null;
  return behind(builder, a.condition!, builder.map(add.op, a.base, b.base));
}

/** All of them; the first that gives something is taken. */
export const gateRules: readonly GateRule[] = [
  {
    name: "absorb(pass(c, g), p) = pass(c, g p + 0)",
    op: absorb.op,
    give: (builder, [g, p]) => moved(builder, mul.op, g!, p!),
  },
  {
    name: "portion(pass(c, g), n) = pass(c, g / n + 0)",
    op: portion.op,
    give: (builder, [g, n]) => moved(builder, div.op, g!, n!),
  },
  {
    name: "absorbBoth(pass(c, g), pass(d, h)) = pass(c ∧ d, g h + 0)",
    op: absorbBoth.op,
    give: (builder, [g, h]) => movedBoth(builder, g!, h!),
  },
  {
    name: "absorbBoth(g, pass(d, h)) = pass(d, absorb(g, h))",
    op: absorbBoth.op,
    give: (builder, [g, h]) => movedOne(builder, g!, h!),
  },
  {
    name: "absorbBoth(pass(c, g), h) = pass(c, absorb(h, g))",
    op: absorbBoth.op,
    give: (builder, [g, h]) => movedOne(builder, h!, g!),
  },
  // A factor of at least 1 keeps marks.
  {
    name: "pass(c, g) · p = pass(c, g p)",
    op: mul.op,
    give: (builder, [g, p]) => (isAtLeastOne(p!) ? moved(builder, mul.op, g!, p!) : null),
  },
  {
    name: "p · pass(c, g) = pass(c, g p)",
    op: mul.op,
    give: (builder, [p, g]) => (isAtLeastOne(p!) ? moved(builder, mul.op, g!, p!) : null),
  },
  {
    name: "pass(c, pass(d, g)) = pass(c ∧ d, g)",
    op: pass.op,
    give: (builder, [c, g]) => joined(builder, c!, g!),
  },
  {
    name: "pass(c, g) + pass(c, h) = pass(c, g + h)",
    op: add.op,
    give: (builder, [g, h]) => movedSum(builder, g!, h!),
  },
];

const byOp = new Map<ElementwiseOp, GateRule[]>();
for (const rule of gateRules) byOp.set(rule.op, [...(byOp.get(rule.op) ?? []), rule]);

function trade(builder: Builder, op: ElementwiseOp, operands: readonly Value[]): Value | null {
  for (const { give } of byOp.get(op) ?? []) {
    const traded = give(builder, operands);
    if (traded !== null) return traded;
  }
  return null;
}

/** Gives the results of a program with gates behind products. */
export function moveGates(builder: Builder, results: readonly Value[]): readonly Value[] {
  const mayTrade = ({ definition }: Value): boolean => {
    return definition.kind === "map" && byOp.has(definition.op) && definition.inputs.some(isGate);
  };
  // Mostly there is no gate at all.
  if (!builder.values.some(isGate)) return results;
  const values = reachable(builder.values, results);
  if (!values.some(mayTrade)) return results;
  const replay = new Replay(builder);
  for (const value of values) {
    const { definition, origin } = value;
    builder.origin = origin;
    const traded = definition.kind === "map" ? trade(builder, definition.op, replay.inputsOf(value)) : null;
    replay.set(value, traded ?? replay.again(value));
  }
  builder.origin = RESULT;
  return results.map((value) => builder.result(replay.now(value)));
}

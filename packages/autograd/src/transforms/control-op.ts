/** Loops and branches as ops of a trace, and the tensors that they give, which are made where they are asked for. */

import { leafOf, resultsOf, type Control, type Leaf, type Part, type Region } from "../graph/control.ts";
import { zerosLike } from "../graph/create.ts";
import type { ControlOp, Looped, PartAttributes, PartOp, Recorded } from "../graph/op.ts";
import { record, recordPart } from "../graph/record.ts";
import { countOf, SCALAR, strong } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { addPart, addShares } from "../sweep/parts.ts";
import { homeTrace, isTraced, sameValue, traceOp, withTrace } from "../graph/tracing.ts";

/**
 * An op whose value a program computes; its derivatives are loops and branches again. Of a checkpoint it computes
 * nothing but the parts, which are values of their own.
 */
export function controlOp<C extends Region>(
  name: string,
  rules: Pick<ControlOp<C>, "pull" | "push" | "elsewhere">,
): ControlOp<C> {
  return {
    kind: "control",
    name,
    needs: "both",
    lower: (l, inputs, { control }) =>
      control.kind === "checkpoint" ? l.scalar(0, "float64") : l.control(control as Control, inputs),
    gather: (recorded, place, placeOf, gathered) =>
      addShares(rules.pull as ControlOp["pull"], recorded, place, placeOf, gathered),
    ...rules,
  };
}

const partOps = new Map<string, PartOp>();

/** The op of parts, which carries the name of the loop: errors and reports speak of that. */
export function partOpOf(name: string): PartOp {
  const op = partOps.get(name) ?? {
    kind: "part",
    name,
    needs: "nothing",
    // Parts of a checkpoint are values of their own.
    lower: (l, [whole], { control, part }) => l.part(whole!, control as Control, part),
    gather: addPart,
  };
  partOps.set(name, op);
  return op;
}

interface Known {
  readonly op: ControlOp;
  readonly control: Region;
  readonly parts: Map<Part, Tensor>;
  readonly elsewhere: ((part: Part) => Tensor | null) | null;
}

const known = new WeakMap<Tensor, Known>();

/** A loop, a branch or an op with several results: a tensor without a value, of which parts are taken. */
export function wholeOf<C extends Region>(op: ControlOp<C>, control: C, inputs: readonly Tensor[]): Tensor {
  const attributes: Looped<C> = { control, part: null, isFollowed: null };
  const isHere = control.kind === "several" && !inputs.some(isTraced);
  const output = isHere ? new Tensor(SCALAR, "float64", 0) : traceOp(op, inputs, attributes, SCALAR, "float64");
  const whole = record(op, inputs, attributes, output);
  known.set(whole, {
    op: op as ControlOp,
    control,
    parts: new Map(),
    elsewhere: op.elsewhere?.(control, inputs) ?? null,
  });
  return whole;
}

/** A part of a loop or a branch: the same tensor each time, so that its cotangent is one sum. */
export function partOf(whole: Tensor, part: Part): Tensor {
  const { op, control, parts, elsewhere } = known.get(whole)!;
  const found = parts.get(part);
  if (found !== undefined) return found;
  const leaf = leafOf(control, part);
  const make = (): Tensor => {
    const own = partOpOf(op.name);
    const attributes: PartAttributes = { control, part };
    const value = elsewhere?.(part) ?? null;
    return recordPart(
      own,
      whole,
      attributes,
      value === null ? traceOp(own, [whole], attributes, strong(leaf.shape), leaf.dtype) : sameValue(value),
    );
  };
  const made =
    countOf(leaf.shape) === 0 ? zerosOf(leaf) : whole.storage === null ? withTrace(homeTrace(whole), make) : make();
  parts.set(part, made);
  return made;
}

/** All results, in order. */
export function resultsFrom(whole: Tensor, control: Control): Tensor[] {
  return resultsOf(control).map((_, k) => partOf(whole, k));
}

/** The parts of a recorded loop or branch, wherever it was recorded. */
export function partsOf({ output, attributes }: Recorded<Looped>): (part: Part) => Tensor {
  return attributes.part ?? ((part) => partOf(output, part));
}

/** Zeros of a shape and type. */
export function zerosOf({ shape, dtype }: Leaf): Tensor {
  return zerosLike(new Tensor(shape, dtype, null));
}

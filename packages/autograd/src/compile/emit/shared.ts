/**
 * Loops that are alike but for where their numbers lie become one function of addresses: thousands of small tensors then take a call
 * each, and not a kernel each.
 */

import { countOf } from "../../graph/shape.ts";
import type { ElementwiseOp } from "../../graph/op.ts";
import type { Callee } from "../../kernels/wasm/body.ts";
import type { ModuleBuilder } from "../../kernels/wasm/module.ts";
import type { Kernel } from "../plan/fuse.ts";
import { membersOf } from "../plan/loop-members.ts";
import type { Value } from "../values/value.ts";
import { entryCheckOf } from "./entry-checks.ts";
import { emitLoop, type EmitContext } from "./loop.ts";

/** So many loops that are alike are worth a function of their own. */
const LEAST = 4;
/** In longer loops a cursor for each operand would cost more than the call saves. */
const MOST_ENTRIES = 256;
const MOST_ADDRESSES = 32;

/** A loop without its addresses: equal keys mean equal code. */
interface Form {
  readonly key: string;
  /** Whose addresses the code takes, in this order. */
  readonly places: readonly Value[];
}

/** A call of a function with addresses. */
export interface Call {
  readonly kernel: Callee;
  readonly operands: readonly number[];
}

/** The loops that are alike among kernels that one thread runs, each as a call of what they share. */
export function shareLoops(builder: ModuleBuilder, kernels: readonly Kernel[], context: EmitContext): ReadonlyMap<Kernel, Call> {
  const calls = new Map<Kernel, Call>();
  if (kernels.length < LEAST) return calls;
  const ops = new Map<ElementwiseOp, number>();
  const groups = new Map<string, [Kernel, Form][]>();
  for (const kernel of kernels) {
    const form = formOf(kernel, context, ops);
    if (form === null) continue;
    const group = groups.get(form.key);
    if (group === undefined) groups.set(form.key, [[kernel, form]]);
    else group.push([kernel, form]);
  }
  let made = 0;
  for (const group of groups.values()) {
    if (group.length < LEAST) continue;
    const [first, { places }] = group[0]!;
    const shared = builder.function(`shared ${made++}`, places.map(() => "i32"), null, (body) =>
      emitLoop(body, first, { ...context, bases: new Map(places.map((value, k) => [value, body.parameter(k)])) }), true);
    for (const [kernel, form] of group) calls.set(kernel, { kernel: shared, operands: form.places.map(context.addresses) });
  }
  return calls;
}

/** The form of a loop; `null` for what is long, reduces, or may refuse a number. */
function formOf(kernel: Kernel, context: EmitContext, ops: Map<ElementwiseOp, number>): Form | null {
  if (kernel.kind !== "loop" || countOf(kernel.frame) > MOST_ENTRIES) return null;
  const places = new Map<Value, number>();
  const placeOf = (value: Value): number => {
    if (!places.has(value)) places.set(value, places.size);
    return places.get(value)!;
  };
  const order = new Map(kernel.members.map((value, k) => [value, k]));
  const parts: string[] = [kernel.frame.join()];
  for (const { value, operands } of membersOf(kernel)) {
    const { definition, dtype } = value;
    if (definition.kind === "reduce" || entryCheckOf(value) !== null) return null;
    if (definition.kind === "map" && !ops.has(definition.op)) ops.set(definition.op, ops.size);
    const what = definition.kind === "map" ? ops.get(definition.op)! : definition.kind === "cast" ? `cast ${definition.purpose}` : definition.kind;
    parts.push(`${what} ${dtype}`);
    operands.forEach(({ access, strides, offset }, k) => {
      const from = (definition as { readonly inputs: readonly Value[] }).inputs[k]!.dtype;
      if (access.kind === "number") parts.push(`${from} ${Object.is(access.number, -0) ? "-0" : access.number}`);
      else if (access.kind === "member") parts.push(`${from} member ${order.get(access.value)!}`);
      else parts.push(`${from} ${access.source.dtype} ${placeOf(access.source)} ${offset} ${strides.join()}`);
    });
    if (context.isStored(value)) parts.push(`to ${placeOf(value)}`);
  }
  return places.size > MOST_ADDRESSES ? null : { key: parts.join(";"), places: [...places.keys()] };
}

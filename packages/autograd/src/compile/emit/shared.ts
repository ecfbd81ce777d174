/**
 * Loops that are alike but for where their numbers lie become one function of addresses: thousands of small tensors
 * then take a call each, and not a kernel each. Of many that are alike the addresses stand in a table, and those that
 * follow each other take one call.
 */

import { countOf } from "../../graph/shape.ts";
import type { Callee } from "../../kernels/wasm/body.ts";
import type { ModuleBuilder } from "../../kernels/wasm/module.ts";
import { load, plus } from "../../kernels/wasm/expressions.ts";
import { viewOf } from "../memory/heap.ts";
import { isOfSameEntry, type Kernel } from "../plan/fuse.ts";
import { membersOf } from "../plan/loop-members.ts";
import { inputsOf, sourceOf, type Value } from "../values/value.ts";
import { entryCheckOf } from "./entry-checks.ts";
import { emitLoop, type EmitContext } from "./loop.ts";

/** So many loops that are alike are worth a function of their own. */
const LEAST = 4;
/** In longer loops a cursor for each operand would cost more than the call saves. */
const MOST_ENTRIES = 256;
/** So many addresses a function takes at most, and a row of a table has. */
const MOST_OPERANDS = 32;
const MOST_IN_ROW = 256;
/** So many loops that are alike have a table. */
const LEAST_IN_TABLE = 16;

/** A loop without its addresses: equal keys mean equal code. */
interface Form {
  readonly key: string;
  /** Whose addresses the code takes, in this order. */
  readonly places: readonly Value[];
}

/** A call of a function with addresses, or with where rows of addresses begin, and how many there are. */
export interface Call {
  readonly kernel: Callee;
  readonly operands: readonly number[];
  /** Bytes of a row, where it takes rows. */
  readonly rowBytes?: number;
}

/** The one call that does what two do; `null` where there is none. */
export function joined<C extends Call>(first: C, second: C): C | null {
  const { kernel, rowBytes, operands: [start, rows] } = first;
  if (rowBytes === undefined || second.kernel !== kernel) return null;
  if (second.operands[0] !== start! + rows! * rowBytes) return null;
  return { ...first, operands: [start, rows! + second.operands[1]!] };
}

/** The loops that are alike among kernels that one thread runs, each as a call of what they share. */
export function shareLoops(
  builder: ModuleBuilder, kernels: readonly Kernel[], context: EmitContext, allocate: (bytes: number) => number,
): ReadonlyMap<Kernel, Call> {
  const calls = new Map<Kernel, Call>();
  if (kernels.length < LEAST) return calls;
  const names = new Names();
  const groups = new Map<string, [Kernel, Form][]>();
  for (const kernel of likely(kernels, names)) {
    const form = formOf(kernel, context, names);
    if (form === null) continue;
    const group = groups.get(form.key);
    if (group === undefined) groups.set(form.key, [[kernel, form]]);
    else group.push([kernel, form]);
  }
  let made = 0;
  for (const group of groups.values()) {
    const [first, { places }] = group[0]!;
    const isMany = group.length >= LEAST_IN_TABLE;
    if (group.length < LEAST || places.length > (isMany ? MOST_IN_ROW : MOST_OPERANDS)) continue;
    const name = `shared ${made++}`;
    if (isMany) {
      callWithRows(emitOfRows(builder, name, first, places, context), group, context, allocate, calls);
      continue;
    }
    const shared = builder.function(name, places.map(() => "i32"), null, (body) =>
      emitLoop(body, first, { ...context, bases: new Map(places.map((value, k) => [value, body.parameter(k)])) }), true);
    for (const [kernel, form] of group) {
      calls.set(kernel, { kernel: shared, operands: form.places.map(context.addresses) });
    }
  }
  return calls;
}

/** Emits a function (address, rows) that runs a loop for each row of a table of addresses. */
function emitOfRows(
  builder: ModuleBuilder, name: string, loop: Kernel, places: readonly Value[], context: EmitContext,
): Callee {
  return builder.function(name, ["i32", "i32"], null, (body) => {
    const row = body.let(body.parameter(0));
    const left = body.let(body.parameter(1));
    const bases = new Map(places.map((value) => [value, body.local("i32")]));
    body.while(left, () => {
      places.forEach((value, k) => body.set(bases.get(value)!, load("i32.load", row, 4 * k)));
      emitLoop(body, loop, { ...context, bases });
      body.set(row, plus(row, 4 * places.length));
      body.set(left, plus(left, -1));
    });
  }, true);
}

/** Writes a row for each loop of a group. */
function callWithRows(
  kernel: Callee, group: readonly (readonly [Kernel, Form])[], { addresses }: EmitContext,
  allocate: (bytes: number) => number, calls: Map<Kernel, Call>,
): void {
  const width = group[0]![1].places.length;
  const rowBytes = 4 * width;
  const start = allocate(Math.max(4, rowBytes * group.length));
  const table = viewOf("int32", start, width * group.length);
  group.forEach(([loop, { places }], row) => {
    places.forEach((value, k) => (table[row * width + k] = addresses(value)));
    calls.set(loop, { kernel, operands: [start + rowBytes * row, 1], rowBytes });
  });
}

/** Numbers for what forms name. */
class Names {
  readonly #numbers = new Map<unknown, number>();

  of(name: unknown): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** The kernels that may be alike, as there are enough of the same ops. */
function likely(kernels: readonly Kernel[], names: Names): Kernel[] {
  const hashes = kernels.map(({ members }) => members.reduce((sum, { definition }) => {
    const what = definition.kind === "map" ? definition.op : definition.kind;
    return (Math.imul(sum, 31) + names.of(what)) | 0;
  }, members.length));
  const counts = new Map<number, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return kernels.filter((_, k) => counts.get(hashes[k]!)! >= LEAST);
}

/** The form of a loop; `null` for what is long, reduces, or may refuse a number. */
function formOf(kernel: Kernel, context: EmitContext, names: Names): Form | null {
  if (kernel.kind !== "loop" || countOf(kernel.frame) > MOST_ENTRIES) return null;
  const places = new Map<Value, number>();
  const placeOf = (value: Value): number => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  };
  const order = new Map<Value, number>();
  const parts: (number | string)[] = [names.of(kernel.frame.join())];
  const walks = kernel.frame.length === 0 ? null : membersOf(kernel);
  for (let at = 0; at < kernel.members.length; at++) {
    const value = kernel.members[at]!;
    const { definition, dtype } = value;
    if (definition.kind === "reduce" || entryCheckOf(value) !== null) return null;
    order.set(value, at);
    const what = definition.kind === "cast" ? definition.purpose : definition.kind;
    parts.push(names.of(definition.kind === "map" ? definition.op : what), names.of(dtype));
    const inputs = inputsOf(value);
    for (let k = 0; k < inputs.length; k++) {
      const x = inputs[k]!;
      if (x.definition.kind === "scalar") {
        const { number } = x.definition;
        parts.push("n", names.of(x.dtype), Object.is(number, -0) ? "-0" : number);
        continue;
      }
      const isView = x.definition.kind === "view";
      const source = isView ? sourceOf(x).source : x;
      if (isOfSameEntry(kernel, x)) parts.push("m", order.get(source)!);
      else {
        parts.push("r", names.of(source.dtype), placeOf(source), isView ? sourceOf(x).walk.offset : 0);
        if (walks !== null) parts.push(names.of(walks[at]!.operands[k]!.strides.join()));
      }
    }
    if (context.isStored(value)) parts.push("w", placeOf(value));
  }
  return places.size > MOST_IN_ROW ? null : { key: parts.join(), places: [...places.keys()] };
}

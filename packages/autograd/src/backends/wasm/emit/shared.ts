/**
 * Loops that are alike but for where their numbers lie become one function of addresses: thousands of small tensors
 * then take a call each, and not a kernel each. Of many that are alike the addresses stand in a table, and those that
 * follow each other take one call.
 */

import { countOf } from "../../../graph/shape.ts";
import type { Callee } from "../assembler/body.ts";
import type { ModuleBuilder } from "../assembler/module.ts";
import { load, plus } from "../assembler/expressions.ts";
import { isOfSameEntry, type Kernel, type LoopKernel } from "../../../compile/schedule/kernel.ts";
import { membersOf } from "../../../compile/schedule/loop-members.ts";
import { inputsOf, sourceOf, type Value } from "../../../compile/ir/value.ts";
import { entryCheckOf } from "./entry-checks.ts";
import type { EmitContext } from "./context.ts";
import { emitLoop } from "./loop.ts";

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
  /** The numbers in it, in the order of members and their operands, but for conditions. */
  readonly numbers: readonly Value[];
}

const numberOf = ({ definition }: Value): number => (definition as { readonly number: number }).number;
const isSame = (a: Value, b: Value): boolean => Object.is(numberOf(a), numberOf(b));

/** A call of a function with addresses, or with where rows of addresses begin, and how many there are. */
export interface Call {
  readonly kernel: Callee;
  readonly operands: readonly number[];
  /** Bytes of a row, where it takes rows. */
  readonly rowBytes?: number;
}

/** The one call that does what two do; `null` where there is none. */
export function joined<C extends Call>(first: C, second: C): C | null {
  const {
    kernel,
    rowBytes,
    operands: [start, rows],
  } = first;
  if (rowBytes === undefined || second.kernel !== kernel) return null;
  if (second.operands[0] !== start! + rows! * rowBytes) return null;
  return { ...first, operands: [start, rows! + second.operands[1]!] };
}

/** Bytes that stand in memory before a program runs. */
export interface Table {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Loops as calls of what they share with others, and the tables that these calls read. */
export interface SharedLoops {
  readonly calls: Map<Kernel, Call>;
  readonly tables: Table[];
}

/** The loops that are alike among kernels that one thread runs, each as a call of what they share. */
export function shareLoops(
  builder: ModuleBuilder,
  kernels: readonly Kernel[],
  context: EmitContext,
  allocate: (bytes: number) => number,
): SharedLoops {
  const shared: SharedLoops = { calls: new Map(), tables: [] };
  const { calls } = shared;
  if (kernels.length < LEAST) return shared;
  const names = new Names();
  const groups = new Map<string, [LoopKernel, Form][]>();
  for (const kernel of likely(kernels, names)) {
    const form = formOf(kernel, context, names);
    if (form === null) continue;
    const group = groups.get(form.key);
    if (group === undefined) groups.set(form.key, [[kernel, form]]);
    else group.push([kernel, form]);
  }
  let made = 0;
  for (const group of [...groups.values()].flatMap(withSameNumbers)) {
    const [first, { places }] = group[0]!;
    if (group.length >= LEAST_IN_TABLE) {
      callWithRows(builder, `shared ${made++}`, group, context, allocate, shared);
      continue;
    }
    if (group.length < LEAST || places.length > MOST_OPERANDS) continue;
    const name = `shared ${made++}`;
    const callee = builder.function(
      name,
      places.map(() => "i32"),
      null,
      (body) =>
        emitLoop(body, first, { ...context, bases: new Map(places.map((value, k) => [value, body.parameter(k)])) }),
      true,
    );
    for (const [kernel, form] of group) {
      calls.set(kernel, { kernel: callee, operands: form.places.map(context.addresses) });
    }
  }
  return shared;
}

/** A group as it is, where it has a table, which holds numbers too; else those of the same numbers. */
function withSameNumbers(group: [LoopKernel, Form][]): [LoopKernel, Form][][] {
  if (group.length >= LEAST_IN_TABLE) return [group];
  const same = new Map<string, [LoopKernel, Form][]>();
  for (const one of group) {
    const key = one[1].numbers.map((x) => (Object.is(numberOf(x), -0) ? "-0" : numberOf(x))).join();
    same.set(key, [...(same.get(key) ?? []), one]);
  }
  return [...same.values()];
}

/** A row of a table: addresses, and behind them each number that is not the same in all rows. */
interface Row {
  readonly bytes: number;
  /** Offsets of numbers in it, by their order in the form. */
  readonly numbers: ReadonlyMap<number, number>;
}

function rowOf(forms: readonly Form[]): Row {
  const [first] = forms as readonly [Form, ...Form[]];
  const start = 8 * Math.ceil(first.places.length / 2);
  const varying = first.numbers.flatMap((x, k) => (forms.every(({ numbers }) => isSame(numbers[k]!, x)) ? [] : [k]));
  const numbers = new Map(varying.map((k, at) => [k, start + 8 * at]));
  return { bytes: Math.max(8, start + 8 * varying.length), numbers };
}

/** Emits a function (address, rows) that runs a loop for each row of a table. */
function emitOfRows(
  builder: ModuleBuilder,
  name: string,
  loop: LoopKernel,
  places: readonly Value[],
  { bytes, numbers }: Row,
  context: EmitContext,
): Callee {
  return builder.function(
    name,
    ["i32", "i32"],
    null,
    (body) => {
      const row = body.let(body.parameter(0));
      const left = body.let(body.parameter(1));
      const bases = new Map(places.map((value) => [value, body.local("i32")]));
      body.while(left, () => {
        places.forEach((value, k) => body.set(bases.get(value)!, load("i32.load", row, 4 * k)));
        emitLoop(body, loop, { ...context, bases, numbers: { row, offsets: numbers } });
        body.set(row, plus(row, bytes));
        body.set(left, plus(left, -1));
      });
    },
    true,
  );
}

/** Makes the loops of a group calls with rows, and writes these. */
function callWithRows(
  builder: ModuleBuilder,
  name: string,
  group: readonly (readonly [LoopKernel, Form])[],
  context: EmitContext,
  allocate: (bytes: number) => number,
  { calls, tables }: SharedLoops,
): void {
  const [first, { places: own }] = group[0]!;
  const row = rowOf(group.map(([, form]) => form));
  const kernel = emitOfRows(builder, name, first, own, row, context);
  const bytes = new Uint8Array(row.bytes * group.length);
  const start = allocate(bytes.length);
  tables.push({ address: start, bytes });
  const table = new DataView(bytes.buffer);
  group.forEach(([loop, { places, numbers }], k) => {
    const at = row.bytes * k;
    places.forEach((value, place) => table.setUint32(at + 4 * place, context.addresses(value), true));
    for (const [number, offset] of row.numbers) writeNumber(table, at + offset, numbers[number]!);
    calls.set(loop, { kernel, operands: [start + at, 1], rowBytes: row.bytes });
  });
}

function writeNumber(table: DataView, at: number, x: Value): void {
  const number = numberOf(x);
  if (x.dtype === "float64") table.setFloat64(at, number, true);
  else if (x.dtype === "float32") table.setFloat32(at, number, true);
  else table.setInt32(at, number, true);
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
function likely(kernels: readonly Kernel[], names: Names): LoopKernel[] {
  const loops = kernels.filter((kernel) => kernel.kind === "loop");
  const hashes = loops.map(({ members }) =>
    members.reduce((sum, { definition }) => {
      const what = definition.kind === "map" ? definition.op : definition.kind;
      return (Math.imul(sum, 31) + names.of(what)) | 0;
    }, members.length),
  );
  const counts = new Map<number, number>();
  for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return loops.filter((_, k) => counts.get(hashes[k]!)! >= LEAST);
}

/** The form of a loop; `null` for what is long, reduces, or may refuse a number. */
function formOf(kernel: LoopKernel, context: EmitContext, names: Names): Form | null {
  if (countOf(kernel.frame) > MOST_ENTRIES) return null;
  const places = new Map<Value, number>();
  const placeOf = (value: Value): number => {
    const known = places.get(value);
    if (known !== undefined) return known;
    places.set(value, places.size);
    return places.size - 1;
  };
  const order = new Map<Value, number>();
  const numbers: Value[] = [];
  const parts: (number | string)[] = [names.of(kernel.frame.join())];
  const views = kernel.frame.length === 0 ? null : membersOf(kernel);
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
        parts.push("n", names.of(x.dtype));
        if (x.dtype === "bool") parts.push(x.definition.number);
        else numbers.push(x);
        continue;
      }
      const isView = x.definition.kind === "view";
      const source = isView ? sourceOf(x).source : x;
      if (isOfSameEntry(kernel, x)) parts.push("m", order.get(source)!);
      else {
        parts.push("r", names.of(source.dtype), placeOf(source), isView ? sourceOf(x).view.offset : 0);
        if (views !== null) parts.push(names.of(views[at]!.operands[k]!.strides.join()));
      }
    }
    if (context.isStored(value)) parts.push("w", placeOf(value));
  }
  return places.size > MOST_IN_ROW ? null : { key: parts.join(), places: [...places.keys()], numbers };
}

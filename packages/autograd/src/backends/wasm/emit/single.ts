/** A loop of one entry: no views and no vectors, as straight code has hundreds of thousands of operations. */

import type { Body } from "../assembler/body.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import { i32 } from "../assembler/expressions.ts";
import { PartsEmitter, type NumberParts, type Parts } from "../lanes/parts.ts";
import { isOfSameEntry, type LoopKernel } from "../../../compile/schedule/kernel.ts";
import { inputsOf, sourceOf, type Value } from "../../../compile/ir/value.ts";
import { entryCheckOf } from "./entry-checks.ts";
import type { EmitContext } from "./context.ts";

/** Of a position that is all in its offset. */
const START = i32(0);

/** True if a loop is emitted so: all of it has one entry at a known address, and nothing of it is refused. */
export function isSingle({ frame, members }: LoopKernel, { bases, part }: EmitContext): boolean {
  if (frame.length > 0 || bases !== undefined || part !== null) return false;
  return members.every((value) => value.definition.kind !== "reduce" && entryCheckOf(value) === null);
}

/** Emits it: what `emitLoop` would, which goes by views. */
export function emitSingle(body: Body, kernel: LoopKernel, context: EmitContext): void {
  const emitter = new PartsEmitter(body, 1, context.fused, context.external);
  body.local("i32");
  body.let(START);
  body.straight(() => new Single(kernel, emitter, context).emit());
}

class Single {
  readonly #kernel: LoopKernel;
  readonly #emitter: PartsEmitter;
  readonly #context: EmitContext;
  readonly #known = new Map<Value, Parts>();
  /** Numbers read from memory, by values and by entries of larger ones. */
  readonly #loaded = new Map<Value, Parts>();
  readonly #entries = new Map<string, Parts>();

  constructor(kernel: LoopKernel, emitter: PartsEmitter, context: EmitContext) {
    this.#kernel = kernel;
    this.#emitter = emitter;
    this.#context = context;
  }

  emit(): void {
    const { members } = this.#kernel;
    for (let at = 0; at < members.length; at++) this.#known.set(members[at]!, this.#computed(members[at]!));
    for (let at = 0; at < members.length; at++) {
      const value = members[at]!;
      if (!this.#context.isStored(value)) continue;
      const position = { cursor: START, offset: this.#context.addresses(value) };
      this.#emitter.store(value.dtype, position, this.#known.get(value)!, 1);
    }
  }

  #computed(value: Value): Parts {
    const inputs = inputsOf(value);
    const parts = new Array<Parts>(inputs.length);
    for (let k = 0; k < inputs.length; k++) parts[k] = this.#read(inputs[k]!);
    const { definition } = value;
    if (definition.kind === "copy") return parts[0]!;
    if (definition.kind === "cast") return this.#emitter.convert(parts[0]!, value.dtype);
    const { op } = definition as Extract<Value["definition"], { kind: "map" }>;
    const called = this.#context.formulas.call(op, parts);
    return called === null ? this.#emitter.formula(op.lanes, parts) : this.#let(called);
  }

  #let(called: NumberParts): NumberParts {
    return { ...called, parts: called.parts.map((part) => this.#emitter.body.let(part)) };
  }

  #read(x: Value): Parts {
    if (x.definition.kind === "scalar") return this.#emitter.number(x.definition.number, x.dtype);
    if (x.definition.kind !== "view") return this.#known.get(x) ?? this.#load(x);
    const { source, view } = sourceOf(x);
    if (isOfSameEntry(this.#kernel, x)) return this.#known.get(source)!;
    if (view.offset === 0) return this.#load(source);
    const key = `${source.id} ${view.offset}`;
    const found = this.#entries.get(key) ?? this.#memory(source, view.offset);
    this.#entries.set(key, found);
    return found;
  }

  #load(source: Value): Parts {
    const found = this.#loaded.get(source);
    if (found !== undefined) return found;
    const made = this.#memory(source, 0);
    this.#loaded.set(source, made);
    return made;
  }

  #memory(source: Value, entry: number): Parts {
    const position = { cursor: START, offset: this.#context.addresses(source) + entry * bytesOf(source.dtype) };
    return this.#emitter.load(source.dtype, position, 1, 1);
  }
}

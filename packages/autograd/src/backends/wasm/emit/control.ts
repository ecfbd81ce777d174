/**
 * Loops and branches: rows and what is carried are copied to where a body reads them, its kernels run, and what it
 * gives is copied out.
 */

import { countsSteps, type Control } from "../../../graph/control.ts";
import { countOf } from "../../../graph/shape.ts";
import type { Body, Callee } from "../assembler/body.ts";
import { i32, load, op, plus, times, type Expression } from "../assembler/expressions.ts";
import { copyBytes, fillDropped } from "./copy.ts";
import type { EmitContext } from "./context.ts";
import type { Kernel } from "../../../compile/schedule/kernel.ts";
import { bodiesOf } from "../../../compile/ir/control.ts";
import { bytesOf } from "../../../kernels/lanes/machine-types.ts";
import type { PlacedBody, PlacedControl } from "../../../compile/schedule/place-control.ts";
import { sourceOf, type Value } from "../../../compile/ir/value.ts";

/** The kernels that run a body once. */
interface RunnableBody {
  readonly context: EmitContext;
  readonly results: readonly Value[];
  readonly kernels: readonly Callee[];
}

const bytesIn = (shape: readonly number[], value: { readonly dtype: Value["dtype"] }): number =>
  countOf(shape) * bytesOf(value.dtype);

/** Makes functions of the kernels of all bodies; `emitKernel` makes one. */
export function emitBodies(
  placed: PlacedControl,
  context: EmitContext,
  emitKernel: (kernel: Kernel, context: EmitContext) => Callee,
): readonly RunnableBody[] {
  const { built, slots } = placed;
  const { before } = bodiesOf(built.control);
  const addressOfParameter = (k: number): number =>
    slots.get(k) ?? context.addresses(built.inputs[built.places[k + before]!]!);
  return placed.bodies.map(({ results, kernels, plan, base, inPlace }: PlacedBody) => {
    const inside: EmitContext = {
      ...context,
      addresses: (value) => {
        const { source } = sourceOf(value);
        const parameter = source.definition.kind === "state" ? source.definition.index : inPlace.get(source);
        return parameter === undefined ? base + plan.offsets.get(source)! : addressOfParameter(parameter);
      },
      isStored: (value) => plan.stored.has(value),
      part: null,
    };
    return { context: inside, results, kernels: kernels.map((kernel) => emitKernel(kernel, inside)) };
  });
}

/** Emits the kernel of a loop or a branch, whose members are what is asked of it. */
export function emitControl(
  body: Body,
  kernel: Kernel,
  placed: PlacedControl,
  bodies: readonly RunnableBody[],
  context: EmitContext,
): void {
  const { control } = placed.built;
  const emitter = new ControlEmitter(body, kernel, placed, bodies, context);
  switch (control.kind) {
    case "cond":
      return emitter.emitCond();
    case "while":
      return emitter.emitWhile(control);
    case "scan":
      return emitter.emitScan(control);
  }
}

/** The address of the row of a step, of an array with rows of so many bytes. */
type At = (address: number, bytes: number) => Expression;

/** An output of a loop or a branch that is asked for, and where it goes. */
interface Target {
  readonly output: NonNullable<Extract<Value["definition"], { readonly kind: "control" }>["output"]>;
  readonly to: number;
}

class ControlEmitter {
  readonly #body: Body;
  readonly #kernel: Kernel;
  readonly #placed: PlacedControl;
  readonly #bodies: readonly RunnableBody[];
  readonly #context: EmitContext;
  readonly #targets: readonly Target[];

  constructor(
    body: Body,
    kernel: Kernel,
    placed: PlacedControl,
    bodies: readonly RunnableBody[],
    context: EmitContext,
  ) {
    this.#body = body;
    this.#kernel = kernel;
    this.#placed = placed;
    this.#bodies = bodies;
    this.#context = context;
    this.#targets = kernel.members.flatMap((member) => {
      const { definition } = member;
      return definition.kind === "control" && definition.output !== null
        ? [{ output: definition.output, to: context.addresses(member) }]
        : [];
    });
  }

  emitCond(): void {
    const branch = (index: number): void => {
      this.#run(this.#bodies[index]!);
      this.#give(index, 0, i32);
    };
    this.#body.if(
      load("i32.load8_u", i32(this.#inputAt(0))),
      () => branch(0),
      () => branch(1),
    );
  }

  emitWhile(control: Extract<Control, { readonly kind: "while" }>): void {
    const body = this.#body;
    const { traps } = this.#context;
    const { bound } = control;
    const [condition, step] = this.#bodies as [RunnableBody, RunnableBody];
    const carried = this.#carrying(control, step);
    carried.begin();
    const count = body.local("i32");
    body.set(count, i32(0));
    body.block((leave) =>
      body.loop((again) => {
        this.#run(condition);
        leave(op("i32.eqz", load("i32.load8_u", i32(condition.context.addresses(condition.results[0]!)))));
        if (bound.room === null) {
          const isOver = body.let(op("i32.ge_u", count, i32(bound.most)));
          body.if(isOver, () => traps.note(body, this.#kernel.members[0]!, i32(0), []));
          leave(isOver);
        }
        if (bound.room === null || countsSteps(bound)) body.set(count, plus(count, 1));
        this.#run(step);
        // What goes on with another number than the one that was refused may never end.
        if (traps.address !== 0) leave(load("i32.load", i32(traps.address)));
        carried.next();
        again();
      }),
    );
    if (countsSteps(bound)) body.if(count, () => traps.note(body, this.#kernel.members[0]!, count, []));
    carried.end(this.#results);
  }

  emitScan(control: Extract<Control, { readonly kind: "scan" }>): void {
    const body = this.#body;
    const { built, slots } = this.#placed;
    const [step] = this.#bodies as [RunnableBody];
    const { length, backwards, carries } = control;
    const carried = this.#carrying(control, step);
    carried.begin();
    const count = body.local("i32");
    const row = backwards ? body.local("i32") : count;
    const at: At = (address, bytes) => plus(times(row, bytes), address);
    const takeStep = (): void => {
      for (const { parameter, shape, dtype } of built.rows) {
        const bytes = countOf(shape) * bytesOf(dtype);
        if (built.places[parameter]! >= 0)
          copyBytes(body, i32(slots.get(parameter)!), at(this.#inputAt(parameter), bytes), bytes);
      }
      this.#run(step);
      this.#give(0, carries, at);
      carried.next();
    };
    const gate = built.gate?.definition;
    const isRow = gate?.kind === "state" && gate.index >= carries;
    const each = (visit: () => void): void =>
      body.for(count, i32(0), i32(length), 1, () => {
        if (backwards) body.set(row, op("i32.sub", i32(length - 1), count));
        visit();
      });
    if (gate === undefined) each(takeStep);
    else if (isRow) {
      const isOpen = (): Expression => load("i32.load8_u", at(this.#inputAt(gate.index), 1));
      each(() => body.if(isOpen(), takeStep, () => this.#leaveOut(carries, at)));
    } else
      body.block((leave) =>
        each(() => {
          takeStep();
          const isOpen = body.let(load("i32.load8_u", i32(step.context.addresses(built.gate!))));
          body.if(op("i32.eqz", isOpen), () => this.#closeGates(length, plus(count, 1)));
          leave(op("i32.eqz", isOpen));
        }),
      );
    carried.end(this.#results);
  }

  /** Gives what a step that is left out gives where nothing came of it: -0, which adds nothing to any sum. */
  #leaveOut(first: number, at: At): void {
    for (const { output, to } of this.#targets) {
      if (output.kind !== "result" || output.index < first) continue;
      const value = this.#bodies[0]!.results[output.index]!;
      fillDropped(this.#body, value.dtype, at(to, bytesIn(value.shape, value)), countOf(value.shape));
    }
  }

  /** Says of all steps from one on that they do nothing: what reads them looks at bools first. */
  #closeGates(length: number, from: Expression): void {
    for (const { output, to } of this.#targets) {
      if (output.kind !== "kept" || output.value.dtype !== "bool") continue;
      const bytes = bytesIn(output.value.shape, output.value);
      this.#body.fillMemory(plus(times(from, bytes), to), i32(0), times(op("i32.sub", i32(length), from), bytes));
    }
  }

  #run({ kernels }: RunnableBody): void {
    for (const kernel of kernels) this.#body.call(kernel);
  }

  #inputAt(k: number): number {
    const { inputs, places } = this.#placed.built;
    return this.#context.addresses(inputs[places[k]!]!);
  }

  #carrying(control: Extract<Control, { readonly carries: number }>, step: RunnableBody): Carrying {
    return carrying(this.#body, control, this.#placed, step, (k) => this.#inputAt(k));
  }

  /** For each result the place where it goes; `null` for one that is not asked for. */
  get #results(): readonly (number | null)[] {
    const { results } = this.#placed.bodies.at(-1)!;
    return results.map(
      (_, k) => this.#targets.find(({ output }) => output.kind === "result" && output.index === k)?.to ?? null,
    );
  }

  /** Copies out what a body, the k-th, gives for good: results from `first` on, and what derivatives read. */
  #give(index: number, first: number, at: At): void {
    const { results, context } = this.#bodies[index]!;
    for (const { output, to } of this.#targets) {
      if (output.kind === "result" ? output.index < first : output.body !== index) continue;
      const value = output.kind === "result" ? results[output.index]! : output.value;
      const bytes = bytesIn(value.shape, value);
      copyBytes(this.#body, at(to, bytes), i32(context.addresses(value)), bytes);
    }
  }
}

/** The copies of what is carried: in at the beginning, on from step to step, out at the end. */
interface Carrying {
  begin(): void;
  next(): void;
  end(targets: readonly (number | null)[]): void;
}

function carrying(
  body: Body,
  { carries }: Extract<Control, { readonly carries: number }>,
  { slots }: PlacedControl,
  { results, context }: RunnableBody,
  input: (k: number) => number,
): Carrying {
  const each = (visit: (value: Value, slot: Expression, bytes: number, k: number) => void): void => {
    results.slice(0, carries).forEach((value, k) => visit(value, i32(slots.get(k)!), bytesIn(value.shape, value), k));
  };
  return {
    begin: () => each((_, slot, bytes, k) => copyBytes(body, slot, i32(input(k)), bytes)),
    next: () =>
      each((value, slot, bytes, k) => {
        const from = context.addresses(value);
        if (from !== slots.get(k)) copyBytes(body, slot, i32(from), bytes);
      }),
    end: (targets) =>
      each((_, slot, bytes, k) => {
        const to = targets[k];
        if (to !== null && to !== undefined) copyBytes(body, i32(to), slot, bytes);
      }),
  };
}

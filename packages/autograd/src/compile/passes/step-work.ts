/** The work of the steps of one loop that another loop can do, since it has all that the work is done on. */

import { countOf } from "../../graph/shape.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { isSlow } from "../ir/weight.ts";
import type { Builder } from "../ir/builder.ts";
import { carriesOf, scanOf, type BuiltControl, type Row } from "../ir/control.ts";
import { Replay } from "../ir/replay.ts";
import { inputsOf, reachable, type Definition, type Output, type Value } from "../ir/value.ts";

/** A loop that may be relieved: what it reads now, which of that nothing else reads, and what is needed of it. */
export interface Sweep {
  readonly built: BuiltControl;
  readonly inputs: readonly Value[];
  readonly alone: readonly boolean[];
  readonly outputs: readonly Output[];
}

const bytesIn = ({ shape, dtype }: Pick<Value, "shape" | "dtype">): number => countOf(shape) * bytesOf(dtype);

export class StepWork {
  readonly #sweep: Sweep;
  readonly #loop: BuiltControl;
  /** The values that the sweep needs in a step, and those of them that it gives. */
  readonly #needed: readonly Value[];
  readonly #roots: readonly Value[];
  /** Values that the loop can compute of the same step, each with whether it is slow. */
  readonly #known = new Map<Value, boolean>();
  /** Values that the loop is to hand on: slow, and read where the loop cannot compute. */
  readonly #border: ReadonlySet<Value>;
  /** Values of a step that the sweep still needs then. */
  readonly #left = new Set<Value>();
  #relieved: { readonly built: BuiltControl; readonly valueOf: (value: Value) => Value } | null = null;

  constructor(sweep: Sweep, loop: BuiltControl) {
    this.#sweep = sweep;
    this.#loop = loop;
    const body = sweep.built.bodies[0]!;
    const kept = sweep.outputs.flatMap((one) => (one.kind === "kept" ? [one.value] : []));
    const { gate } = sweep.built;
    this.#roots = [...body.results, ...kept, ...(gate === null ? [] : [gate])];
    this.#needed = reachable(body.values, this.#roots);
    const read = new Set(this.#roots);
    for (const value of this.#needed) {
      const slow = this.#slownessOf(value);
      if (slow !== null) this.#known.set(value, slow);
      else for (const x of inputsOf(value)) read.add(x);
    }
    this.#border = new Set(this.#needed.filter((value) => this.#known.get(value) === true && read.has(value)));
    const isLeft = (value: Value): boolean => !this.#border.has(value);
    for (const root of this.#roots) if (isLeft(root)) this.#left.add(root);
    for (const value of [...this.#needed].reverse()) {
      if (this.#left.has(value)) for (const x of inputsOf(value)) if (isLeft(x)) this.#left.add(x);
    }
  }

  /** True if there is such work, and what comes of it takes no more memory than what it is done on. */
  get isWorthMoving(): boolean {
    const { built, alone } = this.#sweep;
    if (this.#border.size === 0 || !this.#isInStep) return false;
    const left = this.#parametersLeft;
    const dropped = built.rows.filter(({ parameter }) => !left.has(parameter) && alone[built.places[parameter]!]);
    const sum = (list: readonly Pick<Value, "shape" | "dtype">[]): number =>
      list.reduce((bytes, one) => bytes + bytesIn(one), 0);
    return sum([...this.#border]) <= sum(dropped);
  }

  /** Has the loop do the work, and the sweep read what comes of it. */
  move(builder: Builder): void {
    const { built, inputs } = this.#sweep;
    const [body, own] = [built.bodies[0]!, this.#loop.bodies[0]!];
    const theirs = this.#computedByLoop();
    const replay = new Replay(body.builder);
    let next = built.places.length;
    const handed = [...this.#border].map((value) => {
      const row: Row = { parameter: next++, shape: value.shape, dtype: value.dtype };
      replay.set(value, body.builder.state(row.parameter, row.shape, row.dtype));
      const output: Output = { kind: "kept", body: 0, value: own.builder.dense(theirs.get(value)!) };
      builder.origin = value.origin;
      const stack = builder.define([this.#length, ...value.shape], value.dtype, this.#outputOf(this.#loop, output));
      return { row, stack };
    });
    for (const value of this.#needed) if (this.#left.has(value)) replay.set(value, replay.again(value));
    const left = this.#parametersLeft;
    const isRead = (k: number): boolean => built.places[k]! >= 0 && (k < carriesOf(built.control) || left.has(k));
    const read = [
      ...built.places.map((at, k) => (isRead(k) ? inputs[at]! : null)),
      ...handed.map(({ stack }) => stack),
    ];
    const all = [...new Set(read.filter((x) => x !== null))];
    this.#relieved = {
      built: {
        ...built,
        bodies: [{ ...body, results: body.results.map((x) => replay.now(x)) }],
        gate: built.gate === null ? null : replay.now(built.gate),
        inputs: all,
        places: read.map((x) => (x === null ? -1 : all.indexOf(x))),
        rows: [...built.rows.filter(({ parameter }) => isRead(parameter)), ...handed.map(({ row }) => row)],
      },
      valueOf: (value) => replay.now(value),
    };
  }

  /** An output of the sweep as one of the sweep with less to do. */
  definitionOf(output: Output): Definition {
    const { built, valueOf } = this.#relieved!;
    return this.#outputOf(built, output.kind === "kept" ? { ...output, value: valueOf(output.value) } : output);
  }

  #outputOf(built: BuiltControl, output: Output): Definition {
    return { kind: "control", built, output, inputs: built.inputs };
  }

  get #length(): number {
    return (this.#loop.control as Extract<BuiltControl["control"], { readonly kind: "scan" }>).length;
  }

  /**
   * True if both loops take as many steps: rows of the same number are then of the same step, and the other loop has
   * left out none that this one takes.
   */
  get #isInStep(): boolean {
    const { control, gate } = this.#sweep.built;
    return control.kind === "scan" && control.length === this.#length && (this.#loop.gate === null || gate !== null);
  }

  get #parametersLeft(): ReadonlySet<number> {
    const left = [...this.#left];
    return new Set(left.flatMap(({ definition }) => (definition.kind === "state" ? [definition.index] : [])));
  }

  /** True for what is slow of what the loop can compute; `null` for what it cannot. */
  #slownessOf(value: Value): boolean | null {
    const { definition } = value;
    switch (definition.kind) {
      case "state":
        return this.#inLoop(definition.index) === null ? null : false;
      case "scalar":
        return false;
      case "map":
      case "cast":
      case "view": {
        const slow = definition.inputs.map((x) => this.#known.get(x) ?? null);
        if (slow.includes(null)) return null;
        // What is slow is handed on as it is: a view of it takes no time.
        if (definition.kind === "view") return slow.includes(true) ? null : false;
        return slow.includes(true) || (definition.kind === "map" && isSlow(definition.op));
      }
      default:
        return null;
    }
  }

  /** The value of the loop that is a parameter of the sweep; `null` where there is none. */
  #inLoop(parameter: number): Value | null {
    const { built, inputs } = this.#sweep;
    const { inputs: theirs, places, rows, bodies, control } = this.#loop;
    const { builder, results } = bodies[0]!;
    const x = inputs[built.places[parameter]!]!;
    if (parameter < carriesOf(built.control)) return null;
    const isRow = built.rows.some((row) => row.parameter === parameter);
    if (isRow && scanOf(x) === this.#loop && x.definition.kind === "control") {
      const { output } = x.definition;
      if (output?.kind === "kept") return output.value;
      return output !== null && output.index >= carriesOf(control) ? results[output.index]! : null;
    }
    const isTheirRow = (k: number): boolean => rows.some((row) => row.parameter === k);
    const at = places.findIndex(
      (place, k) => k >= carriesOf(control) && theirs[place] === x && isTheirRow(k) === isRow,
    );
    if (at < 0) return null;
    return builder.state(at, isRow ? x.shape.slice(1) : x.shape, x.dtype);
  }

  /** The border, and what it is computed from, as values of the loop. */
  #computedByLoop(): ReadonlyMap<Value, Value> {
    const { builder } = this.#loop.bodies[0]!;
    const found = new Map<Value, Value>();
    const wanted = new Set(this.#border);
    for (const value of [...this.#needed].reverse())
      if (wanted.has(value)) inputsOf(value).forEach((x) => wanted.add(x));
    for (const value of this.#needed) {
      if (!wanted.has(value)) continue;
      const { definition, shape, dtype } = value;
      const inputs = inputsOf(value).map((x) => found.get(x)!);
      builder.origin = value.origin;
      switch (definition.kind) {
        case "state":
          found.set(value, this.#inLoop(definition.index)!);
          break;
        case "scalar":
          found.set(value, builder.repeat(definition.number, shape, dtype));
          break;
        case "map":
          found.set(value, builder.map(definition.op, ...inputs));
          break;
        case "cast":
          found.set(value, builder.cast(inputs[0]!, dtype, definition.purpose));
          break;
        case "view":
          found.set(value, builder.view(inputs[0]!, shape, definition.view));
          break;
        default:
          throw new Error(`internal: a loop cannot compute a ${definition.kind}`);
      }
    }
    return found;
  }
}

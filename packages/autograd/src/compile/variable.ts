/** A tensor that changes: read and assigned by functions, kept in the memory of programs between their calls. */

import type { Backend, Residence } from "../backends/backend.ts";
import { DTypeError, GraphError, ShapeError, showShape } from "../errors.ts";
import { holds, store, type DType } from "../graph/dtype.ts";
import { elementsOf } from "../graph/read.ts";
import { countOf, sameShape, strong } from "../graph/shape.ts";
import { Tensor } from "../graph/tensor.ts";
import { outermost, refuseLeaked, refuseTraced, traced, tracing, sameValue } from "../graph/tracing.ts";
import { besideType } from "../ops/conversion.ts";
import { asTensor } from "../ops/elementwise.ts";
import { fromElements } from "../ops/expansion.ts";
import { refuseExtra } from "../options.ts";
import type { Shape } from "../types/shape.ts";

/** A tensor that changes. See {@link variable}. */
export class Variable<S extends Shape = Shape> {
  readonly shape: S;
  readonly dtype: DType;
  /** The value, where no program has changed it since it was read or assigned. */
  #value: Tensor | null;
  /** The block in which programs keep it, from the first one on. */
  #residence: Residence | null = null;

  /** @internal Made by `variable`. */
  constructor(value: Tensor<S>) {
    this.shape = strong(value.shape) as S;
    this.dtype = value.dtype;
    this.#value = new Tensor(this.shape, value.dtype, value.storage);
  }

  /** The value as it is now; inside a compiled function, as it is when the program gets there. */
  read(): Tensor<S> {
    const trace = tracing();
    if (trace !== null) return this.#stateIn(trace).now as Tensor<S>;
    return (this.#value ??= fromElements(this.shape, this.dtype, this.#residence!.copy())) as Tensor<S>;
  }

  /**
   * Gives it another value, of its shape and type.
   *
   * @throws ShapeError, DTypeError; GraphError (`TRACED`) for a value that left a compiled function without being
   * returned
   */
  assign(value: Tensor | number): void {
    // A plain number takes the type of the variable, if that has it.
    if (typeof value === "number" && !holds(this.dtype, value)) {
      throw new DTypeError({
        op: "assign",
        problem: `the number ${value} for a variable of ${this.dtype}`,
        hint: "a variable keeps its type; round the number, or make the variable of floats",
      });
    }
    const given =
      typeof value === "number" ? new Tensor([], this.dtype, store(this.dtype, value)) : asTensor("assign", value);
    refuseLeaked("assign", given);
    const trace = tracing();
    const next = besideType("assign", given, this.dtype);
    if (!sameShape(next.shape, this.shape)) {
      throw new ShapeError({
        op: "assign",
        problem: `a value of shape ${showShape(next.shape)} for a variable of shape ${showShape(this.shape)}`,
        hint: "a variable keeps its shape",
        shapes: [next.shape, this.shape],
      });
    }
    if (next.dtype !== this.dtype)
      throw new DTypeError({
        op: "assign",
        problem: `a value of ${next.dtype} for a variable of ${this.dtype}`,
        hint: `cast(value, "${this.dtype}")`,
      });
    if (trace !== null) {
      if (trace.outer !== undefined) {
        throw new GraphError({
          op: "assign",
          problem: "a variable is assigned inside the body of a compiled loop or branch",
          hint: "carry the value through the loop, or return it, and assign it afterwards",
          code: "NOT_COMPILABLE",
        });
      }
      // What is assigned is a value: no derivative passes through a variable, here as outside.
      this.#stateIn(trace).now = sameValue(next);
      return;
    }
    this.#residence?.write(elementsOf(next));
    this.#value = new Tensor(this.shape, this.dtype, next.storage);
  }

  #stateIn(trace: NonNullable<ReturnType<typeof tracing>>): { readonly before: Tensor; now: Tensor } {
    const found = trace.states.get(this);
    if (found !== undefined) return found;
    // A state is the whole function's, also where a loop's body reads it.
    const before = traced(this.shape, this.dtype, { kind: "state", key: this }, outermost(trace));
    const state = { before, now: before };
    trace.states.set(this, state);
    return state;
  }

  /** @internal Where the programs of a backend keep it. */
  residenceIn(backend: Backend): Residence {
    return (this.#residence ??= backend.residence(this.dtype, countOf(this.shape)));
  }

  /** @internal Where programs find it; the value moves there when the first one asks. */
  addressIn(backend: Backend): number {
    return this.residenceIn(backend).address(this, this.#value === null ? null : elementsOf(this.#value));
  }

  /** @internal A program has changed it. */
  changed(): void {
    this.#value = null;
  }
}

/**
 * A tensor that changes: parameters, the state of an optimizer, a counter. Compiled functions that read and assign it
 * keep it in their memory from call to call; `read()` copies it out when it is asked for.
 *
 * @param value - its first value, and so its shape and type
 * @returns `read()` and `assign(value)`
 *
 * @example
 * const w = variable(tensor([1, 2]))
 * const step = compile((x: Tensor<[2]>) => w.assign(w.read().sub(x)))
 * step(tensor([0.5, 0.5]))
 * w.read().toArray() // => [0.5, 1.5]
 */
export function variable<S extends Shape>(value: Tensor<S>): Variable<S>;
export function variable(value: Tensor, extra?: unknown): Variable {
  refuseExtra("variable", extra, "variable(tensor(…))");
  const first = asTensor("variable", value);
  refuseTraced("variable", first);
  return new Variable(first);
}

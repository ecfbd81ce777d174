/** A program that people bring to such a library: its numbers, what it computes, and how its derivatives are proved. */

import { tensor, valueAndGrad, type Tensor } from "@chainrule/autograd";
import type { Values } from "../peers/work.ts";

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>;

/** A result that is the derivative of another one. */
export interface Slope {
  readonly of: string;
  /** The result with the derivative, by the name of what it is taken by. */
  readonly by: Readonly<Record<string, string>>;
  /** Set where each entry depends on its own inputs alone, and its derivative is one number. */
  readonly entrywise?: true;
}

/** One program, with values and derivatives as results. */
export interface Program {
  /** Also the name of the Python function that does it. */
  readonly id: string;
  readonly name: string;
  readonly parameters: Named;
  readonly data: Named;
  readonly run: (parameters: Named, data: Named) => Named;
  readonly slopes: readonly Slope[];
  /** Results in plain numbers, where no slope says whether they are right. */
  readonly expected?: () => Values;
}

/** A program in the types that it is written in. */
interface Written<P, D> {
  readonly id: string;
  readonly name: string;
  readonly parameters: P;
  readonly data: D;
}

type Mutable<S extends readonly number[]> = { -readonly [K in keyof S]: S[K] };

/** Numbers between -½ and ½ times a scale, the same in every run: x ↦ 16807 x modulo 2³¹ − 1. */
export function drawn<const S extends readonly number[]>(seed: number, shape: S, scale = 1): Tensor<Mutable<S>> {
  const numbers = new Float64Array(shape.reduce((count, size) => count * size, 1));
  let state = seed;
  for (let i = 0; i < numbers.length; i++) {
    state = (state * 16807) % 2147483647;
    numbers[i] = scale * (state / 2147483647 - 0.5);
  }
  return tensor(numbers, { shape, dtype: "float64" }) as unknown as Tensor<Mutable<S>>;
}

/** 1 for each such number above 0, and 0 for the others. */
export function drawnBits<const S extends readonly number[]>(seed: number, shape: S): Tensor<Mutable<S>> {
  return drawn(seed, shape).greater(0).cast("float64") as unknown as Tensor<Mutable<S>>;
}

/** A program with results of its own. */
export function program<P extends object, D extends object>(
  written: Written<P, D> & Pick<Program, "slopes" | "expected"> & { run: (parameters: P, data: D) => object },
): Program {
  return written as unknown as Program;
}

/** A program whose results are a loss, and its gradient by each parameter. */
export function fit<P extends object, D extends object>({
  loss,
  ...written
}: Written<P, D> & { loss: (parameters: P, data: D) => Tensor<[]> }): Program {
  const both = valueAndGrad(loss as never) as unknown as Program["run"];
  return program({
    ...written,
    run: (parameters: P, data: D) => {
      const { value, gradient } = both(parameters as unknown as Named, data as unknown as Named) as unknown as {
        readonly value: Tensor;
        readonly gradient: Named;
      };
      return { value, ...gradient };
    },
    slopes: [{ of: "value", by: Object.fromEntries(Object.keys(written.parameters).map((name) => [name, name])) }],
  });
}

/** What a row of the op table says about one public op: how it is called, on what, and what is right. */

import * as api from "../../src/index.ts";
import { Tensor, type DType } from "../../src/index.ts";
import type { NDArray } from "../oracles/arrays.ts";
import type { Complex } from "../oracles/complex.ts";

export type Shape = readonly number[];

/** Where the numbers of an operand are drawn from. Operands that share a domain object never share a number. */
export interface Domain {
  readonly low: number;
  readonly high: number;
  /** Half of the numbers are negated. */
  readonly signed?: true;
  /** Places without a derivative, which differences must not straddle. */
  readonly kinks?: readonly number[];
  /** Multiples of 1/64 only: sums and products of a few of them are exact. */
  readonly grid?: true;
}

/** One operand of an op. */
export interface Operand {
  readonly domain: Domain;
  /** Whether a derivative other than 0 exists. */
  readonly differentiable: boolean;
  /** The type of an operand that does not follow the others, such as a condition. */
  readonly dtype?: DType;
}

/** One call of the op: the shapes of its operands, `"number"` for a plain number, and the further arguments. */
export interface Sample<P extends readonly unknown[]> {
  readonly shapes: readonly (Shape | "number")[];
  readonly params: P;
  /** All operands are one tensor. */
  readonly repeat?: true;
  /** The numbers of each operand, where they are not drawn. */
  readonly data?: readonly (readonly number[])[];
  /** Only the value is looked at: the point is singular, or the result is NaN. */
  readonly valueOnly?: true;
}

/** A call that is refused. */
export interface Refusal {
  readonly args: readonly unknown[];
  readonly error: abstract new (...details: never[]) => Error;
  /** What the message contains. */
  readonly says: string;
  /** The op that the error names, where that is not the row's. */
  readonly op?: string;
}

/** A call with finite numbers whose value, or else whose derivative, is not finite. */
export interface Planted {
  readonly args: readonly (Tensor | number)[];
  readonly derivative?: true;
  readonly params?: readonly unknown[];
  /** The op that anomaly mode names, where that is not the row's. */
  readonly op?: string;
}

/** The derivative at a point where it is a matter of decision or of limits. */
export interface Settled {
  /** The numbers of each operand, a vector. */
  readonly at: readonly (readonly number[])[];
  /** The gradient of the sum of the result, by each operand. */
  readonly gradient: readonly (readonly number[])[];
  readonly params?: readonly unknown[];
}

/**
 * How near a value must be to its reference: the same number, within so many ulp, or within a few roundings of its
 * terms.
 */
export type Nearness = "exact" | { readonly ulp: number } | "terms";

/** What a row states. */
export interface RowSpec<P extends readonly unknown[]> {
  readonly name: string;
  /** The method of `Tensor`: the name where nothing is said, `null` for none. */
  readonly method?: string | null;
  /** The operands in order; the last one stands for all further ones. */
  readonly operands: readonly Operand[];
  /** The types that the free operands may have. */
  readonly dtypes: readonly DType[];
  /** The arguments of the function; the operands and then the further ones where nothing is said. */
  arguments?(operands: readonly (Tensor | number)[], params: P): readonly unknown[];
  /** The one tensor that is looked at, for a function that gives several. */
  pick?(result: unknown, params: P): Tensor;
  /** The value by other means. */
  reference(operands: readonly NDArray[], params: P): NDArray;
  resultDType?(dtype: DType, params: P): DType;
  readonly nearness: Nearness;
  /** The entry-wise function over complex numbers, where it is analytic. */
  complex?(...z: Complex[]): Complex;
  /** 1 for a linear op, 2 for a bilinear one: its differences are exact at any step. */
  readonly degree?: 1 | 2;
  /** To which order derivatives are checked. */
  readonly order: 0 | 1 | 2;
  readonly samples: readonly Sample<P>[];
  readonly errors: readonly Refusal[];
  readonly planted?: readonly Planted[];
  readonly settled?: readonly Settled[];
}

/** A row with everything filled in, its parameters no longer known to the compiler. */
export interface Row extends RowSpec<readonly unknown[]> {
  readonly method: string | null;
  arguments(operands: readonly (Tensor | number)[], params: readonly unknown[]): readonly unknown[];
  pick(result: unknown, params: readonly unknown[]): Tensor;
  resultDType(dtype: DType, params: readonly unknown[]): DType;
}

/** A row from what it states. */
export function row<P extends readonly unknown[]>(spec: RowSpec<P>): Row {
  return {
    method: spec.name,
    arguments: (operands, params) => [...operands, ...params],
    pick: (result) => result as Tensor,
    resultDType: (dtype) => dtype,
    ...(spec as RowSpec<readonly unknown[]>),
  };
}

/** The exported function of a name. */
export function functionOf(name: string): (...args: readonly unknown[]) => unknown {
  const exported: unknown = (api as Record<string, unknown>)[name];
  if (typeof exported !== "function") throw new Error(`the library exports no function ${name}`);
  return exported as (...args: readonly unknown[]) => unknown;
}

/** Calls a row's function. */
export function invoke(row: Row, operands: readonly (Tensor | number)[], params: readonly unknown[]): Tensor {
  return row.pick(functionOf(row.name)(...row.arguments(operands, params)), params);
}

/** Calls a row's method, where its first argument is a tensor that has one. */
export function invokeMethod(
  row: Row,
  operands: readonly (Tensor | number)[],
  params: readonly unknown[],
): Tensor | null {
  const [receiver, ...rest] = row.arguments(operands, params);
  if (row.method === null || !(receiver instanceof Tensor)) return null;
  const method = (receiver as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[row.method];
  if (method === undefined) throw new Error(`there is no method ${row.method}`);
  return row.pick(method.apply(receiver, rest), params);
}

/**
 * Tensor operations written out as scalar ones on dual numbers: an array here holds, for each entry, its place in a
 * list of duals.
 */

import { apply, constant, leaf, type Dual, type OperationName } from "../oracles/dual.ts";
import {
  array,
  at,
  build,
  elementwise,
  indicesOf,
  matmul as product,
  reduce,
  type NDArray,
} from "../oracles/arrays.ts";

/** A growing list of dual numbers. */
export class Sheet {
  readonly duals: Dual[];
  readonly #constants = new Map<number, number>();

  /** The entries of all leaves, one after the other. */
  constructor(entries: readonly number[], order: 1 | 2) {
    this.duals = entries.map((value, index) => leaf(value, index, entries.length, order));
    // Where no leaf has an entry, one that nothing reads gives the constants their order.
    if (entries.length === 0) this.duals.push(leaf(0, 0, 1, order));
  }

  /** The place of a number without derivatives. */
  number(value: number): number {
    const known = this.#constants.get(value);
    if (known !== undefined) return known;
    const place = this.duals.push(constant(value, this.duals[0]!)) - 1;
    this.#constants.set(value, place);
    return place;
  }

  /** Does one scalar operation; gives the place of its result. */
  scalar(op: OperationName, operands: readonly number[], params: readonly number[] = []): number {
    return (
      this.duals.push(
        apply(
          op,
          operands.map((place) => this.duals[place]!),
          params,
        ),
      ) - 1
    );
  }

  entrywise(op: OperationName, operands: readonly NDArray[], params: readonly number[] = []): NDArray {
    return elementwise((...places) => this.scalar(op, places, params), ...operands);
  }

  /** The left fold of a binary operation; an empty list gives the neutral number. */
  fold(op: "add" | "mul", places: readonly number[], neutral: number): number {
    const [first, ...rest] = places;
    return first === undefined
      ? this.number(neutral)
      : rest.reduce((sum, place) => this.scalar(op, [sum, place]), first);
  }

  sum(places: readonly number[]): number {
    return this.fold("add", places, 0);
  }

  mean(places: readonly number[]): number {
    return this.scalar("div", [this.sum(places), this.number(places.length)]);
  }

  variance(places: readonly number[]): number {
    const center = this.mean(places);
    const squares = places.map((place) => {
      const deviation = this.scalar("sub", [place, center]);
      return this.scalar("mul", [deviation, deviation]);
    });
    return this.mean(squares);
  }

  norm(places: readonly number[]): number {
    return this.scalar("sqrt", [this.sum(places.map((place) => this.scalar("mul", [place, place])))]);
  }

  sumOfExponentials(places: readonly number[]): number {
    return this.sum(places.map((place) => this.scalar("exp", [place])));
  }

  /** e^x, or x, over or less what the group of each entry says. */
  share(a: NDArray, axis: number, logarithm: boolean): NDArray {
    const whole = reduce((places) => this.sumOfExponentials(places), a, { axes: axis, keepDims: true });
    if (!logarithm) return this.entrywise("div", [this.entrywise("exp", [a]), whole]);
    return this.entrywise("sub", [a, this.entrywise("log", [whole])]);
  }

  /** The places of products, summed; the reference product finds which entries meet. */
  matmul(a: NDArray, b: NDArray): NDArray {
    const shape = product(a, b).shape;
    const left = a.shape.length === 1 ? array([1, ...a.shape], a.data) : a;
    const right = b.shape.length === 1 ? array([...b.shape, 1], b.data) : b;
    const [rows, inner] = left.shape.slice(-2) as [number, number];
    const columns = right.shape.at(-1)!;
    const batch = shape.slice(0, shape.length - (a.shape.length > 1 ? 1 : 0) - (b.shape.length > 1 ? 1 : 0));
    const pick = (x: NDArray, index: readonly number[], row: number, column: number): number => {
      const lead = x.shape.slice(0, -2);
      return at(x, [...lead.map((n, axis) => (n === 1 ? 0 : index[axis - lead.length + index.length]!)), row, column]);
    };
    const sums = indicesOf([...batch, rows, columns]).map((index) => {
      const [row, column] = index.slice(-2) as [number, number];
      const outer = index.slice(0, -2);
      const terms = Array.from({ length: inner }, (_, k) =>
        this.scalar("mul", [pick(left, outer, row, k), pick(right, outer, k, column)]),
      );
      return this.sum(terms);
    });
    return array(shape, sums);
  }

  /** a with the updates added at the positions of the first axis. */
  scatterAdd(a: NDArray, positions: readonly number[], updates: NDArray): NDArray {
    return build(a.shape, (index) => {
      const added = positions.flatMap((position, k) =>
        position === index[0] ? [at(updates, [k, ...index.slice(1)])] : [],
      );
      return this.scalar("add", [at(a, index), this.sum(added)]);
    });
  }
}

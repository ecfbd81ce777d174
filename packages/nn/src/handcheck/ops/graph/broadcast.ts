/** A sum over broadcast axes: x, perhaps broadcast, times another value, perhaps broadcast, or plus it. */

import { graphs } from "../../../locales/graphs.ts";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { relations } from "../../../locales/relations.ts";
import type { Words } from "../../../locales/words.ts";
import { indexOf, map, positionOf, stridesOf, type Numbers } from "../../bounds/numbers.ts";
import type { Kind } from "../../report.ts";
import { multiple, type Guess, type Path } from "./path.ts";

/** c times every entry. */
export const scaledBy = (c: number, value: Numbers): Numbers => map(value, (x) => c * x);

/** The numbers repeated to a larger shape; `null` where they do not broadcast. */
export function spread({ data, shape }: Numbers, to: readonly number[]): Numbers | null {
  const padded = [...new Array<number>(Math.max(0, to.length - shape.length)).fill(1), ...shape];
  if (padded.length !== to.length || padded.some((size, k) => size !== 1 && size !== to[k])) return null;
  const total = to.reduce((product_, size) => product_ * size, 1);
  const strides = stridesOf(padded);
  return {
    shape: to,
    data: Float64Array.from(
      { length: total },
      (_, i) => data[positionOf(i, to).reduce((at, p, k) => at + (padded[k] === 1 ? 0 : p * strides[k]!), 0)]!,
    ),
  };
}

/** Summed back to the shape of what was broadcast. */
export function gathered(
  { data, shape }: Numbers,
  to: readonly number[],
  keep: (position: readonly number[]) => boolean = () => true,
): Numbers | null {
  const padded = [...new Array<number>(Math.max(0, shape.length - to.length)).fill(1), ...to];
  if (padded.length !== shape.length || padded.some((size, k) => size !== 1 && size !== shape[k])) return null;
  const out = new Float64Array(to.reduce((product_, size) => product_ * size, 1));
  data.forEach((x, i) => {
    const position = positionOf(i, shape);
    if (keep(position))
      out[
        indexOf(
          position.map((p, k) => (padded[k] === 1 ? 0 : p)),
          padded,
        )
      ]! += x;
  });
  return { shape: to, data: out };
}

/** A value beside x, as wide as y; the first of them is 1 throughout and has no name. */
type Factor = readonly [name: string, wide: Numbers];

/** c Σ g m of a path: what comes back where x is multiplied by m, or added to something. */
class Sum {
  readonly #path: Path;
  readonly #factor: string;
  readonly #m: Numbers;
  readonly #c: number;
  readonly #right: Numbers;

  private constructor(path: Path, [factor, m]: Factor, c: number, right: Numbers) {
    [this.#path, this.#factor, this.#m, this.#c, this.#right] = [path, factor, m, c, right];
  }

  /** The sum whose multiple the gradient is; `null` where it is none. */
  static of(path: Path, factor: Factor): Sum | null {
    const made = productOf(path, factor[1]);
    const c = made === null ? null : multiple(path.correct, made);
    return made === null || c === null ? null : new Sum(path, factor, c, made);
  }

  /** True where axes are summed. */
  get #sums(): boolean {
    return this.#right.data.length < this.#path.g.data.length;
  }

  get #sigma(): string {
    return this.#sums ? "Σ " : "";
  }

  get #id(): string {
    return this.#sums ? "I3" : "B1";
  }

  /** The constant, where it is not 1. */
  get #scale(): string {
    return Math.abs(this.#c - 1) < 1e-9 ? "" : `${Number(this.#c.toPrecision(6))} `;
  }

  get #product(): string {
    return `g${this.#factor === "" ? "" : ` ${this.#factor}`}`;
  }

  #guess(kind: Kind, yours: string, says: Words, value: Numbers | null, id = this.#id): Guess[] {
    const rule = `${this.#scale}${this.#sigma}${this.#product}`;
    return value === null ? [] : [{ id, kind, yours, rule, says, value }];
  }

  /** c Σ g m for another m, or over some positions alone. */
  #times(m: Numbers, keep?: (position: readonly number[]) => boolean): Numbers | null {
    const made = productOf(this.#path, m, keep);
    return made === null ? null : scaledBy(this.#c, made);
  }

  /** The factor or the constant forgotten. */
  #forgotten(ones: Numbers): Guess[] {
    const [factor, scale, yours] = [this.#factor, this.#scale, `${this.#sigma}g`];
    const without = (one: string): Words => graphs.factorForgotten({ factor: one });
    return [
      ...(factor === "" ? [] : this.#guess("missing", yours, without(factor), this.#times(ones))),
      ...(scale === "" ? [] : this.#guess("constant", yours, without(scale.trimEnd()), this.#right, "B13")),
    ];
  }

  /** One line in the place of a sum over all of them. */
  #lines(): Guess[] {
    const { g, x } = this.#path;
    const padded = [...new Array<number>(Math.max(0, g.shape.length - x.shape.length)).fill(1), ...x.shape];
    const axis = g.shape.findIndex((size, k) => size > 1 && padded[k] === 1);
    if (!this.#sums || axis < 0) return [];
    const line = (text: string, at: number): Guess[] =>
      this.#guess(
        "missing",
        `the ${text} line of ${this.#product}`,
        kernelSlips.oneLine,
        this.#times(this.#m, (position) => position[axis] === at),
      );
    return [...line("last", g.shape[axis]! - 1), ...line("first", 0)];
  }

  /** Another value in the place of the factor. */
  #exchanged(factors: readonly Factor[]): Guess[] {
    if (this.#factor === "") return [];
    const others = factors.filter(([other]) => other !== this.#factor && other !== "");
    return others.flatMap(([other, wide]) =>
      this.#guess(
        "other",
        `${this.#sigma}g ${other}`,
        relations.standsFor({ given: other, needed: this.#factor }),
        this.#times(wide),
        this.#sums ? this.#id : "B9",
      ),
    );
  }

  guesses(factors: readonly Factor[]): Guess[] {
    return [...this.#forgotten(factors[0]![1]), ...this.#lines(), ...this.#exchanged(factors)];
  }
}

/** Σ g m in the shape of x; only over positions that are kept. */
const productOf = ({ g, x }: Path, m: Numbers, keep?: (position: readonly number[]) => boolean): Numbers | null =>
  gathered(
    map(g, (v, i) => v * m.data[i]!),
    x.shape,
    keep,
  );

/** x, perhaps broadcast, times another value, perhaps broadcast, or plus it: what comes back is c Σ g m. */
export function broadcast(path: Path): Guess[] {
  const { g, named, name } = path;
  const ones: Numbers = { shape: g.shape, data: new Float64Array(g.data.length).fill(1) };
  const factors: Factor[] = [["", ones]];
  for (const [other, value] of Object.entries(named)) {
    const wide = other === name ? null : spread(value, g.shape);
    if (wide !== null) factors.push([other, wide]);
  }
  for (const factor of factors) {
    const sum = Sum.of(path, factor);
    if (sum !== null) return sum.guesses(factors);
  }
  return [];
}

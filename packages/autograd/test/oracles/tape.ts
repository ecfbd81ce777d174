/**
 * A program written out entry by entry, run in plain floating point and in big numbers, with what its gates drop cut
 * out.
 */

import { add, fromNumber, mul, type Big } from "./bigfloat.ts";
import {
  addJets,
  chainJet,
  constantJet,
  mulJets,
  ORDERS,
  type Arithmetic,
  type Jet,
  type Local,
  type Order,
} from "./jets.ts";
import { localRules, Singular, Undecided, type LocalRule, type RuleName } from "./local-rules.ts";

export type GateName = "relu" | "abs" | "sign" | "clip" | "max" | "min" | "greater" | "dropped" | "origin";

type Step =
  | { readonly kind: "leaf"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "local"; readonly rule: RuleName; readonly operand: number; readonly params: readonly number[] }
  | { readonly kind: "add" | "mul"; readonly left: number; readonly right: number }
  | {
      readonly kind: "gate";
      readonly gate: GateName;
      readonly operands: readonly number[];
      readonly params: readonly number[];
    };

/** What is left of a gate at a point: a weighted sum of what it let through, or a number. */
interface Passed {
  readonly value: number;
  readonly terms: readonly (readonly [place: number, weight: number])[];
  /** Rounding may have decided, or a NaN. */
  readonly unsure?: boolean;
  /** The point is a kink, where the derivative is a convention. */
  readonly kink?: boolean;
}

const plainly: Arithmetic<number> = { add: (a, b) => a + b, mul: (a, b) => a * b };
const singly: Arithmetic<number> = { add: (a, b) => Math.fround(a + b), mul: (a, b) => Math.fround(a * b) };
const exactly: Arithmetic<Big> = { add, mul };

/** Numbers among which a function is exact where it gives one of them. */
const EXACT = new Set([0, 1, 2, Infinity]);

/** What a step reads. */
const placesOf = (step: Step): readonly number[] => {
  if (step.kind === "local") return [step.operand];
  if (step.kind === "add" || step.kind === "mul") return [step.left, step.right];
  return step.kind === "gate" ? step.operands : [];
};

/** Closer numbers may lie on either side of each other in another implementation. */
const NEAR = 1e-6;

const isNear = (a: number, b: number): boolean =>
  a !== b && Math.abs(a - b) <= NEAR * Math.max(Math.abs(a), Math.abs(b));

const settled = (value: number): Passed => ({ value, terms: [] });

/** The largest share the derivative equally. */
const extreme = (places: readonly number[], values: readonly number[], best: number): Passed => {
  const chosen = places.filter((_, k) => values[k] === best);
  return {
    value: best,
    terms: chosen.map((place) => [place, 1 / chosen.length]),
    unsure:
      Number.isNaN(best) ||
      values.some((value) => isNear(value, best) && !(Number.isInteger(value) && Number.isInteger(best))),
  };
};

const pass = (
  gate: GateName,
  places: readonly number[],
  values: readonly number[],
  params: readonly number[],
  isExact: (place: number) => boolean,
): Passed => {
  const [x] = values as [number];
  const [a] = places as [number];
  switch (gate) {
    case "relu":
      return { ...(x > 0 ? { value: x, terms: [[a, 1]] } : settled(0)), unsure: Number.isNaN(x) };
    case "abs":
      return {
        ...(x === 0 ? settled(0) : { value: Math.abs(x), terms: [[a, Math.sign(x)]] }),
        unsure: Number.isNaN(x),
        kink: x === 0,
      };
    case "sign":
      return { ...settled(Math.sign(x)), unsure: Number.isNaN(x) };
    case "clip": {
      const [low, high] = params as [number, number];
      const unsure = Number.isNaN(x) || isNear(x, low) || isNear(x, high);
      return { ...(x < low ? settled(low) : x > high ? settled(high) : { value: x, terms: [[a, 1]] }), unsure };
    }
    case "max":
      return extreme(places, values, Math.max(...values));
    case "min":
      return extreme(places, values, Math.min(...values));
    // where(x > c, y, z)
    case "greater": {
      const chosen = x > params[0]! ? 1 : 2;
      return {
        value: values[chosen]!,
        terms: [[places[chosen]!, 1]],
        unsure: Number.isNaN(x) || isNear(x, params[0]!),
      };
    }
    // x, of which nothing is known where all are 0 by rounding.
    case "origin":
      return { value: x, terms: [[a, 1]], kink: values.every((value) => value === 0) && !places.every(isExact) };
    // A constant factor or exponent of 0.
    case "dropped":
      return settled(params[0] === 0 ? x * params[0] : 1);
  }
};

/** What a run in floating point gives. */
export interface Plain {
  readonly jet: Jet<number>;
  /** Each coefficient as a sum of absolute terms: infinite where a term is not finite. */
  readonly bound: Jet<number>;
  readonly passed: ReadonlyMap<number, Passed>;
  readonly live: readonly boolean[];
  readonly unsure: boolean;
  readonly kink: boolean;
  /** A local derivative on the way is not finite. */
  readonly pole: boolean;
  /** The largest size of a number on the way, and the smallest that is not 0. */
  readonly largest: number;
  readonly smallest: number;
}

const UNIT = { float64: 2 ** -52, float32: 2 ** -23 } as const;
export type FloatType = keyof typeof UNIT;

export class Tape {
  readonly steps: Step[] = [];

  leaf(index: number): number {
    return this.steps.push({ kind: "leaf", index }) - 1;
  }

  constant(value: number): number {
    return this.steps.push({ kind: "constant", value }) - 1;
  }

  local(rule: RuleName, operand: number, params: readonly number[] = []): number {
    return this.steps.push({ kind: "local", rule, operand, params }) - 1;
  }

  add(left: number, right: number): number {
    return this.steps.push({ kind: "add", left, right }) - 1;
  }

  mul(left: number, right: number): number {
    return this.steps.push({ kind: "mul", left, right }) - 1;
  }

  gate(gate: GateName, operands: readonly number[], params: readonly number[] = []): number {
    return this.steps.push({ kind: "gate", gate, operands, params }) - 1;
  }

  sub(left: number, right: number): number {
    return this.add(left, this.local("neg", right));
  }

  div(left: number, right: number): number {
    return this.mul(left, this.local("reciprocal", right));
  }

  sum(places: readonly number[]): number {
    return places.length === 0 ? this.constant(0) : places.reduce((a, b) => this.add(a, b));
  }

  /** A product with a constant, which lets nothing through where it is 0. */
  weigh(place: number, factor: number): number {
    return factor === 0 ? this.gate("dropped", [place], [factor]) : this.mul(place, this.constant(factor));
  }

  /** The largest exponent, as a power of two of either sign, of a constant. */
  widest(): number {
    const constants = this.steps.flatMap((step) =>
      step.kind === "constant" ? [step.value] : "params" in step ? step.params : [],
    );
    return Math.max(
      0,
      ...constants.filter((c) => c !== 0 && Number.isFinite(c)).map((c) => Math.abs(Math.log2(Math.abs(c)))),
    );
  }

  /** The values alone, before anything is written behind them. */
  values(point: readonly number[], type: FloatType): number[] {
    return this.#plainJets(point, [], type, 1, () => 1).jets.map((jet) => jet[0]!);
  }

  #plainJets(
    point: readonly number[],
    directions: readonly number[],
    type: FloatType,
    order: Order,
    nudge: () => number,
  ) {
    const round = type === "float32" ? Math.fround : (x: number): number => x;
    const arithmetic = type === "float32" ? singly : plainly;
    const passed = new Map<number, Passed>();
    const jets: Jet<number>[] = [];
    const bounds: Jet<number>[] = [];
    const locals: (Local<number> | null)[] = [];
    const exact: boolean[] = [];
    const absolute = (jet: Jet<number>): Jet<number> => jet.map((part) => (part === null ? null : Math.abs(part)));
    this.steps.forEach((step, k) => {
      const [jet, bound, local] = ((): [Jet<number>, Jet<number>, Local<number> | null] => {
        switch (step.kind) {
          case "leaf": {
            const jet = [
              point[step.index]!,
              ...[1, 2, 3, 4, 5, 6, 7].map((part) =>
                (part & (part - 1)) === 0 && directions[Math.log2(part)] === step.index ? 1 : null,
              ),
            ];
            return [jet, absolute(jet), null];
          }
          case "constant": {
            const jet = constantJet(step.value);
            return [jet, absolute(jet), null];
          }
          case "local": {
            const rule: LocalRule = localRules[step.rule];
            const a = jets[step.operand]!;
            const [value, ...slopes] = rule.plain(a[0]!, step.params);
            const rounded = round(value);
            const moved = rule.rounded && !Number.isInteger(rounded) ? round(rounded * nudge()) : rounded;
            const local = [
              moved,
              ...slopes.map((slope) => (slope === null ? null : round(slope))),
            ] as unknown as Local<number>;
            return [
              chainJet(arithmetic, local, a, order),
              chainJet(plainly, absolute(local) as unknown as Local<number>, bounds[step.operand]!, order),
              local,
            ];
          }
          case "add":
            return [
              addJets(arithmetic, jets[step.left]!, jets[step.right]!),
              addJets(plainly, bounds[step.left]!, bounds[step.right]!),
              null,
            ];
          case "mul": {
            const jet = mulJets(arithmetic, jets[step.left]!, jets[step.right]!, order);
            return [jet, mulJets(plainly, bounds[step.left]!, bounds[step.right]!, order), null];
          }
          case "gate": {
            const through = pass(
              step.gate,
              step.operands,
              step.operands.map((place) => jets[place]![0]!),
              step.params,
              (place) => exact[place]!,
            );
            passed.set(k, through);
            const mix = (of: readonly Jet<number>[], sign: (weight: number) => number): Jet<number> =>
              through.terms
                .map(([place, weight]) => of[place]!.map((part) => (part === null ? null : part * sign(weight))))
                .reduce((a, b) => addJets(arithmetic, a, b), constantJet(0));
            return [
              [through.value, ...mix(jets, (w) => w).slice(1)],
              [Math.abs(through.value), ...mix(bounds, Math.abs).slice(1)],
              null,
            ];
          }
        }
      })();
      jets.push(jet);
      bounds.push(bound);
      locals.push(local);
      const read = placesOf(step);
      exact.push(
        read.every((place) => exact[place]!) &&
          (read.length === 0 || [k, ...read].every((place) => EXACT.has(Math.abs(jets[place]![0]!)))),
      );
    });
    return { jets, bounds, locals, passed };
  }

  /**
   * Whether a derivative is infinite because the function has a pole there, rather than because it is too large a
   * number.
   */
  #isSingular(at: number, jets: readonly Jet<number>[]): boolean {
    const step = this.steps[at]!;
    if (step.kind !== "local") return false;
    const x = jets[step.operand]![0]!;
    if (!Number.isFinite(x)) return true;
    try {
      (localRules[step.rule] as LocalRule).exact(fromNumber(x), step.params);
      return false;
    } catch (error) {
      if (error instanceof Singular) return true;
      if (error instanceof Undecided) return false;
      throw error;
    }
  }

  /** Which steps the last one depends on, past what the gates drop. */
  #reach(passed: ReadonlyMap<number, Passed>): boolean[] {
    const live = this.steps.map(() => false);
    live[live.length - 1] = true;
    for (let k = live.length - 1; k >= 0; k--) {
      const step = this.steps[k]!;
      if (live[k] !== true) continue;
      if (step.kind !== "gate") for (const place of placesOf(step)) live[place] = true;
      for (const [place] of passed.get(k)?.terms ?? []) live[place] = true;
    }
    return live;
  }

  /**
   * The last step in floating point, by the plain rules of IEEE 754; `nudge` gives factors close to 1 for what
   * functions return.
   */
  plain(
    point: readonly number[],
    directions: readonly number[],
    type: FloatType,
    order: Order,
    nudge: () => number = () => 1,
  ): Plain {
    const { jets, bounds, locals, passed } = this.#plainJets(point, directions, type, order, nudge);
    const live = this.#reach(passed);
    const gates = [...passed].filter(([k]) => live[k] === true).map(([, through]) => through);
    let [largest, smallest, pole] = [1, 1, false];
    this.steps.forEach((_, k) => {
      if (live[k] !== true) return;
      const moves = jets[k]!.some((part, at) => at > 0 && (at & ~ORDERS[order]) === 0 && part !== null);
      const [value, ...slopes] = locals[k] ?? [jets[k]![0]!];
      const used = slopes.slice(0, order).filter((slope) => slope !== null);
      if (moves && used.some((slope) => !Number.isFinite(slope)) && this.#isSingular(k, jets)) pole = true;
      for (const number of [value, ...used, ...jets[k]!.filter((part) => part !== null)].map(Math.abs)) {
        if (number > largest) largest = number;
        if (number > 0 && number < smallest) smallest = number;
        if (Number.isNaN(number)) largest = Infinity;
      }
    });
    return {
      jet: jets.at(-1)!,
      bound: bounds.at(-1)!,
      passed,
      live,
      pole,
      largest,
      smallest,
      unsure: gates.some(({ unsure }) => unsure === true),
      kink: gates.some(({ kink }) => kink === true),
    };
  }

  /** The last step in big numbers, with the gates as they were passed and without what they dropped. */
  exact(
    leaves: readonly Big[],
    directions: readonly number[],
    { passed, live }: Pick<Plain, "passed" | "live">,
    order: Order,
  ): Jet<Big> {
    const one = fromNumber(1);
    const jets: (Jet<Big> | null)[] = [];
    this.steps.forEach((step, k) => {
      if (live[k] !== true) {
        jets.push(null);
        return;
      }
      switch (step.kind) {
        case "leaf":
          jets.push([
            leaves[step.index]!,
            ...[1, 2, 3, 4, 5, 6, 7].map((part) =>
              (part & (part - 1)) === 0 && directions[Math.log2(part)] === step.index ? one : null,
            ),
          ]);
          break;
        case "constant":
          jets.push(constantJet(fromNumber(step.value)));
          break;
        case "local": {
          const rule: LocalRule = localRules[step.rule];
          const a = jets[step.operand]!;
          jets.push(chainJet(exactly, rule.exact(a[0]!, step.params), a, order));
          break;
        }
        case "add":
          jets.push(addJets(exactly, jets[step.left]!, jets[step.right]!));
          break;
        case "mul":
          jets.push(mulJets(exactly, jets[step.left]!, jets[step.right]!, order));
          break;
        case "gate": {
          const { value, terms } = passed.get(k)!;
          const weighed = terms.map(([place, weight]) =>
            jets[place]!.map((part) => (part === null ? null : mul(part, fromNumber(weight)))),
          );
          const still = constantJet(fromNumber(Number.isFinite(value) ? value : 0));
          jets.push(
            weighed.length === 0
              ? still
              : weighed.reduce<Jet<Big>>((a, b) => addJets(exactly, a, b), constantJet(fromNumber(0))),
          );
        }
      }
    });
    return jets.at(-1)!;
  }
}

/** The distance from 1 to the next number. */
export const unitOf = (type: FloatType): number => UNIT[type];

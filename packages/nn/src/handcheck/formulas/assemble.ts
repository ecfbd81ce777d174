/** Says what formulas give, as a hand: δ with samples as rows, W out × in, the parameters after a step. */

import { sense } from "../../locales/sense.ts";
import { jacobian } from "../equations/activations.ts";
import { forward } from "../equations/forward.ts";
import type { Hand } from "../report.ts";
import type { Quantity } from "./ast.ts";
import type { Evaluator } from "./evaluate.ts";
import { toRows, transpose, zip, type Grid } from "./grid.ts";
import { writtenRate } from "./habits.ts";
import { hasRows, isInByOut, isPerSample } from "./layout.ts";
import type { Plan } from "./plan.ts";
import { stop } from "./problem.ts";
import { keyOf, type Program, type Rule } from "./resolve.ts";
import type { Setup } from "./evaluate.ts";

type ByLayer = Record<number, number[][]>;

const checked: ReadonlySet<Quantity> = new Set([
  "u",
  "v",
  "delta",
  "gradW",
  "gradB",
  "W",
  "b",
  "nextW",
  "nextB",
  "stepW",
  "stepB",
  "gradV",
  "cost",
]);

/** True if a rule gives something that is checked, and not only a name for later. */
const isChecked = ({ target }: Rule): boolean =>
  checked.has(target.name) && !((target.name === "v" || target.name === "gradV") && target.layer?.offset === 0);

/** Rows of numbers plus a step. */
const after = (rows: ArrayLike<ArrayLike<number>>, step: Grid): number[][] =>
  toRows(
    zip(
      {
        rows: rows.length,
        cols: rows[0]!.length,
        data: Float64Array.from(Array.from(rows).flatMap((row) => Array.from(row))),
      },
      step,
      (w, d) => w + d,
    ),
  );

/** A hand as its rules are evaluated, one after the other. */
class Assembly {
  readonly #plan: Plan;
  readonly #setup: Setup;
  readonly #evaluator: Evaluator;
  readonly parts = {
    u: {} as ByLayer,
    v: {} as ByLayer,
    delta: {} as ByLayer,
    gradW: {} as ByLayer,
    gradB: {} as ByLayer,
    W: {} as ByLayer,
    b: {} as ByLayer,
  };
  cost: number | undefined;

  constructor(plan: Plan, setup: Setup, evaluator: Evaluator) {
    [this.#plan, this.#setup, this.#evaluator] = [plan, setup, evaluator];
  }

  #bySample(rule: Rule, units: number): number[][] {
    const { x } = this.#setup;
    if (isPerSample(this.#plan.layout)) return x.map((_, n) => Array.from(this.#evaluator.value(rule, n).data));
    const whole = this.#evaluator.value(rule, 0);
    const isAsHere = whole.rows === x.length && whole.cols === units && hasRows(this.#plan.layout);
    return toRows(isAsHere ? whole : transpose(whole));
  }

  #weights(rule: Rule): number[][] {
    const grid = this.#evaluator.value(rule, 0);
    return toRows(isInByOut(this.#plan.layout) ? transpose(grid) : grid);
  }

  #biases(rule: Rule): number[][] {
    const grid = this.#evaluator.value(rule, 0);
    if (grid.rows === 1 || grid.cols === 1) return [Array.from(grid.data)];
    return toRows(hasRows(this.#plan.layout) ? grid : transpose(grid));
  }

  /** Puts what a rule gives in its place; `hasDelta` says whether a formula gives the δ of its layer. */
  add(rule: Rule, hasDelta: (l: number) => boolean): void {
    const { sizes, net } = this.#setup;
    const { name } = rule.target;
    const l = rule.target.layer?.offset ?? sizes.length - 1;
    const { parts } = this;
    switch (name) {
      case "u":
      case "v":
      case "delta":
        parts[name][l] = this.#bySample(rule, sizes[l]!);
        break;
      case "gradV":
        // ∂C/∂v is judged by the δ that it means, unless a formula gives that δ.
        if (!hasDelta(l))
          parts.delta[l] = this.#bySample(rule, sizes[l]!).map((row, n) => throughActivation(this.#setup, l, row, n));
        break;
      case "gradW":
        parts.gradW[l] = this.#weights(rule);
        break;
      case "gradB":
        parts.gradB[l] = this.#biases(rule);
        break;
      case "W":
      case "nextW":
        parts.W[l] = this.#weights(rule);
        break;
      case "stepW":
        parts.W[l] = after(net.weights[l - 1]!, gridOf(this.#weights(rule)));
        break;
      case "b":
      case "nextB":
        parts.b[l] = this.#biases(rule);
        break;
      case "stepB":
        parts.b[l] = after([net.biases[l - 1]!], gridOf(this.#biases(rule)));
        break;
      case "cost":
        this.cost = this.#evaluator.value(rule, 0).data[0]!;
        break;
      default:
        break;
    }
  }
}

/** Evaluates all rules of a program into a hand; of several rules for one quantity the last counts. */
export function assemble(program: Program, plan: Plan, setup: Setup, evaluator: Evaluator): Hand {
  const last = new Map(program.rules.filter(isChecked).map((rule) => [keyOf(rule.target), rule]));
  if (last.size === 0) {
    const { target } = program.rules[0]!;
    stop("name", target, sense.nothingChecked);
  }
  const made = new Assembly(plan, setup, evaluator);
  for (const rule of last.values()) made.add(rule, (l) => last.has(`delta ${l}`));
  const { u, v, delta, gradW, gradB, W, b } = made.parts;
  const filled = (part: ByLayer): boolean => Object.keys(part).length > 0;
  const steps = filled(W) || filled(b);
  return {
    ...(filled(u) ? { u } : {}),
    ...(filled(v) ? { v } : {}),
    ...(filled(delta) ? { delta } : {}),
    ...(filled(gradW) ? { gradW } : {}),
    ...(filled(gradB) ? { gradB: flat(gradB) } : {}),
    ...(steps
      ? {
          next: { ...(filled(W) ? { W } : {}), ...(filled(b) ? { b: firstRows(b) } : {}) },
          eta: rate(program, setup, evaluator),
        }
      : {}),
    ...(mentionsLambda(program) ? { lambda: setup.lambda } : {}),
    ...(made.cost === undefined ? {} : { cost: made.cost }),
  };
}

/** η as the text has it. */
function rate(program: Program, { eta }: Setup, evaluator: Evaluator): number {
  const told = program.rules.findLast(({ target }) => target.name === "eta");
  const value = told === undefined ? eta : evaluator.value(told, 0).data[0]!;
  if (told !== undefined && !(value > 0)) stop("name", told.target, sense.rateNotPositive({ value }));
  return writtenRate(program) ?? value;
}

/** ∂C/∂u = (∂v/∂u)ᵀ ∂C/∂v of one sample. */
function throughActivation({ net, x }: Setup, l: number, gradV: readonly number[], n: number): number[] {
  const dv = jacobian(net.activations[l - 1]!, forward(net, x[n]!).u[l]!);
  return gradV.map((_, j) => gradV.reduce((sum, entry, k) => sum + entry * dv[k]![j]!, 0));
}

/** A bias is a list; one that was not reduced over the samples stays a matrix. */
function flat(gradB: ByLayer): Record<number, number[] | number[][] | number> {
  return Object.fromEntries(
    Object.entries(gradB).map(([l, rows]) => [
      l,
      rows.length === 1 ? (rows[0]!.length === 1 ? rows[0]![0]! : rows[0]!) : rows,
    ]),
  );
}

function firstRows(b: ByLayer): Record<number, number[]> {
  return Object.fromEntries(Object.entries(b).map(([l, rows]) => [l, rows[0]!]));
}

function gridOf(rows: number[][]): Grid {
  return { rows: rows.length, cols: rows[0]!.length, data: Float64Array.from(rows.flat()) };
}

function mentionsLambda({ rules }: Program): boolean {
  return JSON.stringify(rules.map(({ values }) => values)).includes('"name":"lambda"');
}

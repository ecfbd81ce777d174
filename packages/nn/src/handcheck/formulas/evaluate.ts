/**
 * The numbers of formulas on a network and a batch: what a person defined is used where it is named, the truth
 * elsewhere.
 */

import { sense } from "../../locales/sense.ts";
import { jacobian } from "../equations/activations.ts";
import { costGradient, sampleCost } from "../equations/costs.ts";
import type { PlainNetwork } from "../equations/network.ts";
import { activity } from "../equations/forward.ts";
import { backprop } from "../equations/backprop.ts";
import { once } from "../once.ts";
import {
  symbolsIn,
  type BinaryOperator,
  type CallNode,
  type Expr,
  type Index,
  type PartialNode,
  type SymbolNode,
} from "./ast.ts";
import { applied } from "./functions.ts";
import { columnOf, fromRows, grid, largest, map, product, scalar, total, transpose, zip, type Grid } from "./grid.ts";
import type { Ranges } from "./indices.ts";
import { axisIn, biasLike, hasRows, isInByOut, isPerSample, perSample, weightLike } from "./layout.ts";
import { claim, rangesOf, rulesByKey, type Plan } from "./plan.ts";
import { stop } from "./problem.ts";
import { keyOf, type Program, type Rule } from "./resolve.ts";
import { variesBySample } from "./shapes.ts";

/** A network, a batch with one sample in each row, and the constants of the learning rule. */
export interface Setup {
  readonly net: PlainNetwork;
  readonly sizes: readonly number[];
  readonly x: readonly (readonly number[])[];
  readonly t: readonly (readonly number[])[];
  readonly eta: number;
  readonly lambda: number;
}

type Environment = ReadonlyMap<Index, number>;
const nowhere: Environment = new Map();

const entrywise: Readonly<Record<Exclude<BinaryOperator, "matmul">, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  hadamard: (x, y) => x * y,
  divide: (x, y) => x / y,
  power: (x, y) => (y === 2 ? x * x : x ** y),
  greater: (x, y) => (x > y ? 1 : 0),
};

/** Evaluates the rules of a program; `choose` says which right-hand side of a chain counts. */
export class Evaluator {
  readonly #program: Program;
  readonly #plan: Plan;
  readonly #setup: Setup;
  readonly #choose: (rule: Rule) => Expr;
  readonly #byKey: ReadonlyMap<string, readonly Rule[]>;
  readonly #done = new Map<Rule, Map<number, Grid>>();
  readonly #under = new Set<Rule>();
  readonly #ranges = new Map<Rule, Ranges>();
  readonly #data = new Map<string, Grid>();
  readonly #sums: boolean;
  /** Whoever defines everything needs no truth. */
  readonly #truth;
  readonly #seen;

  constructor(program: Program, plan: Plan, setup: Setup, choose: (rule: Rule) => Expr = claim) {
    this.#program = program;
    this.#plan = plan;
    this.#setup = setup;
    this.#choose = choose;
    this.#byKey = rulesByKey(program.rules);
    this.#sums = writesItsOwnMean(program.rules);
    this.#truth = once(() => backprop(setup.net, setup.x, setup.t));
    this.#seen = once(() => setup.x.map((row) => activity(setup.net, row)));
  }

  /**
   * Returns what a rule gives for one sample; for a whole batch where the layout has no samples, or the quantity has
   * none.
   */
  value(rule: Rule, sample: number): Grid {
    const { name } = rule.target;
    const whole = !isPerSample(this.#plan.layout) || weightLike.has(name) || biasLike.has(name) || name === "cost";
    const at = whole ? 0 : sample;
    const memo = this.#done.get(rule) ?? new Map<number, Grid>();
    this.#done.set(rule, memo);
    const known = memo.get(at);
    if (known !== undefined) return known;
    if (this.#under.has(rule)) stop("name", rule.target, sense.definedByItself);
    this.#under.add(rule);
    const value =
      whole && isPerSample(this.#plan.layout) ? this.#reduced(rule) : this.#target(rule, this.#choose(rule), at);
    this.#under.delete(rule);
    memo.set(at, value);
    return value;
  }

  /** Term by term: what differs from sample to sample is summed or averaged, the rest stands once. */
  #reduced(rule: Rule): Grid {
    const samples = this.#setup.x.length;
    const varies = (expr: Expr): boolean => this.#varies(expr);
    const terms = (expr: Expr, sign: number): (readonly [Expr, number])[] => {
      if (expr.kind === "unary" && expr.operator === "negate") return terms(expr.of, -sign);
      if (expr.kind !== "binary" || (expr.operator !== "add" && expr.operator !== "subtract")) return [[expr, sign]];
      return [...terms(expr.left, sign), ...terms(expr.right, expr.operator === "add" ? sign : -sign)];
    };
    let sum: Grid | null = null;
    for (const [term, sign] of terms(this.#choose(rule), 1)) {
      let part = this.#target(rule, term, 0);
      if (varies(term)) {
        for (let n = 1; n < samples; n++) part = zip(part, this.#target(rule, term, n), (x, y) => x + y);
        if (!this.#sums || rule.target.name === "cost") part = map(part, (x) => x / samples);
      }
      sum = sum === null ? map(part, (x) => sign * x) : zip(sum, part, (x, y) => x + sign * y);
    }
    return sum!;
  }

  #varies(expr: Expr): boolean {
    return variesBySample(expr, (node) => this.#variesLocally(node));
  }

  #variesLocally(node: SymbolNode): boolean {
    const rule = this.#byKey.get(keyOf(node))?.at(-1);
    return (
      rule !== undefined &&
      !this.#under.has(rule) &&
      variesBySample(this.#choose(rule), (inner) => keyOf(inner) !== keyOf(node) && this.#variesLocally(inner))
    );
  }

  /** An expression for every value of the indices on the left; W comes out × in. */
  #target(rule: Rule, expr: Expr, sample: number): Grid {
    const { indices } = rule.target;
    if (indices.length === 0) return this.#eval(expr, rule, sample, nowhere);
    const [first, second] = this.#rangesOf(rule).target;
    const entry = (i: number, j: number): number => {
      const result = this.#eval(
        expr,
        rule,
        sample,
        new Map([[indices[0]!, i], ...(indices.length > 1 ? ([[indices[1]!, j]] as const) : [])]),
      );
      return result.data[0]!;
    };
    const whole = grid(first!, second ?? 1, entry);
    return weightLike.has(rule.target.name) && this.#plan.order === "in×out" ? transpose(whole) : whole;
  }

  #rangesOf(rule: Rule): Ranges {
    const known =
      this.#ranges.get(rule) ?? rangesOf(this.#program, rule, this.#choose(rule), this.#setup.sizes, this.#plan.order);
    this.#ranges.set(rule, known);
    return known;
  }

  #eval(expr: Expr, rule: Rule, sample: number, env: Environment): Grid {
    switch (expr.kind) {
      case "number":
        return scalar(expr.value);
      case "symbol":
        return this.#entry(this.#lookup(expr, rule, sample), expr, env);
      case "partial":
        return this.#jacobian(expr, rule, sample, env);
      case "call":
        return this.#call(expr, rule, sample, env);
      case "unary": {
        const of = this.#eval(expr.of, rule, sample, env);
        if (expr.operator === "negate") return map(of, (x) => -x);
        return expr.operator === "transpose"
          ? transpose(of)
          : grid(of.data.length, of.data.length, (i, j) => (i === j ? of.data[i]! : 0));
      }
      case "sigma": {
        const range = this.#rangesOf(rule).sums.get(expr) ?? 1;
        let sum: Grid | null = null;
        for (let k = 0; k < (range === "samples" ? this.#setup.x.length : range); k++) {
          const term =
            range === "samples"
              ? this.#eval(expr.of, rule, k, env)
              : this.#eval(expr.of, rule, sample, new Map([...env, [expr.index!, k]]));
          sum = sum === null ? term : zip(sum, term, (x, y) => x + y);
        }
        return sum!;
      }
      case "reduce": {
        const of = this.#eval(expr.of, rule, sample, env);
        const axis = axisIn(expr.axis, this.#plan.layout);
        if (expr.how === "max") return largest(of, axis);
        const sum = total(of, axis);
        return expr.how === "sum" ? sum : map(sum, (x) => (x * sum.data.length) / of.data.length);
      }
      case "binary": {
        const [left, right] = [this.#eval(expr.left, rule, sample, env), this.#eval(expr.right, rule, sample, env)];
        if (this.#plan.outer.has(expr)) return product(left, transpose(right));
        return expr.operator === "matmul" ? product(left, right) : zip(left, right, entrywise[expr.operator]);
      }
    }
  }

  /** One entry of a quantity with indices; the whole of one without. */
  #entry(whole: Grid, node: SymbolNode, env: Environment): Grid {
    if (node.indices.length === 0) return whole;
    const [i, j] = node.indices.map((index) => (typeof index === "number" ? index - 1 : env.get(index)!));
    if (node.indices.length === 1 || j === undefined) return scalar(whole.data[i!]!);
    const [row, col] = weightLike.has(node.name) && this.#plan.order === "in×out" ? [j, i!] : [i!, j];
    return scalar(whole.data[row * whole.cols + col]!);
  }

  #call(expr: CallNode, rule: Rule, sample: number, env: Environment): Grid {
    const { net, sizes } = this.#setup;
    const inside = symbolsIn(expr.of).filter(({ layer }) => layer !== null);
    // In σ(W v + b) the parameters are of the layer of σ, v is of the one below.
    const of =
      expr.of.kind === "symbol"
        ? expr.of
        : (inside.find(({ name }) => name === "W" || name === "b" || name === "u") ?? inside[0]);
    // σ belongs to the layer that it is written with, or to that of its argument.
    const layer = expr.layer?.offset ?? of?.layer?.offset ?? rule.target.layer?.offset ?? sizes.length - 1;
    const activation = net.activations[Math.max(layer, 1) - 1]!;
    const rows = hasRows(this.#plan.layout);
    // A softmax of one neuron needs all of them.
    if (
      expr.of.kind === "symbol" &&
      expr.of.indices.length > 0 &&
      (expr.name === "softmax" || (expr.name === "activation" && activation === "softmax"))
    ) {
      return this.#entry(applied(expr, activation, this.#lookup(expr.of, rule, sample), rows), expr.of, env);
    }
    return applied(expr, activation, this.#eval(expr.of, rule, sample, env), rows);
  }

  /** ∂v/∂u of one layer: an entry of the Jacobian, or all of it. */
  #jacobian({ of, by }: PartialNode, rule: Rule, sample: number, env: Environment): Grid {
    const layer = of.layer!.offset;
    const u = this.#lookup({ ...by, indices: [] }, rule, sample);
    const whole = fromRows(jacobian(this.#setup.net.activations[layer - 1]!, u.data));
    if (of.indices.length === 0) return whole;
    const [k, j] = [of.indices[0]!, by.indices[0]!].map((index) =>
      typeof index === "number" ? index - 1 : env.get(index)!,
    );
    return scalar(whole.data[k! * whole.cols + j!]!);
  }

  /** A quantity: the person's own where a formula gives it, else the truth. */
  #lookup(node: SymbolNode, rule: Rule, sample: number): Grid {
    const key = keyOf(node);
    const all = this.#byKey.get(key) ?? [];
    // A parameter is updated from the formula on that updates it; a quantity that occurs in its own formula is what it
    // was before.
    const earlier = node.name === "W" || node.name === "b" || keyOf(rule.target) === key;
    const own = all.findLast(({ order }) => order < rule.order) ?? (earlier ? undefined : all.at(-1));
    if (own !== undefined) return this.value(own, sample);
    if (keyOf(rule.target) === key && ["delta", "u", "v", "local", "gradV", "error"].includes(node.name)) {
      stop("name", node, sense.onlyAnotherName);
    }
    // Ng's Δ ← Δ + δ aᵀ begins with 0.
    if (
      keyOf(rule.target) === key &&
      (node.name === "gradW" || node.name === "gradB") &&
      this.#varies(this.#choose(rule)) &&
      isAddedTo(this.#choose(rule), key)
    )
      return map(this.#given(node, rule, sample), () => 0);
    return this.#given(node, rule, sample);
  }

  #given(node: SymbolNode, rule: Rule, sample: number): Grid {
    const { net, sizes, eta, lambda, x } = this.#setup;
    const last = sizes.length - 1;
    const layer = node.layer?.offset ?? last;
    switch (node.name) {
      case "N":
        return scalar(x.length);
      case "eta":
        return scalar(eta);
      case "lambda":
        return scalar(lambda);
      case "cost":
        return scalar(
          sampleCost(net.cost, net.activations[last - 1]!, this.#seen()[sample]!.u[last]!, this.#setup.t[sample]!),
        );
      case "error": {
        const place = { start: node.start, end: node.end, indices: [], kind: "symbol", local: "" } as const;
        const output = this.#lookup({ ...place, name: "v", layer: { base: "number", offset: last } }, rule, sample);
        return zip(this.#truthOf("t", last, sample), output, (t, v) => t - v);
      }
      case "gradV":
        return this.#gradV(node, layer, rule, sample);
      // The step of the learning rule is -η times the gradient.
      case "stepW":
      case "stepB":
        return map(
          this.#lookup({ ...node, name: node.name === "stepW" ? "gradW" : "gradB" }, rule, sample),
          (x) => -eta * x,
        );
      case "nextW":
      case "nextB":
      case "local":
        return stop("name", node, sense.notGiven);
      case "W":
      case "b":
      case "u":
      case "v":
      case "t":
      case "delta":
      case "gradW":
      case "gradB":
        return this.#truthOf(node.name, layer, sample);
    }
  }

  /** ∂C/∂v: of the last layer the cost's own, below it what the δ of the layer above says. */
  #gradV(node: SymbolNode, layer: number, rule: Rule, sample: number): Grid {
    const { net, sizes, t } = this.#setup;
    const last = sizes.length - 1;
    if (layer === last) return this.#batch(sample, (n) => costGradient(net.cost, this.#seen()[n]!.v[last]!, t[n]!));
    const above = { ...node, name: "delta", layer: { base: "number", offset: layer + 1 }, indices: [] } as const;
    const delta = this.#lookup(above, rule, sample);
    const W = this.#truthOf("W", layer + 1, sample);
    const turned = isInByOut(this.#plan.layout) ? W : transpose(W);
    return hasRows(this.#plan.layout) ? product(delta, transpose(turned)) : product(turned, delta);
  }

  /** Something that every sample has, laid out. */
  #batch(sample: number, of: (n: number) => ArrayLike<number>): Grid {
    const { layout } = this.#plan;
    const rows = isPerSample(layout) ? fromRows([of(sample)]) : fromRows(this.#setup.x.map((_, n) => of(n)));
    return hasRows(layout) ? rows : transpose(rows);
  }

  #truthOf(name: "W" | "b" | "u" | "v" | "t" | "delta" | "gradW" | "gradB", layer: number, sample: number): Grid {
    const key = `${name} ${layer} ${perSample.has(name) ? sample : ""}`;
    const known = this.#data.get(key);
    if (known !== undefined) return known;
    const made = this.#layOut(name, layer, sample);
    this.#data.set(key, made);
    return made;
  }

  #layOut(name: "W" | "b" | "u" | "v" | "t" | "delta" | "gradW" | "gradB", layer: number, sample: number): Grid {
    const { net, t } = this.#setup;
    const { layout } = this.#plan;
    const matrix = (rows: Grid): Grid => (isInByOut(layout) ? transpose(rows) : rows);
    const vector = (entries: ArrayLike<number>): Grid =>
      hasRows(layout) ? transpose(columnOf(entries)) : columnOf(entries);
    switch (name) {
      case "W":
        return matrix(fromRows(net.weights[layer - 1]!));
      case "gradW":
        return matrix(fromRows(this.#truth().layers[layer - 1]!.gradW));
      case "b":
        return vector(net.biases[layer - 1]!);
      case "gradB":
        return vector(this.#truth().layers[layer - 1]!.gradB);
      case "u":
        return this.#batch(sample, (n) => this.#seen()[n]!.u[layer]!);
      case "v":
        return this.#batch(sample, (n) => this.#seen()[n]!.v[layer]!);
      case "delta":
        return this.#batch(sample, (n) => this.#truth().layers[layer - 1]!.delta[n]!);
      case "t":
        return this.#batch(sample, (n) => t[n]!);
    }
  }
}

/** True if an expression is what it was before and something more. */
function isAddedTo(expr: Expr, key: string): boolean {
  if (expr.kind === "symbol") return keyOf(expr) === key;
  if (expr.kind !== "binary" || (expr.operator !== "add" && expr.operator !== "subtract")) return false;
  return isAddedTo(expr.left, key) || (expr.operator === "add" && isAddedTo(expr.right, key));
}

/**
 * True if the formulas of δ, ∂C/∂W and ∂C/∂b divide by N themselves; then samples are summed, else averaged. λ/N is no
 * mean.
 */
function writesItsOwnMean(rules: readonly Rule[]): boolean {
  const dividesData = (expr: Expr): boolean => {
    if (expr.kind === "symbol") return expr.name === "N";
    if (
      expr.kind === "binary" &&
      expr.operator === "divide" &&
      symbolsIn(expr.left).some(({ name }) => name === "lambda")
    )
      return false;
    if (expr.kind === "binary") return dividesData(expr.left) || dividesData(expr.right);
    return expr.kind !== "number" && expr.kind !== "partial" && dividesData(expr.of);
  };
  return rules.some(
    ({ target, values }) => target.name !== "cost" && target.name !== "N" && dividesData(values[values.length - 1]!),
  );
}

/**
 * Says what a person's own names mean: by the forward pass that defines them, by what they are called, by the gradient
 * that they make.
 */

import { recordNames, recordOf } from "../../network/activation.ts";
import type { NeuronName } from "../../network/activations/table.ts";
import {
  symbolsIn,
  walk,
  withChildren,
  type Expr,
  type Formula,
  type FunctionName,
  type Quantity,
  type SymbolNode,
} from "./ast.ts";
import { roleOf, type Role } from "./aliases.ts";
import { sameSymbol } from "./own.ts";
import { changedSymbols, renumberedLayer, type Numbering } from "./numbering.ts";
import { isBefore, plainName } from "./versions.ts";

/** Names by what they mean. */
export type Roles = ReadonlyMap<string, Role>;

const activations: ReadonlySet<FunctionName> = new Set<FunctionName>(["activation", ...recordNames]);
const ofWeights: ReadonlySet<Quantity> = new Set(["gradW", "stepW", "nextW", "W"]);
const ofBiases: ReadonlySet<Quantity> = new Set(["gradB", "stepB", "nextB", "b"]);

const keyOf = ({ local, layer }: SymbolNode): string =>
  layer === null ? local : `${local}[${layer.base} ${layer.offset}]`;

/** Finds the roles of names in formulas that are numbered in our way. */
export function findRoles(formulas: readonly Formula[], numbering: Numbering, last: number): Map<string, Role> {
  return new Finder(formulas, numbering, last).find();
}

/** The formulas with quantities in place of names; what is then only another name for a quantity is left out. */
export function withRoles(formulas: readonly Formula[], roles: Roles): Formula[] {
  const isInput = ({ name, layer }: SymbolNode): boolean =>
    name === "v" && layer?.base === "number" && layer.offset === 0;
  const isName = ({ target, values }: Formula, before: Formula): boolean =>
    before.target.kind === "symbol" &&
    (before.target.name === "local" || isInput(before.target)) &&
    values.length === 1 &&
    sameSymbol(target, values[0]!);
  const changed = withQuantities(formulas, roles);
  const rest = changed.filter((formula, order) => !isName(formula, formulas[order]!));
  return rest.length === 0 ? [...formulas] : rest;
}

function withQuantities(formulas: readonly Formula[], roles: Roles): Formula[] {
  return changedSymbols(formulas, (node) => {
    const role = node.name === "local" ? roles.get(keyOf(node)) : undefined;
    return role === undefined ? node : { ...node, name: role.name, layer: role.layer, local: "" };
  });
}

class Finder {
  readonly #formulas: readonly Formula[];
  readonly #numbering: Numbering;
  readonly #last: number;
  readonly #roles = new Map<string, Role>();
  readonly #defined: ReadonlyMap<string, Formula>;

  constructor(formulas: readonly Formula[], numbering: Numbering, last: number) {
    this.#formulas = formulas;
    this.#numbering = numbering;
    this.#last = last;
    this.#defined = new Map(
      formulas.flatMap((formula) =>
        formula.target.kind === "symbol" && formula.target.name === "local"
          ? [[keyOf(formula.target), formula] as const]
          : [],
      ),
    );
  }

  find(): Map<string, Role> {
    this.#inputs();
    for (const formula of this.#formulas) this.#forward(formula);
    this.#byName();
    // What has a name now may carry the forward pass on.
    for (const formula of this.#formulas) this.#forward(formula);
    this.#updates();
    for (const formula of this.#formulas) this.#backward(formula);
    return this.#roles;
  }

  #give(node: SymbolNode, name: Quantity, layer: number): void {
    if (node.name === "local" && !this.#roles.has(keyOf(node)) && layer >= 0 && layer <= this.#last)
      this.#roles.set(keyOf(node), { name, layer: { base: "number", offset: layer } });
  }

  /** A quantity and its layer where that is a number. */
  #known(expr: Expr): { readonly name: Quantity; readonly layer: number } | null {
    if (expr.kind !== "symbol" || expr.indices.length > 0) return null;
    const { name, layer } = this.#roles.get(keyOf(expr)) ?? expr;
    const number = layer?.base === "number" ? layer.offset : layer?.base === "L" ? this.#last + layer.offset : null;
    return name === "local" || number === null ? null : { name, layer: number };
  }

  #isDefined = (node: SymbolNode): boolean => this.#defined.has(keyOf(node));

  /** `l0` and `inputs`, before the forward pass is followed. */
  #inputs(): void {
    for (const node of this.#locals()) {
      const role = this.#isDefined(node) ? null : this.#called(node);
      if (role?.name === "v" && role.layer.base === "number" && role.layer.offset === 0) this.#give(node, "v", 0);
    }
  }

  #locals(): SymbolNode[] {
    return this.#formulas
      .flatMap(({ target, values }) => [target, ...values].flatMap(symbolsIn))
      .filter(({ name }) => name === "local");
  }

  #called(node: SymbolNode): Role | null {
    const role = roleOf(plainName(node.local), node.layer, this.#numbering);
    if (role === null || (role.layer.base === "hidden" && this.#last > 2)) return null;
    const layer = renumberedLayer(role.layer, 0, this.#last, node);
    return { ...role, layer: layer.base === "L" ? { base: "number", offset: this.#last + layer.offset } : layer };
  }

  /** v^{l-1} and a matrix side by side are the product of layer l. */
  #product(expr: Expr): number | null {
    const bare = expr.kind === "unary" && expr.operator === "transpose" ? expr.of : expr;
    if (bare.kind !== "binary" || bare.operator !== "matmul") return null;
    const [left, right] = [untransposed(bare.left), untransposed(bare.right)];
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const below = this.#known(one);
      if (below?.name !== "v" || below.layer >= this.#last || other.kind !== "symbol" || other.indices.length > 0)
        continue;
      if (other.name === "W" && other.layer === null) return below.layer + 1;
      if (this.#known(other)?.name === "W")
        return this.#known(other)!.layer === below.layer + 1 ? below.layer + 1 : null;
      if (other.name !== "local" || this.#isDefined(other) || this.#roles.has(keyOf(other))) continue;
      this.#give(other, "W", below.layer + 1);
      return below.layer + 1;
    }
    return null;
  }

  /** The layer of which an expression is u: W v, W v + b, or a name for one of them. */
  #input(expr: Expr): number | null {
    if (expr.kind === "symbol") {
      const own = this.#known(expr);
      if (own?.name === "u") return own.layer;
      const formula = this.#defined.get(keyOf(expr));
      const layer =
        expr.name !== "local" ||
        this.#roles.has(keyOf(expr)) ||
        formula === undefined ||
        formula.target.kind !== "symbol" ||
        keyOf(formula.target) !== keyOf(expr)
          ? null
          : this.#product(formula.values[0]!);
      return layer;
    }
    const product = this.#product(expr);
    if (product !== null) return product;
    if (expr.kind !== "binary" || expr.operator !== "add") return null;
    for (const [one, other] of [
      [expr.left, expr.right],
      [expr.right, expr.left],
    ] as const) {
      const layer = this.#input(one);
      if (layer === null || other.kind !== "symbol") continue;
      if (this.#known(other)?.name === "b" || (other.name === "b" && other.layer === null)) return layer;
      if (other.name !== "local" || this.#isDefined(other)) continue;
      this.#give(other, "b", layer);
      return layer;
    }
    return null;
  }

  #forward({ target, values }: Formula): void {
    const value = values[values.length - 1]!;
    if (target.kind !== "symbol") return;
    const same = this.#known(value);
    if (same !== null && ["v", "u", "W", "b"].includes(same.name)) this.#give(target, same.name, same.layer);
    if (value.kind === "call" && activations.has(value.name) && !value.prime) {
      const layer = this.#input(value.of);
      if (layer === null) return;
      // Who hands it to σ without a bias has none.
      if (value.of.kind === "symbol") this.#give(value.of, "u", layer);
      this.#give(target, "v", layer);
      return;
    }
    if (value.kind === "binary" && value.operator === "add") {
      const layer = this.#input(value);
      if (layer !== null) this.#give(target, "u", layer);
    }
  }

  /** Names that say what they are; a v that the text defines is given by a function. */
  #byName(): void {
    for (const node of this.#locals()) {
      const role = this.#roles.has(keyOf(node)) ? null : this.#called(node);
      if (role === null) continue;
      const formula = this.#defined.get(keyOf(node));
      const [value] = formula?.values.slice(-1) ?? [];
      const fits =
        role.name === "v"
          ? value === undefined ||
            (value.kind === "call" && activations.has(value.name) && !value.prime) ||
            isLogistic(value)
          : role.name === "delta" || role.name === "gradW" || role.name === "gradB"
            ? value !== undefined || node.layer !== null
            : value === undefined || role.name === "u";
      if (!fits || (isBefore(node.local) && role.name !== "v" && role.name !== "u")) continue;
      if (role.name === "v" && value !== undefined && this.#isBackward(value)) continue;
      // Of several assignments to a δ only the last is it.
      if (this.#isEarlier(node)) continue;
      // Two names for one matrix: one of them is a slip.
      if ((role.name === "W" || role.name === "b") && this.#isTaken(role, node)) continue;
      this.#roles.set(keyOf(node), role);
    }
  }

  #isTaken(role: Role, { local }: SymbolNode): boolean {
    return [...this.#roles].some(
      ([key, { name, layer }]) =>
        name === role.name &&
        layer.base === role.layer.base &&
        layer.offset === role.layer.offset &&
        plainName(key) !== plainName(local),
    );
  }

  /** True if an error or a δ is in it, in its own name or in another. */
  #isBackward(expr: Expr, seen = new Set<string>()): boolean {
    return symbolsIn(expr).some((node) => {
      if (["t", "delta", "error", "gradV"].includes(node.name)) return true;
      const key = keyOf(node);
      const formula =
        node.name === "local" && !this.#roles.has(key) && !seen.has(key) ? this.#defined.get(key) : undefined;
      return formula !== undefined && this.#isBackward(formula.values[formula.values.length - 1]!, seen.add(key));
    });
  }

  /** Weights that are assigned to are the weights after a step. */
  #updates(): void {
    for (const node of this.#locals()) {
      const before = node.local.includes("#") ? this.#roles.get(`${plainName(node.local)}#0`) : undefined;
      if (before?.name === "W" || before?.name === "b") this.#roles.set(keyOf(node), before);
    }
  }

  #isEarlier({ local }: SymbolNode): boolean {
    if (!local.includes("#") || isBefore(local)) return false;
    const versions = [...this.#defined.keys()]
      .filter((key) => plainName(key) === plainName(local))
      .map((key) => Number(key.split("#")[1]));
    return Number(local.split("#")[1]) < Math.max(...versions);
  }

  /** In ∂C/∂W^l the factor beside v^{l-1} is δ^l, and what ∂C/∂b^l sums is δ^l too, whatever it is called. */
  #backward({ target, values }: Formula): void {
    const own = target.kind === "symbol" ? this.#known(target) : null;
    if (own === null) return;
    const isTaken =
      [...this.#roles.values()].some(
        ({ name, layer }) => name === "delta" && layer.offset === own.layer && layer.base === "number",
      ) ||
      this.#formulas.some(
        (formula) =>
          formula.target.kind === "symbol" &&
          formula.target.name === "delta" &&
          (this.#known(formula.target)?.layer ?? own.layer) === own.layer,
      );
    if (isTaken) return;
    for (const part of [...walk(values[values.length - 1]!)]) {
      const partner = ofWeights.has(own.name)
        ? this.#beside(part, own.layer - 1)
        : ofBiases.has(own.name) && part.kind === "reduce"
          ? part.of
          : null;
      if (
        partner?.kind === "symbol" &&
        partner.name === "local" &&
        this.#isDefined(partner) &&
        this.#isOnly(partner, own.layer)
      )
        return this.#give(partner, "delta", own.layer);
    }
  }

  #beside(expr: Expr, below: number): Expr | null {
    if (expr.kind !== "binary" || (expr.operator !== "matmul" && expr.operator !== "hadamard")) return null;
    const [left, right] = [untransposed(expr.left), untransposed(expr.right)];
    const isBelow = (one: Expr): boolean => {
      const known = this.#known(one);
      return known?.name === "v" && known.layer === below;
    };
    return isBelow(left) ? right : isBelow(right) ? left : null;
  }

  /** True if no other layer's gradient is made of it too. */
  #isOnly(node: SymbolNode, layer: number): boolean {
    return this.#formulas.every(({ target, values }) => {
      const own = target.kind === "symbol" ? this.#known(target) : null;
      return (
        own === null ||
        own.layer === layer ||
        !ofWeights.has(own.name) ||
        ![...walk(values[values.length - 1]!)].some((part) => {
          const partner = this.#beside(part, own.layer - 1);
          return partner?.kind === "symbol" && partner.name === "local" && keyOf(partner) === keyOf(node);
        })
      );
    });
  }
}

function untransposed(expr: Expr): Expr {
  return expr.kind === "unary" && expr.operator === "transpose" ? untransposed(expr.of) : expr;
}

/** 1 / (1 + exp(-x)), written out, or a softmax: exponentials over their sum. */
function isLogistic(expr: Expr): boolean {
  if (expr.kind !== "binary" || expr.operator !== "divide") return false;
  return (
    expr.right.kind === "reduce" || [...walk(expr.right)].some((part) => part.kind === "call" && part.name === "exp")
  );
}

/** True if σ′ can be written by the output alone. */
const hasOutputForm = (name: FunctionName): boolean =>
  name === "activation" ||
  name === "softmax" ||
  (recordNames.some((one) => one === name) && recordOf(name as NeuronName).neuron(1).ofOutput !== undefined);

/** The derivative forms: `sigmoid_derivative` that is given outputs alone is written in terms of the output. */
export function withDerivativeForms(formulas: readonly Formula[]): Formula[] {
  const definitions = new Map(
    formulas.flatMap(({ target, values }) =>
      target.kind === "symbol" && target.name === "local" ? [[target.local, values[values.length - 1]!] as const] : [],
    ),
  );
  const isOutput = (expr: Expr): boolean => {
    if (expr.kind === "symbol" && expr.name === "local") {
      const value = definitions.get(expr.local);
      return value?.kind === "call" && activations.has(value.name) && !value.prime;
    }
    if (expr.kind === "symbol") return expr.name === "v" && !(expr.layer?.base === "number" && expr.layer.offset === 0);
    return (
      (expr.kind === "call" && activations.has(expr.name) && !expr.prime) ||
      (expr.kind === "unary" && expr.operator === "transpose" && isOutput(expr.of))
    );
  };
  const calls = formulas
    .flatMap(({ values }) => values.flatMap((value) => [...walk(value)]))
    .filter((part) => part.kind === "call" && part.form === "word");
  const names = new Set(calls.map((part) => (part.kind === "call" ? part.name : "exp")));
  const inOutput = new Set(
    [...names].filter(
      (name) =>
        hasOutputForm(name) && calls.every((part) => part.kind !== "call" || part.name !== name || isOutput(part.of)),
    ),
  );
  const change = (expr: Expr): Expr => {
    const inner = withChildren(expr, change);
    return inner.kind === "call" && inner.form === "word" && inOutput.has(inner.name)
      ? { ...inner, form: "output" }
      : inner;
  };
  return formulas.map((formula) => ({ ...formula, values: formula.values.map(change) }));
}

/** The derivation as a program: the scalar equations in the order in which they can be computed. */

import type { ActivationName } from "../../../network/activation.ts";
import type { Expression, Letter, SymbolNode } from "../language/ast.ts";
import { chain, fraction, number, plus, symbol, times } from "../language/build.ts";
import { activationOf, letterOf, type Subject } from "../language/subject.ts";
import {
  costOf,
  count,
  delta,
  deltaOfHidden,
  deltaOfLast,
  error,
  hasError,
  hasShares,
  inputOf,
  share,
  target,
  u,
  v,
} from "./entries.ts";

/** Computes `target` for every neuron that its letters stand for. */
export interface Assignment {
  readonly kind: "assign" | "add";
  readonly target: SymbolNode;
  readonly value: Expression;
  readonly label: string;
}

/** Computes the outputs of a whole layer, or the shares of the cost, by a named function. */
export interface Activate {
  readonly kind: "activate";
  readonly target: SymbolNode;
  readonly input: SymbolNode;
  readonly by: ActivationName;
}

export type Statement = Assignment | Activate;

/** Forward through the layers for one sample. */
export function forwardStatements(subject: Subject): Statement[] {
  const statements: Statement[] = [];
  for (let l = 1; l <= subject.layers; l++) {
    const j = letterOf(subject, l);
    statements.push({ kind: "assign", target: u(l, j), value: inputOf(subject, l, j), label: "" });
    statements.push({ kind: "activate", target: v(l, j), input: u(l, j), by: activationOf(subject, l) });
  }
  const j = letterOf(subject, subject.layers);
  if (hasError(subject))
    statements.push({
      kind: "assign",
      target: error(j),
      value: plus(target(j), { kind: "negative", of: v(subject.layers, j) }),
      label: "",
    });
  if (hasShares(subject))
    statements.push({ kind: "activate", target: share(j), input: v(subject.layers, j), by: "softmax" });
  return [...statements, { kind: "add", target: symbol("cost"), value: meanOf(subject, costOf(subject)), label: "" }];
}

/** Backward through the layers for one sample, whose gradients are added to those of the batch. */
export function backwardStatements(subject: Subject): Statement[] {
  const statements: Statement[] = [];
  for (let l = subject.layers; l >= 1; l--) {
    const [j, i]: [Letter, Letter] = [letterOf(subject, l), letterOf(subject, l - 1)];
    const last = l === subject.layers;
    const value = last ? deltaOfLast(subject, j).steps.at(-1)! : deltaOfHidden(subject, l, j).at(-1)!;
    statements.push(
      { kind: "assign", target: delta(l, j), value, label: last ? "BP1" : "BP2" },
      { kind: "add", target: symbol("gradB", l, [j]), value: addend(subject, delta(l, j)), label: "BP3" },
      {
        kind: "add",
        target: symbol("gradW", l, [j, i]),
        value: addend(subject, chain(delta(l, j), v(l - 1, i))),
        label: "BP4",
      },
    );
  }
  return statements;
}

/** Returns what one sample adds to a gradient: with the sign and the mean that δ does not carry. */
function addend(subject: Subject, product: Expression): Expression {
  const mean = subject.notation.delta === "perSample" ? meanOf(subject, product) : product;
  return subject.notation.deltaSign === -1 ? { kind: "negative", of: mean } : mean;
}

function meanOf({ reduction }: Subject, of: Expression): Expression {
  return reduction === "mean" ? times(fraction(number(1), count), of) : of;
}

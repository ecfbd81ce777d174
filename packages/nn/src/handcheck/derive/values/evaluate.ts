/** The value of an expression: what the printed formula gives, computed as it is printed. */

import { activateOne, softmax } from "../../equations/activations.ts";
import { erf } from "../../equations/neurons.ts";
import type { Expression, Letter } from "../language/ast.ts";
import { layerNumber, neuronNumber } from "../language/subject.ts";
import { slopeAt, transposed, valueOfPartial, valueOfSymbol, type Scope, type Value } from "./symbols.ts";
import type { World } from "./world.ts";

/** The value of an expression for the numbers of a world, with its free letters given by the scope. */
export function evaluate(node: Expression, world: World, scope: Scope): Value {
  const value = (part: Expression): Value => evaluate(part, world, scope);
  switch (node.kind) {
    case "number":
      return node.value;
    case "matrix":
      return node.rows;
    case "symbol":
      return valueOfSymbol(node, world, scope);
    case "partial":
      return valueOfPartial(node, world, scope);
    case "sum":
      return total(node.over, 0, unitsOf(node.over, world, scope), node.of, world, scope);
    case "dots":
      return total(node.over, node.from, node.to, node.of, world, scope);
    case "sampleSum":
      return world.samples
        .map((_, sample) => evaluate(node.of, world, { ...scope, sample }))
        .reduce((a, b) => together(a, b, (x, y) => x + y));
    case "plus":
      return node.terms.map(value).reduce((a, b) => together(a, b, (x, y) => x + y));
    case "negative":
      return each(value(node.of), (x) => -x);
    case "times":
    case "hadamard":
      return node.factors.map(value).reduce((a, b) => together(a, b, (x, y) => x * y));
    case "matmul":
      return node.factors.map(value).reduce(product);
    case "transpose":
      return transposed(rowsOf(value(node.of)));
    case "fraction":
      return together(value(node.top), value(node.bottom), (x, y) => x / y);
    case "square":
      return each(value(node.of), (x) => x * x);
    case "apply":
      return applied(node, value(node.of), world, scope);
    case "holds": {
      const right = neuronNumber(node.right, scope.neurons);
      if (node.relation === ">") return each(value(node.left as Expression), (x) => (x > right ? 1 : 0));
      return neuronNumber(node.left as Letter | number, scope.neurons) === right ? 1 : 0;
    }
    case "axisSum": {
      const rows = rowsOf(value(node.of));
      const added = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);
      return node.axis === 0 ? [transposed(rows).map(added)] : rows.map((row) => [added(row)]);
    }
  }
}

/** How many neurons a letter stands for. */
export function unitsOf(letter: Letter, { subject }: World, { l }: Scope): number {
  return subject.sizes[layerNumber(letter.layer, subject, l)]!;
}

/** The scope with a letter standing for one neuron. */
export function withNeuron(scope: Scope, letter: string, neuron: number): Scope {
  return { ...scope, neurons: new Map(scope.neurons).set(letter, neuron) };
}

function total(over: Letter, from: number, to: number, of: Expression, world: World, scope: Scope): Value {
  let result: Value = 0;
  for (let k = from; k < to; k++)
    result = together(result, evaluate(of, world, withNeuron(scope, over.letter, k)), (x, y) => x + y);
  return result;
}

function applied(node: Expression & { kind: "apply" }, of: Value, world: World, scope: Scope): Value {
  const layer = node.layer === null ? 0 : layerNumber(node.layer, world.subject, scope.l);
  switch (node.name) {
    case "exp":
      return each(of, Math.exp);
    case "ln":
      return each(of, Math.log);
    case "tanh":
      return each(of, Math.tanh);
    case "erf":
      return each(of, erf);
    case "abs":
      return each(of, Math.abs);
    case "sign":
      return each(of, Math.sign);
    case "positivePart":
      return each(of, (x) => Math.max(0, x));
    case "slope":
      return slopeAt(of, layer, world);
    case "sigma": {
      const activation = world.net.activations[layer - 1]!;
      if (activation !== "softmax") return each(of, (x) => activateOne(activation, x));
      // The shares of one sample: along its own units.
      const rows = rowsOf(of);
      return world.subject.notation.arrays === "rows"
        ? rows.map((row) => softmax(row))
        : transposed(transposed(rows).map((row) => softmax(row)));
    }
  }
}

function rowsOf(value: Value): readonly (readonly number[])[] {
  return typeof value === "number" ? [[value]] : value;
}

function each(value: Value, f: (x: number) => number): Value {
  return typeof value === "number" ? f(value) : value.map((row) => row.map(f));
}

/** Entry by entry; a number, a row or a column is repeated to fit. */
function together(a: Value, b: Value, f: (x: number, y: number) => number): Value {
  if (typeof a === "number") return each(b, (y) => f(a, y));
  if (typeof b === "number") return each(a, (x) => f(x, b));
  const rows = fitting(a.length, b.length);
  const columns = fitting(a[0]!.length, b[0]!.length);
  const at = (m: readonly (readonly number[])[], j: number, k: number): number =>
    m[m.length === 1 ? 0 : j]![m[0]!.length === 1 ? 0 : k]!;
  return Array.from({ length: rows }, (_, j) =>
    Array.from({ length: columns }, (__, k) => f(at(a, j, k), at(b, j, k))),
  );
}

function fitting(a: number, b: number): number {
  if (a !== b && a !== 1 && b !== 1) throw new RangeError(`derive: internal: lengths ${a} and ${b} do not fit`);
  return Math.max(a, b);
}

function product(a: Value, b: Value): Value {
  const [left, right] = [rowsOf(a), transposed(rowsOf(b))];
  if (left[0]!.length !== right[0]!.length)
    throw new RangeError(`derive: internal: a product of ${left[0]!.length} columns and ${right[0]!.length} rows`);
  return left.map((row) => right.map((column) => row.reduce((total, x, k) => total + x * column[k]!, 0)));
}

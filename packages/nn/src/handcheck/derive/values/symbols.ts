/** The value of a symbol or of a derivative, in the layout, the sign and the scale of a notation. */

import { costOf } from "../../../network/cost.ts";
import { slope } from "../../equations/activations.ts";
import type { Index, PartialNode, SymbolNode } from "../language/ast.ts";
import { isElementwise, layerNumber, neuronNumber } from "../language/subject.ts";
import type { SampleValues, World } from "./world.ts";

/** A number, or rows of numbers. */
export type Value = number | readonly (readonly number[])[];

/** Holds what the letters stand for while an expression is evaluated. */
export interface Scope {
  readonly sample: number;
  readonly l: number | null;
  readonly neurons: ReadonlyMap<string, number>;
}

/** The value of a symbol. */
export function valueOfSymbol(node: SymbolNode, world: World, scope: Scope): Value {
  const { subject } = world;
  const layer = node.layer === null ? subject.layers : layerNumber(node.layer, subject, scope.l);
  const [first, second] = node.at.map((index: Index) => neuronNumber(index, scope.neurons));
  const entry = (row: readonly number[]): number => row[first!]!;
  const scale = scaleOfDelta(world);
  const samples = (read: (one: SampleValues) => readonly number[]): Value =>
    first === undefined
      ? arranged(node.sample ? [world.samples[scope.sample]!] : chosen(world, scope), read, world)
      : entry(read(world.samples[scope.sample]!));
  switch (node.role) {
    case "u":
    case "v":
      return samples((one) => one[node.role as "u" | "v"][layer]!);
    case "t":
    case "e":
    case "p":
      return samples((one) => one[node.role as "t" | "e" | "p"]);
    case "delta":
    case "gradV":
      return samples((one) => one[node.role as "delta" | "gradV"][layer]!.map((value) => scale * value));
    case "W":
      if (first !== undefined) return world.net.weights[layer - 1]![first]![second!]!;
      return weights(plainWeights(world, layer), first, second, world);
    case "gradW":
      return weights(world.batch.layers[layer - 1]!.gradW, first, second, world);
    case "nextW":
      return weights(nextWeights(world, layer), first, second, world);
    // One sample's own step: −η ∂C/∂w.
    case "stepW":
      return (
        -world.eta *
        world.samples[scope.sample]!.delta[layer]![first!]! *
        world.samples[scope.sample]!.v[layer - 1]![second!]!
      );
    case "b":
      return biases(Array.from(world.net.biases[layer - 1]!), first, world);
    case "gradB":
      return biases(world.batch.layers[layer - 1]!.gradB, first, world);
    case "nextB":
      return biases(nextBiases(world, layer), first, world);
    case "cost":
      return world.batch.cost;
    case "sampleCost":
      return world.samples[scope.sample]!.cost;
    case "c":
      return costOf(subject.cost).told.classWeights![first!]!;
    case "eta":
      return world.eta;
    case "count":
      return world.samples.length;
  }
}

/** The value of ∂ of / ∂ by. */
export function valueOfPartial({ of, by }: PartialNode, world: World, scope: Scope): Value {
  const { subject } = world;
  const one = world.samples[scope.sample]!;
  const layer = by.layer === null ? subject.layers : layerNumber(by.layer, subject, scope.l);
  const numbers = (node: SymbolNode): number[] => node.at.map((index) => neuronNumber(index, scope.neurons));
  const [to, from] = numbers(by);
  const [entry] = numbers(of);
  switch (`${of.role}/${by.role}`) {
    case "sampleCost/e":
      return costOf(subject.cost).record.squares!.scale(subject.sizes.at(-1)!) * one.e[to!]!;
    case "e/v":
      return entry === to ? -1 : 0;
    case "v/u":
      return one.jacobian[layer]![entry!]![to!]!;
    case "u/v":
      return world.net.weights[layer]![entry!]![to!]!;
    case "u/W":
      return entry === to ? one.v[layer - 1]![from!]! : 0;
    case "u/b":
      return entry === to ? 1 : 0;
    case "sampleCost/v":
    case "sampleCost/u": {
      const row = by.role === "v" ? one.gradV[layer]! : one.delta[layer]!;
      return to === undefined ? row.map((value) => [value]) : row[to]!;
    }
    case "sampleCost/W":
      return weights(
        one.delta[layer]!.map((d) => one.v[layer - 1]!.map((x) => d * x)),
        to,
        from,
        world,
      );
    case "sampleCost/b":
      return biases(one.delta[layer]!, to, world);
    case "cost/W":
      return weights(world.batch.layers[layer - 1]!.gradW, to, from, world);
    case "cost/b":
      return biases(world.batch.layers[layer - 1]!.gradB, to, world);
    default:
      throw new TypeError(`derive: internal: no value for ∂${of.role}/∂${by.role}`);
  }
}

/** σ′(u) of a layer, for one entry or for each. */
export function slopeAt(u: Value, layer: number, { subject, net }: World): Value {
  const activation = net.activations[layer - 1]!;
  if (activation === "softmax" || !isElementwise(subject, layer))
    throw new TypeError("derive: internal: softmax has no σ′ of one entry");
  return typeof u === "number" ? slope(activation, u) : u.map((row) => row.map((value) => slope(activation, value)));
}

function scaleOfDelta({ subject: { notation, reduction }, samples }: World): number {
  return notation.deltaSign / (notation.delta === "reduced" && reduction === "mean" ? samples.length : 1);
}

/** The samples that a whole array holds. */
function chosen({ subject, samples }: World, { sample }: Scope): readonly SampleValues[] {
  return subject.notation.arrays === "sample" ? [samples[sample]!] : samples;
}

function arranged(
  samples: readonly SampleValues[],
  read: (one: SampleValues) => readonly number[],
  { subject }: World,
): Value {
  const rows = samples.map(read);
  return subject.notation.arrays === "rows" ? rows : transposed(rows);
}

function weights(
  out: readonly (readonly number[])[],
  to: number | undefined,
  from: number | undefined,
  { subject }: World,
): Value {
  if (to !== undefined) return out[to]![from!]!;
  return subject.notation.weights === "out×in" ? out : transposed(out);
}

function biases(values: readonly number[], at: number | undefined, { subject }: World): Value {
  if (at !== undefined) return values[at]!;
  return subject.notation.arrays === "rows" ? [values] : values.map((value) => [value]);
}

function plainWeights({ net }: World, layer: number): number[][] {
  return Array.from(net.weights[layer - 1]!, (row) => Array.from(row));
}

function moved(from: readonly (readonly number[])[], by: readonly (readonly number[])[], eta: number): number[][] {
  return from.map((row, j) => row.map((value, k) => value - eta * by[j]![k]!));
}

/** W − η ∂C/∂W of a layer. */
const nextWeights = (world: World, layer: number): number[][] =>
  moved(plainWeights(world, layer), world.batch.layers[layer - 1]!.gradW, world.eta);

/** b − η ∂C/∂b of a layer. */
const nextBiases = ({ net, batch, eta }: World, layer: number): number[] =>
  moved([Array.from(net.biases[layer - 1]!)], [batch.layers[layer - 1]!.gradB], eta)[0]!;

/** Rows as columns. */
export function transposed(rows: readonly (readonly number[])[]): number[][] {
  return (rows[0] ?? []).map((_, k) => rows.map((row) => row[k]!));
}

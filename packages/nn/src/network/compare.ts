/** Three ways to one gradient: autograd, the closed forms BP1 to BP4, and finite differences, equation by equation. */

import {
  cast,
  checkOptions,
  grad,
  GraphError,
  noGrad,
  option,
  type OptionKinds,
  Tensor,
  tensor,
  zeros,
} from "@chainrule/autograd";
import { backprop } from "../handcheck/equations/backprop.ts";
import type { PlainNetwork } from "../handcheck/equations/network.ts";
import { Random } from "../random.ts";
import { comparisonText } from "./comparison-text.ts";
import type { Comparison, Difference, EquationRow, WayRow } from "./comparison.ts";
import type { NetworkParameters } from "./initialize.ts";
import type { Network, Rows } from "./network.ts";

/** How much is compared. */
export interface CompareOptions<P extends NetworkParameters = NetworkParameters> {
  readonly parameters?: P;
  /**
   * At most so many entries of each equation are checked by differences, drawn by seed; 2,000 where nothing is said.
   */
  readonly entries?: number;
  readonly seed?: number | string;
}

const kinds: OptionKinds<CompareOptions> = { parameters: option.record, entries: option.whole(1), seed: option.seed };

/** Autograd and the closed forms differ by rounding alone: relative to the largest entry. */
const CLOSED_FORM_TOLERANCE = 1e-12;
/** Central differences at ε = ∛2⁻⁵² carry errors up to about 1e-9 of the cost; small gradients show more of it. */
const DIFFERENCE_TOLERANCE = 1e-5;

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A layer's number as the document writes it: l². */
function raised(layer: number): string {
  return String(layer).replace(/\d/g, (digit) => superscripts[Number(digit)]!);
}

function wide(given: Rows): Tensor {
  return given instanceof Tensor ? cast(given, "float64") : tensor(given as number[][]);
}

/** The network as the plain loops take it; `null` where it has functions of the user's own. */
function plainNetwork(
  net: Pick<Network, "activations" | "cost" | "layers">,
  parameters: NetworkParameters,
): PlainNetwork | null {
  const { activations, cost } = net;
  const named = activations.filter((activation) => typeof activation !== "function");
  if (typeof cost === "function" || named.length < activations.length) return null;
  const layers = Array.from({ length: net.layers }, (_, index) => index + 1);
  return {
    weights: layers.map((l) => parameters[`W${l}`]!.toArray() as number[][]),
    biases: layers.map((l) => parameters[`b${l}`]!.toArray() as number[]),
    activations: named,
    cost,
  };
}

function difference(got: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  let absolute = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    const gap = Math.abs(got[i]! - expected[i]!);
    // NaN must not hide behind a comparison that it never wins.
    if (Number.isNaN(gap)) return { absolute: NaN, relative: NaN };
    absolute = Math.max(absolute, gap);
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return { absolute, relative: absolute === 0 ? 0 : absolute / scale };
}

/** Runs a few times and gives the median time in milliseconds, with what the last run gave. */
function timed<R>(body: () => R): { result: R; milliseconds: number } {
  const times: number[] = [];
  let result = body();
  for (let k = 0; k < 5; k++) {
    const start = performance.now();
    result = body();
    times.push(performance.now() - start);
  }
  return { result, milliseconds: times.sort((a, b) => a - b)[2]! };
}

interface Quantity {
  readonly equation: EquationRow["equation"];
  readonly layer: number;
  readonly quantity: string;
  /** By autograd, and by the closed form. */
  readonly autograd: ArrayLike<number>;
  readonly closed: readonly number[] | null;
  /** C with one entry of what the equation differentiates by moved by ε, times the number of samples for a δ. */
  readonly costAt: (index: number, epsilon: number) => number;
  readonly isParameter: boolean;
}

/** A batch and parameters in float64, and the cost of these and of others. */
interface Given {
  readonly net: Pick<Network, "sizes" | "layers" | "activations" | "cost">;
  readonly parameters: NetworkParameters;
  readonly x: Tensor;
  readonly t: Tensor;
  readonly samples: number;
  /** Zeros that are added to the input of each layer, so that a cost can be differentiated by it. */
  readonly offsets: readonly (Tensor | null)[];
  readonly C: (w: NetworkParameters, added?: readonly (Tensor | null)[]) => Tensor<[]>;
}

function givenOf<P extends NetworkParameters>(
  net: Network<P>,
  data: { readonly x: Rows; readonly t: Rows },
  given: NetworkParameters,
): Given {
  const [x, t] = [wide(data.x), wide(data.t)];
  const parameters = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, cast(value, "float64")]));
  const samples = x.shape[0] ?? 0;
  if (samples === 0)
    throw new GraphError({ op: "compareBackprop", problem: "the batch is empty", hint: "give at least one sample" });
  const offsets = net.sizes.map((units, l) => (l === 0 ? null : (zeros([samples, units]) as Tensor)));
  return { net, parameters, x, t, samples, offsets, C: (w, added) => net.loss(w as P, x, t, added) };
}

/** The gradients in both ways, with the time of each. */
function gradientsOf({ net, parameters, x, t, offsets, C }: Given) {
  const byParameters = timed(() => grad((w: NetworkParameters) => C(w))(parameters));
  const byInputs = grad((added: readonly Tensor[]) => C(parameters, [null, ...added]))(offsets.slice(1) as Tensor[]);
  const plain = plainNetwork(net, parameters);
  const closed =
    plain === null ? null : timed(() => backprop(plain, x.toArray() as number[][], t.toArray() as number[][]));
  return { byParameters, byInputs, closed };
}

type Gradients = ReturnType<typeof gradientsOf>;

/** Returns what is compared: from the last layer down δ, then ∂C/∂b and ∂C/∂W. */
function quantitiesOf(given: Given, { byParameters, byInputs, closed }: Gradients): Quantity[] {
  const { net, parameters, samples, offsets, C } = given;
  const quantities: Quantity[] = [];
  for (let l = net.layers; l >= 1; l--) {
    const layer = closed?.result.layers[l - 1];
    quantities.push({
      equation: l === net.layers ? "BP1" : "BP2",
      layer: l,
      quantity: `δ${raised(l)}`,
      // The mean cost gives 1/N of each sample's own δ.
      autograd: byInputs[l - 1]!.mul(samples).toTypedArray(),
      closed: layer?.delta.flat() ?? null,
      costAt: (index, epsilon) =>
        samples *
        C(
          parameters,
          offsets.map((offset, k) => (k === l ? moved(offset!, index, epsilon) : null)),
        ).item(),
      isParameter: false,
    });
    for (const [equation, key, numbers] of [
      ["BP3", `b${l}`, layer?.gradB],
      ["BP4", `W${l}`, layer?.gradW.flat()],
    ] as const) {
      quantities.push({
        equation,
        layer: l,
        quantity: `∂C/∂${key[0]!}${raised(l)}`,
        autograd: byParameters.result[key]!.toTypedArray(),
        closed: numbers ?? null,
        costAt: (index, epsilon) => C({ ...parameters, [key]: moved(parameters[key]!, index, epsilon) }).item(),
        isParameter: true,
      });
    }
  }
  return quantities;
}

/** How long differences by parameters took, for how many entries, and how far forward ones are off. */
interface Clock {
  forward: number;
  central: number;
  parameters: number;
  forwardWorst: number;
}

/** One quantity by autograd beside its closed form and beside differences. */
function rowOf(one: Quantity, limit: number, random: Random, here: number, clock: Clock): EquationRow {
  const { equation, layer, quantity, autograd, costAt } = one;
  const entries = autograd.length;
  const chosen =
    entries <= limit
      ? Array.from({ length: entries }, (_, i) => i)
      : random.split(quantity).permutation(entries).slice(0, limit);
  const picked = chosen.map((index) => autograd[index]!);
  const central = noGrad(() =>
    clocked(clock, "central", one.isParameter, () =>
      chosen.map((index) => (costAt(index, CENTRAL) - costAt(index, -CENTRAL)) / (2 * CENTRAL)),
    ),
  );
  if (one.isParameter) {
    const forward = noGrad(() =>
      clocked(clock, "forward", true, () => chosen.map((index) => (costAt(index, FORWARD) - here) / FORWARD)),
    );
    clock.parameters += chosen.length;
    clock.forwardWorst = Math.max(clock.forwardWorst, difference(forward, picked).relative);
  }
  return {
    equation,
    layer,
    quantity,
    entries,
    closedForm: one.closed === null ? null : difference(autograd, one.closed),
    differences: difference(central, picked),
    sampled: chosen.length,
  };
}

/** Returns what each way costs for the gradient by all weights and biases, `count` of them. */
function waysOf(
  equations: readonly EquationRow[],
  { byParameters, closed }: Gradients,
  clock: Clock,
  count: number,
): WayRow[] {
  const ofParameters = equations.filter((row) => row.equation === "BP3" || row.equation === "BP4");
  const worst = (read: (row: EquationRow) => number): number =>
    ofParameters.reduce((most, row) => Math.max(most, read(row)), 0);
  const estimated = clock.parameters < count;
  const once = { evaluations: 1, backwardPasses: 1, estimated: false } as const;
  const quotients = { backwardPasses: 0, estimated } as const;
  return [
    { way: "autograd", ...once, milliseconds: byParameters.milliseconds, worst: null },
    ...(closed === null
      ? []
      : [
          {
            way: "closed form",
            ...once,
            milliseconds: closed.milliseconds,
            worst: worst((row) => row.closedForm!.relative),
          } as const,
        ]),
    {
      way: "forward difference",
      ...quotients,
      evaluations: count + 1,
      milliseconds: (clock.forward * count) / clock.parameters,
      worst: clock.forwardWorst,
    },
    {
      way: "central difference",
      ...quotients,
      evaluations: 2 * count,
      milliseconds: (clock.central * count) / clock.parameters,
      worst: worst((row) => row.differences.relative),
    },
  ];
}

// Written so that a NaN disagrees.
const agrees = ({ closedForm, differences }: EquationRow): boolean =>
  (closedForm === null || closedForm.relative <= CLOSED_FORM_TOLERANCE) && differences.relative <= DIFFERENCE_TOLERANCE;

/**
 * Compares autograd, the closed forms BP1 to BP4 and finite differences on a network and a batch, in float64.
 *
 * δ is compared for each sample: ∂C_n/∂u of that sample's own cost. Relative differences are relative to the largest
 * entry of a quantity.
 *
 * @param net - the network
 * @param data - inputs and targets, one sample in each row
 * @param options - other parameters than the network's first ones, how many entries to difference
 * @returns every equation at every layer, what each way costs, and whether they agree
 *
 * @example
 * compareBackprop(network({ sizes: [2, 3, 1] }), { x: [[0.5, -1]], t: [[1]] }).agrees // => true
 */
export function compareBackprop<P extends NetworkParameters>(
  net: Network<P>,
  data: { readonly x: Rows; readonly t: Rows },
  options: CompareOptions<P> = {},
): Comparison {
  checkOptions<CompareOptions>("compareBackprop", options, kinds, {
    call: "compareBackprop(net, { x, t }, { parameters, entries, seed })",
  });
  const given = givenOf(net, data, options.parameters ?? net.parameters);
  const { parameters, samples, C } = given;
  const gradients = gradientsOf(given);
  const quantities = quantitiesOf(given, gradients);
  const limit = options.entries ?? 2000;
  const random = new Random(options.seed ?? 0);
  const clock: Clock = { forward: 0, central: 0, parameters: 0, forwardWorst: 0 };
  const here = C(parameters).item();
  const equations = quantities.map((one) => rowOf(one, limit, random, here, clock));
  const count = Object.values(parameters).reduce((total, value) => total + value.size, 0);
  const comparison = {
    sizes: net.sizes,
    samples,
    parameters: count,
    cost: here,
    plainCost: gradients.closed?.result.cost ?? null,
    equations,
    ways: waysOf(equations, gradients, clock, count),
    agrees: equations.every(agrees),
  };
  return { ...comparison, toText: () => comparisonText(comparison) };
}

const FORWARD = Math.sqrt(Number.EPSILON);
const CENTRAL = Math.cbrt(Number.EPSILON);

function clocked<R>(
  clock: { forward: number; central: number },
  way: "forward" | "central",
  counts: boolean,
  body: () => R,
): R {
  const start = performance.now();
  const result = body();
  if (counts) clock[way] += performance.now() - start;
  return result;
}

/** A copy of `x` with one entry moved. */
function moved(x: Tensor, index: number, epsilon: number): Tensor {
  const numbers = x.toTypedArray();
  numbers[index]! += epsilon;
  return tensor(numbers, { shape: x.shape });
}

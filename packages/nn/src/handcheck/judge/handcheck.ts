/** The check: somebody's backprop, by numbers or as a function, judged equation by equation. */

import { ArgumentError, cast, checkOptions, ShapeError, Tensor, tensor } from "@chainrule/autograd";
import type { Network, Rows } from "../../network/network.ts";
import type { NetworkParameters } from "../../network/initialize.ts";
import type { Activation, Cost } from "../equations/network.ts";
import { examine } from "./examine.ts";
import { handcheckKinds, type HandcheckOptions } from "./options.ts";
import { outlook } from "./outlook.ts";
import { copy, probe, type Backward } from "./probe.ts";
import { probeProblems } from "../claims/generic.ts";
import type { Hand, Report } from "../report.ts";
import type { Problem } from "../claims/setting.ts";
import { witnessAhead } from "./witness.ts";

/**
 * Checks a backprop that was derived by hand: right, or which equation at which layer is wrong, and how.
 *
 * Each equation is computed from the person's own values above it, so that one mistake is one root and what follows
 * from it is inherited. Layouts, signs and scales are inferred: different is not wrong. In place of data and numbers a
 * function can be given; then the check chooses the data, and finds changed inputs and answers that differ from call to
 * call.
 *
 * @param network - the network that was differentiated
 * @param data - inputs and targets, one sample in each row; or the function
 * @param hand - what was derived, any part of it; or the options, after a function
 * @param options - other parameters, digits, conventions
 * @returns the report, as data
 * @throws ArgumentError for a network with functions of the user's own, ShapeError for data that do not fit it
 *
 * @example
 * const net = network({ sizes: [1, 1], parameters: { W1: [[0.6]], b1: [0.9] } })
 * const forgotten = handcheck(net, { x: [[1]], t: [[0]] }, { delta: { 1: [[0.8175744761936437]] } })
 * forgotten.roots[0]!.id // => "A2"
 * forgotten.roots[0]!.yours // => "δ¹ = (v¹ − t)"
 */
export function handcheck(
  network: Network,
  data: { readonly x: Rows; readonly t: Rows },
  hand: Hand,
  options?: HandcheckOptions,
): Report;
export function handcheck(network: Network, backward: Backward, options?: HandcheckOptions): Report;
export function handcheck(
  network: Network,
  given: { readonly x: Rows; readonly t: Rows } | Backward,
  hand: Hand | HandcheckOptions = {},
  options: HandcheckOptions = {},
): Report {
  const byCode = typeof given === "function";
  const call = `handcheck(network, ${byCode ? "backward" : "{ x, t }, hand"}, { parameters, digits, decimals, convention, seed })`;
  const asked = checkOptions("handcheck", byCode ? (hand as HandcheckOptions) : options, handcheckKinds, { call });
  if (byCode) return checkFunction(network, given, asked);
  const known = describeNetwork(network);
  const [x, t] = [rowsOf("x", given.x, network.sizes[0]!), rowsOf("t", given.t, network.sizes[network.layers]!)];
  if (x.length !== t.length || x.length === 0) {
    throw new ShapeError({
      op: "handcheck",
      problem: `${x.length} inputs and ${t.length} targets`,
      hint: "give one target for each input, and at least one of each",
      shapes: [],
    });
  }
  const problem = { ...known, ...plainParameters(network, options.parameters ?? network.parameters), x, t };
  return examine(network, problem, hand as Hand, options).report();
}

/**
 * Holds what is known of a function: `pure` where it changes nothing and gives the same again, `unbiased` layers
 * without a bias, `classes` for targets of one class each, `oneRate` for all layers, `problems` that may be drawn
 * already.
 */
interface FunctionOptions {
  readonly pure?: boolean;
  readonly unbiased?: readonly number[];
  readonly classes?: boolean;
  readonly oneRate?: boolean;
  readonly problems?: typeof probeProblems;
}

/** Checks a function on data that the check chooses. */
export function checkFunction(
  network: Network,
  backward: Backward,
  options: HandcheckOptions,
  { pure = false, unbiased = [], classes = false, oneRate = false, problems = probeProblems }: FunctionOptions = {},
): Report {
  const known = { ...describeNetwork(network), unbiased, classes };
  return probe(
    problems(known, options.seed ?? 0),
    backward,
    { ...options, pure },
    (problem, hand) => examine(network, problem, hand, options, undefined, oneRate),
    (problem) => witnessAhead(network, problem, options.seed ?? 0),
  );
}

/** Checks a function where that may ask one to believe less than `beyond`: one call shows it. */
export function checkFunctionBelow(
  beyond: number,
  network: Network,
  backward: Backward,
  options: HandcheckOptions,
  how: FunctionOptions,
): Report | null {
  if (beyond !== Infinity) {
    const problem = (how.problems ?? probeProblems)(
      { ...describeNetwork(network), unbiased: how.unbiased ?? [], classes: how.classes ?? false },
      options.seed ?? 0,
    )(5);
    try {
      if (outlook(problem, backward(...copy(problem, options)), options).asks >= beyond) return null;
    } catch {
      // What it throws, and what it gives that is no hand, the check puts in words.
    }
  }
  return checkFunction(network, backward, options, how);
}

/** The parts of a network that the equations read. */
function describeNetwork({ sizes, activations, cost }: Network): Pick<Problem, "sizes" | "activations" | "cost"> {
  const own = activations.some((activation) => typeof activation === "function")
    ? "an activation"
    : typeof cost === "function"
      ? "a cost"
      : null;
  if (own !== null) {
    throw new ArgumentError({
      op: "handcheck",
      problem: `the network has ${own} of your own`,
      hint: "use activations and a cost that have names: the closed forms are known for these",
    });
  }
  return { sizes, activations: activations as readonly Activation[], cost: cost as Cost };
}

function plainParameters(network: Network, parameters: NetworkParameters): Pick<Problem, "W" | "b"> {
  const W: number[][][] = [[]];
  const b: number[][] = [[]];
  for (let l = 1; l <= network.layers; l++) {
    const [weights, biases] = [parameters[`W${l}`], parameters[`b${l}`]];
    if (weights === undefined || biases === undefined) {
      throw new ArgumentError({
        op: "handcheck",
        problem: `the parameters lack W${l} or b${l}`,
        hint: "give all of them, by the names that the network uses",
      });
    }
    W.push(plainRows(weights));
    b.push([...cast(biases, "float64").toTypedArray()]);
  }
  return { W, b };
}

function plainRows(matrix: Tensor): number[][] {
  const [height, width] = matrix.shape as [number, number];
  const numbers = cast(matrix, "float64").toTypedArray();
  return Array.from({ length: height }, (_, j) => [...numbers.subarray(j * width, (j + 1) * width)]);
}

function isRows(given: unknown, width: number): given is readonly number[][] {
  return (
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((row) => Array.isArray(row) && row.length === width && row.every((x) => typeof x === "number"))
  );
}

function rowsOf(what: string, given: Rows, width: number): number[][] {
  // What is plainly right is copied; what is not is for the tensor to refuse, in its own words.
  if (isRows(given, width)) return given.map((row) => [...row]);
  const batch: Tensor =
    given instanceof Tensor ? cast(given, "float64") : tensor(given as number[][], { dtype: "float64" });
  if (batch.shape.length !== 2 || batch.shape[1] !== width) {
    throw new ShapeError({
      op: "handcheck",
      problem: `${what} has shape [${batch.shape.join(", ")}] where [samples, ${width}] is needed`,
      hint: "give one sample in each row",
      shapes: [batch.shape],
    });
  }
  return plainRows(batch);
}

/** The check: somebody's backprop, by numbers or as a function, judged equation by equation. */

import { ArgumentError, cast, ShapeError, tensor, Tensor } from "@chainrule/autograd";
import type { Network, Rows } from "../network/network.ts";
import type { NetworkParameters } from "../network/initialize.ts";
import { blindness } from "./blindness.ts";
import { conventionNote, conventionsFor, normalize, type Canonical } from "./conventions.ts";
import type { Activation, Cost } from "./equations/index.ts";
import { checkForward } from "./forward-check.ts";
import { readHand, type RawHand } from "./hand.ts";
import { failures, judge, type Judged } from "./judge.ts";
import { probe, type Backward } from "./probe.ts";
import type { Convention, Hand, Line, Report, Verdict, Words } from "./report.ts";
import { settle, type Problem, type Setting } from "./setting.ts";
import { impliedGradients } from "./implied.ts";
import { precisionOf, type Precision } from "./tolerance.ts";
import { witness } from "./witness.ts";

/** How a check is made. */
export interface HandcheckOptions {
  /** Other parameters than the network's first ones. */
  readonly parameters?: NetworkParameters;
  /** How many significant digits the numbers were copied with; also a property of the hand. */
  readonly digits?: number;
  /** What is known of the person's conventions; the rest is found out. */
  readonly convention?: Partial<Convention> | "auto";
  readonly seed?: number | string;
}

/**
 * Checks a backprop that was derived by hand: right, or which equation at which layer is wrong, and how.
 *
 * Each equation is computed from the person's own values above it, so that one mistake is one root and what follows from
 * it is inherited. Layouts, signs and scales are inferred: different is not wrong. In place of data and numbers a function
 * can be given; then the check chooses the data, and finds changed inputs and answers that differ from call to call.
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
export function handcheck(network: Network, data: { readonly x: Rows; readonly t: Rows }, hand: Hand, options?: HandcheckOptions): Report;
export function handcheck(network: Network, backward: Backward, options?: HandcheckOptions): Report;
export function handcheck(network: Network, given: { readonly x: Rows; readonly t: Rows } | Backward, hand: Hand | HandcheckOptions = {}, options: HandcheckOptions = {}): Report {
  const known = describeNetwork(network);
  if (typeof given === "function") return probe(network, known, given, hand as HandcheckOptions, (problem, one, own) => checkNumbers(network, problem, one, own));
  const [x, t] = [rowsOf("x", given.x, network.sizes[0]!), rowsOf("t", given.t, network.sizes[network.layers]!)];
  if (x.length !== t.length || x.length === 0) {
    throw new ShapeError({ op: "handcheck", problem: `${x.length} inputs and ${t.length} targets`, hint: "give one target for each input, and at least one of each", shapes: [] });
  }
  return checkNumbers(network, { ...known, ...plainParameters(network, options.parameters ?? network.parameters), x, t }, hand as Hand, options);
}

/** The parts of a network that the equations read. */
function describeNetwork({ sizes, activations, cost }: Network): Pick<Problem, "sizes" | "activations" | "cost"> {
  const own = activations.some((activation) => typeof activation === "function") ? "an activation" : typeof cost === "function" ? "a cost" : null;
  if (own !== null) {
    throw new ArgumentError({ op: "handcheck", problem: `the network has ${own} of your own`, hint: "use activations and a cost that have names: the closed forms are known for these" });
  }
  return { sizes, activations: activations as readonly Activation[], cost: cost as Cost };
}

function plainParameters(network: Network, parameters: NetworkParameters): Pick<Problem, "W" | "b"> {
  const W: number[][][] = [[]];
  const b: number[][] = [[]];
  for (let l = 1; l <= network.layers; l++) {
    const [weights, biases] = [parameters[`W${l}`], parameters[`b${l}`]];
    if (weights === undefined || biases === undefined) {
      throw new ArgumentError({ op: "handcheck", problem: `the parameters lack W${l} or b${l}`, hint: "give all of them, by the names that the network uses" });
    }
    W.push(cast(weights, "float64").toArray() as number[][]);
    b.push(cast(biases, "float64").toArray() as number[]);
  }
  return { W, b };
}

function rowsOf(what: string, given: Rows, width: number): number[][] {
  const batch: Tensor = given instanceof Tensor ? cast(given, "float64") : tensor(given as number[][], { dtype: "float64" });
  if (batch.shape.length !== 2 || batch.shape[1] !== width) {
    throw new ShapeError({ op: "handcheck", problem: `${what} has shape [${batch.shape.join(", ")}] where [samples, ${width}] is needed`, hint: "give one sample in each row", shapes: [batch.shape] });
  }
  return batch.toArray() as number[][];
}

/** One hand on one batch. */
function checkNumbers(network: Network, problem: Problem, hand: Hand, options: HandcheckOptions): Report {
  const declared = { ...partOf(options.convention), ...partOf(hand.convention) };
  const read = readHand(hand, network.layers, declared.layerBase);
  const numbers = [read.u, read.v, read.delta, read.gradW, read.gradB, read.nextW, read.nextB].flatMap((part) => Object.values(part).map(({ matrix }) => matrix.value));
  const precision = precisionOf(numbers, hand.digits ?? options.digits);
  const raw = impliedGradients(read, problem, hand.eta, declared, precision);
  const truth = settle(problem, { epsilon: precision.epsilon, lambda: hand.lambda, eta: hand.eta });
  const seed = options.seed ?? 0;
  const seen = witness(network, settle(problem), seed);

  const chosen = choose(raw, truth, declared, precision);
  const { lines: forwardLines, roots: forwardRoots, setting } = checkForward(chosen.truth, chosen.hand, precision);
  const { lines, roots, contract: shapes } = chosen.judged ?? judge(setting, chosen.truth, chosen.hand);
  const contract = [...raw.contract, ...shapes];
  const all = [...forwardLines, ...withBroken(lines, raw)];
  const { inferred, note } = conventionNote(chosen.convention, declared, problem.x.length);
  const verdict = verdictOf(contract, forwardRoots.length, roots.length, seen.agrees, all);
  const given = all.filter(({ status }) => status !== "missing");
  const failed = given.filter(({ status }) => status === "root" || status === "shape" || status === "nan");
  return {
    schema: "handcheck/1",
    verdict,
    network: { sizes: problem.sizes, activations: problem.activations, cost: problem.cost, samples: problem.x.length },
    convention: { used: chosen.convention, inferred, note: withPrecision(note, precision) },
    lines: all,
    roots: [...forwardRoots, ...roots],
    contract,
    blindness: blindness(chosen.truth, precision),
    witness: seen,
    score: { passed: given.length - failed.length, given: given.length },
  };
}

function partOf(convention: Partial<Convention> | "auto" | undefined): Partial<Convention> {
  return convention === undefined || convention === "auto" ? {} : convention;
}

interface Chosen {
  readonly convention: Convention;
  readonly hand: Canonical;
  readonly truth: Setting;
  /** Where judging was needed to choose. */
  readonly judged?: Judged;
}

/** The convention under which the fewest equations fail; of equals, the one whose mistakes have the simplest names, then the one nearest to the network's own. */
function choose(raw: RawHand, truth: Setting, declared: Partial<Convention>, precision: Precision): Chosen {
  let [best, fewest]: [(Chosen & { readonly forward: Setting })[], number] = [[], Infinity];
  const stepsAreGiven = truth.eta !== null && Object.keys(raw.nextW).length + Object.keys(raw.nextB).length > 0;
  const passes = Object.keys(raw.u).length + Object.keys(raw.v).length > 0;
  for (const convention of conventionsFor(raw, truth, declared)) {
    // Only a step shows that somebody adds what others subtract.
    for (const added of convention.deltaSign === -1 && stepsAreGiven ? [false, true] : [false]) {
      const hand = normalize(raw, convention, truth, precision, added);
      // Without the ½ the data part doubles, the regularization does not.
      const decay = truth.decay === null || convention.half ? truth.decay : truth.decay / 2;
      const own: Setting = { ...truth, decay, nextW: hand.nextW };
      const forward = passes ? checkForward(own, { ...hand, cost: null }, precision).setting : own;
      const failed = failures(forward, hand, fewest);
      if (failed === 0) return { convention, hand, truth: own };
      if (failed < fewest) [best, fewest] = [[], failed];
      if (failed === fewest) best.push({ convention, hand, truth: own, forward });
    }
  }
  if (best.length === 1) return best[0]!;
  const judged = best.map((one) => ({ ...one, judged: judge(one.forward, one.truth, one.hand) }));
  return judged.reduce((simplest, one) => (difficulty(one.judged) < difficulty(simplest.judged) ? one : simplest));
}

/** How much a reading asks one to believe: mistakes count, and those without a name count most. */
function difficulty({ roots, contract }: Judged): number {
  return roots.reduce((sum, { id, alternatives }) => sum + (id === "unknown" ? 10 : id.split("+").length) + 0.1 * alternatives.length, 10 * contract.length);
}

/** Lines whose numbers could not be read say why. */
function withBroken(lines: readonly Line[], { broken }: RawHand): Line[] {
  const parts = { BP1: "delta", BP2: "delta", BP3: "gradB", BP4: "gradW" } as const;
  return lines.map((line) => {
    const part = line.equation in parts ? parts[line.equation as keyof typeof parts] : null;
    const found = broken.find((one) => one.part === part && one.layer === line.layer);
    return found === undefined || line.status !== "missing" ? line : { ...line, status: found.status };
  });
}

function withPrecision(note: Words, { epsilon, digits, inferred }: Precision): Words {
  if (!inferred) return note;
  const [en, zh] = digits === null ? ["float32", "float32"] : [`rounded to ${digits} significant digits`, `舍入到 ${digits} 位有效数字`];
  return epsilon > 0 ? { en: `${note.en}; the numbers were read as ${en}`, zh: `${note.zh};这些数按 ${zh} 来读` } : note;
}

function verdictOf(contract: readonly Words[], forward: number, backward: number, agrees: boolean, lines: readonly Line[]): Verdict {
  if (!agrees) return "inconclusive";
  if (contract.length > 0) return "contract";
  if (forward > 0) return "forward-wrong";
  if (backward > 0) return "mistake";
  return lines.some(({ status }) => status !== "missing") ? "correct" : "inconclusive";
}

/** One hand on one batch: the convention, the forward pass, the equations, and from them the report. */

import type { Network } from "../network/network.ts";
import { blindness } from "./blindness.ts";
import { conventionNote, conventionsFor, declaredOf, normalize, type Canonical } from "./conventions.ts";
import { checkForward } from "./forward-check.ts";
import type { HandcheckOptions } from "./handcheck.ts";
import { readHand, type RawByLayer, type RawHand } from "./hand.ts";
import { impliedGradients } from "./implied.ts";
import { failures, judge, type Judged } from "./judge.ts";
import type { Blindness, Convention, Diagnosis, Hand, Line, Report, Verdict, Words } from "./report.ts";
import { settle, type Problem, type Setting } from "./setting.ts";
import { precisionOf, withUnits, type Precision } from "./tolerance.ts";
import { witness } from "./witness.ts";

/** What was found, before anybody asked for all of it. */
export interface Examined {
  /** The verdict, if the references agree with each other. */
  readonly verdict: Verdict;
  readonly roots: readonly Diagnosis[];
  /** The whole report: now the references are held against each other. `roots` stand in for the ones found. */
  readonly report: (roots?: readonly Diagnosis[]) => Report;
}

/** Judges one hand on one batch. */
export function examine(network: Network, problem: Problem, hand: Hand, options: HandcheckOptions): Examined {
  const declared = { ...declaredOf(options.convention), ...declaredOf(hand.convention) };
  const read = readHand(hand, network.layers, declared.layerBase);
  const numbers = [read.u, read.v, read.delta, read.gradW, read.gradB, read.nextW, read.nextB].flatMap((part) => Object.values(part).map(({ matrix }) => matrix.value));
  const precision = precisionOf(numbers, hand.digits ?? options.digits);
  const raw = withErrors(impliedGradients(read, problem, hand.eta, declared, precision), precision);
  const judged = hand.tiedBiases === true ? { ...problem, tiedBiases: true } : problem;
  const truth = settle(judged, { epsilon: precision.epsilon, lambda: hand.lambda, eta: hand.eta });

  const chosen = choose(raw, truth, declared, precision);
  const { lines: forwardLines, roots: forwardRoots, setting } = checkForward(chosen.truth, chosen.hand, precision);
  const { lines, roots: backwardRoots, contract: shapes } = chosen.judged ?? judge(setting, chosen.truth, chosen.hand);
  const contract = [...raw.contract, ...shapes];
  const all = [...forwardLines, ...withBroken(lines, raw)];
  const found = [...forwardRoots, ...backwardRoots];
  const verdict = verdictOf(contract, forwardRoots.length, backwardRoots.length, all);

  const report = (roots: readonly Diagnosis[] = found): Report => {
    const seen = witness(network, precision.epsilon === Number.EPSILON && judged === problem ? truth : settle(problem), options.seed ?? 0);
    const { inferred, note } = conventionNote(chosen.convention, declared, problem.x.length);
    const given = all.filter(({ status }) => status !== "missing");
    const failed = given.filter(({ status }) => status === "root" || status === "shape" || status === "nan");
    let blind: Blindness | undefined;
    return {
      schema: "handcheck/1",
      verdict: seen.agrees ? verdict : "inconclusive",
      network: { sizes: problem.sizes, activations: problem.activations, cost: problem.cost, samples: problem.x.length },
      convention: { used: chosen.convention, inferred, note: withPrecision(note, precision) },
      lines: all,
      roots,
      contract,
      // Every typical mistake is made for it: a program that does not ask does not wait.
      get blindness() {
        return (blind ??= blindness(chosen.truth, precision));
      },
      witness: seen,
      score: { passed: given.length - failed.length, given: given.length },
    };
  };
  return { verdict, roots: found, report };
}

/** Every number with what it may be off: worked out once, and not again under each convention. */
function withErrors(raw: RawHand, precision: Precision): RawHand {
  const each = (part: RawByLayer): RawByLayer =>
    Object.fromEntries(Object.entries(part).map(([l, one]) => [l, one.matrix.error === null ? { ...one, matrix: { ...one.matrix, error: withUnits(one.matrix.value, precision) } } : one]));
  const { u, v, delta, gradW, gradB, nextW, nextB } = raw;
  return { ...raw, u: each(u), v: each(v), delta: each(delta), gradW: each(gradW), gradB: each(gradB), nextW: each(nextW), nextB: each(nextB) };
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
  const passes = Object.keys(raw.u).length + Object.keys(raw.v).length > 0;
  for (const convention of conventionsFor(raw, truth, declared)) {
    // Somebody whose δ is −∂C/∂u may add what others subtract; a step shows it.
    for (const added of convention.deltaSign === -1 ? [false, true] : [false]) {
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

function verdictOf(contract: readonly Words[], forward: number, backward: number, lines: readonly Line[]): Verdict {
  if (contract.length > 0) return "contract";
  if (forward > 0) return "forward-wrong";
  if (backward > 0) return "mistake";
  return lines.some(({ status }) => status !== "missing") ? "correct" : "inconclusive";
}

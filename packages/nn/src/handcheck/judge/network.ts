/** The backward pass of a network, judged: a line for each equation, and each root by its name. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import { wordsOf } from "../catalogue/catalogue.ts";
import { byBounds, claimsOf, inputOf, isError, type DerivedClaim, type NetworkClaim } from "../claims/of-network.ts";
import { stepsOf, type StepClaim } from "../claims/of-step.ts";
import { secondStepsOf, type SecondClaim } from "../claims/second-step.ts";
import type { Canonical } from "../claims/conventions.ts";
import { itself, unknown } from "./diagnosis.ts";
import type { Diagnosis, Line, LineStatus } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { StepNames } from "./steps.ts";
import { decayText } from "../claims/text.ts";
import { fits, residual } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { inferred } from "./inferred.ts";
import { Names } from "./names.ts";
import { fails, statusOf, walk, type Inferred, type Met } from "./walk.ts";

/** The backward pass, judged. */
export interface Judged extends Pick<Names, "words"> {
  readonly lines: readonly Line[];
  readonly roots: readonly Diagnosis[];
  /** Shapes that no formula of the catalogue has. */
  readonly contract: readonly Words[];
  /** δ^l as everything below it was judged with; `null` where nobody knows it. */
  readonly delta: readonly (Tracked | null)[];
}

type AnyClaim = NetworkClaim | StepClaim | SecondClaim;

const isStep = (claim: AnyClaim): claim is StepClaim | SecondClaim => claim.rule === "step" || claim.rule === "second";
const isDelta = (claim: AnyClaim): claim is DerivedClaim => !isStep(claim) && isError(claim);

/** Everything that is claimed, from the top down: the derivation, the gradient of the input, the steps. */
function* allClaims(setting: Setting, truth: Setting, hand: Canonical): Generator<AnyClaim> {
  const derived: DerivedClaim[] = [];
  for (const claim of claimsOf(setting, truth, hand)) {
    derived.push(claim);
    yield claim;
  }
  yield* inputOf(setting, hand, derived.findLast(isError)!);
  const steps = stepsOf(setting, hand, derived);
  yield* steps;
  yield* secondStepsOf(setting, truth, hand, steps);
}

/** Judges a hand in canonical form; `truth` has the true forward pass, `setting` the person's own. */
export function judge(setting: Setting, truth: Setting, hand: Canonical): Judged {
  const names = new Names(setting, hand);
  const stepNames = new StepNames(setting, hand.momentum ?? 0);
  const [lines, roots, contract]: [Line[], Diagnosis[], Words[]] = [[], [], []];
  const infer = (claim: AnyClaim, local: Tracked, above: Tracked | null): Inferred<Tracked> | null =>
    isDelta(claim) ? inferred(names, claim, local, above) : null;
  for (const met of walk(allClaims(setting, truth, hand), byBounds, infer)) {
    if (isDelta(met.claim)) names.delta[met.claim.layer] = met.seen;
    if (isStep(met.claim)) {
      const root = fails(met) ? stepNames.find(met.claim, met.given!, met.local!) : null;
      if (root !== null) roots.push(root);
      lines.push(stepLine(met, met.claim));
      continue;
    }
    const here = { ...met, claim: met.claim };
    const root = rootOf(names, here);
    if (root !== null) roots.push(root);
    else if (met.standing === "shape" && (met.local !== null || isDelta(met.claim)))
      contract.push(shapeWords(met.claim, met.given!, met.local ?? met.truth()));
    lines.push(...linesOf(setting, here, root));
  }
  return { lines, roots, contract, delta: names.delta, words: names.words };
}

/** The line of a step; another rate that is as right is none to be told of. */
function stepLine(met: Met<Tracked>, { layer, name, formula }: StepClaim | SecondClaim): Line {
  const status = statusOf(met, byBounds);
  const { given, local, standing, truth } = met;
  return {
    equation: "STEP",
    layer,
    name,
    formula,
    status: status === "kink" ? "ok" : status,
    local: residual(given!, local!),
    global: standing === "chosen" ? null : residual(given!, truth()),
  };
}

type MetHere = Met<Tracked, NetworkClaim>;

/** The mistake of a claim that is a root; `null` where it is none, or a shape that nothing explains. */
function rootOf(names: Names, { claim, given, standing, local, truth, diagnosis }: MetHere): Diagnosis | null {
  if (given === undefined || (standing !== "fails" && standing !== "shape")) return diagnosis;
  const correct = local ?? truth();
  const rest = isError(claim) ? withoutBias(given, correct) : null;
  if (rest !== null) return extraEntry(names, claim, rest, correct);
  const found = local === null ? null : names.find(claim, given, local);
  return found ?? (standing === "shape" ? null : names.nameless([itself(given, correct)], names.placeOf(claim)));
}

/** The lines of a claim: the regularization of W has one of its own. */
function linesOf(setting: Setting, met: MetHere, root: Diagnosis | null): Line[] {
  const {
    claim: { rule, equation, layer, name, formula, factor },
    given,
    local,
    truth,
  } = met;
  const plain = statusOf(met, byBounds);
  const status: LineStatus = plain === "ok" && factor !== 1 ? "convention" : plain;
  const beside = (right: Tracked | null): Line["local"] =>
    given === undefined || right === null ? null : residual(given, right, factor);
  const line = {
    equation,
    layer,
    name,
    formula,
    status,
    local: beside(local),
    global: given === undefined ? null : beside(truth()),
  } as const;
  if (rule !== "BP4" || setting.decay === null || setting.decay === 0) return [line];
  const isWrong = status === "root" || status === "shape";
  const ofDecay = root?.equation === "REG";
  const other: LineStatus = !isWrong
    ? status
    : !ofDecay && (root === null || root.id === "unknown")
      ? "inherited"
      : "ok";
  const [own, decay] = isWrong && ofDecay ? [other, status] : [status, other];
  return [
    { ...line, status: own },
    { ...line, equation: "REG", formula: decayText(setting, layer), status: decay },
  ];
}

/** δ without its first or last column, where the rest is right: the entry that belongs to the bias. */
function withoutBias(given: Tracked, correct: Tracked): Tracked | null {
  if (given.rows !== correct.rows || given.cols !== correct.cols + 1) return null;
  const cut = (from: Float64Array, first: number): Float64Array =>
    Float64Array.from(
      { length: correct.value.length },
      (_, i) => from[Math.floor(i / correct.cols) * given.cols + first + (i % correct.cols)]!,
    );
  const rests = [1, 0].map((first) => ({
    ...correct,
    value: cut(given.value, first),
    error: given.error && cut(given.error, first),
  }));
  return rests.find((rest) => fits(rest, correct)) ?? null;
}

function extraEntry(names: Names, claim: NetworkClaim, rest: Tracked, correct: Tracked): Diagnosis {
  const place = names.placeOf(claim);
  const one = unknown([itself(rest, correct)], place, []);
  return {
    ...one,
    id: "B17",
    confidence: 1,
    yours: `${place.correct}, with W and b as one matrix`,
    edit: { kind: "delete", term: "the row of the bias" },
    says: wordsOf("B17"),
  };
}

function shapeWords({ rule, name }: NetworkClaim, given: Tracked, needed: Tracked): Words {
  const [a, b] = [`${given.rows}×${given.cols}`, `${needed.rows}×${needed.cols}`];
  const why = rule === "input" ? judging.inputGradient : judging.orderOfFactors;
  return judging.otherShape({ name, given: a, needed: b, why });
}

/** How many given equations fail, counted no further than `enough`: what conventions are compared by. */
export function failures(setting: Setting, hand: Canonical, enough = Infinity): number {
  let count = 0;
  for (const met of walk(allClaims(setting, setting, hand), byBounds)) {
    if (fails(met)) count += 1;
    if (count > enough) return count;
  }
  return count;
}

/** δ^l as each equation below is given it; index 0 is empty. */
export function deltasOf(setting: Setting, hand: Canonical): readonly Tracked[] {
  const deltas: Tracked[] = [];
  for (const { claim, seen } of walk(claimsOf(setting, setting, hand), byBounds))
    if (isError(claim)) deltas[claim.layer] = seen!;
  return deltas;
}

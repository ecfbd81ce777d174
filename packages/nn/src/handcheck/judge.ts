/** Every equation at every layer, each from the person's own values above it: what fails here is a root, what fails only in the end is inherited. */

import type { Canonical } from "./conventions.ts";
import { search, unknown, type Named, type Observation, type Place } from "./diagnose.ts";
import { bp1, bp2, bp3, bp4, regularized, trueDeltas } from "./local.ts";
import { checkInput } from "./input-check.ts";
import type { Explanation } from "./relations/explain.ts";
import { unnamed } from "./unnamed.ts";
import { aliasedMistakes } from "./catalogue/aliased.ts";
import { wordsOf } from "./catalogue/catalogue.ts";
import { wrongFormulas } from "./catalogue/grammar.ts";
import { sceneAt, type Candidate } from "./catalogue/mistake.ts";
import { acceptsKinks, closed, kinkChoices } from "./kinks.ts";
import { genericLike } from "./generic.ts";
import type { Diagnosis, Line, LineStatus, Words } from "./report.ts";
import type { Setting } from "./setting.ts";
import { checkSteps } from "./step-check.ts";
import { bp1Text, bp2Text, bp3Text, bp4Text, decayText, deltaName, gradBName, gradWName } from "./text.ts";
import { overTolerance, residual } from "./tolerance.ts";
import type { Tracked } from "./tracked.ts";

/** The backward pass, judged. */
export interface Judged {
  readonly lines: readonly Line[];
  readonly roots: readonly Diagnosis[];
  /** Shapes that no formula of the catalogue has. */
  readonly contract: readonly Words[];
  /** δ^l as everything below it was judged with; `null` where nobody knows it. */
  readonly delta: readonly (Tracked | null)[];
  /** What is said of roots without a name: worked out for those that are told. */
  readonly words: ReadonlyMap<Diagnosis, () => Explanation>;
}

const fits = (a: Tracked, b: Tracked): boolean => overTolerance(a, b, 1) <= 1;
const sized = (a: Tracked, b: Tracked): boolean => a.rows === b.rows && a.cols === b.cols;

/** Judges a hand in canonical form; `truth` has the true forward pass, `setting` the person's own. */
export function judge(setting: Setting, truth: Setting, hand: Canonical): Judged {
  const { last, samples } = setting;
  const lines: Line[] = [];
  const roots: Diagnosis[] = [];
  const contract: Words[] = [];
  const words = new Map<Diagnosis, () => Explanation>();
  /** δ^l as everything below sees it: the person's own where it is given; `null` where nobody knows it. */
  const delta: (Tracked | null)[] = [];
  const unbent = trueDeltas(truth);
  const trueDelta: Tracked[] = [];
  let tainted = false;

  const add = (line: Omit<Line, "local" | "global">, yours: Tracked | null, local: Tracked | null, global: Tracked, factor: number): void => {
    lines.push({ ...line, local: yours && local && residual(yours, local, factor), global: yours && residual(yours, global, factor) });
  };
  const passed = (yours: Tracked, global: Tracked, factor: number): LineStatus =>
    tainted && !fits(yours, global) ? "inherited" : factor === 1 ? "ok" : "convention";

  /** Names a root, or says what its numbers show. */
  const name = (observations: readonly Observation[], candidates: readonly Candidate[], place: Place): Named =>
    search(observations, candidates, place) ?? { diagnosis: nameless(observations, place), candidate: null };
  const nameless = (observations: readonly Observation[], place: Place, equation = place.equation): Diagnosis => {
    const diagnosis = unknown(observations, place, []);
    const { yours, correct } = observations[0]!;
    words.set(diagnosis, () => unnamed(setting, { equation, layer: place.layer, hand, delta }, yours, correct));
    return diagnosis;
  };
  const errorCandidates = (at: Setting, l: number, deltas: readonly (Tracked | null | undefined)[], observed: Tracked | null, gradW: Tracked | null): Candidate[] =>
    wrongFormulas(l === last ? "BP1" : "BP2", { ...sceneAt(at, l, deltas), gradW, observed });
  const errorPlace = (l: number): Place => ({
    equation: l === last ? "BP1" : "BP2", layer: l, correct: l === last ? bp1Text(setting) : bp2Text(setting, l), factor: hand.deltaFactor,
    elsewhere: () => {
      const { other, deltas } = genericLike(setting);
      return errorCandidates(other, l, deltas, null, null);
    },
  });
  const ownGradW = (l: number): Tracked | null => {
    const given = hand.gradW[l];
    return given !== undefined && sized(given, setting.W[l]!) ? given : null;
  };

  for (let l = last; l >= 1; l--) {
    const above = l === last ? null : delta[l + 1]!;
    const expected = l === last ? bp1(setting) : above === null ? null : bp2(setting, l, above);
    // A choice at a kink further up is what everything below follows from.
    const right = l === last || trueDelta[l + 1] === unbent[l + 1] ? unbent[l]! : bp2(truth, l, trueDelta[l + 1]!);
    trueDelta[l] = right;
    const place = errorPlace(l);
    const row = { equation: place.equation, layer: l, name: deltaName(l), formula: place.correct } as const;
    const given = closed(setting, l, hand.delta[l]);
    const [gradB, gradW] = [hand.gradB[l], hand.gradW[l]];
    const throughB = (value: Tracked): Tracked => bp3(setting, value);
    const throughW = (value: Tracked): Tracked => regularized(setting, l, bp4(setting, l, value));

    if (given !== undefined && !sized(given, right)) {
      add({ ...row, status: "shape" }, null, null, right, 1);
      const correct = expected ?? right;
      const rest = withoutBias(given, correct);
      const found = rest !== null || (l < last && above === null) ? null : search([{ yours: given, correct, through: (value) => value }], errorCandidates(setting, l, delta, null, null), place);
      if (rest !== null) roots.push(extraEntry(place, rest, correct));
      else if (found !== null) roots.push(found.diagnosis);
      else contract.push(shapeWords(deltaName(l), given, correct));
      delta[l] = expected;
      tainted = true;
    } else if (given !== undefined) {
      delta[l] = given;
      if (expected === null) add({ ...row, status: fits(given, right) ? "ok" : "inherited" }, given, null, right, hand.deltaFactor);
      else if (fits(given, expected)) add({ ...row, status: passed(given, right, hand.deltaFactor) }, given, expected, right, hand.deltaFactor);
      else if (acceptsKinks(setting, l, given, expected, above)) {
        add({ ...row, status: "kink" }, given, expected, right, hand.deltaFactor);
        // Below, the choice that was made here is the truth.
        if (!tainted) trueDelta[l] = given;
      } else {
        const observation: Observation = { yours: given, correct: expected, through: (value) => value };
        const candidates = errorCandidates(setting, l, delta, given, l === last ? null : ownGradW(l + 1));
        roots.push(name([observation], candidates, place).diagnosis);
        add({ ...row, status: "root" }, given, expected, right, hand.deltaFactor);
        tainted = true;
      }
    } else {
      const observations: Observation[] = [];
      if (expected !== null) {
        if (gradB !== undefined && sized(gradB, throughB(expected))) observations.push({ yours: gradB, correct: throughB(expected), through: throughB });
        if (gradW !== undefined && sized(gradW, setting.W[l]!)) observations.push({ yours: gradW, correct: throughW(expected), through: throughW });
      }
      const isRight = observations.some(({ yours, correct }) => fits(yours, correct));
      const kink = isRight || expected === null ? undefined : kinkChoices(setting, l, above).find((choice) => observations.some(({ yours, through }) => fits(yours, through(choice))));
      let status: LineStatus = "missing";
      delta[l] = expected;
      if (kink !== undefined) {
        [delta[l], status] = [kink, "kink"];
        if (!tainted) trueDelta[l] = kink;
      } else if (observations.length > 0 && !isRight && expected !== null) {
        // One sample: ∂C/∂b is δ itself, where ∂C/∂W agrees with it.
        const single = samples === 1 && gradB !== undefined && sized(gradB, expected) && (gradW === undefined || fits(gradW, throughW(gradB))) ? gradB : null;
        const found = search(observations, errorCandidates(setting, l, delta, single, l === last ? null : ownGradW(l + 1)), { ...place, factor: hand.gradientFactor });
        const apart = belowIsRight(l, expected) || (found === null && single === null && explainedApart(l, expected));
        if (found !== null && found.candidate !== null && !apart) {
          roots.push(found.diagnosis);
          [delta[l], status] = [found.candidate.value(), "root"];
        } else if (!apart) {
          roots.push(found?.diagnosis ?? nameless(observations, place, observations[0]!.yours === gradB ? "BP3" : "BP4"));
          [delta[l], status] = [single, "root"];
        }
        tainted ||= !apart;
      }
      add({ ...row, status }, null, null, right, 1);
    }
    judgeBias(l);
    judgeWeights(l);
  }
  const [input, steps] = [checkInput(setting, hand, delta, trueDelta[1]!), checkSteps(setting, hand)];
  return { lines: [...lines, ...input.lines, ...steps.lines], roots: [...roots, ...input.roots, ...steps.roots], contract: [...contract, ...input.contract], delta, words };

  /** Gradients below that are right show that δ^l was: what is wrong here is BP3 or BP4. */
  function belowIsRight(l: number, expected: Tracked): boolean {
    if (l === 1 || hand.delta[l] !== undefined) return false;
    const below = bp2(setting, l - 1, expected);
    const [b, w] = [hand.gradB[l - 1], hand.gradW[l - 1]];
    return (b !== undefined && fits(b, bp3(setting, below))) || (w !== undefined && fits(w, regularized(setting, l - 1, bp4(setting, l - 1, below))));
  }

  function explainedApart(l: number, expected: Tracked): boolean {
    const [b, w] = [hand.gradB[l], hand.gradW[l]];
    const explained = (found: Named | null): boolean => found !== null && found.candidate !== null;
    return (b === undefined || explained(search([biasObservation(l, b, expected)], wrongFormulas("BP3", { ...sceneAt(setting, l, delta), delta: expected }), biasPlace(l)))) &&
      (w === undefined || explained(search([weightObservation(l, w, expected)], wrongFormulas("BP4", { ...sceneAt(setting, l, delta), delta: expected }), weightPlace(l))));
  }

  function biasObservation(l: number, yours: Tracked, source: Tracked): Observation {
    return { yours, correct: bp3(setting, source), through: (value) => value };
  }
  function biasPlace(l: number): Place {
    const elsewhere = (): Candidate[] => {
      const { other, deltas } = genericLike(setting);
      return wrongFormulas("BP3", sceneAt(other, l, deltas));
    };
    return { equation: "BP3", layer: l, correct: bp3Text(setting, l), factor: hand.gradientFactor, elsewhere };
  }
  function weightObservation(l: number, yours: Tracked, source: Tracked): Observation {
    return { yours, correct: regularized(setting, l, bp4(setting, l, source)), through: (value) => value };
  }
  function weightPlace(l: number): Place {
    const elsewhere = (): Candidate[] => {
      const { other, deltas } = genericLike(setting);
      return wrongFormulas("BP4", sceneAt(other, l, deltas));
    };
    return { equation: "BP4", layer: l, correct: bp4Text(setting, l), factor: hand.gradientFactor, elsewhere };
  }

  function judgeBias(l: number): void {
    const given = hand.gradB[l];
    const place = biasPlace(l);
    const row = { equation: "BP3", layer: l, name: gradBName(l), formula: place.correct } as const;
    const global = bp3(truth, trueDelta[l]!);
    const source = delta[l]!;
    if (given === undefined) return add({ ...row, status: "missing" }, null, null, global, 1);
    if (source === null) return add({ ...row, status: fits(given, global) ? "ok" : "inherited" }, given, null, global, hand.gradientFactor);
    const observation = biasObservation(l, given, source);
    if (fits(given, observation.correct)) return add({ ...row, status: passed(given, global, hand.gradientFactor) }, given, observation.correct, global, hand.gradientFactor);
    const { diagnosis } = name([observation], [...aliasedMistakes(l, hand.gradB, gradBName), ...wrongFormulas("BP3", sceneAt(setting, l, delta))], place);
    if (diagnosis.id === "unknown" && !sized(given, global)) contract.push(shapeWords(gradBName(l), given, global));
    else roots.push(diagnosis);
    add({ ...row, status: sized(given, global) ? "root" : "shape" }, given, observation.correct, global, hand.gradientFactor);
  }

  function judgeWeights(l: number): void {
    const given = hand.gradW[l];
    const place = weightPlace(l);
    const row = { equation: "BP4", layer: l, name: gradWName(l), formula: place.correct } as const;
    const decay = { equation: "REG", layer: l, name: gradWName(l), formula: decayText(setting, l) } as const;
    const global = regularized(truth, l, bp4(truth, l, trueDelta[l]!));
    const source = delta[l]!;
    const factor = hand.gradientFactor;
    const both = (status: LineStatus, reg: LineStatus, local: Tracked | null): void => {
      add({ ...row, status }, given ?? null, local, global, factor);
      if (setting.decay !== null && setting.decay !== 0) add({ ...decay, status: reg }, given ?? null, local, global, factor);
    };
    if (given === undefined) return both("missing", "missing", null);
    if (source === null) {
      const status = fits(given, global) ? "ok" : "inherited";
      return both(status, status, null);
    }
    const observation = weightObservation(l, given, source);
    if (fits(given, observation.correct)) {
      const status = passed(given, global, factor);
      return both(status, status, observation.correct);
    }
    const { diagnosis } = name([observation], [...aliasedMistakes(l, hand.gradW, gradWName), ...wrongFormulas("BP4", sceneAt(setting, l, delta))], place);
    if (diagnosis.id === "unknown" && !sized(given, global)) contract.push(shapeWords(gradWName(l), given, global));
    else roots.push(diagnosis);
    const bad: LineStatus = sized(given, global) ? "root" : "shape";
    if (diagnosis.equation === "REG") both("ok", bad, observation.correct);
    else both(bad, setting.decay === null ? "ok" : diagnosis.id === "unknown" ? "inherited" : "ok", observation.correct);
  }
}

/** δ without its first or last column, where the rest is right: the entry that belongs to the bias. */
function withoutBias(given: Tracked, correct: Tracked): Tracked | null {
  if (given.rows !== correct.rows || given.cols !== correct.cols + 1) return null;
  const cut = (from: Float64Array, first: number): Float64Array =>
    Float64Array.from({ length: correct.value.length }, (_, i) => from[Math.floor(i / correct.cols) * given.cols + first + (i % correct.cols)]!);
  const rests = [1, 0].map((first) => ({ ...correct, value: cut(given.value, first), error: given.error && cut(given.error, first) }));
  return rests.find((rest) => fits(rest, correct)) ?? null;
}

function extraEntry(place: Place, rest: Tracked, correct: Tracked): Diagnosis {
  const one = unknown([{ yours: rest, correct, through: (value) => value }], place, []);
  return { ...one, id: "B17", confidence: 1, yours: `${place.correct}, with W and b as one matrix`, edit: { kind: "delete", term: "the row of the bias" }, says: wordsOf("B17") };
}

function shapeWords(name: string, given: Tracked, needed: Tracked): Words {
  const [a, b] = [`${given.rows}×${given.cols}`, `${needed.rows}×${needed.cols}`];
  return { en: `${name}: ${a} given, ${b} needed: look at the order of the factors`, zh: `${name}:给出的是 ${a},应为 ${b}:请查看因子的次序` };
}

/** δ^l as each equation below is given it: the person's own where its shape fits, else what follows from above; index 0 is empty. */
export function deltasOf(setting: Setting, hand: Canonical): readonly Tracked[] {
  const deltas: Tracked[] = [];
  for (let l = setting.last; l >= 1; l--) {
    const [expected, given]: [Tracked, Tracked | undefined] = [l === setting.last ? bp1(setting) : bp2(setting, l, deltas[l + 1]!), hand.delta[l]];
    deltas[l] = given !== undefined && sized(given, expected) ? given : expected;
  }
  return deltas;
}

/** How many given equations fail, counted no further than `enough`: what conventions are compared by. */
export function failures(setting: Setting, hand: Canonical, enough = Infinity): number {
  let [count, above]: [number, Tracked | null] = [0, null];
  for (let l = setting.last; l >= 1; l--) {
    const expected: Tracked = l === setting.last ? bp1(setting) : bp2(setting, l, above!);
    const [given, gradB, gradW] = [closed(setting, l, hand.delta[l]), hand.gradB[l], hand.gradW[l]];
    const usable: boolean = given !== undefined && sized(given, expected);
    if (given !== undefined && !fits(given, expected) && !(usable && acceptsKinks(setting, l, given, expected, above))) count += 1;
    const source: Tracked = usable ? given! : expected;
    if (gradB !== undefined && !fits(gradB, bp3(setting, source))) count += 1;
    if (gradW !== undefined && !fits(gradW, regularized(setting, l, bp4(setting, l, source)))) count += 1;
    above = source;
    if (count > enough) return count;
  }
  return count + checkSteps(setting, hand).roots.length;
}


/** Every equation at every layer, each from the person's own values above it: what fails here is a root, what fails only in the end is inherited. */

import type { Canonical } from "./conventions.ts";
import { search, unknown, type Named, type Observation, type Place } from "./diagnose.ts";
import { trueDeltas } from "./local.ts";
import { checkInput } from "./input-check.ts";
import type { Explanation } from "./relations/explain.ts";
import { unnamed } from "./unnamed.ts";
import { aliasedMistakes } from "./catalogue/aliased.ts";
import { wordsOf } from "./catalogue/catalogue.ts";
import { wrongFormulas } from "./catalogue/grammar.ts";
import { sceneAt, type Candidate } from "./catalogue/mistake.ts";
import { failing, fits, layerOf, sized, type Claim } from "./claims.ts";
import { acceptsKinks, kinkChoices } from "./kinks.ts";
import { genericLike } from "./generic.ts";
import type { Diagnosis, Line, LineStatus, Words } from "./report.ts";
import type { Setting } from "./setting.ts";
import { checkSteps } from "./step-check.ts";
import { decayText, gradBName, gradWName } from "./text.ts";
import { residual } from "./tolerance.ts";
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
  const placeOf = ({ rule, layer, formula, factor }: Claim): Place => ({
    equation: rule, layer, correct: formula, factor,
    elsewhere: () => {
      const { other, deltas } = genericLike(setting);
      return wrongFormulas(rule, sceneAt(other, layer, deltas));
    },
  });
  const ownGradW = (l: number): Tracked | null => {
    const given = hand.gradW[l];
    return given !== undefined && sized(given, setting.W[l]!) ? given : null;
  };

  for (let l = last; l >= 1; l--) {
    const { error, gradients } = layerOf(setting, hand, l);
    const above = l === last ? null : delta[l + 1]!;
    const expected = l < last && above === null ? null : error.follows(setting, above);
    // A choice at a kink further up is what everything below follows from.
    const right = l === last || trueDelta[l + 1] === unbent[l + 1] ? unbent[l]! : error.follows(truth, trueDelta[l + 1]!);
    trueDelta[l] = right;
    const place = placeOf(error);
    const row = { equation: error.rule, layer: l, name: error.name, formula: error.formula } as const;
    const { given } = error;
    const candidates = (observed: Tracked | null, gradW: Tracked | null): Candidate[] => wrongFormulas(error.rule, { ...sceneAt(setting, l, delta), observed, gradW });

    if (given !== undefined && !sized(given, right)) {
      add({ ...row, status: "shape" }, null, null, right, 1);
      const correct = expected ?? right;
      const rest = withoutBias(given, correct);
      const found = rest !== null || (l < last && above === null) ? null : search([{ yours: given, correct, through: (value) => value }], candidates(null, null), place);
      if (rest !== null) roots.push(extraEntry(place, rest, correct));
      else if (found !== null) roots.push(found.diagnosis);
      else contract.push(shapeWords(error.name, given, correct));
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
        roots.push(name([observation], candidates(given, l === last ? null : ownGradW(l + 1)), place).diagnosis);
        add({ ...row, status: "root" }, given, expected, right, hand.deltaFactor);
        tainted = true;
      }
    } else {
      const observations = expected === null ? [] : gradients.flatMap((one): Observation[] => {
        const through = (value: Tracked): Tracked => one.follows(setting, value);
        const correct = through(expected);
        return one.given === undefined || !sized(one.given, correct) ? [] : [{ yours: one.given, correct, through }];
      });
      const isRight = observations.some(({ yours, correct }) => fits(yours, correct));
      const kink = isRight || expected === null ? undefined : kinkChoices(setting, l, above).find((choice) => observations.some(({ yours, through }) => fits(yours, through(choice))));
      let status: LineStatus = "missing";
      delta[l] = expected;
      if (kink !== undefined) {
        [delta[l], status] = [kink, "kink"];
        if (!tainted) trueDelta[l] = kink;
      } else if (observations.length > 0 && !isRight && expected !== null) {
        // One sample: ∂C/∂b is δ itself, where ∂C/∂W agrees with it.
        const [{ given: gradB }, weights] = gradients;
        const single = samples === 1 && gradB !== undefined && sized(gradB, expected) && (weights.given === undefined || fits(weights.given, weights.follows(setting, gradB))) ? gradB : null;
        const found = search(observations, candidates(single, l === last ? null : ownGradW(l + 1)), { ...place, factor: hand.gradientFactor });
        const apart = belowIsRight(l, expected) || (found === null && single === null && gradients.every((one) => explainedApart(one, expected)));
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
    for (const one of gradients) judgeGradient(one);
  }
  const [input, steps] = [checkInput(setting, hand, delta, trueDelta[1]!), checkSteps(setting, hand)];
  return { lines: [...lines, ...input.lines, ...steps.lines], roots: [...roots, ...input.roots, ...steps.roots], contract: [...contract, ...input.contract], delta, words };

  /** Gradients below that are right show that δ^l was: what is wrong here is BP3 or BP4. */
  function belowIsRight(l: number, expected: Tracked): boolean {
    if (l === 1 || hand.delta[l] !== undefined) return false;
    const { error, gradients } = layerOf(setting, hand, l - 1);
    const below = error.follows(setting, expected);
    return gradients.some(({ given, follows }) => given !== undefined && fits(given, follows(setting, below)));
  }

  /** Whether a gradient is right, or wrong by a mistake of its own, where δ^l is what is expected. */
  function explainedApart(claim: Claim, expected: Tracked): boolean {
    const { given, rule, layer, follows } = claim;
    if (given === undefined) return true;
    const found = search([{ yours: given, correct: follows(setting, expected), through: (value) => value }], wrongFormulas(rule, { ...sceneAt(setting, layer, delta), delta: expected }), placeOf(claim));
    return found !== null && found.candidate !== null;
  }

  /** ∂C/∂b^l or ∂C/∂W^l, by the person's own δ^l; the regularization of W has a line of its own. */
  function judgeGradient(claim: Claim): void {
    const { rule, layer: l, name: title, formula, given, factor, follows } = claim;
    const global = follows(truth, trueDelta[l]!);
    const source = delta[l]!;
    const put = (status: LineStatus, local: Tracked | null, reg = status): void => {
      add({ equation: rule, layer: l, name: title, formula, status }, given ?? null, local, global, factor);
      if (rule === "BP4" && setting.decay !== null && setting.decay !== 0) add({ equation: "REG", layer: l, name: title, formula: decayText(setting, l), status: reg }, given ?? null, local, global, factor);
    };
    if (given === undefined) return put("missing", null);
    if (source === null) return put(fits(given, global) ? "ok" : "inherited", null);
    const correct = follows(setting, source);
    if (fits(given, correct)) return put(passed(given, global, factor), correct);
    const all = rule === "BP3" ? hand.gradB : hand.gradW;
    const aliased = aliasedMistakes(l, all, rule === "BP3" ? gradBName : gradWName);
    const { diagnosis } = name([{ yours: given, correct, through: (value) => value }], [...aliased, ...wrongFormulas(rule, sceneAt(setting, l, delta))], placeOf(claim));
    if (diagnosis.id === "unknown" && !sized(given, global)) contract.push(shapeWords(title, given, global));
    else roots.push(diagnosis);
    const bad: LineStatus = sized(given, global) ? "root" : "shape";
    if (diagnosis.equation === "REG") put("ok", correct, bad);
    else put(bad, correct, diagnosis.id === "unknown" ? "inherited" : "ok");
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

/** How many given equations fail, counted no further than `enough`: what conventions are compared by. */
export function failures(setting: Setting, hand: Canonical, enough = Infinity): number {
  const count = failing(setting, hand, enough);
  return count > enough ? count : count + checkSteps(setting, hand).roots.length;
}

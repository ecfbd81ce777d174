/**
 * Naming a wrong edge of a graph: a path left out or counted alone, the mistakes of the operation along a path, a sign,
 * a factor, a sum.
 */

import { graphs } from "../../../locales/graphs.ts";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import type { Words } from "../../../locales/words.ts";
import type { Kind, OpDiagnosis } from "../../report.ts";
import { rational } from "../../relations/constant.ts";
import { featuresOf, type FeatureKind } from "../../relations/features.ts";
import { search, told, type Hypothesis } from "../../judge/search.ts";
import { gapOf, residualOf } from "../../bounds/compare.ts";
import { largest, minus, plus, sameShape, scaled, type Numbers } from "../../bounds/numbers.ts";
import type { Values } from "./flows.ts";
import type { Guess, Path } from "./path.ts";
import { familyGuesses } from "./recognize.ts";
import { ruleGuesses } from "./rules.ts";

/** Holds what comes back along one path alone. */
export interface Flow {
  /** The named value where the path ends; `null` for the loss. */
  readonly end: string | null;
  readonly value: Numbers;
  /** The value at its end, and the person's gradient there. */
  readonly y: Numbers;
  readonly g: Numbers;
}

/** One wrong gradient. */
interface Edge {
  readonly name: string;
  readonly x: Numbers;
  readonly yours: Numbers;
  /** By the rule, from the person's own gradients. */
  readonly correct: Numbers;
  readonly allowed: number;
  /** The sizes of axes that a mean may have run over. */
  readonly sizes: readonly number[];
  readonly flows: readonly Flow[];
  readonly named: Values;
  readonly leaf: boolean;
  /** True if the truth is 0 whatever is put in. */
  readonly cancels: boolean;
}

const nameOf = (end: string | null): Words => (end === null ? graphs.straightToLoss : graphs.through({ name: end }));

const bare = (id: string, kind: Kind, says: Words, value: Numbers): Guess => ({
  id,
  kind,
  says,
  yours: "",
  rule: "",
  value,
});

/** A letter of a formula that stands alone. */
const stands = (letter: string, text: string): boolean =>
  new RegExp(`(?<!\\p{L})${letter}(?![\\p{L}\u0302])`, "u").test(text);

/** The formula with what its letters stand for: `dhpre = g (1 − y²),  g = dh, y = h`. */
function spelled(name: string, text: string, end: string | null): string {
  if (text === "") return "";
  const letters = [
    ["g", end === null ? "1" : `d${end}`],
    ["x", name],
    ["y", end ?? "the loss"],
  ] as const;
  const meant = letters
    .filter(([letter, is]) => letter !== is && stands(letter, text))
    .map(([letter, is]) => `${letter} = ${is}`);
  return `d${name} = ${text}${meant.length === 0 ? "" : `,  ${meant.join(", ")}`}`;
}

/** Yields what people do to a sum of paths. */
function* sums({ correct }: Edge, flows: readonly Flow[]): Generator<Guess> {
  if (flows.length < 2) return;
  for (const { end, value } of flows) {
    const path = nameOf(end);
    yield bare("B19", "missing", graphs.pathMissing({ path }), minus(correct, value));
  }
  for (const { end, value } of flows) {
    const path = nameOf(end);
    yield bare("B19", "missing", graphs.onlyPath({ path }), value);
  }
}

/** The mistakes of the operation along each path, the other paths as they should be. */
function* operations(edge: Edge, flows: readonly Flow[]): Generator<Guess> {
  const { name, x, yours, correct, named, leaf } = edge;
  for (const { end, value, y, g } of flows) {
    const rest = minus(correct, value);
    const along: Path = { name, end, x, y, g, correct: value, named, leaf };
    const path = flows.length > 1 ? nameOf(end) : null;
    for (const guess of [...familyGuesses(along, minus(yours, rest)), ...ruleGuesses(along)]) {
      const says = path === null ? guess.says : graphs.onPath({ path, says: guess.says });
      yield {
        ...guess,
        says,
        yours: spelled(name, guess.yours, end),
        rule: spelled(name, guess.rule, end),
        value: plus(rest, guess.value),
      };
    }
  }
}

/** Yields what people do to a sign and to a mean. */
function* scales({ correct, sizes }: Edge): Generator<Guess> {
  yield bare("B14", "sign", kernelSlips.signTurned, scaled(-1, correct));
  for (const n of sizes) {
    yield bare("C1", "constant", graphs.meanForSum({ count: n }), scaled(1 / n, correct));
    yield bare("B13", "constant", graphs.meanMissing({ count: n }), scaled(n, correct));
  }
}

/** One path with a constant in front that does not belong there. */
function* pathFactors({ yours, correct, sizes }: Edge, flows: readonly Flow[]): Generator<Guess> {
  if (flows.length < 2) return;
  for (const { end, value } of flows) {
    const rest = minus(correct, value);
    const part = minus(yours, rest);
    const c =
      part.data.reduce((sum, v, i) => sum + v * value.data[i]!, 0) / value.data.reduce((sum, v) => sum + v * v, 0);
    const path = nameOf(end);
    const bessel = sizes.find((n) => n > 2 && [(n - 1) / n, n / (n - 1)].some((ratio) => Math.abs(c - ratio) < 1e-6));
    const shown =
      bessel === undefined
        ? rational(c, { samples: sizes[0] ?? 1, outputs: sizes.at(-1) ?? 1 })
        : c < 1
          ? `${bessel - 1}/${bessel}`
          : `${bessel}/${bessel - 1}`;
    const value_ = plus(rest, scaled(c, value));
    if (bessel !== undefined) {
      yield bare("F5", "constant", graphs.divisorsMixed({ path, factor: shown, count: bessel }), value_);
    } else if (Math.abs(c + 1) < 1e-6) yield bare("B14", "sign", graphs.pathScaled({ path, factor: shown }), value_);
    else yield bare("unknown", "constant", graphs.pathScaled({ path, factor: shown }), value_);
  }
}

/** Returns what people do, the sharper first: a factor 1/N that the operation explains is not a factor of its own. */
function hypotheses(edge: Edge): (Guess & Hypothesis)[] {
  const flows = edge.flows.filter(({ value }) => largest(value.data) > 1e-12 * largest(edge.correct.data));
  const kinds = [[...sums(edge, flows), ...operations(edge, flows)], [...scales(edge)], [...pathFactors(edge, flows)]];
  return kinds.flatMap((all, k) => all.map((guess) => ({ ...guess, edits: k + 1 })));
}

/** The diagnosis of a root. */
export function diagnose(edge: Edge): OpDiagnosis {
  const { name, yours, correct, allowed } = edge;
  const shown = featuresOf(
    { yours, correct, slack: correct.data.map(() => allowed) },
    { samples: correct.shape[0] ?? 1 },
  );
  const features = shown.map(({ words }) => words);
  const worst = residualOf(yours, correct, allowed);
  const example = worst === null ? null : { index: worst.at, yours: worst.yours, correct: worst.correct };
  const common = {
    of: [`d${name}`],
    kind: "unknown" as Kind,
    yours: "",
    correct: "",
    alternatives: [],
    example,
    features,
  };
  if (!sameShape(yours.shape, correct.shape)) {
    const shows = (which: FeatureKind): boolean => shown.some(({ kind }) => kind === which);
    const id = shows("unsummed") ? "I3" : shows("transposed") ? "D1" : "unknown";
    const kind = id === "I3" ? "missing" : id === "D1" ? "other" : "unknown";
    return { ...common, id, kind, confidence: id === "unknown" ? 0 : 1, says: graphs.otherShape };
  }
  if (yours.data.some((x) => !Number.isFinite(x))) {
    return { ...common, id: "unknown", confidence: 0, features: [], example: null, says: graphs.notFinite };
  }
  if (edge.cancels) {
    return { ...common, id: "I4", kind: "extra", confidence: 1, features: [], says: graphs.pathsCancel };
  }
  const found = search(hypotheses(edge), {
    off: ({ value }) => (sameShape(value.shape, yours.shape) ? gapOf(value, yours) / (4 * allowed + 1e-300) : Infinity),
    same: (a, b) => a.id === b.id || a.says.en === b.says.en,
    margin: () => 1,
  });
  if (found === null) {
    return { ...common, id: "unknown", confidence: 0, says: graphs.followsFromNothing };
  }
  const { kind, rule } = found.best;
  return { ...common, ...told(found), kind, correct: rule, features: rule === "" ? features : [] };
}

/** Generic numbers for the same network: where two formulas agree on these as well, they are one formula. */

import { costOf } from "../../network/cost.ts";
import { Random } from "../../random.ts";
import { trueDeltas } from "./local.ts";
import { settle, type Problem, type Setting } from "./setting.ts";
import { fromRows, type Tracked } from "../bounds/tracked.ts";

type Known = Pick<Problem, "sizes" | "activations" | "cost"> & { readonly classes?: boolean };

const drawRows = (random: Random, height: number, width: number, scale: number): number[][] =>
  Array.from({ length: height }, () => {
    const drawn = random.normalArray(width);
    // Entry by entry: an iterator over thousands of rows takes longer than to draw them.
    const row: number[] = [];
    for (let i = 0; i < width; i++) row.push(drawn[i]! * scale);
    return row;
  });

function drawParameters({ sizes }: Known, random: Random): Pick<Problem, "W" | "b"> {
  const W: number[][][] = [[]];
  const b: number[][] = [[]];
  for (let l = 1; l < sizes.length; l++) {
    W.push(drawRows(random, sizes[l]!, sizes[l - 1]!, 1.2 / Math.sqrt(sizes[l - 1]!)));
    b.push(drawRows(random, 1, sizes[l]!, 0.5)[0]!);
  }
  return { W, b };
}

/** How targets are drawn for a cost. */
function targetsFor({ cost, classes = false }: Known): "shares" | "signs" | "positive" | "one class" {
  const { targets } = costOf(cost).record;
  if (targets === "signs") return "signs";
  if (targets === "one class" || classes) return "one class";
  return targets === "classes" ? "shares" : "positive";
}

function drawData(known: Known, samples: number, random: Random): Pick<Problem, "x" | "t"> {
  const { sizes } = known;
  const targets = targetsFor(known);
  const t = drawRows(random, samples, sizes[sizes.length - 1]!, 1).map((entries) => {
    const positive = entries.map((x) => 0.05 + 0.9 / (1 + Math.exp(-2 * x)));
    const total = positive.reduce((sum, x) => sum + x, 0);
    if (targets === "shares") return positive.map((x) => x / total);
    if (targets === "signs") return entries.map((x) => (x < 0 ? -1 : 1));
    if (targets === "positive") return positive;
    const chosen = entries.indexOf(Math.max(...entries));
    return entries.map((_, j) => (j === chosen ? 1 : 0));
  });
  return { x: drawRows(random, samples, sizes[0]!, 1), t };
}

/** Parameters and data for sizes, activations and cost, drawn so that nothing coincides. */
export function genericProblem(known: Known, samples: number, seed: number | string): Problem {
  const random = new Random(seed);
  const { sizes, activations, cost } = known;
  return { sizes, activations, cost, ...drawParameters(known, random), ...drawData(known, samples, random) };
}

/**
 * Problems by their number of samples for one network: data drawn anew for each; parameters drawn once, which takes
 * longest, and scaled neuron by neuron, so that what was kept from another call is out of date. `unbiased` layers have
 * a bias of 0; with `classes` every target is one class, for a function that takes its number.
 */
export function probeProblems(
  known: Known & { readonly unbiased?: readonly number[] },
  seed: number | string,
): (samples: number) => Problem {
  const { sizes, activations, cost, unbiased = [] } = known;
  const drawn = drawParameters(known, new Random(`probe ${seed}`));
  const parameters = {
    W: drawn.W,
    b: drawn.b.map((entries, l) => (unbiased.includes(l) ? entries.map(() => 0) : entries)),
  };
  return (samples) => {
    const random = new Random(`probe ${seed} ${samples}`);
    const scaled = (entries: readonly number[]): number[] => {
      const factor = 0.8 + 0.4 * random.uniform();
      return entries.map((x) => x * factor);
    };
    return {
      sizes,
      activations,
      cost,
      W: parameters.W.map((rows) => rows.map(scaled)),
      b: parameters.b.map(scaled),
      ...drawData(known, samples, random),
    };
  };
}

/** The problems of one check: each is drawn once, whoever asks for it, and the same numbers do for several costs. */
export class Drawn {
  readonly #numbers = new Map<string, ReturnType<typeof probeProblems>>();
  readonly #problems = new Map<string, ReturnType<typeof probeProblems>>();

  /** As `probeProblems`; who asks again is given the same object. */
  readonly problems: typeof probeProblems = (known, seed) => {
    const { sizes, activations, cost, unbiased = [] } = known;
    const numbers = JSON.stringify([sizes, unbiased, targetsFor(known), seed]);
    return entry(this.#problems, JSON.stringify([numbers, activations, cost]), () => {
      const drawn = entry(this.#numbers, numbers, () => bySamples(probeProblems(known, seed)));
      return bySamples((samples) => ({ ...drawn(samples), activations, cost }));
    });
  };
}

function entry<Key, Value>(made: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}

function bySamples(make: (samples: number) => Problem): (samples: number) => Problem {
  const made = new Map<number, Problem>();
  return (samples) => entry(made, samples, () => make(samples));
}

interface Generic {
  readonly other: Setting;
  readonly deltas: readonly Tracked[];
}

const known = new WeakMap<Setting, Generic>();

/** A setting that has what `setting` has (λ, η, new weights) in other numbers, with its true δ. */
export function genericLike(setting: Setting): Generic {
  const before = known.get(setting);
  if (before !== undefined) return before;
  // With another N, what was 1/N here is not 1/K there.
  const tied = setting.problem.tiedBiases === true ? { tiedBiases: true } : {};
  const problem = {
    ...genericProblem(setting.problem, setting.samples === 1 ? 1 : setting.samples + 2, "elsewhere"),
    ...tied,
  };
  const given = Object.keys(setting.nextW);
  const shifted = given.length === 0 ? null : genericProblem(setting.problem, 1, "after the step");
  const other = settle(problem, {
    lambda: setting.decay === null ? undefined : 0.37,
    decayForm: setting.decayForm,
    eta: setting.eta === null ? undefined : 0.23,
    nextW: Object.fromEntries(given.map((l) => [l, fromRows(shifted!.W[Number(l)]!)])),
  });
  const made = { other, deltas: trueDeltas(other) };
  known.set(setting, made);
  return made;
}

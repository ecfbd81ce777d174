/** A backprop as a function: the check chooses the data, and watches what the function does to it. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import type { probeProblems } from "../claims/generic.ts";
import { wordsOf } from "../catalogue/catalogue.ts";
import { begun, runsElsewhere } from "../ahead.ts";
import { once } from "../once.ts";
import type { Examined, HandcheckOptions } from "./options.ts";
import type { Diagnosis, Hand, Report } from "../report.ts";
import { declaredOf, ownConvention } from "../claims/conventions.ts";
import type { Problem } from "../claims/setting.ts";

/**
 * The parameters as a hand-written function takes them: `W1`, `b1`, `W2`, …; W out × in, or in × out where that is
 * declared.
 */
export type PlainParameters = { readonly [W: `W${number}`]: number[][] } & { readonly [b: `b${number}`]: number[] };

/** Somebody's backprop: parameters, inputs and targets (one sample in each row) to what was derived. */
export type Backward = (parameters: PlainParameters, x: number[][], t: number[][]) => Hand;

type Check = (problem: Problem, hand: Hand) => Examined;

interface ProbeOptions extends HandcheckOptions {
  /**
   * The function changes nothing and gives the same again: it is called once for each batch, and for none that nobody
   * asks for.
   */
  readonly pure: boolean;
}

/**
 * Calls the function on generic data of 5, 7 and 1 samples and gives the report of the most telling call. The others
 * are judged only as far as it takes to choose. A function that runs elsewhere is asked for all at once, and
 * `meanwhile` is done what needs no answer to the first.
 */
export function probe(
  problemOf: ReturnType<typeof probeProblems>,
  backward: Backward,
  options: ProbeOptions,
  check: Check,
  meanwhile: (problem: Problem) => void,
): Report {
  const probes = [5, 7, 1].map((samples, at) => {
    const problem = once(() => problemOf(samples));
    // What changes its mind does so at once.
    const asked = once(() =>
      Array.from({ length: at === 0 && !options.pure ? 2 : 1 }, () => ask(backward, problem(), options)),
    );
    const called = once(() => call(asked(), problem(), options));
    return { problem, asked, called, examined: once(() => check(problem(), called().hand)) };
  });
  const isElsewhere = runsElsewhere(backward);
  if (isElsewhere) {
    for (const { asked } of probes) asked();
    meanwhile(probes[0]!.problem());
  }
  if (!options.pure) {
    for (const { called, examined } of probes) {
      const { contract } = called();
      if (contract.length === 0) {
        // The others are computed while this is judged.
        if (isElsewhere && called === probes[0]!.called) examined();
        continue;
      }
      const report = examined().report();
      return { ...report, verdict: "contract", contract: [...contract, ...report.contract] };
    }
  }
  const [first, second, third] = probes.map(({ examined }) => examined) as [
    () => Examined,
    () => Examined,
    () => Examined,
  ];
  if (first().verdict === "correct")
    return ([second, third].find((one) => one().verdict !== "correct") ?? first)().report();
  const { roots } = first();
  return first().report(roots.map((root) => (root.alternatives.length === 0 ? root : settled(root, second().roots))));
}

/** Returns what both probes allow: a coincidence of the first does not survive the second. */
function settled(root: Diagnosis, second: readonly Diagnosis[]): Diagnosis {
  const there = second.filter(({ equation, layer }) => equation === root.equation && layer === root.layer);
  const allowed = new Set(there.flatMap(({ id, alternatives }) => [id, ...alternatives.map((other) => other.id)]));
  const [best, ...others] = [root, ...root.alternatives].filter(({ id }) => id !== "unknown" && allowed.has(id));
  return best === undefined ? root : { ...best, alternatives: others, confidence: 1 / (1 + others.length) };
}

/** A call of the function on copies, asked; the answer is waited for where it is wanted. */
interface Asked {
  readonly given: Parameters<Backward>;
  readonly answer: () => unknown;
}

function ask(backward: Backward, problem: Problem, options: ProbeOptions): Asked {
  const given = copy(problem, options);
  return { given, answer: begun(backward, given) };
}

/** Returns what the calls on the same problem gave: what changes its inputs or its mind is found here. */
function call(
  [once, twice]: readonly Asked[],
  problem: Problem,
  options: ProbeOptions,
): { hand: Hand; contract: Words[] } {
  if (options.pure) return { hand: once!.answer() as Hand, contract: [] };
  const contract: Words[] = [];
  const before = copy(problem, options);
  const attempt = ({ given, answer: take }: Asked): Hand => {
    let answer: unknown;
    try {
      answer = take();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      contract.push(judging.threw({ message, sizes: problem.sizes, samples: problem.x.length }));
      return {};
    }
    if (answer instanceof Promise) {
      answer.catch(() => undefined);
      contract.push(judging.promise);
      return {};
    }
    if (typeof answer !== "object" || answer === null) {
      const kind = answer === null ? "null" : typeof answer;
      contract.push(judging.noAnswer({ kind }));
      return {};
    }
    if (!alike(given[0], before[0])) contract.push(manner("E8"));
    if (!alike(given.slice(1), before.slice(1))) contract.push(manner("E10"));
    return answer as Hand;
  };
  const hand = attempt(once!);
  if (twice !== undefined && contract.length === 0) {
    const again = attempt(twice);
    if (!alike(again, hand)) contract.push(manner(doubled(hand, again) ? "E7" : "E11"));
  }
  return { hand, contract };
}

/** A way of behaving that the catalogue has a name for. */
function manner(id: "E7" | "E8" | "E10" | "E11"): Words {
  const what = wordsOf(id);
  return judging.named({ what, id });
}

/** True if the gradients of a second call are twice those of the first: added to what was left of it. */
function doubled(first: Hand, second: Hand): boolean {
  const [once, twice] = [first, second].map(({ gradW, gradB }) => numbersOf([gradW, gradB]));
  return (
    once!.length === twice!.length &&
    once!.some((g) => g !== 0) &&
    once!.every((g, i) => Math.abs(twice![i]! - 2 * g) <= 1e-12 * Math.abs(g))
  );
}

function numbersOf(value: unknown): number[] {
  return typeof value === "number"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(numbersOf)
      : [];
}

/** next, its W, its layers, its rows: nothing deeper is ever read. */
const DEEPEST = 5;

/** True if two answers say the same numbers by the same names, typed arrays like lists. */
function alike(a: unknown, b: unknown, depth = 0): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b) || a === b;
  if (depth > DEEPEST) return true;
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) {
      // Rows of numbers need no call for each.
      if (a[i] !== b[i] && !alike(a[i], b[i], depth + 1)) return false;
    }
    return true;
  }
  const [mine, yours] = [Object.entries(a), b as Readonly<Record<string, unknown>>];
  return (
    isList(a) === isList(b) &&
    mine.length === Object.keys(b).length &&
    mine.every(([name, value]) => Object.hasOwn(b, name) && alike(value, yours[name], depth + 1))
  );
}

function isList(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

export function copy(
  { W, b, x, t, cost }: Problem,
  options: HandcheckOptions,
): [PlainParameters, number[][], number[][]] {
  const declared = { ...ownConvention, ...declaredOf(options.convention, cost) };
  const rows = (given: readonly (readonly number[])[]): number[][] => given.map((row) => [...row]);
  const turn = (given: readonly (readonly number[])[]): number[][] =>
    given[0]!.map((_, k) => given.map((row) => row[k]!));
  const layers = Object.keys(W)
    .map(Number)
    .filter((l) => l > 0);
  const layout = declared.weights === "in×out" ? turn : rows;
  const batch = declared.samples === "columns" ? turn : rows;
  const base = declared.layerBase - 1;
  return [
    Object.fromEntries(
      layers.flatMap((l) => [
        [`W${l + base}`, layout(W[l]!)],
        [`b${l + base}`, [...b[l]!]],
      ]),
    ) as PlainParameters,
    batch(x),
    batch(t),
  ];
}

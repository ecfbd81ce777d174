/**
 * The check of a function that runs elsewhere, such as in a worker of its own: its calls are handed over, and what they
 * gave is handed back.
 */

import { checkOptions } from "@chainrule/autograd";
import { fileErrors } from "../../locales/file-errors.ts";
import { alike } from "../../locales/words.ts";
import { askedBy } from "../ahead.ts";
import { SourceError, type Given, type GivenRecord } from "../intake/given.ts";
import { Refusal } from "../intake/refusal.ts";
import { fromCode } from "../intake/sources/code.ts";
import { withPrintedIn } from "../intake/sources/listing.ts";
import { recordOf } from "../intake/values.ts";
import type { PlainParameters } from "../judge/probe.ts";
import { checkCode, type Checked, type Failed } from "./check-code.ts";
import { fileKinds, surroundingsOf, type CheckedFiles, type FileOptions } from "./check-files.ts";
import { tensorsOf } from "./tensors.ts";

/** Says what the function is called with: parameters, inputs and targets, a sample in each row. */
export type BackwardCall = readonly [parameters: PlainParameters, x: number[][], t: number[][]];

/** Says what came of a call: what it gave, with its arguments as they are afterwards; or what it threw. */
export type BackwardAnswer =
  { readonly value: unknown; readonly given?: readonly unknown[] } | { readonly thrown: string };

/** The judge wants an answer that is not there yet. */
class Wanting extends Error {}

/** Makes a list or a record hold what it holds elsewhere. */
function overwrite(target: unknown, now: unknown): void {
  if (Array.isArray(target) && Array.isArray(now)) target.splice(0, target.length, ...(now as unknown[]));
  else if (typeof target === "object" && target !== null && typeof now === "object" && now !== null) {
    for (const name of Object.keys(target)) Reflect.deleteProperty(target, name);
    Object.assign(target, now);
  }
}

/** One run of the judge over the answers that are known: what it still wanted, and whether it went on without. */
class Replay {
  readonly wanted: BackwardCall[] = [];
  isWanting = false;
  readonly #known: readonly BackwardAnswer[];
  #asked = 0;

  constructor(known: readonly BackwardAnswer[]) {
    this.#known = known;
  }

  /** Returns what is asked behind an answer that is missing would be another question once it is there. */
  begin(given: BackwardCall): () => unknown {
    const own = this.#asked++;
    const answer = this.#known[own];
    if (answer === undefined && !this.isWanting) this.wanted.push(given);
    return () => {
      if (answer === undefined) {
        this.isWanting = true;
        throw new Wanting();
      }
      if ("thrown" in answer) throw new Error(answer.thrown);
      answer.given?.forEach((now, k) => {
        overwrite(given[k], now);
      });
      return answer.value;
    };
  }
}

function valuesOf(about: Readonly<Record<string, unknown>>): GivenRecord {
  const known = new Map<object, Given>();
  return recordOf(
    new Map(
      Object.entries(about).flatMap(([name, value]) => {
        const given = fromCode(value, known);
        return given === undefined ? [] : [[name, withPrintedIn(given)] as const];
      }),
    ),
  );
}

function reported(found: Checked | Failed): CheckedFiles {
  if ("thrown" in found) {
    if (found.thrown instanceof Refusal) throw found.thrown;
    return { report: found.report, network: found.network, tensors: [] };
  }
  const { report, network, problem, hand } = found;
  return { report, network, tensors: problem === null || hand === null ? [] : tensorsOf(problem(), hand, report) };
}

/** Returns what a call gives, or what it throws. */
function outcomeOf<T>(call: () => T): readonly [T, null] | readonly [null, unknown] {
  try {
    return [call(), null];
  } catch (error) {
    return [null, error];
  }
}

/**
 * Checks a function `backward(parameters, x, t)` that runs elsewhere, as `chainrule check` does with that of a module:
 * on numbers that the check chooses, and on the data beside it. The judge runs here and is given arrays; it is run
 * again with every batch of answers.
 *
 * @param ask - makes these calls, one after the other, and gives what came of each; behind one that throws no more need
 * be made
 * @param about - what stands beside the function: `network`, `x`, `t`, parameters, under the names that people use
 * @param options - the network where nothing beside says it, digits, conventions
 * @returns the report, the network as it was read, the numbers
 * @throws Refusal for what cannot be used, such as answers by names that mean nothing
 *
 * @example
 * const about = { network: { sizes: [1, 1], activations: "linear", cost: "quadratic" } };
 * const { report } = await checkBackward((calls) => calls.map(([{ W1, b1 }, x, t]) => ({
 *   value: { delta1: x.map(([one], n) => [t[n]![0]! - W1![0]![0]! * one! - 2 * b1![0]!]) },
 * })), about);
 * report.verdict // => "mistake"
 */
export async function checkBackward(
  ask: (calls: readonly BackwardCall[]) => readonly BackwardAnswer[] | Promise<readonly BackwardAnswer[]>,
  about: Readonly<Record<string, unknown>> = {},
  options: FileOptions = {},
): Promise<CheckedFiles> {
  const { network, ...own } = checkOptions("checkBackward", options, fileKinds, {
    call: "checkBackward(ask, about, { network, digits, decimals, convention, seed })",
  });
  const values = valuesOf(about);
  const known: BackwardAnswer[] = [];
  for (;;) {
    const replay = new Replay(known);
    const begin = (...given: readonly unknown[]): (() => unknown) => replay.begin(given as unknown as BackwardCall);
    const backward = askedBy((...given: readonly unknown[]) => begin(...given)(), begin);
    const job = {
      seed: typeof own.seed === "number" ? own.seed : null,
      surroundings: surroundingsOf(network),
      options: { convention: "auto", ...own },
      shown: false,
    } as const;
    const [found, refused] = outcomeOf(() => checkCode(backward, values, job));
    if (!replay.isWanting) {
      if (found !== null) return reported(found);
      if (!(refused instanceof SourceError)) throw refused;
      throw new Refusal([fileErrors.withAdvice({ what: refused.says, advice: refused.advises })]);
    }
    const answers = await ask(replay.wanted);
    if (answers.length === 0) throw new Refusal([alike("backward gives no answer")]);
    known.push(...answers);
  }
}

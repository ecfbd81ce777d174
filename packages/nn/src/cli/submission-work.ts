/** The work for named values, and for code: the network beside them, the check, and what was decided on the way. */

import {
  checkCode as judgedCode,
  type Backward,
  type Checked,
  type CodeJob as OwnCodeJob,
} from "../handcheck/files/check-code.ts";
import type { HandcheckOptions } from "../handcheck/judge/options.ts";
import type { Surroundings } from "../handcheck/intake/gather.ts";
import { SourceError, type Given, type GivenRecord } from "../handcheck/intake/given.ts";
import { meaningsOf, scopeOf } from "../handcheck/intake/meaning.ts";
import { isList, isNumbers, recordOf } from "../handcheck/intake/values.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { submissionOf } from "../handcheck/intake/submission.ts";
import { burden, least } from "../handcheck/judge/least.ts";
import { checkSubmission } from "../handcheck/judge/submitted.ts";
import { cli } from "../locales/cli.ts";
import { programErrors } from "../locales/program-errors.ts";
import type { Words } from "../locales/words.ts";
import { faultOf } from "./faults.ts";
import type { Fault } from "./job.ts";

/** Checks numbers. */
export function checkValues(values: GivenRecord, surroundings: Surroundings, options: HandcheckOptions): Checked {
  const { report, problem, hand, network: net } = checkSubmission(submissionOf(values, surroundings), options);
  return {
    report,
    network: net,
    problem: () => problem,
    hand,
    data: { x: problem.x as number[][], t: problem.t as number[][] },
  };
}

/** Gradients and δ with the other sign. */
function negated(values: GivenRecord): GivenRecord {
  const turn = (given: Given): Given =>
    isNumbers(given)
      ? { ...given, data: given.data.map((x) => 0 - x), texts: null }
      : isList(given)
        ? { ...given, entries: given.entries.map(turn) }
        : given;
  const isGradient = (name: string): boolean =>
    meaningsOf(name, "top").some(({ role }) => role === "gradW" || role === "gradB");
  return recordOf(new Map([...values.entries].map(([name, value]) => [name, isGradient(name) ? turn(value) : value])));
}

/**
 * Values of layers under names that are not theirs, as z, z2, z3 of two layers, are left out: nobody has handed them
 * in. So are those that make the forward pass wrong where the rest then asks one to believe less.
 */
function withoutUnread(values: GivenRecord, check: (some: GivenRecord) => Checked): Checked {
  const isOfUnits = (name: string): boolean =>
    meaningsOf(name, "top").some(({ role }) => role === "u" || role === "v") &&
    !meaningsOf(name, "top").some(({ role }) => role === "x" || role === "t");
  const names = [...values.entries.keys()].filter((name) => isOfUnits(name) || scopeOf(name, "top") === "forward");
  let [first, refusal]: [Checked | null, Refusal | null] = [null, null];
  try {
    first = check(values);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    refusal = thrown;
  }
  const isFine = first !== null && first.report.roots.every(({ equation }) => equation !== "forward");
  const found =
    isFine || names.length === 0
      ? null
      : attempted(() => check(recordOf(new Map([...values.entries].filter(([name]) => !names.includes(name))))));
  if (found === null || (first !== null && burden(found.report) >= burden(first.report))) {
    if (first === null) throw refusal!;
    return first;
  }
  const says: Words = cli.leftOut({ names });
  return { ...found, report: { ...found.report, readAs: [...(found.report.readAs ?? []), says] } };
}

function attempted(check: () => Checked): Checked | null {
  try {
    return check();
  } catch (thrown) {
    if (thrown instanceof Refusal) return null;
    throw thrown;
  }
}

/**
 * Checks the arrays of one pass of a script: a λ that lies in sight may belong to them or to nothing, and a step may
 * add.
 */
export function checkPass(
  values: GivenRecord,
  adds: boolean,
  surroundings: Surroundings,
  options: HandcheckOptions,
): Checked {
  const others = recordOf(new Map([...values.entries].filter(([name]) => name !== "lambda")));
  const without = values.entries.has("lambda") ? [{ values: others, says: [cli.unreadDecay] }] : [];
  const ways = [{ values, says: [] as Words[] }, ...without];
  const turned = ways.map((way) => ({ values: negated(way.values), says: [...way.says, cli.stepAdds] }));
  const best = least(
    [...ways, ...(adds ? turned : [])],
    (way, beyond): Checked | null => {
      const found = withoutUnread(way.values, (some) => checkValues(some, surroundings, options));
      // Only what holds altogether, or without a sign, is another way to read it.
      if (beyond !== Infinity && found.report.verdict !== "correct" && way.says.includes(cli.unreadDecay)) return null;
      return { ...found, report: { ...found.report, readAs: [...(found.report.readAs ?? []), ...way.says] } };
    },
    ({ report }) => report,
  );
  return wholly(best!);
}

/**
 * Whoever trains a whole network is not told that it is right where a layer of it has nothing by a name that is known.
 */
function wholly(checked: Checked): Checked {
  const { lines, verdict } = checked.report;
  const layers = Array.from({ length: checked.network.layers }, (_, i) => i + 1);
  const unseen = layers.find((l) =>
    lines.every(({ layer, status, equation }) => layer !== l || status === "missing" || equation === "forward"),
  );
  if (verdict !== "correct" || unseen === undefined) return checked;
  throw new SourceError(programErrors.unseenLayer({ layer: unseen }), programErrors.nameLayer({ layer: unseen }));
}

/** How code is checked, and what the file is called. */
export interface CodeJob extends OwnCodeJob {
  readonly file: string | null;
}

/** Checks code; what it throws is a fault of its file. */
export function checkCode(given: Backward, values: GivenRecord, { file, ...job }: CodeJob): Promise<Checked | Fault> {
  return Promise.resolve().then(() => {
    const found = judgedCode(given, values, job);
    return "thrown" in found ? { ...faultOf(found.thrown, file), advice: "", adviceZh: "" } : found;
  });
}

/** The work for named values, and for code: the network beside them, the check, and what was decided on the way. */

import { askedBy, begun, runsElsewhere } from "../handcheck/ahead.ts";
import { checkFunctionBelow } from "../handcheck/judge/handcheck.ts";
import type { HandcheckOptions } from "../handcheck/judge/options.ts";
import { probeProblems } from "../handcheck/claims/generic.ts";
import { describedIn, type Described } from "../handcheck/intake/described.ts";
import type { Surroundings } from "../handcheck/intake/gather.ts";
import { SourceError, type Given, type GivenRecord } from "../handcheck/intake/given.ts";
import { meaningsOf, scopeOf } from "../handcheck/intake/meaning.ts";
import { isList, isNumbers, recordOf } from "../handcheck/intake/values.ts";
import { rowsOf } from "../handcheck/intake/plain.ts";
import { Refusal } from "../handcheck/intake/refusal.ts";
import { networkOf } from "../handcheck/intake/network.ts";
import { returned } from "../handcheck/intake/returned.ts";
import { submissionOf } from "../handcheck/intake/submission.ts";
import { copy, type PlainParameters } from "../handcheck/judge/probe.ts";
import type { Hand, Report } from "../handcheck/report.ts";
import type { Problem } from "../handcheck/claims/setting.ts";
import { burden, least } from "../handcheck/judge/least.ts";
import { checkSubmission, conditionOf } from "../handcheck/judge/submitted.ts";
import { cli } from "../locales/cli.ts";
import { judging } from "../locales/judging.ts";
import type { Words } from "../locales/words.ts";
import type { Network } from "../network/network.ts";
import { FaultError, faultOf } from "./faults.ts";
import type { Fault } from "./job.ts";
import type { Backward } from "./subject.ts";

/** What a check gives: a report, and what it is about, for showing its numbers. */
export interface Checked {
  readonly report: Report;
  readonly network: Network;
  readonly problem: (() => Problem) | null;
  readonly hand: Hand | null;
  readonly data: { readonly x: number[][]; readonly t: number[][] } | null;
  /** What was handed in, where a program of the person's gave it. */
  readonly values?: GivenRecord;
  /** The line in which the function begins that was judged. */
  readonly line?: number;
}

/** Checks numbers. */
export function checkValues(values: GivenRecord, surroundings: Surroundings, options: HandcheckOptions): Checked {
  const { report, problem, hand, network: net } = checkSubmission(submissionOf(values, surroundings), options);
  return { report, network: net, problem: () => problem, hand, data: { x: problem.x as number[][], t: problem.t as number[][] } };
}

/** Gradients and δ with the other sign. */
function negated(values: GivenRecord): GivenRecord {
  const turn = (given: Given): Given => (isNumbers(given) ? { ...given, data: given.data.map((x) => 0 - x), texts: null } : isList(given) ? { ...given, entries: given.entries.map(turn) } : given);
  const isGradient = (name: string): boolean => meaningsOf(name, "top").some(({ role }) => role === "gradW" || role === "gradB");
  return recordOf(new Map([...values.entries].map(([name, value]) => [name, isGradient(name) ? turn(value) : value])));
}

/**
 * Values of layers under names that are not theirs, as z, z2, z3 of two layers, are left out: nobody has handed them in. So are those that
 * make the forward pass wrong where the rest then asks one to believe less.
 */
function withoutUnread(values: GivenRecord, check: (some: GivenRecord) => Checked): Checked {
  const isOfUnits = (name: string): boolean => meaningsOf(name, "top").some(({ role }) => role === "u" || role === "v") && !meaningsOf(name, "top").some(({ role }) => role === "x" || role === "t");
  const names = [...values.entries.keys()].filter((name) => isOfUnits(name) || scopeOf(name, "top") === "forward");
  let [first, refusal]: [Checked | null, Refusal | null] = [null, null];
  try {
    first = check(values);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    refusal = thrown;
  }
  const isFine = first !== null && first.report.roots.every(({ equation }) => equation !== "forward");
  const found = isFine || names.length === 0 ? null : attempted(() => check(recordOf(new Map([...values.entries].filter(([name]) => !names.includes(name))))));
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

/** Checks the arrays of one pass of a script: a λ that lies in sight may belong to them or to nothing, and a step may add. */
export function checkPass(values: GivenRecord, adds: boolean, surroundings: Surroundings, options: HandcheckOptions): Checked {
  const others = recordOf(new Map([...values.entries].filter(([name]) => name !== "lambda")));
  const without = values.entries.has("lambda") ? [{ values: others, says: [cli.unreadDecay] }] : [];
  const ways = [{ values, says: [] as Words[] }, ...without];
  const turned = ways.map((way) => ({ values: negated(way.values), says: [...way.says, cli.stepAdds] }));
  const best = least([...ways, ...(adds ? turned : [])], (way, beyond): Checked | null => {
    const found = withoutUnread(way.values, (some) => checkValues(some, surroundings, options));
    // Only what holds altogether, or without a sign, is another way to read it.
    if (beyond !== Infinity && found.report.verdict !== "correct" && way.says.includes(cli.unreadDecay)) return null;
    return { ...found, report: { ...found.report, readAs: [...(found.report.readAs ?? []), ...way.says] } };
  }, ({ report }) => report);
  return wholly(best!);
}

/** Whoever trains a whole network is not told that it is right where a layer of it has nothing by a name that is known. */
function wholly(checked: Checked): Checked {
  const { lines, verdict } = checked.report;
  const layers = Array.from({ length: checked.network.layers }, (_, i) => i + 1);
  const unseen = layers.find((l) => lines.every(({ layer, status, equation }) => layer !== l || status === "missing" || equation === "forward"));
  if (verdict !== "correct" || unseen === undefined) return checked;
  throw new SourceError(`what is there of the backward pass is right, but nothing of layer ${unseen} is assigned by a name that is known`, `name its δ delta${unseen}, and its gradients dW${unseen} and db${unseen}`);
}

/** What a call of somebody's function was given and gave, or threw, or gave by names that cannot be used. */
interface Calls {
  readonly hands: Map<number, Hand>;
  fault: Fault | null;
}

/** The function, watched: the engine catches what it throws, and knows nothing of lines or of names. */
function watched(backward: Backward, file: string | null, { sizes, columns }: { readonly sizes: readonly number[]; readonly columns: boolean }, calls: Calls): (parameters: PlainParameters, x: number[][], t: number[][]) => Hand {
  const heard = (answerOf: () => unknown, x: number[][]): Hand => {
    const samples = columns ? x[0]!.length : x.length;
    let answer: unknown;
    try {
      answer = answerOf();
    } catch (thrown) {
      calls.fault ??= { ...faultOf(thrown, file, `called with W^l out × in, ${samples} samples`), advice: "" };
      throw thrown;
    }
    if (typeof answer !== "object" || answer === null || answer instanceof Promise) return answer as Hand;
    try {
      const hand = returned(answer, sizes);
      calls.hands.set(samples, hand);
      return hand;
    } catch (thrown) {
      if (thrown instanceof Refusal) calls.fault ??= faultOf(thrown, file);
      throw thrown;
    }
  };
  type Watched = (parameters: PlainParameters, x: number[][], t: number[][]) => Hand;
  const watching: Watched = (...given) => heard(() => backward(...given), given[1]);
  if (!runsElsewhere(backward)) return watching;
  return askedBy(watching, (...given) => {
    const answer = begun(backward, given);
    return () => heard(answer, given[1]);
  });
}

/** How code is checked. */
export interface CodeJob {
  readonly file: string | null;
  readonly seed: number | null;
  readonly surroundings: Surroundings;
  readonly options: HandcheckOptions;
  /** Its parameters are shown, too. */
  readonly shown: boolean;
  /** It takes targets as numbers of classes: each has one. */
  readonly classes?: boolean;
}

/** Layers whose bias the function does not read and has no gradient for. */
function unreadBiases(backward: (parameters: PlainParameters, x: number[][], t: number[][]) => Hand, problem: Problem, hand: Hand, options: HandcheckOptions): number[] {
  const layers = problem.sizes.flatMap((_, l) => (l > 0 && hand.gradB?.[l] === undefined && hand.next?.b?.[l] === undefined ? [l] : []));
  const without = (some: readonly number[]): boolean => {
    const other = { ...problem, b: problem.b.map((entries, l) => (some.includes(l) ? entries.map((x, j) => 0.3 - 1.7 * x + 0.1 * j) : entries)) };
    return JSON.stringify(backward(...copy(other, options))) === JSON.stringify(backward(...copy(problem, options)));
  };
  if (layers.length === 0 || without(layers)) return layers;
  return layers.length === 1 ? [] : layers.filter((l) => without([l]));
}

/** A report, the network that it is about, and what the function gave for it. */
interface Tried {
  readonly net: Network;
  readonly report: Report;
  readonly hands: Calls["hands"];
}

/** Checks code, on numbers of the check's own, then on the file's. */
export async function checkCode(given: Backward, values: GivenRecord, { file, seed, surroundings, options, shown, classes = false }: CodeJob): Promise<Checked | Fault> {
  const described = describedIn(values, surroundings);
  const { sizes, costs, told } = described;
  const choices = [described, ...described.otherActivations.map((activations) => ({ ...described, activations }))].flatMap((one) => costs.map((cost) => [one, cost] as const));
  const columns = typeof options.convention === "object" && options.convention.samples === "columns";
  const own = { ...options, ...(told.convention === undefined ? {} : { convention: told.convention }) };
  const build = (one: Described, cost: Described["costs"][number]): Network => networkOf(one, cost, { seed, blank: described.data === null && !shown });
  let fault: Fault | null = null;
  const says: Words[] = [];
  let unbiased: readonly number[] = told.biases === false ? sizes.flatMap((_, l) => (l > 0 ? [l] : [])) : [];
  const judged = (): Tried => {
    let isOver = false;
    return least(choices, ([one, cost], beyond): Tried | null => {
      if (isOver) return null;
      const net = build(one, cost);
      const calls: Calls = { hands: new Map(), fault: null };
      const report = checkFunctionBelow(beyond, net, watched(given, file, { sizes, columns }, calls), own, { unbiased, classes });
      fault ??= calls.fault;
      // What is wrong with the function itself is so under every cost.
      isOver = calls.fault !== null || report?.verdict === "contract";
      return report === null ? null : { net, report, hands: calls.hands };
    }, ({ report }) => report)!;
  };
  let best = judged();
  if (fault !== null) return fault;
  const known = (): Parameters<typeof probeProblems>[0] => ({ sizes, activations: best.net.activations as Problem["activations"], cost: best.net.cost as Problem["cost"], unbiased, classes });
  const first = best.hands.get(5);
  if (best.report.verdict !== "correct" && best.report.verdict !== "contract" && unbiased.length === 0 && first !== undefined) {
    const none = unreadBiases(watched(given, file, { sizes, columns }, { hands: new Map(), fault: null }), probeProblems(known(), own.seed ?? 0)(5), first, own);
    if (none.length > 0) {
      unbiased = none;
      best = judged();
      const isAll = none.length === sizes.length - 1;
      says.push(isAll ? cli.readsNoBiases : cli.readsSomeBiases({ names: none.map((l) => `b${l}`) }));
    }
  }
  const { net, report, hands } = best;
  const readAs = [...described.says, ...says, ...costNote(told.cost, report)];
  const { samples } = report.network;
  // Of code as of numbers: v − t above sigmoids is right for one cost, and a slip for another.
  const condition = told.cost === undefined && report.verdict === "correct" ? conditionOf(net.cost as Problem["cost"], net.activations as Problem["activations"]) : null;
  const probed: Checked = { report: { ...report, readAs, ...(condition === null ? {} : { condition }) }, network: net, problem: () => probeProblems(known(), own.seed ?? 0)(samples), hand: hands.get(samples) ?? null, data: null };
  if (described.data === null) return probed;
  return onOwnData(described.data, probed, { given, file, options: own, unbiased, columns });
}

/** What a cost that nobody told was taken for. */
function costNote(told: string | undefined, { network: { cost }, verdict }: Report): Words[] {
  if (told === cost) return [];
  if (told !== undefined) return [judging.costReadAs({ told, cost })];
  return [verdict === "correct" ? judging.costHolds({ cost }) : judging.costTaken({ cost })];
}

interface OwnData {
  readonly given: Backward;
  readonly file: string | null;
  readonly options: HandcheckOptions;
  readonly unbiased: readonly number[];
  readonly columns: boolean;
}

async function onOwnData(data: NonNullable<Described["data"]>, probed: Checked, { given, file, options, unbiased, columns }: OwnData): Promise<Checked | Fault> {
  const { withOwnData } = await import("./own-data.ts");
  const { network: net, report } = probed;
  const { sizes } = net;
  const layers = Array.from({ length: net.layers }, (_, index) => index + 1);
  const problem: Problem = {
    sizes, activations: net.activations as Problem["activations"], cost: net.cost as Problem["cost"], x: rowsOf(data.x), t: rowsOf(data.t),
    W: [[], ...layers.map((l) => net.parameters[`W${l}`]!.toArray() as number[][])],
    b: [[], ...layers.map((l) => (unbiased.includes(l) ? new Array<number>(sizes[l]!).fill(0) : (net.parameters[`b${l}`]!.toArray() as number[])))],
  };
  const calls: Calls = { hands: new Map(), fault: null };
  try {
    const own = withOwnData(report, problem, watched(given, file, { sizes, columns }, calls), options, net);
      const readAs = report.readAs ?? [];
    const condition = own.report.verdict === "correct" && report.condition !== undefined ? { condition: report.condition } : {};
    const shownData = { x: problem.x as number[][], t: problem.t as number[][] };
    return own.hand === null ? { ...probed, report: { ...own.report, readAs, ...condition }, data: shownData } : { report: { ...own.report, readAs, ...condition }, network: net, problem: () => problem, hand: own.hand, data: shownData };
  } catch (error) {
    if (calls.fault !== null) return calls.fault;
    throw error instanceof Refusal || error instanceof FaultError ? error : new FaultError((error as Error).message.split("\n")[0]!.replace(/^(?:handcheck|tensor): /, ""), "one sample in each row of x and of t");
  }
}

/** The check of somebody's function: on numbers of the check's own, then on those that stand beside it. */

import { cli } from "../../locales/cli.ts";
import { fileErrors } from "../../locales/file-errors.ts";
import { judging } from "../../locales/judging.ts";
import { alike, type Words } from "../../locales/words.ts";
import type { Network } from "../../network/network.ts";
import { askedBy, begun, runsElsewhere } from "../ahead.ts";
import { Drawn, type probeProblems } from "../claims/generic.ts";
import type { Problem } from "../claims/setting.ts";
import { describedIn, type Described } from "../intake/described.ts";
import type { Surroundings } from "../intake/gather.ts";
import { SourceError, type GivenRecord } from "../intake/given.ts";
import { networkOf } from "../intake/network.ts";
import { rowsOf } from "../intake/plain.ts";
import { Refusal } from "../intake/refusal.ts";
import { returned } from "../intake/returned.ts";
import { checkFunctionBelow } from "../judge/handcheck.ts";
import { least } from "../judge/least.ts";
import type { HandcheckOptions } from "../judge/options.ts";
import { witnessAhead } from "../judge/witness.ts";
import { copy, type PlainParameters } from "../judge/probe.ts";
import { conditionOf } from "../judge/submitted.ts";
import type { Hand, Report } from "../report.ts";
import { withOwnData } from "./own-data.ts";

/** Code of somebody's, as it came. */
export type Backward = (...given: readonly unknown[]) => unknown;

/** Holds what a check gives: a report, and what it is about, for showing its numbers. */
export interface Checked {
  readonly report: Report;
  readonly network: Network;
  readonly problem: (() => Problem) | null;
  readonly hand: Hand | null;
  readonly data: { readonly x: number[][]; readonly t: number[][] } | null;
  /** Says what was handed in, where a program of the person's gave it. */
  readonly values?: GivenRecord;
  /** The line in which the function begins that was judged. */
  readonly line?: number;
}

/** Holds what a function threw, or by which names it gave what cannot be used; with what the judge says of it. */
export interface Failed {
  readonly thrown: unknown;
  readonly report: Report;
  readonly network: Network;
}

/** Holds what a call of somebody's function was given and gave, or threw, or gave by names that cannot be used. */
interface Calls {
  readonly hands: Map<number, Hand>;
  /** Says what it threw first. */
  fault: { readonly thrown: unknown } | null;
}

/** The function, watched: the engine catches what it throws, and knows nothing of lines or of names. */
function watched(
  backward: Backward,
  { sizes, columns }: { readonly sizes: readonly number[]; readonly columns: boolean },
  calls: Calls,
): (parameters: PlainParameters, x: number[][], t: number[][]) => Hand {
  const heard = (answerOf: () => unknown, x: number[][]): Hand => {
    const samples = columns ? x[0]!.length : x.length;
    let answer: unknown;
    try {
      answer = answerOf();
    } catch (thrown) {
      calls.fault ??= { thrown };
      throw thrown;
    }
    if (typeof answer !== "object" || answer === null || answer instanceof Promise) return answer as Hand;
    try {
      const hand = returned(answer, sizes);
      calls.hands.set(samples, hand);
      return hand;
    } catch (thrown) {
      if (thrown instanceof Refusal) calls.fault ??= { thrown };
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
  readonly seed: number | null;
  readonly surroundings: Surroundings;
  readonly options: HandcheckOptions;
  /** Its parameters are shown, too. */
  readonly shown: boolean;
  /** It takes targets as numbers of classes: each has one. */
  readonly classes?: boolean;
  /** The check's own numbers, where several ways to call the same function share them. */
  readonly drawn?: Drawn;
}

/** Layers whose bias the function does not read and has no gradient for. */
function unreadBiases(
  backward: (parameters: PlainParameters, x: number[][], t: number[][]) => Hand,
  problem: Problem,
  hand: Hand,
  options: HandcheckOptions,
): number[] {
  const layers = problem.sizes.flatMap((_, l) =>
    l > 0 && hand.gradB?.[l] === undefined && hand.next?.b?.[l] === undefined ? [l] : [],
  );
  const without = (some: readonly number[]): boolean => {
    const other = {
      ...problem,
      b: problem.b.map((entries, l) => (some.includes(l) ? entries.map((x, j) => 0.3 - 1.7 * x + 0.1 * j) : entries)),
    };
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

/** Somebody's function under every network that its file may mean. */
class CodeCheck {
  readonly described: Described;
  readonly options: HandcheckOptions;
  readonly columns: boolean;
  /** Layers that are judged without a bias. */
  unbiased: readonly number[];
  /** The first thing that the function threw, or gave by names that cannot be used. */
  fault: Calls["fault"] = null;
  readonly #given: Backward;
  readonly #job: CodeJob;
  readonly #drawn: Drawn;

  constructor(given: Backward, values: GivenRecord, job: CodeJob) {
    const described = describedIn(values, job.surroundings);
    const { told, sizes } = described;
    const { convention } = told;
    [this.described, this.#given, this.#job, this.#drawn] = [described, given, job, job.drawn ?? new Drawn()];
    this.columns = typeof job.options.convention === "object" && job.options.convention.samples === "columns";
    this.options = { ...job.options, ...(convention === undefined ? {} : { convention }) };
    this.unbiased = told.biases === false ? sizes.flatMap((_, l) => (l > 0 ? [l] : [])) : [];
  }

  #network(one: Described, cost: Described["costs"][number]): Network {
    const { seed, shown } = this.#job;
    return networkOf(one, cost, { seed, blank: this.described.data === null && !shown });
  }

  #watched(calls: Calls): ReturnType<typeof watched> {
    return watched(this.#given, { sizes: this.described.sizes, columns: this.columns }, calls);
  }

  /** The network under which the function asks one to believe least. */
  judged(): Tried {
    const { described } = this;
    const all = [described, ...described.otherActivations.map((activations) => ({ ...described, activations }))];
    const choices = all.flatMap((one) => described.costs.map((cost) => [one, cost] as const));
    let isOver = false;
    return least(
      choices,
      ([one, cost], beyond): Tried | null => {
        if (isOver) return null;
        const net = this.#network(one, cost);
        const calls: Calls = { hands: new Map(), fault: null };
        const { problems } = this.#drawn;
        const how = { unbiased: this.unbiased, classes: this.#job.classes ?? false, problems };
        const report = checkFunctionBelow(beyond, net, this.#watched(calls), this.options, how);
        this.fault ??= calls.fault;
        // What is wrong with the function itself is so under every cost.
        isOver = calls.fault !== null || report?.verdict === "contract";
        return report === null ? null : { net, report, hands: calls.hands };
      },
      ({ report }) => report,
    )!;
  }

  /** The check's own numbers for a network, by the number of samples. */
  problemsOf({ activations, cost }: Network): ReturnType<typeof probeProblems> {
    const { sizes } = this.described;
    return this.#drawn.problems(
      {
        sizes,
        activations: activations as Problem["activations"],
        cost: cost as Problem["cost"],
        unbiased: this.unbiased,
        classes: this.#job.classes ?? false,
      },
      this.options.seed ?? 0,
    );
  }

  /** Draws the numbers of the first call, and compares the truths on them. */
  ahead(): void {
    const net = this.#network(this.described, this.described.costs[0]!);
    witnessAhead(net, this.problemsOf(net)(5), this.options.seed ?? 0);
  }

  /** Layers whose bias the function does not read, where that may be what is wrong. */
  unread({ net, report, hands }: Tried): readonly number[] {
    const first = hands.get(5);
    const isOpen = report.verdict !== "correct" && report.verdict !== "contract";
    if (!isOpen || this.unbiased.length > 0 || first === undefined) return [];
    const calls: Calls = { hands: new Map(), fault: null };
    return unreadBiases(this.#watched(calls), this.problemsOf(net)(5), first, this.options);
  }
}

/** The finding on the check's own numbers, with what was decided that nobody told. */
function probed(check: CodeCheck, { net, report, hands }: Tried, says: readonly Words[]): Checked {
  const { told, says: described } = check.described;
  const { samples } = report.network;
  // Of code as of numbers: v − t above sigmoids is right for one cost, and a slip for another.
  const condition =
    told.cost === undefined && report.verdict === "correct"
      ? conditionOf(net.cost as Problem["cost"], net.activations as Problem["activations"])
      : null;
  const readAs = [...described, ...says, ...costNote(told.cost, report)];
  return {
    report: { ...report, readAs, ...(condition === null ? {} : { condition }) },
    network: net,
    problem: () => check.problemsOf(net)(samples),
    hand: hands.get(samples) ?? null,
    data: null,
  };
}

/** Does of the check of code what needs no code: `job.drawn` has it. */
export const checkAhead = (values: GivenRecord, job: CodeJob & { readonly drawn: Drawn }): void =>
  new CodeCheck(() => null, values, job).ahead();

/** Checks code, on numbers of the check's own, then on the file's. */
export function checkCode(given: Backward, values: GivenRecord, job: CodeJob): Checked | Failed {
  const check = new CodeCheck(given, values, job);
  let best = check.judged();
  if (check.fault !== null) return { thrown: check.fault.thrown, report: best.report, network: best.net };
  const says: Words[] = [];
  const none = check.unread(best);
  if (none.length > 0) {
    check.unbiased = none;
    best = check.judged();
    const isAll = none.length === check.described.sizes.length - 1;
    says.push(isAll ? cli.readsNoBiases : cli.readsSomeBiases({ names: none.map((l) => `b${l}`) }));
  }
  const found = probed(check, best, says);
  const { data } = check.described;
  if (data === null) return found;
  const { options, unbiased, columns } = check;
  return onOwnData(data, found, { given, options, unbiased, columns });
}

/** Returns what a cost that nobody told was taken for. */
function costNote(told: string | undefined, { network: { cost }, verdict }: Report): Words[] {
  if (told === cost) return [];
  if (told !== undefined) return [judging.costReadAs({ told, cost })];
  return [verdict === "correct" ? judging.costHolds({ cost }) : judging.costTaken({ cost })];
}

interface OwnData {
  readonly given: Backward;
  readonly options: HandcheckOptions;
  readonly unbiased: readonly number[];
  readonly columns: boolean;
}

function onOwnData(
  data: NonNullable<Described["data"]>,
  probed: Checked,
  { given, options, unbiased, columns }: OwnData,
): Checked | Failed {
  const { network: net, report } = probed;
  const { sizes } = net;
  const layers = Array.from({ length: net.layers }, (_, index) => index + 1);
  const problem: Problem = {
    sizes,
    activations: net.activations as Problem["activations"],
    cost: net.cost as Problem["cost"],
    x: rowsOf(data.x),
    t: rowsOf(data.t),
    W: [[], ...layers.map((l) => net.parameters[`W${l}`]!.toArray() as number[][])],
    b: [
      [],
      ...layers.map((l) =>
        unbiased.includes(l) ? new Array<number>(sizes[l]!).fill(0) : (net.parameters[`b${l}`]!.toArray() as number[]),
      ),
    ],
  };
  const calls: Calls = { hands: new Map(), fault: null };
  try {
    const own = withOwnData(report, problem, watched(given, { sizes, columns }, calls), options, net);
    const readAs = report.readAs ?? [];
    const condition =
      own.report.verdict === "correct" && report.condition !== undefined ? { condition: report.condition } : {};
    const shownData = { x: problem.x as number[][], t: problem.t as number[][] };
    return own.hand === null
      ? { ...probed, report: { ...own.report, readAs, ...condition }, data: shownData }
      : {
          report: { ...own.report, readAs, ...condition },
          network: net,
          problem: () => problem,
          hand: own.hand,
          data: shownData,
        };
  } catch (error) {
    if (calls.fault !== null) return { thrown: calls.fault.thrown, report, network: net };
    throw error instanceof Refusal || error instanceof SourceError
      ? error
      : new SourceError(
          alike((error as Error).message.split("\n")[0]!.replace(/^(?:handcheck|tensor): /, "")),
          fileErrors.sampleInRow,
        );
  }
}

/**
 * The report of a check of derivatives: counts, the worst entry of each comparison, and all of it as text of 80
 * columns.
 */

import { showShape } from "../errors.ts";
import { excess, within } from "./same.ts";
import type { Entry } from "./subject.ts";

/**
 * `inconclusive`: neither shown right nor shown wrong. `skipped`: does not apply here, and something else covers it.
 */
export type Status = "passed" | "failed" | "inconclusive" | "skipped";

/** One derivative by two methods. */
export interface Deviation {
  /** The entry of the argument; `null` for a random direction through all of them. */
  readonly input: Entry | null;
  /** The entry of the result; `null` for a random weighting of all of them. */
  readonly output: Entry | null;
  readonly got: number;
  readonly expected: number;
  /** |got - expected| / |expected|. */
  readonly relative: number;
  readonly allowed: number;
}

/** One comparison of two methods. */
export interface Check {
  /** `"reverse vs differences"`. */
  readonly what: string;
  /** 1 for the function, 2 for its gradient. */
  readonly order: 1 | 2;
  readonly status: Status;
  /** How many derivatives were compared, how many of them disagree, and how many could not be decided. */
  readonly compared: number;
  readonly failed: number;
  readonly inconclusive: number;
  /**
   * The one that is furthest off in units of what is allowed, or that could not be decided; `null` where all are exact.
   */
  readonly worst: Deviation | null;
  /** Why something was not decided or not done; empty where nothing is to be said. */
  readonly note: string;
}

/** The findings of `gradientCheck`. */
export interface GradientReport {
  /** True if every derivative that was looked at was shown right. */
  readonly ok: boolean;
  /** `"failed"` where something is wrong, `"inconclusive"` where nothing is but something could not be decided. */
  readonly status: "passed" | "failed" | "inconclusive";
  readonly checks: readonly Check[];
  /** How often the function was called. */
  readonly evaluations: number;
  /** All of it as text, at most 80 columns wide. */
  readonly message: string;
  toString(): string;
}

/** Weighs that both entries have a name. */
const NAMED = 1e30;

/** Collects one comparison. */
export class Tally {
  readonly what: string;
  readonly order: 1 | 2;
  #compared = 0;
  #failed = 0;
  #inconclusive = 0;
  #worst: Deviation | null = null;
  #most = 0;
  #note = "";
  #status: Status | null = null;

  constructor(what: string, order: 1 | 2) {
    this.what = what;
    this.order = order;
  }

  /** Counts a pair of numbers. */
  add(got: number, expected: number, allowed: number, output: Entry | null, input: Entry | null): void {
    this.#compared++;
    const wrong = !within(got, expected, allowed);
    if (wrong) this.#failed++;
    // Among wrong ones, an entry that can be named says more than a sum over many.
    const far = excess(got, expected, allowed) * (wrong && output !== null && input !== null ? NAMED : 1);
    if (far > this.#most)
      this.#hold(far, { input, output, got, expected, relative: relativeError(got, expected), allowed });
  }

  /** Counts a pair that could not be decided, and says why. */
  undecided(
    note: string,
    got: number,
    expected: number,
    allowed: number,
    output: Entry | null,
    input: Entry | null,
  ): void {
    this.#inconclusive++;
    this.note(note);
    if (this.#failed === 0)
      this.#hold(1, { input, output, got, expected, relative: relativeError(got, expected), allowed });
  }

  note(text: string): void {
    if (this.#note === "") this.#note = text;
  }

  /** Sets the status that no count decides. */
  settle(status: Status, note: string): this {
    this.#status = status;
    this.note(note);
    return this;
  }

  #hold(far: number, deviation: Deviation): void {
    this.#most = far;
    this.#worst = deviation;
  }

  /** The comparison when all has been counted. Where nothing was compared, nothing was shown. */
  done(): Check {
    const counted: Status =
      this.#failed > 0 ? "failed" : this.#inconclusive > 0 || this.#compared === 0 ? "inconclusive" : "passed";
    return {
      what: this.what,
      order: this.order,
      status: this.#failed > 0 ? "failed" : (this.#status ?? counted),
      compared: this.#compared,
      failed: this.#failed,
      inconclusive: this.#inconclusive,
      worst: this.#worst,
      note: this.#note,
    };
  }
}

function relativeError(got: number, expected: number): number {
  return Object.is(got, expected) ? 0 : Math.abs(got - expected) / Math.abs(expected);
}

/** The report on all comparisons. */
export function reportOn(checks: readonly Check[], evaluations: number): GradientReport {
  const status = checks.some((check) => check.status === "failed")
    ? "failed"
    : checks.some((check) => check.status === "inconclusive")
      ? "inconclusive"
      : "passed";
  const worst = checks.find((check) => check.status === status && status !== "passed");
  const head = {
    passed: "all derivatives agree",
    failed: "a derivative is wrong",
    inconclusive: "nothing is wrong, but not everything could be decided",
  }[status];
  const lines = [`gradientCheck: ${head}`, ...(worst === undefined ? [] : detail(worst)), ...checks.flatMap(line)];
  const message = lines.map(clip).join("\n");
  return { ok: status === "passed", status, checks, evaluations, message, toString: () => message };
}

function show(entry: Entry | null, whole: string): string {
  return entry === null ? whole : entry.index.length === 0 ? entry.name : `${entry.name} ${showShape(entry.index)}`;
}

/** The input, the output and the two numbers of what decided the status. */
function detail(check: Check): string[] {
  const { worst, what } = check;
  if (worst === null) return [];
  const [one, other] = what.includes(" vs ") ? what.split(" vs ") : ["got", "expected"];
  const width = Math.max(one!.length, other!.length, 6);
  const row = (name: string, text: string): string => `  ${name.padEnd(width)}  ${text}`;
  return [
    row("by", show(worst.input, "a random direction through all inputs")),
    row("of", `${show(worst.output, "a random weighting of all results")}${check.order === 2 ? ", second order" : ""}`),
    row(one!, String(worst.got)),
    row(other!, String(worst.expected)),
    ...(Number.isFinite(worst.relative)
      ? [row("apart", `${digits(worst.relative)} relative; ${digits(worst.allowed)} absolute is allowed`)]
      : []),
  ];
}

function line(check: Check): string[] {
  const mark = { passed: "ok  ", failed: "FAIL", inconclusive: "?   ", skipped: "-   " }[check.status];
  const open = check.status === "failed" ? check.failed : check.inconclusive;
  const total = check.compared + check.inconclusive;
  const counts = total === 0 ? "" : open > 0 ? `${open} of ${total}` : String(total);
  const what = `${check.what}${check.order === 2 ? ", second order" : ""}`;
  return [
    `  ${mark} ${counts.padStart(12)}  ${what}`.trimEnd(),
    ...(check.note === "" ? [] : [`${" ".repeat(21)}${check.note}`]),
  ];
}

function digits(x: number): string {
  return String(Number(x.toPrecision(2)));
}

const WIDTH = 80;

function clip(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

/**
 * Compares the cases of two versions of the library, one by one and in turns, in several processes: each has its luck
 * with the code that it compiles.
 */

import { cpus } from "node:os";
import { compare, lastOfTurns, showTime, timeInTurns, type Rounds } from "./interleave.ts";
import type { Case } from "./suite.ts";

const ROUNDS = 40;
/** A ratio outside of this is named at the end, where the quartiles lie outside as well. */
const NOTED = 1.1;
/** Workers of programs join in when the event loop has turned. */
const UNTIL_WORKERS_MILLISECONDS = 200;

/** One case, timed in one process; or what was wrong with it in the other version. */
export type Timed = { readonly name: string; readonly units: number } & (
  { readonly rounds: Rounds } | { readonly wrong: string }
);

/** Validates both versions of each case and times them in turns. */
export async function timeBoth(now: readonly Case[], then: readonly Case[], smoke: boolean): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const one of now) {
    const { name, units } = one;
    const other = then.find((each) => each.name === name);
    if (other === undefined) throw new Error(`bench: the suites are the same, and ${name} is not in both`);
    one.validate();
    try {
      other.validate();
    } catch (error) {
      timed.push({ name, units, wrong: error instanceof Error ? error.message.split("\n")[0]! : String(error) });
      continue;
    }
    if (!smoke) await new Promise((resolve) => setTimeout(resolve, UNTIL_WORKERS_MILLISECONDS));
    timed.push({
      name,
      units,
      rounds: await timeInTurns(
        () => one.run(),
        () => other.run(),
        smoke ? 1 : ROUNDS,
      ),
    });
  }
  if (timed.some((one) => "rounds" in one) && lastOfTurns() === undefined)
    throw new Error("bench: nothing was computed");
  return timed;
}

/** The rounds of all processes together. */
function joined(runs: readonly Timed[]): Rounds {
  const rounds = runs.flatMap((run) => ("rounds" in run ? [run.rounds] : []));
  return { first: rounds.flatMap(({ first }) => first), second: rounds.flatMap(({ second }) => second) };
}

/** The comparison as it is printed, suite by suite, with what stands out at the end. */
export class Report {
  private readonly slower: string[] = [];
  private readonly quicker: string[] = [];
  private compared = 0;
  private readonly smoke: boolean;

  constructor(smoke: boolean) {
    this.smoke = smoke;
  }

  /** The lines of a suite, from what each process timed. */
  suite(name: string, runs: readonly (readonly Timed[])[]): string {
    const many = `${this.smoke ? 1 : ROUNDS} rounds in turns in ${runs.length === 1 ? "one process" : `each of ${runs.length} processes`}`;
    const lines = runs[0]!.map((one, k) => {
      if ("wrong" in one) return `  ${one.name}\n      was not right then: ${one.wrong}`;
      const { first, second, ratio, low, high } = compare(joined(runs.map((run) => run[k]!)));
      const shown = `×${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
      this.compared++;
      if (low > NOTED) this.slower.push(`${one.name}: ${shown}`);
      if (high < 1 / NOTED) this.quicker.push(`${one.name}: ${shown}`);
      return `  ${one.name}\n      ${showTime(first / one.units)}  ${showTime(second / one.units)}  ${shown}`;
    });
    return [`\n${name}: now, then, and now / then of ${many} (median, quartiles)`, ...lines].join("\n");
  }

  /** What stands out, and where it was measured. */
  summary(): string {
    if (this.compared === 0) return "\nNothing was compared.";
    if (this.smoke)
      return `\n${this.compared} cases validated in both and run once; the times of a smoke run say nothing.`;
    const list = (title: string, lines: readonly string[]): string =>
      lines.length === 0 ? `${title}: none` : [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n");
    const processors = cpus();
    return [
      `\n${this.compared} cases. Node ${process.version}, V8 ${process.versions.v8}, ${processors.length} × ${processors[0]?.model ?? "unknown processor"}`,
      list("Slower by more than a tenth in three quarters of the rounds", this.slower),
      list("Quicker by more than a tenth in three quarters of the rounds", this.quicker),
    ].join("\n");
  }
}

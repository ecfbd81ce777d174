/** Compares the cases of two versions of the library, one by one and in turns. */

import { cpus } from "node:os";
import { interleave, lastOfTurns, showTime } from "./interleave.ts";
import type { Case } from "./suite.ts";

const ROUNDS = 40;
/** A ratio outside of this is named at the end, where the quartiles lie outside as well. */
const NOTED = 1.1;
/** Workers of programs join in when the event loop has turned. */
const UNTIL_WORKERS_MILLISECONDS = 200;

const slower: string[] = [];
const quicker: string[] = [];
let compared = 0;

/** Validates both versions of each case, times them in turns, and prints now beside then. */
export async function compareSuite(suite: string, now: readonly Case[], then: readonly Case[], smoke: boolean): Promise<void> {
  console.log(`\n${suite}: now, then, and now / then of ${smoke ? 1 : ROUNDS} rounds in turns (median, quartiles)`);
  for (const one of now) {
    const other = then.find(({ name }) => name === one.name);
    if (other === undefined) throw new Error(`bench: the suites are the same, and ${one.name} is not in both`);
    one.validate();
    try {
      other.validate();
    } catch (error) {
      console.log(`  ${one.name}\n      was not right then: ${error instanceof Error ? error.message.split("\n")[0]! : String(error)}`);
      continue;
    }
    if (!smoke) await new Promise((resolve) => setTimeout(resolve, UNTIL_WORKERS_MILLISECONDS));
    const { first, second, ratio, low, high } = await interleave(() => one.run(), () => other.run(), smoke ? 1 : ROUNDS);
    const line = `${one.name}: ×${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
    compared++;
    if (low > NOTED) slower.push(line);
    if (high < 1 / NOTED) quicker.push(line);
    console.log(`  ${one.name}\n      ${showTime(first / one.units)}  ${showTime(second / one.units)}  ×${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`);
  }
}

/** What stands out, and where it was measured. */
export function summary(smoke: boolean): string {
  if (lastOfTurns() === undefined) return "\nNothing was compared.";
  if (smoke) return `\n${compared} cases validated in both and run once; the times of a smoke run say nothing.`;
  const list = (title: string, lines: readonly string[]): string => (lines.length === 0 ? `${title}: none` : `${title}:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  const processors = cpus();
  return [
    `\n${compared} cases. Node ${process.version}, V8 ${process.versions.v8}, ${processors.length} × ${processors[0]?.model ?? "unknown processor"}`,
    list("Slower by more than a tenth in three quarters of the rounds", slower),
    list("Quicker by more than a tenth in three quarters of the rounds", quicker),
  ].join("\n");
}

/** Operations beside plain loops that do the same, in turns. */

import { interleave, lastOfTurns, showTime } from "../interleave.ts";
import { operations } from "./operations.ts";

/** Validates each operation and prints how long it takes beside its plain loop. */
export async function runBeside(smoke: boolean): Promise<void> {
  console.log(
    "\nOperations beside plain loops: the time of each, and the ratio of 40 rounds in turns (median, quartiles)",
  );
  for (const { name, validate, run, plain } of operations) {
    validate();
    const { first, second, ratio, low, high } = await interleave(run, plain, smoke ? 1 : 40);
    if (!smoke)
      console.log(
        `  ${name}\n      ${showTime(first)} beside ${showTime(second)}: ×${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`,
      );
  }
  if (lastOfTurns() === undefined) throw new Error("bench: nothing was computed");
  if (smoke)
    console.log(`${operations.length} operations validated and run once; the times of a smoke run say nothing.`);
}

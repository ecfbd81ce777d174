/** The subcommand `derive`: the derivation of a network, in the form that was asked for. */

import { resolve } from "node:path";
import { alike, type Language } from "../locales/words.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { numberOf, read } from "./arguments.ts";
import { wordsOfFault } from "./faults.ts";
import type { DerivationFormat } from "./job.ts";
import type { Terminal } from "./output.ts";
import type { Run } from "./run.ts";
import { UsageError } from "./usage-error.ts";
import { derive, spelledOut, type ExampleName } from "./usage.ts";

/** A derivation of any network that fits on paper is made well within this time. */
const LIMIT = 60_000;

/** Runs `derive`; gives the exit status. */
export async function runDerive(
  argv: readonly string[],
  { from, print, lang, width }: Terminal,
  run: Run,
): Promise<number> {
  const words = await read(argv, derive);
  if (words.options.has("help")) {
    print((await import("./help.ts")).page(await spelledOut(derive), width));
    return 0;
  }
  const option = (name: string): string | null => words.options.get(name) ?? null;
  if (words.operands.length > 0)
    throw new UsageError(usageErrors.readsNoFile({ names: words.operands }), alike("chainrule derive --net 2-3-1"));
  const [net, example] = [option("net"), option("example")];
  if (net === null && example === null)
    throw new UsageError(
      usageErrors.noNetwork,
      usageErrors.callOr({ call: "chainrule derive --net 2-3-1", other: "--example mazur" }),
    );
  const answer = await run(
    {
      kind: "derive",
      example: example as ExampleName | null,
      network:
        net === null ? null : (await import("./network-spec.ts")).networkSpec(net, (path) => resolve(from, path)),
      cost: option("cost"),
      seed: numberOf(words, "seed", { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true }),
      lang: (option("lang") ?? lang) as Language,
      format: words.options.has("json") ? "json" : ((option("format") ?? "text") as DerivationFormat),
      width,
      notation: option("notation") ?? "document",
    },
    LIMIT,
  );
  switch (answer.kind) {
    case "derivation": {
      print(`${answer.text.trimEnd()}\n`);
      return 0;
    }
    case "usage":
      throw new UsageError(answer.says, answer.advises);
    case "fault": {
      const { says, advises } = wordsOfFault(answer.fault);
      throw new UsageError(says, advises);
    }
    case "internal":
      throw new Error(answer.message, { cause: answer.stack });
    case "report":
    case "opReport":
      throw new Error("internal: a report where a derivation was asked for");
  }
}

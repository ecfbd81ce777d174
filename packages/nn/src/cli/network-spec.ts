/** Reads `4-5-3:sigmoid,softmax`, and networks from JSON. */

import { readFileSync } from "node:fs";
import { SourceError } from "../handcheck/intake/given.ts";
import { networkWord } from "../handcheck/intake/network-word.ts";
import { usageErrors } from "../locales/usage-errors.ts";
import { alike } from "../locales/words.ts";
import type { NetworkSpec } from "./job.ts";
import { UsageError } from "./usage-error.ts";

/** A network from the words of `--net`; a path stands relative to `folder`. */
export function networkSpec(text: string, resolve: (path: string) => string): NetworkSpec {
  if (text.endsWith(".json")) return networkFile(resolve(text), text);
  try {
    return networkWord(text);
  } catch (error) {
    if (error instanceof SourceError)
      throw new UsageError(
        usageErrors.option({ says: error.says }),
        error.message.endsWith("is no network") ? usageErrors.suchNetworks : error.advises,
      );
    throw error;
  }
}

function networkFile(path: string, name: string): NetworkSpec {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new UsageError(usageErrors.netNotRead({ name }), usageErrors.suchNetworks);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(usageErrors.netNoJson({ name, why: (error as Error).message }), usageErrors.suchNetworks);
  }
  const inner: unknown = typeof value === "object" && value !== null && "network" in value ? value.network : value;
  if (typeof inner !== "object" || inner === null || !("sizes" in inner))
    throw new UsageError(
      usageErrors.netNoSizes({ name }),
      alike('{ "sizes": [4, 5, 3], "activations": "sigmoid", "cost": "quadratic", "parameters": { "W1": … } }'),
    );
  return inner as NetworkSpec;
}

/** Reads `4-5-3:sigmoid,softmax`, and networks from JSON. */

import { readFileSync } from "node:fs";
import { SourceError } from "../handcheck/intake/given.ts";
import { networkWord } from "../handcheck/intake/network-word.ts";
import { UsageError } from "./arguments.ts";
import type { NetworkSpec } from "./job.ts";

const advice = "such as --net 4-5-3:sigmoid,softmax, or --net network.json";

/** A network from the words of `--net`; a path stands relative to `folder`. */
export function networkSpec(text: string, resolve: (path: string) => string): NetworkSpec {
  if (text.endsWith(".json")) return networkFile(resolve(text), text);
  try {
    return networkWord(text);
  } catch (error) {
    if (error instanceof SourceError)
      throw new UsageError(`--${error.message}`, error.message.endsWith("is no network") ? advice : error.advice);
    throw error;
  }
}

function networkFile(path: string, shown: string): NetworkSpec {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`--net ${shown}: there is no such file that can be read`, advice);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--net ${shown} is no JSON: ${(error as Error).message}`, advice);
  }
  const inner: unknown = typeof value === "object" && value !== null && "network" in value ? value.network : value;
  if (typeof inner !== "object" || inner === null || !("sizes" in inner))
    throw new UsageError(
      `--net ${shown} has no sizes`,
      '{ "sizes": [4, 5, 3], "activations": "sigmoid", "cost": "quadratic", "parameters": { "W1": … } }',
    );
  return inner as NetworkSpec;
}

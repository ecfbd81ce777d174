/** Reads `4-5-3:sigmoid,softmax`, and networks from JSON. */

import { readFileSync } from "node:fs";
import { guess } from "../handcheck/nearest.ts";
import { activationsNamed, isFault, recordNames } from "../network/activation.ts";
import { parts } from "../network/spoken.ts";
import { UsageError } from "./arguments.ts";
import type { NetworkSpec } from "./job.ts";

const advice = "such as --net 4-5-3:sigmoid,softmax, or --net network.json";

/** A network from the words of `--net`; a path stands relative to `folder`. */
export function networkSpec(text: string, resolve: (path: string) => string): NetworkSpec {
  if (text.endsWith(".json")) return networkFile(resolve(text), text);
  const [, layers = "", names] = /^([^:]*)(?::(.*))?$/.exec(text) ?? [];
  const sizes = layers.split("-").map((size) => (/^\d+$/.test(size) ? Number(size) : NaN));
  if (sizes.length < 2 || sizes.some((size) => !(size >= 1 && size <= 1e6))) throw new UsageError(`--net ${text} is no network`, advice);
  const given = names === undefined ? ["sigmoid"] : parts(names);
  for (const name of given) {
    const found = activationsNamed(name);
    if (isFault(found)) throw new UsageError(`--net: ${name === "" ? "an activation is missing" : found.problem.replace(/^an /, "")}${guess(name, recordNames)}`, found.hint.replace(/^use /, "give one of "));
  }
  if (given.length !== 1 && given.length !== sizes.length - 1) {
    throw new UsageError(`--net ${text}: ${given.length} activations for ${sizes.length - 1} layers`, "give one for each layer after the input, or one for all");
  }
  const activations = given.length === 1 ? given[0]! : given;
  return { sizes, activations };
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
  if (typeof inner !== "object" || inner === null || !("sizes" in inner)) throw new UsageError(`--net ${shown} has no sizes`, '{ "sizes": [4, 5, 3], "activations": "sigmoid", "cost": "quadratic", "parameters": { "W1": … } }');
  return inner as NetworkSpec;
}

/** Says what a text says of its network on lines of its own: `# net 3-4-2:tanh,softmax` and `cost: crossEntropy`. */

import { costNamed } from "../../network/cost.ts";
import { spokenOf } from "../../network/spoken.ts";

/** The network of a text as `--net` and `--cost` would say it. */
export interface Heading {
  readonly net: string | null;
  readonly cost: string | null;
}

const heading =
  /^\s*(?:#+|%+|\/\/+|[-*>]|<!--)?\s*(net(?:work)?|cost|loss)\s*(?::|=|\s)\s*`?([\w:,.()/=[\]-]+)`?\s*(?:-->)?\s*$/i;

/** Words that a heading has: `cost = v2` is a formula, `net = z` too. */
const isHeading = (name: string, value: string): boolean =>
  /^net/i.test(name)
    ? /^\d+(?:-\d+)+(?::[\w,.()/=-]+)?$/.test(value)
    : /^[A-Za-z]{3,}$/.test(value) || costNamed(spokenOf(value)?.word ?? "") !== undefined;

/**
 * Returns what a line says of the network; null where it says nothing of it. Without a comment sign `cost = error` is a
 * formula.
 */
export function headingIn(line: string): { readonly of: keyof Heading; readonly value: string } | null {
  const [, name, value] = heading.exec(line) ?? [];
  if (name === undefined || value === undefined || !isHeading(name, value) || /^\s*(?:cost|loss)\s*=/i.test(line))
    return null;
  return { of: /^net/i.test(name) ? "net" : "cost", value };
}

/** Returns what a text says of its network; of several lines the first. */
export function headingOf(text: string): Heading {
  const found = text.split("\n").flatMap((line) => headingIn(line) ?? []);
  const first = (of: keyof Heading): string | null => found.find((one) => one.of === of)?.value ?? null;
  return { net: first("net"), cost: first("cost") };
}

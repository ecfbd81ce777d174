/** What serves a backward pass that somebody wrote: what stands beside it, and its calls. Nothing can be imported. */

import { serve } from "./serve.ts";

export type BareQuestion = { readonly do: "about" } | { readonly do: "call"; readonly given: readonly unknown[] };

type Called = (...given: readonly unknown[]) => unknown;

/** The exports as the command reads them: a default object stands for all, a default function is the backward pass. */
function partsOf({
  default: main,
  __esModule: _,
  ...named
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (typeof main === "function") return named["backward"] === undefined ? { ...named, backward: main } : named;
  return typeof main === "object" && main !== null && !Array.isArray(main) ? { ...main, ...named } : named;
}

serve({}, (exports, asked) => {
  const { backward, ...about } = partsOf(exports);
  const question = asked as BareQuestion;
  if (typeof backward !== "function")
    throw new TypeError(
      `backward is ${backward === undefined ? "missing" : typeof backward}: export function backward(parameters, x, t) { … return { dW1, db1 }; }`,
    );
  if (question.do === "about")
    return Object.fromEntries(Object.entries(about).filter(([, value]) => typeof value !== "function"));
  const { given } = question;
  const value = (backward as Called)(...given);
  if (value instanceof Promise) throw new TypeError("backward gives a Promise: return the numbers themselves");
  return { value, given };
});

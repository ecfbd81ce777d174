/**
 * The answer of a Python function: a dictionary, or a tuple whose names stand on its `return`; of several calls the
 * gradients are added.
 */

import { meaningsOf, scopeOf } from "../handcheck/intake/meaning.ts";
import { plain, type Plain } from "../handcheck/intake/values.ts";
import { programErrors } from "../locales/program-errors.ts";
import { SourceError, type Given } from "../handcheck/intake/given.ts";

const isRecord = (value: Plain): value is { readonly [name: string]: Plain } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The values of an answer by their names. */
export function namedAnswer(
  value: Given,
  name: string,
  returns: readonly string[],
): { readonly [name: string]: Plain } {
  const answer = plain(value);
  // `return grads`: what stands there under W1 is its gradient.
  const gradients = (
    own: string | undefined,
    record: { readonly [name: string]: Plain },
  ): { readonly [name: string]: Plain } =>
    own !== undefined && scopeOf(own, "top") === "gradients" ? { [own]: record } : record;
  if (isRecord(answer)) return gradients(returns.length === 1 ? returns[0] : undefined, answer);
  if (answer === null) throw new SourceError(programErrors.returnsNothing({ name }), programErrors.returnByName);
  if (returns.length === 1) {
    if (returns[0] === "")
      throw new SourceError(programErrors.returnsNamelessValue({ name }), programErrors.returnByName);
    return { [returns[0]!]: answer };
  }
  // A cost or a dictionary of gradients may stand beside.
  if (!Array.isArray(answer) || returns.length === 0 || returns.length !== answer.length)
    throw new SourceError(programErrors.returnsNoNames({ name }), programErrors.returnByName);
  const entries = (answer as readonly Plain[]).flatMap((one, i): [string, Plain][] =>
    isRecord(one) ? Object.entries(gradients(returns[i], one)) : [[returns[i]!, one]],
  );
  const nameless = entries.findIndex(([own]) => own === "");
  if (nameless >= 0)
    throw new SourceError(programErrors.namelessValue({ name, at: nameless + 1 }), programErrors.returnByName);
  return Object.fromEntries(entries);
}

function sum(values: readonly Plain[]): Plain {
  const [first] = values;
  if (typeof first === "number") return (values as readonly number[]).reduce((total, x) => total + x, 0);
  if (Array.isArray(first))
    return (first as readonly Plain[]).map((_, i) =>
      sum((values as readonly (readonly Plain[])[]).map((one) => one[i]!)),
    );
  return first ?? null;
}

/** One sample's value as a row: a column of numbers, or a list. */
const asRow = (value: Plain): Plain =>
  Array.isArray(value)
    ? (value as readonly Plain[]).map((entry) =>
        Array.isArray(entry) && entry.length === 1 ? (entry as readonly Plain[])[0]! : entry,
      )
    : [value];

/** True for a list with a value for each layer. */
const isByLayer = (name: string, value: Plain): boolean =>
  Array.isArray(value) && meaningsOf(name, "top").some(({ layer }) => layer.kind === "all");

/** The answers of one call for each sample as one: what belongs to samples in rows, gradients added. */
export function joinedAnswers(answers: readonly { readonly [name: string]: Plain }[]): {
  readonly [name: string]: Plain;
} {
  return Object.fromEntries(
    Object.keys(answers[0]!).map((name) => {
      const values = answers.map((one) => one[name] ?? null);
      const isOfSample = meaningsOf(name, "top").some(({ role }) => role === "delta" || role === "u" || role === "v");
      if (!isOfSample) return [name, sum(values)];
      if (isByLayer(name, values[0]!))
        return [
          name,
          (values[0] as readonly Plain[]).map((_, l) => values.map((one) => asRow((one as readonly Plain[])[l]!))),
        ];
      return [name, values.map(asRow)];
    }),
  );
}

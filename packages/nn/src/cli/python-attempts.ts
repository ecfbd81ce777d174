/** Layouts of arrays, tried in turn on a function of Python, without a word to the judge between them. */

import { SourceError } from "../handcheck/intake/given.ts";
import type { Called, PythonCall, PythonFile } from "../handcheck/intake/sources/python/python.ts";
import type { Words } from "../locales/words.ts";

/** The end of one layout: the answers to its calls, or why the first that was refused was so. */
export type Attempt =
  | { readonly called: readonly Called[] }
  | {
      readonly refused: {
        readonly says: Words;
        readonly advises: Words | null;
        readonly place: SourceError["place"];
      };
    };

/** Tries the calls of each layout, up to the first layout in which all are answered. */
export async function attemptsOf(
  file: Pick<PythonFile, "call">,
  layouts: readonly (readonly PythonCall[])[],
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const calls of layouts) {
    const called: Called[] = [];
    try {
      for (const call of calls) called.push(await file.call(call));
      return [...attempts, { called }];
    } catch (thrown) {
      if (!(thrown instanceof SourceError)) throw thrown;
      const { says, advises, place } = thrown;
      attempts.push({ refused: { says, advises, place } });
    }
  }
  return attempts;
}

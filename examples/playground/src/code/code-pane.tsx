/** What stands in the place of a report where a function has not run, or did not end well. */

import type { JSX } from "preact";
import type { PageWords } from "../words/en.ts";
import { wordsOf } from "../words/words-of.ts";
import type { CodeFailed } from "./use-code.ts";
import { codeWords } from "./words.ts";

interface Props {
  readonly failed: CodeFailed | null;
  readonly may: boolean;
  readonly run: () => void;
  readonly end: () => void;
  readonly words: PageWords;
}

export function CodePane({ failed, may, run, end, words }: Props): JSX.Element {
  const own = wordsOf(words, codeWords);
  if (!may) {
    return (
      <div class="report">
        <div class="banner quiet">
          <h2>{own.strange.title}</h2>
          <p>{own.strange.says}</p>
          <p>
            <button type="button" onClick={run}>
              {own.run}
            </button>
          </p>
        </div>
      </div>
    );
  }
  if (failed === null)
    return (
      <div class="report waiting" aria-busy="true">
        <p class="soft">{words.thinking}</p>
        <button type="button" class="end" onClick={end}>
          {own.end}
        </button>
      </div>
    );
  const says =
    failed.kind === "time" ? own.overtime(failed.seconds) : failed.kind === "ended" ? own.ended : failed.says;
  return (
    <div class="report">
      <div class="banner inconclusive">
        <h2>{failed.kind === "thrown" ? own.fails : own.stopped}</h2>
        <p>{says}</p>
      </div>
    </div>
  );
}

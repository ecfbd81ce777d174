/** A loss that somebody types, and what the library says of it. */

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Editor } from "../../../editor/editor.tsx";
import type { Judged } from "../../../editor/marks.ts";
import { Failed } from "../../../sandbox/sandbox.ts";
import { useMayRun } from "../../../sandbox/use-may-run.ts";
import { Choice } from "../../../ui/choice.tsx";
import { Copy } from "../../../ui/copy.tsx";
import type { PaneProps } from "../pane.ts";
import { exampleNames, examples, type Example } from "./examples.ts";
import { Graph, Times, Values } from "./told.tsx";
import { LIMIT, useLoss, type LossTold } from "./use-loss.ts";

const builtIn = new Set<string>(Object.values(examples));

/** The line that a failure names, as the editor marks it. */
function judgedBy(failed: Failed | null, text: string): Judged {
  const lines = text.split("\n");
  if (failed === null || failed.line === null || failed.line > lines.length) return { marks: [], fault: null };
  const before = lines.slice(0, failed.line - 1).join("\n").length + (failed.line > 1 ? 1 : 0);
  const own = lines[failed.line - 1]!;
  return { marks: [], fault: { line: failed.line, start: before + own.search(/\S|$/), end: before + own.length } };
}

function Stopped({ failed, own, words }: Pick<PaneProps, "own" | "words"> & { readonly failed: Failed }): JSX.Element {
  const says =
    failed.kind === "time"
      ? own.loss.overtime(LIMIT / 1000)
      : failed.kind === "ended"
        ? own.loss.ended
        : failed.message;
  return (
    <div class="banner mistake" role="alert">
      <h2>{failed.kind === "thrown" ? own.loss.fails : own.loss.stopped}</h2>
      <p class={failed.kind === "thrown" ? "said" : ""}>
        {failed.line === null ? "" : `${words.line(failed.line)}: `}
        {says}
      </p>
    </div>
  );
}

/** The question before a loss of somebody else's runs. */
function Asking({ own, run }: Pick<PaneProps, "own"> & { readonly run: () => void }): JSX.Element {
  return (
    <div class="banner quiet">
      <h2>{own.loss.strange.title}</h2>
      <p>{own.loss.strange.says}</p>
      <p>
        <button type="button" class="main" onClick={run}>
          {own.loss.run}
        </button>
      </p>
    </div>
  );
}

interface Told extends Pick<PaneProps, "own" | "words"> {
  readonly told: LossTold;
  readonly may: boolean;
  readonly run: () => void;
}

function Results({ told, may, run, own, words }: Told): JSX.Element {
  const { running, values, times, failed } = told;
  return (
    <section class="verdict told" id="verdict" tabIndex={-1} aria-label={own.loss.results} aria-busy={running}>
      {!may && <Asking own={own} run={run} />}
      {failed !== null && <Stopped failed={failed} own={own} words={words} />}
      {may && failed === null && values === null && <p class="soft">{own.loss.waiting}</p>}
      {values !== null && <Values told={values} own={own} />}
      {times !== null && <Times told={times} own={own} />}
    </section>
  );
}

/** True once something has run for so long that somebody may want to end it. */
function useSlow(running: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(running), running ? 400 : 0);
    return () => clearTimeout(timer);
  }, [running]);
  return slow && running;
}

export function LossPane({ words, own, kept, keep, epoch }: PaneProps): JSX.Element {
  const text = kept ?? examples.bend;
  const { may, typed, run } = useMayRun(text, (one) => builtIn.has(one));
  const [told, end] = useLoss(text, may);
  const [chosen, choose] = useState(0);
  const judged = useMemo(() => judgedBy(told.failed, text), [told.failed, text]);
  const slow = useSlow(told.running);
  const change = (next: string): void => {
    typed(next);
    keep(next === examples.bend ? undefined : next);
  };
  const take = (name: Example): void => {
    choose((count) => count + 1);
    keep(name === "bend" ? undefined : examples[name], true);
  };
  const current = exampleNames.find((name) => examples[name] === text) ?? ("" as Example);
  const options = exampleNames.map((name) => [name, own.loss.examples[name]] as const);
  return (
    <>
      <div class="bar">
        <Choice label={own.loss.begin} name="loss-example" shown value={current} options={options} choose={take} />
      </div>
      <div class="columns">
        <section class="work" aria-label={own.loss.editor}>
          <p class="note">{own.loss.note}</p>
          <Editor
            key={chosen}
            text={text}
            epoch={epoch}
            label={own.loss.editor}
            hint=""
            judged={judged}
            change={change}
            written="script"
          />
          <p class="tools">
            {slow && (
              <button type="button" class="end" onClick={end}>
                {own.loss.end}
              </button>
            )}
            <Copy text={() => location.href} label={words.share} words={words} />
          </p>
        </section>
        <Results told={told} may={may} run={run} own={own} words={words} />
      </div>
      {told.graph !== null && <Graph told={told.graph} own={own} />}
    </>
  );
}

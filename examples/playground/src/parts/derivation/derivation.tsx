/** The derivation of the visitor's own network, as the library writes it. */

import type { NotationName } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { drawnOf, withOtherNumbers } from "../../network/figures.ts";
import { NetworkBar } from "../../network/network-bar.tsx";
import { Choice } from "../../ui/choice.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Fault } from "../../ui/fault.tsx";
import { Opening } from "../../ui/opening.tsx";
import { useScrolls } from "../../ui/use-scrolls.ts";
import type { PageWords } from "../../words/en.ts";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { useTold, type Told } from "../use-told.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";

const notations: readonly NotationName[] = ["document", "nielsen", "ng", "haykin", "cs231n"];

interface Pane {
  readonly answer: Told<"derivation"> | null;
  readonly words: PageWords;
  readonly own: typeof en;
}

function DerivationPane({ answer, words, own }: Pane): JSX.Element {
  const formulas = useScrolls(answer?.kind === "told" ? answer.told.html : "");
  if (answer === null)
    return (
      <div class="report waiting" aria-busy="true">
        <p class="soft">{words.thinking}</p>
      </div>
    );
  if (answer.kind === "fault") return <Fault says={answer.says} words={words} />;
  const { html, latex } = answer.told;
  return (
    <div class="report">
      <p class="tools top">
        <Copy text={latex} words={words} label={own.copyLatex} />
        <Copy text={html} words={words} label={own.copyMathml} />
      </p>
      <div class="derivation-of" ref={formulas} dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  );
}

/** `nielsen`, or `nielsen.numbers` where numbers are put in. */
function placeOf(at: string): { readonly notation: NotationName; readonly numbers: boolean } {
  const [said, more] = at.split(".");
  return { notation: notations.find((name) => name === said) ?? "document", numbers: more === "numbers" };
}

const atOf = (notation: NotationName, numbers: boolean): string =>
  numbers ? `${notation}.numbers` : notation === "document" ? "" : notation;

export function Derivation({ lang, words, at, go, state: { net, cost, parts }, change }: PartProps): JSX.Element {
  const own = wordsOf(words, { en, zh });
  const { notation, numbers } = placeOf(at);
  // The numbers are those that *watch it flow* goes through.
  const drawn = numbers ? drawnOf(new URLSearchParams(parts.flow ?? "")) : null;
  const answer = useTold(
    "derivation",
    lang,
    { net, cost, notation, drawn },
    JSON.stringify([net, cost, notation, drawn]),
  );
  const others = (): void => change({ parts: { ...parts, flow: withOtherNumbers(parts.flow ?? "") } }, true);
  const options = notations.map((name) => [name, own.notations[name]!] as const);
  return (
    <>
      <Opening title={own.title} lead={own.lead} />
      <div class="bar">
        <Choice
          label={own.notation}
          name="notation"
          shown
          value={notation}
          options={options}
          choose={(name) => go(atOf(name, numbers), true)}
        />
        <Choice
          label={own.formulas}
          name="numbers"
          shown
          value={numbers ? "numbers" : "letters"}
          options={[
            ["letters", own.letters],
            ["numbers", own.numbers],
          ]}
          choose={(one) => go(atOf(notation, one === "numbers"), true)}
        />
      </div>
      <div class="columns narrow">
        <div class="work">
          <NetworkBar net={net} cost={cost} words={words} change={(part) => change(part, true)} />
          {numbers && (
            <p class="tools">
              <span class="soft">{own.whose}</span>
              <button type="button" onClick={others}>
                {own.others}
              </button>
            </p>
          )}
        </div>
        <section class="verdict" id="verdict" tabIndex={-1} aria-label={words.screens.derivation}>
          <DerivationPane answer={answer} words={words} own={own} />
        </section>
      </div>
    </>
  );
}

/** The derivation of the visitor's own network, as the library writes it. */

import type { JSX } from "preact";
import type { PageWords } from "../words/en.ts";
import type { Answer } from "../worker/protocol.ts";
import { Copy } from "../ui/copy.tsx";

export function DerivationPane({ answer, words }: { readonly answer: Answer | null; readonly words: PageWords }): JSX.Element {
  if (answer?.kind === "derivation") {
    return (
      <div class="report">
        <p class="tools top"><Copy text={answer.latex} words={words} label={words.copyLatex} /><Copy text={answer.html} words={words} label={words.copyMathml} /></p>
        <div class="derivation-of" dangerouslySetInnerHTML={{ __html: answer.html }} />
      </div>
    );
  }
  if (answer?.kind === "fault") return <div class="report"><div class="banner inconclusive"><h2>{words.unread}</h2><p>{answer.says[0]?.[words.tag === "en" ? "en" : "zh"]}</p></div></div>;
  return <div class="report waiting" aria-busy="true"><p class="soft">{words.thinking}</p></div>;
}

/** Slips that were published, one on each screen: the claim, what the check says of it now, and where it stands. */

import type { JSX } from "preact";
import { ClaimText } from "../../levels/claim.tsx";
import { levels } from "../../levels/levels.ts";
import { published, publishedNames, type Published, type PublishedName } from "../../levels/published.ts";
import { Where, workOf } from "../../levels/where.tsx";
import { NetworkBar } from "../../network/network-bar.tsx";
import { Report } from "../../report/verdict.tsx";
import { Fault } from "../../ui/fault.tsx";
import { Opening } from "../../ui/opening.tsx";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { useTold } from "../use-told.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";
import "./gallery.css";

interface Shown extends Pick<PartProps, "lang" | "words" | "state" | "change"> {
  readonly name: PublishedName;
  readonly own: typeof en;
  readonly show: (name: PublishedName) => void;
}

/** Every exhibit, by its work. */
function List({ name, lang, own, show }: Shown): JSX.Element {
  return (
    <nav class="exhibits" aria-label={own.all}>
      <ol>
        {publishedNames.map((one) => (
          <li key={one}>
            <button type="button" aria-current={one === name ? "true" : undefined} onClick={() => show(one)}>
              <b>{workOf(published[one], lang)}</b><span class="soft">{published[one].where[lang]}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Ways({ name, own, show, state, change }: Shown): JSX.Element {
  const at = publishedNames.indexOf(name);
  const level = levels.find(({ key }) => key === published[name].level)!;
  const way = (to: number, word: string): JSX.Element => {
    const other = publishedNames[to];
    const go = (): void => { if (other !== undefined) show(other); };
    return <button type="button" disabled={other === undefined} onClick={go}>{word}</button>;
  };
  const { net, cost, text } = level;
  const play = (): void => change({ screen: "find", parts: { ...state.parts, find: level.key } }, true);
  const edit = (): void => change({ screen: "yours", net, cost, text, files: "" }, true);
  return (
    <p class="tools">
      <button type="button" onClick={play}>{own.play}</button>
      <button type="button" onClick={edit}>{own.yours}</button>
      {way(at - 1, own.previous)}{way(at + 1, own.next)}
    </p>
  );
}

function Exhibit(shown: Shown): JSX.Element {
  const { name, lang, words, own } = shown;
  const exhibit: Published = published[name];
  const answer = useTold("gallery", lang, { level: exhibit.level }, exhibit.level);
  const told = answer?.kind === "told" ? answer.told : null;
  return (
    <div class="columns">
      <article class="work exhibit">
        <header class="note">
          <p class="soft">{own.exhibit(publishedNames.indexOf(name) + 1, publishedNames.length)}</p>
          <h2><Where published={exhibit} lang={lang} /></h2>
          <p class="told-of">{exhibit.says[lang]}</p>
        </header>
        {told !== null && (
          <>
            <ClaimText {...told.puzzle} shows={({ places }) => places.length > 0} label={own.claim} words={words} />
            <NetworkBar net={told.puzzle.net} cost={told.puzzle.cost} words={words} />
          </>
        )}
        <Ways {...shown} />
      </article>
      <section class="verdict" id="verdict" tabIndex={-1} aria-label={own.verdict}>
        {answer === null && <p class="soft" aria-busy="true">{words.thinking}</p>}
        {answer?.kind === "fault" && <Fault says={answer.says} words={words} />}
        {told !== null && <Report html={told.html} />}
      </section>
    </div>
  );
}

export function Gallery({ lang, words, at, go, state, change }: PartProps): JSX.Element {
  const own = wordsOf<typeof en>(words, { en, zh });
  const name = publishedNames.find((one) => one === at) ?? publishedNames[0]!;
  const shown: Shown = { name, lang, words, own, state, change, show: (next) => go(next, true) };
  return (
    <>
      <Opening title={own.title} lead={own.lead} />
      <Exhibit {...shown} />
      <List {...shown} />
    </>
  );
}

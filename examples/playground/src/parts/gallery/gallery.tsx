/** Slips that were published, one on each screen: the claim, what the check says of it now, and where it stands. */

import type { JSX } from "preact";
import { ClaimText } from "../../levels/claim.tsx";
import { levels } from "../../levels/levels.ts";
import type { Puzzle } from "../../levels/puzzle.ts";
import { published, type PublishedName } from "../../levels/published.ts";
import { publishedKernels } from "../../levels/published-kernels.ts";
import { Where, workOf } from "../../levels/where.tsx";
import { NetworkBar } from "../../network/network-bar.tsx";
import { Report } from "../../report/verdict.tsx";
import { Fault } from "../../ui/fault.tsx";
import { Opening } from "../../ui/opening.tsx";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { useTold } from "../use-told.ts";
import { exhibitNames, exhibits, isKernel, type ExhibitName } from "./exhibits.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";
import "./gallery.css";

interface Shown extends Pick<PartProps, "lang" | "words" | "state" | "change"> {
  readonly name: ExhibitName;
  readonly own: typeof en;
  readonly show: (name: ExhibitName) => void;
}

/** Every exhibit, by its work. */
function List({ name, lang, own, show }: Shown): JSX.Element {
  return (
    <nav class="exhibits" aria-label={own.all}>
      <ol>
        {exhibitNames.map((one) => (
          <li key={one}>
            <button type="button" aria-current={one === name ? "true" : undefined} onClick={() => show(one)}>
              <b>{workOf(exhibits[one], lang)}</b>
              <span class="soft">{exhibits[one].where[lang]}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** From a slip of a network to levels of its kind, and to the editor. */
function Onward({ name, own, state, change }: Omit<Shown, "name"> & { readonly name: PublishedName }): JSX.Element {
  const { key, net, cost, text } = levels.find((level) => level.key === published[name].level)!;
  const play = (): void => change({ screen: "find", parts: { ...state.parts, find: key } }, true);
  const edit = (): void => change({ screen: "yours", net, cost, text, files: "" }, true);
  return (
    <>
      <button type="button" onClick={play}>
        {own.play}
      </button>
      <button type="button" onClick={edit}>
        {own.yours}
      </button>
    </>
  );
}

function Ways(shown: Shown): JSX.Element {
  const { name, own, show } = shown;
  const at = exhibitNames.indexOf(name);
  const way = (to: number, word: string): JSX.Element => {
    const other = exhibitNames[to];
    const go = (): void => {
      if (other !== undefined) show(other);
    };
    return (
      <button type="button" disabled={other === undefined} onClick={go}>
        {word}
      </button>
    );
  };
  return (
    <p class="tools">
      {isKernel(name) ? null : <Onward {...shown} name={name} />}
      {way(at - 1, own.previous)}
      {way(at + 1, own.next)}
    </p>
  );
}

/** What was claimed: lines that are judged one by one, or the code of an operation. */
function Claim({ name, own, words, puzzle }: Shown & { readonly puzzle: Puzzle | null }): JSX.Element {
  if (puzzle === null) {
    const text = isKernel(name) ? publishedKernels[name].text : "";
    const lines = text.split("\n").map((line) => ({ text: line, places: [] }));
    return <ClaimText lines={lines} places={[]} shows={() => false} label={own.claim} words={words} />;
  }
  return (
    <>
      <ClaimText {...puzzle} shows={({ places }) => places.length > 0} label={own.claim} words={words} />
      <NetworkBar net={puzzle.net} cost={puzzle.cost} words={words} />
    </>
  );
}

function Exhibit(shown: Shown): JSX.Element {
  const { name, lang, words, own } = shown;
  const exhibit = exhibits[name];
  const answer = useTold("gallery", lang, { name }, name);
  const told = answer?.kind === "told" ? answer.told : null;
  return (
    <div class="columns">
      <article class="work exhibit">
        <header class="note">
          <p class="soft">{own.exhibit(exhibitNames.indexOf(name) + 1, exhibitNames.length)}</p>
          <h2>
            <Where published={exhibit} lang={lang} />
          </h2>
          <p class="told-of">{exhibit.says[lang]}</p>
        </header>
        {told !== null && <Claim {...shown} puzzle={told.puzzle} />}
        <Ways {...shown} />
      </article>
      <section class="verdict" id="verdict" tabIndex={-1} aria-label={own.verdict}>
        {answer === null && (
          <p class="soft" aria-busy="true">
            {words.thinking}
          </p>
        )}
        {answer?.kind === "fault" && <Fault says={answer.says} words={words} />}
        {told !== null && <Report html={told.html} />}
      </section>
    </div>
  );
}

export function Gallery({ lang, words, at, go, state, change }: PartProps): JSX.Element {
  const own = wordsOf<typeof en>(words, { en, zh });
  const name = exhibitNames.find((one) => one === at) ?? exhibitNames[0]!;
  const shown: Shown = { name, lang, words, own, state, change, show: (next) => go(next, true) };
  return (
    <>
      <Opening title={own.title} lead={own.lead} />
      <Exhibit {...shown} />
      <List {...shown} />
    </>
  );
}

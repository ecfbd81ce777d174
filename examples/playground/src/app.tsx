/** The page: its parts, and the check, which is the first of them. */

import type { Language } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { Check } from "./check/check.tsx";
import { Part } from "./parts/part.tsx";
import { partNames, type PartName } from "./parts/parts.ts";
import { fragmentOf } from "./state/fragment.ts";
import type { Screen, State } from "./state/state.ts";
import { usePageState, type Change } from "./state/use-state.ts";
import { Choice } from "./ui/choice.tsx";
import type { PageWords } from "./words/en.ts";
import { useWords } from "./words/use-words.ts";

interface Shown {
  readonly state: State;
  readonly change: Change;
  readonly words: PageWords;
}

const languages: readonly (readonly [Language, string, string])[] = [
  ["en", "EN", "en"],
  ["zh", "中文", "zh-Hans"],
];

const partOf = (screen: Screen): PartName | null => partNames.find((name) => name === screen) ?? null;

/** A way to a part: an address as any other, which the page goes to without being loaded again. */
function Way({
  to,
  word,
  here,
  state,
  change,
}: Shown & { readonly to: Screen; readonly word: string; readonly here: boolean }): JSX.Element {
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!here) change({ screen: to }, true);
  };
  return (
    <a href={fragmentOf({ ...state, screen: to }) || "#exercise"} aria-current={here ? "page" : undefined} onClick={go}>
      {word}
    </a>
  );
}

function Head(shown: Shown): JSX.Element {
  const { state, change, words } = shown;
  const part = partOf(state.screen);
  return (
    <header class="head">
      <p class="brand">
        <span class="sign-of" aria-hidden="true">
          ∂
        </span>
        chainrule
      </p>
      <nav class="parts" aria-label={words.parts}>
        <Way {...shown} to={part === null ? state.screen : "exercise"} word={words.check} here={part === null} />
        {partNames.map((name) => (
          <Way key={name} {...shown} to={name} word={words.screens[name]} here={name === part} />
        ))}
      </nav>
      <Choice
        label={words.language}
        name="lang"
        value={state.lang}
        options={languages}
        choose={(lang) => change({ lang }, true)}
      />
    </header>
  );
}

/** Leads who uses keys past what stands above: to the verdict, or where it will stand while its part is loaded. */
function Skip({ words }: { readonly words: PageWords }): JSX.Element {
  const skip = (event: Event): void => {
    event.preventDefault();
    document.getElementById(document.getElementById("verdict") === null ? "main" : "verdict")?.focus();
  };
  return (
    <a class="skip" href="#main" onClick={skip}>
      {words.skip}
    </a>
  );
}

export function App(): JSX.Element {
  const [state, change, epoch] = usePageState();
  const words = useWords(state.lang);
  const part = partOf(state.screen);
  const go =
    (name: PartName) =>
    (at: string, kept?: boolean): void =>
      change({ parts: { ...state.parts, [name]: at } }, kept);
  const { lang } = state;
  return (
    <>
      <Skip words={words} />
      <Head state={state} change={change} words={words} />
      <main id="main" tabIndex={-1}>
        {part === null ? (
          <Check state={state} change={change} epoch={epoch} words={words} />
        ) : (
          <Part
            key={part}
            name={part}
            at={state.parts[part] ?? ""}
            go={go(part)}
            {...{ lang, words, state, change, epoch }}
          />
        )}
      </main>
      <footer class="foot">
        <p>{words.foot}</p>
      </footer>
    </>
  );
}

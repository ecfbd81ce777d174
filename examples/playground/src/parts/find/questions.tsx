/** The two questions, what was answered to them, a hint where one is wanted, and what it was once it is found. */

import type { Hints, Language } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { statusOf } from "../../levels/claim.tsx";
import type { Published } from "../../levels/published.ts";
import type { Puzzle, Slip } from "../../levels/puzzle.ts";
import { Where } from "../../levels/where.tsx";
import { Report } from "../../report/verdict.tsx";
import { Choice } from "../../ui/choice.tsx";
import { isStill } from "../../ui/use-media.ts";
import type { PageWords } from "../../words/en.ts";
import type { Act, Tries } from "./tries.ts";
import type { en } from "./words/en.ts";

interface Props {
  readonly puzzle: Puzzle;
  readonly tries: Tries;
  readonly act: Act;
  readonly hints: Hints;
  readonly hint: (hints: Hints) => void;
  readonly html: string;
  /** Where its kind was published; `null` for one that the catalogue made. */
  readonly from: Published | null;
  readonly next: string | null;
  readonly go: (at: string) => void;
  readonly lang: Language;
  readonly words: PageWords;
  readonly own: typeof en;
}

/** What was just said comes into view, where the claim is longer than the window. */
function useSeen(changed: unknown): { readonly current: HTMLParagraphElement | null } {
  const said = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const at = said.current?.getBoundingClientRect();
    if (at === undefined || said.current?.textContent === "" || (at.top >= 0 && at.bottom <= innerHeight)) return;
    said.current?.scrollIntoView({ block: "center", behavior: isStill() ? "auto" : "smooth" });
  }, [changed]);
  return said;
}

/** What is said of the equation that was named last. */
function Named({ puzzle, tries, own }: Props): JSX.Element {
  const { places, found } = tries;
  const key = found ?? places.at(-1);
  const place = puzzle.places.find((one) => one.key === key);
  const status = place === undefined ? "ok" : statusOf([place.key], puzzle.places);
  const isFound = place !== undefined && place.key === found;
  const said =
    place === undefined
      ? ""
      : isFound
        ? own.named(place.name, own.place(place.equation, place.layer))
        : status === "inherited"
          ? own.inherited(place.name)
          : own.fine(place.name);
  const seen = useSeen(places);
  return (
    <p ref={seen} class={`said ${isFound ? "good" : "miss"}`} role="status">
      {said}
    </p>
  );
}

const marks = { right: "✓", wrong: "✗", "": "" } as const;

/** The ways to name the slip. */
function Names({ slip, tries, act, lang, own }: Props & { readonly slip: Slip }): JSX.Element {
  const { ids, isSolved } = tries;
  return (
    <>
      <h2>{own.second}</h2>
      <p class="soft">{own.secondText}</p>
      <ul class="names">
        {slip.options.map(({ id, says }) => {
          const isRight = id === slip.id;
          const state = isSolved && isRight ? "right" : ids.includes(id) ? "wrong" : "";
          const isOver = isSolved || ids.includes(id);
          return (
            <li key={id}>
              <button type="button" class={state} disabled={isOver} onClick={() => act.say(id, isRight)}>
                <span aria-hidden="true" class="mark">
                  {marks[state]}
                </span>
                <span>{says[lang]}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p class="said miss" role="status">
        {!isSolved && ids.length > 0 ? own.no(ids.at(-1)!) : ""}
      </p>
    </>
  );
}

/** What it was, and where its kind was published. */
function Solved({ slip, tries, from, next, go, lang, own }: Props & { readonly slip: Slip }): JSX.Element {
  return (
    <div class="solved-card">
      <h2>
        {tries.misses === 0 && !tries.looked ? own.solved : own.again} <span class="id">{slip.id}</span>
      </h2>
      <dl>
        <div>
          <dt>{own.yours}</dt>
          <dd class="wrong">
            <code>{slip.yours}</code>
          </dd>
        </div>
        <div>
          <dt>{own.correct}</dt>
          <dd class="right">
            <code>{slip.correct}</code>
          </dd>
        </div>
      </dl>
      {from === null ? (
        <p class="soft">{own.fromCatalogue}</p>
      ) : (
        <>
          <h3>{own.published}</h3>
          <p>
            <Where published={from} lang={lang} />
          </p>
          <p>{from.says[lang]}</p>
        </>
      )}
      {next !== null && (
        <p class="tools">
          <button type="button" class="main" onClick={() => go(next)}>
            {own.next}
          </button>
        </p>
      )}
    </div>
  );
}

export function Questions(props: Props): JSX.Element {
  const { puzzle, tries, hints, hint, html, own } = props;
  const slip = puzzle.slips.find(({ place }) => place === tries.found);
  const levels = own.levels.map((word, k) => [String(k), word] as const);
  return (
    <>
      <h2>{own.first}</h2>
      <p class="soft">{puzzle.lines.length > 0 ? own.firstText : own.firstNumbers}</p>
      <Named {...props} />
      {slip !== undefined && <Names {...props} slip={slip} />}
      {slip !== undefined && tries.isSolved && <Solved {...props} slip={slip} />}
      <Choice
        label={own.told}
        name="told"
        shown
        value={String(hints)}
        options={levels}
        choose={(level) => hint(Number(level) as Hints)}
      />
      {hints > 0 && html !== "" && <Report html={html} />}
    </>
  );
}

/** Find the bug: a backward pass with one slip; the equation is named, then the slip, and the check tells at once. */

import type { Hints } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ClaimText } from "../../levels/claim.tsx";
import { levels } from "../../levels/levels.ts";
import { published } from "../../levels/published.ts";
import { NetworkBar } from "../../network/network-bar.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Fault } from "../../ui/fault.tsx";
import { Opening } from "../../ui/opening.tsx";
import type { PageWords } from "../../words/en.ts";
import { wordsOf } from "../../words/words-of.ts";
import type { PartProps } from "../parts.ts";
import { useTold } from "../use-told.ts";
import type { FindTold } from "./answer.ts";
import { LevelMap } from "./level-map.tsx";
import { ClaimNumbers } from "./numbers.tsx";
import { Questions } from "./questions.tsx";
import { keepScore, readScore, withSolved, type Score } from "./score.ts";
import { nothingTried, useTries } from "./tries.ts";
import { besides, spotOf, type Spot } from "./where-at.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";
import "./find.css";

const link = (): string => location.href;

interface GameProps extends Pick<PartProps, "lang" | "words"> {
  readonly spot: Spot;
  readonly own: typeof en;
  readonly solved: (misses: number) => void;
  readonly go: (at: string) => void;
}

/** Another one by chance, of which there are many. */
const drawn = (): string => `seed-${Math.floor(Math.random() * 1e6)}`;

function Ways({ spot, own, words, go }: Pick<GameProps, "spot" | "own" | "words" | "go">): JSX.Element {
  const way = (step: 1 | -1, word: string): JSX.Element => {
    const at = besides(spot, step);
    return (
      <button
        type="button"
        disabled={at === null}
        onClick={() => {
          if (at !== null) go(at);
        }}
      >
        {word}
      </button>
    );
  };
  return (
    <p class="tools ways">
      <Copy text={link} label={own.link} words={words} />
      <button type="button" onClick={() => go(drawn())}>
        {own.draw}
      </button>
      {way(-1, own.previous)}
      {way(1, own.next)}
    </p>
  );
}

/** What the level is, above what is claimed. */
function Heading({ spot, own }: Pick<GameProps, "spot" | "own">): JSX.Element {
  const { seed, index } = spot;
  const level = seed === null ? own.level(index + 1, levels.length, own.ranks[levels[index]!.rank]!) : own.drawn(seed);
  return (
    <div class="note">
      <h2>{level}</h2>
      <p>{spot.seed === null ? own.textNote : own.numbersNote}</p>
    </div>
  );
}

function Game(props: GameProps): JSX.Element {
  const { spot, lang, words, own, solved, go } = props;
  const [tries, act] = useTries(solved);
  const [hints, tell] = useState<Hints>(0);
  const { seed, level } = spot;
  const answer = useTold("find", lang, { seed, level, hints }, `${level} ${seed} ${hints}`);
  const [before, keep] = useState<FindTold | null>(null);
  if (answer?.kind === "told" && answer.told !== before) keep(answer.told);
  if (answer?.kind === "fault") return <Fault says={answer.says} words={words} />;
  const told = answer?.told ?? before;
  if (told === null)
    return (
      <p class="soft" aria-busy="true">
        {words.thinking}
      </p>
    );
  const { puzzle } = told;
  const { isSolved, places } = tries ?? nothingTried;
  const shows = (keys: readonly string[]): boolean =>
    keys.length > 0 && (isSolved || keys.some((key) => places.includes(key)));
  const choose = isSolved ? undefined : (keys: readonly string[]): void => act.name(keys, puzzle);
  const taken = choose === undefined ? {} : { choose };
  const from = spot.seed === null ? published[levels[spot.index]!.published] : null;
  const hint = (next: Hints): void => {
    tell(next);
    if (next > 0) act.look();
  };
  return (
    <div class={`columns game ${spot.seed === null ? "" : "drawn"} ${hints === 0 ? "" : "hinted"}`}>
      <div class="work">
        <Heading spot={spot} own={own} />
        {puzzle.lines.length > 0 ? (
          <ClaimText {...puzzle} {...taken} shows={(line) => shows(line.places)} label={own.claim} words={words} />
        ) : (
          <ClaimNumbers puzzle={puzzle} shows={(key) => shows([key])} {...taken} own={own} words={words} />
        )}
        <NetworkBar net={puzzle.net} cost={puzzle.cost} words={words} />
        <Ways spot={spot} own={own} words={words} go={go} />
      </div>
      <section class="verdict questions" id="verdict" tabIndex={-1} aria-label={words.verdict}>
        <Questions
          {...{ puzzle, tries, act, hints, hint, from, lang, words, own, go }}
          html={told.html}
          next={besides(spot, 1)}
        />
      </section>
    </div>
  );
}

/** Who comes back goes on where something is left to solve. */
const firstUnsolved = (score: Score): string => (levels.find(({ key }) => score[key] === undefined) ?? levels[0]!).key;

/** The words of the part, the score, and the level that the address names. */
export function Find({ lang, words, at, go }: PartProps): JSX.Element {
  const own = wordsOf<typeof en>(words as PageWords, { en, zh });
  const [score, set] = useState(readScore);
  const [start] = useState(() => firstUnsolved(score));
  useEffect(() => {
    if (at === "") go(start);
  }, [at]);
  const spot = spotOf(at === "" ? start : at);
  const key = spot.seed === null ? spot.level : `seed-${spot.seed}`;
  const keep = (next: Score): void => {
    set(next);
    keepScore(next);
  };
  const solved = (misses: number): void => keep(withSolved(readScore(), key, misses));
  const goTo = (to: string): void => go(to, true);
  return (
    <>
      <Opening title={own.title} lead={own.lead} />
      <Game key={key} {...{ spot, lang, words, own, solved }} go={goTo} />
      <LevelMap here={spot.index} score={score} go={goTo} forget={() => keep({})} own={own} />
    </>
  );
}

/** Every level in one view, from easy to hard, with those that are solved. */

import type { JSX } from "preact";
import { levels } from "../../levels/levels.ts";
import type { Score } from "./score.ts";
import type { en } from "./words/en.ts";

interface Props {
  readonly here: number;
  readonly score: Score;
  readonly go: (key: string) => void;
  readonly forget: () => void;
  readonly own: typeof en;
}

function lookOf(misses: number | undefined): string {
  if (misses === undefined) return "";
  return misses === 0 ? "solved clean" : "solved";
}

export function LevelMap({ here, score, go, forget, own }: Props): JSX.Element {
  const solved = levels.filter(({ key }) => score[key] !== undefined);
  const clean = solved.filter(({ key }) => score[key] === 0).length;
  const seeds = Object.keys(score).filter((key) => key.startsWith("seed-")).length;
  return (
    <nav class="level-map" aria-label={own.all}>
      {[1, 2, 3].map((rank) => (
        <section key={rank}>
          <h2>{own.ranks[rank]}</h2>
          <ol>
            {levels.map(({ key, rank: its }, k) =>
              its !== rank ? null : (
                <li key={key}>
                  <button
                    type="button"
                    class={lookOf(score[key])}
                    onClick={() => go(key)}
                    aria-current={k === here ? "true" : undefined}
                    aria-label={own.levelAt(k + 1, own.ranks[rank]!, score[key] !== undefined)}
                  >
                    {k + 1}
                  </button>
                </li>
              ),
            )}
          </ol>
        </section>
      ))}
      <p class="soft">
        {own.score(solved.length, levels.length, clean, seeds)} {own.kept}{" "}
        {Object.keys(score).length > 0 && (
          <button type="button" onClick={forget}>
            {own.forget}
          </button>
        )}
      </p>
    </nav>
  );
}

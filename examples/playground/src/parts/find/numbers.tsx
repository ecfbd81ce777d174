/** A claim of numbers beside the right ones: each equation can be chosen, and what is off stands out. */

import type { JSX } from "preact";
import type { Place, Puzzle } from "../../levels/puzzle.ts";
import { Sign } from "../../levels/claim.tsx";
import type { PageWords } from "../../words/en.ts";
import type { en } from "./words/en.ts";

type Rows = readonly (readonly number[])[];

const SMALL = 5e-4;

/** Three decimals, or a power of ten where these would be 0. */
function written(x: number): string {
  const size = Math.abs(x);
  return `${x < 0 ? "−" : ""}${size !== 0 && size < SMALL ? size.toExponential(0) : size.toFixed(3)}`;
}

const isOff = (yours: number, correct: number | undefined): boolean =>
  correct === undefined || Math.abs(yours - correct) > 1e-9 * Math.max(Math.abs(yours), Math.abs(correct));

interface MatrixProps {
  readonly rows: Rows;
  /** What it should be: entries that are not stand out. */
  readonly beside?: Rows;
  readonly title: string;
}

function Matrix({ rows, beside, title }: MatrixProps): JSX.Element {
  const look = (x: number, i: number, j: number): string =>
    beside !== undefined && isOff(x, beside[i]?.[j]) ? "off" : "";
  const line = (row: readonly number[], i: number): JSX.Element => (
    <tr key={i}>
      {row.map((x, j) => (
        <td key={j} class={look(x, i, j)}>
          {written(x)}
        </td>
      ))}
    </tr>
  );
  return (
    <table class="matrix">
      <caption>{title}</caption>
      <tbody>{rows.map(line)}</tbody>
    </table>
  );
}

interface Props {
  readonly puzzle: Puzzle;
  readonly shows: (place: string) => boolean;
  readonly choose?: (places: readonly string[]) => void;
  readonly own: typeof en;
  readonly words: PageWords;
}

export function ClaimNumbers({ puzzle: { numbers, places }, shows, choose, own, words }: Props): JSX.Element {
  const head = ({ key, equation, layer, name, status }: Place): JSX.Element => {
    const shown = shows(key);
    const content = (
      <>
        <b>{name}</b>
        <span class="soft">{own.place(equation, layer)}</span>
        {shown ? <Sign status={status} words={words} /> : null}
      </>
    );
    const look = `of ${shown ? status : ""}`;
    if (choose === undefined) return <p class={look}>{content}</p>;
    return (
      <button type="button" class={look} onClick={() => choose([key])}>
        {content}
      </button>
    );
  };
  return (
    <ol class="claim-numbers" aria-label={own.claim}>
      {numbers.map(({ place: key, yours, correct }) => {
        const place = places.find((one) => one.key === key);
        if (place === undefined) return null;
        return (
          <li key={key}>
            {head(place)}
            <div class="pairs">
              <Matrix rows={yours} beside={correct} title={own.yours} />
              <Matrix rows={correct} title={own.correct} />
            </div>
          </li>
        );
      })}
    </ol>
  );
}

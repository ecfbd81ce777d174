/** A claim of numbers beside the right ones: each equation can be chosen, and what is off stands out. */

import type { JSX } from "preact";
import type { Place, Puzzle } from "../../levels/puzzle.ts";
import { Sign } from "../../levels/claim.tsx";
import type { PageWords } from "../../words/en.ts";
import type { en } from "./words/en.ts";

type Rows = readonly (readonly number[])[];

const SMALL = 5e-4;

/** Three decimals, or a power of ten where these would be 0. */
const written = (x: number): string => (x !== 0 && Math.abs(x) < SMALL ? x.toExponential(0) : x.toFixed(3)).replace("-", "−").replace("e−", "e-");

const isOff = (yours: number, correct: number | undefined): boolean => correct === undefined || Math.abs(yours - correct) > 1e-9 * Math.max(Math.abs(yours), Math.abs(correct));

function Matrix({ rows, beside, title }: { readonly rows: Rows; readonly beside?: Rows; readonly title: string }): JSX.Element {
  return (
    <table class="matrix">
      <caption>{title}</caption>
      <tbody>
        {rows.map((row, i) => <tr key={i}>{row.map((x, j) => <td key={j} class={beside !== undefined && isOff(x, beside[i]?.[j]) ? "off" : ""}>{written(x)}</td>)}</tr>)}
      </tbody>
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
    const content = <><b>{name}</b><span class="soft">{own.place(equation, layer)}</span>{shows(key) ? <Sign status={status} words={words} /> : null}</>;
    const look = `of ${shows(key) ? status : ""}`;
    return choose === undefined ? <p class={look}>{content}</p> : <button type="button" class={look} onClick={() => choose([key])}>{content}</button>;
  };
  return (
    <ol class="claim-numbers" aria-label={own.claim}>
      {numbers.map(({ place: key, yours, correct }) => {
        const place = places.find((one) => one.key === key);
        if (place === undefined) return null;
        return (
          <li key={key}>
            {head(place)}
            <div class="pairs"><Matrix rows={yours} beside={correct} title={own.yours} /><Matrix rows={correct} title={own.correct} /></div>
          </li>
        );
      })}
    </ol>
  );
}

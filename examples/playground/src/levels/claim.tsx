/** What is claimed, as lines of a text: each can be chosen, or none, and shows how it fares once that is known. */

import type { LineStatus } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import type { PageWords } from "../words/en.ts";
import type { ClaimLine, Place } from "./puzzle.ts";
import "./claim.css";

const signs: Readonly<Partial<Record<LineStatus, string>>> = {
  ok: "✓",
  convention: "✓",
  root: "✗",
  shape: "✗",
  nan: "✗",
  inherited: "↳",
};

/** The graver of several equations comes first. */
const gravity: readonly LineStatus[] = ["root", "shape", "nan", "inherited", "convention", "ok"];

/** How a line fares: as the gravest of its equations does. */
export function statusOf(keys: readonly string[], places: readonly Place[]): LineStatus {
  const found = keys.flatMap((key) => places.find((place) => place.key === key)?.status ?? []);
  return gravity.find((status) => found.includes(status)) ?? "ok";
}

/** A sign that is said in words to who does not see it. */
export const Sign = ({ status, words }: { readonly status: LineStatus; readonly words: PageWords }): JSX.Element => (
  <span class={`sign ${status}`}>
    <span aria-hidden="true">{signs[status]}</span>
    <span class="unseen"> {words.status[status]}</span>
  </span>
);

interface Props {
  readonly lines: readonly ClaimLine[];
  readonly places: readonly Place[];
  /** Whether it is to be seen how a line fares. */
  readonly shows: (line: ClaimLine) => boolean;
  readonly choose?: (places: readonly string[]) => void;
  readonly label: string;
  readonly words: PageWords;
}

export function ClaimText({ lines, places, shows, choose, label, words }: Props): JSX.Element {
  const row = (line: ClaimLine): JSX.Element => {
    const status = statusOf(line.places, places);
    const shown = shows(line);
    const content = (
      <>
        <code>{line.text}</code>
        {shown ? <Sign status={status} words={words} /> : null}
      </>
    );
    const look = `row ${shown ? status : ""}`;
    if (choose === undefined || line.places.length === 0) return <span class={look}>{content}</span>;
    return (
      <button type="button" class={look} onClick={() => choose(line.places)}>
        {content}
      </button>
    );
  };
  return (
    <ol class="claim-lines" aria-label={label}>
      {lines.map((line, k) => (
        <li key={k}>{row(line)}</li>
      ))}
    </ol>
  );
}

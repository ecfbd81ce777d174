/** Numbers typed beside the nodes: what was given, and what somebody derived from it. */

import type { LineStatus } from "@chainrule/nn/handcheck";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { specOf } from "../network/spec.ts";
import { useTold } from "../parts/use-told.ts";
import { Stepper } from "../ui/stepper.tsx";
import type { PageWords } from "../words/en.ts";
import { wordsOf } from "../words/words-of.ts";
import { Fields } from "./fields.tsx";
import { listed, textOf, type Listing } from "./listing.ts";
import { askedOf, canBeTyped, filled, givenOf, MOST_SAMPLES, MOST_TYPED } from "./quantities.ts";
import { en } from "./words/en.ts";
import { zh } from "./words/zh.ts";

export interface TypedProps {
  readonly net: string;
  readonly cost: string;
  /** Everything that stands in the fields, as a listing; empty at first. */
  readonly text: string;
  readonly change: (text: string) => void;
  readonly fares: Readonly<Record<string, LineStatus>>;
  readonly words: PageWords;
}

const SEED = 1;
const FIRST_SAMPLES = 2;

export function Typed({ net, cost, text, change, fares, words }: TypedProps): JSX.Element {
  const own = wordsOf(words, { en, zh });
  const spec = specOf(net);
  const written = listed(text);
  const samples = written.get("x")?.length ?? FIRST_SAMPLES;
  const told = useTold("numbers", "en", { net, cost, seed: SEED, samples: MOST_SAMPLES, own: "" }, `${net} ${cost}`);
  const drawn = told?.kind === "told" && told.isNewest ? told.told.given : null;
  const [given, asked] = [givenOf(spec, samples), askedOf(spec, samples)];
  // Whatever is typed stays, and so would the entries that are empty because they are not drawn yet.
  const waits = drawn === null && [...filled(given, written, new Map()).values()].flat(2).includes("");
  const listing = filled([...given, ...asked], written, listed(drawn ?? ""));
  const full = textOf(listing);
  const isTyped = canBeTyped(spec);
  const newest = useRef(text);
  newest.current = text;
  // What is drawn for a network that was changed becomes part of the text, unless something was typed before this runs.
  useEffect(() => {
    if (isTyped && drawn !== null && full !== text && newest.current === text) change(full);
  }, [full, text, drawn, isTyped]);
  if (!isTyped) return <p class="note">{own.tooLarge(MOST_TYPED)}</p>;
  const set = (next: Listing): void => {
    newest.current = textOf(next);
    change(newest.current);
  };
  const withSamples = (count: number): void =>
    set(filled([...givenOf(spec, count), ...askedOf(spec, count)], listing, listed(drawn ?? "")));
  return (
    <>
      <p class="note">{own.note}</p>
      <Fields label={own.given} quantities={given} waits={waits} listing={listing} words={words} change={set} />
      <p class="note samples-of">
        {own.samples}{" "}
        <Stepper
          label={own.samples}
          value={samples}
          most={MOST_SAMPLES}
          fewer={own.fewer}
          more={own.more}
          set={withSamples}
        />
      </p>
      <Fields
        label={own.asked}
        quantities={asked}
        waits={waits}
        listing={listing}
        words={words}
        fares={fares}
        change={set}
      />
    </>
  );
}

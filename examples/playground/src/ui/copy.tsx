/** Copies a text, and says that it has. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageWords } from "../words/en.ts";

const SHOWN = 2000;

/** A text, or what gives it when it is asked for. */
export function Copy({
  text,
  label,
  words,
}: {
  readonly text: string | (() => string);
  readonly label: string;
  readonly words: PageWords;
}): JSX.Element {
  const [done, set] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text());
    set(true);
    setTimeout(() => set(false), SHOWN);
  };
  return (
    <button type="button" onClick={() => void copy()} aria-live="polite">
      {done ? words.shared : label}
    </button>
  );
}

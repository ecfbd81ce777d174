/** A link to what is on the screen; all of it is in the fragment. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageWords } from "../words/en.ts";

const SHOWN = 2000;

export function Share({ words }: { readonly words: PageWords }): JSX.Element {
  const [done, set] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(location.href);
    set(true);
    setTimeout(() => set(false), SHOWN);
  };
  return <button type="button" onClick={() => void copy()} aria-live="polite">{done ? words.shared : words.share}</button>;
}

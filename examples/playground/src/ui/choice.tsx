/** One of several, as radio buttons that look like a switch. */

import type { JSX } from "preact";

interface Props<T extends string> {
  readonly label: string;
  readonly name: string;
  readonly value: T;
  /** What it stands for, its word, and the language of the word where it is not the page's. */
  readonly options: readonly (readonly [value: T, word: string, lang?: string])[];
  readonly choose: (value: T) => void;
  /** The label is to be seen, not only to be heard. */
  readonly shown?: boolean;
}

export function Choice<T extends string>({
  label,
  name,
  value,
  options,
  choose,
  shown = false,
}: Props<T>): JSX.Element {
  return (
    <fieldset class={`choice ${name}`}>
      <legend class={shown ? "" : "unseen"}>{label}</legend>
      <div class="options">
        {options.map(([one, word, lang]) => (
          <label key={one} lang={lang}>
            <input type="radio" name={name} value={one} checked={one === value} onChange={() => choose(one)} />
            <span>{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/**
 * A number that is changed once it is typed whole. What is typed stands until then: an answer that comes meanwhile does
 * not put the old number in its place.
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";

interface Props {
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly class?: string;
  readonly "aria-label"?: string;
  /** Called with what was typed, which may be no number. */
  readonly change: (typed: string) => void;
}

export function NumberField({ value, change, ...look }: Props): JSX.Element {
  const [typed, type] = useState<string | null>(null);
  return (
    <input
      {...look}
      type="number"
      value={typed ?? String(value)}
      onInput={({ currentTarget }) => type(currentTarget.value)}
      onChange={({ currentTarget }) => {
        type(null);
        change(currentTarget.value);
      }}
      onBlur={() => type(null)}
    />
  );
}

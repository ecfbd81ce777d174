/** A small whole number, with a button on each side. */

import type { JSX } from "preact";

interface Props {
  readonly label: string;
  readonly value: number;
  readonly most?: number;
  readonly fewer: string;
  readonly more: string;
  readonly set: (value: number) => void;
}

export function Stepper({ label, value, most = Infinity, fewer, more, set }: Props): JSX.Element {
  return (
    <span class="units" role="group" aria-label={label}>
      <button type="button" aria-label={fewer} disabled={value <= 1} onClick={() => set(value - 1)}>
        −
      </button>
      <output>{value}</output>
      <button type="button" aria-label={more} disabled={value >= most} onClick={() => set(value + 1)}>
        +
      </button>
    </span>
  );
}

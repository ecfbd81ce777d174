/** The numbers below a plot. */

import type { JSX } from "preact";
import { placeOf, type Span } from "./curve.ts";
import { shortNumber } from "./show.ts";

/** 1, 2 or 5 times a power of ten, about so many in the span. */
function ticksOf({ from, to }: Span, about: number): number[] {
  const rough = (to - from) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, k) => (first + k) * step);
}

export const Axis = ({ across }: { readonly across: Span }): JSX.Element => (
  <div class="axis" aria-hidden="true">
    {ticksOf(across, 5).map((x) => (
      <span key={x} style={{ left: `${placeOf(x, across, 100)}%` }}>
        {shortNumber(x)}
      </span>
    ))}
  </div>
);

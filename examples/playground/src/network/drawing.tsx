/** The network as circles and lines, left to right: what its sizes look like. */

import type { JSX } from "preact";
import type { PageWords } from "../words/en.ts";
import type { Spec } from "./spec.ts";

/** More units than this are drawn as some and a mark. */
const MOST = 6;
const HEIGHT = 108;
const STEP = 17;
const RADIUS = 5.5;

/** Heights of the units of a column, from its middle; `null` stands for those that are left out. */
function spotsOf(units: number): (number | null)[] {
  const shown = Math.min(units, MOST);
  return Array.from({ length: shown }, (_, k) =>
    units > MOST && k === MOST - 2 ? null : (k - (shown - 1) / 2) * STEP,
  );
}

/** Columns stand in the middle of equal parts of the width, where their sizes stand beneath. */
export function Drawing({ spec: { sizes }, words }: { readonly spec: Spec; readonly words: PageWords }): JSX.Element {
  const x = (l: number): string => `${(100 * (l + 0.5)) / sizes.length}%`;
  const columns = sizes.map(spotsOf);
  return (
    <svg class="drawing" height={HEIGHT} role="img" aria-label={`${words.network} ${sizes.join("-")}`}>
      {columns
        .slice(1)
        .map((to, k) =>
          columns[k]!.map((a) =>
            to.map((b) =>
              a === null || b === null ? null : (
                <line x1={x(k)} y1={HEIGHT / 2 + a} x2={x(k + 1)} y2={HEIGHT / 2 + b} />
              ),
            ),
          ),
        )}
      {columns.map((spots, l) =>
        spots.map((spot, k) =>
          spot === null ? (
            <text x={x(l)} y={HEIGHT / 2 + spots[k - 1]! + STEP + 5}>
              ⋮
            </text>
          ) : (
            <circle class={l === 0 ? "input" : "unit"} cx={x(l)} cy={HEIGHT / 2 + spot} r={RADIUS} />
          ),
        ),
      )}
    </svg>
  );
}

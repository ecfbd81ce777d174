/** The scene that the parts of the drawing show: the numbers, the step, what is chosen, and where everything stands. */

import type { FlowTold, ToldStep } from "./answer.ts";
import type { Layout } from "./layout.ts";
import type { Weight } from "./place.ts";
import type { Known } from "./progress.ts";
import type { FlowWords } from "./words/en.ts";

export interface Scene {
  readonly told: FlowTold;
  readonly now: ToldStep;
  readonly known: Known;
  readonly layout: Layout;
  /** The chosen weight. */
  readonly weight: Weight | null;
  /** The one path that is looked at; `null` for all. */
  readonly path: number | null;
  readonly own: FlowWords;
}

export const percent = (value: number): string => `${value}%`;

/** All weights between units that are drawn, in an order that arrows can follow. */
export function weightsOf({ told: { sizes }, layout }: Pick<Scene, "told" | "layout">): Weight[] {
  return sizes
    .slice(1)
    .flatMap((_, k) =>
      layout.drawn(k + 1).flatMap((to) => layout.drawn(k).map((from) => ({ layer: k + 1, to, from }))),
    );
}

/** The size of the largest weight: its line is the thickest. */
export const largestOf = ({ figures }: FlowTold): number => Math.max(1e-9, ...figures.W.flat(2).map(Math.abs));

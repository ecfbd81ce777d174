/**
 * A wrong gradient of a graph in words: how it differs from the right one, in terms of named values and of the
 * gradients that were handed in.
 */

import { graphs } from "../../../locales/graphs.ts";
import type { Words } from "../../../locales/words.ts";
import { countOf, sameShape, type Numbers } from "../../bounds/numbers.ts";
import { explain, type Explanation } from "../../relations/explain.ts";
import { named, type Piece } from "../../relations/piece.ts";
import type { Surroundings } from "../../relations/relations.ts";
import type { Values } from "./flows.ts";

/** A wrong gradient among the named values. */
export interface Place {
  readonly name: string;
  readonly yours: Numbers;
  /** By the rule, from the person's own gradients. */
  readonly correct: Numbers;
  readonly allowed: number;
  readonly named: Values;
  /** The person's own gradients above it. */
  readonly upstream: Values;
  /** True gradients. */
  readonly truth: Values;
}

/** So many arrays are combined with each other. */
const MOST = 9;
const LARGE = 2048;

/** The arrays nearest to the gradient: above all those that have an axis of its own. */
function nearest(values: Values, shape: readonly number[], without: string): (readonly [string, Numbers])[] {
  const shared = ([, value]: readonly [string, Numbers]): number =>
    value.shape.filter((size) => size > 1 && shape.includes(size)).length;
  return Object.entries(values)
    .filter(([name, { data }]) => name !== without && data.length <= LARGE)
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, MOST);
}

/** Returns what a wrong gradient is told with; `null` where it is too large for that. */
function surroundingsOf({ name, correct: { shape }, named: values, upstream, truth }: Place): Surroundings | null {
  if (countOf(shape) > LARGE) return null;
  const own = values[name];
  const arrays: Piece[] = [
    ...(own === undefined ? [] : [named(name, own.shape, [own.data])]),
    ...nearest(values, shape, name).map(([other, value]) => named(other, value.shape, [value.data])),
    ...nearest(upstream, shape, name).map(([other, value]) =>
      named(`d${other}`, value.shape, [value.data], "upstream"),
    ),
  ];
  const others = Object.entries(truth).flatMap(([other, value]) =>
    other !== name && sameShape(value.shape, shape) ? [named(`the right d${other}`, shape, [value.data])] : [],
  );
  return { arrays, linear: false, legend: [], others };
}

/** Returns what would narrow a mistake that nothing explains: gradients at the names `between`. */
function advice(between: readonly string[]): Words {
  const [first, ...rest] = between.slice(0, 4).map((name) => `d${name}`);
  if (first === undefined) return graphs.nameWithTap;
  return graphs.alsoThese({ names: [first, ...rest] });
}

/** The words for a gradient that no mistake explains. */
export function told(place: Place, between: readonly string[]): Explanation {
  const { name, yours, correct, allowed, upstream } = place;
  const shown = { yours, correct, slack: correct.data.map(() => allowed) };
  return explain({
    name: `d${name}`,
    probes: [shown],
    telling: shown,
    surroundings: surroundingsOf(place),
    narrower: advice(between),
    meanings: { samples: correct.shape[0] ?? 1 },
    isPath: (term) => Object.keys(upstream).some((other) => term.includes(`d${other}`)),
  });
}

/** A wrong gradient of a graph in words: how it differs from the right one, in terms of named values and of the gradients that were handed in. */

import type { Words } from "../../report.ts";
import { countOf, sameShape, type Numbers } from "../numbers.ts";
import { named, type Piece } from "../relations/piece.ts";
import { relationsOf } from "../relations/relations.ts";
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

/** What is said of it. */
export interface Telling {
  readonly id: string;
  readonly confidence: number;
  readonly says: Words;
  readonly yours: string;
  readonly correct: string;
  readonly features: readonly Words[];
}

/** So many arrays are combined with each other. */
const MOST = 9;
const LARGE = 2048;

/** The arrays nearest to the gradient: above all those that have an axis of its own. */
function nearest(values: Values, shape: readonly number[], without: string): (readonly [string, Numbers])[] {
  const shared = ([, value]: readonly [string, Numbers]): number => value.shape.filter((size) => size > 1 && shape.includes(size)).length;
  return Object.entries(values).filter(([name, { data }]) => name !== without && data.length <= LARGE).sort((a, b) => shared(b) - shared(a)).slice(0, MOST);
}

/** The sentence, where one is found. */
export function told({ name, yours, correct, allowed, named: values, upstream, truth }: Place): Telling | null {
  const { shape } = correct;
  if (countOf(shape) > LARGE) return null;
  const own = values[name];
  const arrays: Piece[] = [
    ...(own === undefined ? [] : [named(name, own.shape, [own.data])]),
    ...nearest(values, shape, name).map(([other, value]) => named(other, value.shape, [value.data])),
    ...nearest(upstream, shape, name).map(([other, value]) => named(`d${other}`, value.shape, [value.data], "upstream")),
  ];
  const others = Object.entries(truth).flatMap(([other, value]) => (other !== name && sameShape(value.shape, shape) ? [named(`the right d${other}`, shape, [value.data])] : []));
  const found = relationsOf([{ yours, correct, allowed }], { arrays, linear: false, legend: [], others });
  if (found === null || found.says === null) return null;
  const formula = (text: string): string => (text === "" ? "" : `d${name} = ${text}`);
  const { missing, words } = found.says;
  if (missing !== undefined && Object.keys(upstream).some((other) => missing.includes(`d${other}`))) {
    const says = { en: `the path that brings ${missing} is missing: it must be added to the others`, zh: `漏了带来 ${missing} 的路径：应当与其他路径相加` };
    return { id: "B19", confidence: 1, says, yours: formula(found.yours), correct: formula(found.correct), features: [] };
  }
  return { id: "unknown", confidence: 0, says: words, yours: formula(found.yours), correct: formula(found.correct), features: found.places };
}

/** All kinds of values, each with its record: a kind without one, or with a gap in it, does not compile. */

import type { Definition } from "../value.ts";
import { assemble } from "./assemble.ts";
import { control } from "./control.ts";
import { cast, copy, view } from "./copies.ts";
import { argument, constant, scalar, state } from "./leaves.ts";
import { map } from "./map.ts";
import { matmul } from "./matmul.ts";
import { addAt, take } from "./picks.ts";
import { reduce } from "./reduce.ts";
import type { KindRules } from "./rules.ts";

type Kinds = { readonly [K in Definition["kind"]]: KindRules<Extract<Definition, { kind: K }>> };

export const kinds: Kinds = {
  argument,
  state,
  constant,
  scalar,
  map,
  cast,
  copy,
  view,
  reduce,
  matmul,
  assemble,
  take,
  addAt,
  control,
};

/** The record of the kind of a definition. */
export function rulesOf({ kind }: Definition): KindRules {
  return kinds[kind] as KindRules;
}

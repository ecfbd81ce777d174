/** Every mistake that has a name, by its id; what is tried on purpose, and what is said, follow from the records. */

import type { Words } from "../../locales/words.ts";
import { biases } from "./bias.ts";
import { decays } from "./decays.ts";
import { elsewhere } from "./elsewhere.ts";
import { gates } from "./gates.ts";
import { hidden } from "./hidden.ts";
import type { Derived } from "../claims/claim.ts";
import type { Mistake, Rule, Typical } from "./mistake.ts";
import { outputs } from "./output.ts";
import { products } from "./products.ts";
import { targets } from "./targets.ts";
import { weights } from "./weights.ts";

const byId = (a: Mistake, b: Mistake): number =>
  a.id.charCodeAt(0) - b.id.charCodeAt(0) || Number(a.id.slice(1)) - Number(b.id.slice(1));

/** The records in the order in which they are tried: of two that fit alike the first is told. */
const all: readonly Mistake[] = [
  ...gates,
  ...outputs,
  ...targets,
  ...hidden,
  products,
  ...biases,
  ...weights,
  ...decays,
  ...elsewhere,
];

/** The records in the order of their ids. */
export const catalogue: readonly Mistake[] = [...all].sort(byId);

const known: ReadonlyMap<string, Mistake> = new Map(catalogue.map((mistake) => [mistake.id, mistake]));

/** The mistake of an id. */
export const mistakeOf = (id: string): Mistake => known.get(id)!;

/** Returns what a mistake is, in words. */
export const wordsOf = (id: string): Words => mistakeOf(id).says;

/** The mistakes of a rule. */
export const mistakesOf = (rule: Rule): readonly Mistake[] => all.filter(({ rules }) => rules.includes(rule));

/** The typical mistakes: those that are made on purpose to see what data and digits can show. */
export const typical: readonly (Typical & { readonly id: string; readonly rule: Derived })[] = catalogue.flatMap(
  ({ id, rules: [first], typical: ways = [] }) =>
    first === undefined || first === "elsewhere"
      ? []
      : ways.map((way) => ({ id, rule: first === "REG" ? ("BP4" as const) : first, ...way })),
);

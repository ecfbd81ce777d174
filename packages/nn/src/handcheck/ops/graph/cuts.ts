/**
 * Paths between named values that carry nothing back: through time where each step counts alone, to a shared input from
 * one step only.
 */

import { graphs } from "../../../locales/graphs.ts";
import type { Words } from "../../../locales/words.ts";
import { gapOf } from "../../bounds/compare.ts";
import { identical, largest, plus, zero, type Numbers } from "../../bounds/numbers.ts";
import type { Flows, Values } from "./flows.ts";

/** From a named value to the next one that is computed from it. */
interface Link {
  readonly from: string;
  readonly to: string;
}

/** Links that are cut together, and what is said of it. */
interface Hypothesis {
  readonly cut: readonly Link[];
  readonly says: Words;
}

/** A hypothesis that gives somebody's numbers. */
export interface Cut {
  /** The gradients that it explains. */
  readonly of: readonly string[];
  readonly says: Words;
}

/** A graph with more names than that is not searched. */
const MOST_NAMES = 64;
const MOST_HYPOTHESES = 32;

/** The gradients of a graph, link by link from the loss back. */
class Chain {
  readonly #flows: Flows;
  readonly #inputs: Values;
  readonly #taps: Values;
  readonly #none: Values;
  readonly #straight: Values;
  /** By name, what gradients there have sent back: hypotheses have most of them in common. */
  readonly #sent = new Map<string, { readonly g: Numbers; readonly back: Values }[]>();

  constructor(flows: Flows, inputs: Values, taps: Values) {
    this.#flows = flows;
    this.#inputs = inputs;
    this.#taps = taps;
    this.#none = Object.fromEntries(Object.entries(taps).map(([name, value]) => [name, zero(value)]));
    this.#straight = flows.implied(inputs, taps, this.#none);
  }

  /** Returns what a gradient at a name sends back to the names next below. */
  #back(to: string, g: Numbers): Values {
    const former = this.#sent.get(to) ?? [];
    const known = former.find((one) => identical(one.g, g));
    if (known !== undefined) return known.back;
    const back = this.#flows.implied(this.#inputs, this.#taps, { ...this.#none, [to]: g }, { own: false });
    this.#sent.set(to, [...former, { g, back }]);
    return back;
  }

  // g_A = ∂C/∂A + Σ_B J(A → B)ᵀ g_B,  B ranging over the names next above A
  /** True if every gradient `fits` where `carries` says which links count; the first one that does not ends it. */
  fits(carries: (link: Link) => boolean, fits: (name: string, g: Numbers) => boolean): boolean {
    const total: Record<string, Numbers> = { ...this.#straight };
    for (const to of Object.keys(this.#taps).reverse()) {
      if (!fits(to, total[to]!)) return false;
      if (largest(total[to]!.data) === 0) continue;
      for (const [from, part] of Object.entries(this.#back(to, total[to]!))) {
        if (from !== to && largest(part.data) !== 0 && carries({ from, to })) total[from] = plus(total[from]!, part);
      }
    }
    return Object.keys(this.#inputs).every((name) => fits(name, total[name]!));
  }
}

/** `h12` is step 12 of h. */
function stepOf(name: string): { readonly stem: string; readonly step: number } | null {
  const found = /^(.*?)[_ ]?(\d+)(\D*)$/u.exec(name);
  return found === null ? null : { stem: `${found[1]!}${found[3]!}`, step: Number(found[2]) };
}

/** So many are named. */
const SHOWN = 3;

function listed(links: readonly Link[]): Words {
  const some = links.slice(0, SHOWN).map(({ from, to }) => graphs.link({ later: to, earlier: from }));
  return graphs.links({ some, count: links.length });
}

function throughTime(cut: readonly Link[]): Hypothesis {
  const links = listed(cut);
  return {
    cut,
    says: graphs.throughTime({ links }),
  };
}

/** Yields what people leave out, the simplest first. */
function* hypotheses(links: readonly Link[], taps: Values): Generator<Hypothesis> {
  const later = links.filter(({ from, to }) => {
    const [a, b] = [stepOf(from), stepOf(to)];
    return from in taps && a !== null && b !== null && b.step > a.step;
  });
  const kindOf = ({ from, to }: Link): string => `${stepOf(from)!.stem} ${stepOf(to)!.stem}`;
  const kinds = new Map<string, Link[]>();
  for (const link of later) kinds.set(kindOf(link), [...(kinds.get(kindOf(link)) ?? []), link]);
  if (later.length > 0) yield throughTime(later);
  if (kinds.size > 1) for (const cut of kinds.values()) yield throughTime(cut);
  for (const from of new Set(links.map((link) => link.from))) {
    const uses = links.filter((link) => link.from === from);
    // Links are seen from the loss back: the first use that is seen is the last one.
    if (from in taps || uses.length < 2) continue;
    for (const [only, which] of [
      [uses[0]!, graphs.last],
      [uses.at(-1)!, graphs.first],
    ] as const) {
      yield {
        cut: uses.filter((link) => link !== only),
        says: graphs.oneUse({ which, from, use: only.to }),
      };
    }
  }
  for (const link of links) {
    yield {
      cut: [link],
      says: graphs.pathBack({ to: link.to, from: link.from }),
    };
  }
}

/** The links whose loss gives every gradient that was handed in, the right ones too; `null` where there are none. */
export function cutOf(
  flows: Flows,
  inputs: Values,
  taps: Values,
  handed: Values,
  wrong: readonly string[],
  allowed: Readonly<Record<string, number>>,
): Cut | null {
  if (wrong.length === 0 || Object.keys(taps).length > MOST_NAMES || Object.keys(taps).length === 0) return null;
  const chain = new Chain(flows, inputs, taps);
  const links: Link[] = [];
  const follow = (link: Link): boolean => {
    links.push(link);
    return true;
  };
  chain.fits(follow, () => true);
  let tried = 0;
  for (const { cut, says } of hypotheses(links, taps)) {
    if (tried++ >= MOST_HYPOTHESES) return null;
    const carries = ({ from, to }: Link): boolean => !cut.some((link) => link.from === from && link.to === to);
    const fits = (name: string, g: Numbers): boolean =>
      handed[name] === undefined || gapOf(handed[name], g) <= 4 * allowed[name]!;
    if (chain.fits(carries, fits)) return { of: wrong, says };
  }
  return null;
}

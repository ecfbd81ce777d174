/** The search for a product of known arrays that explains numbers: the cheapest one. */

import { inner } from "../bounds/numbers.ts";
import type { Laid } from "./align.ts";
import { before, constantOf } from "./constant.ts";
import { factorText } from "./piece.ts";
import { constantIn, precisionOf, type Target } from "./target.ts";

/** A product with a constant in front. */
export interface Term {
  /** `−g b`, `1/4 g` */
  readonly text: string;
  /** Its factors, without the constant. */
  readonly parts: readonly string[];
  readonly constant: number;
  readonly cost: number;
}

/** An explanation must be that much more certain than the number of explanations tried. */
export const CERTAIN = 5;

/** Heads are what each product begins with; the rest may follow once or twice. */
export interface Words {
  readonly heads: readonly Laid[];
  readonly factors: readonly Laid[];
  /** Sums and differences of two. */
  readonly pairs: readonly Laid[];
  /** Says what stands between two factors. */
  readonly times: string;
}

/** Returns what stands alone. */
export const ONE = (length: number): Laid => ({
  text: "",
  cost: 0,
  upstream: false,
  closed: true,
  data: new Float64Array(length).fill(1),
});

const productText = (parts: readonly Laid[], times: string): string => {
  const written = parts.filter(({ text }) => text !== "");
  if (written.length === 1) return written[0]!.text;
  // What is divided by stands behind: `g x/y`.
  const below = written.filter(({ text }) => text.startsWith("1/"));
  const above = written.filter((part) => !below.includes(part));
  return `${above.length === 0 ? "1" : above.map(factorText).join(times)}${below.map(({ text }) => text.slice(1)).join("")}`;
};

const isSum = (text: string): boolean => /^[^()[\]]* [+−] /u.test(text);

/** A product with its constant: a sum stands in brackets behind it. */
const written = (constant: string, product: string): string =>
  before(constant, constant !== "" && isSum(product) ? `(${product})` : product);

/** Sums and differences of arrays that have a name. */
export function pairsOf(factors: readonly Laid[]): Laid[] {
  const plain = factors.filter(({ cost, text }) => cost <= 0.5 && text !== "");
  return plain.flatMap((a, k) =>
    plain.slice(k + 1).flatMap((b): Laid[] => {
      const made = (sign: 1 | -1): Laid => ({
        text: `${a.text} ${sign === 1 ? "+" : "−"} ${b.text}`,
        cost: a.cost + b.cost + 0.75,
        upstream: false,
        closed: false,
        data: a.data.map((x, i) => x + sign * b.data[i]!),
      });
      return [made(-1), made(1)];
    }),
  );
}

/** Products that are tried at once, from the plainest on. */
interface Tier extends Pick<Words, "times"> {
  readonly heads: readonly Laid[];
  readonly first: readonly Laid[];
  readonly second: readonly Laid[];
}

/** As many of the plainest factors stand beside each other. */
const MANY = 160;

function tiersOf({ heads, factors, pairs, times }: Words): readonly Tier[] {
  const one = heads.length === 0 ? [] : [ONE(heads[0]!.data.length)];
  const near = factors.filter(({ cost }) => cost <= 1.5).slice(0, MANY);
  const plain = pairs.slice(0, MANY);
  return [
    { heads, first: one, second: one, times },
    { heads, first: [...factors, ...pairs], second: one, times },
    { heads: heads.filter(({ cost }) => cost <= 1.5), first: near, second: [...near, ...plain], times },
  ];
}

// c h a b = t at two entries p and s, with b[s] / b[p] known beforehand:  t[s] h[p] a[p] = t[p] h[s] a[s] (b[s] / b[p])
/**
 * Returns where in a list the second factors stand that fit the target behind a product at two entries: nearly all fail
 * there.
 */
function fitting(
  { data, slack, pivot, second }: Target,
  head: Laid,
  a: Laid,
  ratios: Float64Array,
  from: number,
): number[] {
  const [above, below] = [head.data[pivot]! * a.data[pivot]!, head.data[second]! * a.data[second]!];
  const [wanted, by, room] = [data[second]! * above, data[pivot]! * below, 4 * slack[second]! * Math.abs(above)];
  const found: number[] = [];
  // Written so that NaN fails.
  for (let m = from; m < ratios.length; m++) if (Math.abs(wanted - by * ratios[m]!) <= room) found.push(m);
  return found;
}

/** The cheapest of the products of a tier. */
function cheapest(target: Target, { heads, first, second, times }: Tier): Term | null {
  const precision = precisionOf(target);
  const ratios = Float64Array.from(second, ({ data }) => data[target.second]! / data[target.pivot]!);
  // The empty factor costs nothing.
  const weight = ({ cost, text }: Laid): number => cost + (text === "" ? 0 : 0.25);
  let best: Term | null = null;
  for (const head of heads) {
    for (const [k, a] of first.entries()) {
      // Of two factors from the same list each pair comes once.
      for (const m of fitting(target, head, a, ratios, second[k] === a ? k : 0)) {
        const b = second[m]!;
        const cost = weight(head) + weight(a) + weight(b);
        if (best !== null && best.cost <= cost) continue;
        const c = constantIn(target, head.data, a.data, b.data);
        if (c === null) continue;
        const parts = [head, a, b].filter(({ text }) => text !== "");
        const constant = constantOf(c, precision);
        if (best === null || cost + constant.cost < best.cost)
          best = {
            text: written(constant.text, productText(parts, times)),
            parts: parts.map(({ text }) => text),
            constant: c,
            cost: cost + constant.cost,
          };
      }
    }
  }
  return best;
}

/** The cheapest product that explains the target; `null` where none does, or where chance might. */
export function explained(target: Target, words: Words): Term | null {
  let tried = 0;
  for (const tier of tiersOf(words)) {
    tried += tier.heads.length * tier.first.length * tier.second.length;
    if (target.decades < CERTAIN + Math.log10(1 + tried)) return null;
    const best = cheapest(target, tier);
    if (best !== null) return best;
  }
  return null;
}

const costOf = ([a, b]: readonly [Term, Term]): number => a.cost + b.cost;

/** The most terms that are added two by two. */
const MOST = 240;

// t = a p + b q:  (⟨p,p⟩ ⟨p,q⟩; ⟨p,q⟩ ⟨q,q⟩)(a; b) = (⟨p,t⟩; ⟨q,t⟩)
/** A sum of two products that explains the target. */
export function twoTerms(target: Target, { heads, factors, times }: Words): readonly [Term, Term] | null {
  const { data, use, slack } = target;
  const products = heads
    .flatMap((head) => [[head], ...factors.filter(({ cost }) => cost <= 1.25).map((factor) => [head, factor])])
    .map((parts) => ({ parts, cost: parts.reduce((sum, part) => sum + part.cost, 0) }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST)
    .map(({ parts, cost }) => ({
      text: productText(parts, times),
      parts: parts.map(({ text }) => text),
      cost,
      values: Float64Array.from(use, (i) => parts.reduce((product, part) => product * part.data[i]!, 1)),
    }));
  if (target.decades < CERTAIN + 2 * Math.log10(1 + products.length) + 4) return null;
  const wanted = Float64Array.from(use, (i) => data[i]!);
  const room = Float64Array.from(use, (i) => slack[i]!);
  const [own, against] = [
    products.map(({ values }) => inner(values, values)),
    products.map(({ values }) => inner(values, wanted)),
  ];
  let best: readonly [Term, Term] | null = null;
  products.forEach((p, i) => {
    products.slice(i + 1).forEach((q, k) => {
      const j = i + 1 + k;
      if (best !== null && p.cost + q.cost >= costOf(best)) return;
      const mixed = inner(p.values, q.values);
      const determinant = own[i]! * own[j]! - mixed * mixed;
      if (!(determinant > 1e-9 * own[i]! * own[j]!)) return;
      const [a, b] = [
        (against[i]! * own[j]! - against[j]! * mixed) / determinant,
        (against[j]! * own[i]! - against[i]! * mixed) / determinant,
      ];
      if (!wanted.every((x, n) => Math.abs(x - a * p.values[n]! - b * q.values[n]!) <= 4 * room[n]!)) return;
      const [one, other] = [a, b].map((c) => constantOf(c, 4 * precisionOf(target)));
      // Two constants that mean nothing explain nothing.
      if (one!.cost + other!.cost >= 2 || Math.min(Math.abs(a), Math.abs(b)) < 1e-6) return;
      const term = (
        c: number,
        product: typeof p,
        constant: { readonly text: string; readonly cost: number },
      ): Term => ({
        text: written(constant.text, product.text),
        parts: product.parts,
        constant: c,
        cost: product.cost + constant.cost,
      });
      const found = [term(a, p, one!), term(b, q, other!)] as const;
      if (best === null || costOf(found) < costOf(best)) best = found;
    });
  });
  return best;
}

/** A sum as it is written. */
export const sumText = ([a, b]: readonly [Term, Term]): string =>
  `${a.text} ${b.text.startsWith("−") ? `− ${b.text.slice(1)}` : `+ ${b.text}`}`;

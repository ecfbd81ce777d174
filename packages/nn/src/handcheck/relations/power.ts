/** Powers and exponentials whose exponent or base no table holds: c g xᵖ and c g aˣ. */

import { before, constantOf } from "./constant.ts";
import { factorText } from "./piece.ts";
import { constantIn, precisionOf, type Target } from "./target.ts";
import { ONE, type Term, type Words } from "./terms.ts";

// xᵃ′ = a xᵃ⁻¹,  aˣ′ = aˣ ln a
/** The base and the exponential, where the rule of a power stands for that of an exponential; `null` elsewhere. */
export function powerForExponential(
  target: Target,
  right: Term,
  { heads, factors }: Words,
): { readonly base: string; readonly x: string } | null {
  // The base that is meant is a round number.
  const a = Math.round(Math.exp(right.constant) * 12) / 12;
  if (a === 0 || Math.abs(Math.log(a) / right.constant - 1) > 1e-5) return null;
  for (const head of heads.filter(({ cost }) => cost === 0)) {
    for (const factor of factors.filter(({ cost }) => cost === 0)) {
      const c = constantIn(
        target,
        head.data,
        factor.data.map((x) => x ** (a - 1)),
        ONE(target.data.length).data,
      );
      if (c !== null && Math.abs(c / a - 1) <= 1e-5)
        return { base: String(Number(a.toPrecision(6))), x: factorText(factor) };
    }
  }
  return null;
}

/** The slope of a straight line through points; `null` where they do not lie on one. */
function slopeOf(points: readonly (readonly [number, number])[]): number | null {
  const n = points.length;
  if (n < 4) return null;
  const [mx, my] = [0, 1].map((k) => points.reduce((sum, point) => sum + point[k]!, 0) / n) as [number, number];
  const sxx = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0) / sxx;
  return Number.isFinite(slope) &&
    points.every(([x, y]) => Math.abs(y - my - slope * (x - mx)) <= 1e-4 * (1 + Math.abs(y)))
    ? slope
    : null;
}

/** The formula of a power or an exponential of one of the arrays. */
export function powerLaw(target: Target, { heads, factors }: Words): string | null {
  const { data, use } = target;
  for (const head of heads.filter(({ cost }) => cost === 0)) {
    for (const factor of factors.filter(({ cost, upstream }) => cost === 0 && !upstream)) {
      const points = Array.from(use).flatMap((i): (readonly [number, number, number])[] => {
        const ratio = Math.abs(data[i]! / head.data[i]!);
        return ratio > 0 && Number.isFinite(ratio) ? [[factor.data[i]!, Math.log(ratio), i]] : [];
      });
      const power = slopeOf(points.flatMap(([x, y]) => (x > 0 ? [[Math.log(x), y] as const] : [])));
      const rate = slopeOf(points.map(([x, y]) => [x, y] as const));
      const fits = (value: (x: number) => number): number | null =>
        constantIn(target, head.data, factor.data.map(value), ONE(target.data.length).data);
      // A slope is found to a few digits; the exponent that is meant is a round number.
      const [p, a] = [
        power === null ? 0 : Math.round(power * 12) / 12,
        rate === null ? 1 : Math.round(Math.exp(rate) * 12) / 12,
      ];
      const [c, d] = [p === 0 ? null : fits((x) => x ** p), a === 1 ? null : fits((x) => a ** x)];
      const x = factorText(factor);
      if (c !== null)
        return before(constantOf(c, precisionOf(target)).text, `${factorText(head)} ${x}^${Number(p.toPrecision(6))}`);
      if (d !== null)
        return before(constantOf(d, precisionOf(target)).text, `${factorText(head)} ${Number(a.toPrecision(6))}^${x}`);
    }
  }
  return null;
}

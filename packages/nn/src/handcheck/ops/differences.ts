/** Gradients from nothing but somebody's own forward: central differences, and corners where two sides disagree. */

import { inner, largest, type Numbers } from "../bounds/numbers.ts";
import { unitOf, type KernelType } from "../bounds/precision.ts";

/** A gradient by differences: what it may be off, and the interval of slopes at a corner. */
interface Difference {
  readonly value: Numbers;
  readonly allowed: number;
  /** By entry, where the slopes on both sides do not come together. */
  readonly corners: ReadonlyMap<number, readonly [low: number, high: number]>;
}

/** The step: the rounding of f over h balances the h² of the method. */
const stepOf = (dtype: KernelType): number => Math.cbrt(dtype === "float64" ? 2 ** -30 : unitOf[dtype]);

/** The error of D(h) is about 4/3 of what halving h changes; the rest is rounding. */
const ALLOWED = 4;

/** So many numbers are handed over at once. */
const AT_ONCE = 1 << 18;

/** The forward at many points: its outputs in order. */
type Forwards = (all: readonly (readonly Numbers[])[]) => readonly Numbers[];

/** Σ g f at each of so many points, which are made as they are needed. */
function alongAll(f: Forwards, g: Numbers, count: number, point: (index: number) => readonly Numbers[]): number[] {
  const size = point(0).reduce((sum, { data }) => sum + data.length, 1);
  const piece = Math.max(1, Math.floor(AT_ONCE / size));
  const values: number[] = [];
  for (let from = 0; from < count; from += piece) {
    const points = Array.from({ length: Math.min(piece, count - from) }, (_, i) => point(from + i));
    for (const { data } of f(points)) values.push(inner(data, g.data));
  }
  return values;
}

// (4 D(h/2) − D(h))/3,  D(h) = Σ g (f(x + h) − f(x − h))/2h
/** Jᵀg by the inputs at `which`, entry by entry. */
export function differences(
  f: Forwards,
  inputs: readonly Numbers[],
  which: readonly number[],
  g: Numbers,
  dtype: KernelType,
): Difference[] {
  const h = stepOf(dtype);
  const steps = [-h, h, -h / 2, h / 2];
  const [base] = alongAll(f, g, 1, () => inputs) as [number];
  return which.map((k) => {
    const x = inputs[k]!;
    const data = new Float64Array(x.data.length);
    const corners = new Map<number, readonly [number, number]>();
    const gaps: number[] = [];
    const sides: (readonly [wide: readonly [number, number], narrow: readonly [number, number]])[] = [];
    const moved = (index: number): Numbers => {
      const there = x.data.slice();
      there[Math.floor(index / steps.length)]! += steps[index % steps.length]!;
      return { data: there, shape: x.shape };
    };
    const values =
      data.length === 0
        ? []
        : alongAll(f, g, steps.length * data.length, (index) =>
            inputs.map((other, j) => (j === k ? moved(index) : other)),
          );
    for (let i = 0; i < data.length; i++) {
      const [below, above, nearBelow, nearAbove] = values.slice(steps.length * i, steps.length * (i + 1)) as [
        number,
        number,
        number,
        number,
      ];
      const wide = [(base - below) / h, (above - base) / h] as const;
      const narrow = [(base - nearBelow) / (h / 2), (nearAbove - base) / (h / 2)] as const;
      const [one, half] = [(wide[0] + wide[1]) / 2, (narrow[0] + narrow[1]) / 2];
      data[i] = dtype === "float64" ? (4 * half - one) / 3 : one;
      gaps.push(Math.abs(half - one));
      sides.push([wide, narrow]);
    }
    const scale = Math.max(largest(data), 1e-300);
    sides.forEach(([wide, narrow], i) => {
      // The sides of a smooth function come together as h shrinks; those of a corner do not.
      const apart = Math.abs(narrow[1] - narrow[0]);
      if (apart > 0.05 * scale && apart > 0.8 * Math.abs(wide[1] - wide[0]))
        corners.set(i, [Math.min(...narrow), Math.max(...narrow)]);
    });
    const smooth = gaps.filter((_, i) => !corners.has(i));
    return { value: { data, shape: x.shape }, allowed: ALLOWED * Math.max(0, ...smooth) + 1e-7 * scale, corners };
  });
}

// ⟨g, Jv⟩ = ⟨Jᵀg, v⟩
/** The relative gap of the adjoint identity along `v`, the least over a few steps: one may cross a corner. */
export function adjointGap(
  f: (inputs: readonly Numbers[]) => Numbers,
  inputs: readonly Numbers[],
  v: readonly (Numbers | null)[],
  g: Numbers,
  pulled: readonly (Numbers | null)[],
  dtype: KernelType,
): number {
  const products = pulled.flatMap((p, k) =>
    p === null || v[k] === null ? [] : Array.from(p.data, (x, i) => x * v[k]!.data[i]!),
  );
  const right = products.reduce((sum, x) => sum + x, 0);
  const scale = Math.max(
    products.reduce((sum, x) => sum + Math.abs(x), 0),
    1e-300,
  );
  let best = Infinity;
  for (let h = stepOf(dtype) / 4, tries = 0; tries < 6; h /= 2, tries++) {
    const at = (step: number): number =>
      inner(
        f(
          inputs.map((x, k) =>
            v[k] === null || v[k] === undefined
              ? x
              : { shape: x.shape, data: x.data.map((y, i) => y + step * v[k]!.data[i]!) },
          ),
        ).data,
        g.data,
      );
    const gap = Math.abs((at(h) - at(-h)) / (2 * h) - right) / scale;
    if (gap < best) best = gap;
  }
  return best;
}

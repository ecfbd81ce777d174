/**
 * How a kernel behaves apart from its numbers: upstream ignored, arguments written into, chance, memory laid out
 * otherwise.
 */

import { kernels } from "../../locales/kernels.ts";
import type { Words } from "../../locales/words.ts";
import type { Kind, OpDiagnosis } from "../report.ts";
import { wordsOf } from "../catalogue/catalogue.ts";
import { gapOf } from "../bounds/compare.ts";
import { call, type Call, type Input, type Kernel } from "./kernel.ts";
import { countOf, identical, largest, nested, positionOf, scaled, stridesOf, type Numbers } from "../bounds/numbers.ts";

const finding = (
  id: string,
  kind: Kind,
  of: readonly string[],
  says: Words,
  features: readonly Words[] = [],
): OpDiagnosis => ({
  id,
  kind,
  of,
  confidence: 1,
  yours: "",
  correct: "",
  says,
  alternatives: [],
  example: null,
  features,
});

const differing = (a: Call, b: Call, specs: readonly Input[]): readonly string[] =>
  specs
    .filter(({ differentiable }) => differentiable)
    .flatMap(({ name }, k) => {
      const [x, y] = [a.gradients[k] ?? null, b.gradients[k] ?? null];
      return x === null || y === null || identical(x, y) ? [] : [`d${name}`];
    });

/** Two calls with the same numbers give the same numbers; `null` where they do. */
export function chance(first: Call, again: Call, specs: readonly Input[]): OpDiagnosis | null {
  const forward = !identical(first.output, again.output);
  const of = differing(first, again, specs);
  if (!forward && of.length === 0) return null;
  const gaps = first.gradients.map((x, k) =>
    x === null || again.gradients[k] === null ? 0 : gapOf(x, again.gradients[k]!) / Math.max(largest(x.data), 1e-300),
  );
  const gap = Math.max(
    forward ? gapOf(first.output, again.output) / Math.max(largest(first.output.data), 1e-300) : 0,
    ...gaps,
  );
  return finding("E11", "other", forward ? ["forward", ...of] : of, kernels.notRepeatable, [
    kernels.callsDiffer({ gap: gap.toExponential(1) }),
  ]);
}

/** Nothing that was handed in is written into. */
export function mutation({ mutated }: Call): OpDiagnosis | null {
  if (mutated.length === 0) return null;
  const places = mutated.join(", ");
  return finding("E10", "other", [], kernels.argumentsWritten({ places }));
}

/** vjp(2g) = 2 vjp(g). Which gradients do not change with g at all, and which are not linear in it. */
export function linearity(
  kernel: Kernel,
  specs: readonly Input[],
  inputs: readonly Numbers[],
  g: Numbers,
  first: Call,
): { readonly ignored: readonly string[]; readonly bent: readonly string[] } {
  const doubled = call(kernel, specs, inputs, scaled(2, g));
  const [ignored, bent]: [string[], string[]] = [[], []];
  specs
    .filter(({ differentiable }) => differentiable)
    .forEach(({ name }, k) => {
      const [one, two] = [first.gradients[k] ?? null, doubled.gradients[k] ?? null];
      // What is 0 or NaN says nothing.
      if (one === null || two === null || !(largest(one.data) > 0)) return;
      if (identical(one, two)) ignored.push(name);
      else if (gapOf(two, scaled(2, one)) > 1e-2 * largest(two.data)) bent.push(name);
    });
  return { ignored, bent };
}

/** The upstream gradient is not used. */
export const ignoredUpstream = (names: readonly string[]): OpDiagnosis =>
  finding(
    "E9",
    "missing",
    names.map((name) => `d${name}`),
    wordsOf("E9"),
  );

/** The same numbers of the upstream gradient lying otherwise in memory, by layout. */
function dressings(
  kernel: Kernel,
  g: Numbers,
): readonly { readonly g: Numbers; readonly dress: (g: Numbers) => unknown; readonly says: string }[] {
  const layout = kernel.layout ?? "nested";
  const moved = (data: Float64Array): Float64Array => {
    const buffer = new Float64Array(data.length + 5).fill(7);
    buffer.set(data, 3);
    return buffer.subarray(3, 3 + data.length);
  };
  if (layout === "flat")
    return [{ g, says: "a view with an offset", dress: (x) => ({ data: moved(x.data), shape: [...x.shape] }) }];
  const rows = g.shape[0] ?? 1;
  const row = g.data.subarray(0, g.data.length / rows);
  const repeated: Numbers = { shape: g.shape, data: Float64Array.from(g.data, (_, i) => row[i % row.length]!) };
  if (layout === "nested") {
    if (g.shape.length < 2) return [];
    return [
      {
        g: repeated,
        says: "rows that are one array",
        dress: (x) => {
          const one = (nested(x) as unknown[])[0];
          return Array.from({ length: rows }, () => one);
        },
      },
    ];
  }
  if (g.shape.length < 2)
    return [
      {
        g,
        says: "a view with an offset",
        dress: (x) => ({ data: moved(x.data), shape: [...x.shape], strides: stridesOf(x.shape), offset: 0 }),
      },
    ];
  return [
    { g, says: "a transposed view", dress: transposedView },
    {
      g: repeated,
      says: "an expanded view",
      dress: (x) => ({
        data: x.data.slice(0, row.length),
        shape: [...x.shape],
        strides: [0, ...stridesOf(x.shape).slice(1)],
        offset: 0,
      }),
    },
  ];
}

/** The numbers in column-major order, with the strides that say so. */
function transposedView({ data, shape }: Numbers): unknown {
  const turned = stridesOf([...shape].reverse()).reverse();
  const out = new Float64Array(countOf(shape));
  data.forEach((x, index) => (out[positionOf(index, shape).reduce((at, i, axis) => at + i * turned[axis]!, 0)] = x));
  return { data: out, shape: [...shape], strides: turned, offset: 0 };
}

/** The result depends on the numbers of g, not on where they lie. */
export function memory(
  kernel: Kernel,
  specs: readonly Input[],
  inputs: readonly Numbers[],
  g: Numbers,
): OpDiagnosis | null {
  for (const { g: same, dress, says } of dressings(kernel, g)) {
    const [plain, other] = [call(kernel, specs, inputs, same), call(kernel, specs, inputs, same, dress)];
    const of = differing(plain, other, specs);
    if (of.length === 0) continue;
    return finding("E12", "other", of, kernels.inOnePiece({ way: says }));
  }
  return null;
}

/**
 * Recognizing the operation along a path as one of the families, by its value and its gradient; their mistakes are then
 * its guesses.
 */

import { kernelSlips } from "../../../locales/kernel-slips.ts";
import type { Tensor } from "@chainrule/autograd";
import { pull, type Family, type Settings } from "../../catalogue/families/family.ts";
import { families } from "../../catalogue/families/index.ts";
import { fromTensor, largest, map, sameShape, toTensor, type Numbers } from "../../bounds/numbers.ts";
import { agrees, asRows, multiple, shaped, type Guess, type Path } from "./path.ts";

/** A family with inputs that may be those of a path. */
interface Candidate {
  readonly family: Family;
  readonly inputs: readonly Numbers[];
  readonly settings: Settings;
  /** The input that the path starts at. */
  readonly of: number;
  readonly y: Numbers;
  readonly g: Numbers;
}

/** Returns what the family gives, or nothing where the numbers do not fit it. */
function attempt<R>(compute: () => R): R | null {
  try {
    return compute();
  } catch {
    return null;
  }
}

function fits({ family, inputs, settings, of, y, g }: Candidate, correct: Numbers): boolean {
  const tensors = inputs.map(toTensor);
  return (
    attempt(() => {
      if (!agrees(fromTensor(family.forward(tensors, settings)), y)) return false;
      const [back] = pull(
        ([x]) =>
          family.forward(
            tensors.map((other, k) => (k === of ? x! : other)),
            settings,
          ),
        [tensors[of]!],
        toTensor(g),
      );
      return agrees(shaped(fromTensor(back!), correct.shape), correct);
    }) ?? false
  );
}

/** The mistakes of the family, as values of the path. */
function guessesOf({ family, inputs, settings, of, g }: Candidate, { correct }: Path, yours: Numbers): Guess[] {
  const tensors = inputs.map(toTensor);
  const { name, shape } = { name: family.inputs[of]!.name, shape: inputs[of]!.shape };
  return family.slips
    .filter((slip) => slip.of === name && slip.loose !== true)
    .flatMap((slip): Guess[] => {
      const value = attempt(() => slip.value(tensors, toTensor(g), settings, toTensor(shaped(yours, shape))));
      if (value === null || !sameShape(value.shape, shape)) return [];
      return [
        {
          id: slip.id,
          kind: slip.kind,
          says: slip.says,
          yours: slip.yours,
          rule: family.formulas[name] ?? "",
          value: shaped(fromTensor(value), correct.shape),
        },
      ];
    });
}

const vector = (data: Float64Array): Numbers => ({ data, shape: [data.length] });

/** x̂ of a normalization: γ = 1, β = 0. */
function normalizedBy(family: Family, x: Numbers, settings: Settings): Numbers {
  const width = x.shape[1]!;
  const ones = vector(new Float64Array(width).fill(1));
  return fromTensor(
    family.forward([x, ones, vector(new Float64Array(width))].slice(0, family.inputs.length).map(toTensor), settings),
  );
}

/** γ and β of y = γ x̂ + β, column by column; β = 0 where the family has none. */
function affine(xhat: Numbers, y: Numbers, shifted: boolean): { readonly gamma: Numbers; readonly beta: Numbers } {
  const [rows, width] = xhat.shape as readonly [number, number];
  const [gamma, beta] = [new Float64Array(width), new Float64Array(width)];
  for (let j = 0; j < width; j++) {
    let [sx, sy, sxx, sxy] = [0, 0, 0, 0];
    for (let i = 0; i < rows; i++) {
      const [a, b] = [xhat.data[i * width + j]!, y.data[i * width + j]!];
      sx += a;
      sy += b;
      sxx += a * a;
      sxy += a * b;
    }
    gamma[j] = shifted ? (rows * sxy - sx * sy) / (rows * sxx - sx * sx) : sxy / sxx;
    beta[j] = shifted ? (sy - gamma[j]! * sx) / rows : 0;
  }
  return { gamma: vector(gamma), beta: vector(beta) };
}

/** Every reading of a path as a normalization, of its data, its γ or its β. */
function* normalizations({ x, y, g, named }: Path): Generator<Candidate> {
  const [rows, upstream] = [asRows(y), asRows(g)];
  if (rows === null || upstream === null || rows.shape[0]! < 2) return;
  const width = rows.shape[1]!;
  const data = sameShape(x.shape, y.shape);
  const vectorLike = x.data.length === width && !data;
  if (!data && !vectorLike) return;
  // Everything is the normalization of itself, γ and β being its own deviation and mean.
  const sources = data
    ? [x]
    : Object.values(named).filter((value) => sameShape(value.shape, y.shape) && !agrees(value, y));
  for (const family of [families.batchNorm, families.layerNorm, families.rmsNorm]) {
    if (family === families.batchNorm && y.shape.length !== 2) continue;
    for (const variant of [{}, ...family.variants.map(({ settings }) => settings), { eps: 0 }]) {
      const settings = { ...family.settings, ...variant };
      for (const source of sources) {
        const own = asRows(source)!;
        const xhat = attempt(() => normalizedBy(family, own, settings));
        if (xhat === null || xhat.data.some((v) => !Number.isFinite(v))) continue;
        // Through two points there is always a line.
        if (!data && new Set(xhat.data.filter((_, i) => i % width === 0)).size < 3) continue;
        const { gamma, beta } = affine(xhat, rows, family.inputs.length === 3);
        const inputs = [own, gamma, beta].slice(0, family.inputs.length);
        for (const of of data ? [0] : inputs.slice(1).map((_, k) => k + 1))
          yield { family, inputs, settings, of, y: rows, g: upstream };
      }
    }
  }
}

/** Functions of the entries, and the softmax of the rows. */
function* ofSameShape({ x, y, g }: Path): Generator<Candidate> {
  if (!sameShape(x.shape, y.shape)) return;
  const one = { inputs: [x], settings: {}, of: 0, y, g };
  yield { ...one, family: families.relu };
  yield { ...one, family: families.abs };
  const [low, high] = [Math.min(...y.data), Math.max(...y.data)];
  if (x.data.some((v) => v < low || v > high)) yield { ...one, family: families.clip, settings: { low, high } };
  const kept = map(y, (v) => (v === 0 ? 0 : 1));
  const c = multiple(
    y,
    map(x, (v, i) => v * kept.data[i]!),
  );
  if (c !== null && kept.data.includes(0))
    yield {
      ...one,
      family: families.dropout,
      inputs: [x, kept],
      settings: { p: c === 1 ? 0.5 : 1 - 1 / c, inverted: c !== 1 },
    };
  const rows = asRows(x);
  if (rows !== null)
    yield { ...one, family: families.softmax, inputs: [rows], y: shaped(y, rows.shape), g: shaped(g, rows.shape) };
}

/** One number for each row, and one for all of them. */
function* ofRows({ x, y, g, correct }: Path): Generator<Candidate> {
  const rows = asRows(x);
  if (rows === null) return;
  if (y.data.length === rows.shape[0])
    yield { family: families.logSumExp, inputs: [rows], settings: {}, of: 0, y: vector(y.data), g: vector(g.data) };
  if (y.data.length !== 1) return;
  // dx = g (p − t)/N holds the targets.
  const p = attempt(() => fromTensor(families.softmax.forward([toTensor(rows)], {})));
  for (const mean of [true, false]) {
    const t = map(rows, (_, i) =>
      Math.max(0, p!.data[i]! - (correct.data[i]! * (mean ? rows.shape[0]! : 1)) / g.data[0]!),
    );
    yield {
      family: families.softmaxLoss,
      inputs: [rows, t],
      settings: { mean },
      of: 0,
      y: { data: y.data, shape: [] },
      g: { data: g.data, shape: [] },
    };
  }
}

/** Rows of a table that were looked up; they may have been reshaped since. */
function* ofTable({ x, y, g }: Path): Generator<Candidate> {
  if (x.shape.length !== 2 || y.data.length % x.shape[1]! !== 0 || y.data.length === x.data.length) return;
  const width = x.shape[1]!;
  const ids = rowsIn(x, shaped(y, [y.data.length / width, width]));
  if (ids === null) return;
  const shape = [ids.length, width];
  yield {
    family: families.embedding,
    inputs: [x, vector(ids)],
    settings: {},
    of: 0,
    y: { data: y.data, shape },
    g: { data: g.data, shape },
  };
}

/** Functions of the entries, of the rows, and of a whole table. */
function* plain(path: Path): Generator<Candidate> {
  yield* ofSameShape(path);
  yield* ofRows(path);
  yield* ofTable(path);
}

/** Which row of a table each row is; `null` where one is none of them. */
function rowsIn(table: Numbers, rows: Numbers): Float64Array | null {
  const width = table.shape[1]!;
  const known = new Map(
    Array.from({ length: table.shape[0]! }, (_, k) => [table.data.subarray(k * width, (k + 1) * width).join(), k]),
  );
  const ids = Array.from({ length: rows.shape[0]! }, (_, n) =>
    known.get(rows.data.subarray(n * width, (n + 1) * width).join()),
  );
  return ids.every((id) => id !== undefined) ? Float64Array.from(ids) : null;
}

/** Attention in one step, of any of its three inputs, and convolution. */
function* together(path: Path): Generator<Candidate> {
  const { x, y, g, named } = path;
  const others = Object.values(named);
  if (x.shape.length === 2 && y.shape.length === 2) {
    const matrices = others.filter(({ shape }) => shape.length === 2);
    const places: readonly (readonly [number, (a: Numbers, b: Numbers) => readonly Numbers[]])[] = [
      [0, (k, v) => [x, k, v]],
      [1, (q, v) => [q, x, v]],
      [2, (q, k) => [q, k, x]],
    ];
    for (const [of, arrange] of places) {
      for (const a of matrices) {
        for (const b of matrices) {
          const inputs = arrange(a, b);
          const [q, k, v] = inputs as readonly [Numbers, Numbers, Numbers];
          if (
            q.shape[1] !== k.shape[1] ||
            k.shape[0] !== v.shape[0] ||
            q.shape[0] !== y.shape[0] ||
            v.shape[1] !== y.shape[1] ||
            q === k ||
            k === v ||
            q === v
          )
            continue;
          for (const causal of [false, true])
            yield { family: families.attention, inputs, settings: { causal }, of, y, g };
        }
      }
    }
  }
  if (y.shape.length === 4)
    yield* convolutions(
      path,
      others.filter(({ shape }) => shape.length === 4),
    );
}

function* convolutions({ x, y, g }: Path, images: readonly Numbers[]): Generator<Candidate> {
  const zero = vector(new Float64Array(y.shape[1]!));
  const pairs = images
    .flatMap(
      (other) =>
        [
          [x, other, 0],
          [other, x, 1],
        ] as const,
    )
    .filter(
      ([image, w]) => image.shape[1] === w.shape[1] && w.shape[0] === y.shape[1] && image.shape[0] === y.shape[0],
    );
  for (const [image, w, of] of pairs) {
    for (const stride of [1, 2, 3]) {
      for (let pad = 0; pad < w.shape[2]!; pad++) {
        const settings = { stride, pad, layout: "nchw" };
        const bare = attempt(() => fromTensor(families.conv2d.forward([image, w, zero].map(toTensor), settings)));
        if (bare === null || !sameShape(bare.shape, y.shape)) continue;
        const plane = y.shape[2]! * y.shape[3]!;
        const bias = vector(
          Float64Array.from({ length: y.shape[1]! }, (_, c) => y.data[c * plane]! - bare.data[c * plane]!),
        );
        yield { family: families.conv2d, inputs: [image, w, bias], settings, of, y, g };
      }
    }
  }
}

/** The softmax of scores with a mask: what is masked is 0. */
function masked({ x, y, g, correct }: Path): Guess[] {
  const rows = asRows(x);
  if (rows === null || !sameShape(x.shape, y.shape) || !y.data.includes(0)) return [];
  const hidden = map(rows, (v, i) => (y.data[i] === 0 ? -1e9 : v));
  const candidate: Candidate = {
    family: families.softmax,
    inputs: [hidden],
    settings: {},
    of: 0,
    y: shaped(y, rows.shape),
    g: shaped(g, rows.shape),
  };
  if (!fits(candidate, correct)) return [];
  const jacobian = (p: Tensor, dp: Tensor): Tensor => p.mul(dp.sub(p.mul(dp).sum(1, { keepDims: true }))) as Tensor;
  const unmasked = fromTensor(jacobian(families.softmax.forward([toTensor(rows)], {}), toTensor(candidate.g)));
  return [
    ...guessesOf(candidate, { correct } as Path, correct),
    {
      id: "H4",
      kind: "missing",
      yours: "the rule with P computed again without the mask",
      rule: families.softmax.formulas.x!,
      value: shaped(unmasked, correct.shape),
      says: kernelSlips.maskLost,
    },
  ];
}

/** The mistakes of whatever family the path is recognized as. */
export function familyGuesses(path: Path, yours: Numbers): Guess[] {
  if (largest(path.correct.data) === 0) return [];
  for (const candidates of [plain(path), normalizations(path), together(path)]) {
    for (const candidate of candidates) {
      if (candidate.y.data.length > 0 && fits(candidate, path.correct)) return guessesOf(candidate, path, yours);
    }
  }
  return masked(path);
}

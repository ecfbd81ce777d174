/** C: what goes wrong in BP3, ∂C/∂b^l = (1/N) Σ_n δ^l_n. */

import { networkSlips } from "../../locales/network-slips.ts";
import { bp3, bp4 } from "../claims/local.ts";
import { slopeOf } from "../claims/sigma.ts";
import { deltaName, gradWName, meanText, raised } from "../claims/text.ts";
import { exact, repeat, row, type Tracked } from "../bounds/tracked.ts";
import { byOutputs, bySamples, isMidst, ones, sampleOrder, type Mistake, type Scene, type Whole } from "./mistake.ts";

const isTied = ({ setting: { problem } }: Scene): boolean => problem.tiedBiases === true;
const unitsOf = ({ setting: { problem }, layer }: Scene): number => problem.sizes[layer]!;
const insert = (term: string): Whole["edit"] & object => ({ kind: "insert", term });

/** The right gradient. */
const right = ({ setting, delta }: Scene): Tracked => bp3(setting, delta!);

/** One sample alone, with and without its 1/N; a loop that overwrites ends with the last. */
function oneSample(scene: Scene): Whole[] {
  const {
    setting: { by, samples },
    layer,
    delta,
  } = scene;
  const of = (n: number): Tracked =>
    isTied(scene) ? by.matmul(row(delta!, n), ones(unitsOf(scene), 1)) : row(delta!, n);
  if (samples === 1) return [];
  return sampleOrder(samples).flatMap((n) =>
    [1, 1 / samples].map((c): Whole => ({
      key: `sample ${n === samples - 1 ? "last" : n} ${c === 1 ? "" : "/N"}`,
      text: `${c === 1 ? "" : "(1/N) "}${deltaName(layer)} of sample ${n + 1} alone`,
      edit: insert("Σₙ"),
      unasked: isMidst(n, samples),
      value: () => by.scale(of(n), c),
    })),
  );
}

/** The sum over the units as well. */
function overUnits(scene: Scene): Whole[] {
  const { setting, layer } = scene;
  const units = unitsOf(scene);
  if (units === 1 || isTied(scene)) return [];
  // Biases that are all the same may be one bias.
  const biases = setting.b[layer]!.value;
  const tied = biases.every((bias) => bias === biases[0]) ? { says: networkSlips.tiedBiasesOrNot } : {};
  const add = (key: string, text: string, cols: number, c: number): Whole => ({
    key,
    text: `${meanText(setting)}${text}`,
    edit: { kind: "delete", term: "Σⱼ" },
    value: () => setting.by.scale(setting.by.matmul(right(scene), ones(units, cols)), c),
    ...tied,
  });
  const d = deltaName(layer);
  return [
    add("features", `Σⱼ ${d}_j for every unit`, units, 1),
    add("features mean", `(1/d) Σⱼ ${d}_j for every unit`, units, 1 / units),
    add("scalar", `Σⱼ ${d}_j, one number`, 1, 1),
    add("scalar mean", `(1/d) Σⱼ ${d}_j, one number`, 1, 1 / units),
  ];
}

/** The weight decay of a bias. */
function decayed(scene: Scene): Whole[] {
  const {
    setting: { by, b, decay, lambda, samples },
    setting,
    layer,
  } = scene;
  if (decay === null || lambda === 0) return [];
  const bias = isTied(scene) ? { ...b[layer]!, cols: 1, value: b[layer]!.value.slice(0, 1) } : b[layer]!;
  return (
    [
      ["", decay, "(λ/n)"],
      ["lambda", decay * samples, "λ"],
    ] as const
  )
    .slice(0, samples > 1 ? 2 : 1)
    .map(([key, c, factor]): Whole => ({
      key: `decay ${key}`,
      text: `${meanText(setting)}${deltaName(layer)} + ${factor} b${raised(layer)}`,
      edit: { kind: "delete", term: `(λ/n) b${raised(layer)}` },
      value: () => by.add(right(scene), by.scale(bias, c)),
    }));
}

/** δ times something else. */
function multiplied({ setting, layer: l, delta }: Scene): Whole[] {
  const {
    by,
    b,
    v,
    u,
    samples,
    problem: { sizes, activations },
  } = setting;
  const d = deltaName(l);
  const activation = activations[l - 1]!;
  const times = (key: string, by_: string, factor: () => Tracked): Whole => ({
    key,
    text: `${meanText(setting)}${d} ⊙ ${by_}`,
    edit: { kind: "delete", term: `⊙ ${by_}` },
    value: () => bp3(setting, by.mul(delta!, factor())),
  });
  return [
    times("b", `b${raised(l)}`, () => repeat(b[l]!, samples)),
    times("v", `v${raised(l)}`, () => v[l]!),
    ...(sizes[l - 1] === sizes[l] ? [times("v below", `v${raised(l - 1)}`, () => v[l - 1]!)] : []),
    ...(activation === "softmax" || activation === "linear"
      ? []
      : [
          times("slope", `σ'(u${raised(l)})`, () => slopeOf(by, activation, u[l]!)),
          {
            key: "error",
            text: `${meanText(setting)}∂C/∂v${raised(l)}`,
            edit: insert(`⊙ σ'(u${raised(l)})`),
            value: (): Tracked => bp3(setting, by.div(delta!, slopeOf(by, activation, u[l]!))),
          },
        ]),
  ];
}

/** One bias for all units of a layer, treated as one for each. */
function perUnit(scene: Scene): Whole[] {
  const {
    setting: { by, samples },
    layer,
    delta,
  } = scene;
  if (!isTied(scene) || unitsOf(scene) === 1) return [];
  const d = `${meanText(scene.setting)}${deltaName(layer)}`;
  const means = (): Tracked => by.scale(by.columnSums(delta!), 1 / samples);
  const make = (key: string, text: string, value: () => Tracked): Whole => ({ key, text, edit: insert("Σⱼ"), value });
  const cols = delta!.cols;
  return [
    make("per unit", `${d}, one for each unit`, means),
    make("mean", `(1/d) Σⱼ ${d}_j, their mean`, () =>
      by.matmul(means(), exact(cols, 1, new Float64Array(cols).fill(1 / cols))),
    ),
    ...Array.from({ length: Math.min(cols, 16) }, (_, j) =>
      make(`unit ${j}`, `${d}_j of unit ${j + 1} alone`, () =>
        by.matmul(
          means(),
          exact(
            cols,
            1,
            Float64Array.from({ length: cols }, (__, k) => Number(k === j)),
          ),
        ),
      ),
    ),
  ];
}

/** The sums, or means, of the gradient of W along its rows, or its columns. */
function sumsOfWeights(scene: Scene): Whole[] {
  const {
    setting: {
      by,
      problem: { sizes },
    },
    layer: l,
    delta,
    setting,
  } = scene;
  const [width, below] = [sizes[l]!, sizes[l - 1]!];
  const gradient = (): Tracked => bp4(setting, l, delta!);
  const edit = { kind: "replace", term: `Σ ${gradWName(l)} → ${meanText(setting)}${deltaName(l)}` } as const;
  const rows = (c: number) => (): Tracked => by.scale(by.matmul(ones(1, below), gradient(), false, true), c);
  if (isTied(scene) || below === 1) return [];
  return [
    { key: "rows", text: `Σₖ ${gradWName(l)}_jk, its sums along the rows`, edit, value: rows(1) },
    { key: "rows mean", text: `the means of ${gradWName(l)} along the rows`, edit, value: rows(1 / below) },
    ...(width === below
      ? [
          {
            key: "columns",
            text: `Σⱼ ${gradWName(l)}_jk, its sums along the columns`,
            edit,
            value: (): Tracked => by.columnSums(gradient()),
          },
        ]
      : []),
  ];
}

/** The mistakes of the bias. */
export const biases: readonly Mistake[] = [
  {
    id: "C8",
    rules: ["BP3"],
    short: "one bias for a layer, treated as many",
    says: networkSlips.C8,
    whole: perUnit,
  },
  {
    id: "C1",
    rules: ["BP3"],
    short: "sum or mean",
    typical: [{ several: true }],
    says: networkSlips.C1,
    factor: (scene) => bySamples(scene, "N", "1/N"),
  },
  {
    id: "C9",
    rules: ["BP3"],
    short: "a constant",
    typical: [{}],
    says: networkSlips.C9,
    factor: (scene) => [
      { key: "-1", c: -1 },
      { key: "2", c: 2 },
      { key: "1/2", c: 0.5 },
      { key: "4", c: 4 },
      { key: "1/4", c: 0.25 },
      { key: "3", c: 3 },
      ...byOutputs(scene),
    ],
  },
  {
    id: "C5",
    rules: ["BP3"],
    short: "forgotten",
    typical: [{}],
    says: networkSlips.C5,
    whole: (scene) => {
      const width = isTied(scene) ? 1 : unitsOf(scene);
      return [
        {
          key: "zero",
          text: "0",
          edit: { kind: "replace", term: `0 → ${meanText(scene.setting)}${deltaName(scene.layer)}` },
          value: () => exact(1, width, new Float64Array(width)),
        },
      ];
    },
  },
  {
    id: "C2",
    rules: ["BP3"],
    short: "one sample",
    typical: [{ several: true }],
    says: networkSlips.C2,
    whole: oneSample,
  },
  {
    id: "C4",
    rules: ["BP3"],
    short: "not summed",
    typical: [{ several: true }],
    says: networkSlips.C4,
    whole: ({ setting: { by, samples }, layer, delta }) =>
      samples === 1
        ? []
        : (
            [
              ["rows", "", 1],
              ["rows/N", "(1/N) ", 1 / samples],
            ] as const
          ).map(([key, before, c]) => ({
            key,
            text: `${before}${deltaName(layer)}, one row for each sample`,
            edit: insert("Σₙ"),
            value: () => by.scale(delta!, c),
          })),
  },
  {
    id: "C3",
    rules: ["BP3"],
    short: "summed over the units",
    typical: [{}],
    says: networkSlips.C3,
    whole: overUnits,
  },
  {
    id: "C6",
    rules: ["BP3"],
    short: "regularized",
    typical: [{}],
    says: networkSlips.C6,
    whole: decayed,
  },
  {
    id: "C7",
    rules: ["BP3"],
    short: "a further factor",
    says: networkSlips.C7,
    whole: multiplied,
  },
  {
    id: "C10",
    rules: ["BP3"],
    short: "sums of ∂C/∂W",
    says: networkSlips.C10,
    whole: sumsOfWeights,
  },
];

/** D: what goes wrong in BP4, ∂C/∂W^l = (1/N) Σ_n δ^l_n (v^{l-1}_n)ᵀ. */

import { networkSlips } from "../../locales/network-slips.ts";
import { bp4 } from "../claims/local.ts";
import { costSlope } from "../claims/setting.ts";
import { hasSlope, slopeOf } from "../claims/sigma.ts";
import { deltaName, meanText, raised, vName } from "../claims/text.ts";
import { exact, row, transpose, type Tracked } from "../bounds/tracked.ts";
import { errorOfLayer } from "./error-of-layer.ts";
import {
  byOutputs,
  bySamples,
  isMidst,
  sampleOrder,
  type Mistake,
  type Part,
  type Scene,
  type Whole,
} from "./mistake.ts";

/** The right product, without regularization. */
export const data = ({ setting, layer, delta }: Scene): Tracked => bp4(setting, layer, delta!);

/** (1/N) Σₙ δ vᵀ in words. */
export const outerText = ({ setting, layer }: Scene): string =>
  `${meanText(setting)}${deltaName(layer)} (${vName(layer - 1)})ᵀ`;

/** Another outer product in its place. */
function outer(scene: Scene, key: string, text: string, left: () => Tracked, right: () => Tracked): Part {
  const { setting } = scene;
  return {
    key,
    text: `${meanText(setting)}${text}`,
    edit: { kind: "replace", term: `${text} → ${outerText(scene)}` },
    value: () => setting.by.scale(setting.by.matmul(left(), right(), true), 1 / setting.samples),
  };
}

/** ∂C/∂v in the place of δ: by what lies above, or by division, which is the same mistake with more left open. */
function errorForDelta(scene: Scene): Part[] {
  const { setting, layer: l, delta, above } = scene;
  const { by, u, v, W, problem } = setting;
  const activation = problem.activations[l - 1]!;
  if (activation === "linear") return [];
  const text = `∂C/∂v${raised(l)} (${vName(l - 1)})ᵀ`;
  return [
    outer(
      scene,
      "error",
      text,
      () => errorOfLayer(setting, l, delta!, () => (above === null ? costSlope(setting) : by.matmul(above, W[l + 1]!))),
      () => v[l - 1]!,
    ),
    ...(activation === "softmax" || !hasSlope(activation)
      ? []
      : [
          {
            ...outer(
              scene,
              "d/s",
              text,
              () => by.div(delta!, slopeOf(by, activation, u[l]!)),
              () => v[l - 1]!,
            ),
            unasked: true,
          },
        ]),
  ];
}

function oneSample({ setting: { by, samples, v }, layer: l, delta }: Scene): Whole[] {
  if (samples === 1) return [];
  return sampleOrder(samples).flatMap((n) =>
    [1, 1 / samples].map((c): Whole => ({
      key: `sample ${n === samples - 1 ? "last" : n}${c === 1 ? "" : " /N"}`,
      text: `${c === 1 ? "" : "(1/N) "}${deltaName(l)} (${vName(l - 1)})ᵀ of sample ${n + 1} alone`,
      edit: { kind: "insert", term: "Σₙ" },
      unasked: isMidst(n, samples),
      value: () => by.scale(by.matmul(row(delta!, n), row(v[l - 1]!, n), true), c),
    })),
  );
}

function ofMeans({ setting: { by, samples, v }, layer: l, delta }: Scene): Whole[] {
  if (samples === 1) return [];
  return (
    [
      ["", "", 1],
      ["N", "N·", samples],
      ["1/N", "(1/N) ", 1 / samples],
      ["N²", "N²·", samples ** 2],
    ] as const
  ).map(([key, before, c]): Whole => ({
    key: `means ${key}`,
    text: `${before}mean(${deltaName(l)}) mean(${vName(l - 1)})ᵀ`,
    edit: { kind: "replace", term: "mean · mean → mean of the products" },
    value: () => by.scale(by.matmul(by.columnSums(delta!), by.columnSums(v[l - 1]!), true), c / samples ** 2),
  }));
}

/** Read out by columns and filled in by rows, or read out by rows and filled in by columns. */
function reordered(scene: Scene): Whole[] {
  const { rows, cols } = scene.setting.W[scene.layer]!;
  const edit = { kind: "replace", term: "reshape → transpose" } as const;
  if (rows === 1 || cols === 1) return [];
  return [
    {
      key: "reshape",
      text: `reshape(${outerText(scene)}), read by columns`,
      edit,
      value: () => ({ ...transpose(data(scene)), rows, cols }),
    },
    {
      key: "refill",
      text: `reshape(${outerText(scene)}), filled by columns`,
      edit,
      value: () => transpose({ ...data(scene), rows: cols, cols: rows }),
    },
  ];
}

/** The mistakes of the weights. */
export const weights: readonly Mistake[] = [
  {
    id: "D7",
    rules: ["BP4"],
    short: "sum or mean",
    typical: [
      { key: "weights|N", several: true },
      { key: "weights|1/N", several: true },
    ],
    says: networkSlips.D7,
    factor: (scene) => bySamples(scene, "N", "1/N"),
  },
  {
    id: "D10",
    rules: ["BP4"],
    short: "sign",
    typical: [{}],
    says: networkSlips.D10,
    factor: () => [{ key: "-1", c: -1 }],
  },
  {
    id: "D8",
    rules: ["BP4"],
    short: "a constant",
    typical: [{}],
    says: networkSlips.D8,
    factor: (scene) => [...[2, 0.5, 4, 0.25, 3].map((c) => ({ key: String(c), c })), ...byOutputs(scene)],
    whole: (scene) => {
      const { rows, cols } = scene.setting.W[scene.layer]!;
      return [
        {
          key: "zero",
          text: "0",
          edit: { kind: "replace", term: `0 → ${outerText(scene)}` },
          value: () => exact(rows, cols, new Float64Array(rows * cols)),
        },
      ];
    },
  },
  {
    id: "D1",
    rules: ["BP4"],
    short: "transposed",
    typical: [{}],
    says: networkSlips.D1,
    formula: (scene) => {
      const text = `${vName(scene.layer - 1)} (${deltaName(scene.layer)})ᵀ`;
      return [
        {
          key: "transpose",
          text: `${meanText(scene.setting)}${text}`,
          edit: { kind: "replace", term: `${text} → ${outerText(scene)}` },
          value: () => transpose(data(scene)),
        },
      ];
    },
  },
  {
    id: "D2",
    rules: ["BP4"],
    short: "its own v",
    typical: [{}],
    says: networkSlips.D2,
    formula: (scene) => {
      const {
        setting: {
          problem: { sizes },
          v,
        },
        layer: l,
        delta,
      } = scene;
      return sizes[l] === sizes[l - 1]
        ? [
            outer(
              scene,
              "own v",
              `${deltaName(l)} (${vName(l)})ᵀ`,
              () => delta!,
              () => v[l]!,
            ),
          ]
        : [];
    },
  },
  {
    id: "D3",
    rules: ["BP4"],
    short: "u for v",
    typical: [{}],
    says: networkSlips.D3,
    formula: (scene) => {
      const {
        setting: {
          problem: { activations },
          u,
        },
        layer: l,
        delta,
      } = scene;
      return l > 1 && activations[l - 2] !== "linear"
        ? [
            outer(
              scene,
              "u",
              `${deltaName(l)} (u${raised(l - 1)})ᵀ`,
              () => delta!,
              () => u[l - 1]!,
            ),
          ]
        : [];
    },
  },
  {
    id: "D4",
    rules: ["BP4"],
    short: "σ′ missing",
    typical: [{}],
    says: networkSlips.D4,
    formula: errorForDelta,
  },
  {
    id: "D9",
    rules: ["BP4"],
    short: "δ of the layer above",
    typical: [{}],
    says: networkSlips.D9,
    formula: (scene) => {
      const {
        setting: { v },
        layer: l,
        delta,
        above,
      } = scene;
      return above !== null && above.cols === delta!.cols
        ? [
            outer(
              scene,
              "above",
              `${deltaName(l + 1)} (${vName(l - 1)})ᵀ`,
              () => above,
              () => v[l - 1]!,
            ),
          ]
        : [];
    },
  },
  {
    id: "D5",
    rules: ["BP4"],
    short: "one sample",
    typical: [{ several: true }],
    says: networkSlips.D5,
    whole: oneSample,
  },
  {
    id: "D6",
    rules: ["BP4"],
    short: "product of means",
    typical: [{ several: true }],
    says: networkSlips.D6,
    whole: ofMeans,
  },
  {
    id: "D11",
    rules: ["BP4"],
    short: "rows read as columns",
    says: networkSlips.D11,
    whole: reordered,
  },
];

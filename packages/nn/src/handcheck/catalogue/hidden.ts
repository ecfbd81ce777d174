/** B: what goes wrong in BP2, δ^l = ((W^{l+1})ᵀ δ^{l+1}) ⊙ σ'(u^l), beside the gate. */

import { networkSlips } from "../../locales/network-slips.ts";
import { costOf } from "../../network/cost.ts";
import { bp2, bp4 } from "../claims/local.ts";
import { costSlope, throughActivation } from "../claims/setting.ts";
import { hasSlope, slopeOf } from "../claims/sigma.ts";
import { deltaName, raised, wName } from "../claims/text.ts";
import { exact, sameShape, type Tracked } from "../bounds/tracked.ts";
import { errorOfLayer } from "./error-of-layer.ts";
import { byOutputs, bySamples, isMidst, type Mistake, type Part, type Scene, type Whole } from "./mistake.ts";

/** (W^{l+1})ᵀ δ^{l+1}, in words and in numbers. */
export const sentBack = ({ setting: { by, W }, layer: l, above }: Scene): Part => ({
  key: "W'd",
  text: `(${wName(l + 1)})ᵀ ${deltaName(l + 1)}`,
  value: () => by.matmul(above!, W[l + 1]!),
});

/**
 * σ' of the layer above is lost before Wᵀ: ∂C/∂v^{l+1} by the cost, by what lies above it, or by division, which is the
 * same mistake with more left open.
 */
function errorSentBack({ setting, layer: l, above: delta, further }: Scene): Part[] {
  const {
    by,
    W,
    problem: { activations, cost },
  } = setting;
  const above = activations[l]!;
  if (above === "linear") return [];
  const through = (error: Tracked): Tracked => by.matmul(error, W[l + 1]!);
  const own = (error: () => Tracked): Tracked => through(errorOfLayer(setting, l + 1, delta!, error));
  const text = `(${wName(l + 1)})ᵀ ∂C/∂v${raised(l + 1)}`;
  const higher = W[l + 2];
  const found: Part[] = [];
  if (l + 1 === setting.last) {
    found.push({ key: "W'e", text, value: () => own(() => costSlope(setting)) });
    if (costOf(cost).record.squares === undefined)
      found.push({
        key: "W'(v-t)",
        text: `(${wName(l + 1)})ᵀ (v${raised(l + 1)} − t)`,
        value: () => through(by.sub(setting.v[l + 1]!, setting.t)),
      });
  } else if (further !== null && higher !== undefined)
    found.push({ key: "W'e", text, value: () => own(() => by.matmul(further, higher)) });
  if (above !== "softmax" && hasSlope(above))
    found.push({
      key: "W'(d/s)",
      text,
      unasked: true,
      value: () => through(by.div(delta!, slopeOf(by, above, setting.u[l + 1]!))),
    });
  return found;
}

/** One unit above in the place of all. */
function oneUnit({ setting: { by, W, samples }, layer: l, above }: Scene): Part[] {
  const width = above!.cols;
  const chosen = width <= 16 ? Array.from({ length: width }, (_, k) => k) : [0, width - 1];
  if (width === 1) return [];
  return chosen.map((k) => {
    const mask = new Float64Array(samples * width);
    for (let n = 0; n < samples; n++) mask[n * width + k] = 1;
    return {
      key: k === width - 1 ? "last" : `only ${k}`,
      text: `δ${raised(l + 1)}_k w${raised(l + 1)}_kj with k = ${k + 1} alone`,
      unasked: isMidst(k, width),
      value: () => by.matmul(by.mul(above!, exact(samples, width, mask)), W[l + 1]!),
    };
  });
}

/** The weights after the step: given, or from the person's own gradient with η known or fitted. */
function updated({ setting, layer: l, above, gradW, observed }: Scene): Whole[] {
  const { by, W, nextW, eta, samples } = setting;
  const delta = above!;
  const found: Whole[] = [];
  const [w, d] = [wName(l + 1), deltaName(l + 1)];
  const make = (key: string, weights: () => Tracked): Whole => ({
    key,
    text: `((new ${w})ᵀ ${d}) ⊙ σ'(u${raised(l)})`,
    edit: { kind: "replace", term: `new ${w} → ${w}` },
    value: () => throughActivation(setting, l, by.matmul(delta, weights())),
  });
  const given = nextW[l + 1];
  if (given !== undefined && sameShape(given, W[l + 1]!)) found.push(make("next", () => given));
  const slope = gradW ?? bp4(setting, l + 1, delta);
  if (eta !== null) {
    for (const [key, rate] of [
      ["eta", eta],
      ["eta N", eta * samples],
      ["eta/N", eta / samples],
    ] as const) {
      if (key === "eta" || samples > 1) found.push(make(key, () => by.sub(W[l + 1]!, by.scale(slope, rate))));
    }
  }
  if (observed !== null && observed.value.length >= 4) {
    // With η unknown: observed = correct − η · (gᵀδ) ⊙ σ', one number for all entries.
    const shift = throughActivation(setting, l, by.matmul(delta, slope)).value;
    const correct = bp2(setting, l, delta).value;
    let [top, bottom] = [0, 0];
    for (let i = 0; i < shift.length; i++) {
      top += (correct[i]! - observed.value[i]!) * shift[i]!;
      bottom += shift[i]! ** 2;
    }
    const rate = top / bottom;
    if (rate > 0 && Number.isFinite(rate))
      found.push(make("fitted eta", () => by.sub(W[l + 1]!, by.scale(slope, rate))));
  }
  return found;
}

/** The error cut at 0 where the input should decide. */
function clipped(scene: Scene): Whole[] {
  const { setting, layer: l } = scene;
  const { text, value } = sentBack(scene);
  const cut = (): Tracked =>
    setting.by.map(
      value(),
      (x) => Math.max(0, x),
      (x) => (x > 0 ? 1 : 0),
    );
  return [
    {
      key: "clip",
      text: `max(0, ${text})`,
      edit: { kind: "replace", term: `max(0, ·) → ⊙ σ'(u${raised(l)})` },
      value: cut,
    },
    {
      key: "clip gated",
      text: `max(0, ${text}) ⊙ σ'(u${raised(l)})`,
      edit: { kind: "delete", term: "max(0, ·)" },
      value: () => throughActivation(setting, l, cut()),
    },
  ];
}

/** The mistakes of the error that is sent back. */
export const hidden: readonly Mistake[] = [
  {
    id: "B2",
    rules: ["BP2"],
    short: "W not transposed",
    typical: [{}],
    says: networkSlips.B2,
    base: ({
      setting: {
        by,
        W,
        problem: { sizes },
      },
      layer: l,
      above,
    }) =>
      above!.cols === sizes[l]
        ? [
            {
              key: "Wd",
              text: `${wName(l + 1)} ${deltaName(l + 1)}`,
              value: () => by.matmul(above!, W[l + 1]!, false, true),
            },
          ]
        : [],
  },
  {
    id: "B22",
    rules: ["BP2"],
    short: "W left out",
    says: networkSlips.B22,
    base: ({
      setting: {
        problem: { sizes },
      },
      layer: l,
      above,
    }) => (above!.cols === sizes[l] ? [{ key: "d", text: deltaName(l + 1), value: () => above! }] : []),
  },
  {
    id: "B3",
    rules: ["BP2"],
    short: "W of the wrong layer",
    typical: [{}],
    says: networkSlips.B3,
    base: ({
      setting: {
        by,
        W,
        problem: { sizes },
      },
      layer: l,
      above,
    }) => {
      const [units, width, higher, d] = [sizes[l]!, above!.cols, W[l + 2], deltaName(l + 1)];
      return [
        ...(width === units && sizes[l - 1] === units
          ? [{ key: "lower W'd", text: `(${wName(l)})ᵀ ${d}`, value: () => by.matmul(above!, W[l]!) }]
          : []),
        ...(higher !== undefined && higher.rows === width && higher.cols === units
          ? [{ key: "upper W'd", text: `(${wName(l + 2)})ᵀ ${d}`, value: () => by.matmul(above!, higher) }]
          : []),
      ];
    },
  },
  {
    id: "B4",
    rules: ["BP2"],
    short: "W of the layer itself, not transposed",
    typical: [{}],
    says: networkSlips.B4,
    base: ({
      setting: {
        by,
        W,
        problem: { sizes },
      },
      layer: l,
      above,
    }) =>
      sizes[l - 1] === above!.cols
        ? [
            {
              key: "lower Wd",
              text: `${wName(l)} ${deltaName(l + 1)}`,
              value: () => by.matmul(above!, W[l]!, false, true),
            },
          ]
        : [],
  },
  {
    id: "B15",
    rules: ["BP2"],
    short: "δ of the wrong layer",
    typical: [{}],
    says: networkSlips.B15,
    base: ({
      setting: {
        by,
        W,
        problem: { sizes },
      },
      layer: l,
      above,
      further,
    }) => {
      const [higher, dd] = [W[l + 2], deltaName(l + 2)];
      if (further === null) return [];
      return [
        ...(further.cols === above!.cols
          ? [{ key: "W'dd", text: `(${wName(l + 1)})ᵀ ${dd}`, value: () => by.matmul(further, W[l + 1]!) }]
          : []),
        ...(higher !== undefined && higher.cols === sizes[l]
          ? [{ key: "skip", text: `(${wName(l + 2)})ᵀ ${dd}`, value: () => by.matmul(further, higher) }]
          : []),
      ];
    },
  },
  {
    id: "B6",
    rules: ["BP2"],
    short: "error in place of δ",
    typical: [{}],
    says: networkSlips.B6,
    base: errorSentBack,
  },
  {
    // New weights differ from the old ones by less than most digits show.
    id: "B7",
    rules: ["BP2"],
    short: "updated weights",
    typical: [{}],
    unasked: true,
    says: networkSlips.B7,
    whole: updated,
  },
  {
    id: "B8",
    rules: ["BP2"],
    short: "one unit of the sum",
    typical: [{}],
    says: networkSlips.B8,
    base: oneUnit,
  },
  {
    id: "B12",
    rules: ["BP2"],
    short: "the gradient cut at 0",
    typical: [{}],
    says: networkSlips.B12,
    whole: clipped,
  },
  {
    id: "B14",
    rules: ["BP2"],
    short: "sign",
    typical: [{}],
    says: networkSlips.B14,
    factor: () => [{ key: "-1", c: -1 }],
  },
  {
    id: "B13",
    rules: ["BP2"],
    short: "1/N again",
    typical: [{ several: true }],
    says: networkSlips.B13,
    factor: (scene) => bySamples(scene, "1/N"),
  },
  {
    id: "B21",
    rules: ["BP2"],
    short: "another constant",
    says: networkSlips.B21,
    factor: (scene) => [...bySamples(scene, "N"), { key: "2", c: 2 }, { key: "1/2", c: 0.5 }, ...byOutputs(scene)],
  },
];

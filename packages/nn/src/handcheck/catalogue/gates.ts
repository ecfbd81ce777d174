/** Says what stands, wrongly, where σ'(u^l) should: at the output and in hidden layers alike. */

import { networkSlips } from "../../locales/network-slips.ts";
import { neuronOf, type ActivationName, type ElementwiseName } from "../../network/activation.ts";
import { ownSlope } from "../claims/setting.ts";
import { slopeOf } from "../claims/sigma.ts";
import { raised, slopeText } from "../claims/text.ts";
import type { Tracked } from "../bounds/tracked.ts";
import { atLayer, oneMinus, ones, type Mistake, type Part, type Scene } from "./mistake.ts";
import { diagonal, difference, isOfClasses, isProbability, isSettled, uncancelled } from "./output.ts";

const activationOf = ({ setting, layer }: Scene): ActivationName => setting.problem.activations[layer - 1]!;

/** σ'(u^l); `null` for a softmax, which has none that goes entry by entry. */
export function ownGate(scene: Scene): Part | null {
  const { setting, layer } = scene;
  const activation = activationOf(scene);
  if (activation === "softmax") return null;
  const { input, un } = atLayer(scene);
  // A linear layer has σ' = 1, which nobody writes.
  return {
    text: activation === "linear" ? "" : slopeText(un),
    value: () => (setting.rounded ? ownSlope(setting, layer, activation) : slopeOf(setting.by, activation, input)),
  };
}

const curved = (scene: Scene): boolean => !["softmax", "linear"].includes(activationOf(scene));

/** No gate at all. */
const none = (scene: Scene): Part[] =>
  activationOf(scene) === "linear"
    ? []
    : [{ text: "", value: () => ones(atLayer(scene).input.rows, atLayer(scene).input.cols) }];

/** Slopes of other activations than the layer's own; what a softmax makes of v (1 − v) has a name of its own. */
function foreign(scene: Scene): Part[] {
  const {
    setting: { by, last },
    layer,
  } = scene;
  const { input, out, un, vn } = atLayer(scene);
  const own = activationOf(scene);
  const confused = own === "softmax" ? [] : ((neuronOf(own).confused ?? []) as readonly ElementwiseName[]);
  const others: readonly (readonly [ElementwiseName, string, () => Tracked, unasked?: boolean])[] = [
    ["sigmoid", `${vn}(1 − ${vn})`, () => by.mul(out, oneMinus(scene, out))],
    ["tanh", `(1 − (${vn})²)`, () => oneMinus(scene, by.mul(out, out))],
    ["sigmoid", `sigmoid'(${un})`, () => slopeOf(by, "sigmoid", input)],
    ["tanh", `tanh'(${un})`, () => slopeOf(by, "tanh", input)],
    // Nobody masks the error of a softmax.
    ["relu", `1[${un} > 0]`, () => slopeOf(by, "relu", input), layer === last && isProbability(scene)],
    // An activation that is made to be nearly the layer's own, as leaky ReLU is, has nearly its slopes.
    ...confused.map((one) => [one, `${one}'(${un})`, () => slopeOf(by, one, input), true] as const),
  ];
  return others
    .filter(([of], k) => of !== own && !(own === "softmax" && k === 0))
    .map(([, text, value, unasked = false]) => ({ text, value, unasked }));
}

/** σ' of the layer above or below: all of it, or of two that differ its function or its argument alone. */
function neighboring(scene: Scene): Part[] {
  const {
    setting: {
      by,
      problem: { activations, sizes },
      u,
    },
    layer,
  } = scene;
  const own = activationOf(scene);
  const { input, un } = atLayer(scene);
  return [layer + 1, layer - 1].flatMap((k): Part[] => {
    const near = activations[k - 1];
    if (near === undefined || near === "softmax") return [];
    const which = k > layer ? "above" : "below";
    const argument = `u${raised(k)}`;
    const same = sizes[k] === sizes[layer];
    return [
      ...(same ? [{ key: which, text: slopeText(argument), value: () => slopeOf(by, near, u[k]!) }] : []),
      ...(near === own || near === "linear"
        ? []
        : [{ key: `${which}, its function`, text: `${near}'(${un})`, value: () => slopeOf(by, near, input) }]),
      ...(near === own || own === "softmax" || own === "linear" || !same
        ? []
        : [{ key: `${which}, its argument`, text: `${own}'(${argument})`, value: () => slopeOf(by, own, u[k]!) }]),
    ];
  });
}

/** The mistakes that are gates, in both rules where they can be made in both. */
export const gates: readonly Mistake[] = [
  {
    id: "A2",
    rules: ["BP1"],
    short: "σ′ forgotten",
    typical: [{}],
    says: networkSlips.A2,
    base: (scene) => (isSettled(scene) || !isOfClasses(scene) ? [] : [difference(scene)]),
    gate: none,
    formula: uncancelled,
  },
  {
    id: "B1",
    rules: ["BP2"],
    short: "σ′ forgotten",
    typical: [{}],
    says: networkSlips.B1,
    gate: none,
  },
  {
    id: "A8",
    rules: ["BP1", "BP2"],
    short: "σ′(v)",
    typical: [{ rule: "BP1" }, { rule: "BP2" }],
    says: networkSlips.A8,
    gate: (scene) =>
      curved(scene)
        ? [
            {
              text: slopeText(atLayer(scene).vn),
              value: () => slopeOf(scene.setting.by, activationOf(scene) as ElementwiseName, atLayer(scene).out),
            },
          ]
        : [],
  },
  {
    id: "B10",
    rules: ["BP2", "BP1"],
    short: "σ′ twice",
    typical: [{}],
    says: networkSlips.B10,
    gate: (scene) => {
      const own = ownGate(scene);
      return own === null || !curved(scene)
        ? []
        : [{ text: `${own.text}²`, value: () => scene.setting.by.mul(own.value(), own.value()) }];
    },
  },
  {
    id: "A9",
    rules: ["BP1", "BP2"],
    short: "u(1 − u)",
    typical: [{}],
    says: networkSlips.A9,
    gate: (scene) => {
      const { input, un } = atLayer(scene);
      const { by } = scene.setting;
      // With the formula of another activation these are two slips.
      return [
        {
          text: `${un}(1 − ${un})`,
          unasked: activationOf(scene) !== "sigmoid",
          value: () => by.mul(input, oneMinus(scene, input)),
        },
        {
          text: `(1 − (${un})²)`,
          unasked: activationOf(scene) !== "tanh",
          value: () => oneMinus(scene, by.mul(input, input)),
        },
      ];
    },
  },
  {
    id: "A13",
    rules: ["BP1", "BP2"],
    short: "softmax with half of its Jacobian",
    typical: [{}],
    says: networkSlips.A13,
    formula: diagonal,
    gate: (scene) => {
      const { out, vn } = atLayer(scene);
      return activationOf(scene) === "softmax"
        ? [{ text: `${vn}(1 − ${vn})`, value: () => scene.setting.by.mul(out, oneMinus(scene, out)) }]
        : [];
    },
  },
  {
    id: "A21",
    rules: ["BP1", "BP2"],
    short: "1 − p",
    says: networkSlips.A21,
    gate: (scene) => {
      const { out, vn } = atLayer(scene);
      return activationOf(scene) === "softmax" ? [{ text: `(1 − ${vn})`, value: () => oneMinus(scene, out) }] : [];
    },
  },
  {
    id: "A10",
    rules: ["BP1"],
    short: "σ′ of another activation",
    typical: [{}],
    says: networkSlips.A10,
    gate: foreign,
  },
  {
    id: "B11",
    rules: ["BP2"],
    short: "σ′ of another activation",
    typical: [{}],
    says: networkSlips.B11,
    gate: foreign,
  },
  {
    id: "B9",
    rules: ["BP2", "BP1"],
    short: "another factor of v",
    typical: [{ key: "|v|1" }, { key: "|(1 − v)|1" }],
    says: networkSlips.B9,
    gate: (scene) => {
      const { out, vn } = atLayer(scene);
      const own = activationOf(scene);
      // Part of a formula in v is left out, or goes in twice, where σ' is one.
      const unasked = !["sigmoid", "tanh", "softmax"].includes(own);
      return [
        { text: vn, unasked, value: () => out },
        ...(own === "softmax" ? [] : [{ text: `(1 − ${vn})`, unasked, value: () => oneMinus(scene, out) }]),
        { text: `(${vn})²`, unasked, value: () => scene.setting.by.mul(out, out) },
      ];
    },
  },
  {
    id: "B5",
    rules: ["BP2", "BP1"],
    short: "σ′ of a neighbor",
    typical: [{ key: "|above|1" }, { key: "|below|1" }],
    says: networkSlips.B5,
    gate: neighboring,
  },
];

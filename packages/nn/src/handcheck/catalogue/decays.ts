/** E1 to E4: what goes wrong in the regularization (λ/n) W^l of ∂C/∂W^l. */

import { networkSlips } from "../../locales/network-slips.ts";
import { decayShare } from "../claims/decay.ts";
import { decayText, wName } from "../claims/text.ts";
import type { Mistake, Scene, Whole } from "./mistake.ts";
import { data, outerText } from "./weights.ts";

/** The data part, and c W beside it. */
const withDecay = (scene: Scene, key: string, text: string, edit: Whole["edit"] & object, c: number): Whole => ({
  key,
  text: `${outerText(scene)}${text}`,
  edit,
  value: () => scene.setting.by.add(data(scene), scene.setting.by.scale(scene.setting.W[scene.layer]!, c)),
});

/** λ/n times whatever the ½ of the data part makes of it. */
const meanDecay = ({ setting: { decay, decayForm, samples } }: Scene): number =>
  decay! / decayShare(decayForm, samples);

function otherFactors(scene: Scene): Whole[] {
  const { decay, decayForm, samples } = scene.setting;
  const mean = meanDecay(scene);
  const wrong: readonly (readonly [string, number])[] = [
    ["(λ/n)", mean],
    ...(samples > 1
      ? ([
          ["λ", mean * samples],
          ["(λ/n²)", mean / samples],
        ] as const)
      : []),
    ["2(λ/n)", 2 * mean],
    ["(λ/2n)", mean / 2],
    ...(samples > 2
      ? ([
          ["2λ", 2 * mean * samples],
          ["(λ/2)", (mean * samples) / 2],
        ] as const)
      : []),
  ];
  return wrong
    .filter(([, c]) => c !== decay)
    .map(([text, c]) =>
      withDecay(
        scene,
        text,
        ` + ${text} ${wName(scene.layer)}`,
        { kind: "replace", term: `${text} → ${decayForm}` },
        c,
      ),
    );
}

function ofSizes(scene: Scene): Whole[] {
  const {
    setting: { by, W, samples },
    layer,
  } = scene;
  const [mean, w] = [meanDecay(scene), wName(layer)];
  return (
    [
      ["(λ/n)", mean],
      ["λ", mean * samples],
    ] as const
  )
    .slice(0, samples === 1 ? 1 : 2)
    .map(([key, c]): Whole => ({
      key,
      text: `${outerText(scene)} + ${key} sign(${w})`,
      edit: { kind: "replace", term: `sign(${w}) → ${w}` },
      value: () =>
        by.add(
          data(scene),
          by.scale(
            by.map(W[layer]!, Math.sign, () => 0),
            c,
          ),
        ),
    }));
}

/** The mistakes of the regularization. */
export const decays: readonly Mistake[] = [
  {
    id: "E1",
    rules: ["REG"],
    short: "regularization forgotten",
    typical: [{}],
    says: networkSlips.E1,
    whole: (scene) => [
      withDecay(scene, "none", "", { kind: "insert", term: `+ ${decayText(scene.setting, scene.layer)}` }, 0),
    ],
  },
  {
    id: "E3",
    rules: ["REG"],
    short: "its sign",
    typical: [{}],
    says: networkSlips.E3,
    whole: (scene) => [
      withDecay(
        scene,
        "sign",
        ` − ${decayText(scene.setting, scene.layer)}`,
        { kind: "replace", term: "− → +" },
        -scene.setting.decay!,
      ),
    ],
  },
  {
    id: "E2",
    rules: ["REG"],
    short: "its factor",
    typical: [{ several: true }],
    says: networkSlips.E2,
    whole: otherFactors,
  },
  {
    id: "E4",
    rules: ["REG"],
    short: "|w| for w²",
    says: networkSlips.E4,
    whole: ofSizes,
  },
];

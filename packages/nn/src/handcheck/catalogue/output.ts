/** A: what goes wrong in BP1, δ^L = ∇_v C ⊙ σ'(u^L), beside the gate. */

import { networkSlips } from "../../locales/network-slips.ts";
import { costOf, type CostName } from "../../network/cost.ts";
import { isPlain } from "../../network/costs/masses.ts";
import { factorOf } from "../../network/costs/record.ts";
import { bp1, probabilities } from "../claims/local.ts";
import { collapses, costSlope, massesIn } from "../claims/setting.ts";
import { output } from "../claims/sigma.ts";
import { errorText, factorText, squaresText, vName } from "../claims/text.ts";
import { transpose, type Tracked } from "../bounds/tracked.ts";
import { byOutputs, bySamples, oneMinus, type Mistake, type Part, type Scene } from "./mistake.ts";

/** p in words. */
const outputText = ({ setting: { problem, last } }: Scene): string =>
  costOf(problem.cost).name === "softmaxCrossEntropy" ? `softmax(${vName(last)})` : vName(last);

/** v − t */
const errorOf = ({ setting }: Scene): Tracked => setting.by.sub(probabilities(setting), massesIn(setting));

/** True if the outputs are probabilities of classes. */
export const isProbability = ({ setting: { problem, last } }: Scene): boolean =>
  problem.activations[last - 1] === "softmax" || costOf(problem.cost).name === "softmaxCrossEntropy";

/** True if δ^L is v − t, or goes through the Jacobian of a softmax: there formulas of their own are tried. */
const special = ({ setting }: Scene): boolean =>
  collapses(setting) || setting.problem.activations[setting.last - 1] === "softmax";

const instead = (scene: Scene, text: string, term: string, value: () => Tracked, key?: string): Part => ({
  text,
  value,
  edit: { kind: "replace", term: `${term} → ${outputText(scene)} − t` },
  ...(key === undefined ? {} : { key }),
});

/** −t ⊙ (1 − v) */
const half = (scene: Scene): Tracked =>
  scene.setting.by.mul(
    scene.setting.by.scale(massesIn(scene.setting), -1),
    oneMinus(scene, probabilities(scene.setting)),
  );

/** The mistakes of the output error. */
export const outputs: readonly Mistake[] = [
  {
    id: "A1",
    rules: ["BP1"],
    short: "sign",
    typical: [{}],
    says: networkSlips.A1,
    factor: () => [{ key: "-1", c: -1 }],
  },
  {
    id: "A3",
    rules: ["BP1"],
    short: "σ′ kept",
    typical: [{}],
    says: networkSlips.A3,
  },
  {
    id: "A4",
    rules: ["BP1"],
    short: "factor 2",
    typical: [{ key: "|2" }],
    says: networkSlips.A4,
    factor: () => [
      { key: "2", c: 2 },
      { key: "1/2", c: 0.5 },
    ],
  },
  {
    id: "A5",
    rules: ["BP1"],
    short: "1/K, 2/K, K",
    typical: [{ key: "|1/K" }, { key: "|2/K" }],
    says: networkSlips.A5,
    factor: (scene) => {
      const { outputs: k } = scene.setting;
      return [
        ...(k > 1
          ? [
              { key: "1/K", c: 1 / k },
              { key: "2/K", c: 2 / k },
            ].filter(({ c }) => c !== 1)
          : []),
        ...(averaged(scene) ? [{ key: "K", c: k }] : byOutputs(scene).slice(0, 1)),
      ];
    },
  },
  {
    id: "A6",
    rules: ["BP1"],
    short: "1/N missing",
    typical: [{ several: true }],
    says: networkSlips.A6,
    factor: (scene) => bySamples(scene, "N"),
  },
  {
    id: "A7",
    rules: ["BP1"],
    short: "1/N twice",
    typical: [{ several: true }],
    says: networkSlips.A7,
    factor: (scene) => bySamples(scene, "1/N"),
  },
  {
    id: "A11",
    rules: ["BP1"],
    short: "target forgotten",
    typical: [{}],
    says: networkSlips.A11,
    base: (scene) => {
      const { setting } = scene;
      const c = squaresOf(scene) ?? 1;
      return [
        {
          key: "v",
          text: `${c === 1 ? "" : factorText(c)}${outputText(scene)}`,
          edit: { kind: "insert", term: "− t" },
          value: () => setting.by.scale(probabilities(setting), c),
        },
      ];
    },
  },
  {
    id: "A12",
    rules: ["BP1"],
    short: "softmax without its Jacobian",
    typical: [{}],
    says: networkSlips.A12,
    formula: (scene) => {
      const { by } = scene.setting;
      return isProbability(scene) && special(scene)
        ? [
            instead(
              scene,
              `−t ⊘ ${outputText(scene)}`,
              "−t ⊘ p",
              () => by.div(by.scale(massesIn(scene.setting), -1), probabilities(scene.setting)),
              "-t/p",
            ),
          ]
        : [];
    },
  },
  {
    id: "A14",
    rules: ["BP1"],
    short: "softmax with too much of its Jacobian",
    typical: [{}],
    says: networkSlips.A14,
  },
  {
    id: "A15",
    rules: ["BP1"],
    short: "half of the cross-entropy",
    says: networkSlips.A15,
    formula: (scene) =>
      !isProbability(scene) && special(scene)
        ? [instead(scene, `−t ⊙ (1 − ${outputText(scene)})`, "−t ⊙ (1 − v)", () => half(scene), "-t(1-v)")]
        : [],
  },
  {
    id: "A16",
    rules: ["BP1"],
    short: "softmax over the samples",
    says: networkSlips.A16,
    whole: (scene) => {
      const { by, u, v, last, problem } = scene.setting;
      if (!isProbability(scene) || !special(scene)) return [];
      const logits = costOf(problem.cost).name === "softmaxCrossEntropy" ? v[last]! : u[last]!;
      return [
        {
          ...instead(scene, "softmax over the samples − t", "softmax over the samples", () =>
            by.sub(transpose(output(by, "softmax", transpose(logits))), massesIn(scene.setting)),
          ),
          key: "batch",
        },
      ];
    },
  },
  {
    id: "A17",
    rules: ["BP1"],
    short: "sign of the error",
    says: networkSlips.A17,
    base: (scene) =>
      costOf(scene.setting.problem.cost).name === "mae"
        ? []
        : [
            {
              key: "sign",
              text: `sign(${outputText(scene)} − t)`,
              edit: { kind: "insert", term: "sign" },
              value: () => scene.setting.by.map(errorOf(scene), Math.sign, () => 0),
            },
          ],
  },
  {
    id: "A20",
    rules: ["BP1"],
    short: "the gradient of another cost",
    says: networkSlips.A20,
    base: (scene) => {
      const {
        setting,
        setting: { problem },
      } = scene;
      if (isSettled(scene) || isOfClasses(scene)) return [];
      return ((costOf(problem.cost).record.confused ?? []) as readonly CostName[]).map((cost) => ({
        key: `∇ of ${cost}`,
        text: `∇ᵥ(${cost})`,
        edit: { kind: "insert", term: cost },
        value: () => costSlope({ ...setting, problem: { ...problem, cost } }),
      }));
    },
  },
];

/** −t ⊘ p is ∂C/∂v; times p (1 − p), the diagonal of the Jacobian, it is −t (1 − p). */
export const diagonal = (scene: Scene): Part[] =>
  isProbability(scene) && special(scene)
    ? [instead(scene, `−t ⊙ (1 − ${outputText(scene)})`, "−t ⊙ (1 − p)", () => half(scene), "-t(1-p)")]
    : [];

/** ∇_v C where σ' cancels: what is left out is the slope of the sigmoid. */
export const uncancelled = (scene: Scene): Part[] =>
  !isProbability(scene) && special(scene)
    ? [{ key: "slope", text: "∇ᵥC", edit: { kind: "insert", term: "⊙ σ'" }, value: () => costSlope(scene.setting) }]
    : [];

/** v − t without the slope of the cost. */
export const difference = (scene: Scene): Part => ({
  key: "v-t",
  text: `(${outputText(scene)} − t)`,
  edit: { kind: "insert", term: "" },
  value: () => errorOf(scene),
});

/** The factor of v − t in the slope of a cost of squares. */
const squaresOf = ({ setting: { problem, outputs } }: Scene): number | undefined =>
  costOf(problem.cost).record.squares?.scale(outputs);

/** True if what stands before the gate is v − t, but for a factor. */
export const isSettled = (scene: Scene): boolean => collapses(scene.setting) || squaresOf(scene) !== undefined;

/** Of costs of classes v − t is what is left where σ' cancels; of others it is the squares'. */
export const isOfClasses = ({ setting: { problem } }: Scene): boolean =>
  !["numbers", "signs", "one class"].includes(costOf(problem.cost).record.targets);

/** Returns what stands before the gate. */
export function rightError(scene: Scene): Part {
  const { setting } = scene;
  const squares = squaresOf(scene);
  const plain = difference(scene);
  if (squares !== undefined)
    return { ...plain, text: squaresText(setting)!, value: () => setting.by.scale(plain.value(), squares) };
  if (!collapses(setting)) return { key: "slope", text: "∇ᵥC", value: () => costSlope(setting) };
  return isPlain(costOf(setting.problem.cost).told)
    ? plain
    : { ...plain, text: `(${errorText(setting)})`, value: () => bp1(setting) };
}

/** True if the cost is a mean over several outputs, whose 1/K may be forgotten. */
function averaged({
  setting: {
    problem: { cost },
    outputs,
  },
}: Scene): boolean {
  const { name, record, told } = costOf(cost);
  return outputs > 1 && (name === "mse" || factorOf(told, outputs, record.averages === true) !== 1);
}

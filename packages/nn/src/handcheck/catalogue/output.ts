/** A: what goes wrong in BP1, δ^L = ∇_v C ⊙ σ'(u^L), beside the gate. */

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
const outputText = ({ setting: { problem, last } }: Scene): string => (costOf(problem.cost).name === "softmaxCrossEntropy" ? `softmax(${vName(last)})` : vName(last));

/** v − t */
const errorOf = ({ setting }: Scene): Tracked => setting.by.sub(probabilities(setting), massesIn(setting));

/** Whether the outputs are probabilities of classes. */
export const isProbability = ({ setting: { problem, last } }: Scene): boolean => problem.activations[last - 1] === "softmax" || costOf(problem.cost).name === "softmaxCrossEntropy";

/** Whether δ^L is v − t, or goes through the Jacobian of a softmax: there formulas of their own are tried. */
const special = ({ setting }: Scene): boolean => collapses(setting) || setting.problem.activations[setting.last - 1] === "softmax";

const instead = (scene: Scene, text: string, term: string, value: () => Tracked, key?: string): Part =>
  ({ text, value, edit: { kind: "replace", term: `${term} → ${outputText(scene)} − t` }, ...(key === undefined ? {} : { key }) });

/** −t ⊙ (1 − v) */
const half = (scene: Scene): Tracked => scene.setting.by.mul(scene.setting.by.scale(massesIn(scene.setting), -1), oneMinus(scene, probabilities(scene.setting)));

/** The mistakes of the output error. */
export const outputs: readonly Mistake[] = [
  {
    id: "A1", rules: ["BP1"], short: "sign", typical: [{}],
    says: { en: "the sign of the output error is turned: t − v in place of v − t, so every gradient points uphill", zh: "输出误差的符号反了:写成 t − v 而不是 v − t,所有梯度都指向上坡" },
    factor: () => [{ key: "-1", c: -1 }],
  },
  {
    id: "A3", rules: ["BP1"], short: "σ′ kept", typical: [{}],
    says: { en: "σ' is kept although it cancels against the cross-entropy: this is the δ of the quadratic cost", zh: "交叉熵会约掉 σ',这里却保留了它:这是平方代价的 δ" },
  },
  {
    id: "A4", rules: ["BP1"], short: "factor 2", typical: [{ key: "|2" }],
    says: { en: "a factor 2: the cost and its derivative disagree about the ½", zh: "差一个因子 2:代价与其导数对 ½ 的处理不一致" },
    factor: () => [{ key: "2", c: 2 }, { key: "1/2", c: 0.5 }],
  },
  {
    id: "A5", rules: ["BP1"], short: "1/K, 2/K, K", typical: [{ key: "|1/K" }, { key: "|2/K" }],
    says: { en: "the error is averaged over the outputs where the cost is not, or not where it is: a factor 1/K, 2/K or K", zh: "误差对输出单元的平均与代价不一致:差一个因子 1/K、2/K 或 K" },
    factor: (scene) => {
      const { outputs: k } = scene.setting;
      return [...(k > 1 ? [{ key: "1/K", c: 1 / k }, { key: "2/K", c: 2 / k }].filter(({ c }) => c !== 1) : []), ...(averaged(scene) ? [{ key: "K", c: k }] : byOutputs(scene).slice(0, 1))];
    },
  },
  {
    id: "A6", rules: ["BP1"], short: "1/N missing", typical: [{ several: true }],
    says: { en: "the 1/N of the mean over the samples is missing", zh: "漏了对样本取平均的 1/N" },
    factor: (scene) => bySamples(scene, "N"),
  },
  {
    id: "A7", rules: ["BP1"], short: "1/N twice", typical: [{ several: true }],
    says: { en: "the 1/N of the mean over the samples is applied twice", zh: "对样本取平均的 1/N 用了两次" },
    factor: (scene) => bySamples(scene, "1/N"),
  },
  {
    id: "A11", rules: ["BP1"], short: "target forgotten", typical: [{}],
    says: { en: "the target is forgotten: δ is the output alone", zh: "漏了目标 t:δ 只剩输出本身" },
    base: (scene) => {
      const { setting } = scene;
      const c = squaresOf(scene) ?? 1;
      return [{ key: "v", text: `${c === 1 ? "" : factorText(c)}${outputText(scene)}`, edit: { kind: "insert", term: "− t" }, value: () => setting.by.scale(probabilities(setting), c) }];
    },
  },
  {
    id: "A12", rules: ["BP1"], short: "softmax without its Jacobian", typical: [{}],
    says: { en: "the Jacobian of the softmax is forgotten: δ is ∂C/∂v, not ∂C/∂u", zh: "漏了 softmax 的雅可比矩阵:这里的 δ 是 ∂C/∂v 而不是 ∂C/∂u" },
    formula: (scene) => {
      const { by } = scene.setting;
      return isProbability(scene) && special(scene) ? [instead(scene, `−t ⊘ ${outputText(scene)}`, "−t ⊘ p", () => by.div(by.scale(massesIn(scene.setting), -1), probabilities(scene.setting)), "-t/p")] : [];
    },
  },
  {
    id: "A14", rules: ["BP1"], short: "softmax with too much of its Jacobian", typical: [{}],
    says: { en: "p(1 − p) is multiplied onto the softmax error: a habit from the sigmoid", zh: "softmax 的误差又乘了 p(1 − p):这是 sigmoid 的习惯" },
  },
  {
    id: "A15", rules: ["BP1"], short: "half of the cross-entropy",
    says: { en: "only the t ln v half of the cross-entropy is differentiated", zh: "只对交叉熵的 t ln v 一半求了导" },
    formula: (scene) => (!isProbability(scene) && special(scene) ? [instead(scene, `−t ⊙ (1 − ${outputText(scene)})`, "−t ⊙ (1 − v)", () => half(scene), "-t(1-v)")] : []),
  },
  {
    id: "A16", rules: ["BP1"], short: "softmax over the samples",
    says: { en: "the softmax runs over the samples instead of the classes", zh: "softmax 沿样本而不是沿类别归一化" },
    whole: (scene) => {
      const { by, u, v, last, problem } = scene.setting;
      if (!isProbability(scene) || !special(scene)) return [];
      const logits = costOf(problem.cost).name === "softmaxCrossEntropy" ? v[last]! : u[last]!;
      return [{ ...instead(scene, "softmax over the samples − t", "softmax over the samples", () => by.sub(transpose(output(by, "softmax", transpose(logits))), massesIn(scene.setting))), key: "batch" }];
    },
  },
  {
    id: "A17", rules: ["BP1"], short: "sign of the error",
    says: { en: "only the sign of the error is used: the gradient of |e|", zh: "只用了误差的符号:这是 |e| 的梯度" },
    base: (scene) => (costOf(scene.setting.problem.cost).name === "mae" ? [] : [{ key: "sign", text: `sign(${outputText(scene)} − t)`, edit: { kind: "insert", term: "sign" }, value: () => scene.setting.by.map(errorOf(scene), Math.sign, () => 0) }]),
  },
  {
    id: "A20", rules: ["BP1"], short: "the gradient of another cost",
    says: { en: "the gradient of another cost is used", zh: "用了另一种代价的梯度" },
    base: (scene) => {
      const { setting, setting: { problem } } = scene;
      if (isSettled(scene) || isOfClasses(scene)) return [];
      return ((costOf(problem.cost).record.confused ?? []) as readonly CostName[]).map((cost) => ({ key: `∇ of ${cost}`, text: `∇ᵥ(${cost})`, edit: { kind: "insert", term: cost }, value: () => costSlope({ ...setting, problem: { ...problem, cost } }) }));
    },
  },
];

/** −t ⊘ p is ∂C/∂v; times p (1 − p), the diagonal of the Jacobian, it is −t (1 − p). */
export const diagonal = (scene: Scene): Part[] => (isProbability(scene) && special(scene) ? [instead(scene, `−t ⊙ (1 − ${outputText(scene)})`, "−t ⊙ (1 − p)", () => half(scene), "-t(1-p)")] : []);

/** ∇_v C where σ' cancels: what is left out is the slope of the sigmoid. */
export const uncancelled = (scene: Scene): Part[] =>
  (!isProbability(scene) && special(scene) ? [{ key: "slope", text: "∇ᵥC", edit: { kind: "insert", term: "⊙ σ'" }, value: () => costSlope(scene.setting) }] : []);

/** v − t without the slope of the cost. */
export const difference = (scene: Scene): Part => ({ key: "v-t", text: `(${outputText(scene)} − t)`, edit: { kind: "insert", term: "" }, value: () => errorOf(scene) });

/** The factor of v − t in the slope of a cost of squares. */
const squaresOf = ({ setting: { problem, outputs } }: Scene): number | undefined => costOf(problem.cost).record.squares?.scale(outputs);

/** Whether what stands before the gate is v − t, but for a factor. */
export const isSettled = (scene: Scene): boolean => collapses(scene.setting) || squaresOf(scene) !== undefined;

/** Of costs of classes v − t is what is left where σ' cancels; of others it is the squares'. */
export const isOfClasses = ({ setting: { problem } }: Scene): boolean => !["numbers", "signs", "one class"].includes(costOf(problem.cost).record.targets);

/** What stands before the gate. */
export function rightError(scene: Scene): Part {
  const { setting } = scene;
  const squares = squaresOf(scene);
  const plain = difference(scene);
  if (squares !== undefined) return { ...plain, text: squaresText(setting)!, value: () => setting.by.scale(plain.value(), squares) };
  if (!collapses(setting)) return { key: "slope", text: "∇ᵥC", value: () => costSlope(setting) };
  return isPlain(costOf(setting.problem.cost).told) ? plain : { ...plain, text: `(${errorText(setting)})`, value: () => bp1(setting) };
}

/** Whether the cost is a mean over several outputs, whose 1/K may be forgotten. */
function averaged({ setting: { problem: { cost }, outputs } }: Scene): boolean {
  const { name, record, told } = costOf(cost);
  return outputs > 1 && (name === "mse" || factorOf(told, outputs, record.averages === true) !== 1);
}

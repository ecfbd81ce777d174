/** What is said of a wrong gradient that is none of the known slips: an argument in another's place, a relation to known arrays, what the numbers show. */

import type { Words } from "../report.ts";
import { opFeatures } from "./features.ts";
import { sameShape, type Numbers } from "./numbers.ts";
import { named } from "./relations/piece.ts";
import { relationsOf, type Found } from "./relations/relations.ts";
import type { OpDiagnosis } from "./report.ts";
import { swapOf, type Occasion, type TruthAt } from "./swaps.ts";

/** A kernel as a wrong gradient sees it. */
export interface Context {
  /** The inputs in order, and which of them have a gradient. */
  readonly specs: readonly { readonly name: string; readonly differentiable: boolean }[];
  /** The right gradient by the input at `k` anywhere. */
  readonly truthAt: (k: number) => TruthAt;
  /** Right gradients of all inputs that have one, by input. */
  readonly right: (occasions: readonly Occasion[]) => ReadonlyMap<string, readonly Numbers[]>;
}

/** A letter of ours, or the word for it where an input has that letter. */
const letterFor = (letter: string, word: string, names: readonly string[]): string => (names.includes(letter) ? word : letter);

function relations(of: string, occasions: readonly Occasion[], { specs, right }: Context): Found | null {
  const names = specs.map(({ name }) => name);
  const [g, y] = [letterFor("g", "upstream", names), letterFor("y", "output", names)];
  const [first] = occasions;
  return relationsOf(occasions.map(({ yours, correct }) => ({ yours, correct: correct.value, allowed: correct.allowed })), {
    arrays: [
      ...names.map((name, k) => named(name, first!.inputs[k]!.shape, occasions.map(({ inputs }) => inputs[k]!.data))),
      named(y, first!.output.shape, occasions.map(({ output }) => output.data), "output"),
      named(g, first!.g.shape, occasions.map((one) => one.g.data), "upstream"),
    ],
    linear: true,
    legend: [{ letter: g, means: { en: "the upstream gradient", zh: "上游梯度" } }, { letter: y, means: { en: "the output", zh: "输出" } }],
    others: [...right(occasions)].flatMap(([name, values]) => (name === of ? [] : [named(`the right d${name}`, values[0]!.shape, values.map(({ data }) => data))])),
  });
}

/** What holds on every probe, in the words of the one that is shown. */
function features(occasions: readonly Occasion[], telling: Occasion): Words[] {
  const seen = (one: Occasion): Words[] => opFeatures(one.yours, one.correct.value, one.correct.allowed);
  const everywhere = occasions.map((one) => new Set(seen(one).map(({ en }) => en.replace(/\d+ of/, "some of"))));
  return seen(telling).filter(({ en }) => everywhere.every((words) => words.has(en.replace(/\d+ of/, "some of"))));
}

const nothing: Words = { en: "wrong, and no typical mistake explains the numbers", zh: "不对，而且没有哪种典型错误能解释这些数" };

/** A relation as plain as that is told before an argument in another's place is looked for. */
const CLEAR = 1.75;

const formula = (of: string, text: string): string => (text === "" ? "" : `d${of} = ${text}`);

const narrower: Words = {
  en: "as a graph, with tap at the values on the way and their gradients handed in, each step would be judged by itself",
  zh: "写成计算图，用 tap 给途中的值命名并交上它们的梯度，就能逐步判断",
};

/** The words for a gradient that no slip explains, of all probes. */
export function unnamed(of: string, occasions: readonly Occasion[], telling: Occasion, context: Context): Pick<OpDiagnosis, "id" | "confidence" | "says" | "features" | "yours" | "correct"> {
  const shown = features(occasions, telling);
  const plain = { id: "unknown", confidence: 0, yours: "", correct: "" };
  if (!sameShape(telling.yours.shape, telling.correct.value.shape)) return { ...plain, says: nothing, features: shown };
  const constant = shown.find(({ en }) => en.startsWith("yours / correct is"));
  if (constant !== undefined) return { ...plain, says: constant, features: shown.filter((one) => one !== constant) };
  const turned = shown.find(({ en }) => en.startsWith("it equals the correct one"));
  if (turned !== undefined) return { ...plain, says: turned, features: [] };
  const found = relations(of, occasions, context);
  const told = found === null ? plain : { ...plain, yours: formula(of, found.yours), correct: formula(of, found.correct) };
  const says = found?.says ?? null;
  if (says === null || says.cost > CLEAR) {
    const k = context.specs.findIndex(({ name }) => name === of);
    const finite = occasions.every(({ yours }) => yours.data.every(Number.isFinite));
    const swap = finite ? swapOf(k, context.specs.map(({ name }) => name), occasions, context.truthAt(k)) : null;
    if (swap !== null) return { ...told, ...swap, confidence: 1, features: [] };
  }
  return { ...told, says: says?.words ?? nothing, features: [...(found?.places ?? []), ...(says === null ? [...shown, narrower] : [])] };
}

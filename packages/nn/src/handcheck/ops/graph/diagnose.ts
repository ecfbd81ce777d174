/** Naming a wrong edge of a graph: a path left out or counted alone, a sign, a factor, a sum; else what the numbers show. */

import type { Words } from "../../report.ts";
import { gapOf, residualOf } from "../compare.ts";
import { opFeatures } from "../features.ts";
import { largest, sameShape, scaled, type Numbers } from "../numbers.ts";
import type { OpDiagnosis } from "../report.ts";

/** One wrong gradient. */
export interface Edge {
  readonly name: string;
  readonly yours: Numbers;
  /** By the rule, from the person's own gradients. */
  readonly correct: Numbers;
  readonly allowed: number;
  /** The sizes of axes that a mean may have run over. */
  readonly sizes: readonly number[];
  /** What comes back through each given gradient alone. */
  readonly flows: readonly { readonly end: string; readonly value: Numbers }[];
}

interface Name {
  readonly id: string;
  readonly says: Words;
  readonly value: Numbers;
}

const minus = (a: Numbers, b: Numbers): Numbers => ({ shape: a.shape, data: a.data.map((x, i) => x - b.data[i]!) });

/** What people do to a sum of paths, to a sign, and to a mean. */
function* guesses({ correct, flows, sizes }: Edge): Generator<Name> {
  const paths = flows.filter(({ value }) => largest(value.data) > 1e-12 * largest(correct.data));
  if (paths.length > 1) {
    for (const { end, value } of paths) {
      yield { id: "B19", value: minus(correct, value), says: { en: `the path through ${end} is missing: it must be added to the others`, zh: `漏了经过 ${end} 的路径：应当与其他路径相加` } };
    }
    for (const { end, value } of paths) {
      yield { id: "B19", value, says: { en: `only the path through ${end} counts: it overwrites the others where it must be added`, zh: `只算了经过 ${end} 的路径：它覆盖了其他路径，应当相加` } };
    }
  }
  yield { id: "B14", value: scaled(-1, correct), says: { en: "the sign is turned", zh: "符号反了" } };
  for (const n of sizes) {
    yield { id: "C1", value: scaled(1 / n, correct), says: { en: `a mean over ${n} stands where a sum belongs: a factor 1/${n}`, zh: `该求和的地方对 ${n} 个取了平均：多了因子 1/${n}` } };
    yield { id: "B13", value: scaled(n, correct), says: { en: `a factor 1/${n} is missing`, zh: `漏了因子 1/${n}` } };
  }
}

/** The diagnosis of a root. */
export function diagnose(edge: Edge): OpDiagnosis {
  const { name, yours, correct, allowed } = edge;
  const features = opFeatures(yours, correct, allowed);
  const worst = residualOf(yours, correct, allowed);
  const example = worst === null ? null : { index: worst.at, yours: worst.yours, correct: worst.correct };
  const common = { of: [`d${name}`], yours: "", correct: "", alternatives: [], example, features };
  if (!sameShape(yours.shape, correct.shape)) {
    const unsummed = features.some(({ en }) => en.includes("[I3]"));
    return { ...common, id: unsummed ? "I3" : "unknown", confidence: unsummed ? 1 : 0, says: { en: "the shape is not that of the value", zh: "形状与这个量本身不同" } };
  }
  if (yours.data.some((x) => !Number.isFinite(x))) {
    return { ...common, id: "unknown", confidence: 0, features: [], example: null, says: { en: "NaN or infinity stands where a number belongs", zh: "本应是数的地方出现了 NaN 或无穷大" } };
  }
  const hits = [...guesses(edge)].filter(({ value }) => gapOf(value, yours) <= 4 * allowed);
  const [first, ...others] = hits;
  if (first === undefined) {
    return { ...common, id: "unknown", confidence: 0, says: { en: "this does not follow from your gradients further down, and no typical mistake explains it", zh: "它推不出自你给出的下游梯度，也没有哪种典型错误能解释它" } };
  }
  const distinct = others.filter(({ says }) => says.en !== first.says.en);
  return {
    ...common, id: first.id, confidence: distinct.length === 0 ? 1 : 0.5, says: first.says,
    alternatives: distinct.map(({ id, says }) => ({ id, yours: "", says })),
  };
}

/** What the digits cannot decide: an equation that holds is right only if every typical mistake in it would have shown. */

import type { Canonical } from "./conventions.ts";
import { bp1, bp2, bp3, bp4, regularized } from "./local.ts";
import { typical, wordsOf } from "./catalogue/catalogue.ts";
import { wrongFormulas } from "./catalogue/grammar.ts";
import { sceneAt, type Candidate } from "./catalogue/mistake.ts";
import { once } from "./once.ts";
import { shaken } from "./shaken.ts";
import type { Doubt, Line, LineStatus } from "./report.ts";
import type { Setting } from "./setting.ts";
import { deltaName, gradBName, gradWName } from "./text.ts";
import { overTolerance } from "./tolerance.ts";
import type { Tracked } from "./tracked.ts";

/** An equation that holds: what shows a mistake in it, and the mistakes. */
interface Question {
  readonly line: Pick<Line, "equation" | "layer" | "name">;
  /** The handed arrays that follow from it, each with how. */
  readonly shown: readonly { readonly yours: Tracked; readonly through: (value: Tracked) => Tracked }[];
  readonly correct: () => Tracked;
  readonly candidates: () => readonly Candidate[];
}

const right: readonly LineStatus[] = ["ok", "convention", "inherited", "kink"];

const ids: ReadonlySet<string> = new Set(typical.map(({ id }) => id));

/**
 * Mistakes that count: one slip, of the typical ones. New weights differ from the old ones by less than most digits show, constants
 * that are fitted fit, an error that is had from δ by division is the same mistake as the error itself, and nobody masks a softmax.
 */
const counts = ({ id, key, edits }: Candidate): boolean =>
  edits === 1 && ids.has(id) && id !== "B7" && !key.includes("fitted") && !key.includes("d/s") && !(id === "A14" && key.includes("1[u > 0]"));

const sized = (a: Tracked, b: Tracked): boolean => a.rows === b.rows && a.cols === b.cols;

/** The questions to a hand on one setting; `delta` as everything below was judged with it. */
function questions(setting: Setting, hand: Canonical, delta: readonly (Tracked | null)[], holds: (equation: string, l: number) => boolean): Question[] {
  const { last, W } = setting;
  const list: Question[] = [];
  for (let l = last; l >= 1; l--) {
    const above = l === last ? null : delta[l + 1]!;
    const source = delta[l] ?? null;
    const [given, gradB, gradW] = [hand.delta[l], hand.gradB[l], hand.gradW[l]];
    if (l === last || above !== null) {
      const equation = l === last ? "BP1" : "BP2";
      const correct = once(() => (l === last ? bp1(setting) : bp2(setting, l, above!)));
      const candidates = (): Candidate[] => wrongFormulas(equation, sceneAt(setting, l, delta));
      const line = { equation, layer: l, name: deltaName(l) } as const;
      if (given !== undefined && holds(equation, l)) list.push({ line, correct, candidates, shown: [{ yours: given, through: (value) => value }] });
      else if (given === undefined) {
        const shown = carried(setting, hand, l, holds);
        const first = shown[0];
        if (first !== undefined) list.push({ line: first.line, correct, candidates, shown });
      }
    }
    if (source === null) continue;
    if (gradB !== undefined && holds("BP3", l)) list.push({ line: { equation: "BP3", layer: l, name: gradBName(l) }, correct: once(() => bp3(setting, source)), candidates: () => wrongFormulas("BP3", sceneAt(setting, l, delta)), shown: [{ yours: gradB, through: (value) => value }] });
    if (gradW !== undefined && sized(gradW, W[l]!) && holds("BP4", l)) {
      list.push({ line: { equation: "BP4", layer: l, name: gradWName(l) }, correct: once(() => regularized(setting, l, bp4(setting, l, source))), candidates: () => wrongFormulas("BP4", sceneAt(setting, l, delta)), shown: [{ yours: gradW, through: (value) => value }] });
    }
  }
  return list;
}

/** Where a mistake in δ^l is seen if δ^l was not handed in: in the gradients of its layer, and of those below up to the next δ. */
function carried(setting: Setting, hand: Canonical, layer: number, holds: (equation: string, l: number) => boolean): (Question["shown"][number] & { readonly line: Question["line"] })[] {
  const found: (Question["shown"][number] & { readonly line: Question["line"] })[] = [];
  for (let l = layer; l >= 1 && (l === layer || hand.delta[l] === undefined); l--) {
    const down = (value: Tracked): Tracked => {
      let one = value;
      for (let k = layer - 1; k >= l; k--) one = bp2(setting, k, one);
      return one;
    };
    const [gradB, gradW] = [hand.gradB[l], hand.gradW[l]];
    if (gradB !== undefined && holds("BP3", l)) found.push({ line: { equation: "BP3", layer: l, name: gradBName(l) }, yours: gradB, through: (value) => bp3(setting, down(value)) });
    if (gradW !== undefined && sized(gradW, setting.W[l]!) && holds("BP4", l)) found.push({ line: { equation: "BP4", layer: l, name: gradWName(l) }, yours: gradW, through: (value) => regularized(setting, l, bp4(setting, l, down(value))) });
  }
  return found;
}

/** Equal but for what the last bits say: one formula in two forms, or what no digits could tell apart. */
function equal(a: Tracked, b: Tracked): boolean {
  if (!sized(a, b)) return false;
  let [scale, gap] = [0, 0];
  for (let i = 0; i < a.value.length; i++) {
    scale = Math.max(scale, Math.abs(b.value[i]!));
    gap = Math.max(gap, Math.abs(a.value[i]! - b.value[i]!));
  }
  return gap <= 1e-11 * scale;
}

/** The equations among `lines` whose typical mistakes the digits do not all exclude. */
export function doubtsAbout(setting: Setting, hand: Canonical, delta: readonly (Tracked | null)[], lines: readonly Line[]): Doubt[] {
  const status = new Map(lines.map((line) => [`${line.equation} ${line.layer}`, line.status]));
  const holds = (equation: string, l: number): boolean => right.includes(status.get(`${equation} ${l}`) ?? "missing");
  const elsewhere = once(() => {
    const moved = shaken(setting, delta, (l) => ["root", "shape", "nan"].includes(status.get(`${l === setting.last ? "BP1" : "BP2"} ${l}`) ?? ""));
    return questions(moved.setting, hand, moved.delta, holds);
  });
  const doubts: Doubt[] = [];
  questions(setting, hand, delta, holds).forEach((question, at) => {
    // A shape of its own is no matter of digits.
    const tied = question.candidates().filter((one) => counts(one) && sized(one.value(), question.correct()) && question.shown.every(({ yours, through }) => overTolerance(yours, through(one.value()), 1) <= 1));
    if (tied.length === 0) return;
    const other = elsewhere()[at]!;
    const there = new Map(other.candidates().map((one) => [`${one.id} ${one.key}`, one]));
    const open = tied.filter((one) => {
      const moved = there.get(`${one.id} ${one.key}`);
      return moved !== undefined && !equal(moved.value(), other.correct());
    });
    if (open.length > 0) doubts.push(doubt(question, open));
  });
  return merged(doubts);
}

/** One entry for each equation, though more than one may be in doubt where only its gradient was handed in. */
function merged(doubts: readonly Doubt[]): Doubt[] {
  const byLine = new Map<string, Doubt>();
  for (const one of doubts) {
    const key = `${one.equation} ${one.layer}`;
    const before = byLine.get(key);
    byLine.set(key, before === undefined ? one : { ...before, slips: [...before.slips, ...one.slips], decimals: before.decimals === null || one.decimals === null ? null : Math.max(before.decimals, one.decimals) });
  }
  return [...byLine.values()];
}

/** What stays open, and how many decimals more would decide it: in its best entry a mistake must change more than both bounds. */
function doubt({ line, shown, correct }: Question, open: readonly Candidate[]): Doubt {
  let most = 0;
  for (const one of open) {
    let least = Infinity;
    for (const { yours, through } of shown) {
      const [wrong, own] = [through(one.value()), through(correct())];
      for (let i = 0; i < own.value.length; i++) {
        const gap = Math.abs(wrong.value[i]! - own.value[i]!);
        if (gap > 0) least = Math.min(least, (2 * ((wrong.error?.[i] ?? 0) + (yours.error?.[i] ?? 0))) / gap);
      }
    }
    most = Math.max(most, Math.ceil(Math.log10(least)));
  }
  const seen = new Set<string>();
  const slips = open.filter(({ id }) => !seen.has(id) && seen.add(id)).map(({ id }) => ({ id, says: wordsOf(id) }));
  const blank = shown.every(({ yours }) => yours.value.every((x) => x === 0));
  return { ...line, slips, decimals: blank || !Number.isFinite(most) ? null : Math.max(1, most) };
}

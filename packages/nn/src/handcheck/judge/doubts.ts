/**
 * Says what the digits cannot decide: an equation that holds is right only if every typical mistake in it would have
 * shown.
 */

import type { Canonical } from "../claims/conventions.ts";
import { layerOf, type DerivedClaim as Claim } from "../claims/of-network.ts";
import { bp2 } from "../claims/local.ts";
import { wordsOf } from "../catalogue/catalogue.ts";
import { wrongFormulas } from "../catalogue/grammar.ts";
import { sceneAt, type Candidate } from "../catalogue/mistake.ts";
import { once } from "../once.ts";
import { shaken } from "./shaken.ts";
import type { Doubt, Line, LineStatus } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { overTolerance } from "../bounds/tolerance.ts";
import { sameShape, type Tracked } from "../bounds/tracked.ts";

/** An equation that holds: what shows a mistake in it, and the mistakes. */
interface Question {
  readonly line: Pick<Line, "equation" | "layer" | "name">;
  /** The handed arrays that follow from it, each with how. */
  readonly shown: readonly { readonly yours: Tracked; readonly through: (value: Tracked) => Tracked }[];
  readonly correct: () => Tracked;
  readonly candidates: () => readonly Candidate[];
}

const right: readonly LineStatus[] = ["ok", "convention", "inherited", "kink"];

/** A gradient that was handed in and holds, as it shows what it follows from. */
interface Witness {
  readonly line: Question["line"];
  readonly yours: Tracked;
  readonly through: (value: Tracked) => Tracked;
}

const lineOf = ({ equation, layer, name }: Claim): Question["line"] => ({ equation, layer, name });

type Holds = (equation: string, l: number) => boolean;

/** The questions to a hand on one setting; `delta` as everything below was judged with it. */
function questions(setting: Setting, hand: Canonical, delta: readonly (Tracked | null)[], holds: Holds): Question[] {
  const list: Question[] = [];
  for (let l = setting.last; l >= 1; l--) {
    const { error, gradients } = layerOf(setting, setting, hand, l, null);
    const above = l === setting.last ? null : delta[l + 1]!;
    const source = delta[l] ?? null;
    const ask = ({ rule, own }: Claim, from: Tracked | null, shown: readonly Witness[]): void => {
      const [first] = shown;
      if (first !== undefined)
        list.push({
          line: first.line,
          shown,
          correct: once(() => own(from)),
          candidates: () => wrongFormulas(rule, { ...sceneAt(setting, l, delta), most: 1 }),
        });
    };
    if (l === setting.last || above !== null)
      ask(
        error,
        above,
        hand.delta[l] === undefined
          ? carried(setting, hand, l, holds)
          : itself({ ...error, given: hand.delta[l] }, holds),
      );
    if (source !== null)
      for (const one of gradients) ask(one, source, itself(one, holds, one.rule === "BP4" ? setting.W[l]! : null));
  }
  return list;
}

/** A claim as its own witness, where it was handed in and holds, in the shape that it must have. */
function itself(claim: Claim, holds: Holds, like: Tracked | null = null): Witness[] {
  const { given, rule, layer } = claim;
  return given === undefined || !holds(rule, layer) || (like !== null && !sameShape(given, like))
    ? []
    : [{ line: lineOf(claim), yours: given, through: (value) => value }];
}

/**
 * Returns where a mistake in δ^l is seen if δ^l was not handed in: in the gradients of its layer, and of those below up
 * to the next δ.
 */
function carried(setting: Setting, hand: Canonical, layer: number, holds: Holds): Witness[] {
  const found: Witness[] = [];
  for (let l = layer; l >= 1 && (l === layer || hand.delta[l] === undefined); l--) {
    const down = (value: Tracked): Tracked => {
      let one = value;
      for (let k = layer - 1; k >= l; k--) one = bp2(setting, k, one);
      return one;
    };
    for (const one of layerOf(setting, setting, hand, l, null).gradients) {
      const own = itself(one, holds, one.rule === "BP4" ? setting.W[l]! : null);
      found.push(...own.map((witness) => ({ ...witness, through: (value: Tracked): Tracked => one.own(down(value)) })));
    }
  }
  return found;
}

/** Equal but for what the last bits say: one formula in two forms, or what no digits could tell apart. */
function equal(a: Tracked, b: Tracked): boolean {
  if (!sameShape(a, b)) return false;
  let [scale, gap] = [0, 0];
  for (let i = 0; i < a.value.length; i++) {
    scale = Math.max(scale, Math.abs(b.value[i]!));
    gap = Math.max(gap, Math.abs(a.value[i]! - b.value[i]!));
  }
  return gap <= 1e-11 * scale;
}

/** The equations among `lines` whose typical mistakes the digits do not all exclude. */
export function doubtsAbout(
  setting: Setting,
  hand: Canonical,
  delta: readonly (Tracked | null)[],
  lines: readonly Line[],
): Doubt[] {
  const status = new Map(lines.map((line) => [`${line.equation} ${line.layer}`, line.status]));
  const holds = (equation: string, l: number): boolean => right.includes(status.get(`${equation} ${l}`) ?? "missing");
  const elsewhere = once(() => {
    const moved = shaken(setting, delta, (l) =>
      ["root", "shape", "nan"].includes(status.get(`${l === setting.last ? "BP1" : "BP2"} ${l}`) ?? ""),
    );
    return questions(moved.setting, hand, moved.delta, holds);
  });
  const doubts: Doubt[] = [];
  questions(setting, hand, delta, holds).forEach((question, at) => {
    // A shape of its own is no matter of digits.
    const tied = question
      .candidates()
      .filter(
        (one) =>
          one.asked &&
          sameShape(one.value(), question.correct()) &&
          question.shown.every(({ yours, through }) => overTolerance(yours, through(one.value()), 1) <= 1),
      );
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
    byLine.set(
      key,
      before === undefined
        ? one
        : {
            ...before,
            slips: [...before.slips, ...one.slips],
            decimals:
              before.decimals === null || one.decimals === null ? null : Math.max(before.decimals, one.decimals),
          },
    );
  }
  return [...byLine.values()];
}

/**
 * Returns what stays open, and how many decimals more would decide it: in its best entry a mistake must change more
 * than both bounds.
 */
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

/**
 * Says what a mistake is: one record, with its name, its sentences, and the part of a formula, or the whole one, that
 * it makes wrong.
 */

import { networkSlips } from "../../locales/network-slips.ts";
import { joined, type Words } from "../../locales/words.ts";
import type { Diagnosis } from "../report.ts";
import type { Derived } from "../claims/claim.ts";
import type { Setting } from "../claims/setting.ts";
import { exact, type Tracked } from "../bounds/tracked.ts";
import { factorText, raised, vName } from "../claims/text.ts";

/** A rule that can be got wrong: BP1 to BP4, the regularization, and what else is checked of a network. */
export type Rule = Derived | "REG" | "elsewhere";

/** Everything that a wrong formula of one rule at one layer may be made of. */
export interface Scene {
  readonly setting: Setting;
  readonly layer: number;
  /** δ^l, where gradients follow from it. */
  readonly delta: Tracked | null;
  /** δ^{l+1} and δ^{l+2}, where there are such layers. */
  readonly above: Tracked | null;
  readonly further: Tracked | null;
  /** ∂C/∂W^{l+1} as the person has it. */
  readonly gradW: Tracked | null;
  /** Says what the person has in place of δ^l, for what has numbers to fit. */
  readonly observed: Tracked | null;
  /** How many mistakes may meet in one formula; two where nothing is said. */
  readonly most?: 1 | 2;
}

/** A scene without what was handed in. */
export const sceneAt = (setting: Setting, layer: number, deltas: readonly (Tracked | null | undefined)[]): Scene => ({
  setting,
  layer,
  delta: deltas[layer] ?? null,
  above: deltas[layer + 1] ?? null,
  further: deltas[layer + 2] ?? null,
  gradW: null,
  observed: null,
});

/** A part of a formula, or a formula, that is wrong. */
export interface Part {
  /**
   * Says what tells it from the other variants of its mistake, also in another setting; its text where nothing is said.
   */
  readonly key?: string;
  readonly text: string;
  readonly value: () => Tracked;
  /** Says what is to be mended; the text itself where nothing is said. */
  readonly edit?: Diagnosis["edit"];
  /** As `unasked` of a mistake, of this variant alone. */
  readonly unasked?: boolean;
}

/** A factor before a formula. */
interface Factor {
  readonly key: string;
  readonly c: number;
}

/** How a mistake is made on purpose, to see what data and digits can show. */
export interface Typical {
  /** The rule in which it is made; the first of the mistake where nothing is said. */
  readonly rule?: Derived;
  /** The ending of the key of one variant; the first where nothing is said. */
  readonly key?: string;
  /** It is about summing over samples: with one sample it is no mistake. */
  readonly several?: true;
}

/** One mistake of the catalogue. */
export interface Mistake {
  /** A output error, B backpropagated error, C biases, D weights, E learning, V forward pass. */
  readonly id: string;
  readonly rules: readonly Rule[];
  readonly says: Words;
  /** The sentence where something special was handed in, or left out. */
  readonly also?: Words;
  /** In the table of docs/handcheck.md. */
  readonly short: string;
  readonly typical?: readonly Typical[];
  /**
   * Nobody must rule it out before an equation is right, typical as it is: more digits would not show it, or nobody
   * makes it.
   */
  readonly unasked?: boolean;
  /** Returns what stands where ∇_v C, or (W^{l+1})ᵀ δ^{l+1}, should; each before every gate and with every factor. */
  readonly base?: (scene: Scene) => readonly Part[];
  /** Returns what stands where σ'(u^l) should. */
  readonly gate?: (scene: Scene) => readonly Part[];
  /** Factors before the formula. */
  readonly factor?: (scene: Scene) => readonly Factor[];
  /** Formulas that any factor may stand before. */
  readonly formula?: (scene: Scene) => readonly Part[];
  /** Formulas as they are. */
  readonly whole?: (scene: Scene, rule: Rule) => readonly Whole[];
}

/** A formula as it is, perhaps with another sentence, or with constants that were fitted. */
export interface Whole extends Part {
  readonly says?: Words;
  readonly edits?: number;
}

/** One hypothesis about one equation. */
export interface Candidate {
  /** The id of the catalogue; two joined by + where two mistakes meet. */
  readonly id: string;
  readonly key: string;
  /** How many things differ from the correct formula. */
  readonly edits: number;
  readonly yours: string;
  readonly edit: Diagnosis["edit"];
  readonly says: Words;
  /** True if digits must rule it out before its equation is right: one slip, of the typical ones. */
  readonly asked: boolean;
  /** Returns what the formula gives; computed when asked for. */
  readonly value: () => Tracked;
}

/** Returns what several mistakes say together. */
function saidBy(mistakes: readonly Mistake[]): Words {
  return joined(
    mistakes.map(({ says }) => says),
    networkSlips.and,
  );
}

const isAsked = ({ typical, unasked = false }: Mistake): boolean => typical !== undefined && !unasked;

/** A candidate from its wrong parts. */
export function candidate(
  mistakes: readonly Mistake[],
  key: string,
  yours: string,
  edit: Diagnosis["edit"],
  value: () => Tracked,
): Candidate {
  const [id, asked] = [mistakes.map((one) => one.id).join("+"), mistakes.length === 1 && isAsked(mistakes[0]!)];
  let memo: Tracked | undefined;
  return {
    id,
    key,
    edits: mistakes.length,
    yours,
    edit,
    says: saidBy(mistakes),
    asked,
    value: () => (memo ??= value()),
  };
}

/** The candidates that a part is in, asked about only if the part is. */
export const askedAs = (candidates: readonly Candidate[], ...parts: readonly Part[]): Candidate[] =>
  candidates.map((one) => ({ ...one, asked: one.asked && parts.every(({ unasked = false }) => !unasked) }));

/** A factor and the mistake that it is; 1 is none. */
export interface Scale extends Factor {
  readonly mistake: Mistake | null;
}

export const ONCE: Scale = { mistake: null, key: "1", c: 1 };

/** Variants of one formula by a factor: each of `factors` before `base`. */
export function scaled(
  setting: Setting,
  factors: readonly Scale[],
  mistakes: readonly Mistake[],
  key: string,
  name: string,
  formula: string,
  edit: Diagnosis["edit"],
  base: () => Tracked,
): Candidate[] {
  return factors
    .filter(({ mistake }) => mistake !== null || mistakes.length > 0)
    .map(({ mistake, key: factor, c }) => {
      const text =
        c === 1
          ? formula
          : `${factorText(c)}${formula.includes(" − ") && !formula.startsWith("(") ? `(${formula})` : formula}`;
      const own: Diagnosis["edit"] =
        mistake !== null && mistakes.length === 0 ? { kind: "delete", term: factorText(c).replace("·", "") } : edit;
      return candidate(
        mistake === null ? mistakes : [...mistakes, mistake],
        `${key}|${factor}`,
        `${name} = ${text}`,
        own,
        () => setting.by.scale(base(), c),
      );
    });
}

/** The number of outputs as a factor, where it is no other factor as well. */
export function byOutputs({ setting: { outputs, samples } }: Scene): Factor[] {
  if (outputs === 1 || outputs === 2 || outputs === samples) return [];
  return [
    { key: "K", c: outputs },
    { key: "1/K", c: 1 / outputs },
  ];
}

/** N and 1/N, where they are not 1. */
export const bySamples = ({ setting: { samples } }: Scene, ...which: readonly ("N" | "1/N")[]): Factor[] =>
  samples > 1 ? which.map((key) => ({ key, c: key === "N" ? samples : 1 / samples })) : [];

export const ones = (rows: number, cols: number): Tracked => exact(rows, cols, new Float64Array(rows * cols).fill(1));

/** 1 − x */
export const oneMinus = ({ setting: { by } }: Scene, x: Tracked): Tracked => by.sub(ones(x.rows, x.cols), x);

/** u^l and v^l with their names. */
export function atLayer({ setting: { u, v }, layer }: Scene): {
  readonly input: Tracked;
  readonly out: Tracked;
  readonly un: string;
  readonly vn: string;
} {
  return { input: u[layer]!, out: v[layer]!, un: `u${raised(layer)}`, vn: vName(layer) };
}

/**
 * A loop that overwrites ends with the last, and an index that is left where it began has the first: nobody takes one
 * from the midst.
 */
export const isMidst = (at: number, count: number): boolean => at !== 0 && at !== count - 1;

/** The last sample, the first, then the others; of many samples only those two. */
export function sampleOrder(samples: number): number[] {
  const ends = samples > 1 ? [samples - 1, 0] : [0];
  return samples > 16 ? ends : [...ends, ...Array.from({ length: Math.max(0, samples - 2) }, (_, n) => n + 1)];
}

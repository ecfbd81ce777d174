/** The learning rule: w(τ+1) = w(τ) − η ∂C/∂w, from the person's own gradient. */

import { judging } from "../../locales/judging.ts";
import type { Words } from "../../locales/words.ts";
import type { Canonical } from "../claims/conventions.ts";
import { diagnose, itself, unknown, type Place } from "./diagnosis.ts";
import { constantOf, shortest } from "../bounds/fit.ts";
import { mistakeOf, wordsOf } from "../catalogue/catalogue.ts";
import { candidate, type Candidate } from "../catalogue/mistake.ts";
import type { Diagnosis, Line } from "../report.ts";
import type { Setting } from "../claims/setting.ts";
import { gradBName, gradWName, raised } from "../claims/text.ts";
import { fits, residual } from "../bounds/tolerance.ts";
import type { Tracked } from "../bounds/tracked.ts";

/** Checks every step whose gradient is given as well. */
export function checkSteps(setting: Setting, hand: Canonical): { lines: Line[]; roots: Diagnosis[] } {
  const { by, eta, samples } = setting;
  const lines: Line[] = [];
  const roots: Diagnosis[] = [];
  if (eta === null) return { lines, roots };
  const momentum = hand.momentum ?? 0;
  /** Rates that layers have of their own: said once for W and b. */
  const rates: Record<number, number> = {};
  for (let l = setting.last; l >= 1; l--) {
    const bias = setting.problem.tiedBiases === true ? shared(setting.b[l]!) : setting.b[l]!;
    for (const [next, gradient, before, name, slope] of [
      [hand.nextW[l], hand.gradW[l], setting.W[l]!, `W${raised(l)}`, gradWName(l)],
      [hand.nextB[l], hand.gradB[l], bias, `b${raised(l)}`, gradBName(l)],
    ] as const) {
      if (
        next === undefined ||
        gradient === undefined ||
        gradient.rows !== before.rows ||
        gradient.cols !== before.cols
      )
        continue;
      // Corrections that are added are gradients that are subtracted.
      const own = by.scale(gradient, Math.abs(hand.gradientFactor));
      const stepped = (c: number): Tracked => by.sub(before, by.scale(own, c));
      const formula = `${name}(τ+1) = ${name} − η ${slope}`;
      // A sum of gradients goes with η/N: Nielsen's update.
      const right = [eta, ...(Math.abs(hand.gradientFactor) === samples ? [eta / samples] : [])].map(stepped);
      const ok = right.some((step) => fits(next, step));
      lines.push({
        equation: "STEP",
        layer: l,
        name: `${name}(τ+1)`,
        formula,
        status: ok ? "ok" : "root",
        local: residual(next, right[0]!),
        global: null,
      });
      if (ok) continue;
      const make = (key: string, c: number, text: string): Candidate =>
        candidate(
          [mistakeOf("E5")],
          key,
          `${name}(τ+1) = ${name} ${text} ${slope}`,
          { kind: "replace", term: `${text} → − η` },
          () => stepped(c),
        );
      const remembered = (key: string, share: number, text: string): Candidate => ({
        ...make(key, share * eta, text),
        id: "E6",
        says: wordsOf("E6"),
      });
      const candidates = (): Candidate[] => [
        make("ascent", -eta, "+ η"),
        make("no rate", 1, "−"),
        make("doubled", 2 * eta, "− 2η"),
        make("none", 0, "− 0 ·"),
        ...(samples > 1 ? [make("N", eta * samples, "− ηN"), make("1/N", eta / samples, "− (η/N)")] : []),
        ...(momentum === 0
          ? []
          : [
              remembered("mean", 1 - momentum, "− (1 − μ) η"),
              remembered("nesterov", 1 + momentum, "− (1 + μ) η"),
              remembered("not from 0", momentum, "− μ η"),
            ]),
      ];
      const rate = rateOf(by.sub(before, next), own, rates[l]);
      if (rate !== null && rates[l] === rate) continue;
      const observation = itself(next, right[0]!);
      const place: Place = { equation: "STEP", layer: l, correct: formula, factor: 1, elsewhere: () => [] };
      const another = (c: number): Candidate => ({ ...make("rate", c, `− ${c}`), says: anotherRate(c, eta) });
      const found = diagnose([observation], candidates(), place);
      const rated = found !== null || rate === null ? null : diagnose([observation], [another(rate)], place);
      if (rated !== null && rate !== null) rates[l] = rate;
      roots.push((found ?? rated)?.diagnosis ?? unknown([observation], place, []));
    }
  }
  return { lines, roots };
}

/** c of a step −c ∂C/∂w: its own where several entries show one, else the rate of the layer. */
function rateOf(moved: Tracked, gradient: Tracked, known: number | undefined): number | null {
  const found = constantOf([[moved, gradient]]);
  if (found === null || found.c <= 0) return null;
  if (known !== undefined && Math.abs(found.c - known) <= found.error) return known;
  return moved.value.length < 2 ? null : shortest(found);
}

function anotherRate(c: number, eta: number): Words {
  const isSquare = Math.abs(c - eta * eta) <= 1e-9 * c;
  return judging.otherRate({ rate: c, squared: isSquare });
}

/** The bias that all units of a layer share. */
function shared({ value }: Tracked): Tracked {
  return { rows: 1, cols: 1, value: value.slice(0, 1), error: null };
}

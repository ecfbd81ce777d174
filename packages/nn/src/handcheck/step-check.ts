/** The learning rule: w(τ+1) = w(τ) − η ∂C/∂w, from the person's own gradient. */

import type { Canonical } from "./conventions.ts";
import { search, unknown, type Observation, type Place } from "./diagnose.ts";
import { candidate, type Candidate } from "./mistakes/candidate.ts";
import type { Diagnosis, Line } from "./report.ts";
import type { Setting } from "./setting.ts";
import { gradBName, gradWName, raised } from "./text.ts";
import { overTolerance, residual } from "./tolerance.ts";
import type { Tracked } from "./tracked.ts";

/** Checks every step whose gradient is given as well. */
export function checkSteps(setting: Setting, hand: Canonical): { lines: Line[]; roots: Diagnosis[] } {
  const { by, eta, samples } = setting;
  const lines: Line[] = [];
  const roots: Diagnosis[] = [];
  if (eta === null) return { lines, roots };
  for (let l = setting.last; l >= 1; l--) {
    for (const [next, gradient, before, name, slope] of [
      [hand.nextW[l], hand.gradW[l], setting.W[l]!, `W${raised(l)}`, gradWName(l)],
      [hand.nextB[l], hand.gradB[l], setting.b[l]!, `b${raised(l)}`, gradBName(l)],
    ] as const) {
      if (next === undefined || gradient === undefined || gradient.rows !== before.rows || gradient.cols !== before.cols) continue;
      // Corrections that are added are gradients that are subtracted.
      const own = by.scale(gradient, Math.abs(hand.gradientFactor));
      const stepped = (c: number): Tracked => by.sub(before, by.scale(own, c));
      const formula = `${name}(τ+1) = ${name} − η ${slope}`;
      // A sum of gradients goes with η/N: Nielsen's update.
      const right = [eta, ...(Math.abs(hand.gradientFactor) === samples ? [eta / samples] : [])].map(stepped);
      const ok = right.some((one) => overTolerance(next, one) <= 1);
      lines.push({ equation: "STEP", layer: l, name: `${name}(τ+1)`, formula, status: ok ? "ok" : "root", local: residual(next, right[0]!), global: null });
      if (ok) continue;
      const make = (key: string, c: number, text: string): Candidate =>
        candidate(["E5"], key, `${name}(τ+1) = ${name} ${text} ${slope}`, { kind: "replace", term: `${text} → − η` }, () => stepped(c));
      const candidates = (): Candidate[] => [
        make("ascent", -eta, "+ η"), make("squared", eta ** 2, "− η²"), make("no rate", 1, "−"), make("doubled", 2 * eta, "− 2η"), make("none", 0, "− 0 ·"),
        ...(samples > 1 ? [make("N", eta * samples, "− ηN"), make("1/N", eta / samples, "− (η/N)")] : []),
      ];
      const observation: Observation = { yours: next, correct: right[0]!, through: (value) => value };
      const place: Place = { equation: "STEP", layer: l, correct: formula, factor: 1, elsewhere: () => [] };
      roots.push(search([observation], candidates(), place)?.diagnosis ?? unknown([observation], place, []));
    }
  }
  return { lines, roots };
}

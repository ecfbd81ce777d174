/** Reports made by hand, for renderers: Mazur's network with σ' forgotten, and one of each other verdict. */

import { costOf, costWords } from "../../../src/network/cost.ts";
import type { Convention, Diagnosis, Line, Report, Residual } from "../../../src/handcheck/report.ts";

const convention: Convention = {
  weights: "out×in",
  samples: "rows",
  layerBase: 1,
  deltaSign: 1,
  reduction: "mean",
  delta: "perSample",
  half: true,
  decay: "λ/n",
};

const exact: Residual = {
  maxAbs: 0,
  maxRel: 0,
  ulps: 0,
  overTolerance: 0,
  at: [0],
  yours: 0.138498562,
  correct: 0.138498562,
};
const off: Residual = {
  maxAbs: 0.0314160679,
  maxRel: 3.16,
  ulps: 1e15,
  overTolerance: 1e14,
  at: [0],
  yours: 0.03635030639314466,
  correct: 0.00877135468948693,
};
const rounding: Residual = { ...exact, maxAbs: 1.1e-16, maxRel: 4e-16, ulps: 2, overTolerance: 0.1 };

const line = (
  equation: Line["equation"],
  layer: number,
  name: string,
  formula: string,
  status: Line["status"],
  local: Residual | null,
  global = local,
): Line => ({ equation, layer, name, formula, status, local, global });

export const missingFactor: Diagnosis = {
  id: "B1",
  equation: "BP2",
  layer: 1,
  confidence: 1,
  yours: "δ¹ = W²ᵀδ²",
  correct: "δ¹ = (W²ᵀδ²) ⊙ σ'(u¹)",
  edit: { kind: "insert", term: "σ'(u¹)" },
  says: { en: "your δ¹ is the correct δ¹ without the factor σ'(u¹).", zh: "你的 δ¹ 等于正确的 δ¹ 少乘了 σ'(u¹)。" },
  alternatives: [],
  example: { index: [0, 0], yours: 0.03635030639314466, correct: 0.00877135468948693 },
  features: [
    {
      en: "yours / correct = 1/σ'(u¹) in every entry, to 16 digits",
      zh: "每个元素的 你的/正确 都等于 1/σ'(u¹)，吻合到 16 位",
    },
  ],
};

export const mistake: Report = {
  schema: "handcheck/1",
  verdict: "mistake",
  network: { sizes: [2, 2, 2], activations: ["sigmoid", "sigmoid"], cost: "quadratic", samples: 1 },
  costSaid: { words: costWords("quadratic"), formula: costOf("quadratic").record.formula },
  convention: { used: convention, inferred: [], note: { en: "yours = ours", zh: "与本工具相同" } },
  lines: [
    line("forward", 1, "u¹", "u¹ = W¹x + b¹", "ok", exact),
    line("forward", 1, "v¹", "v¹ = σ(u¹)", "ok", rounding),
    line("BP1", 2, "δ²", "δ² = (v² − t) ⊙ σ'(u²)", "ok", rounding),
    line("BP3", 2, "∂C/∂b²", "∂C/∂b² = δ²", "ok", exact),
    line("BP4", 2, "∂C/∂W²", "∂C/∂W² = δ²(v¹)ᵀ", "ok", exact),
    line("BP2", 1, "δ¹", "δ¹ = (W²ᵀδ²) ⊙ σ'(u¹)", "root", off),
    line("BP3", 1, "∂C/∂b¹", "∂C/∂b¹ = δ¹", "inherited", exact, off),
    line("BP4", 1, "∂C/∂W¹", "∂C/∂W¹ = δ¹xᵀ", "inherited", exact, {
      ...off,
      at: [1, 0],
      yours: 0.0020685161,
      correct: 0.00049771273526086,
    }),
  ],
  roots: [missingFactor],
  contract: [],
  undecided: [],
  rounding: null,
  blindness: {
    tried: 54,
    missed: [
      { id: "A6", equation: "BP1", layer: 2, why: { en: "1/N: there is one sample only", zh: "1/N：只有一个样本" } },
      { id: "C1", equation: "BP3", layer: 2, why: { en: "1/N: there is one sample only", zh: "1/N：只有一个样本" } },
    ],
    advice: [{ en: "Add a second sample.", zh: "请再加一个样本。" }],
  },
  witness: { autograd: 2.2e-16, difference: 3.1e-11, agrees: true },
  score: { passed: 5, given: 6 },
};

export const correct: Report = {
  ...mistake,
  verdict: "correct",
  lines: mistake.lines.map((one) => ({ ...one, status: "ok", local: rounding, global: rounding })),
  roots: [],
  blindness: { tried: 54, missed: [], advice: [] },
  score: { passed: 6, given: 6 },
};

export const forwardWrong: Report = {
  ...mistake,
  verdict: "forward-wrong",
  lines: [line("forward", 1, "u¹", "u¹ = W¹x + b¹", "root", off), ...mistake.lines.slice(2)],
  roots: [
    {
      ...missingFactor,
      id: "FW1",
      equation: "forward",
      says: { en: "the bias is missing.", zh: "漏了偏置。" },
      yours: "u¹ = W¹x",
      correct: "u¹ = W¹x + b¹",
      edit: { kind: "insert", term: "b¹" },
      features: [],
    },
    missingFactor,
  ],
};

const broken: Residual = {
  ...off,
  maxAbs: NaN,
  maxRel: NaN,
  ulps: Infinity,
  overTolerance: Infinity,
  yours: NaN,
  correct: -0.5,
};

export const contract: Report = {
  ...mistake,
  verdict: "contract",
  lines: [
    line("BP4", 2, "∂C/∂W²", "∂C/∂W² = δ²(v¹)ᵀ", "nan", broken),
    line("BP4", 1, "∂C/∂W¹", "∂C/∂W¹ = δ¹xᵀ", "shape", null),
  ],
  roots: [],
  contract: [{ en: "gradW[1] is 3 × 2 where 2 × 2 is needed.", zh: "gradW[1] 的形状是 3 × 2，应为 2 × 2。" }],
};

export const inconclusive: Report = {
  ...correct,
  verdict: "inconclusive",
  lines: [line("BP2", 1, "δ¹", "δ¹ = (W²ᵀδ²) ⊙ σ'(u¹)", "kink", off)],
};

/** One of each verdict. */
export const reports = { correct, mistake, forwardWrong, contract, inconclusive } as const;

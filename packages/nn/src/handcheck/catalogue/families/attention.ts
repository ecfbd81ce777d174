/** Attention: P = softmax(Q Kᵀ/√d), O = P V, with the mask of causal attention where it is set. */

import { matmul, softmax, slice, tensor, transpose, type Tensor } from "@chainrule/autograd";
import { kernelSlips } from "../../../locales/kernel-slips.ts";
import { slipsOf, type Family, type Settings, type Slip } from "./family.ts";
import { softmaxJacobians } from "./softmax.ts";

const T = (x: Tensor): Tensor => transpose(x) as Tensor;
const by = (a: Tensor, b: Tensor): Tensor => matmul(a, b) as Tensor;

/** 0 where a query may look, and a number below every score where it may not. */
function mask(rows: number, cols: number, dtype: Tensor["dtype"]): Tensor {
  return tensor(
    Float64Array.from({ length: rows * cols }, (_, i) => (i % cols > Math.floor(i / cols) ? -1e9 : 0)),
    { shape: [rows, cols] },
  )
    .mul(1)
    .cast(dtype) as Tensor;
}

/** P */
function weights(q: Tensor, k: Tensor, causal: boolean): Tensor {
  const scores = by(q, T(k)).div(Math.sqrt(q.shape[1]!)) as Tensor;
  return softmax(causal ? (scores.add(mask(q.shape[0]!, k.shape[0]!, q.dtype)) as Tensor) : scores);
}

interface Ingredients {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
  readonly g: Tensor;
  readonly p: Tensor;
  readonly dp: Tensor;
  readonly ds: Tensor;
  readonly root: number;
}

// dV = PᵀG,  dP = G Vᵀ,  dS = P ⊙ (dP − rowsum(P ⊙ dP)),  dQ = dS K/√d,  dK = dSᵀ Q/√d
function ingredients([q, k, v]: readonly Tensor[], g: Tensor, causal: boolean): Ingredients {
  const p = weights(q!, k!, causal);
  const dp = by(g, T(v!));
  const ds = p.mul(dp.sub(p.mul(dp).sum(1, { keepDims: true }))) as Tensor;
  return { q: q!, k: k!, v: v!, g, p, dp, ds, root: Math.sqrt(q!.shape[1]!) };
}

const from =
  (formula: (given: Ingredients) => Tensor | null): Slip["value"] =>
  (inputs, g, s) =>
    formula(ingredients(inputs, g, s.causal === true));

/** With the mask left out of what the backward computes again; nothing else is masked by itself. */
const unmasked =
  (formula: (given: Ingredients) => Tensor): Slip["value"] =>
  (inputs, g, s: Settings) =>
    s.causal === true ? formula(ingredients(inputs, g, false)) : null;

const dq = ({ k, root }: Ingredients, ds: Tensor): Tensor => by(ds, k).div(root) as Tensor;
const dk = ({ q, root }: Ingredients, ds: Tensor): Tensor => by(T(ds), q).div(root) as Tensor;

const squareOf = (m: Tensor): boolean => m.shape[0] === m.shape[1];
const rows = (m: Tensor, start: number, end: number): Tensor => slice(m, [start, 0], [end, m.shape[1]!]);
const columns = (m: Tensor, start: number, end: number): Tensor => slice(m, [0, start], [m.shape[0]!, end]);

/** Sums that stop after the first blocks, or keep the last block alone. */
const blocks = [1, 2, 3, 4, 6, 8, 16].flatMap((size) => [true, false].map((head) => ({ size, head })));

/** Σ over some blocks of the summed axis of left·right. */
function partial(left: Tensor, right: Tensor, { size, head }: (typeof blocks)[number]): Tensor | null {
  const total = right.shape[0]!;
  if (size >= total) return null;
  const [start, end] = head ? [0, size] : [total - size, total];
  return by(columns(left, start, end), rows(right, start, end));
}

const blockSlips = (of: string, parts: (given: Ingredients) => readonly [Tensor, Tensor]): Slip[] =>
  blocks.map((block) => ({
    id: "H5",
    kind: "missing",
    of,
    yours: `the sum over the ${block.head ? "first" : "last"} ${block.size} alone`,
    says: kernelSlips.oneBlockOnly,
    value: from((i) => {
      const [left, right] = parts(i);
      return partial(left, right, block);
    }),
  }));

const scaleMissing = ["H1", "constant", "dS without 1/√d", kernelSlips.scaleForgotten] as const;
const scaleTwice = ["H1", "constant", "dS/d", kernelSlips.scaleTwice] as const;
const maskLost = ["H4", "missing", "P computed again without the mask", kernelSlips.maskLost] as const;

/** The family. */
export const attention: Family = {
  name: "attention",
  inputs: [
    { name: "q", differentiable: true, shape: [5, 3] },
    { name: "k", differentiable: true, shape: [5, 3] },
    { name: "v", differentiable: true, shape: [5, 4] },
  ],
  settings: { causal: false },
  variants: [{ settings: { causal: true }, says: kernelSlips.isCausal }],
  forward: ([q, k, v], s) => by(weights(q!, k!, s.causal === true), v!),
  formulas: { q: "dS K/√d,  dS = P ⊙ (dP − rowsum(P ⊙ dP)),  dP = g Vᵀ", k: "dSᵀ Q/√d", v: "Pᵀ g" },
  slips: [
    ...slipsOf("q", [
      [...scaleMissing, from(({ ds, k }) => by(ds, k))],
      [...scaleTwice, from(({ ds, k, root }) => by(ds, k).div(root * root) as Tensor)],
      [
        "H3",
        "other",
        "dS Q/√d",
        kernelSlips.queryForKey,
        from(({ ds, q, root }) => (squareOf(ds) ? (by(ds, q).div(root) as Tensor) : null)),
      ],
      [
        "H3",
        "other",
        "dSᵀ K/√d",
        kernelSlips.scoresTransposed,
        from(({ ds, k, root }) => (squareOf(ds) ? (by(T(ds), k).div(root) as Tensor) : null)),
      ],
      [...maskLost, unmasked((i) => dq(i, i.ds))],
    ]),
    ...slipsOf("k", [
      [...scaleMissing, from(({ ds, q }) => by(T(ds), q))],
      [...scaleTwice, from(({ ds, q, root }) => by(T(ds), q).div(root * root) as Tensor)],
      [
        "H3",
        "other",
        "dS Q/√d",
        kernelSlips.scoresNotTransposed,
        from(({ ds, q, root }) => (squareOf(ds) ? (by(ds, q).div(root) as Tensor) : null)),
      ],
      [
        "H3",
        "other",
        "dSᵀ K/√d",
        kernelSlips.keyForQuery,
        from(({ ds, k, root }) => (squareOf(ds) ? (by(T(ds), k).div(root) as Tensor) : null)),
      ],
      [...maskLost, unmasked((i) => dk(i, i.ds))],
    ]),
    ...slipsOf("v", [
      ["H3", "other", "P g", kernelSlips.weightsNotTransposed, from(({ p, g }) => (squareOf(p) ? by(p, g) : null))],
      [...maskLost, unmasked(({ p, g }) => by(T(p), g))],
    ]),
    ...softmaxJacobians.flatMap(({ kind, yours, says, value }) => [
      { id: "H2", kind, of: "q", yours: `dS = ${yours}`, says, value: from((i) => dq(i, value(i.p, i.dp))) },
      { id: "H2", kind, of: "k", yours: `dS = ${yours}`, says, value: from((i) => dk(i, value(i.p, i.dp))) },
    ]),
    ...blockSlips("q", ({ ds, k, root }) => [ds.div(root) as Tensor, k]),
    ...blockSlips("k", ({ ds, q, root }) => [T(ds).div(root) as Tensor, q]),
    ...blockSlips("v", ({ p, g }) => [T(p), g]),
  ],
};

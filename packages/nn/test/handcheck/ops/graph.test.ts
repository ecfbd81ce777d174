// A character model as in makemore, differentiated by hand; one wrong line is blamed under its own name, and no other.
import {
  div,
  exp,
  gather,
  log,
  matmul,
  max,
  mean,
  mul,
  neg,
  pow,
  reshape,
  sub,
  sum,
  add,
  tanh,
  tensor,
  type Tensor,
} from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { handcheckGraph, tap } from "../../../src/handcheck/index.ts";
import { Random } from "../../../src/random.ts";

type M = number[][];

const [N, BLOCK, EMB, HID, VOCAB] = [6, 3, 2, 5, 4];
const random = new Random("makemore");
const draw = (rows: number, cols: number): M =>
  Array.from({ length: rows }, () => Array.from(random.normalArray(cols)));
const Xb = Array.from({ length: N }, (_, n) => Array.from({ length: BLOCK }, (_v, k) => (n * 2 + k * k) % VOCAB));
const Yb = Array.from({ length: N }, (_, n) => (3 * n + 1) % VOCAB);
const inputs = {
  C: draw(VOCAB, EMB),
  W1: draw(BLOCK * EMB, HID),
  gain: draw(1, HID),
  bias: draw(1, HID),
  W2: draw(HID, VOCAB),
  b2: draw(1, VOCAB),
};

const T = (x: unknown): Tensor => x as Tensor;

function loss(p: Readonly<Record<string, Tensor>>): Tensor {
  const emb = tap("emb", gather(p.C!, Xb));
  const embcat = tap("embcat", T(reshape(emb, [N, BLOCK * EMB])));
  const hprebn = tap("hprebn", T(matmul(embcat, p.W1!)));
  const diff = tap("diff", T(sub(hprebn, mean(hprebn, 0, { keepDims: true }))));
  const variance = tap("var", T(div(sum(T(mul(diff, diff)), 0, { keepDims: true }), N - 1)));
  const inv = tap("inv", T(pow(T(add(variance, 1e-5)), -0.5)));
  const raw = tap("raw", T(mul(diff, inv)));
  const hpre = tap("hpre", T(add(T(mul(p.gain!, raw)), p.bias!)));
  const h = tap("h", T(tanh(hpre)));
  const logits = tap("logits", T(add(T(matmul(h, p.W2!)), p.b2!)));
  const maxes = tap("maxes", T(max(logits, 1, { keepDims: true })));
  const norm = tap("norm", T(sub(logits, maxes)));
  const counts = tap("counts", T(exp(norm)));
  const total = tap("total", T(sum(counts, 1, { keepDims: true })));
  const suminv = tap("suminv", T(pow(total, -1)));
  const probs = tap("probs", T(mul(counts, suminv)));
  const target = tensor(
    Float64Array.from({ length: N * VOCAB }, (_, i) => (Yb[Math.floor(i / VOCAB)] === i % VOCAB ? 1 / N : 0)),
    { shape: [N, VOCAB] },
  );
  return T(neg(sum(T(mul(T(log(probs)), target)))));
}

const t = (a: M): M => a[0]!.map((_, j) => a.map((row) => row[j]!));
const by = (a: M, b: M): M => a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const down = (a: M): M => [t(a).map((col) => col.reduce((s, v) => s + v, 0))];
const across = (a: M): M => a.map((row) => [row.reduce((s, v) => s + v, 0)]);

/** Every line by hand; `slip` makes one of them wrong. */
function byHand(slip = ""): Record<string, unknown> {
  const { C, W1, gain, bias, W2, b2 } = inputs;
  const embcat = Xb.map((ids) => ids.flatMap((id) => C[id]!));
  const hprebn = by(embcat, W1);
  const mu = down(hprebn)[0]!.map((v) => v / N);
  const diff = each(hprebn, (v, _i, j) => v - mu[j]!);
  const variance = down(each(diff, (v) => v * v))[0]!.map((v) => v / (N - 1));
  const inv = variance.map((v) => (v + 1e-5) ** -0.5);
  const raw = each(diff, (v, _i, j) => v * inv[j]!);
  const h = each(raw, (v, _i, j) => Math.tanh(v * gain[0]![j]! + bias[0]![j]!));
  const logits = each(by(h, W2), (v, _i, j) => v + b2[0]![j]!);
  const counts = each(logits, (v, i) => Math.exp(v - Math.max(...logits[i]!)));
  const total = across(counts);
  const probs = each(counts, (v, i) => v / total[i]![0]!);

  const dprobs = each(probs, (p, i, j) => (Yb[i] === j ? -1 / (N * p) : 0));
  const dsuminv = across(each(dprobs, (v, i, j) => v * counts[i]![j]!));
  const dtotal = each(dsuminv, (v, i) => -v / total[i]![0]! ** 2);
  const dcounts = each(dprobs, (v, i) => v / total[i]![0]! + (slip === "counts" ? 0 : dtotal[i]![0]!));
  const dnorm = each(dcounts, (v, i, j) => v * counts[i]![j]!);
  const dmaxes = across(each(dnorm, (v) => -v));
  const dlogits = dnorm;
  const dh = by(dlogits, t(slip === "h" ? [...W2].reverse() : W2));
  const dhpre = each(dh, (v, i, j) => (slip === "hpre" ? 1 - h[i]![j]! : 1 - h[i]![j]! ** 2) * v);
  const draw_ = each(dhpre, (v, _i, j) => v * gain[0]![j]!);
  const dinv = down(each(draw_, (v, i, j) => v * diff[i]![j]!));
  const dvar = each(dinv, (v, _i, j) => -0.5 * v * (variance[j]! + 1e-5) ** -1.5);
  const ddiff = each(
    draw_,
    (v, i, j) =>
      v * inv[j]! + (slip === "diff" ? 0 : (2 * diff[i]![j]! * dvar[0]![j]!) / (slip === "bessel" ? N : N - 1)),
  );
  const mean_ = down(ddiff)[0]!.map((v) => v / N);
  const dhprebn = each(ddiff, (v, _i, j) => v - (slip === "mean" ? 0 : mean_[j]!));
  const dembcat = by(dhprebn, t(W1));
  const dC = each(C, () => 0);
  dembcat.forEach((row, n) =>
    row.forEach((v, k) => {
      const id = Xb[n]![Math.floor(k / EMB)]!;
      dC[id]![k % EMB] = slip === "C" ? v : dC[id]![k % EMB]! + v;
    }),
  );
  return {
    dprobs,
    dsuminv,
    dtotal,
    dcounts,
    dnorm,
    dmaxes,
    dlogits,
    dh,
    dhpre,
    draw: draw_,
    dinv,
    dvar,
    ddiff,
    dhprebn,
    dembcat,
    dW2: by(t(h), dlogits),
    db2: slip === "b2" ? each(down(dlogits), (v) => v / N) : down(dlogits),
    dgain: down(each(raw, (v, i, j) => v * dhpre[i]![j]!)),
    dbias: slip === "bias" ? dhpre : down(dhpre),
    dW1: by(t(embcat), dhprebn),
    "C.grad": dC,
  };
}

describe("a model differentiated line by line", () => {
  it("is right, and says what cancels", () => {
    const report = handcheckGraph(loss, inputs, byHand());
    expect(report.roots).toEqual([]);
    expect(report.lines.every(({ status }) => status === "ok")).toBe(true);
    expect([report.verdict, report.score.passed, report.score.given]).toEqual(["correct", 21, 21]);
    expect(report.notes.map(({ en }) => en).join()).toContain("dmaxes cancels");
    // Leaving it out, or taking it as 0, is as right.
    expect(handcheckGraph(loss, inputs, { ...byHand(), dmaxes: Array.from({ length: N }, () => [0]) }).verdict).toBe(
      "correct",
    );
    expect(handcheckGraph(loss, inputs, { ...byHand(), dmaxes: undefined }).verdict).toBe("correct");
  });

  it.each([
    ["counts", "dcounts", "B19"],
    ["h", "dh", "unknown"],
    ["hpre", "dhpre", "B9"],
    ["diff", "ddiff", "B19"],
    ["bessel", "ddiff", "F5"],
    ["mean", "dhprebn", "F3"],
    ["C", "dC", "I2"],
    ["b2", "db2", "C1"],
  ])("with a slip at %s blames %s alone", (slip, of, id) => {
    const report = handcheckGraph(loss, inputs, byHand(slip));
    expect(report.roots.map((root) => [root.of.join(), root.id])).toEqual([[of, id]]);
    expect(report.verdict).toBe("mistake");
    const below = report.lines.slice(report.lines.findIndex(({ name }) => name === of) + 1);
    if (slip === "counts") expect(below.filter(({ status }) => status === "inherited").length).toBeGreaterThan(10);
    expect(report.lines.filter(({ status }) => status === "root").length).toBe(1);
  });

  it("names what is not summed back by its shape", () => {
    const report = handcheckGraph(loss, inputs, byHand("bias"));
    expect(report.roots.map((root) => [root.of.join(), root.id])).toEqual([["dbias", "I3"]]);
  });

  it("separates two mistakes, and reads numbers of few digits and of float32", () => {
    const two = { ...byHand("diff"), db2: byHand("b2").db2 };
    expect(handcheckGraph(loss, inputs, two).roots.map((root) => root.of.join())).toEqual(["ddiff", "db2"]);
    const through = (f: (x: number) => number, hand: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(hand).map(([name, x]) => [name, each(x as M, f)]));
    const float32 = handcheckGraph(loss, inputs, through(Math.fround, byHand("diff")));
    expect([float32.dtype, float32.roots.map((root) => root.of.join())]).toEqual(["float32", ["ddiff"]]);
    expect(handcheckGraph(loss, inputs, through(Math.fround, byHand())).verdict).toBe("correct");
    const few = (x: number): number => Number(x.toFixed(6));
    expect(handcheckGraph(loss, inputs, through(few, byHand()), { digits: 5 }).verdict).toBe("correct");
    expect(
      handcheckGraph(loss, inputs, through(few, byHand("diff")), { digits: 5 }).roots.map((root) => root.of.join()),
    ).toEqual(["ddiff"]);
  });

  it("tap is the identity elsewhere, and names are unique", () => {
    const x = tensor([1, 2]);
    expect(tap("x", x)).toBe(x);
    expect(() =>
      handcheckGraph(({ x: one }) => T(sum(T(add(tap("a", one!), tap("a", one!))))), { x: [1, 2] }, { dx: [2, 2] }),
    ).toThrow('two values are named "a"');
    expect(() => handcheckGraph(loss, inputs, { dnothing: 1 })).toThrow("belongs to no tap");
  });

  it("prints itself", () => {
    const text = handcheckGraph(loss, inputs, byHand("counts"), { name: "makemore" }).toText();
    expect(text).toContain("the path through");
    expect(text).toContain("inherited");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

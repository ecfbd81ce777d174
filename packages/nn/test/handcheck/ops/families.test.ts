// Every mistake of the families, planted in plain loops that know nothing of the check, is found under its name.
import { describe, expect, it } from "vitest";
import { checkOp, type CheckOpOptions, type Kernel } from "../../../src/handcheck/index.ts";
import { conv, convLast, pool } from "./kernels-conv.ts";
import { batchNorm, layerNorm, rmsNorm } from "./kernels-norm.ts";
import {
  attention,
  bias,
  clip,
  columnScale,
  dropout,
  embedding,
  huber,
  logSumExp,
  relu,
  softmax,
  softmaxLoss,
} from "./kernels-other.ts";

const last = {
  family: "conv2d",
  settings: { layout: "nhwc", pad: 1 },
  shapes: [[2, 5, 6, 3], [3, 3, 3, 3], [3]],
} as const;

type Row = readonly [id: string, of: string, mistake: string, kernel: Kernel, options: CheckOpOptions];

const strided = {
  family: "conv2d",
  settings: { stride: 2, pad: 1 },
  shapes: [[2, 2, 5, 7], [3, 2, 3, 3], [3]],
} as const;
const padded = { family: "conv2d", settings: { pad: 1 }, shapes: [[2, 3, 5, 6], [3, 3, 3, 3], [3]] } as const;

const rows: readonly Row[] = [
  ...["F1", "F2", "F3", "F4 gamma", "F4 sums", "F4 axis", "F5", "F6", "F6 inside", "F7", "F7 odd"].map((m): Row => [
    m.slice(0, 2),
    "dx",
    m,
    batchNorm(m),
    { family: "batchNorm" },
  ]),
  ["F5", "dx", "F5 from n − 1", batchNorm("F5", { bessel: 1 }), { family: "batchNorm" }],
  ["F8", "dgamma", "x", batchNorm("F8 x"), { family: "batchNorm" }],
  ["F8", "dgamma", "centered", batchNorm("F8 centered"), { family: "batchNorm" }],
  ["F8", "dgamma,dbeta", "swapped", batchNorm("F8 swapped"), { family: "batchNorm" }],
  ["F8", "dgamma,dbeta", "mean", batchNorm("F8 mean"), { family: "batchNorm" }],
  ["F8", "dbeta", "unsummed", batchNorm("F8 unsummed"), { family: "batchNorm" }],
  ...["constants", "batch", "after", "rms", "mean twice", "averaged twice", "one averaged twice", "sums"].map(
    (m): Row => ["F9", "dx", m, layerNorm(m), { family: "layerNorm" }],
  ),
  ...["G1", "G1 axis", "G1 transposed", "G3"].map((m): Row => [m.slice(0, 2), "dx", m, conv(m, 1, 1), padded]),
  ["G2", "dx", "valid", conv("G2"), { family: "conv2d" }],
  ["G4", "dw", "rotated", conv("G4 rotated", 1, 1), padded],
  ["G4", "dw", "transposed", conv("G4 transposed", 1, 1), padded],
  ["G4", "dw", "channels", conv("G4 channels"), { family: "conv2d" }],
  ["G5", "db", "mean", conv("G5 mean"), { family: "conv2d" }],
  ["G5", "db", "channels", conv("G5 channels"), { family: "conv2d" }],
  ["G7", "dx", "stride", conv("G7", 2, 1), strided],
  ["G7", "dw", "stride", conv("G7 dw", 2, 1), strided],
  ["G3", "dw", "padding", conv("G3 dw", 1, 1), padded],
  ...["G1", "G1 axis", "G1 transposed", "G3"].map((m): Row => [
    m.slice(0, 2),
    "dx",
    `${m}, channels last`,
    convLast(m, 1, 1),
    last,
  ]),
  ["G4", "dw", "rotated, channels last", convLast("G4 rotated", 1, 1), last],
  ["G4", "dw", "transposed, channels last", convLast("G4 transposed", 1, 1), last],
  ["G5", "db", "mean, channels last", convLast("G5 mean", 1, 1), last],
  [
    "G7",
    "dx",
    "stride, channels last",
    convLast("G7", 2, 1),
    { family: "conv2d", settings: { layout: "nhwc", stride: 2, pad: 1 }, shapes: [[2, 5, 7, 2], [3, 3, 2, 3], [3]] },
  ],
  [
    "G5",
    "db",
    "the channels taken for the second axis",
    convLast("G5 axis"),
    { family: "conv2d", settings: { layout: "nhwc" }, shapes: [[2, 6, 6, 3], [3, 3, 3, 4], [4]] },
  ],
  ...["constants", "layer norm", "after", "gamma", "sum", "sign", "x", "x twice", "half", "batch"].map((m): Row => [
    "F9",
    "dx",
    `RMS norm, ${m}`,
    rmsNorm(m),
    { family: "rmsNorm" },
  ]),
  ["F6", "dx", "RMS norm, ε", rmsNorm("eps"), { family: "rmsNorm" }],
  ["F9", "dgamma", "RMS norm, x", rmsNorm("dgamma x"), { family: "rmsNorm" }],
  ["F9", "dgamma", "RMS norm, mean", rmsNorm("dgamma mean"), { family: "rmsNorm" }],
  ...["spread", "copied", "argmin", "value", "ties"].map((m): Row => ["G6", "dx", m, pool(m), { family: "maxPool" }]),
  ["H1", "dq,dk", "1", attention("H1"), { family: "attention" }],
  ["H1", "dq,dk", "d", attention("H1 d"), { family: "attention" }],
  ...["H2 forgotten", "H2 diagonal", "H2 row sum", "H2 axis", "H2 plain"].map((m): Row => [
    "H2",
    "dq,dk",
    m,
    attention(m),
    { family: "attention" },
  ]),
  ["H3", "dv", "P g", attention("H3 dv"), { family: "attention" }],
  ["H3", "dk", "dS", attention("H3 ds"), { family: "attention" }],
  ["H3", "dq", "Q for K", attention("H3 qk"), { family: "attention" }],
  ["H4", "dq,dk,dv", "mask", attention("H4", true), { family: "attention", settings: { causal: true } }],
  ["H5", "dk", "block", attention("H5"), { family: "attention" }],
  ["H2", "dx", "softmax", softmax("diagonal"), { family: "softmax" }],
  ["H2", "dx", "1 − p", softmax("one"), { family: "softmax" }],
  ["A13", "dx", "the diagonal in the loss", softmaxLoss("diagonal"), { family: "softmaxLoss" }],
  ["I1", "dx", "mask", dropout("mask"), { family: "dropout" }],
  ["I1", "dx", "scale", dropout("scale"), { family: "dropout" }],
  ["I1", "dx", "scale twice", dropout("twice"), { family: "dropout" }],
  ["I1", "dx", "p for 1 − p", dropout("p"), { family: "dropout" }],
  ["I2", "dtable", "overwrite", embedding("overwrite"), { family: "embedding" }],
  ["I3", "db", "unsummed", bias("unsummed"), { family: "broadcastAdd" }],
  ["I3", "db", "mean", bias("mean"), { family: "broadcastAdd" }],
  ["I3", "ds", "unsummed", columnScale("unsummed"), { family: "broadcastMul" }],
  ["I4", "dx", "half", logSumExp("half"), { family: "logSumExp" }],
  ["I5", "dx", "slope 2", relu("", 2), { family: "relu" }],
  ["B12", "dx", "gate", relu("gate"), { family: "relu" }],
  ["I6", "dx", "value", huber("value"), { family: "huber" }],
  ["I6", "dx", "through", clip("through"), { family: "clip" }],
];

describe("a planted mistake", () => {
  it.each(rows)("%s in %s (%s) is named", (id, of, _, kernel, options) => {
    const report = checkOp(kernel, options);
    expect(report.forward!.status).toBe("ok");
    expect(report.roots.map((root) => `${root.id} ${root.of.join(",")}`)).toEqual([`${id} ${of}`]);
    expect(report.roots[0]!.confidence).toBe(1);
    expect(report.verdict).toBe("mistake");
    expect(report.roots[0]!.says.zh).not.toBe("");
  });

  it("is named whatever the seed and the type", () => {
    for (const seed of [2, 3, "another"]) {
      expect(checkOp(batchNorm("F6"), { family: "batchNorm", seed }).roots[0]!.id).toBe("F6");
      expect(checkOp(attention("H2 axis"), { family: "attention", seed }).roots[0]!.id).toBe("H2");
    }
    const report = checkOp(batchNorm("F3", { round: Math.fround }), { family: "batchNorm", dtype: "float32" });
    expect(report.roots.map(({ id }) => id)).toEqual(["F3"]);
  });

  it("of a shape is said in words where no family is named", () => {
    const report = checkOp(bias("unsummed"), {
      shapes: [[4, 5], [5]],
      like: (x: never, b: never) => (x as { add: (y: unknown) => never }).add(b),
    });
    expect(report.verdict).toBe("contract");
    expect(report.toText()).toContain("[I3]");
  });
});

const right: readonly (readonly [string, Kernel, CheckOpOptions])[] = [
  ["batch norm", batchNorm(), { family: "batchNorm" }],
  ["batch norm, wide", batchNorm(), { family: "batchNorm", shapes: [[3, 7], [7], [7]] }],
  ["batch norm with n − 1", batchNorm("", { bessel: 1 }), { family: "batchNorm" }],
  ["batch norm with another ε", batchNorm("", { eps: 1e-3 }), { family: "batchNorm" }],
  ["batch norm in float32", batchNorm("", { round: Math.fround }), { family: "batchNorm", dtype: "float32" }],
  ["layer norm", layerNorm(), { family: "layerNorm" }],
  ["layer norm, another shape", layerNorm(), { family: "layerNorm", shapes: [[7, 3], [3], [3]] }],
  ["convolution", conv(), { family: "conv2d" }],
  ["convolution, padded", conv("", 1, 1), padded],
  ["convolution with a stride", conv("", 2, 1), strided],
  ["convolution, channels last", convLast(), { family: "conv2d", settings: { layout: "nhwc" } }],
  [
    "convolution, channels last, with a stride",
    convLast("", 2, 1),
    { family: "conv2d", settings: { layout: "nhwc", stride: 2, pad: 1 }, shapes: [[2, 5, 7, 2], [3, 3, 2, 3], [3]] },
  ],
  ["RMS norm", rmsNorm(), { family: "rmsNorm" }],
  ["RMS norm with another ε", rmsNorm("", { eps: 1e-6 }), { family: "rmsNorm" }],
  ["max-pooling", pool(), { family: "maxPool" }],
  ["attention", attention(), { family: "attention" }],
  [
    "attention, other lengths",
    attention(),
    {
      family: "attention",
      shapes: [
        [3, 4],
        [6, 4],
        [6, 2],
      ],
    },
  ],
  ["causal attention, not announced", attention("", true), { family: "attention" }],
  ["dropout", dropout(), { family: "dropout" }],
  ["dropout with another p", dropout("", 0.5), { family: "dropout" }],
  ["embedding", embedding(), { family: "embedding" }],
  ["bias", bias(), { family: "broadcastAdd" }],
  ["column scale", columnScale(), { family: "broadcastMul" }],
  ["log-sum-exp", logSumExp(), { family: "logSumExp" }],
  ["relu with slope 0 at 0", relu(), { family: "relu" }],
  ["relu with slope ½ at 0", relu("", 0.5), { family: "relu" }],
  ["relu with slope 1 at 0", relu("", 1), { family: "relu" }],
  ["huber", huber(), { family: "huber" }],
  ["clip", clip(), { family: "clip" }],
  ["softmax", softmax(), { family: "softmax" }],
  ["softmax and its loss", softmaxLoss(), { family: "softmaxLoss" }],
];

describe("a layout", () => {
  it("that a family does not have is refused", () => {
    expect(() => checkOp(rmsNorm(), { family: "rmsNorm", settings: { layout: "nhwc" } })).toThrow(
      "rmsNorm has no layout nhwc",
    );
    expect(() => checkOp(convLast(), { family: "conv2d", settings: { layout: "nwhc" } })).toThrow("no layout nwhc");
    // Channels first where they are last is another operation.
    expect(
      checkOp(convLast(), { family: "conv2d", settings: { layout: "nhwc" }, shapes: [[1, 4, 4, 4], [2, 2, 4, 4], [4]] })
        .verdict,
    ).toBe("correct");
    expect(checkOp(convLast(), { family: "conv2d", shapes: [[1, 4, 4, 4], [4, 4, 4, 4], [4]] }).verdict).toBe(
      "forward-wrong",
    );
  });
});

describe("a right kernel", () => {
  it.each(right)("passes: %s", (_, kernel, options) => {
    const report = checkOp(kernel, options);
    expect(report.roots).toEqual([]);
    expect([report.verdict, report.exitCode]).toEqual(["correct", 0]);
    expect(report.witness!.agrees).toBe(true);
  });

  it("passes by differences of its own forward, without any reference", () => {
    for (const [, kernel, { family, shapes, settings, dtype }] of right) {
      if (family === "dropout" || family === "embedding" || family === "softmaxLoss" || settings !== undefined)
        continue;
      const sizes = shapes ??
        {
          batchNorm: [[6, 4], [4], [4]],
          rmsNorm: [[4, 6], [6]],
          layerNorm: [[4, 6], [6], [6]],
          conv2d: [[1, 2, 4, 4], [2, 2, 3, 3], [2]],
          maxPool: [[1, 2, 4, 4]],
          attention: [
            [3, 2],
            [3, 2],
            [3, 2],
          ],
          broadcastAdd: [[4, 5], [5]],
          broadcastMul: [
            [4, 5],
            [4, 1],
          ],
        }[family as string] ?? [[4, 5]];
      const names = family === "layerNorm" || family === "rmsNorm" ? ["x", "gamma", "beta"] : [];
      const report = checkOp(kernel, { shapes: sizes, names, ...(dtype === undefined ? {} : { dtype }) });
      expect([kernel.name, report.verdict, report.reference]).toEqual([kernel.name, "correct", "differences"]);
    }
  });
});

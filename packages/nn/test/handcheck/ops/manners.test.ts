// What a kernel does apart from its numbers: upstream ignored, arguments written into, chance, memory; and low
// precision.
import { softmax, type Tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { checkOp, type Kernel, type Strided } from "../../../src/handcheck/index.ts";
import { roundTo } from "../../../src/handcheck/bounds/precision.ts";
import { NumpyRandomState } from "../../../src/random-legacy.ts";
import { conv, convLast } from "./kernels-conv.ts";
import { batchNorm } from "./kernels-norm.ts";
import { columnsOf } from "../../../src/handcheck/report/width.ts";

type M = number[][];

const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const softRow = (row: readonly number[]): number[] => {
  const e = row.map((v) => Math.exp(v - Math.max(...row)));
  return e.map((v) => v / sum(e));
};

/** SoftmaxWithLoss of "Deep Learning from Scratch": backward(dout=1) that never reads dout. */
const softmaxWithLoss = (uses: boolean): Kernel => ({
  name: "SoftmaxWithLoss",
  forward: (x: M, t: M): number =>
    -sum(x.map((row, i) => sum(softRow(row).map((p, j) => t[i]![j]! * Math.log(p))))) / x.length,
  backward: (dout: number, x: M, t: M) =>
    x.map((row, i) => softRow(row).map((p, j) => ((uses ? dout : 1) * (p - t[i]![j]!)) / x.length)),
});

/** Relu of "Deep Learning from Scratch": the mask is kept from the forward, and dout is written into. */
function reluFromScratch(): Kernel {
  let mask: boolean[][] = [];
  return {
    name: "Relu",
    forward: (x: M): M => {
      mask = x.map((row) => row.map((v) => v <= 0));
      return each(x, (v, i, j) => (mask[i]![j]! ? 0 : v));
    },
    backward: (dout: M): M => {
      dout.forEach((row, i) => row.forEach((_, j) => (mask[i]![j]! ? (row[j] = 0) : 0)));
      return dout;
    },
  };
}

describe("the museum", () => {
  it("SoftmaxWithLoss ignores dout: E9", () => {
    const report = checkOp(softmaxWithLoss(false), { family: "softmaxLoss" });
    expect(report.roots.map(({ id }) => id)).toEqual(["E9"]);
    expect([report.verdict, report.exitCode]).toEqual(["mistake", 1]);
    expect(checkOp(softmaxWithLoss(true), { family: "softmaxLoss" }).verdict).toBe("correct");
    expect(
      checkOp(softmaxWithLoss(false), {
        inputs: [
          [
            [0.3, -1, 0.5],
            [1.2, 0.1, -0.4],
          ],
          [
            [0, 1, 0],
            [1, 0, 0],
          ],
        ],
        differentiable: [true, false],
      }).roots.map(({ id }) => id),
    ).toEqual(["E9"]);
  });

  it("Relu writes into dout: E10, and its numbers are right", () => {
    const report = checkOp(reluFromScratch(), { family: "relu" });
    expect(report.roots.map(({ id }) => id)).toEqual(["E10"]);
    expect(report.lines.map(({ status }) => status)).toEqual(["ok"]);
    expect([report.verdict, report.exitCode]).toEqual(["contract", 3]);
  });

  it("a kernel that is not turned has the same mean and is named G1 all the same", () => {
    const shapes = [[1, 1, 6, 6], [1, 1, 3, 3], [1]];
    const g = [
      [
        [
          [1, 2, 3, 4],
          [2, -1, 0, 1],
          [3, 1, 1, 2],
          [0, 1, 2, -3],
        ],
      ],
    ];
    const x = [[Array.from({ length: 6 }, () => new Array<number>(6).fill(0))]];
    const w = [
      [
        [
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 10],
        ],
      ],
    ];
    const dx = (mistake: string): number[] => {
      const [first] = (conv(mistake).backward as (...xs: unknown[]) => unknown[])(g, x, w);
      return (first as number[][][][]).flat(3);
    };
    expect(sum(dx("G1"))).toBeCloseTo(sum(dx("")), 10);
    expect(Math.max(...dx("G1").map((v, i) => Math.abs(v - dx("")[i]!)))).toBeGreaterThan(1);
    expect(checkOp(conv("G1"), { family: "conv2d", shapes }).roots.map(({ id }) => id)).toEqual(["G1"]);
  });

  it("the course's grader of a convolution compares means, which the kernel that is not turned has too: G1", () => {
    // np.random.seed(1), A_prev (10, 4, 4, 3), W (2, 2, 3, 8), b (1, 1, 1, 8), stride 2, pad 2; the upstream gradient
    // is Z itself.
    const numpy = new NumpyRandomState(1);
    const randn = (...[size, ...rest]: readonly number[]): unknown =>
      Array.from({ length: size! }, () => (rest.length === 0 ? numpy.randn() : randn(...rest)));
    const [x, w] = [randn(10, 4, 4, 3), randn(2, 2, 3, 8)];
    const b = (randn(1, 1, 1, 8) as number[][][][]).flat(3);
    const flat = (values: unknown): number[] => (values as number[][][][]).flat(3);
    const mean = (values: unknown): number => sum(flat(values)) / flat(values).length;
    const run = (mistake: string): readonly unknown[] => {
      const kernel = convLast(mistake, 2, 2) as unknown as Record<
        "forward" | "backward",
        (...xs: unknown[]) => unknown
      >;
      return kernel.backward(kernel.forward(x, w, b), x, w) as unknown[];
    };
    const [right, wrong] = [run(""), run("G1")];
    // What the course prints: dA_mean, dW_mean, db_mean.
    expect(mean(right[0])).toBeCloseTo(1.45243777754, 11);
    expect(mean(right[1])).toBeCloseTo(1.72699145831, 11);
    expect(sum(right[2] as number[]) / 8).toBeCloseTo(7.83923256462, 11);
    expect(mean(wrong[0])).toBeCloseTo(mean(right[0]), 12);
    const off = Math.hypot(...flat(wrong[0]).map((v, i) => v - flat(right[0])[i]!)) / Math.hypot(...flat(right[0]));
    expect(off).toBeCloseTo(1.302974489806685, 10);
    const options = { family: "conv2d", settings: { layout: "nhwc", stride: 2, pad: 2 }, inputs: [x, w, b] } as const;
    expect(checkOp(convLast("", 2, 2), options).verdict).toBe("correct");
    expect(checkOp(convLast("G1", 2, 2), options).roots.map(({ id, of }) => [id, ...of])).toEqual([["G1", "dx"]]);
  });

  it("the maximum on the gradient instead of the gate, from a CS231n write-up: B12", () => {
    const kernel: Kernel = {
      name: "hidden",
      forward: (x: M): M => each(x, (v) => Math.max(0, v)),
      backward: (g: M): M => each(g, (v) => Math.max(0, v)),
    };
    expect(checkOp(kernel, { family: "relu" }).roots.map(({ id }) => id)).toEqual(["B12"]);
  });
});

const square = (backward: Kernel["backward"], layout?: Kernel["layout"]): Kernel => ({
  name: "square",
  forward:
    layout === undefined
      ? (x: M): M => each(x, (v) => v * v)
      : (x: Strided) => ({ data: x.data.map((v) => v * v), shape: x.shape }),
  backward,
  ...(layout === undefined ? {} : { layout }),
});

const squared = (x: Tensor): Tensor => x.mul(x) as Tensor;
const options = { shapes: [[3, 4]], like: squared };

describe("manners", () => {
  it("chance is E11", () => {
    const report = checkOp(
      square((g: M, x: M) => each(g, (v, i, j) => 2 * v * x[i]![j]! * (Math.random() < 0.5 ? 1 : 1.0001))),
      options,
    );
    expect(report.roots.map(({ id }) => id)).toEqual(["E11"]);
    expect(report.verdict).toBe("contract");
  });

  it("an upstream gradient taken to lie in one piece is E12", () => {
    const careless = square(
      (g: Strided, x: Strided) => ({ data: g.data.map((v, k) => 2 * v * (x.data[k] ?? 0)), shape: x.shape }),
      "strided",
    );
    expect(checkOp(careless, options).roots.map(({ id }) => id)).toEqual(["E12"]);
    const careful = square(
      (g: Strided, x: Strided) => ({
        shape: x.shape,
        data: x.data.map(
          (v, k) => 2 * v * g.data[g.offset + Math.floor(k / 4) * g.strides[0]! + (k % 4) * g.strides[1]!]!,
        ),
      }),
      "strided",
    );
    expect(checkOp(careful, options).verdict).toBe("correct");
    const bufferReader = square(
      (g: Strided, x: Strided) => ({
        data: new Float64Array(g.data.buffer, 0, x.data.length).map((v, k) => 2 * v * x.data[k]!),
        shape: x.shape,
      }),
      "flat",
    );
    expect(checkOp(bufferReader, options).roots.map(({ id }) => id)).toEqual(["E12"]);
  });

  it("NaN, a missing gradient and a wrong forward each have their verdict", () => {
    expect(
      checkOp(
        square((g: M) => each(g, () => NaN)),
        options,
      ).lines[0]!.status,
    ).toBe("nan");
    expect(
      checkOp(
        square((g: M) => each(g, () => NaN)),
        options,
      ).exitCode,
    ).toBe(3);
    expect(
      checkOp(
        square(() => ({})),
        options,
      ).lines[0]!.status,
    ).toBe("missing");
    const cubic: Kernel = {
      name: "cube",
      forward: (x: M): M => each(x, (v) => v ** 3),
      backward: (g: M, x: M) => each(g, (v, i, j) => 3 * v * x[i]![j]! ** 2),
    };
    const report = checkOp(cubic, options);
    expect([report.verdict, report.exitCode, report.reference]).toEqual(["forward-wrong", 2, "differences"]);
    expect(report.lines[0]!.status).toBe("ok");
  });

  it("what no table knows is described: factors, and what is not linear", () => {
    const half = checkOp(
      square((g: M, x: M) => each(g, (v, i, j) => v * x[i]![j]!)),
      options,
    );
    expect(half.roots[0]!.id).toBe("unknown");
    expect(half.roots[0]!.says.en).toContain("1/2");
    const bent = checkOp(
      square((g: M, x: M) => each(g, (v, i, j) => 2 * v * v * x[i]![j]!)),
      options,
    );
    expect(bent.roots[0]!.features.map(({ en }) => en).join()).toContain("not linear");
  });

  it("the text of a report is 80 columns wide at most", () => {
    const text = checkOp(batchNorm("F1"), { family: "batchNorm" }).toText();
    expect(text).toContain("[F1]");
    expect(text).toContain("the sums over axis 0 must be 0, and yours are not");
    expect(Math.max(...text.split("\n").map(columnsOf))).toBeLessThanOrEqual(80);
  });
});

describe("low precision", () => {
  const inHalf = (wrong: boolean): Kernel => {
    const r = (v: number): number => roundTo("float16", v);
    const p = (x: M): M =>
      x.map((row) => {
        const e = row.map((v) => r(Math.exp(r(v - Math.max(...row)))));
        const total = r(sum(e));
        return e.map((v) => r(v / total));
      });
    return {
      name: "softmax in float16",
      forward: p,
      backward: (g: M, x: M) =>
        p(x).map((row, i) => {
          const total = r(sum(row.map((v, j) => r(v * g[i]![j]!))));
          return row.map((v, j) => r(v * r(g[i]![j]! - (wrong ? 0 : total))));
        }),
    };
  };

  it("a float16 kernel is as good as the straightforward one, or named", () => {
    const like = (x: Tensor): Tensor => softmax(x);
    expect(checkOp(inHalf(false), { shapes: [[4, 6]], like, dtype: "float16" }).verdict).toBe("correct");
    expect(checkOp(inHalf(false), { shapes: [[4, 6]], like }).verdict).not.toBe("correct");
    expect(checkOp(inHalf(true), { family: "softmax", dtype: "float16" }).roots.map(({ id }) => id)).toEqual(["H2"]);
  });

  it("rounds as the types do", () => {
    expect([
      roundTo("float16", 0.1),
      roundTo("float16", 65519),
      roundTo("float16", 65520),
      roundTo("float16", 2 ** -25),
    ]).toEqual([0.0999755859375, 65504, Infinity, 0]);
    expect([roundTo("bfloat16", 0.1), roundTo("bfloat16", 1 + 2 ** -8)]).toEqual([0.10009765625, 1]);
  });
});

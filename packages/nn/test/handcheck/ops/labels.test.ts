// A loss of classes that is p − y where labels sum to 1 is right, whatever its labels are called.
import { describe, expect, it } from "vitest";
import { checkOp, type Kernel } from "../../../src/handcheck/index.ts";

type Rows = readonly (readonly number[])[];

const softmax = (x: Rows): number[][] =>
  x.map((row) => {
    const powers = row.map((one) => Math.exp(one - Math.max(...row)));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((one) => one / sum);
  });
const loss = (x: Rows, y: Rows): number =>
  softmax(x).reduce((sum, row, n) => sum - row.reduce((inner, p, k) => inner + y[n]![k]! * Math.log(p), 0), 0) /
  x.length;
const gradient =
  (scale: (n: number) => number) =>
  (x: Rows, y: Rows): number[][] =>
    softmax(x).map((row, n) => row.map((p, k) => (p - y[n]![k]!) / scale(x.length)));

const kernel = (backward: (x: Rows, y: Rows) => number[][]): Kernel =>
  ({ name: "loss", forward: loss, backward: (x: Rows, y: Rows) => [backward(x, y)] }) as unknown as Kernel;
const withUpstream = (backward: (x: Rows, y: Rows) => number[][]): Kernel =>
  ({
    name: "loss",
    forward: loss,
    backward: (g: number, x: Rows, y: Rows) => [backward(x, y).map((row) => row.map((one) => g * one))],
  }) as unknown as Kernel;

const shapes = [
  [4, 3],
  [4, 3],
];
const mean = gradient((n) => n);
const sum = gradient(() => 1);

describe("a loss whose labels have some name", () => {
  it.each([
    ["y", mean],
    ["t", mean],
    ["target", mean],
  ] as const)("is right as p − %s, and the report says where", (name, backward) => {
    for (const one of [kernel(backward), withUpstream(backward)]) {
      const report = checkOp(one, { shapes, names: ["x", name], differentiable: [true, false] });
      expect(report.verdict).toBe("correct");
      expect(report.notes.map(({ en }) => en)).toContain(
        `right where each row of ${name} sums to 1, as labels of classes do: it was tried on such numbers`,
      );
    }
  });

  it("is right without a gradient of the labels, though nobody said that they have none", () => {
    expect(checkOp(kernel(mean), { shapes, names: ["x", "y"] }).verdict).toBe("correct");
  });

  it("is wrong where 1/N is missing, for labels too", () => {
    const report = checkOp(kernel(sum), { shapes, names: ["x", "y"], differentiable: [true, false] });
    expect(report.verdict).toBe("mistake");
  });

  it("is right without a word where it is right for any numbers", () => {
    const general = (x: Rows, y: Rows): number[][] =>
      softmax(x).map((row, n) => row.map((p, k) => (p * y[n]!.reduce((a, b) => a + b, 0) - y[n]![k]!) / x.length));
    const report = checkOp(kernel(general), { shapes, names: ["x", "y"], differentiable: [true, false] });
    expect(report.verdict).toBe("correct");
    expect(report.notes.map(({ en }) => en).join()).not.toContain("sums to 1");
  });

  it("is a loss: a wrong kernel that is none is not called again for inputs of two axes", () => {
    const times = (x: unknown, y: unknown): unknown =>
      Array.isArray(x) ? x.map((one, k) => times(one, (y as readonly unknown[])[k])) : (x as number) * (y as number);
    const wrongly = (g: unknown, y: unknown): unknown =>
      Array.isArray(g)
        ? g.map((one, k) => wrongly(one, (y as readonly unknown[])[k]))
        : (g as number) * (y as number) + 0.1;
    const calls = (shape: readonly number[]): number => {
      let count = 0;
      const product = {
        name: "product",
        forward: times,
        backward: (g: unknown, _: unknown, y: unknown) => {
          count += 1;
          return [wrongly(g, y)];
        },
      } as unknown as Kernel;
      expect(
        checkOp(product, { shapes: [shape, shape], names: ["x", "y"], differentiable: [true, false] }).verdict,
      ).not.toBe("correct");
      return count;
    };
    expect(calls([3, 4])).toBe(calls([12]));
  });
});

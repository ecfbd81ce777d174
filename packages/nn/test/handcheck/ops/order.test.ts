// Of several wrong gradients of a kernel or a graph one is to be mended first; what sort each slip is stands in its
// record.
import { mul, sum, tanh, type Tensor } from "@chainrule/autograd";
import { describe, expect, it } from "vitest";
import { checkOp, handcheckGraph, tap, type Kernel } from "../../../src/handcheck/index.ts";

type M = number[][];
const each = (a: M, f: (x: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((x, j) => f(x, i, j)));
const across = (a: M): M => a.map((row) => [row.reduce((total, x) => total + x, 0)]);

/** y = x s, one s for each row. */
const scaled = (dx: (g: M, x: M, s: M) => M, ds: (g: M, x: M) => M): Kernel => ({
  name: "scaled",
  forward: (x: M, s: M) => each(x, (v, i) => v * s[i]![0]!),
  backward: (g: M, x: M, s: M) => [dx(g, x, s), ds(g, x)],
});
const rightX = (g: M, _: M, s: M): M => each(g, (v, i) => v * s[i]![0]!);
const rightS = (g: M, x: M): M => across(each(g, (v, i, j) => v * x[i]![j]!));
const withoutX = (g: M): M => across(g);
/** Nothing that has a name. */
const odd = (g: M, x: M): M => each(g, (v, i, j) => v * Math.sin(3 * x[i]![j]! + j));

const shown = (
  roots: readonly {
    readonly id: string;
    readonly of: readonly string[];
    readonly features: readonly { readonly en: string }[];
  }[],
): string[] =>
  roots.map(
    ({ id, of, features }) =>
      `${id} ${of.join()}${features.some(({ en }) => en.startsWith("mend this first")) ? " first" : ""}`,
  );

describe("of several wrong gradients", () => {
  it("of a kernel one with a name is to be mended first", () => {
    expect(shown(checkOp(scaled(odd, withoutX), { family: "broadcastMul" }).roots)).toEqual([
      "I3 ds first",
      "unknown dx",
    ]);
    expect(shown(checkOp(scaled(rightX, withoutX), { family: "broadcastMul" }).roots)).toEqual(["I3 ds"]);
    expect(checkOp(scaled(rightX, rightS), { family: "broadcastMul" }).verdict).toBe("correct");
  });

  it("of a graph the one nearest to the loss is", () => {
    const T = (x: unknown): Tensor => x as Tensor;
    const x = [
      [0.3, -0.7],
      [1.1, 0.4],
    ];
    const graph = (p: Readonly<Record<string, Tensor>>): Tensor =>
      T(sum(tap("y", T(mul(tap("h", T(tanh(p.x!))), tap("h2", T(mul(p.x!, 2))))))));
    const h = each(x, Math.tanh);
    const dh = each(x, (v) => 2 * v);
    const hand = {
      dy: each(x, () => 1),
      dh2: h,
      dh,
      dx: each(x, (v, i, j) => dh[i]![j]! * (1 - h[i]![j]! ** 2) + 2 * h[i]![j]!),
    };
    expect(handcheckGraph(graph, { x }, hand).verdict).toBe("correct");
    const roots = (changed: object): string[] => shown(handcheckGraph(graph, { x }, { ...hand, ...changed }).roots);
    expect(roots({ dh: each(dh, (v) => -v) })).toEqual(["B14 dh"]);
    const [first, ...others] = roots({ dh: each(dh, (v) => -v), dh2: each(h, (v) => 3 * v + 0.1) });
    expect(first).toMatch(/first$/u);
    expect(others).toHaveLength(1);
  });

  it("one mistake in all of them is said once, with how often it is", () => {
    const x = [
      [0.3, -0.7],
      [1.1, 0.4],
    ];
    const graph = ({ a, b }: Readonly<Record<string, Tensor>>): Tensor => sum(mul(a!, b!) as Tensor) as Tensor;
    const [a, b] = [x, each(x, (v) => 1 - v)];
    const { roots } = handcheckGraph(graph, { a, b }, { da: each(b, (v) => -v), db: each(a, (v) => -v) });
    expect(roots.map(({ features }) => features[0]?.en ?? "")).toEqual([
      expect.stringMatching(/^the same mistake 2 times/u),
      "yours / correct is -1 in every entry",
    ]);
  });
});

describe("the sort of a slip", () => {
  const relu = (gate: (g: number, x: number) => number): Kernel => ({
    name: "relu",
    forward: (x: M) => each(x, (v) => Math.max(0, v)),
    backward: (g: M, x: M) => each(g, (v, i, j) => gate(v, x[i]![j]!)),
  });
  const kindOf = (kernel: Kernel, family: "relu" | "broadcastMul"): unknown =>
    (checkOp(kernel, { family }).toJson(2) as { readonly roots: readonly { readonly kind: string }[] }).roots.map(
      ({ kind }) => kind,
    );

  it("is told with hint 2, by its record", () => {
    expect(
      kindOf(
        relu((g, x) => (x > 0 ? Math.max(0, g) : 0)),
        "relu",
      ),
    ).toEqual(["extra"]);
    expect(
      kindOf(
        relu((g) => g),
        "relu",
      ),
    ).toEqual(["missing"]);
    expect(kindOf(scaled(rightX, withoutX), "broadcastMul")).toEqual(["missing"]);
    expect(
      kindOf(
        scaled(rightX, (g, x) => each(rightS(g, x), (v) => v / 5)),
        "broadcastMul",
      ),
    ).toEqual(["constant"]);
    expect(kindOf(scaled(odd, rightS), "broadcastMul")).toEqual(["unknown"]);
  });
});

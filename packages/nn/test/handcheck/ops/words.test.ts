// What is wrong and has no name is said in words: by what the two differ, in terms of what goes in and comes out; and
// nothing is said by chance.
import { describe, expect, it } from "vitest";
import { seed, sized } from "../../../../autograd/test/size.ts";
import { checkOp, type CheckOpOptions, type Kernel } from "../../../src/handcheck/index.ts";
import { Random } from "../../../src/random.ts";
import { arrays, entrywise, type Spoken } from "./kernels-words.ts";

type M = number[][];

const each = (a: M, f: (v: number, i: number, j: number) => number): M =>
  a.map((row, i) => row.map((v, j) => f(v, i, j)));
const named = (all: readonly Spoken[]): (readonly [string, Spoken])[] => all.map((one) => [one.title, one]);

describe("a wrong gradient", () => {
  it.each(named([...entrywise, ...arrays]))("%s is explained", (_, { kernel, options, says }) => {
    const report = checkOp(kernel, options);
    const said = Object.fromEntries(report.roots.flatMap(({ of, says: words }) => of.map((name) => [name, words])));
    expect(Object.keys(said).sort()).toEqual(Object.keys(says).sort());
    for (const [name, pattern] of Object.entries(says)) {
      expect(said[name]!.en).toMatch(pattern);
      expect(said[name]!.zh).toMatch(/\p{Script=Han}/u);
    }
    expect([report.verdict, report.exitCode]).toEqual(["mistake", 1]);
  });

  it("has its own formula beside the right one", () => {
    const [root] = checkOp(arrays[0]!.kernel, arrays[0]!.options).roots;
    expect([root!.yours, root!.correct]).toEqual(["dx = g W", "dx = g Wᵀ"]);
  });

  it("that nothing explains gets no explanation", () => {
    const random = new Random(seed).split("no words");
    const forwards = [(x: number) => x * x, Math.tanh, (x: number) => x * Math.exp(-x)];
    for (let n = 0; n < sized(2, 300); n++) {
      const f = forwards[n % 3]!;
      const h = 1e-6;
      const off = Array.from(random.normalArray(20));
      const kernel: Kernel = {
        name: "off",
        forward: (x: M) => each(x, f),
        backward: (g: M, x: M) =>
          each(g, (v, i, j) => v * ((f(x[i]![j]! + h) - f(x[i]![j]! - h)) / (2 * h)) * (1 + 0.5 * off[5 * i + j]!)),
      };
      const [root] = checkOp(kernel, { shapes: [[4, 5]], seed: n }).roots;
      expect([n, root!.id, root!.yours, root!.says.en]).toEqual([
        n,
        "unknown",
        "",
        "wrong, and no typical mistake explains the numbers",
      ]);
    }
  });

  it("of many inputs asks for no more calls of the forward than its verdict", () => {
    let count = 0;
    const forward = (x: number[], b: number[]): number[] => {
      count += 1;
      return b.map((v, j) => v + x[j]! ** 2);
    };
    const kernel: Kernel = {
      name: "large",
      forward,
      backward: (g: number[], x: number[]) => ({
        dx: x.map((v, j) => 2 * v * (g[j] ?? 0)),
        db: g.map((v, j) => v + Math.sin(j)),
      }),
    };
    const report = checkOp(kernel, { shapes: [[1020], [6]], names: ["x", "b"] });
    expect(report.roots.map(({ of }) => of)).toEqual([["db"]]);
    // Four calls for each entry on each of two probes, and a few more.
    expect(count).toBeLessThan(8 * 1026 + 50);
  });

  it("of few numbers is explained only where they are enough", () => {
    const scalar = (d: (g: number, x: number) => number): Kernel => ({
      name: "one",
      forward: (x: number) => x ** 3,
      backward: (g: number, x: number) => d(g, x),
    });
    expect(
      checkOp(
        scalar((g, x) => g * x * x),
        { shapes: [[]] },
      ).roots[0]!.says.en,
    ).toBe("yours / correct is 1/3");
    expect(
      checkOp(
        scalar((g, x) => g * Math.sin(5 * x + 1) ** 3),
        { shapes: [[]] },
      ).roots[0]!.yours,
    ).toBe("");
  });
});

describe("numbers", () => {
  const log = (d: (g: number, x: number) => number): Kernel => ({
    name: "log",
    forward: (x: M) => each(x, Math.log),
    backward: (g: M, x: M) => each(g, (v, i, j) => d(v, x[i]![j]!)),
  });

  it("are drawn where the forward is defined, which is said", () => {
    const report = checkOp(
      log((g, x) => g / x),
      { shapes: [[3, 4]] },
    );
    expect([report.verdict, report.notes.map(({ en }) => en)]).toEqual([
      "correct",
      ["tried on positive numbers: elsewhere your forward gives none"],
    ]);
    const unit: Kernel = {
      name: "logit",
      forward: (x: M) => each(x, (v) => Math.log(v / (1 - v))),
      backward: (g: M, x: M) => each(g, (v, i, j) => v / (x[i]![j]! * (1 - x[i]![j]!))),
    };
    expect(checkOp(unit, { shapes: [[3, 4]] }).notes.map(({ en }) => en)).toEqual([
      "tried on numbers between 0 and 1: elsewhere your forward gives none",
    ]);
    const near: Kernel = {
      name: "acosh",
      forward: (x: M) => each(x, Math.acosh),
      backward: (g: M, x: M) => each(g, (v, i, j) => v / Math.sqrt(x[i]![j]! ** 2 - 1)),
    };
    expect(checkOp(near, { inputs: [[[2, 3, 4]]] }).verdict).toBe("correct");
  });

  it("that the forward does not give are judged by nobody", () => {
    const never: Kernel = { name: "never", forward: (x: M) => each(x, (v) => Math.log(-v * v)), backward: (g: M) => g };
    expect([checkOp(never, { shapes: [[3, 4]] }).verdict]).toEqual(["contract"]);
  });

  it("that are missing do not hide that the others are wrong", () => {
    const power = (d: (g: number, x: number) => number): Kernel => ({
      name: "power",
      forward: (x: M) => each(x, (v) => 3.5 ** v),
      backward: (g: M, x: M) => each(g, (v, i, j) => (x[i]![j]! < 0 ? NaN : d(v, x[i]![j]!))),
    });
    const wrong = checkOp(
      power((g, x) => g * 3.5 * x ** 2.5),
      { shapes: [[4, 3]] },
    );
    expect([wrong.exitCode, wrong.roots[0]!.features.map(({ en }) => en)[0]]).toEqual([
      1,
      "it is no number where x1 < 0",
    ]);
    // Where those that there are are right, it cannot be judged.
    expect(
      checkOp(
        power((g, x) => g * Math.log(3.5) * 3.5 ** x),
        { shapes: [[4, 3]] },
      ).exitCode,
    ).toBe(3);
  });
});

describe("gradients by name", () => {
  const kernel = (backward: (g: M, a: M, b: M) => unknown): Kernel => ({
    name: "product",
    forward: (a: M, b: M) => each(a, (v, i, j) => v * b[i]![j]!),
    backward,
  });
  const times = (g: M, a: M): M => each(g, (v, i, j) => v * a[i]![j]!);
  const asked: CheckOpOptions = {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    names: ["a", "gamma"],
  };

  it("have the names that people give them", () => {
    for (const [da, db] of [
      ["da", "dgamma"],
      ["a", "gamma"],
      ["grad_a", "grad_Gamma"],
      ["a_grad", "gammaGrad"],
      ["dL_da", "dL/dGamma"],
    ] as const) {
      expect([
        da,
        checkOp(
          kernel((g, a, b) => ({ [db]: times(g, a), [da]: times(g, b) })),
          asked,
        ).verdict,
      ]).toEqual([da, "correct"]);
    }
  });

  it("are refused where there is no such input, or twice the same", () => {
    expect(() =>
      checkOp(
        kernel((g, a, b) => ({ da: times(g, b), dgama: times(g, a) })),
        asked,
      ),
    ).toThrow(/backward gives "dgama", and there is no such input.*da, dgamma/s);
    const alone: Kernel = {
      name: "double",
      forward: (x: M) => each(x, (v) => 2 * v),
      backward: (g: M) => ({ dz: each(g, (v) => 2 * v) }),
    };
    expect(checkOp(alone, { shapes: [[2, 3]] }).verdict).toBe("correct");
    expect(() =>
      checkOp(
        kernel((g, a, b) => ({ da: times(g, b), grad_a: times(g, b) })),
        asked,
      ),
    ).toThrow("the gradient by a is given twice");
  });
});

describe("a loss", () => {
  const squares = (backward: Kernel["backward"]): Kernel => ({
    name: "squares",
    forward: (x: M, t: M): number =>
      x.reduce((s, row, i) => s + row.reduce((q, v, j) => q + 0.5 * (v - t[i]![j]!) ** 2, 0), 0),
    backward,
  });
  const asked: CheckOpOptions = {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    names: ["x", "t"],
    differentiable: [true, false],
  };
  const minus = (x: M, t: M): M => each(x, (v, i, j) => v - t[i]![j]!);

  it("needs no upstream gradient, which is said", () => {
    const report = checkOp(
      squares((x: M, t: M) => minus(x, t)),
      asked,
    );
    expect([report.verdict, report.notes.map(({ en }) => en)]).toEqual([
      "correct",
      ["your backward takes no upstream gradient: of a single number it needs none"],
    ]);
    expect(checkOp({ ...squares((x: M, t: M) => minus(t, x)), takesUpstream: false }, asked).roots[0]!.says.en).toBe(
      "yours / correct is -1 in every entry",
    );
  });

  it("that takes one must use it", () => {
    expect(
      checkOp(
        squares((_g: number, x: M, t: M) => minus(x, t)),
        asked,
      ).roots.map(({ id }) => id),
    ).toEqual(["E9"]);
    expect(
      checkOp(
        squares((g: number, x: M, t: M) => each(minus(x, t), (v) => g * v)),
        asked,
      ).notes,
    ).toEqual([]);
  });
});

describe("a family", () => {
  const normalize = (x: M): M =>
    x[0]!
      .map((_, j) => {
        const column = x.map((row) => row[j]!);
        const mu = column.reduce((a, b) => a + b, 0) / x.length;
        const istd = 1 / Math.sqrt(column.reduce((a, b) => a + (b - mu) ** 2, 0) / x.length + 1e-5);
        return column.map((v) => (v - mu) * istd);
      })[0]!
      .map((_, i) =>
        x[i]!.map((__, j) => {
          const column = x.map((row) => row[j]!);
          const mu = column.reduce((a, b) => a + b, 0) / x.length;
          return (x[i]![j]! - mu) / Math.sqrt(column.reduce((a, b) => a + (b - mu) ** 2, 0) / x.length + 1e-5);
        }),
      );
  const bare = (mistake: boolean): Kernel => ({
    name: "bare",
    forward: normalize,
    backward: (g: M, x: M) => {
      const xhat = normalize(x);
      return x.map((row, i) =>
        row.map((_, j) => {
          const [column, gs, hats] = [x, g, xhat].map((a) => a.map((line) => line[j]!)) as [
            number[],
            number[],
            number[],
          ];
          const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
          const istd = 1 / Math.sqrt(mean(column.map((v) => (v - mean(column)) ** 2)) + 1e-5);
          return istd * (gs[i]! - mean(gs) - (mistake ? 0 : hats[i]! * mean(gs.map((v, n) => v * hats[n]!))));
        }),
      );
    },
  });
  const options: CheckOpOptions = { family: "batchNorm" };

  it("without its last parameters is judged without them, which is said", () => {
    const report = checkOp(bare(false), options);
    expect([report.verdict, report.lines.map(({ name }) => name), report.notes.map(({ en }) => en)]).toEqual([
      "correct",
      ["dx"],
      ["your forward has no gamma and no beta: judged without"],
    ]);
    expect(report.lines[0]!.formula).toBe("istd (g − mean(g) − x̂ mean(g x̂))");
    expect(checkOp(bare(true), options).roots.map(({ id }) => id)).toEqual(["F2"]);
    expect(checkOp(bare(true), { ...options, shapes: [[6, 4]] }).roots.map(({ id }) => id)).toEqual(["F2"]);
  });
});

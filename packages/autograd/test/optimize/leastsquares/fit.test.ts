/**
 * leastSquares: known minima, statistics against closed forms, bounds, weights, losses, and what the data do not say.
 */

import {
  add,
  at,
  cast,
  concat,
  customGradient,
  exp,
  greater,
  jacobian,
  log,
  mul,
  neg,
  sin,
  slice,
  sqrt,
  stack,
  sub,
  sum,
  tensor,
  where,
  zeros,
  type Tensor,
} from "@chainrule/autograd";
import { leastSquares, type LossName } from "@chainrule/autograd/optimize";
import { describe, expect, it } from "vitest";
import { residualsOf } from "../../../src/optimize/leastsquares/residuals.ts";
import { parametersOf } from "../../../src/optimize/parameters.ts";
import { refusalOf } from "../../refusal.ts";

type Scalar = Tensor<[]>;
const t = tensor([0, 1, 2, 3, 4, 5]);
const decay = tensor([10.1, 6.2, 3.55, 2.3, 1.3, 0.85]);
const exponential = ({ a, k }: { readonly a: Scalar; readonly k: Scalar }): Tensor =>
  sub(mul(a, exp(neg(mul(k, t)))), decay);
const line = ({ slope, level }: { readonly slope: Scalar; readonly level: Scalar }): Tensor =>
  sub(add(mul(slope, t), level), decay);
/** The slope and the level of a line through points, with their variances. */
const closedForm = (
  x: readonly number[],
  y: readonly number[],
  w: readonly number[],
): { slope: number; level: number; slopeSd: number; sum: number } => {
  const of = (f: (i: number) => number): number => w.reduce((total, weight, i) => total + weight * f(i), 0);
  const [s, sx, sy, sxx, sxy] = [
    of(() => 1),
    of((i) => x[i]!),
    of((i) => y[i]!),
    of((i) => x[i]! ** 2),
    of((i) => x[i]! * y[i]!),
  ];
  const d = s * sxx - sx * sx;
  const [slope, level] = [(s * sxy - sx * sy) / d, (sxx * sy - sx * sxy) / d];
  const left = of((i) => (slope * x[i]! + level - y[i]!) ** 2);
  return { slope, level, slopeSd: Math.sqrt((left / (w.filter((one) => one > 0).length - 2)) * (s / d)), sum: left };
};
const times = [0, 1, 2, 3, 4, 5];
const measured = [...decay.toTypedArray()];

describe("leastSquares", () => {
  it("finds what a closed form gives, with its standard deviations", () => {
    const fit = leastSquares(line, { slope: 0, level: 0 });
    const expected = closedForm(
      times,
      measured,
      times.map(() => 1),
    );
    expect(fit.parameters.slope.item()).toBeCloseTo(expected.slope, 13);
    expect(fit.parameters.level.item()).toBeCloseTo(expected.level, 13);
    expect(fit.standardDeviations.slope.item()).toBeCloseTo(expected.slopeSd, 13);
    expect(fit.residualSum).toBeCloseTo(expected.sum, 12);
    expect(fit.value.item()).toBe(fit.residualSum);
    expect(fit).toMatchObject({
      converged: true,
      rank: 2,
      undetermined: [],
      active: [],
      warnings: [],
      names: ["slope", "level"],
    });
    expect(fit.covariance.at(0, 0).item()).toBeCloseTo(expected.slopeSd ** 2, 13);
    expect(fit.covariance.at(0, 1).item()).toBe(fit.covariance.at(1, 0).item());
    expect(fit.condition).toBeGreaterThan(1);
  });

  it("takes the user's own Jacobian, and nothing else where one is given", () => {
    let calls = 0;
    // ∂r/∂a = e^(−kt), ∂r/∂k = −a t e^(−kt)
    const own = ({ a, k }: { readonly a: Scalar; readonly k: Scalar }): { readonly a: Tensor; readonly k: Tensor } => {
      calls++;
      const falls = exp(neg(mul(k, t)));
      return { a: falls, k: neg(mul(mul(a, t), falls)) };
    };
    const [fit, expected] = [
      leastSquares(exponential, { a: 9, k: 1 }, { jacobian: own }),
      leastSquares(exponential, { a: 9, k: 1 }),
    ];
    expect(calls).toBeGreaterThan(3);
    expect(fit.parameters.a.item()).toBeCloseTo(expected.parameters.a.item(), 12);
    expect(fit.parameters.k.item()).toBeCloseTo(expected.parameters.k.item(), 13);
    expect(fit.covariance.at(0, 1).item()).toBeCloseTo(expected.covariance.at(0, 1).item(), 12);
    // A wrong one leads astray, which shows that it is the one that is used.
    expect(
      leastSquares(
        exponential,
        { a: 9, k: 1 },
        { jacobian: (given) => ({ ...own(given), k: zeros([6]) }) },
      ).parameters.k.item(),
    ).toBe(1);
  });

  it("refuses a Jacobian of other shapes by both", () => {
    expect(
      refusalOf(() => leastSquares(line, { slope: 0, level: 0 }, { jacobian: () => ({ slope: t, level: zeros([5]) }) }))
        .message,
    ).toContain("[6], [5] where [6], [6] are needed");
    expect(
      refusalOf(() => leastSquares((x: Tensor<[2]>) => x, tensor([1, 2]), { jacobian: () => zeros([2]) })).message,
    ).toContain("[2] where [2, 2] is needed");
  });

  it("leaves statistics out where nobody asks for them, and finds the same", () => {
    const [fit, whole] = [
      leastSquares(exponential, { a: 9, k: 1 }, { statistics: false }),
      leastSquares(exponential, { a: 9, k: 1 }),
    ];
    expect([fit.parameters.a.item(), fit.parameters.k.item(), fit.residualSum]).toEqual([
      whole.parameters.a.item(),
      whole.parameters.k.item(),
      whole.residualSum,
    ]);
    expect([fit.standardDeviations.a.item(), fit.covariance.at(0, 0).item(), fit.rank, fit.condition]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
    expect(fit.warnings).toEqual([]);
  });

  it("takes weights as rows that come several times, and leaves out those of weight 0", () => {
    const weights = [1, 2, 0, 3, 1, 1];
    const expected = closedForm(times, measured, weights);
    for (const given of [weights, Float64Array.from(weights), tensor(weights)]) {
      const fit = leastSquares(line, { slope: 0, level: 0 }, { weights: given });
      expect(fit.parameters.slope.item()).toBeCloseTo(expected.slope, 13);
      expect(fit.standardDeviations.slope.item()).toBeCloseTo(expected.slopeSd, 13);
      expect(fit.residuals.at(2).item()).not.toBe(0);
    }
    expect(refusalOf(() => leastSquares(line, { slope: 0, level: 0 }, { weights: [1] })).message).toContain(
      "1 weights for 6 residuals",
    );
    expect(
      refusalOf(() => leastSquares(line, { slope: 0, level: 0 }, { weights: [1, 1, -1, 1, 1, 1] })).message,
    ).toContain("weight 2 is");
  });

  it("gives the same from a compiled and an eager function", () => {
    const [eager, compiled] = [false, true].map((compile) => leastSquares(exponential, { a: 1, k: 0.1 }, { compile }));
    expect(compiled!.parameters.k.item()).toBe(eager!.parameters.k.item());
    expect(compiled!.evaluations).toBe(eager!.evaluations);
  });

  it.each([false, true])(
    "takes the columns of a wide Jacobian one by one, and gets those of the whole (compiled: %s)",
    (compile) => {
      // An infinite slope that was not chosen has no influence, and columns that nothing moves are exactly 0.
      const f = (w: Tensor): Tensor =>
        where(greater(w, 0), sqrt(w), mul(w, w))
          .mul(tensor(Array.from({ length: 40 }, (_, i) => i % 20)))
          .sub(1);
      const wide = (p: { readonly w: Tensor<[20]>; readonly s: Scalar }): Tensor =>
        mul(p.s, f(concat([p.w, p.w]) as Tensor));
      const start = { w: tensor(Array.from({ length: 20 }, (_, i) => (i === 3 ? 0 : i - 5.5))), s: 2 };
      const system = residualsOf("test", wide as never, parametersOf("test", start), compile);
      const x = Float64Array.of(...start.w.toTypedArray(), 2);
      system.residuals(x);
      const found = system.jacobian(x);
      const whole = jacobian((v: Tensor<[21]>) =>
        wide({ w: slice(v, [0], [20]) as Tensor<[20]>, s: at(v, 20) as Scalar }),
      )(tensor(x) as Tensor<[21]>).toArray() as number[][];
      whole.forEach((row, i) => row.forEach((value, j) => expect(found[j * 40 + i]! + 0, `${i} ${j}`).toBe(value + 0)));
    },
  );

  it("keeps the structure of the start: tensors, lists, numbers, float32", () => {
    const fit = leastSquares(
      ({ w, b: [b] }: { readonly w: Tensor<[2]>; readonly b: readonly [Scalar] }) =>
        sub(mul(w, add(w, b)), tensor([6, 12])),
      { w: tensor([1, 2]), b: [1] },
    );
    expect(fit.parameters.w.shape).toEqual([2]);
    expect(fit.parameters.b).toHaveLength(1);
    expect(fit.names).toEqual(["w[0]", "w[1]", "b[0]"]);
    const single = leastSquares(
      (x: Tensor<[2]>) => sub(mul(x, x), tensor([2, 3], { dtype: "float32" })),
      tensor([1, 1], { dtype: "float32" }),
    );
    expect(single.parameters.dtype).toBe("float32");
    expect(single.converged).toBe(true);
    expect(single.parameters.at(0).item()).toBeCloseTo(Math.SQRT2, 6);
  });

  it("takes residuals as a tree", () => {
    const fit = leastSquares((x: Scalar) => ({ one: sub(x, 1), others: [sub(mul(x, tensor([1, 1])), 4)] }), 0);
    expect(fit.parameters.item()).toBeCloseTo(3, 14);
    expect(fit.residuals.shape).toEqual([3]);
  });

  it("finds roots of residuals that vanish, and says so with as many residuals as parameters", () => {
    const fit = leastSquares(
      ({ x, y }: { readonly x: Scalar; readonly y: Scalar }) => stack([mul(10, sub(y, mul(x, x))), sub(1, x)]),
      { x: -1.2, y: 1 },
    );
    expect([fit.parameters.x.item(), fit.parameters.y.item(), fit.value.item()]).toEqual([1, 1, 0]);
    expect(fit.reason).toBe("gradient");
    expect(fit.standardDeviations.x.item()).toBeNaN();
    expect(fit.warnings.join()).toContain("2 residuals for 2 parameters");
  });

  it("begins at a minimum without a step, and moves nothing where there is nothing to move", () => {
    expect(leastSquares((x: Scalar) => stack([sub(x, 2), mul(3, sub(x, 2))]), 2)).toMatchObject({
      iterations: 0,
      converged: true,
      reason: "gradient",
    });
    expect(leastSquares(() => tensor([1, 2]), []).residualSum).toBe(5);
    expect(leastSquares((x: Scalar) => mul(x, tensor(new Float64Array(0))), 1)).toMatchObject({
      iterations: 0,
      residualSum: 0,
      rank: 0,
      undetermined: ["x"],
    });
  });
});

describe("what the data do not determine", () => {
  it("is named, and what they do determine is not", () => {
    const fit = leastSquares(
      ({ a, b, c }: { readonly a: Scalar; readonly b: Scalar; readonly c: Scalar }) =>
        sub(add(mul(add(a, b), t), c), decay),
      { a: 1, b: 1, c: 1 },
    );
    expect(fit).toMatchObject({ converged: true, rank: 2, undetermined: ["a", "b"], condition: Infinity });
    expect(fit.warnings).toEqual(["the data do not determine a, b: they can move without changing the residuals"]);
    expect(fit.standardDeviations.a.item()).toBe(Infinity);
    const determined = leastSquares(line, { slope: 0, level: 0 });
    expect(fit.standardDeviations.c.item()).toBeCloseTo(determined.standardDeviations.level.item(), 12);
  });

  it("is a parameter without influence, and one too many for the residuals", () => {
    const without = leastSquares(
      ({ a, b }: { readonly a: Scalar; readonly b: Scalar }) => sub(add(mul(a, t), mul(0, b)), decay),
      { a: 1, b: 7 },
    );
    expect(without.undetermined).toEqual(["b"]);
    expect(without.parameters.b.item()).toBe(7);
    const fewer = leastSquares((x: Tensor<[3]>) => sub(stack([sum(x), at(x, 0)]), tensor([3, 1])), tensor([0, 0, 0]));
    expect(fewer).toMatchObject({ converged: true, rank: 2, undetermined: ["x[1]", "x[2]"] });
    expect(fewer.value.item()).toBeCloseTo(0, 25);
  });
});

describe("bounds", () => {
  it("hold parameters, by name, and the others fit as if these were known", () => {
    const fit = leastSquares(line, { slope: 0, level: 0 }, { bounds: { lower: { slope: -1, level: -Infinity } } });
    expect(fit).toMatchObject({ active: ["slope"], converged: true, rank: 1 });
    expect(fit.parameters.slope.item()).toBe(-1);
    expect(fit.parameters.level.item()).toBeCloseTo(measured.reduce((s, y, i) => s + y + times[i]!, 0) / 6, 13);
    expect(fit.standardDeviations.slope.item()).toBe(0);
    expect(fit.warnings[0]).toBe("slope is held by its lower bound -1; the other standard deviations take it as known");
  });

  it("that hold nothing change nothing", () => {
    const free = leastSquares(exponential, { a: 1, k: 0.1 });
    const wide = leastSquares(exponential, { a: 1, k: 0.1 }, { bounds: { lower: 0, upper: 100 } });
    expect(wide.parameters.k.item()).toBeCloseTo(free.parameters.k.item(), 13);
    expect(wide.active).toEqual([]);
  });

  it("let go of a parameter that begins at one", () => {
    const fit = leastSquares(exponential, { a: 1, k: 0 }, { bounds: { lower: 0 } });
    expect(fit.active).toEqual([]);
    expect(fit.parameters.k.item()).toBeCloseTo(leastSquares(exponential, { a: 1, k: 0.1 }).parameters.k.item(), 12);
  });

  it("are never left, and end where all are held", () => {
    const seen: number[] = [];
    const fit = leastSquares((x: Tensor<[2]>) => sub(x, 9), tensor([0.5, 0.5]), {
      bounds: { lower: tensor([0, 0]), upper: 1 },
      callback: ({ parameters }) => void seen.push(...parameters.toTypedArray()),
    });
    expect(fit.active).toEqual(["x[0]", "x[1]"]);
    expect(Math.max(...seen)).toBe(1);
    expect(fit.reason).toBe("gradient");
  });

  it("are refused where they do not hold the start, or one another", () => {
    const refused = (bounds: object): string =>
      refusalOf(() => leastSquares(line, { slope: 0, level: 0 }, { bounds })).message;
    expect(refused({ lower: 1 })).toContain("slope begins at 0, outside its bounds 1 and Infinity");
    expect(refused({ lower: 1, upper: -1 })).toContain("the bounds of slope are 1 and -1");
    expect(refused({ lower: { slope: 1 } })).toContain("bounds.lower has entries .slope");
    expect(refused({ low: 1 })).toContain("there is no option low");
  });
});

describe("robust losses", () => {
  const outlier = tensor([10.1, 6.2, 3.55, 20, 1.3, 0.85]);
  const losses: { readonly [name in Exclude<LossName, "linear">]: (z: number) => number } = {
    huber: (z) => (z <= 1 ? z : 2 * Math.sqrt(z) - 1),
    softL1: (z) => 2 * (Math.sqrt(1 + z) - 1),
    cauchy: (z) => Math.log(1 + z),
    arctan: (z) => Math.atan(z),
  };
  const residuals = ({ a, k }: { readonly a: Scalar; readonly k: Scalar }): Tensor =>
    sub(mul(a, exp(neg(mul(k, t)))), outlier);

  it.each(["huber", "softL1", "cauchy", "arctan"] as const)("%s ends where the loss itself is least", (loss) => {
    const scale = 0.3;
    const start = { a: 9, k: 0.5 };
    const lossAt = (a: number, k: number): number =>
      times.reduce(
        (total, time, i) =>
          total + scale ** 2 * losses[loss](((a * Math.exp(-k * time) - outlier.at(i).item()) / scale) ** 2),
        0,
      );
    const fit = leastSquares(residuals, start, { loss, lossScale: scale });
    const [a, k] = [fit.parameters.a.item(), fit.parameters.k.item()];
    expect(fit.converged).toBe(true);
    expect(fit.value.item()).toBeCloseTo(lossAt(a, k), 12);
    for (const [da, dk] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
      [1, 1],
      [-1, -1],
      [1, -1],
      [-1, 1],
    ] as const) {
      expect(lossAt(a + 1e-4 * da, k + 1e-4 * dk)).toBeGreaterThan(fit.value.item());
      // A slope of a millionth would show in the difference of opposite sides.
      expect(lossAt(a + 1e-6 * da, k + 1e-6 * dk) - lossAt(a - 1e-6 * da, k - 1e-6 * dk)).toBeCloseTo(0, 12);
    }
    // The outlier moves it less than it moves squares.
    const [clean, plain] = [leastSquares(exponential, start), leastSquares(residuals, start)].map((one) =>
      one.parameters.k.item(),
    );
    expect(Math.abs(k - clean!)).toBeLessThan(Math.abs(plain! - clean!) / 5);
  });

  it.each(["huber", "softL1", "cauchy", "arctan"] as const)("%s has the gradient of its value", (loss) => {
    const valueAt = (k: number): { readonly value: number; readonly slope: number } => {
      const { value, gradient } = leastSquares(residuals, { a: 9, k }, { loss, lossScale: 0.7, maxIterations: 0 });
      return { value: value.item(), slope: gradient.k.item() };
    };
    const h = 1e-5;
    expect((valueAt(0.5 + h).value - valueAt(0.5 - h).value) / (2 * h)).toBeCloseTo(valueAt(0.5).slope, 4);
  });

  it("are squares where no residual is large", () => {
    const plain = leastSquares(exponential, { a: 9, k: 0.5 });
    for (const loss of ["huber", "softL1", "cauchy", "arctan"] as const) {
      const fit = leastSquares(exponential, { a: 9, k: 0.5 }, { loss, lossScale: 1e6 });
      expect(fit.parameters.k.item(), loss).toBeCloseTo(plain.parameters.k.item(), 8);
      expect(fit.standardDeviations.k.item(), loss).toBeCloseTo(plain.standardDeviations.k.item(), 8);
    }
  });
});

describe("what goes wrong on the way", () => {
  it("steps shorter where residuals or derivatives are not finite", () => {
    const fit = leastSquares((x: Scalar) => sub(log(x), Math.log(0.01)), 5);
    expect(fit.converged).toBe(true);
    expect(fit.parameters.item()).toBeCloseTo(0.01, 14);
    const root = leastSquares((x: Scalar) => stack([sub(sqrt(x), 1e-3), sub(sqrt(x), 1e-3)]), 4);
    expect(root.parameters.item()).toBeCloseTo(1e-6, 15);
  });

  it("names residual, parameter and op where the start is not finite", () => {
    const value = refusalOf(() => leastSquares(({ x }: { readonly x: Scalar }) => log(x), { x: -1 }));
    expect(value.message).toMatch(/leastSquares: residual 0 is NaN at the start .*log/);
    const slope = refusalOf(() => leastSquares(({ w }: { readonly w: Tensor<[2]> }) => sqrt(w), { w: tensor([1, 0]) }));
    expect(slope.message).toContain("the derivative of residual 1 by w[1] is Infinity at the start");
    expect(refusalOf(() => leastSquares((x: Scalar) => mul(x, 1e200), 1e100)).message).toContain(
      "the sum of squares overflows at the start",
    );
  });

  it("says that a rule by hand is wrong where no step lowers the sum", () => {
    const wrong = customGradient({
      name: "wrong",
      forward: (x) => mul(x, x),
      vjp: (g, { inputs: [x] }) => mul(g, mul(-2, x!)),
    });
    const fit = leastSquares((x: Scalar) => sub(wrong(x), 4), 1);
    expect(fit).toMatchObject({ converged: false, reason: "stuck" });
    expect(fit.message).toContain("a rule by hand that is wrong");
  });

  it("refuses what draws random numbers, and parameters and residuals that are no real numbers", () => {
    let calls = 0;
    expect(refusalOf(() => leastSquares((x: Scalar) => add(x, calls++), 1)).code).toBe("NOT_DETERMINISTIC");
    expect(
      refusalOf(() => leastSquares((x: Tensor) => x, { n: tensor([1], { dtype: "int32" }) } as never)).message,
    ).toContain("start.n is int32");
    expect(refusalOf(() => leastSquares((x: Scalar) => cast(x, "int32"), 1)).message).toContain(
      "the residuals are int32",
    );
    expect(refusalOf(() => leastSquares((x: Scalar) => x.item() * 2, 1)).message).toContain(
      "gives the number 2, not a tensor: a number has left the graph",
    );
    expect(refusalOf(() => leastSquares((x: Scalar) => stack([tensor(x.item()), tensor(1)]), 2)).code).toBe(
      "LEFT_GRAPH",
    );
    expect(refusalOf(() => leastSquares(line, { slope: 0, level: 0 }, { los: "huber" } as never)).message).toContain(
      "did you mean loss?",
    );
  });

  it("stops where it is told to, with what it has", () => {
    const few = leastSquares(exponential, { a: 1, k: 0.1 }, { maxIterations: 2 });
    expect(few).toMatchObject({ iterations: 2, converged: false, reason: "maxIterations" });
    expect(few.warnings.at(-1)).toContain("it did not converge");
    const controller = new AbortController();
    controller.abort();
    expect(leastSquares(exponential, { a: 1, k: 0.1 }, { signal: controller.signal })).toMatchObject({
      iterations: 0,
      reason: "aborted",
    });
    expect(leastSquares(exponential, { a: 1, k: 0.1 }, { callback: ({ iteration }) => iteration === 1 })).toMatchObject(
      { iterations: 1, reason: "callback" },
    );
  });

  it("ends by the step although the sum has long stopped falling", () => {
    // A large residual: Gauss and Newton's steps shrink slowly, and the last ones change no digit of the sum.
    const fit = leastSquares((x: Scalar) => stack([add(sin(x), 1), sub(x, 3), tensor(50)]), 0);
    const slope = fit.gradient.item();
    expect(fit.converged).toBe(true);
    expect(Math.abs(slope)).toBeLessThan(1e-13);
  });
});

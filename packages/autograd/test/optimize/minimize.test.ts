/** Minima: known problems by every method, and what a user may hand in. */

import { describe, expect, it } from "vitest";
import {
  abs,
  add,
  compile,
  customGradient,
  exp,
  log,
  maximum,
  mul,
  neg,
  pow,
  sin,
  sqrt,
  sub,
  sum,
  tensor,
  type Tensor,
} from "../../src/index.ts";
import { minimize, type Iteration, type MinimizeMethod, type Outcome } from "../../src/optimize/index.ts";
import { refusalOf } from "../refusal.ts";
import { extendedRosenbrock, problems } from "./problems.ts";

type Scalar = Tensor<[]>;

const searches: readonly MinimizeMethod[] = ["trust", "newton", "bfgs", "lbfgs"];

describe("known problems", () => {
  it.each(searches.flatMap((method) => problems.map((problem) => [method, problem.name, problem] as const)))(
    "by %s: %s",
    (method, _, { f, start, minimum }) => {
      const found = minimize(f, tensor(Float64Array.from(start)) as Tensor, { method });
      const value = found.value.item();
      // A few of them have other minima, where a method may end: then the gradient vanishes all the same.
      const least = Math.abs(value - minimum);
      expect(found.converged, found.message).toBe(true);
      expect(least).toBeLessThanOrEqual(1e-10 * Math.abs(minimum) + (found.reason === "rounding" ? 1e-12 : 1e-18));
      expect(found.evaluations).toBeLessThan(method === "trust" ? 200 : 1200);
    },
  );

  it.each(["trust", "bfgs"] as const)("from ten and a hundred times the start, by %s", (method) => {
    for (const times of [10, 100]) {
      for (const { f, start, minimum, name } of problems.slice(0, 6)) {
        const found = minimize(f, tensor(Float64Array.from(start, (x) => times * x)) as Tensor, { method });
        expect(Math.abs(found.value.item() - minimum), `${name}, ${times} times`).toBeLessThanOrEqual(
          1e-9 * Math.abs(minimum) + 1e-16,
        );
      }
    }
  });

  it("of a thousand parameters, by products with the Hessian, by gradients, and compiled", () => {
    const start = Float64Array.from({ length: 1000 }, (_, k) => (k % 2 === 0 ? -1.2 : 1));
    for (const method of ["trust", "lbfgs"] as const) {
      const found = minimize(extendedRosenbrock, tensor(start) as Tensor, { method, compile: true });
      expect(found.converged, found.message).toBe(true);
      expect(found.value.item()).toBeLessThan(1e-15);
    }
  });

  it("by steepest descent and by Adam, which take their time", () => {
    const bowl = (x: Tensor<[2]>): Scalar => sum(mul(tensor([1, 20]), pow(sub(x, tensor([3, -1])), 2)));
    const steepest = minimize(bowl, tensor([0, 0]), { method: "gradient" });
    expect(steepest.converged, steepest.message).toBe(true);
    expect(steepest.parameters.toArray()).toEqual([3, -1].map((x) => expect.closeTo(x, 9) as number));
    const adam = minimize(bowl, tensor([0, 0]), {
      method: "adam",
      eta: 0.1,
      maxIterations: 3000,
      gradientTolerance: 1e-9,
    });
    expect(adam.reason).toBe("gradient");
    expect(adam.parameters.toArray()).toEqual([3, -1].map((x) => expect.closeTo(x, 8) as number));
  });
});

describe("the result", () => {
  it("has the structure and the types of the start", () => {
    const target = {
      w: tensor([
        [1, 2],
        [3, 4],
      ]),
      s: tensor([0.5, 0.25], { dtype: "float32" }),
    };
    const f = ({ w, list: [b, { s }] }: { w: Tensor<[2, 2]>; list: readonly [Scalar, { s: Tensor<[2]> }] }): Scalar =>
      add(
        add(sum(pow(sub(w, target.w), 2)), pow(sub(b, 7), 2)),
        pow(sum(pow(sub(s, target.s), 2)).item() === 0 ? b : b, 0).mul(0),
      );
    const { parameters, gradient, converged } = minimize(
      f,
      {
        w: tensor([
          [0, 0],
          [0, 0],
        ]),
        list: [1, { s: tensor([0, 0], { dtype: "float32" }) }],
      },
      { compile: false },
    );
    expect(converged).toBe(true);
    expect(parameters.w.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(parameters.list[0].item()).toBe(7);
    expect(parameters.list[1].s.dtype).toBe("float32");
    expect(gradient.w.toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("of float32 parameters converges as far as they can", () => {
    const f = (x: Tensor<[2]>): Scalar => sum(pow(sub(x, tensor([0.1, 3], { dtype: "float32" })), 2));
    for (const method of searches) {
      const found = minimize(
        (x: Tensor<[2]>) => add(f(x), pow(sub(x.at(0), x.at(1)), 4)),
        tensor([5, -5], { dtype: "float32" }),
        { method },
      );
      expect(found.converged, `${method}: ${found.message}`).toBe(true);
      expect(found.parameters.dtype).toBe("float32");
    }
  });

  it("is the start where that is the minimum, where the function is flat, and where nothing can move", () => {
    for (const method of [...searches, "gradient", "adam"] as const) {
      const there = minimize((x: Tensor<[2]>) => sum(mul(x, x)), tensor([0, 0]), { method });
      expect([there.iterations, there.reason, there.parameters.toArray()]).toEqual([0, "gradient", [0, 0]]);
      const flat = minimize((x: Scalar) => mul(x, 0), 3, { method });
      expect([flat.iterations, flat.converged, flat.parameters.item()]).toEqual([0, true, 3]);
      const empty = minimize(() => tensor(5), { a: [], b: tensor([]) }, { method });
      expect([empty.converged, empty.value.item(), empty.iterations]).toEqual([true, 5, 0]);
    }
  });

  it("leaves saddles and maxima where the Hessian is looked at", () => {
    const saddle = ({ x, y }: { x: Scalar; y: Scalar }): Scalar => sub(add(pow(y, 4), pow(x, 2)), pow(y, 2));
    for (const method of ["newton", "trust"] as const) {
      const { parameters, converged } = minimize(saddle, { x: 1, y: 0 }, { method });
      expect([converged, parameters.x.item(), Math.abs(parameters.y.item())]).toEqual([
        true,
        expect.closeTo(0, 12),
        expect.closeTo(Math.SQRT1_2, 12),
      ]);
      expect(Math.abs(minimize((x: Scalar) => x.cos(), 0, { method }).parameters.item())).toBeCloseTo(Math.PI, 7);
    }
  });

  it("says that a function falls without end", () => {
    for (const method of searches) {
      const { converged, reason } = minimize((x: Scalar) => neg(pow(x, 4)), 1, { method });
      expect([converged, reason], method).toEqual([false, "unbounded"]);
    }
  });
});

describe("what is not finite or not smooth", () => {
  it("is survived by shorter steps", () => {
    // log is not finite where the first steps lead.
    for (const method of searches) {
      const found = minimize((x: Scalar) => sub(mul(x, 100), log(x)), 0.9, { method });
      expect(found.converged, `${method}: ${found.message}`).toBe(true);
      expect(found.parameters.item()).toBeCloseTo(0.01, 10);
    }
  });

  it("is refused at the start, with the parameter, the op and the line", () => {
    const error = refusalOf(() =>
      minimize(({ a, b }: { a: Scalar; b: Scalar }) => add(mul(a, a), log(b)), { a: 1, b: -1 }),
    );
    expect(error.message).toMatch(/^minimize: the function gives NaN at the start \(log: the value has NaN/);
    expect(error.at).toMatch(/minimize\.test\.ts:\d+:\d+$/);
    expect(refusalOf(() => minimize(({ b }: { b: Scalar }) => sqrt(b), { b: 0 })).message).toMatch(
      /the derivative by b is Infinity at the start/,
    );
  });

  it("is said where the steps end there", () => {
    const found = minimize(({ x }: { x: Scalar }) => add(x, sqrt(x)), { x: 1 }, { method: "bfgs" });
    expect(found.converged).toBe(false);
    expect(found.reason).toBe("notFinite");
    expect(found.message).toMatch(
      /^not converged: the steps end where nothing is finite: minimize: the function gives NaN one step on \(sqrt: /,
    );
  });

  it("is called a kink where there is one, with both slopes", () => {
    for (const method of searches) {
      const found = minimize(
        ({ a, b }: { a: Scalar; b: Scalar }) => add(pow(sub(a, 1), 2), abs(sub(b, 1 / 3))),
        { a: 0, b: 0 },
        { method },
      );
      if (found.reason === "gradient") continue;
      expect([found.converged, found.reason], `${method}: ${found.message}`).toEqual([false, "notSmooth"]);
      expect(found.message).toMatch(
        /kink here, most of it by b: the gradient promises a slope of -[\d.]+, differences of values show -[\d.]+ on one side and [\d.]+ on the other/,
      );
    }
    const corner = minimize((x: Scalar) => maximum(mul(x, x), sub(2, x)), 3, { method: "bfgs" });
    expect(corner.parameters.item()).toBeCloseTo(1, 6);
  });

  it("is called a wrong gradient where a rule by hand is wrong", () => {
    const square = (factor: number): ((x: Tensor | number) => Tensor) =>
      customGradient({
        name: "square",
        forward: (x) => mul(x, x),
        vjp: (g, { inputs: [x] }) => mul(g, mul(x!, factor)),
      });
    const wrong = minimize((x: Tensor<[2]>) => sum(square(-2)(sub(x, tensor([1, 2])))) as Scalar, tensor([0, 0]), {
      method: "lbfgs",
    });
    expect([wrong.converged, wrong.reason]).toEqual([false, "notSmooth"]);
    expect(wrong.message).toMatch(
      /^not converged: the gradient is not the derivative of the values, most of it by x\[1\].*gradientCheck/,
    );
    expect(
      minimize((x: Tensor<[2]>) => sum(square(2)(sub(x, tensor([1, 2])))) as Scalar, tensor([0, 0]), {
        method: "lbfgs",
      }).converged,
    ).toBe(true);
  });

  it("is refused where values change from call to call, but for Adam", () => {
    let calls = 0;
    const noisy = (x: Scalar): Scalar => add(mul(x, x), 1e-9 * ++calls);
    const error = refusalOf(() => minimize(noisy, 1));
    expect([error.code, error.hint]).toEqual(["NOT_DETERMINISTIC", expect.stringContaining('method: "adam"')]);
    expect(minimize(noisy, 1, { method: "adam", maxIterations: 20 }).reason).toBe("maxIterations");
    let target = 1;
    const moving = refusalOf(() =>
      minimize((x: Scalar) => pow(sub(x, target), 2), 0, {
        method: "bfgs",
        callback: ({ iteration }) => void (target = iteration > 0 ? 2 : 1),
      }),
    );
    expect(moving.code).toBe("NOT_DETERMINISTIC");
  });
});

describe("a run", () => {
  const bowl = (x: Tensor<[2]>): Scalar => sum(pow(sub(x, tensor([3, -1])), 4));
  const start = tensor([0, 0]);

  it("ends by the callback, the signal and the most iterations, with what it has reached", () => {
    const seen: Iteration<Tensor<[2]>>[] = [];
    const called = minimize(bowl, start, { callback: (one) => seen.push(one) && one.iteration === 3 });
    expect([called.reason, called.iterations, called.converged]).toEqual(["callback", 3, false]);
    expect(seen.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3]);
    expect(seen[0]!.parameters.toArray()).toEqual([0, 0]);
    expect(seen[3]!.value).toBe(called.value.item());
    expect(seen[3]!.value).toBeLessThan(seen[2]!.value);
    const controller = new AbortController();
    const aborted = minimize(bowl, start, {
      signal: controller.signal,
      callback: ({ iteration }) => {
        if (iteration === 2) controller.abort();
      },
    });
    expect([aborted.reason, aborted.iterations]).toEqual(["aborted", 2]);
    expect(minimize(bowl, start, { maxIterations: 0 }).reason).toBe("maxIterations");
    expect(minimize(bowl, start, { maxIterations: 4 }).iterations).toBe(4);
  });

  it("ends at the tolerances that are asked for", () => {
    const loose = minimize(bowl, start, { gradientTolerance: 0.1 });
    expect(loose.reason).toBe("gradient");
    expect(Math.max(...(loose.gradient.toArray() as number[]).map(Math.abs))).toBeLessThanOrEqual(0.1);
    expect(loose.message).toMatch(/^converged: no entry of the gradient is larger than [\d.]+, at x\[[01]\]/);
    expect(minimize(bowl, start, { valueTolerance: 0.9 }).reason).toBe("value");
    expect(minimize(bowl, start, { stepTolerance: 0.2 }).reason).toBe("step");
  });

  it("shows progress in one line", () => {
    const written: string[] = [];
    minimize(bowl, start, { progress: { isTTY: true, columns: 60, write: (text) => written.push(text) } });
    expect(written.length).toBeGreaterThan(5);
    for (const text of written.slice(0, -1))
      expect(text).toMatch(/^\r\u001B\[2Kminimize trust {2,}\d+ {2}value .{1,40}$/);
    expect(written.at(-1)).toBe("\n");
  });

  it("has the same bits compiled", () => {
    const plainly = (outcome: Outcome<Tensor<[2]>>): unknown => [
      outcome.parameters.toArray(),
      outcome.value.item(),
      outcome.iterations,
      outcome.evaluations,
      outcome.reason,
    ];
    const f = (x: Tensor<[2]>): Scalar => add(sum(exp(x)), sum(sin(mul(x, x)))).sub(sum(mul(x, 3)));
    for (const method of searches)
      expect(plainly(minimize(f, start, { method, compile: true })), method).toEqual(
        plainly(minimize(f, start, { method, compile: false })),
      );
  });

  it("is refused inside of a compiled function, where its numbers are not known", () => {
    const captured = compile((a: Scalar) => minimize((x: Scalar) => pow(sub(x, a), 2) as Scalar, 0).parameters);
    expect(refusalOf(() => captured(2)).message).toMatch(
      /^minimize: the function uses what is not known while .* is compiled/,
    );
    expect(refusalOf(() => compile((a: Scalar) => minimize((x: Scalar) => mul(x, x), a).parameters)(2)).code).toBe(
      "TRACED",
    );
    const constant = compile((a: Scalar) => add(a, minimize((x: Scalar) => pow(sub(x, 3), 2) as Scalar, 0).parameters));
    expect(constant(2).item()).toBe(5);
  });

  it("refuses options that are none, by name", () => {
    const f = (x: Scalar): Scalar => mul(x, x);
    expect(refusalOf(() => minimize(f, 1, { method: "cg" as never })).message).toMatch(
      /^minimize: method is "cg": give "lbfgs", "bfgs"/,
    );
    expect(refusalOf(() => minimize(f, 1, { maxiter: 3 } as never)).hint).toBe("did you mean maxIterations?");
    expect(refusalOf(() => minimize(f, 1, { lr: 3 } as never)).hint).toBe("did you mean eta?");
    expect(refusalOf(() => minimize(f, 1, { signal: 3 as never })).message).toMatch(/signal is 3/);
    expect(refusalOf(() => minimize(3 as never, 1)).message).toMatch(
      /^minimize: the first argument is 3, not a function/,
    );
  });
});

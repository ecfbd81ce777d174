/**
 * Residuals of rules by hand: right to any order, in both modes, eager and compiled, in loops and branches; what is
 * kept otherwise is refused.
 */

import { describe, expect, it } from "vitest";
import {
  add,
  compile,
  cond,
  cos,
  customGradient,
  exp,
  grad,
  greater,
  hessian,
  hvp,
  jacobian,
  jvp,
  less,
  mul,
  scan,
  sin,
  stopGradient,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
  vjp,
  whileLoop,
  noGrad,
  type Tensor,
} from "../../src/index.ts";
import { plain, type Constructs } from "./control-cases.ts";
import { refusalOf as caught } from "../refusal.ts";

type Scalar = Tensor<[]>;
type Op = (...inputs: (Tensor | number)[]) => Tensor;

/** sin(x) e^{xy} with its rules in residuals: a tree of them, the output among them, an input, a number, a truth. */
const forward = (x: Tensor, y: Tensor) => {
  const [s, e] = [sin(x), exp(mul(x, y))];
  const output = mul(s, e) as Tensor;
  return [output, { parts: [s, e] as const, output, x, options: { scale: 2, on: true, none: null } }] as const;
};

const wave = (rules: "vjp" | "jvp" | "both"): Op =>
  customGradient<ReturnType<typeof forward>[1]>({
    name: "wave",
    forward,
    ...(rules === "jvp"
      ? {}
      : {
          // ∂/∂x = (cos x + y sin x) e^{xy}, ∂/∂y = x sin(x) e^{xy}
          vjp: (
            g,
            {
              inputs: [, y],
              residuals: {
                parts: [s, e],
                output,
                x,
                options,
              },
            },
          ) => {
            const half = mul(g, 1 / options.scale);
            return [add(mul(half, mul(2, mul(cos(x), e))), mul(g, mul(mul(y!, s), e))), mul(g, mul(x, output))];
          },
        }),
    ...(rules === "vjp"
      ? {}
      : {
          jvp: (
            [dx, dy],
            {
              inputs: [, y],
              residuals: {
                parts: [s, e],
                output,
                x,
              },
            },
          ) => {
            const along = dx === null || dx === undefined ? null : mul(dx, mul(add(cos(x), mul(y!, s)), e));
            const across = dy === null || dy === undefined ? null : mul(dy, mul(x, output));
            return along === null ? across! : across === null ? along : add(along, across);
          },
        }),
  });

const plainWave = (x: Tensor | number, y: Tensor | number): Tensor => mul(sin(x as Tensor), exp(mul(x, y)));

/** Functions of two scalars that use an op once, several times, one after the other, and in every construct. */
const uses: Readonly<Record<string, (op: Op, c: Constructs) => (x: Tensor, y: Tensor) => Tensor>> = {
  "one use": (op) => (x, y) => op(x, y),
  "two uses": (op) => (x, y) => add(mul(op(x, y), op(y, x)), op(mul(x, 0.3), y)),
  "one after the other": (op) => (x, y) => op(op(tanh(x), y), op(y, mul(0.1, x))),
  "one operand twice": (op) => (x, y) => mul(op(x, x), y),
  "a scan": (op, c) => (x, y) =>
    c.scan<Tensor, null, Tensor>((h) => [op(tanh(h), y), op(x, h)], x, null, { length: 3 }).ys.sum(),
  "a branch": (op, c) => (x, y) =>
    c.cond(
      greater(x, 0),
      () => op(x, y),
      () => x,
    ),
  "a loop": (op, c) => (x, y) =>
    c.whileLoop(
      (h: { x: Tensor; k: Tensor }) => less(h.k, 2),
      ({ x: z, k }) => ({ x: op(tanh(z), y), k: add(k, 1) }),
      { x, k: tensor(0) as Tensor },
      { maxSteps: 2 },
    ).x,
  "a scan of branches": (op, c) => (x, y) =>
    c
      .scan<Tensor, Tensor, Tensor>(
        (h, row) => {
          const next = c.cond(
            greater(row, 0),
            () => op(tanh(add(h, row)), y),
            () => mul(h, y),
          );
          return [next, next];
        },
        x,
        tensor([0.3, -0.2, 0.5]) as Tensor,
      )
      .ys.sum(),
};

const library = { scan, whileLoop, cond } as unknown as Constructs;
const at = [tensor(0.7) as Tensor, tensor(0.4) as Tensor] as const;

/** Derivatives of first to third order, in every nesting of the modes, as lists of numbers. */
const nestings: Readonly<Record<string, (f: (x: Tensor, y: Tensor) => Tensor) => (x: Tensor, y: Tensor) => Tensor[]>> =
  (() => {
    type F = (x: Tensor, y: Tensor) => Tensor;
    const reverse =
      (f: F): F =>
      (x, y) =>
        grad((a: Tensor, b: Tensor) => f(a, b), { argnums: [0, 1] })(x, y)
          .map((g, k) => mul(g as Tensor, 1 + k) as Tensor)
          .reduce((a, b) => add(a, b));
    const forwards =
      (f: F): F =>
      (x, y) =>
        jvp(f, [x, y], [tensor(1) as Tensor, tensor(2) as Tensor]).tangent;
    const modes = { R: reverse, F: forwards };
    const names = ["R", "F", "RR", "RF", "FR", "FF", "RRR", "FRR", "RFR", "RRF"];
    return Object.fromEntries(
      names.map((name) => [
        name,
        (f: F) => (x: Tensor, y: Tensor) => [
          name.split("").reduceRight((g: F, mode) => modes[mode as "R" | "F"](g), f)(x, y),
        ],
      ]),
    );
  })();

describe.each(["vjp", "jvp", "both"] as const)("residuals of rules by %s", (rules) => {
  const op = wave(rules);
  it.each(Object.entries(uses))("are right in %s", (_, use) => {
    for (const [name, nest] of Object.entries(nestings)) {
      const expected = nest(use(plainWave, plain))(...at)[0]!.item();
      const eager = nest(use(op, library))(...at)[0]!.item();
      expect([name, Math.abs(eager - expected) <= 1e-12 * Math.max(1, Math.abs(expected)) ? expected : eager]).toEqual([
        name,
        expected,
      ]);
      if (rules === "both" || !["R", "RR", "FR"].includes(name)) continue;
      const compiled = compile(nest(use(op, library)))(...at)[0]!.item();
      expect([
        name,
        "compiled",
        Math.abs(compiled - expected) <= 1e-12 * Math.max(1, Math.abs(expected)) ? expected : compiled,
      ]).toEqual([name, "compiled", expected]);
    }
  });
});

describe("residuals", () => {
  it("may be one tensor, of any type, and are typed in the rule", () => {
    const gate = customGradient({
      name: "gate",
      forward: (x) => {
        const mask = greater(x, 0);
        return [mul(x, mask.cast("float64")), mask];
      },
      vjp: (g, { residuals }) => {
        const mask: Tensor = residuals;
        return mul(g, mask.cast("float64"));
      },
    });
    expect(jacobian((x: Tensor<[2]>) => gate(x))(tensor([-1, 2])).toArray()).toEqual([
      [0, 0],
      [0, 1],
    ]);
    const none = customGradient({
      name: "none",
      forward: (x) => mul(x, 2),
      vjp: (g, { residuals }) => {
        const nothing: undefined = residuals;
        expect(nothing).toBeUndefined();
        return mul(g, 2);
      },
    });
    expect(grad((x: Scalar) => none(x))(1).item()).toBe(2);
  });

  it("are right in batches of directions, on the tape, in products and Hessians", () => {
    const op = wave("vjp");
    const f = (x: Tensor<[2]>): Tensor => sum(op(x, mul(x, x)));
    const g = (x: Tensor<[2]>): Tensor => sum(plainWave(x, mul(x, x)));
    const x = tensor([0.3, -0.6]);
    hessian(f)(x)
      .toTypedArray()
      .forEach((value, k) => expect(value).toBeCloseTo(hessian(g)(x).toTypedArray()[k]!, 13));
    compile(hessian(f))(x)
      .toTypedArray()
      .forEach((value, k) => expect(value).toBeCloseTo(hessian(g)(x).toTypedArray()[k]!, 13));
    expect(hvp(f)(x, tensor([1, 2])).toTypedArray()[0]).toBeCloseTo(hvp(g)(x, tensor([1, 2])).toTypedArray()[0]!, 13);
    const w = tensor(0.7, { requiresGrad: true });
    wave("vjp")(w, 0.4).backward({ createGraph: true });
    const first = w.grad!;
    w.zeroGrad();
    first.backward();
    expect(w.grad!.item()).toBeCloseTo(grad(grad((y: Scalar) => plainWave(y, 0.4) as Scalar))(0.7).item(), 13);
  });

  it("follow a pullback that is differentiated later, by the cotangent and by the point", () => {
    const op = wave("vjp");
    const along =
      (f: Op) =>
      (x: Scalar, seed: Scalar): Scalar =>
        vjp((y: Scalar) => f(y, 0.4), x).pullback(seed)[0] as Scalar;
    for (const argnums of [0, 1] as const) {
      expect(grad(along(op), { argnums })(0.7, 1.3).item()).toBeCloseTo(
        grad(along(plainWave as Op), { argnums })(0.7, 1.3).item(),
        13,
      );
    }
  });

  it("leave a forward that is only followed by one transform unrecorded", () => {
    let isConstant = false;
    const op = customGradient({
      name: "peek",
      forward: (x) => {
        isConstant = x.node === null;
        return [sin(x), x];
      },
      vjp: (g, { residuals: x }) => mul(g, cos(x)),
    });
    expect(grad((x: Scalar) => op(x))(1).item()).toBe(Math.cos(1));
    expect(isConstant).toBe(true);
    expect(grad(grad((x: Scalar) => op(x) as Scalar))(1).item()).toBe(-Math.sin(1));
    expect(isConstant).toBe(false);
  });
});

/** s(x) = tanh(x), with an intermediate kept in an outer variable. */
const keeping = (): { op: Op; kept: () => Tensor } => {
  let kept: Tensor | null = null;
  const op = customGradient({
    name: "keeping",
    forward: (x) => {
      kept = tanh(x);
      return mul(kept, 1);
    },
    vjp: (g) => mul(g, sub(1, mul(kept!, kept!))),
  });
  return { op, kept: () => kept! };
};

describe("what forward keeps outside", () => {
  const slope = 1 - Math.tanh(0.5) ** 2;

  it("is right where it is of the same call, and nothing follows it", () => {
    const { op } = keeping();
    expect(grad((x: Scalar) => op(x))(0.5).item()).toBeCloseTo(slope, 15);
    expect(compile(grad((x: Scalar) => op(x)))(tensor(0.5)).item()).toBeCloseTo(slope, 15);
    expect(jvp((x: Scalar) => op(x), [0.5], [1]).tangent.item()).toBeCloseTo(slope, 15);
  });

  it("is refused under an outer derivative and from another call, in every mode", () => {
    const { op } = keeping();
    const f = (x: Scalar): Scalar => op(x) as Scalar;
    const twice = (x: Scalar): Scalar => add(op(x), op(mul(x, 2))) as Scalar;
    const through = (x: Scalar): Scalar =>
      scan((h: Tensor) => [op(h), null] as const, x, null, { length: 2 }).carry as Scalar;
    const attempts: Readonly<Record<string, () => unknown>> = {
      "reverse over reverse": () => grad(grad(f))(0.5),
      "forward over reverse": () => hvp(f)(0.5 as never, 1 as never),
      "reverse over forward": () => grad((x: Scalar) => jvp(f, [x], [tensor(1)]).tangent)(0.5),
      "forward over forward": () => jvp((x: Scalar) => jvp(f, [x], [tensor(1)]).tangent, [0.5], [1]),
      "two uses": () => grad(twice)(0.5),
      "two uses forward": () => jvp(twice, [0.5], [1]),
      "two uses compiled": () => compile(grad(twice))(tensor(0.5)),
      "second order compiled": () => compile(grad(grad(f)))(tensor(0.5)),
      "a scan": () => grad(through)(0.5),
      "a compiled scan": () => compile(grad(through))(tensor(0.5)),
      "a compiled branch": () =>
        compile(
          grad((x: Scalar) =>
            cond(
              greater(x, 0),
              () => f(x),
              () => x,
            ),
          ),
        )(tensor(0.5)),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      const error = caught(attempt);
      expect([name, error.op, error.code]).toEqual([name, "keeping", "STALE"]);
      expect(error.message).toMatch(
        /^keeping: vjp uses a tensor of shape \[\] that (was made in another call|forward made and kept outside, where no outer derivative follows it): return it as a residual: forward: \(x\) => \[output, residuals\], vjp: \(g, \{ residuals \}\)/,
      );
    }
    expect(grad(f)(0.5).item()).toBeCloseTo(slope, 15);
  });

  it("is refused however it is used: returned, read, held constant, drawn through a pullback or a compiled function", () => {
    let kept: Tensor | null = null;
    let pullback: ((g: Tensor) => readonly [Tensor]) | null = null;
    const compiled = compile((x: Tensor) => mul(x, 2));
    const rules: readonly ((g: Tensor) => Tensor)[] = [
      () => kept!,
      (g) => mul(g, kept!.item()),
      (g) => mul(g, stopGradient(kept!)),
      (g) => pullback!(g)[0],
      () => compiled(kept!),
      (g) => g.mul(kept!.reshape([1]).toTypedArray()[0]!),
    ];
    for (const vjpRule of rules) {
      const op = customGradient({
        name: "kept",
        forward: (x) => {
          kept = exp(x);
          pullback = vjp((y: Tensor) => sin(y), x).pullback as never;
          return mul(x, 1);
        },
        vjp: (g) => vjpRule(g),
      });
      expect([String(vjpRule), caught(() => grad((x: Scalar) => add(op(x), op(x)))(0.5)).code]).toEqual([
        String(vjpRule),
        "STALE",
      ]);
    }
  });

  it("of one rule is refused in another", () => {
    let kept: Tensor | null = null;
    const op = customGradient({ name: "memo", forward: (x) => mul(x, 3), vjp: (g) => mul((kept ??= mul(g, 3)), 1) });
    expect(grad((x: Scalar) => op(x))(1).item()).toBe(3);
    expect(caught(() => grad((x: Scalar) => mul(op(x), 2))(1)).code).toBe("STALE");
  });

  it("leaves alone what was made outside, by the caller, and by ops by hand inside each other", () => {
    const factor = tensor(3);
    const inner = wave("vjp");
    const op = customGradient({
      name: "outer",
      forward: (x) => [inner(x, factor), grad((y: Scalar) => inner(y, factor))(x as Scalar)] as const,
      vjp: (g, { inputs: [x], residuals: slopeAt }) => {
        const local = customGradient({ name: "local", forward: (y) => mul(y, 1), vjp: (h) => mul(h, sub(2, 1)) });
        return mul(local(g), add(slopeAt, mul(0, grad((y: Scalar) => inner(y, factor))(x as Scalar))));
      },
    });
    const right = (x: Scalar): Scalar => plainWave(x, 3) as Scalar;
    expect(grad((x: Scalar) => op(x))(0.3).item()).toBeCloseTo(grad(right)(0.3).item(), 13);
    expect(grad(grad((x: Scalar) => op(x) as Scalar))(0.3).item()).toBeCloseTo(grad(grad(right))(0.3).item(), 12);
    expect(hvp((x: Scalar) => op(x) as Scalar)(0.3, 1).item()).toBeCloseTo(grad(grad(right))(0.3).item(), 12);
  });
});

describe("what is captured", () => {
  const scaled = (w: Tensor | number): Op =>
    customGradient({ name: "scaled", forward: (x) => mul(x, w), vjp: (g) => mul(g, w) });

  it("and differentiated is refused in forward, whatever asks for it", () => {
    const attempts: readonly (() => unknown)[] = [
      () => grad((w: Scalar) => scaled(w)(2))(3),
      () => jvp((w: Scalar) => scaled(w)(2), [3], [1]),
      () =>
        grad((x: Scalar, w: Scalar) => scaled(w)(x))(2, 3) &&
        grad((x: Scalar, w: Scalar) => scaled(w)(x), { argnums: 1 })(2, 3),
      () => compile(grad((w: Scalar) => scaled(w)(2)))(tensor(3)),
      () => grad(grad((w: Scalar) => scaled(w)(w) as Scalar))(3),
      () => grad((w: Scalar) => customGradient({ name: "scaled", forward: () => w, vjp: (g) => g })(1))(3),
      () => scaled(tensor(3, { requiresGrad: true }))(2),
    ];
    for (const attempt of attempts) {
      const error = caught(attempt);
      expect([error.op, error.code]).toEqual(["scaled", "CAPTURED"]);
      expect(error.message).toMatch(
        /^scaled: forward uses a tensor of shape \[\] that is being differentiated and is no input.*hand it in as an input, or hold it constant with stopGradient/,
      );
    }
  });

  it("is fine where nothing follows it, or it is held constant", () => {
    expect(grad((x: Scalar, w: Scalar) => scaled(w)(x))(2, 3).item()).toBe(3);
    expect(grad((w: Scalar) => scaled(stopGradient(w))(w))(3).item()).toBe(3);
    expect(noGrad(() => scaled(tensor(3, { requiresGrad: true }))(2)).item()).toBe(6);
    const held = customGradient({
      name: "held",
      forward: (x) =>
        mul(
          x,
          noGrad(() => mul(factor, 1)),
        ),
      vjp: (g) => g,
    });
    const factor = tensor(3, { requiresGrad: true });
    expect(held(2).item()).toBe(6);
  });

  it("in a rule is followed by outer derivatives", () => {
    // d/dw of what the rule multiplies by
    const f = (w: Scalar): Scalar =>
      grad((x: Scalar) =>
        customGradient({ name: "weighted", forward: (y) => mul(y, 1), vjp: (g) => mul(g, mul(w, w)) })(x),
      )(2) as Scalar;
    expect([f(tensor(3)).item(), grad(f)(3).item(), jvp(f, [3], [1]).tangent.item()]).toEqual([9, 6, 6]);
  });
});

describe("numbers that are read", () => {
  it("in forward are fine, and make residuals that an outer derivative cannot follow", () => {
    const fromNumbers = customGradient({
      name: "numbers",
      forward: (x) => {
        const s = tensor(Math.sin(x.item()));
        return [s, tensor(Math.cos(x.item()))];
      },
      vjp: (g, { residuals: c }) => mul(g, c),
    });
    expect(grad((x: Scalar) => fromNumbers(x))(1).item()).toBe(Math.cos(1));
    const error = caught(() => grad(grad((x: Scalar) => fromNumbers(x) as Scalar))(1));
    expect([error.op, error.code]).toEqual(["numbers", "OPAQUE"]);
    const number = customGradient({
      name: "number",
      forward: (x) => [mul(x, x), x.item()],
      vjp: (g, { residuals }) => mul(g, 2 * residuals),
    });
    expect(grad((x: Scalar) => number(x))(3).item()).toBe(6);
    expect(caught(() => grad(grad((x: Scalar) => number(x) as Scalar))(3)).code).toBe("OPAQUE");
    const fromInputs = customGradient({
      name: "inputs",
      forward: (x) => tensor(Math.sin(x.item())),
      vjp: (g, { inputs: [x] }) => mul(g, cos(x!)),
    });
    expect(grad(grad((x: Scalar) => fromInputs(x) as Scalar))(1).item()).toBe(-Math.sin(1));
  });

  it("in a rule are refused where an outer derivative follows them", () => {
    const opaque = customGradient({
      name: "opaque",
      forward: (x) => mul(x, x),
      vjp: (g, { inputs: [x] }) => tensor(2 * x!.item() * g.item()),
    });
    expect(valueAndGrad((x: Scalar) => opaque(x))(3).gradient.item()).toBe(6);
    for (const attempt of [
      () => grad(grad((x: Scalar) => opaque(x) as Scalar))(3),
      () => hvp((x: Scalar) => opaque(x) as Scalar)(3, 1),
      () => grad((s: Scalar) => vjp((x: Scalar) => opaque(x), 3).pullback(s)[0] as Scalar)(1),
    ]) {
      const error = caught(attempt);
      expect([error.op, error.code]).toEqual(["opaque", "OPAQUE"]);
      expect(error.message).toMatch(
        /^opaque: vjp reads the numbers of a tensor of shape \[\] that an outer derivative follows, and would lose it: write the rule in the library's ops/,
      );
    }
  });
});

describe("a forward", () => {
  it("that gives neither a tensor nor a pair is refused by what it gives", () => {
    const giving = (value: unknown): Op =>
      customGradient({ name: "giving", forward: () => value as Tensor, vjp: (g) => g });
    for (const value of [3, null, undefined, [], [tensor(1)], [tensor(1), 2, 3], [1, 2], {}, "x", Promise.resolve(1)]) {
      expect(caught(() => giving(value)(1)).message).toMatch(
        /^giving: forward gives .*, no tensor: return one tensor, or \[output, residuals\]/,
      );
    }
    expect(caught(() => giving([tensor(1), new Map()])(1)).message).toMatch(/^giving: the residuals is (a )?Map/);
  });

  it("whose value does not depend on its inputs is compiled too", () => {
    const constant = customGradient({ name: "constant", forward: () => tensor(2), vjp: (g) => mul(g, 5) });
    const f = (x: Scalar): Scalar => mul(constant(x), x) as Scalar;
    expect([grad(f)(3).item(), compile(grad(f))(tensor(3)).item(), compile(f)(tensor(3)).item()]).toEqual([17, 17, 6]);
    expect(
      compile(
        grad(
          (x: Scalar) =>
            scan((h: Tensor) => [mul(constant(h), h), null] as const, x, null, { length: 1 }).carry as Scalar,
        ),
      )(tensor(3)).item(),
    ).toBe(17);
  });
});

/**
 * Compositions of two to four functions at poles, kinks and saturations: in every nesting of the modes the derivative
 * is right or not finite, and right where nothing but what was dropped is infinite.
 */

import { afterAll, describe, expect, it } from "vitest";
import * as library from "../../src/index.ts";
import { cast, grad, mean, mul, sqrt, tensor, type DType, type Tensor } from "../../src/index.ts";
import type { ElementwiseOp, LinearOp } from "../../src/graph/op.ts";
import { tensors } from "../../src/ops/algebras.ts";
import * as marks from "../../src/ops/marks.ts";
import { report } from "../report.ts";
import { nightly, sized } from "../size.ts";
import { checkComposition } from "./compose-check.ts";
import { compositions } from "./compositions.ts";
import { fuzz, plantedSeed, seed } from "./runs.ts";

it("are right or not finite, in every order of the modes, as they are, as programs and through a loop", () => {
  const check = checkComposition({ ways: sized(1, 5), compileOneIn: sized(40, 12) });
  const { graphs, discarded, failure } = fuzz(compositions, check, sized(1000, 50_000));
  expect(failure?.text ?? "no failure").toBe("no failure");
  const rate = discarded / graphs;
  expect(rate).toBeLessThan(0.4);
  report(
    "fuzzed graphs",
    graphs - discarded,
    `${graphs.toLocaleString("en-US")} compositions at poles, kinks and saturations to third order, ${(100 * rate).toFixed(1)} % discarded, seed ${seed}`,
  );
});

const { absorb, absorbBoth, annul, pass, portion } = marks;

/** The fault that few compositions show. */
const RARE = "a share loses the mark";

/** So many compositions show every fault. */
const ENOUGH = 20_000;

/** Plants a fault and gives back what removes it. */
type Plant = () => () => void;

/** Every op of the library, and those of its rules: their loops are made from formulas, which none may outlive. */
const elementwise = Object.values<unknown>({ ...library, ...tensors, ...marks }).flatMap((f): ElementwiseOp[] =>
  typeof f === "function" && "op" in f ? [f.op as ElementwiseOp] : [],
);

const forgetLoops = (): void => {
  for (const { loops } of elementwise) loops.length = 0;
};

/** Replaces the definition of an op by another one, as numbers and as lanes. */
const changed =
  ({ op }: { readonly op: ElementwiseOp }, value: (...x: number[]) => number, lanes: ElementwiseOp["lanes"]): Plant =>
  () => {
    // What is made of a formula when it is first asked for is made before.
    op.narrow(...Array<number>(value.length).fill(1));
    const { value: formerValue, narrow, lanes: formerLanes } = op;
    Object.assign(op, { value, narrow: (...x: number[]) => Math.fround(value(...x)), lanes });
    forgetLoops();
    return () => {
      Object.assign(op, { value: formerValue, narrow, lanes: formerLanes });
      forgetLoops();
    };
  };

/** The product of which a 0 makes 0, whatever it meets: what rule Z replaced. */
const absorbing = (g: number, p: number): number => (g === 0 && p - p !== 0 ? 0 : g * p);
const absorbingLanes: ElementwiseOp["lanes"] = {
  value: (l, g, p) => {
    const product = l.mul(g!, p!);
    return l.select(l.and(l.eq(g!, l.constant(0)), l.ne(product, product)), l.constant(0), product);
  },
};

/** The op that narrows a cotangent. */
const narrowing = (): LinearOp => {
  const narrow = tensor([1, 2], { dtype: "float32", requiresGrad: true });
  const wide = cast(narrow, "float64").node!;
  const share = (wide.op as LinearOp).transpose(tensor([1, 2], { requiresGrad: true }), wide as never, [true])[0]!;
  return share.node!.op as LinearOp;
};

const faults: Readonly<Record<string, Plant>> = {
  "a computed 0 absorbs": changed(absorb, absorbing, absorbingLanes),
  "a computed 0 absorbs what has a sign of its own": changed(absorbBoth, absorbing, absorbingLanes),
  "a product forges a mark": changed(absorb, (g, p) => g * p, {
    value: (l, g, p) => l.select(l.isMark(g!), l.constant(-0), l.mul(g!, p!)),
  }),
  "a product loses the mark": changed(absorb, (g, p) => g * p + 0, {
    value: (l, g, p) => l.add(l.mul(g!, p!), l.constant(0)),
  }),
  "the mark of the second factor counts for nothing": changed(absorbBoth, absorb.op.value, absorb.op.lanes),
  "a gate writes +0": changed(pass, (c, g) => (c !== 0 ? g! : 0), {
    choose: (l, c, g) => l.select(c, g!, l.constant(0)),
  }),
  "a share loses the mark": changed(portion, (g, n) => g! / n! + 0, {
    value: (l, g, n) => l.add(l.div(g!, n!), l.constant(0)),
  }),
  "what was handed in as 0, and a constant 0, count as computed": changed(annul, (x) => x!, { value: (_, x) => x! }),
  "a cotangent that vanishes in float32 counts as dropped": () => {
    const op = narrowing();
    const right = op.evaluate.bind(op);
    op.evaluate = (inputs, attributes) => right(inputs, { dtype: (attributes as { readonly dtype: DType }).dtype });
    return () => (op.evaluate = right);
  },
};

/** A share that forges a mark shows only where a quotient vanishes, which compositions at random do not reach. */
const forgedShare = changed(portion, (g, n) => g! / n!, { value: (l, g, n) => l.div(g!, n!) });

// A third of them in a run, others each day; all in the night.
describe("a planted fault is found", () => {
  let [planted, most] = [0, 0];

  it("where a share forges a mark", () => {
    // The slope is -∞: the least number by three, which vanishes, times ∞.
    const slopes = grad((x: Tensor<[3]>) => mul(mean(sqrt(x)), -5e-324));
    const first = (): number => slopes(tensor([0, 1, 4])).toTypedArray()[0]!;
    expect(first()).toBeNaN();
    const remove = forgedShare();
    try {
      expect(first()).toBe(0);
    } finally {
      remove();
    }
    expect(first()).toBeNaN();
    planted++;
  });

  /** Derivatives at a pole, of both types: what stays of a wrong `annul` in the loops of rules shows in them. */
  const witness = (): string => {
    const x = tensor([0, 0.75, 1]) as Tensor;
    const slope = (y: Tensor): Tensor => grad((z: Tensor) => library.sum(library.pow(z, z)) as Tensor<[]>)(y) as Tensor;
    const second = library.jvp(slope, [x], [x.add(1) as Tensor]).tangent as Tensor;
    const narrow = cast(x, "float32") as Tensor;
    const single = grad((z: Tensor) => mean(library.mul(library.pow(z, z), sqrt(z))) as Tensor<[]>)(narrow) as Tensor;
    return JSON.stringify([second.toTypedArray(), single.toTypedArray()].map((list) => [...list].map(String)));
  };

  // A third of them each day; what only thousands of compositions show is left to the night.
  it.each(Object.keys(faults).filter((name, k) => nightly || ((k + seed) % 3 === 0 && name !== RARE)))(
    "where %s",
    (name) => {
      const right = witness();
      const remove = faults[name]!();
      try {
        const { failure, graphs } = fuzz(
          compositions,
          checkComposition({ ways: 2, compileOneIn: 1_000_000 }),
          ENOUGH,
          false,
          plantedSeed,
        );
        expect(failure, name).not.toBeNull();
        planted++;
        most = Math.max(most, graphs);
      } finally {
        remove();
      }
      expect(witness(), "what was planted is gone").toBe(right);
    },
  );

  afterAll(() =>
    report(
      "planted faults",
      planted,
      `${planted} planted faults of what is dropped are found within ${most} compositions`,
    ),
  );
});

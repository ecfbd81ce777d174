// Every equation that is printed holds: evaluated as it stands, it gives what the plain equations give, in every
// notation.
import { describe, expect, it } from "vitest";
import { grad, type Tensor } from "@chainrule/autograd";
import { isTried } from "../../../../autograd/test/size.ts";
import { backprop } from "../../../src/handcheck/equations/backprop.ts";
import { derive } from "../../../src/handcheck/derive/derive.ts";
import type { DeriveNumbers } from "../../../src/handcheck/derive/values/given.ts";
import { notations, type NotationName } from "../../../src/handcheck/derive/language/notation.ts";
import { evaluate } from "../../../src/handcheck/derive/values/evaluate.ts";
import { symbol } from "../../../src/handcheck/derive/language/build.ts";
import { worldOf, type World } from "../../../src/handcheck/derive/values/world.ts";
import type { Network } from "../../../src/index.ts";
import { batchOf, cases, claimsOf, expectSame, mazurNetwork, mazurNumbers, networkOf, prove } from "./support.ts";

const names = Object.keys(notations) as NotationName[];

function worldFor(
  net: Network,
  derivation: ReturnType<typeof derive>,
  { x, t, eta }: { x: number[][]; t: number[][]; eta?: number },
): World {
  const { subject } = derivation;
  const layers = net.sizes.slice(1).map((_, index) => index + 1);
  const plain = {
    weights: layers.map((l) => net.parameters[`W${l}`]!.toArray() as number[][]),
    biases: layers.map((l) => net.parameters[`b${l}`]!.toArray() as number[]),
    activations: subject.activations,
    cost: subject.cost,
  };
  return worldOf(subject, plain, x, t, eta ?? 0.25);
}

/** A third of the networks in each notation, others each day. */
const some = (notation: NotationName, what: string): typeof cases =>
  cases.filter((_, k) => isTried(3, `${notation} ${what} ${k}`));

describe.each(names)("in the notation %s", (notation) => {
  it.each(some(notation, "letters"))("every equation holds for $sizes, $activations, $cost", (one) => {
    const net = networkOf(one);
    for (const reduction of ["mean", "sum"] as const) {
      const derivation = derive(net, { notation, reduction });
      const world = worldFor(net, derivation, batchOf(one, 3));
      const claims = claimsOf(derivation.sections);
      const compared = claims.map((claim) => prove(claim, world));
      expect(claims.length).toBeGreaterThan(10);
      expect(Math.min(...compared)).toBeGreaterThan(0);
    }
  });

  it.each(some(notation, "numbers"))("every equation with numbers holds for $sizes, $activations, $cost", (one) => {
    const net = networkOf(one);
    for (const samples of [1, 3]) {
      const data = batchOf(one, samples);
      const weights = one.sizes.slice(1).map((units, index) => ({ layer: index + 1, to: units - 1, from: 0 }));
      const derivation = derive(net, { notation, weights, numbers: { ...data, eta: 0.25 } });
      const world = worldFor(net, derivation, data);
      const section = derivation.sections.find(({ title }) => title.en[0] === "With numbers")!;
      // The printed numbers are the first sample's.
      const claims = claimsOf([section]);
      for (const claim of claims) prove(claim, world, 1);
      expect(claims.length).toBeGreaterThan(8);
    }
  });

  it("symbols mean what autograd says, in the layout, sign and scale of the notation", () => {
    const one = cases[13]!;
    const net = networkOf(one);
    const data = batchOf(one, 3);
    const derivation = derive(net, { notation });
    const world = worldFor(net, derivation, data);
    const slopes = grad((w: Record<string, Tensor>) => net.loss(w, data.x, data.t))(net.parameters);
    const scope = { sample: 1, l: null, neurons: new Map<string, number>() };
    const { weights, arrays, deltaSign, delta } = notations[notation];
    const columns = (rows: number[][]): number[][] => rows[0]!.map((_, k) => rows.map((row) => row[k]!));
    for (let l = 1; l <= net.layers; l++) {
      const outIn = slopes[`W${l}`]!.toArray() as number[][];
      expectSame(
        evaluate(symbol("gradW", l), world, scope),
        weights === "out×in" ? outIn : columns(outIn),
        `∂C/∂W${l}`,
      );
      // The sum of δ over the samples is ∂C/∂b times N where δ carries no 1/N.
      const [units, bias] = [net.sizes[l]!, slopes[`b${l}`]!.toArray() as number[]];
      for (let j = 0; j < units; j++) {
        const total = data.x.reduce(
          (sum, _, sample) => sum + (evaluate(symbol("delta", l, [j]), world, { ...scope, sample }) as number),
          0,
        );
        expectSame(total, deltaSign * bias[j]! * (delta === "perSample" ? 3 : 1), `δ${l}`);
      }
      const whole = evaluate(symbol("delta", l), world, scope) as number[][];
      expect([whole.length, whole[0]!.length]).toEqual(
        arrays === "sample" ? [units, 1] : arrays === "columns" ? [units, 3] : [3, units],
      );
    }
  });
});

describe("the proof", () => {
  it("refuses the document's slips", () => {
    const one = { sizes: [4, 4, 4], activations: ["sigmoid", "sigmoid"], cost: "quadratic" } as const;
    const net = networkOf(one);
    const derivation = derive(net);
    const world = worldFor(net, derivation, batchOf(one, 2));
    const claims = claimsOf(derivation.sections);
    // w_jk of layer l where w_kj of layer l+1 belongs: the shapes fit, the numbers do not.
    const general = claims.find(
      ({ left, steps }) =>
        JSON.stringify(left).includes('"of":"l"') && JSON.stringify(left).includes("delta") && steps.length === 2,
    )!;
    const printed = JSON.parse(JSON.stringify(general), (_, value: unknown) => {
      const { role, at } = (typeof value === "object" && value !== null ? value : {}) as {
        role?: string;
        at?: unknown[];
      };
      return role === "W" ? { ...(value as object), layer: { of: "l", plus: 0 }, at: [...at!].reverse() } : value;
    }) as typeof general;
    expect(prove(general, world)).toBeGreaterThan(0);
    expect(() => prove(printed, world)).toThrow("instead of");
  });

  it("refuses a missing σ′, a missing transposition and a flipped sign", () => {
    const net = networkOf({ sizes: [3, 3, 3], activations: ["sigmoid", "tanh"], cost: "quadratic" });
    const derivation = derive(net, { notation: "nielsen" });
    const world = worldFor(
      net,
      derivation,
      batchOf({ sizes: [3, 3, 3], activations: ["sigmoid", "tanh"], cost: "quadratic" }, 2),
    );
    const wrong = (kind: string, change: (node: { of: unknown; factors: unknown[] }) => unknown): number => {
      let refused = 0;
      for (const claim of claimsOf(derivation.sections)) {
        const text = JSON.stringify(claim);
        const changed = JSON.parse(text, (_, value: unknown) =>
          (value as { kind?: string } | null)?.kind === kind
            ? change(value as { of: unknown; factors: unknown[] })
            : value,
        ) as typeof claim;
        if (JSON.stringify(changed) === text) continue;
        try {
          prove(changed, world);
        } catch {
          refused += 1;
        }
      }
      return refused;
    };
    expect(wrong("transpose", (node) => node.of)).toBeGreaterThan(2);
    expect(wrong("hadamard", (node) => node.factors[0])).toBeGreaterThan(1);
    expect(wrong("negative", (node) => node.of)).toBeGreaterThan(2);
  });
});

describe("numbers", () => {
  it("are Mazur's, and print as he does", () => {
    const text = derive(mazurNetwork, { notation: "nielsen", numbers: mazurNumbers }).toText();
    expect(text).toContain("0.74136507 · 0.18681560 · 0.59326999 = 0.08216704");
    expect(text).toContain("0.29837111");
    expect(text).toContain("0.4 − 0.5 · 0.08216704 = 0.35891648");
  });

  it("without a sum of 1 leave out what holds for shares only", () => {
    const one = { sizes: [2, 3], activations: ["softmax"], cost: "categoricalCrossEntropy" } as const;
    const numbers: DeriveNumbers = { x: [0.3, -0.4], t: [0.5, 0.25, 0.5] };
    const derivation = derive(networkOf(one), { numbers });
    expect(JSON.stringify(derivation.sections)).not.toContain('"sharesSumToOne":true');
    const world = worldFor(networkOf(one), derivation, { x: [[0.3, -0.4]], t: [[0.5, 0.25, 0.5]] });
    for (const claim of claimsOf(derivation.sections)) prove(claim, world);
    expect(JSON.stringify(derive(networkOf(one)).sections)).toContain('"sharesSumToOne":true');
  });

  it("agree with the plain loops in the cost of a batch", () => {
    const one = cases[0]!;
    const data = batchOf(one, 4);
    const world = worldFor(networkOf(one), derive(networkOf(one)), data);
    expect(evaluate(symbol("cost"), world, { sample: 0, l: null, neurons: new Map() })).toBe(
      backprop(world.net, data.x, data.t).cost,
    );
  });
});

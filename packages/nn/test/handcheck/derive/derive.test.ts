// What derive takes and refuses, and what its sections say.
import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "@chainrule/autograd";
import { network } from "../../../src/index.ts";
import { derive } from "../../../src/handcheck/derive/derive.ts";
import { numberFormula } from "../../../src/handcheck/derive/draw.ts";
import { mazurNetwork, mazurNumbers } from "./support.ts";

const titles = (derivation: ReturnType<typeof derive>): string[] =>
  derivation.sections.map(({ title }) => title.en.filter((part) => typeof part === "string").join(""));

describe("derive", () => {
  it("has a section for each step of the argument", () => {
    expect(titles(derive(mazurNetwork))).toEqual([
      "The network",
      "The chain rule, weight by weight",
      "Collapsing the chain: ",
      "The same for any layer",
      "Matrix form",
      "Learning",
    ]);
    expect(titles(derive(mazurNetwork, { numbers: mazurNumbers }))).toContain("With numbers");
  });

  it("prints the path sum and the reasons of the document", () => {
    const text = derive(mazurNetwork).toText();
    expect(text).toContain("∂eⱼ/∂vⱼ = −1                    because eⱼ = tⱼ − vⱼ");
    expect(text).toContain(
      "    ──── = Σⱼ ─── · ─── · ─── · ─── · ─── · ────\n    ∂wₘᵢ      ∂eⱼ   ∂vⱼ   ∂uⱼ   ∂vᵢ   ∂uᵢ   ∂wₘᵢ",
    );
    expect(text).toContain("Σₖ δₖˡ⁺¹ wₖⱼˡ⁺¹ σ′(uⱼˡ)");
    expect(text).toContain("uⱼ = Σᵢ wᵢⱼ vᵢ + bⱼ");
  });

  it("calls layers by numbers where there are not three", () => {
    const text = derive(network({ sizes: [2, 3, 4, 1] })).toText();
    expect(text).toContain("δₖ² = ");
    expect(text).not.toContain("M, I and J = 2");
  });

  it("collapses softmax and cross-entropy to v − t", () => {
    const text = derive(network({ sizes: [2, 3], activations: "softmax", cost: "categoricalCrossEntropy" })).toText();
    expect(text).toContain("δⱼ¹ = vⱼ¹ − tⱼ");
    expect(text).toContain("the whole Jacobian of softmax");
  });

  it("follows the weights it is told to", () => {
    const numbers = { ...mazurNumbers, x: tensor([[0.05, 0.1]]), t: [[0.01, 0.99]] };
    const text = derive(mazurNetwork, {
      notation: "nielsen",
      numbers,
      weights: [{ layer: 2, to: 1, from: 0 }],
    }).toText();
    expect(text).toContain("w₂₁³′ = w₂₁³");
    expect(text).toContain("0.5 − 0.5 · (−0.02260254) = 0.51130127");
    expect(text).toContain("w₁₁²′ = w₁₁²");
  });

  it("takes other parameters than the first ones", () => {
    const numbers = { ...mazurNumbers, parameters: { ...mazurNetwork.parameters, b1: tensor([1, 1]) } };
    expect(derive(mazurNetwork, { numbers }).toText()).toContain("+ 1 = 1.0275");
  });

  it("refuses functions of the user's own, by name", () => {
    const swish = (u: Tensor): Tensor => u;
    expect(() => derive(network({ sizes: [1, 1], activations: swish }))).toThrow(/layer 1 has the function swish/);
    const huber = (v: Tensor): Tensor => v;
    expect(() => derive(network({ sizes: [1, 1], cost: huber }))).toThrow(/the cost is the function huber/);
  });

  it.each([
    ["an unknown notation", () => derive(mazurNetwork, { notation: "leibniz" as "ng" }), /no notation leibniz/],
    ["an unknown language", () => derive(mazurNetwork, { language: "la" as "en" }), /no language la/],
    [
      "a weight that is not there",
      () => derive(mazurNetwork, { weights: [{ layer: 2, to: 2, from: 0 }] }),
      /no weight to 2 from 0 in layer 2/,
    ],
    [
      "a layer that is not there",
      () => derive(mazurNetwork, { weights: [{ layer: 0, to: 0, from: 0 }] }),
      /layers count from 1 to 2/,
    ],
    [
      "an input of another width",
      () => derive(mazurNetwork, { numbers: { x: [1], t: [0, 1] } }),
      /a row of x has 1 entries where 2/,
    ],
    [
      "inputs without targets",
      () =>
        derive(mazurNetwork, {
          numbers: {
            x: [
              [1, 2],
              [3, 4],
            ],
            t: [0, 1],
          },
        }),
      /2 inputs and 1 targets/,
    ],
    [
      "missing parameters",
      () => derive(mazurNetwork, { numbers: { ...mazurNumbers, parameters: {} } }),
      /no parameter W1/,
    ],
    [
      "more layers than letters",
      () => derive(network({ sizes: new Array<number>(20).fill(1) })),
      /19 layers need more letters/,
    ],
  ])("refuses %s", (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe("numbers on paper", () => {
  it.each([
    [0.05, "0.05"],
    [-1, "−1"],
    [0.18681560180895948, "0.18681560"],
    [0.000438567734474347, "0.00043856773"],
    [1.5e-9, "1.5000000·10^-9"],
    [1234567890.125, "1.2345679·10^9"],
    [NaN, "NaN"],
    [-Infinity, "−∞"],
  ])("%d is %s", (value, printed) => {
    const { digits, exponent } = numberFormula(value);
    expect(exponent === null ? digits : `${digits}·10^${exponent}`).toBe(printed);
  });
});

/** What people call things, and what each name is taken for. */

import { describe, expect, it } from "vitest";
import { layerKey, meaningsOf, scopeOf, type Meaning } from "../../../src/handcheck/intake/meaning.ts";
import type { Scope } from "../../../src/handcheck/intake/names.ts";

const shown = ({ role, layer }: Meaning): string =>
  `${role} ${layer.kind === "all" ? "*" : layer.kind === "word" ? layer.word : layer.kind === "module" ? layer.key : layer.n}`;
const meant = (name: string, scope: Scope = "top"): string[] => meaningsOf(name, scope).map(shown);

describe("a name", () => {
  it.each([
    [
      "W 1",
      "W1",
      "w1",
      "W_1",
      "W[1]",
      "w^(1)",
      "W^{1}",
      "W¹",
      "Theta1",
      "Θ¹",
      "theta_1",
      "syn1",
      "weights1",
      "weights_1",
      "weights[1]",
      "W-1",
    ],
    ["b 1", "b1", "bias1", "bias_1", "b^{(1)}", "intercept1"],
    [
      "gradW 2",
      "dW2",
      "gradW2",
      "grad_W2",
      "dL_dW2",
      "dLdW2",
      "dC/dW2",
      "∂C/∂W2",
      "∇W2",
      "W2_grad",
      "W2.grad",
      "Theta2_grad",
      "nabla_w2",
      "dTheta2",
      "gradient_W2",
    ],
    ["gradB 2", "db2", "grad_b2", "b2_grad", "dL_db2", "nabla_b2", "dbias2", "db^{[2]}"],
    ["delta 2", "dZ2", "dz2", "delta2", "δ²", "d2", "delta_2", "dL_dz2", "grad_z2", "δ^{(2)}"],
    ["u 1", "z1", "Z1", "u1", "Z^{[1]}", "preact1"],
    ["v 1", "a1", "A1", "v1", "h1", "A^{[1]}", "act1", "out1"],
    ["nextW 1", "W1_new", "new_W1", "W1_next", "updated_W1", "W1+"],
    ["W *", "W", "weights", "coefs_", "Theta"],
    ["gradW *", "dW", "nabla_w", "gradW", "grad_W"],
    ["gradB *", "db", "nabla_b", "gradB"],
  ])("means %s", (meaning, ...names) => {
    for (const name of names) expect(meant(name), name).toContain(meaning);
    // Nothing else that has numbers of a layer.
    for (const name of names)
      expect(
        meant(name).filter((one) => /^(?:W|b|u|v|delta|grad|next)/.test(one)),
        name,
      ).toEqual([meaning]);
  });

  it.each([
    ["fc1.weight", "W fc1"],
    ["layers.0.weight", "W layers.0"],
    ["0.weight", "W 0"],
    ["net.2.bias", "b net.2"],
    ["fc1.weight.grad", "gradW fc1"],
    ["fc1.bias_grad", "gradB fc1"],
    ["linear_relu_stack.4.weight", "W linear_relu_stack.4"],
    ["dense_1/kernel:0", "W dense_1"],
    ["output.bias", "b output"],
  ])("of a module, %s, keeps its module", (name, meaning) => {
    expect(meant(name)).toEqual([meaning]);
  });

  it.each([
    ["wih", "W hidden"],
    ["who", "W output"],
    ["W_hidden", "W hidden"],
    ["weights_hidden_output", "W output"],
    ["b_out", "b output"],
    ["bh", "b hidden"],
    ["l1_delta", "delta l1"],
    ["y_hat", "v output"],
    ["logits", "u output"],
  ])("without a number, %s, may say its layer", (name, meaning) => {
    expect(meant(name)).toContain(meaning);
  });

  it("means by its surroundings what it means", () => {
    expect(meant("W1", "gradients")).toEqual(["gradW 1"]);
    expect(meant("b1", "gradients")).toEqual(["gradB 1"]);
    expect(meant("W1", "next")).toEqual(["nextW 1"]);
    expect(meant("outputs", "data")).toEqual(["t *"]);
    expect(meant("X", "gradients")).toEqual(["delta 0"]);
    expect(meant("dX")).toContain("delta 0");
  });

  it.each(["gradWW1", "W1_2", "wieghts", "summ", "foo", "gardW1", "x1y2", "hand"])("%s means nothing", (name) => {
    expect(meant(name)).toEqual([]);
  });

  it.each([
    ["grads", "gradients"],
    ["cache", "forward"],
    ["params", "parameters"],
    ["state_dict", "parameters"],
    ["model", "network"],
    ["Conventions", "convention"],
    ["foo", null],
  ])("%s opens %s", (name, scope) => {
    expect(scopeOf(name, "top")).toBe(scope);
  });

  it("may be a layer and nothing else", () => {
    expect(["2", "layer2", "fc2"].map((key) => layerKey(key))).toEqual([
      { kind: "number", n: 2 },
      { kind: "module", key: "layer2", n: 2 },
      { kind: "module", key: "fc2", n: 2 },
    ]);
    expect(["W", "x2"].map((key) => layerKey(key))).toEqual([null, null]);
  });
});

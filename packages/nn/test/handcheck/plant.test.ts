/** Planted slips: the check solves every one of them, and what is drawn follows the seed. */

import { describe, expect, it } from "vitest";
import { isTried, sized } from "../../../autograd/test/size.ts";
import { handcheck, namedMistakes, plantMistake, reportPart } from "../../src/handcheck/index.ts";
import { typical } from "../../src/handcheck/catalogue/catalogue.ts";
import { network } from "../../src/network/network.ts";

const nets = [
  network({ sizes: [3, 4, 2] }),
  network({ sizes: [2, 3, 3, 1], activations: ["tanh", "relu", "sigmoid"], cost: "crossEntropy" }),
  network({ sizes: [4, 3, 3], activations: ["sigmoid", "softmax"], cost: "categoricalCrossEntropy" }),
] as const;

describe("plantMistake", () => {
  it("plants one slip that the check finds again in the numbers", () => {
    for (let seed = 0; seed < sized(6, 200); seed++) {
      const planted = plantMistake(nets[seed % nets.length]!, { seed });
      const { roots, lines } = handcheck(planted.network, planted.data, planted.hand);
      expect(roots).toEqual([planted.root]);
      // What is inherited differs from the truth, what is right does not.
      for (const { equation, layer, yours, correct } of planted.tensors) {
        const line = lines.find((one) => one.equation === equation && one.layer === layer)!;
        const [mine, right] = [yours.flat(), correct.flat()];
        const apart = mine.length !== right.length || mine.some((y, k) => Math.abs(y - right[k]!) > 1e-9 * Math.abs(y));
        expect(["root", "inherited", "shape"].includes(line.status), `${seed} ${equation} ${layer}`).toBe(apart);
      }
    }
  });

  it("gives the same for the same seed, and another for another", () => {
    const [once, again, other] = [3, 3, 4].map((seed) => plantMistake(nets[0], { seed }));
    expect(again!.hand).toEqual(once!.hand);
    expect(other!.hand).not.toEqual(once!.hand);
  });

  it("plants what is asked for where it is asked for", () => {
    const { root } = plantMistake(nets[1], { id: "C9", equation: "BP3", layer: 2 });
    expect([root.id, root.equation, root.layer]).toEqual(["C9", "BP3", 2]);
    const { root: any } = plantMistake(nets[1], { equation: "BP4" });
    expect(any.equation).toBe("BP4");
  });

  it("can plant every typical mistake of a rule that needs nothing beside the network, somewhere", () => {
    // Signs and factors of everything are conventions, and regularization and steps are told, not planted.
    const told = new Set(["A1", "A4", "A6", "E1", "E2", "E3", "B7", "C6"]);
    const square = network({ sizes: [3, 3, 3, 3], activations: ["sigmoid", "tanh", "sigmoid"] });
    const softmax = network({ sizes: [3, 4, 3], activations: ["sigmoid", "softmax"], cost: "quadratic" });
    const others = [square, ...nets, softmax, network({ sizes: [2, 2, 2, 2] })];
    const plantable = (id: string): boolean =>
      others.some((net) => {
        try {
          return plantMistake(net, { id, samples: 5 }).root.id === id;
        } catch {
          return false;
        }
      });
    const ids = [...new Set(typical.map(({ id }) => id))].filter((id) => !told.has(id) && isTried(6, id));
    expect(ids.filter((id) => !plantable(id))).toEqual([]);
  });

  it("says that nothing can be planted, and what else to ask for", () => {
    expect(() => plantMistake(nets[0], { id: "A13" })).toThrow(
      "plantMistake: no mistake A13 can be planted there that the data would show: ask for another id",
    );
    expect(() => plantMistake(nets[0], { sead: 1 } as object)).toThrow("seed");
    expect(() => plantMistake(network({ sizes: [1, 1], activations: (u) => u }))).toThrow("a function of your own");
  });

  it("comes with the numbers that a report draws", () => {
    const { network: net, data, hand, tensors } = plantMistake(nets[0], { equation: "BP2" });
    expect(reportPart(handcheck(net, data, hand), { tensors })).toContain('<svg class="heat"');
  });
});

describe("namedMistakes", () => {
  it("has every name once, with its equations and a sentence in each language", () => {
    expect(new Set(namedMistakes.map(({ id }) => id)).size).toBe(namedMistakes.length);
    expect(namedMistakes.find(({ id }) => id === "B1")).toMatchObject({
      equations: ["BP2"],
      says: { en: "σ' of the layer is forgotten" },
    });
    for (const { says } of namedMistakes) expect(says.zh).not.toBe(says.en);
  });
});

/** The state of the page goes into the address and comes out of it. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fragmentOf, stateOf } from "../src/state/fragment.ts";
import { first, type State } from "../src/state/state.ts";

const states: fc.Arbitrary<State> = fc.record({
  screen: fc.constantFrom("exercise", "yours", "derivation", "class"),
  lang: fc.constantFrom("en", "zh"),
  hints: fc.constantFrom(0, 1, 2, 3),
  exercise: fc.oneof(fc.constant(first.exercise), fc.string({ unit: "grapheme" })),
  net: fc.constantFrom(first.net, "2-2:tanh", "1-1:leakyRelu(0.2)"),
  cost: fc.constantFrom("quadratic", "crossEntropy"),
  text: fc.string({ unit: "grapheme" }),
  form: fc.constantFrom("text", "numbers"),
  numbers: fc.constantFrom("", "gradW1 = [[1, ]]"),
  files: fc.constantFrom("", "0a1b2c3d"),
  parts: fc.constantFrom({}, { derivation: "nielsen" }),
});

describe("the fragment of the address", () => {
  it("holds every state", () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(stateOf(fragmentOf(state))).toEqual(state);
      }),
    );
  });

  it("is empty at first, and gives the first state for what it is not", () => {
    expect(fragmentOf(first)).toBe("");
    for (const odd of ["", "#", "#nowhere", "#exercise?hints=7&lang=xx", "#?%", "#%E0%A4%A"])
      expect(stateOf(odd)).toEqual(first);
  });
});

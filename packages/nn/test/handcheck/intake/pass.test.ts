/** What a pass of a script used, of all that lay in sight. */

import { describe, expect, it } from "vitest";
import { SourceError, type Given, type NumberArray, type NumberType } from "../../../src/handcheck/intake/given.ts";
import { passOf } from "../../../src/handcheck/intake/sources/pass.ts";
import { scriptRoles } from "../../../src/handcheck/intake/sources/scripts.ts";
import { isNumbers, recordOf } from "../../../src/handcheck/intake/values.ts";

/** Numbers that differ from place to place, and from array to array. */
const array = (shape: readonly number[], type: NumberType = "float64", from = 0): NumberArray => ({
  kind: "numbers",
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => from + i + 0.5),
  texts: null,
  printer: "code",
  type,
});

function used(values: Readonly<Record<string, Given>>): {
  readonly names: readonly string[];
  readonly notes: readonly string[];
  readonly entries: ReadonlyMap<string, Given>;
} {
  const { entries, notes } = passOf(new Map(Object.entries(values)), scriptRoles(Object.keys(values)));
  return { names: [...entries.keys()], notes: notes.map(({ en }) => en), entries };
}

const layers = { W1: array([4, 6]), W2: array([6, 3]), a1: array([5, 6]), a2: array([5, 3]), dW1: array([4, 6]) };

describe("a pass", () => {
  it("has the inputs and targets of its batch, whatever else is in sight", () => {
    const { names, notes } = used({
      ...layers,
      X: array([23, 4]),
      Y: array([23, 3]),
      xb: array([5, 4]),
      yb: array([5, 3]),
    });
    expect(names).toEqual(["W1", "W2", "a1", "a2", "dW1", "xb", "yb"]);
    expect(notes).toEqual(["X: left out beside xb, which the pass used", "Y: left out beside yb, which the pass used"]);
  });

  it("has the targets that are one-hot, beside the labels", () => {
    expect(used({ ...layers, X: array([5, 4]), y: array([5, 1]), Y: array([5, 3]) }).names).toEqual([
      "W1",
      "W2",
      "a1",
      "a2",
      "dW1",
      "X",
      "Y",
    ]);
  });

  it("is not judged on other samples than its own", () => {
    expect(() => used({ ...layers, X: array([23, 4]), Y: array([23, 3]) })).toThrow(SourceError);
    // One sample at a time, with gradients that are added up over all.
    const { names } = used({ ...layers, a1: array([1, 6]), a2: array([1, 3]), X: array([23, 4]), Y: array([23, 3]) });
    expect(names).toEqual(["W1", "W2", "dW1", "X", "Y"]);
  });

  it("takes sizes and counts for no derivatives, and leaves ∂C/∂v out", () => {
    const { names, notes } = used({
      ...layers,
      X: array([5, 4]),
      Y: array([5, 3]),
      D: array([], "int"),
      dh: array([5, 6]),
      grads: recordOf(
        new Map([
          ["dW2", array([6, 3])],
          ["dA1", array([5, 6])],
        ]),
      ),
    });
    expect(names).toEqual(["W1", "W2", "a1", "a2", "dW1", "X", "Y", "grads"]);
    expect(notes).toEqual(["dh: left out, which may be δ or ∂C/∂v"]);
  });

  it("leaves out what a function has for one layer, where all are in sight", () => {
    expect(
      used({ ...layers, X: array([5, 4]), Y: array([5, 3]), W: array([4, 6]), dZ: array([5, 6]) }).names,
    ).not.toContain("W");
    // CS231n's W is the first of two.
    expect(
      used({ W: array([4, 6]), W2: array([6, 3]), X: array([5, 4]), Y: array([5, 3]), dW: array([4, 6]) }).names,
    ).toContain("W");
  });

  it("knows λ by what programs call it, and a sum of gradients by its size", () => {
    const { entries } = used({
      Theta1: array([6, 5]),
      Theta2: array([3, 7]),
      X: array([5, 4]),
      y: array([5, 3]),
      Delta1: array([6, 5]),
      Delta2: array([3, 7]),
      Theta2_grad: array([3, 7]),
      reg: array([]),
    });
    expect([...entries.keys()].sort()).toEqual(["Theta1", "Theta2", "Theta2_grad", "X", "grad_Theta1", "lambda", "y"]);
    expect(isNumbers(entries.get("lambda")) && (entries.get("lambda") as NumberArray).data[0]).toBe(0.5);
  });
});

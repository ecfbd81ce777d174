/**
 * Printed arrays as they stand in a session or a log: prompts name them, other lines are left out and said, formulas
 * are none of these.
 */

import { describe, expect, it } from "vitest";
import { isListing, readListing } from "../../../src/handcheck/intake/sources/listing.ts";
import { isNumbers } from "../../../src/handcheck/intake/values.ts";

const read = (text: string): { readonly values: Record<string, unknown>; readonly notes: readonly string[] } => {
  const { values, notes } = readListing("session.txt", text);
  return {
    values: Object.fromEntries(
      [...values.entries].map(([name, value]) => [
        name,
        isNumbers(value) ? [value.shape.join("×"), ...value.data] : value,
      ]),
    ),
    notes: notes.map(({ en }) => en),
  };
};

describe("a session", () => {
  it.each([
    [
      ">>> W1\narray([[1.5, 2. ],\n       [3. , 4. ]])\n>>> print(b1)\n[0.5 1. ]\n>>> grads['dW1']\narray([[0.25]])\n",
      { W1: ["2×2", 1.5, 2, 3, 4], b1: ["2", 0.5, 1], dW1: ["1×1", 0.25] },
    ],
    [
      "In [3]: W1\nOut[3]: \narray([[1.5, 2. ]])\n\nIn [4]: b1\nOut[4]: array([0.5])\n",
      { W1: ["1×2", 1.5, 2], b1: ["1", 0.5] },
    ],
    [
      ">>> X = np.array([[1., 2.],\n...               [3., 4.]])\n>>> dW = X.T @ d\n>>> dW\narray([[7.]])\n",
      { X: ["2×2", 1, 2, 3, 4], dW: ["1×1", 7] },
    ],
    [">> X = [1 2; 3 4];\n>> dW1\ndW1 =\n\n   5   6\n\n", { X: ["2×2", 1, 2, 3, 4], dW1: ["1×2", 5, 6] }],
  ])("%j", (text, values) => {
    expect(read(text).values).toEqual(values);
  });
});

describe("a log", () => {
  it("is left out, and said", () => {
    const { values, notes } = read(
      "Using backend.\nepoch 1/2  loss: 0.7  acc: 0.6\nW1 =\n[[1. 2.]]\nepoch=2 loss=0.5\naccuracy: 0.75\ncost: 0.5\ndone in 0.3 s\n",
    );
    expect(values).toEqual({ W1: ["1×2", 1, 2], cost: ["", 0.5] });
    expect(notes).toEqual(["5 lines that list no array are left out, such as: Using backend."]);
  });

  it("is no place for formulas: a text that computes something is no list", () => {
    for (const line of ["delta1 = (W2^T delta2) .* s'(u1)", "dW1 = X.T @ d1", "δ ← a − y", "\\delta = a - y"])
      expect(isListing(`W1 = [[1. 2.]]\n${line}\n`)).toBe(false);
  });
});

describe("entries that were printed one by one", () => {
  it.each([
    [
      "W1[0][0] = 1\nW1[0][1] = 2\nW1[1][0] = 3\nW1[1][1] = 4\nb1[0] = 5\nb1[1] = 6\n",
      { W1: ["2×2", 1, 2, 3, 4], b1: ["2", 5, 6] },
    ],
    ["dW1(1,1) = 1.5\ndW1(1,2) = 2.5\n", { dW1: ["1×2", 1.5, 2.5] }],
    ["x[0, 0]: 1\nx[1, 0]: 2\n", { x: ["2×1", 1, 2] }],
    // An entry is missing: what is there is not taken for the whole.
    ["W1[0][0] = [1]\nW1[1][1] = [2]\n", { "W1[0][0]": ["1", 1], "W1[1][1]": ["1", 2] }],
  ])("%j", (text, values) => {
    expect(read(text).values).toEqual(values);
  });
});

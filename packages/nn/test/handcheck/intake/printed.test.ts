/**
 * Arrays as libraries print and store them: names, shapes, every digit, who printed it. The texts are the libraries'
 * own (print.py, print_octave.m).
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SourceError, type Given, type NumberArray, type Source } from "../../../src/handcheck/intake/given.ts";
import { readCsv } from "../../../src/handcheck/intake/sources/csv.ts";
import { isListing, readListing, readPrinted } from "../../../src/handcheck/intake/sources/listing.ts";

const folder = new URL("printed/", import.meta.url);
const textOf = (name: string): string => readFileSync(fileURLToPath(new URL(name, folder)), "utf8");

interface Exact {
  readonly W1: number[][];
  readonly b1: number[];
  readonly wide: number[][];
}

const exact = JSON.parse(textOf("exact.json")) as Exact;

const isNumbers = (value: Given | undefined): value is NumberArray =>
  typeof value === "object" && value !== null && value.kind === "numbers";

export function numbersOf({ values }: Source, name: string): NumberArray {
  const value = values.entries.get(name);
  if (!isNumbers(value)) throw new Error(`${name} is no array of numbers`);
  return value;
}

/** Half a unit of the last digit that the array's finest number shows. */
function half(text: string): number {
  const [mantissa = "", exponent = "0"] = text.split("e");
  return 0.5 * 10 ** (Number(exponent) - (mantissa.split(".")[1]?.length ?? 0));
}

/** Every number is the exact one, rounded as it was printed. */
function expectRounded(array: NumberArray, right: readonly number[], scale: number, own: boolean): void {
  expect(array.data.length).toBe(right.length);
  const finest = Math.max(
    ...array.texts!.filter((text) => !text.includes("e")).map((text) => text.split(".")[1]?.length ?? 0),
  );
  array.data.forEach((x, i) => {
    const text = array.texts![i]!;
    const unit = own || text.includes("e") ? half(text) : 0.5 * 10 ** -finest;
    // NumPy does not say float32 everywhere, and Octave's last digits of 16 are its own.
    const single = (array.printer === "matlab" ? 2 ** -48 : 2 ** -24) * Math.abs(x);
    expect(Math.abs(x - right[i]! * scale), text).toBeLessThanOrEqual(unit * 1.000001 + single);
  });
}

/** A section of a file of printed texts: its names, where the text has none, and what stands in it. */
const sections = (file: string): { readonly title: string; readonly names: string[]; readonly text: string }[] =>
  textOf(file)
    .split(/^##### /m)
    .slice(1)
    .map((part) => {
      const [heading = "", ...lines] = part.split("\n");
      return {
        title: heading,
        names: heading.split(" ").filter((word) => /^(?:W1|b1)$/.test(word)),
        text: lines.join("\n"),
      };
    });

const scales: Readonly<Record<string, number>> = { "numpy.txt scientific": 1e-6, "torch.txt small": 1e-3 };

describe("arrays as they are printed", () => {
  for (const file of ["numpy.txt", "torch.txt", "jax.txt", "tensorflow.txt", "octave.txt", "matlab.txt"]) {
    for (const { title, names, text } of sections(file)) {
      it(`${file}: ${title}`, () => {
        expect(isListing(text)).toBe(true);
        const source = readListing("printed.txt", text, { names });
        const scale = scales[`${file} ${title}`] ?? 1;
        let compared = 0;
        for (const [name, value] of source.values.entries) {
          if (
            !isNumbers(value) ||
            !["W1", "b1", "wide", "0.weight", "fc1.weight", "dense/kernel", "0.bias"].includes(name)
          )
            continue;
          const right = /b1|bias/.test(name) ? exact.b1 : name === "wide" ? exact.wide.flat() : exact.W1.flat();
          expectRounded(value, right, scale, title === "literal");
          compared++;
        }
        expect(compared).toBe(title.startsWith("masks") ? 0 : Math.max(1, compared));
      });
    }
  }

  it("know their shape, who printed them and their type", () => {
    const look = (file: string, title: string) => {
      const { text, names } = sections(file).find((one) => one.title === title)!;
      return Object.fromEntries(
        [...readListing("W1.txt", text, { names }).values.entries].map(([name, value]) => [
          name,
          isNumbers(value) ? `${value.printer} ${value.type} [${value.shape.join(",")}]` : value,
        ]),
      );
    };
    expect(look("numpy.txt", "print with names")).toEqual({
      W1: "numpy null [3,2]",
      b1: "numpy null [3]",
      db1: "numpy null [3]",
      loss: "text null []",
    });
    expect(look("numpy.txt", "repr")).toEqual({
      W1: "numpy float64 [3,2]",
      b1: "numpy float64 [3]",
      x: "numpy float32 [3,2]",
    });
    expect(look("numpy.txt", "dictionary")).toEqual({
      W1: "numpy float64 [3,2]",
      b1: "numpy float64 [3]",
      cost: "python float64 []",
      samples: "text null []",
    });
    expect(look("numpy.txt", "masks and whole numbers")).toEqual({
      t: "numpy null [2,2]",
      gate: "python bool [1,2]",
      x: "numpy null [2]",
    });
    expect(look("torch.txt", "tensors with names")).toEqual({
      W1: "torch float32 [3,2]",
      x: "torch float32 [1,3]",
      b1: "torch float64 [3]",
      loss: "torch float32 []",
      y: "torch float32 [2]",
      labels: "torch int [2]",
    });
    expect(look("torch.txt", "parameters")).toEqual({
      "0.weight": "torch float32 [3,2]",
      "0.bias": "torch float32 [3]",
      "2.weight": "torch float32 [1,3]",
      "2.bias": "torch float32 [1]",
    });
    expect(look("matlab.txt", "gpu and single")).toEqual({ W1: "matlab float32 [3,2]" });
    expect(look("octave.txt", "default")).toEqual({
      W1: "matlab null [3,2]",
      b1: "matlab null [3,1]",
      loss: "matlab null []",
      e: "numpy null [0]",
      t: "matlab null [1,3]",
    });
  });

  it("keep every digit, and say what factor was multiplied in", () => {
    const { values, notes } = readListing("m.txt", "b1 =\n\n   1.0e-03 *\n\n    0.1234   -0.0500\n");
    const [b1] = values.entries.values();
    expect((b1 as NumberArray).texts).toEqual(["0.1234e-3", "-0.0500e-3"]);
    expect([...(b1 as NumberArray).data]).toEqual([0.0001234, -0.00005]);
    expect(notes.map(({ en }) => en)).toEqual(["b1: the common factor 1.0e-03 is multiplied in"]);
  });

  it("may stand in a string", () => {
    expect(readPrinted("[[ 0.1 -0.2]\n [ 0.3  0.4]]")?.shape).toEqual([2, 2]);
    expect(readPrinted("tensor([[0.1000, 0.2000]], grad_fn=<MulBackward0>)")?.printer).toBe("torch");
    expect(readPrinted("0.1 0.2\n0.3 0.4")?.shape).toEqual([2, 2]);
    for (const text of ["tanh", "3-4-2:tanh,softmax", "delta1 = W2' * delta2", "", "W1"])
      expect(readPrinted(text), text).toBeNull();
  });

  it("may come with words: the network and the cost", () => {
    const { values } = readListing(
      "w.txt",
      "# net 2-3:tanh\n# cost: crossEntropy\n# a remark\nactivation = tanh\nlr = 0.1  # the rate\nW1 = [[1 2]\n [3 4]]\n",
    );
    expect([...values.entries.keys()]).toEqual(["net", "cost", "activation", "lr", "W1"]);
    expect([values.entries.get("net"), values.entries.get("cost"), values.entries.get("activation")]).toEqual([
      "2-3:tanh",
      "crossEntropy",
      "tanh",
    ]);
    expect([...numbersOf({ name: "", values, notes: [] }, "lr").data]).toEqual([0.1]);
  });

  it("have infinite numbers and none, and a minus of typesetters", () => {
    const { data } = numbersOf(readListing("w.txt", "b1 = [nan inf -inf −0.5 -0.]"), "b1");
    expect([...data]).toEqual([NaN, Infinity, -Infinity, -0.5, -0]);
  });

  it("that are ragged are lists", () => {
    const { values } = readListing("w.txt", "nabla_b = [array([0.1, 0.2]), array([0.3])]");
    const list = values.entries.get("nabla_b");
    expect(list).toMatchObject({ kind: "list" });
    expect((list as unknown as { entries: NumberArray[] }).entries.map(({ shape }) => shape)).toEqual([[2], [1]]);
  });
});

describe("what cannot be read", () => {
  const failure = (text: string, names: readonly string[] = []): string => {
    try {
      readListing("work.txt", text, { names });
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return `${error.place === null ? "" : `${error.place.line}:${error.place.column} `}${error.message}`;
    }
    return "read";
  };

  it.each([
    ["W1 = [[0. 0.]\n [0. 0.]\n ...\n [0. 0.]]", "3:2 an array was printed with entries left out (…)"],
    ["W1 = tensor([[0., 0.],\n        ...,\n        [0., 0.]])", "2:9 an array was printed with entries left out (…)"],
    ["W1 = [[0.1 0.2]", "1:6 a bracket is opened and never closed"],
    ["W1 = [[1 2]\n [3 4]]\nW1 = [[1 2]\n [3 5]]", "3:1 W1 stands twice, with other numbers"],
    ["[[1 2]]\n[[3 4]]", "1:1 2 arrays have no name"],
    ["W1 = array([[1, 2], [3]])", "1:11 the rows of an array differ in length, or are no numbers"],
    ["W1 = [1+2j, 3]", "1:8 a complex number"],
    ["W1 =\n 1 2\n 3\n", "2:1 a row of 1 numbers under one of 2"],
    ["W1 =\n", "1:5 nothing stands behind the name"],
    ["delta1 = (W2.T @ delta2) * sigmoid_prime(u1)", "1:16 @ where a value should stand"],
    ["W1 = load('x')", "1:5 load('x') is no array"],
    ["activation = tanh", "the text lists no array"],
    ["", "the text lists no array"],
    ["W1 =\n  3.0e-03 *\n  1 2\n", "2:1 the factor 3.0e-03 is no power of ten"],
    ["W1 =\n Columns 1 through 2\n 1 2\n Columns 5 through 6\n 3 4\n", "2:1 the groups of columns do not fit together"],
  ])("%j: %s", (text, said) => {
    expect(failure(text)).toBe(said);
  });

  it("says how many names are missing", () => {
    expect(failure("[[1 2]]\n[[3 4]]", ["W1"])).toBe("2:1 1 names for 2 arrays without one");
    expect(failure("[[1 2]]\n[[3 4]]", ["W1", "dW1"])).toBe("read");
  });

  it("are formulas: they list no arrays", () => {
    for (const text of [
      "delta2 = (v2 - t) .* s'(u2)",
      "dW2 = delta2 v1^T\nlr = 0.5",
      "W2 += hidden.T.dot(d_output) * lr",
    ])
      expect(isListing(text), text).toBe(false);
  });
});

describe("tables", () => {
  const read = (text: string) => readCsv("folder/dW1.csv", text);
  it("are arrays named by their file", () => {
    for (const text of [
      "0.1,0.2\n0.3,0.4\n",
      "0.1;0.2\n0.3;0.4",
      "0.1\t0.2\r\n0.3\t0.4\r\n",
      "0.1 0.2\n 0.3 0.4",
      "# made by hand\n0.1, 0.2,\n0.3, 0.4,\n",
      "\ufeff0,1;0,2\n0,3;0,4",
    ]) {
      const array = numbersOf(read(text), "dW1");
      expect([array.shape, [...array.data]], text).toEqual([
        [2, 2],
        [0.1, 0.2, 0.3, 0.4],
      ]);
    }
  });

  it("may have headings and numbers of rows, which is said", () => {
    const { values, notes } = read(",w1,w2\n0,0.1,0.2\n1,0.3,0.4\n");
    expect([...(values.entries.get("dW1") as NumberArray).data]).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect(notes.map(({ en }) => en)).toEqual([
      "the first column holds the numbers of the rows and was left out",
      "the first line holds the names of the columns and was left out",
    ]);
  });

  it("name the line that is none", () => {
    expect(() => read("0.1,0.2\n0.3\n")).toThrow("a row of 1 numbers under rows of 2");
    expect(() => read("0.1,0.2\n0.3,x\n")).toThrow("x is no number");
    expect(() => read("0.1,0.2\n0.3,\n0.4,\n0.1,0.2")).toThrow(SourceError);
    expect(() => read("")).toThrow("the table holds no numbers");
  });
});

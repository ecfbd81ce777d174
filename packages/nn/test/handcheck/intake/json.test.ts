/** JSON as it is read: the same values as JSON.parse gives, each number with its text, and errors with their place. */

import { describe, expect, it } from "vitest";
import { SourceError, type Given } from "../../../src/handcheck/intake/given.ts";
import { readJson } from "../../../src/handcheck/intake/sources/json.ts";
import { isList, isNumbers, isRecord } from "../../../src/handcheck/intake/values.ts";
import { Random } from "../../../src/random.ts";
import { seed, sized } from "../../../../autograd/test/size.ts";

/** A value as JSON.parse gives it. */
function plain(given: Given): unknown {
  if (isNumbers(given)) return nested([...given.data], given.shape);
  if (isList(given)) return given.entries.map(plain);
  if (isRecord(given)) return Object.fromEntries([...given.entries].map(([name, one]) => [name, plain(one)]));
  return given;
}

function nested(data: readonly number[], shape: readonly number[]): unknown {
  if (shape.length === 0) return data[0];
  const size = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, i) => nested(data.slice(i * size, (i + 1) * size), shape.slice(1)));
}

/** Some JSON with white space in odd places. */
function draw(random: Random, depth: number): string {
  const space = (): string => [" ", "", "\n", "\t", ""][random.integer(5)]!;
  const several = (one: () => string): string =>
    Array.from({ length: random.integer(4) }, one).join(`${space()},${space()}`);
  const kind = depth > 3 ? random.integer(5) : random.integer(8);
  if (kind < 3) return ["0", "-1", "0.150", "2.5e-3", "1E5", "-0", "12345678901234567890"][random.integer(7)]!;
  if (kind === 3) return ["true", "false", "null"][random.integer(3)]!;
  if (kind === 4) return JSON.stringify(["W1", 'δ\u0000\\"', "a\nb", "\ud83d\ude00", ""][random.integer(5)]);
  if (kind < 7) return `[${space()}${several(() => draw(random, depth + 1))}${space()}]`;
  let name = 0;
  return `{${space()}${several(() => `"k${name++}"${space()}:${space()}${draw(random, depth + 1)}`)}${space()}}`;
}

const refusal = (text: string): SourceError => {
  try {
    readJson("a.json", text);
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error(`it was read: ${text}`);
};

describe("JSON", () => {
  it("has the values that JSON.parse gives", () => {
    const random = new Random(seed).split("json");
    for (let n = 0; n < sized(300, 20_000); n++) {
      const text = `{"a": ${draw(random, 0)}}`;
      expect(plain(readJson("a.json", text).values), text).toEqual(JSON.parse(text));
    }
  });

  it("keeps how each number was written, also within rows", () => {
    const { values } = readJson("a.json", '{ "W": [[0.10, 2e-3], [1.0, -0]], "n": 0.150, "odd": [[1], [2, 3]] }');
    const [W, n] = [values.entries.get("W"), values.entries.get("n")];
    expect(isNumbers(W) && [W.texts, W.shape]).toEqual([
      ["0.10", "2e-3", "1.0", "-0"],
      [2, 2],
    ]);
    expect(isNumbers(n) && [n.texts, n.shape]).toEqual([["0.150"], []]);
    expect(isList(values.entries.get("odd"))).toBe(true);
  });

  it("reads what Python writes for numbers that JSON lacks", () => {
    const { values } = readJson("a.json", '{"a": [NaN, Infinity, -Infinity]}');
    expect(plain(values)).toEqual({ a: [NaN, Infinity, -Infinity] });
  });

  it.each([
    ['{\n  "a": [1, 2,]\n}', 2, 14, /a value is missing before "\]"/],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /, or \} is missing before "\\""/],
    ['{"a": 1', 1, 8, /, or \} is missing before the end of the file/],
    ['{"a": 01}', 1, 7, /01 is no number/],
    ['{"a": .5}', 1, 7, /a value is missing before "\."/],
    ['{"a": tru}', 1, 7, /tru is no value/],
    ['{"a": 1, "b": 2, "a": 3}', 1, 18, /"a" stands twice/],
    ["{a: 1}", 1, 2, /a name in double quotes is missing/],
    ['{"a": 1} x', 1, 10, /stands behind the end/],
    ['{"a": "x\ny"}', 1, 9, /a line breaks within a text/],
    ['{"a": "\\q"}', 1, 8, /is no character/],
    [`{"a": ${"[".repeat(100_000)}`, 1, 71, /brackets 64 deep/],
  ])("%# says where it goes wrong", (text, line, column, says) => {
    const { message, place } = refusal(text);
    expect([message.match(says) !== null, place], message).toEqual([true, { line, column }]);
  });

  it("is an object", () => {
    expect(refusal("[1, 2]").message).toBe("the JSON is no object");
  });
});

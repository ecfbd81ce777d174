/** Values on their way to a module's process and back: every bit, which list is which, and nothing that is no value. */

import { describe, expect, it } from "vitest";
import { holds, packed, unpacked, Unreadable, type Wire } from "../../../src/cli/javascript/wire.ts";
import { differences } from "../../../src/handcheck/ops/differences.ts";
import { runForwards, type Kernel } from "../../../src/handcheck/ops/kernel.ts";

const wireOf = (value: unknown): Wire => JSON.parse(packed(value)) as Wire;
const back = (value: unknown): unknown => unpacked(wireOf(value));

const values: readonly unknown[] = [
  null,
  undefined,
  true,
  'a "text"\u2028',
  0.1,
  -0,
  NaN,
  Infinity,
  -Infinity,
  2 ** 60,
  10n ** 20n,
  [],
  [[]],
  [1],
  [
    [1, 2],
    [3, -0],
  ],
  [[[NaN]], [[Infinity]]],
  [[1, 2], [3]],
  [1, "2"],
  [1, , 3],
  {},
  { W1: [[1]], b1: [0.5], name: "x", next: { W: { 1: [[2]] } } },
  { __proto__x: 1 },
  Float32Array.of(0.1, NaN),
  new Int32Array([1, -2]),
  { data: new Float64Array([1, 2]), shape: [2] },
];

describe("a value on its way", () => {
  it.each(values.map((value) => [packed(value).slice(0, 40), value]))("%s arrives", (_, value) => {
    expect(back(value)).toEqual(value);
    // What is written again is written so again.
    expect(packed(back(value))).toBe(packed(value));
  });

  it("keeps which list is which, what holds itself, and where a view lies", () => {
    const row = [1, 2];
    const [a, b] = back([row, row]) as number[][];
    expect(a).toBe(b);
    const ring: unknown[] = [1];
    ring.push(ring);
    const again = back(ring) as unknown[];
    expect(again[1]).toBe(again);
    const view = back(new Float64Array([7, 7, 1, 2]).subarray(2)) as Float64Array;
    expect([view.byteOffset, [...view], view.buffer.byteLength]).toEqual([16, [1, 2], 32]);
  });

  it("is a tensor's numbers, a map's entries; functions are called by their places", () => {
    expect(back({ toArray: () => [[1, 2]] })).toEqual([[1, 2]]);
    expect(back(new Map([["W1", [1]]]))).toEqual({ W1: [1] });
    const found: string[] = [];
    const text = packed({ op: { forward: () => 0 }, list: [() => 1] }, "", { found: (place) => found.push(place) });
    expect(found).toEqual(["op.forward", "list.0"]);
    const there = unpacked(JSON.parse(text), { function: (place) => `at ${place!}` });
    expect(there).toEqual({ op: { forward: "at op.forward" }, list: ["at list.0"] });
  });

  it("that somebody else wrote is no value", () => {
    const odd: readonly unknown[] = [
      {},
      { shape: [2], data: "AAAA" },
      { shape: [-1], data: "" },
      { shape: [1e9, 1e9], data: "" },
      { shape: "2", data: "" },
      { shape: [], data: "AAAAAAAAAAA=" },
      { list: 3 },
      { record: [["a"], 3] },
      { view: "Float64Array", buffer: "AAAA", offset: 0, length: 9 },
      { view: "toString", buffer: "", offset: 0, length: 0 },
      { same: 4 },
      { held: 1 },
      { number: 3 },
      { bigint: "x" },
      { other: "process" },
    ];
    for (const wire of odd) expect(() => unpacked(wire), JSON.stringify(wire)).toThrow(Unreadable);
    let deep: unknown = 1;
    for (let depth = 0; depth < 100; depth++) deep = { list: [deep, 1] };
    expect(() => unpacked(deep)).toThrow("tooDeep");
  });

  it("is looked at for changes as if it were written again", () => {
    for (const value of values) {
      // What cannot be told is written again.
      if (holds(back(value), wireOf(value))) expect(packed(back(value))).toBe(packed(value));
      for (const other of values)
        if (packed(other) !== packed(value))
          expect(holds(other, wireOf(value)), `${packed(other)} for ${packed(value)}`).toBe(false);
    }
    expect(values.filter((value) => holds(back(value), wireOf(value))).length).toBeGreaterThan(10);
    const given = {
      W1: [
        [1, 2],
        [3, 4],
      ],
    };
    const wire = wireOf(given);
    given.W1[1]![0] = 5;
    expect(holds(given, wire)).toBe(false);
  });
});

describe("a forward that is asked for many points at once", () => {
  it("gives the differences that it gives one by one", () => {
    let asked = 0;
    const forward = (x: readonly number[]): number[] => x.map((v) => v ** 3);
    const kernel: Kernel = { name: "cube", forward: forward as never, backward: (() => 0) as never };
    const many: Kernel = {
      ...kernel,
      forwards: (all) => {
        asked += all.length;
        return all.map(([x]) => forward(x as number[]));
      },
    };
    const inputs = [{ data: Float64Array.of(0.5, -1, 2), shape: [3] }];
    const g = { data: Float64Array.of(1, 2, -1), shape: [3] };
    const [one] = differences((all) => runForwards(kernel, all), inputs, [0], g, "float64");
    expect(differences((all) => runForwards(many, all), inputs, [0], g, "float64")).toEqual([one]);
    expect(asked).toBe(13);
    one!.value.data.forEach((slope, i) => expect(slope).toBeCloseTo(3 * inputs[0]!.data[i]! ** 2 * g.data[i]!, 6));
  });
});

// Random: known answers, the same numbers however they are drawn, independent streams, and the shapes of its
// distributions.
import { describe, expect, expectTypeOf, it } from "vitest";
import { normalQuantile, philox4x32, Random } from "../src/random.ts";

describe("philox4x32", () => {
  // The known answers that the authors' library Random123 ships for philox4x32 with 10 rounds.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("turns counter %j under key %j into %j", (counter, key, expected) => {
    expect(philox4x32(counter, key)).toEqual(expected);
  });
});

describe("a stream", () => {
  it("gives the same numbers for the same seed and others for another", () => {
    expect(new Random(42).uniformArray(8)).toEqual(new Random(42).uniformArray(8));
    expect(new Random(42).uniform()).not.toBe(new Random(43).uniform());
    expect(new Random(42).uniform()).not.toBe(new Random("42").uniform());
    expect(new Random(1).uniform()).not.toBe(new Random(1 + 2 ** 32).uniform());
  });

  it("gives these numbers, in this and every later version", () => {
    expect([...new Random(42).uniformArray(2)]).toEqual([0.4512207665114424, 0.6291264492518333]);
    expect([...new Random(42).normalArray(2)]).toEqual([-0.12257767607394654, 0.32954061347777097]);
    expect(new Random(42).split("layer", 1).uniform()).toBe(0.7255625049187961);
    expect(new Random(42).integer(6)).toBe(3);
    expect(new Random(42).shuffle(["a", "b", "c", "d"])).toEqual(["b", "a", "c", "d"]);
    expect(new Random(42).permutation(5)).toEqual([0, 2, 1, 4, 3]);
  });

  it("begins alike whether many or few numbers are drawn, at once or one by one", () => {
    expect(new Random(7).normalArray(20).slice(0, 5)).toEqual(new Random(7).normalArray(5));
    const one = new Random(7);
    expect(Array.from({ length: 5 }, () => one.normal())).toEqual([...new Random(7).normalArray(5)]);
    const two = new Random(7);
    const parts = [...two.uniformArray(3), ...two.uniformArray(4)];
    expect(parts).toEqual([...new Random(7).uniformArray(7)]);
  });

  it("is not moved by splitting, and splits alike wherever it is", () => {
    const random = new Random(7);
    const before = random.split("a").uniformArray(4);
    expect(random.uniform()).toBe(new Random(7).uniform());
    expect(random.split("a").uniformArray(4)).toEqual(before);
  });

  it("splits by one key after the other as by both at once", () => {
    expect(new Random(7).split("a", 2).uniform()).toBe(new Random(7).split("a").split(2).uniform());
  });

  it("tells keys apart that spell alike or run together", () => {
    const random = new Random(7);
    const first = [
      random.split(1),
      random.split("1"),
      random.split("ab"),
      random.split("a", "b"),
      random.split("b", "a"),
      random.split(""),
      random.split(0),
      random.split(0, 0),
      random.split(2 ** 32),
      random.split("\u0001"),
      random,
    ].map((stream) => stream.uniform());
    expect(new Set(first).size).toBe(first.length);
  });

  it("shares no number with its parent or with 300 siblings, and correlates with none", () => {
    const parent = new Random("parent");
    const streams = [parent, ...Array.from({ length: 300 }, (_, n) => parent.split(n))].map((s) => s.normalArray(200));
    expect(new Set(streams.flatMap((numbers) => [...numbers])).size).toBe(301 * 200);
    // A correlation of independent streams of 200 numbers has deviation 1/√200; 5.5 of them are out of the question.
    let largest = 0;
    for (let s = 1; s < streams.length; s++) {
      for (const other of [0, s - 1]) {
        const product = streams[s]!.reduce((sum, value, i) => sum + value * streams[other]![i]!, 0);
        largest = Math.max(largest, Math.abs(product) / 200);
      }
    }
    expect(largest).toBeLessThan(5.5 / Math.sqrt(200));
  });
});

describe("distributions", () => {
  const n = 200_000;

  it("uniform numbers fill [0, 1) evenly", () => {
    const numbers = new Random("uniform").uniformArray(n);
    const bins = new Array<number>(100).fill(0);
    expect(numbers.every((value) => value >= 0 && value < 1)).toBe(true);
    for (const value of numbers) bins[Math.floor(value * 100)]! += 1;
    // χ² with 99 degrees of freedom: mean 99, deviation 14.
    const chiSquare = bins.reduce((sum, count) => sum + (count - n / 100) ** 2 / (n / 100), 0);
    expect(Math.abs(chiSquare - 99)).toBeLessThan(5 * 14.1);
  });

  it("normal numbers have mean 0, variance 1, no skew and kurtosis 3", () => {
    const numbers = new Random("normal").normalArray(n);
    const moment = (power: number): number => numbers.reduce((sum, value) => sum + value ** power, 0) / n;
    const deviations = [
      moment(1) / Math.sqrt(1 / n),
      (moment(2) - 1) / Math.sqrt(2 / n),
      moment(3) / Math.sqrt(15 / n),
      (moment(4) - 3) / Math.sqrt(96 / n),
    ];
    for (const deviation of deviations) expect(Math.abs(deviation)).toBeLessThan(5);
  });

  it.each([
    [2 ** -54, 1.39145821233588346e-16],
    [2 ** -20, 2.39050700629557406e-6],
    [0.1, 0.253347103135799813],
    [0.3, 0.841621233572914166],
    [0.425, 1.43953147093845584],
    [0.42500001, 1.43953154158216793],
    [0.475, 1.95996398454005386],
    [0.4999, 3.71901648545570839],
    [0.499999999, 5.99780701058473273],
    [0.499999999986, 6.65672284614036211],
    [0.499999999987, 6.66761156974247273],
    [0.5 - 2 ** -54, 8.29236107581359554],
  ])("the normal quantile at ½ + %s is %s, and at ½ − that its negative", (q, expected) => {
    expect(Math.abs(normalQuantile(q) / expected - 1)).toBeLessThan(1e-15);
    expect(normalQuantile(-q)).toBe(-normalQuantile(q));
  });

  it("whole numbers fall on every value equally often, also where n does not divide 2^53", () => {
    const random = new Random("integer");
    const counts = new Array<number>(7).fill(0);
    for (let draw = 0; draw < 70_000; draw++) counts[random.integer(7)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000));
    // Without the redraw, the lowest third would come twice as often as the rest: the mean would be 0.42 n.
    const large = 2 ** 52 + 2 ** 51;
    let sum = 0;
    for (let draw = 0; draw < 20_000; draw++) sum += random.integer(large) / large;
    expect(Math.abs(sum / 20_000 - 0.5)).toBeLessThan(5 / Math.sqrt(12 * 20_000));
    expect(random.integer(1)).toBe(0);
  });

  it("permutations hold every number once and come in every order equally often", () => {
    expect(new Random(3).permutation(100).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const random = new Random("orders");
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 24_000; draw++) {
      const order = random.permutation(4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });

  it("shuffles typed arrays too, in place", () => {
    const array = Float32Array.of(1, 2, 3, 4, 5);
    expect(new Random(3).shuffle(array)).toBe(array);
    expect([...array].sort()).toEqual([1, 2, 3, 4, 5]);
    // In place: a readonly array is no argument.
    expectTypeOf<readonly number[]>().not.toExtend<Parameters<Random["shuffle"]>[0]>();
  });
});

describe("what Random refuses", () => {
  it.each([-1, 0.5, NaN, Infinity, 2 ** 53])("the seed %s", (seed) => {
    expect(() => new Random(seed)).toThrow(RangeError);
    expect(() => new Random(seed)).toThrow(
      `Random: the seed ${seed} is not a whole number from 0 to 2^53 − 1: give one, or a string`,
    );
  });

  it.each([undefined, null, {}, 3n, true])("a seed of another type: %s", (seed) => {
    expect(() => new Random(seed as unknown as number)).toThrow(TypeError);
    expect(() => new Random(seed as unknown as number)).toThrow(/^Random: the seed is of type \w+: give/);
  });

  it("a bad or a missing key", () => {
    expect(() => new Random(1).split(-1)).toThrow(/^Random: the key -1 is not/);
    expect(() => (new Random(1).split as unknown as () => Random).call(new Random(1))).toThrow(
      /^Random: split was given no key: name/,
    );
  });

  it("counts that are none", () => {
    expect(() => new Random(1).normalArray(-1)).toThrow(
      "Random: normalArray(-1) is not a count: give a whole number that is 0 or more",
    );
    expect(() => new Random(1).uniformArray(1.5)).toThrow(RangeError);
    expect(() => new Random(1).permutation(NaN)).toThrow(RangeError);
    expect(() => new Random(1).integer(0)).toThrow("Random: integer(0) has nothing to choose from");
  });
});

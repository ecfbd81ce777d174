// The legacy generators against NumPy 2.4 and Python 3.11, whose RandomState and random() have not changed since 2006.
import { describe, expect, it } from "vitest";
import { NumpyRandomState, PythonRandom } from "../src/random-legacy.ts";

const times = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);

describe("NumpyRandomState", () => {
  // r = np.random.RandomState(seed); [r.random_sample() for _ in range(1000)], and again with r.randn()
  it.each([
    [0, 0.5488135039273248, 0.6771411441114241, 1.764052345967664, 0.4001572083672233, 0.555962679709798],
    [1, 0.417022004702574, 0.7744772660150796, 1.6243453636632417, -0.6117564136500754, -0.15323616176709168],
    [2 ** 32 - 1, 0.0976320289940138, 0.556626859384112, 0.6484086742306527, 0.6693235306338161, -0.7083537506423528],
  ])(
    "seeded with %s gives NumPy's uniform and normal numbers",
    (seed, uniform0, uniform999, normal0, normal1, normal1000) => {
      const uniform = new NumpyRandomState(seed);
      const uniforms = times(1000, () => uniform.randomSample());
      expect([uniforms[0], uniforms[999]]).toEqual([uniform0, uniform999]);
      const normal = new NumpyRandomState(seed);
      const normals = times(1001, () => normal.randn());
      expect([normals[0], normals[1], normals[1000]]).toEqual([normal0, normal1, normal1000]);
    },
  );

  it("keeps the second number of a pair through a uniform draw, as NumPy does", () => {
    const random = new NumpyRandomState(7);
    expect([random.randn(), random.randomSample(), random.randn(), random.randn()]).toEqual([
      1.690525703800356, 0.9779895119966027, -0.4659373705408328, 0.09316606097975175,
    ]);
  });

  it("draws the biases and weights of Nielsen's [784, 30, 10] runs", () => {
    const random = new NumpyRandomState(12345678);
    const draw = (n: number): number[] => times(n, () => random.randn());
    const network = (): number[][] => [30, 10, 30 * 784, 10 * 30].map(draw);
    const [biases] = network() as [number[]];
    expect(biases.slice(0, 3)).toEqual([0.5537081891302397, -1.4596319930600405, -1.294585139377667]);
    const [bias1, , weight1, weight2] = network() as [number[], number[], number[], number[]];
    expect(bias1.slice(0, 3)).toEqual([0.2820399154551225, 1.6857476913100458, 1.0302054613069023]);
    expect(weight1.slice(0, 3)).toEqual([0.19638864101660927, 0.5030733229151939, -1.109786148714334]);
    expect(weight2.at(-1)).toBe(-0.5363509873081054);
  });

  it.each([-1, 0.5, NaN, 2 ** 32])("refuses the seed %s", (seed) => {
    expect(() => new NumpyRandomState(seed)).toThrow(RangeError);
    expect(() => new NumpyRandomState(seed)).toThrow(`NumpyRandomState: the seed ${seed} is out of range: give`);
  });
});

describe("PythonRandom", () => {
  // r = random.Random(seed); [r.random() for _ in range(1000)]
  it.each([
    [0, 0.8444218515250481, 0.4804125346981437],
    [1, 0.13436424411240122, 0.7062615472551386],
    [42, 0.6394267984578837, 0.8554501933059546],
    [-5, 0.6229016948897019, 0.49437704439476116],
    [2 ** 40 + 7, 0.6137037779936511, 0.07764916333699712],
    [2 ** 53 - 1, 0.09425040007102303, 0.8922787796807302],
  ])("seeded with %s gives Python's numbers", (seed, first, thousandth) => {
    const random = new PythonRandom(seed);
    const numbers = times(1000, () => random.random());
    expect([numbers[0], numbers[999]]).toEqual([first, thousandth]);
  });

  it("gives the first numbers of Nielsen's runs", () => {
    const random = new PythonRandom(12345678);
    expect([random.random(), random.random()]).toEqual([0.7202671550185803, 0.6330310001166692]);
  });

  it("shuffles as Python 2 did", () => {
    expect(new PythonRandom(12345678).shufflePython2([0, 1, 2, 3, 4])).toEqual([1, 4, 0, 2, 3]);
    const thousand = Array.from({ length: 1000 }, (_, i) => i);
    const shuffled = new PythonRandom(12345678).shufflePython2(thousand);
    expect(shuffled).toBe(thousand);
    expect(shuffled.slice(0, 10)).toEqual([945, 839, 977, 876, 956, 317, 581, 440, 858, 1]);
  });

  it.each([0.5, NaN, 2 ** 53])("refuses the seed %s", (seed) => {
    expect(() => new PythonRandom(seed)).toThrow(`PythonRandom: the seed ${seed} is not a safe whole number: give`);
  });
});

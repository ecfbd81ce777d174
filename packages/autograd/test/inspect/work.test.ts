/** Pictures and texts of what is large take no more work than somebody waits for; the work is counted, not timed. */

import { workOf } from "../work.ts";
import { describe, expect, it } from "vitest";
import { add, sin, stack, toSvg, zeros, type Tensor } from "../../src/index.ts";
import { showTensor } from "../../src/inspect/show.ts";

const SOURCES = "/src/inspect/";

describe("the work", () => {
  const chain =
    (count: number) =>
    (x: Tensor<[]>): Tensor[] => {
      const all: Tensor[] = [x];
      for (let k = 1; k < count; k++) all.push(sin(all.at(-1)!));
      return all;
    };
  const tangled =
    (count: number) =>
    (x: Tensor<[]>): Tensor => {
      const all: Tensor[] = [sin(x)];
      for (let k = 0; k < count; k++) all.push(add(all[(k * 7919) % all.length]!, all.at(-1)!));
      return all.at(-1)!;
    };

  it("that a tensor's text takes does not grow with what is left out", () => {
    showTensor(zeros([40, 40, 10]));
    const [small, large] = [
      workOf(() => void showTensor(zeros([40, 40, 10])), SOURCES),
      workOf(() => void showTensor(zeros([1000, 1000, 10])), SOURCES),
    ];
    expect(small).toBeGreaterThan(1000);
    expect(large).toBeLessThan(1.1 * small);
  });

  const graphs: Readonly<Record<string, (count: number) => (x: Tensor<[]>) => Tensor>> = {
    "a chain": (count) => (x) => chain(count)(x).at(-1)!,
    "a chain that is all collected": (count) => (x) => stack(chain(count)(x)),
    "a tangle": tangled,
  };

  it.each([
    ["a chain", 2.5e5],
    ["a chain that is all collected", 1.2e7],
    ["a tangle", 6e6],
  ] as const)("that a picture of three hundred nodes takes, of %s, is done well within a second", (name, limit) => {
    const work = workOf(
      () => expect(toSvg(graphs[name]!(299), [1]).match(/<rect/g)!.length).toBeGreaterThan(298),
      SOURCES,
    );
    expect(work).toBeGreaterThan(limit / 10);
    expect(work).toBeLessThan(limit);
  });
});

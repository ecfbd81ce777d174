/**
 * What ends an optimization from outside, and the line that tells of it, on terminals of several widths and in files.
 */

import { describe, expect, it } from "vitest";
import { progressLine, progressOf, progressOption } from "../../src/optimize/progress.ts";
import { iterationOf, watchOf, type Iteration } from "../../src/optimize/stopping.ts";
import { refusalOf } from "../refusal.ts";

const told = (iteration: number, value = 1.5): Iteration<null> =>
  iterationOf({ iteration, value, slope: 0.25, step: 1e-3, evaluations: 7 }, () => null);

const stream = (
  isTTY: boolean,
  columns = 60,
): { readonly isTTY: boolean; readonly columns: number; readonly written: string[]; write(text: string): void } => {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text) => void written.push(text) };
};

describe("a watch", () => {
  it("ends after the most iterations, by a signal, and by the callback alone that says true", () => {
    expect([0, 1, 2, 3].map((k) => watchOf<null>("minimize", {}, 2).look(told(k)))).toEqual([
      null,
      null,
      "maxIterations",
      "maxIterations",
    ]);
    expect(watchOf<null>("minimize", { maxIterations: 5 }, 2).look(told(3))).toBeNull();
    const controller = new AbortController();
    const watch = watchOf<null>("minimize", { signal: controller.signal }, 9);
    expect(watch.look(told(1))).toBeNull();
    controller.abort();
    expect(watch.look(told(2))).toBe("aborted");
    const seen: number[] = [];
    const called = watchOf<null>(
      "minimize",
      { callback: ({ iteration }) => seen.push(iteration) && iteration === 2 },
      9,
    );
    expect([0, 1, 2].map((k) => called.look(told(k)))).toEqual([null, null, "callback"]);
    expect(seen).toEqual([0, 1, 2]);
    expect(watchOf<null>("minimize", { callback: () => 1 }, 9).look(told(1))).toBeNull();
  });

  it("makes the parameters once, and only where they are looked at", () => {
    let made = 0;
    const one = iterationOf({ iteration: 1, value: 1, slope: 1, step: 1, evaluations: 1 }, () => ++made);
    expect(made).toBe(0);
    expect([one.parameters, one.parameters, made]).toEqual([1, 1, 1]);
  });
});

describe("the line of progress", () => {
  it("is written anew on a terminal of 60 columns, and never fills it", () => {
    const out = stream(true);
    const watch = watchOf<null>("minimize", { progress: out }, 500);
    for (const k of [0, 1, 2]) watch.look(told(k, -1.23456789012e-101));
    watch.end();
    expect(out.written).toHaveLength(4);
    for (const text of out.written.slice(0, 3)) expect(text.startsWith("\r\u001B[2K")).toBe(true);
    const lines = out.written.slice(0, 3).map((text) => text.slice(5));
    expect(lines[1]).toBe("minimize     1  value -1.2345678901e-101  step 1.0e-3");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
    expect(out.written.at(-1)).toBe("\n");
  });

  it("leaves out what has no room, and stays within any width", () => {
    const numbers = { iteration: 12, value: Math.PI * 1e7, slope: 1.25e-11, step: 3e-8 };
    expect(progressLine("minimize", numbers, 100)).toBe(
      "minimize    12  value 3.1415926536e+7  step 3.0e-8  slope 1.3e-11",
    );
    expect(progressLine("minimize", numbers, 20)).toBe("minimize    12");
    for (let width = 0; width < 80; width++)
      expect(progressLine("minimize", numbers, width).length).toBeLessThanOrEqual(width);
  });

  it("is a few plain lines in a file, the last one among them", () => {
    const out = stream(false);
    const watch = watchOf<null>("minimize", { progress: out }, 500);
    for (let k = 0; k <= 47; k++) watch.look(told(k));
    watch.end();
    expect(out.written.map((line) => Number(/ (\d+)  value/.exec(line)![1]))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 40, 47,
    ]);
    for (const line of out.written) expect(line).toMatch(/^[ -~]+\n$/);
  });

  it("is off where nothing is said, and is refused where nothing can be written", () => {
    expect(progressOf("minimize", undefined)).toBeNull();
    expect(progressOf("minimize", false)).toBeNull();
    expect([true, false, { write: () => 0 }, 1, {}].map((value) => progressOption.accepts(value))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    const host = Object.getOwnPropertyDescriptor(globalThis, "process")!;
    Object.defineProperty(globalThis, "process", { value: undefined, configurable: true, writable: true });
    try {
      expect(refusalOf(() => progressOf("minimize", true)).code).toBe("CONFIG");
    } finally {
      Object.defineProperty(globalThis, "process", host);
    }
  });
});

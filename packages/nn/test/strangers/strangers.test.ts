/**
 * Backprops of strangers, each with the verdict that is right for it: exit status, and the roots where they are
 * settled.
 */

import { describe, expect, it } from "vitest";
import { isTried } from "../../../autograd/test/size.ts";
import { hasOctave, pythonWithNumPy } from "../handcheck/intake/programs.ts";
import { casesOf, isProgram, judged } from "./judged.ts";
import { pending } from "./pending.ts";

const cases = casesOf();

describe.concurrent("backprops of strangers", () => {
  it("are all there", () => {
    expect(cases.length).toBe(115);
    const files = new Set(cases.map(({ file }) => file));
    expect(pending.filter((file) => !files.has(file))).toEqual([]);
  });

  for (const one of cases) {
    const waits = pending.includes(one.file);
    it(`${one.file}${waits ? ": still waits" : ""}`, async () => {
      const wrong = await judged(one);
      // What is right now must not wait any longer.
      if (waits) expect(wrong.length, "it is right now: take it off the list").toBeGreaterThan(0);
      else expect(wrong).toEqual([]);
    });
  }
});

/**
 * One in so many programs, kernels, and files of numbers and formulas is judged with every commit, each of them at
 * night.
 */
const PROGRAMS = 12;
const KERNELS = 8;
const OTHERS = 3;

describe.concurrent("more backprops of strangers", () => {
  const more = casesOf("more");
  const programs = more.filter(isProgram);

  it.each(more.filter((one) => !isProgram(one) && isTried(/\.m?[jt]s$/.test(one.file) ? KERNELS : OTHERS, one.file)))(
    "$file",
    async (one) => {
      expect(await judged({ ...one, file: `more/${one.file}` })).toEqual([]);
    },
  );

  const runs = programs.filter(
    ({ file }) => isTried(PROGRAMS, file) && (file.endsWith(".m") ? hasOctave : pythonWithNumPy !== null),
  );
  it.skipIf(runs.length === 0).each(runs)("$file", async (one) => {
    expect(await judged({ ...one, file: `more/${one.file}` })).toEqual([]);
  });
});

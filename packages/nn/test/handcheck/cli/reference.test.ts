/** One file judged against another: what the reference says stands in for what the submission leaves out. */

import { describe, expect, it } from "vitest";
import { chainrule, newFolder, put, type Ran } from "./command.ts";
import { mazur } from "./files.ts";

const folder = newFolder();

/** Checks a file against a reference, in this process. */
const against = (reference: string, file: string): Promise<Ran> =>
  chainrule(["check", file, "--reference", reference], { cwd: folder });

describe.concurrent("a reference", () => {
  it("says the network and the data of numbers that stand alone, and none of its own gradients", async () => {
    const gradW = {
      2: [
        [0.08216704056423077, 0.08266762784753325],
        [-0.02260254047747507, -0.022740242215978222],
      ],
    };
    put(folder, "teacher.json", mazur({ gradW }));
    put(folder, "right.json", JSON.stringify({ hand: { gradW } }));
    put(
      folder,
      "wrong.json",
      JSON.stringify({
        hand: {
          gradW: {
            2: [
              [0.4398296489618467, 0.44250922860324293],
              [-0.12878202766543093, -0.1295666080144923],
            ],
          },
        },
      }),
    );
    put(
      folder,
      "other.json",
      JSON.stringify({ hand: { delta: { 2: [[0.13849856162855695, -0.038098236516556236]] } } }),
    );
    expect((await against("teacher.json", "right.json")).status).toBe(0);
    expect((await against("teacher.json", "wrong.json")).status).toBe(1);
    const other = await against("teacher.json", "other.json");
    expect([other.status, other.stdout]).toEqual([4, expect.stringContaining("1 of 1 equations")]);
  });

  it("says what a kernel is judged by, whatever the kernel says itself", async () => {
    put(
      folder,
      "like.mjs",
      "export const op = { forward: (x) => x.map((v) => v * v), backward: (g, x) => x.map((v, i) => 2 * v * g[i]), shapes: [[4]], like: (x) => x.mul(x) };\n",
    );
    const kernel = (slope: string): string =>
      `export const forward = (x) => x.map((v) => v * v);\nexport const backward = (g, x) => x.map((v, i) => ${slope} * g[i]);\n`;
    put(folder, "square.mjs", kernel("2 * v"));
    put(folder, "half.mjs", `${kernel("v")}export const like = (x) => x.mul(x).mul(0.5);\n`);
    const right = await against("like.mjs", "square.mjs");
    expect([right.status, right.stdout.replace(/\n\s*/g, " ")]).toEqual([
      0,
      expect.stringContaining("compared with autograd of the teacher's reference"),
    ]);
    expect((await against("like.mjs", "half.mjs")).status).toBe(1);
  });
});

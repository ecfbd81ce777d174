/**
 * Errors name the user's line wherever a bundler put it: beside the library in one file, minified, with source maps, in
 * engines without call sites.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { isAutogradError, zeros } from "@chainrule/autograd";
import { build, type Format } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("fixtures/refused.ts", import.meta.url));
const calls = ["([1.5])", "([2.5])", "([3.5])", "({sizes:[4.5]})"];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-bundles-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bundle(format: Format, minify: boolean): Promise<string> {
  const outfile = join(folder, `${format}${minify ? "-min" : ""}.${format === "esm" ? "mjs" : "cjs"}`);
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    format,
    minify,
    sourcemap: true,
    platform: "neutral",
    logLevel: "error",
  });
  return outfile;
}

const placesOf = (...args: string[]): string[] =>
  JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as string[];

/** The code that stands at a place, `file:line:column`. */
const codeAt = (place: string): string => {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place)!;
  return readFileSync(file!, "utf8")
    .split("\n")
    [Number(line) - 1]!.slice(Number(column) - 1);
};

/**
 * Expects a place of each mistake, in the file, where its call stands: a name, whatever it became, and the arguments.
 */
function expectPlaces(places: readonly string[], file: string): void {
  expect(places).toHaveLength(calls.length);
  for (const [k, place] of places.entries()) {
    expect(place.replace(/:\d+:\d+$/, "")).toBe(file);
    expect(
      codeAt(place)
        .replaceAll(" ", "")
        .replace(/^(?:\(0,)?[\w.$]+\)?/, "")
        .startsWith(calls[k]!),
      place,
    ).toBe(true);
  }
}

describe("the line of an error", () => {
  it("is the user's in the sources, run by tsx", () => {
    expectPlaces(placesOf("--import", "tsx", program), program);
  });

  it.each([
    ["esm", false],
    ["esm", true],
    ["cjs", false],
    ["cjs", true],
    ["iife", true],
  ] as const)("is the user's in a bundle: %s, minified: %s", async (format, minify) => {
    const file = await bundle(format, minify);
    expectPlaces(placesOf(file), file);
    if (minify) expectPlaces(placesOf("--enable-source-maps", file), program);
  });

  it("is the user's where stacks are text alone, as Firefox and Safari write it", async () => {
    const file = await bundle("cjs", true);
    const likeFirefox = `Object.defineProperty(Error, "prepareStackTrace", { value: (_, sites) =>
      sites.map((s) => (s.getFunctionName() ?? "") + "@" + s.getFileName() + ":" + s.getLineNumber() + ":" + s.getColumnNumber()).join("\\n") });`;
    expectPlaces(placesOf("--eval", `${likeFirefox} require(${JSON.stringify(file)})`), file);
  });

  it("is the user's where nothing of Error may be changed", async () => {
    const file = await bundle("cjs", false);
    expectPlaces(placesOf("--eval", `Object.freeze(Error); require(${JSON.stringify(file)})`), file);
  });

  it.each([
    ["C:\\Users\\me\\model.js", "C:\\Users\\me\\model.js"],
    ["file:///C:/Users/m%20e/model.js", "C:/Users/m e/model.js"],
    ["file:///home/me/a%20(1)/model.js", "/home/me/a (1)/model.js"],
    ["http://localhost:5173/src/model.js?t=1", "http://localhost:5173/src/model.js?t=1"],
    ["webpack-internal:///./src/model.js", "webpack-internal:///./src/model.js"],
    ["REPL1", "REPL1"],
  ])("is shown as a path: %s", (filename, shown) => {
    const mistake = runInThisContext("(zeros) => zeros([1.5])", { filename }) as (f: typeof zeros) => unknown;
    let at: string | null = null;
    try {
      mistake(zeros);
    } catch (error) {
      at = isAutogradError(error) ? error.at : null;
    }
    expect(at).toBe(`${shown}:1:12`);
  });

  it("passes over packages, while there is a line of the user's", () => {
    const through = runInThisContext("(zeros) => zeros([1.5])", {
      filename: "/home/me/node_modules/layers/index.js",
    }) as (f: typeof zeros) => unknown;
    const user = runInThisContext("(through, zeros) => through(zeros)", { filename: "/home/me/model.js" }) as (
      f: typeof through,
      g: typeof zeros,
    ) => unknown;
    expect(() => user(through, zeros)).toThrow(expect.objectContaining({ at: "/home/me/model.js:1:21" }));
  });
});

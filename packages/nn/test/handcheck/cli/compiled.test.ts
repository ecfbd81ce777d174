/** Compiled code of an installed program, kept between runs: used only where it is its owner's and of this text. */

import { spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Compiled } from "../../../src/cli/compiled.ts";
import { published } from "./command.ts";

/** A program of two files; the second is compiled by the first. */
function program(): { readonly entry: string; readonly part: string; readonly compiled: string } {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-compiled-"));
  const [entry, part] = [join(folder, "main.cjs"), join(folder, "part-a1b2c3d4.cjs")];
  writeFileSync(
    entry,
    `exports.answer = require("./part-a1b2c3d4.cjs").twice(21);\nexports.path = require("node:path");`,
  );
  writeFileSync(part, `exports.twice = (x) => 2 * x;\nexports.once = (x) => x;\nexports.place = __dirname;`);
  return { entry, part, compiled: join(folder, "compiled") };
}

/** A run of the program, by which is kept what it has compiled. */
function runOf(
  entry: string,
  kind = "any",
): { readonly exports: Record<string, unknown>; readonly kept: readonly string[] } {
  const files = new Compiled();
  const exports = files.load(entry) as Record<string, unknown>;
  files.keep(kind);
  return { exports, kept: files.kept };
}

describe("what is compiled of a program", () => {
  it("is kept for the next run, of files whose names say what is in them", () => {
    const { entry, part, compiled } = program();
    const first = runOf(entry);
    expect(first.kept).toEqual([]);
    expect(readdirSync(compiled)).toHaveLength(1);
    const second = runOf(entry);
    expect(second.kept).toEqual([part]);
    for (const { exports } of [first, second]) {
      expect(exports["answer"]).toBe(42);
      expect(exports["path"]).toHaveProperty("join");
    }
  });

  it("grows with each kind of run, and is written by the first of a kind alone", () => {
    const { entry, compiled } = program();
    runOf(entry, "one");
    const [name] = readdirSync(compiled);
    const kinds = (): unknown => JSON.parse(readFileSync(join(compiled, name!), "utf8").split("\n")[0]!);
    runOf(entry, "one");
    expect(kinds()).toEqual(["one"]);
    runOf(entry, "two");
    expect(kinds()).toEqual(["one", "two"]);
    for (let at = 0; at < 50; at++) runOf(entry, `other ${at}`);
    expect(kinds()).toHaveLength(32);
  });

  it("is left where it is no more, half, or no such thing", () => {
    const { entry, part, compiled } = program();
    runOf(entry);
    const place = join(compiled, readdirSync(compiled)[0]!);
    const whole = readFileSync(place);
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, 3), Buffer.from("[]\nno code"), Buffer.from("no line")]) {
      writeFileSync(place, bytes);
      const { exports, kept } = runOf(entry);
      expect(exports["answer"]).toBe(42);
      expect(kept).toEqual([]);
      expect(runOf(entry).kept).toEqual([part]);
    }
  });

  it("is not read where it is somebody else's", (context) => {
    if (process.getuid?.() !== 0) return context.skip();
    const { entry, compiled } = program();
    runOf(entry);
    chownSync(join(compiled, readdirSync(compiled)[0]!), 1234, 1234);
    expect(runOf(entry).kept).toEqual([]);
  });

  it("is not asked for: a folder that cannot be written to changes nothing", () => {
    const { entry, compiled } = program();
    writeFileSync(compiled, "a file where the folder would be");
    for (let run = 0; run < 2; run++) expect(runOf(entry)).toMatchObject({ kept: [], exports: { answer: 42 } });
  });
});

describe("the installed command", () => {
  it("keeps what judges, and says the same by it", () => {
    const place = mkdtempSync(join(tmpdir(), "chainrule-compiled-"));
    mkdirSync(join(place, "node_modules"));
    const nn = join(place, "node_modules/@chainrule/nn");
    cpSync(join(published(), "node_modules/@chainrule/nn"), nn, {
      recursive: true,
      filter: (path) => !path.endsWith("compiled"),
    });
    const compiled = join(nn, "dist/chunks/compiled");
    expect(existsSync(compiled)).toBe(false);
    const file = join(place, "neuron.mjs");
    writeFileSync(
      file,
      `export const network = { sizes: [1, 1], activations: "sigmoid", cost: "quadratic" };
export const backward = ({ W1, b1 }, x, t) => ({ delta: { 1: x.map(([u], n) => [1 / (1 + Math.exp(-W1[0][0] * u - b1[0])) - t[n][0]]) } });`,
    );
    const said = (): string =>
      spawnSync(process.execPath, [join(nn, "dist/cli/start.cjs"), "check", file, "--timeout", "100000"], {
        encoding: "utf8",
      }).stdout;
    const first = said();
    expect(first).toContain("[A2]");
    const kept = readdirSync(compiled);
    // By the judge's thread, and by what prints.
    for (const name of ["work", "printing"]) expect(kept.some((one) => one.startsWith(`${name}-`))).toBe(true);
    expect(said()).toBe(first);
    expect(readdirSync(compiled)).toEqual(kept);
  });
});

/**
 * What the command reads before a person's process starts, and to print the answer: nothing that brings the engine,
 * which the judge's thread reads meanwhile.
 */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const sources = fileURLToPath(new URL("../../../src/", import.meta.url));

/** What a file imports when it is loaded: types vanish. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...text.matchAll(/^(?:import|export)\s+(?!type\s)(?:([^"';]*?)\sfrom\s+)?"([^"]+)"/gm)].flatMap(
    ([, names, target]) => {
      const list = /^\{([\s\S]*)\}$/
        .exec(names?.trim() ?? "")?.[1]
        ?.split(",")
        .map((one) => one.trim())
        .filter((one) => one !== "");
      return list?.every((one) => one.startsWith("type ")) === true ? [] : [target!];
    },
  );
}

/** The way to the engine from a file; `null` where there is none. */
function wayToEngine(entry: string): string[] | null {
  const seen = new Set([entry]);
  for (const queue = [[entry]]; queue.length > 0;) {
    const way = queue.shift()!;
    for (const target of importsOf(join(sources, way.at(-1)!))) {
      if (target === "@chainrule/autograd") return way;
      const next = target.startsWith(".") ? join(dirname(way.at(-1)!), target) : null;
      if (next === null || seen.has(next)) continue;
      seen.add(next);
      queue.push([...way, next]);
    }
  }
  return null;
}

describe("the main thread of a check", () => {
  it.each([
    "cli/start.ts",
    "cli/start-judge.ts",
    "cli/main.ts",
    "cli/check.ts",
    "cli/run.ts",
    "cli/apart.ts",
    "cli/runner.ts",
    "cli/class/class.ts",
    "handcheck/intake/sources/python/python.ts",
    "handcheck/report/of-network.ts",
    "handcheck/report/of-op.ts",
    "handcheck/report/text.ts",
    "handcheck/report/json.ts",
  ])("does not read autograd by %s", (entry) => {
    expect(wayToEngine(entry)).toBeNull();
  });

  it("would be seen to: the judge does", () => {
    expect(wayToEngine("cli/worker.ts")).not.toBeNull();
  });
});

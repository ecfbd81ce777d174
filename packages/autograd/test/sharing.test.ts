/** Test files that share a process leave nothing behind in it. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LASTING, sharing } from "./sharing.ts";

const textOf = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

it("files that share a process do nothing that lasts", () => {
  expect(sharing.length).toBeGreaterThan(60);
  expect(sharing.filter((name) => LASTING.test(textOf(name)))).toEqual([]);
});

it.each([
  "ops/accuracy",
  "ops/unmarked",
  "kernels/opcodes",
  "kernels/elementwise",
  "compile/fallback",
  "inspect/values",
])("%s, which does, has a process of its own", (name) => {
  expect(textOf(`${name}.test.ts`)).toMatch(LASTING);
  expect(sharing).not.toContain(`${name}.test.ts`);
});

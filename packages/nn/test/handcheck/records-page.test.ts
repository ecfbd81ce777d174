// docs/costs.md is what the records say today; `npx vitest run packages/nn/test/handcheck/records-page.test.ts --update` writes it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { catalogue } from "../../src/handcheck/mistakes/words.ts";
import { lines, recordsPage } from "./records-page.ts";

const page = (name: string): string => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));

it("docs/costs.md is current", async () => {
  await expect(recordsPage()).toMatchFileSnapshot(page("costs.md"));
});

it("every record has a line with its formula", () => {
  const rows = recordsPage().split("\n").filter((line) => line.startsWith("| `"));
  for (const name of lines) expect(rows.filter((line) => new RegExp(`^\\| \`${name}(?:\\(|\`)`).test(line)).length, name).toBeGreaterThan(0);
  expect(rows.filter((line) => / \| \| \| /.test(line) || /NaN|undefined/.test(line))).toEqual([]);
});

it("docs/handcheck.md has every mistake of the output error", () => {
  const text = readFileSync(page("handcheck.md"), "utf8");
  for (const id of Object.keys(catalogue).filter((one) => /^A\d+$/.test(one) && Number(one.slice(1)) > 14)) expect(text).toContain(`${id} `);
});

// docs/costs.md is what the records say today; `npx vitest run
// packages/nn/test/handcheck/records-page.test.ts --update` writes it.
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { lines, recordsPage } from "./records-page.ts";

const page = (name: string): string => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));

it("docs/costs.md is current", async () => {
  await expect(recordsPage()).toMatchFileSnapshot(page("costs.md"));
});

it("every record has a line with its formula", () => {
  const rows = recordsPage()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  for (const name of lines)
    expect(rows.filter((line) => new RegExp(`^\\| \`${name}(?:\\(|\`)`).test(line)).length, name).toBeGreaterThan(0);
  expect(rows.filter((line) => / \| \| \| /.test(line) || /NaN|undefined/.test(line))).toEqual([]);
});

/** The page of operations is what the declarations say today. */

import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { table } from "../ops/table/index.ts";
import { formulasIn, operationsPage } from "./operations.ts";

it("docs/operations.md is current: `npx pnpm@10 docs` writes it", async () => {
  await expect(operationsPage()).toMatchFileSnapshot(
    fileURLToPath(new URL("../../../../docs/operations.md", import.meta.url)),
  );
});

it("every operation has a line, and every formula above a declaration is read", () => {
  const page = operationsPage();
  for (const { name } of table) expect(page).toContain(`\n| \`${name}\` |`);
  const found = formulasIn([
    '// y = |x|        dy/dx = sign x\nexport const abs: Unary = unary("abs", {\n',
    '// y = B(a)        dA = G        (mirrored)\nexport const fooOp: LinearOp = {\n  name: "foo",\n',
  ]);
  expect([...found]).toEqual([
    ["abs", { value: "y = |x|", derivative: "dy/dx = sign x" }],
    ["foo", { value: "y = B(a)", derivative: "dA = G" }],
  ]);
});

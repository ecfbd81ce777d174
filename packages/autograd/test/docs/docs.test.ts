/** Every example of the documentation compiles, runs, and gives what it says. */

import * as autograd from "@chainrule/autograd";
import * as blas from "@chainrule/autograd/blas";
import * as check from "@chainrule/autograd/check";
import * as optimize from "@chainrule/autograd/optimize";
import * as vmap from "@chainrule/autograd/vmap";
import * as nn from "@chainrule/nn";
import * as handcheck from "@chainrule/nn/handcheck";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { complaints, docstringExamples, filesBelow, markdownExamples, runExample } from "./examples.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const sources = ["packages/autograd/src", "packages/nn/src"].flatMap((folder) => filesBelow(join(root, folder), ".ts"));
const pages = ["README.md", "docs", "packages/autograd/README.md", "packages/nn/README.md"]
  .map((name) => join(root, name))
  .filter(existsSync)
  .flatMap((path) => (path.endsWith(".md") ? [path] : filesBelow(path, ".md")));
const examples = [
  ...sources.flatMap((path) => docstringExamples(path, root)),
  ...pages.flatMap((path) => markdownExamples(path, root)),
];
const names = { ...autograd, ...blas, ...check, ...optimize, ...vmap, ...nn, ...handcheck };

describe("the examples of the documentation", () => {
  it("are there", () => {
    expect(examples.length).toBeGreaterThan(70);
    expect(examples.some(({ place }) => place.startsWith("README.md"))).toBe(true);
  });

  it.each(examples.map((example) => [example.place, example] as const))("%s gives what it says", async (_, example) => {
    for (const { got, expected, text } of await runExample(example, names)) expect(got, text).toEqual(expected);
  });

  const wrong = { place: "here", code: "const wrong: string = add(1, 2)" };
  let complained: readonly string[] | null = null;

  /** What the compiler says of all examples and of one that is wrong, compiled once. */
  const allComplaints = (): readonly string[] => {
    const imports = [
      `import { ${Object.keys(autograd).join(", ")}, type Tensor as __Tensor } from "@chainrule/autograd";`,
      `import { ${Object.keys(check).join(", ")} } from "@chainrule/autograd/check";`,
      `import { ${Object.keys(optimize).join(", ")} } from "@chainrule/autograd/optimize";`,
      `import { ${Object.keys(vmap).join(", ")} } from "@chainrule/autograd/vmap";`,
      `import { ${Object.keys(blas).join(", ")} } from "@chainrule/autograd/blas";`,
      `import { ${Object.keys(nn).join(", ")} } from "@chainrule/nn";`,
      `import { ${Object.keys(handcheck).join(", ")} } from "@chainrule/nn/handcheck";`,
    ];
    return (complained ??= complaints([...examples, wrong], imports, root));
  };

  it("compile", () => {
    expect(allComplaints().filter((complaint) => !complaint.includes(wrong.code))).toEqual([]);
  });

  it("fail where a promise is wrong", async () => {
    const [found] = await runExample({ place: "here", code: "add(tensor([1, 2]), 1).toArray() // => [2, 4]" }, names);
    expect(found!.got).not.toEqual(found!.expected);
    expect(allComplaints().filter((complaint) => complaint.includes(wrong.code))).toHaveLength(1);
  });
});

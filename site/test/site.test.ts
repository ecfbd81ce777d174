/** The site: what becomes of a page, and that a link which leads nowhere is found. */

import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { deadLinks } from "../src/links.ts";
import { htmlOf, slugOf, targetOf } from "../src/markdown.ts";
import { allPages, home, root, type PageSource } from "../src/pages.ts";

function siteOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-site-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const page: PageSource = { from: "docs/handcheck.md", to: "docs/handcheck.html", title: "" };

describe("links of a built site", () => {
  it("are found where they lead nowhere: no file, no place, out of the site", () => {
    const folder = siteOf({
      "index.html":
        '<a href="docs/a.html">a</a><a href="docs/a.html#here">b</a><a href="docs/">c</a><a href="https://example.org/x">d</a><script>x = "<a href=\\"no\\">"</script>',
      "docs/a.html":
        '<h2 id="here"></h2><a href="#here">a</a><a href="#gone">b</a><a href="../gone.html">c</a><img src="gone.png"><a href="../../out.html">d</a>',
      "docs/index.html": '<a href="a.html#g%C3%B6ne">a</a>',
    });
    expect(
      deadLinks(folder)
        .map(({ page: at, href }) => `${at} ${href}`)
        .sort(),
    ).toEqual([
      "docs/a.html #gone",
      "docs/a.html ../../out.html",
      "docs/a.html ../gone.html",
      "docs/a.html gone.png",
      "docs/index.html a.html#g%C3%B6ne",
    ]);
  });
});

describe("a page", () => {
  it("links to pages of the site, to its images, and to files of the repository that exist", () => {
    const pages = allPages();
    expect(targetOf("from-python.md#names", page, pages)).toBe("from-python.html#names");
    expect(targetOf("../examples/class", page, pages)).toMatch(/^https:.*\/tree\/main\/examples\/class$/);
    expect(targetOf("images/handcheck.png", page, pages)).toBe("images/handcheck.png");
    expect(targetOf("docs/handcheck.md", home, pages)).toBe("docs/handcheck.html");
    expect(() => targetOf("../nowhere.ts", page, pages)).toThrow("there is no nowhere.ts");
  });

  it("has headings that can be linked to, commands above what they printed, and no HTML of its own", () => {
    expect(slugOf("The mistakes: that have a `name`")).toBe("the-mistakes-that-have-a-name");
    const html = htmlOf(
      "# A b\n\n# A b\n\n```text $ npx x < y\nout\n```\n\n<script>alert(1)</script>\n\n| a |\n|---|\n| b |\n",
      page,
      [],
    );
    expect(html).toContain('<h1 id="a-b">A b</h1>');
    expect(html).toContain('<h1 id="a-b-1">');
    expect(html).toContain(
      '<p class="command"><code>npx x &lt; y</code></p><pre tabindex="0"><code>out\n</code></pre>',
    );
    expect(html).not.toContain("<script>");
    expect(html).toContain('<div class="wide" tabindex="0"><table>');
  });

  it("has a place in the list if it is one of docs", () => {
    const docs = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md"));
    expect(docs.filter((file) => !allPages().some(({ from }) => from === `docs/${file}`))).toEqual([]);
  });
});

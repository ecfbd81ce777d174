/** The pages that are written by hand: where each comes from, where it goes, and under what it is offered. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where the sources can be read that are no page. */
export const repository = "https://github.com/chainrule/chainrule";

export interface PageSource {
  /** From the root of the repository. */
  readonly from: string;
  /** From the root of the site. */
  readonly to: string;
  readonly title: string;
}

export interface Group {
  readonly title: string;
  readonly pages: readonly PageSource[];
}

const page = (name: string, title: string): PageSource => ({ from: `docs/${name}.md`, to: `docs/${name}.html`, title });
const ofRoot = (name: string, title: string): PageSource => ({
  from: `${name}.md`,
  to: `${name.toLowerCase()}.html`,
  title,
});

/** What a decision is called: its own heading is longer than a list has room for. */
const decision = (file: string): PageSource => {
  const [number = "", ...words] = file.replace(/\.md$/, "").split("-");
  return {
    from: `docs/decisions/${file}`,
    to: `docs/decisions/${file.replace(/\.md$/, ".html")}`,
    title: `${number} ${words.join(" ")}`,
  };
};

/** In the order in which they are offered. */
const listed: readonly Group[] = [
  {
    title: "Use",
    pages: [
      page("handcheck", "Check a backprop"),
      page("from-python", "From Python"),
      page("for-teachers", "For teachers"),
      page("compile", "Compile"),
      page("vmap", "Batches: vmap"),
      page("random", "Random numbers by key"),
      page("own-ops", "An op of your own: defineOp"),
      page("checkpoint", "Memory of a gradient: checkpoint"),
      page("optimize", "Optimize"),
      page("platforms", "Platforms"),
    ],
  },
  {
    title: "Look up",
    pages: [page("operations", "Operations"), page("conventions", "Conventions"), page("costs", "Costs")],
  },
  {
    title: "Measured",
    pages: [page("benchmarks", "Benchmarks"), page("scoreboards", "Scoreboards"), page("nightly", "A night of tests")],
  },
  {
    title: "Work on it",
    pages: [
      ofRoot("ARCHITECTURE", "Architecture"),
      ofRoot("CONTRIBUTING", "Contributing"),
      ofRoot("CHANGELOG", "Changelog"),
      page("open-points", "Open points"),
      { from: "docs/decisions/README.md", to: "docs/decisions/index.html", title: "Decisions" },
    ],
  },
];

/** A page that nobody listed is called by its own heading. */
function unlisted(): PageSource[] {
  const known = new Set(listed.flatMap(({ pages }) => pages).map(({ from }) => from));
  const files = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && !known.has(`docs/${file}`));
  return files.map((file) =>
    page(file.replace(/\.md$/, ""), /^# (.+)$/m.exec(readFileSync(join(root, "docs", file), "utf8"))?.[1] ?? file),
  );
}

const further = unlisted();

export const groups: readonly Group[] =
  further.length === 0 ? listed : [...listed, { title: "Further", pages: further }];

const decisions = (): PageSource[] =>
  readdirSync(join(root, "docs/decisions"))
    .filter((file) => /^\d.*\.md$/.test(file))
    .sort()
    .map(decision);

/** The first page is made of the README. */
export const home: PageSource = { from: "README.md", to: "index.html", title: "chainrule" };

export const allPages = (): readonly PageSource[] => [home, ...groups.flatMap(({ pages }) => pages), ...decisions()];

/** The API reference, made from the doc comments of what is published. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { Application, LogLevel, type DeclarationReflection } from "typedoc";
import { root } from "./pages.ts";

/** What can be imported: each entry of a package, by the file of its sources. */
function entries(): Map<string, string> {
  return new Map(
    ["autograd", "nn"].flatMap((name) => {
      const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")) as Manifest;
      return Object.entries(manifest.exports)
        .filter(([, file]) => file.endsWith(".ts"))
        .map(([entry, file]) => [join(root, "packages", name, file), join("@chainrule", name, entry)] as const);
    }),
  );
}

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
}

/** Stands for the root of the site until a page is written: each knows how deep it lies. */
const SITE = "site-root";

/** Links of the head are the same text on every page. */
function relateLinks(folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".html"),
  )) {
    const up = "../".repeat(file.split(sep).length);
    writeFileSync(
      join(folder, file),
      readFileSync(join(folder, file), "utf8").replaceAll(`href="${SITE}/`, `href="${up}`),
    );
  }
}

/** Modules by the name under which they are imported, not by where their file lies. */
function named(modules: readonly DeclarationReflection[], sources: ReadonlyMap<string, string>): void {
  const names = new Map(
    [...sources].map(([file, name]) => [
      file.slice(join(root, "packages").length + 1).replace(/(?:\/index)?\.ts$/, ""),
      name,
    ]),
  );
  for (const module of modules) {
    const name = names.get(module.name);
    if (name === undefined) throw new Error(`typedoc: ${module.name} is no entry of a package`);
    module.name = name;
  }
}

/** Writes it into the folder. */
export async function writeApi(folder: string, css: string): Promise<void> {
  const sources = entries();
  const app = await Application.bootstrap({
    name: "chainrule",
    entryPoints: [...sources.keys()],
    basePath: join(root, "packages"),
    displayBasePath: join(root, "packages"),
    tsconfig: join(root, "tsconfig.json"),
    // The type check is another step.
    skipErrorChecking: true,
    readme: "none",
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableGit: true,
    disableSources: true,
    githubPages: false,
    searchInComments: false,
    includeVersion: false,
    navigationLinks: { Playground: `${SITE}/playground/index.html`, Pages: `${SITE}/index.html` },
    customCss: css,
    validation: false,
    logLevel: LogLevel.Warn,
    cacheBust: false,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc: the sources could not be read");
  named(project.children ?? [], sources);
  await app.generateDocs(project, folder);
  if (app.logger.hasErrors()) throw new Error("typedoc: it reported errors, which stand above");
  relateLinks(folder);
}

/**
 * Makes a package.json what is published while its package is packed, run in the package's folder by `prepack` and,
 * with `--restore`, by `postpack`.
 *
 * In a clone the sources run as they are: `exports` name them, and packages know each other by `workspace:`. What is
 * published names the build. `pnpm pack` would say that by itself (`publishConfig`), `npm pack` would not; so it is
 * written for both.
 */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Where the clone's own package.json waits; seen by git where a pack was broken off. */
const KEPT = "package.clone.json";

const read = (file) => JSON.parse(readFileSync(file, "utf8"));

/** Returns the versions that `workspace:^` and the like stand for, by the packages beside this one. */
function publishedRanges(dependencies, packages) {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => {
      if (!range.startsWith("workspace:")) return [name, range];
      const sign = range.slice("workspace:".length);
      return [
        name,
        `${sign === "*" ? "" : sign}${read(join(packages, name.replace(/^@.*\//, ""), "package.json")).version}`,
      ];
    }),
  );
}

/** Returns the package.json that users get: its entries are the build's, and nothing in it is for this clone alone. */
export function publishedManifest(manifest, packages = "..") {
  const {
    publishConfig: { access, ...published },
    scripts,
    ...rest
  } = manifest;
  const dependencies = rest.dependencies && { dependencies: publishedRanges(rest.dependencies, packages) };
  return { ...rest, ...published, ...dependencies, publishConfig: { access } };
}

/** Puts the clone's package.json back. */
function restore() {
  if (existsSync(KEPT)) renameSync(KEPT, "package.json");
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  restore();
  if (!process.argv.includes("--restore")) {
    const { npm_command: command, npm_config_user_agent: agent = "" } = process.env;
    // npm reads package.json once more after `postpack`, and would tell the registry what is the clone's.
    if (command === "publish" && agent.startsWith("npm/"))
      throw new Error("publish the archive: npm pack, then npm publish FILE.tgz");
    // A caller that packs twice need not build twice.
    if (process.env.CHAINRULE_BUILT !== "1")
      execFileSync("npm", ["run", "--silent", "build"], {
        stdio: ["ignore", "inherit", "inherit"],
        shell: process.platform === "win32",
      });
    const manifest = publishedManifest(read("package.json"));
    renameSync("package.json", KEPT);
    // Without a last newline, as pnpm writes it again.
    writeFileSync("package.json", JSON.stringify(manifest, null, 2));
  }
}

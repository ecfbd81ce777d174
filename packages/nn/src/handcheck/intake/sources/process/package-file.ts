/** Files of the package that other programs run: they lie beside the sources, and in what is published beside them. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file of this package, as `python/runner.py`. */
export function packageFile(name: string): string {
  let folder = new URL(".", import.meta.url);
  for (;;) {
    const file = new URL(name, folder);
    if (existsSync(file)) return fileURLToPath(file);
    const above = new URL("..", folder);
    if (above.href === folder.href) throw new Error(`${name} of @chainrule/nn is missing`);
    folder = above;
  }
}

/**
 * Bundles a package as Node loads it, run in its folder: each entry of `publishConfig` for Node becomes a file, what
 * these share becomes chunks. A program that runs by itself has what it needs of other packages in chunks of its own,
 * and few of them.
 * Bundlers are given the modules one by one, as tsc writes them, so that they can leave out what a page does not use.
 */

import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { rolldown } from "rolldown";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    outdir: { type: "string", default: "dist" },
    // A chunk lies as deep as the modules in it that ask where they are.
    chunks: { type: "string", default: "." },
    // What starts these programs, as they are installed: each a file by itself.
    start: { type: "string", multiple: true, default: [] },
    // Entries of programs in whose processes nobody else's code runs: so nobody meets their copy of another package.
    program: { type: "string", multiple: true, default: [] },
    // Modules, by commas, that are one chunk with whatever they import as they are loaded; what is in an earlier one is
    // in no later one.
    together: { type: "string", multiple: true, default: [] },
  },
});

const {
  publishConfig: { exports, bin = {} },
} = JSON.parse(readFileSync("package.json", "utf8"));
const published = [...Object.values(exports).flatMap((entry) => entry.node ?? []), ...Object.values(bin)];
const names = [...published.map((path) => path.replace(/^\.\/dist\//, "").replace(/\.c?js$/, "")), ...positionals];

// Chunks are named by what is in them: those of an earlier build would be published too.
rmSync(values.outdir, { recursive: true, force: true });
/** What `markLibrary` does, said without it: a file may be read before the one that has it. */
const mark = (edge) => `(globalThis[Symbol.for("chainrule.marks")]??=[]).push({edge:"${edge}",error:new Error});`;

const fileOf = (name) => join("src", `${name}.ts`);

await build({
  entryPoints: names.filter((name) => !values.start.includes(name)).map((name) => ({ in: fileOf(name), out: name })),
  outdir: values.outdir,
  chunkNames: join(values.chunks, "[name]-[hash]"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  // Other packages, and Node's own, stay what they are.
  packages: "external",
  external: ["node:*"],
  // Errors tell the library's code from the user's by these, once a bundler has put both into one file.
  banner: { js: mark("begin") },
  footer: { js: mark("end") },
  sourcemap: true,
  // The sources are published beside the bundles.
  sourcesContent: false,
  logLevel: "warning",
});

/** The modules that are loaded with these. */
function loadedWith(roots, staticImports) {
  const found = new Set();
  const add = (id) => {
    if (found.has(id)) return;
    found.add(id);
    (staticImports.get(id) ?? []).forEach(add);
  };
  roots.forEach((name) => add(resolve(fileOf(name))));
  return found;
}

/** The form of every file of a program: CommonJS, which one that starts it loads out of what was compiled before. */
const written = { dir: values.outdir, format: "cjs", entryFileNames: "[name].cjs", comments: false, minify: false };

if (values.program.length > 0) {
  const staticImports = new Map();
  const graph = { name: "graph", moduleParsed: ({ id, importedIds }) => void staticImports.set(id, importedIds) };
  const bundle = await rolldown({
    input: Object.fromEntries(values.program.map((name) => [name, fileOf(name)])),
    platform: "node",
    // An import() says what may wait; that a chunk has it already is as it should be.
    checks: { ineffectiveDynamicImport: false },
    plugins: [graph],
  });
  const entries = values.program.map((name) => resolve(fileOf(name)));
  const groups = values.together.map((list, at) => {
    const roots = list.split(",");
    let found = null;
    return {
      name: roots[0].split("/").at(-1),
      priority: values.together.length - at,
      test: (id) => !entries.includes(id) && (found ??= loadedWith(roots, staticImports)).has(id),
    };
  });
  await bundle.write({
    ...written,
    chunkFileNames: join(values.chunks, "[name]-[hash].cjs"),
    codeSplitting: { groups },
    banner: mark("begin"),
    footer: mark("end"),
  });
  await bundle.close();
}

for (const name of values.start) {
  const bundle = await rolldown({ input: { [name]: fileOf(name) }, platform: "node" });
  await bundle.write(written);
  await bundle.close();
}

/**
 * Installs both packages as users get them, packed by npm and by pnpm, in a project of its own, and runs what users run
 * there.
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "chainrule-packages-"));
/** Kept from run to run. */
const kept = join(root, "node_modules/.cache/chainrule-tools");
const node = `npm:node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
/** What else runs the packages, from the registry; what cannot be installed is skipped, and named at the end. */
const tools = {
  node22: `${node}@22`,
  node24: `${node}@24`,
  node26: `${node}@26`,
  deno: "2",
  bun: "1",
  typescript59: "npm:typescript@5.9",
  typescript7: "npm:typescript@7",
  vite: "8",
  publint: "0.3",
  "@arethetypeswrong/cli": "0.18",
};
const skipped = [];

/** What a command prints; what it printed and the exit status where that is not the expected one. */
function run(command, args, cwd = place, status = 0, env = {}) {
  const ran = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...env },
    maxBuffer: 1 << 26,
  });
  if (ran.status === status) return ran.stdout;
  throw new Error(
    `${[command, ...args].join(" ")}\nexits with ${ran.status}:\n${ran.stdout}${ran.stderr}${ran.error ?? ""}`,
  );
}

function step(name, body) {
  const start = performance.now();
  body();
  console.log(`  ${name.padEnd(34)} ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

/** Each file of an archive, and what is in it. */
function contentsOf(archive) {
  const folder = mkdtempSync(join(place, "archive-"));
  execFileSync("tar", ["xzf", archive, "-C", folder]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(folder.length), readFileSync(path, "utf8")]),
  );
}

/** The archives of both packages by npm, which are those of pnpm. */
function pack() {
  const folders = { npm: join(place, "npm"), pnpm: join(place, "pnpm") };
  for (const folder of Object.values(folders)) mkdirSync(folder);
  for (const name of ["autograd", "nn"]) {
    run("npm", ["pack", "--silent", "--pack-destination", folders.npm], join(root, "packages", name));
    run("npx", ["pnpm@10", "-C", join("packages", name), "pack", "--pack-destination", folders.pnpm], root, 0, {
      CHAINRULE_BUILT: "1",
    });
    const archive = `chainrule-${name}-0.1.0.tgz`;
    const [npm, pnpm] = [contentsOf(join(folders.npm, archive)), contentsOf(join(folders.pnpm, archive))];
    const paths = [...new Set([...npm.keys(), ...pnpm.keys()])];
    const other = paths.filter((path) => npm.get(path) !== pnpm.get(path));
    if (other.length > 0) throw new Error(`npm and pnpm pack other files of ${name}: ${other.join(", ")}`);
    checkMaps(name, npm);
  }
  return readdirSync(folders.npm).map((name) => join(folders.npm, name));
}

/** "Go to definition" reaches the sources: each declaration has a map, and each map's sources are in the archive. */
function checkMaps(name, files) {
  for (const [path, text] of files) {
    if (path.endsWith(".d.ts") && path.includes("/dist/") && !files.has(`${path}.map`))
      throw new Error(`${name}: no map of ${path}`);
    if (!path.endsWith(".map")) continue;
    const missing = JSON.parse(text)
      .sources.map((source) => join(dirname(path), source))
      .filter((source) => !files.has(source));
    if (missing.length > 0) throw new Error(`${name}: ${path} leads to ${missing.join(", ")}, which is not there`);
  }
  for (const path of ["/package/LICENSE", "/package/README.md"])
    if (!files.has(path)) throw new Error(`${name}: ${path} is missing`);
}

const expected = {
  gradient: 12,
  batch: [2, 4],
  scalar: true,
  matrix: [[3], [7]],
  compiled: true,
  threads: 2,
  backprop: true,
  sigmoid: 0.5,
  handcheck: "function",
  blas: false,
};

/** Expects what the program says, and that its error names the file that runs, at the mistake. */
function expectSaid(text, file, { threads = 2 } = {}) {
  const { place: at, ...said } = JSON.parse(text.trim().split("\n").at(-1));
  if (JSON.stringify(said) !== JSON.stringify({ ...expected, threads }))
    throw new Error(`${file} says ${JSON.stringify(said)}`);
  const [, path, line, column] = /^(.*):(\d+):(\d+)$/.exec(at ?? "") ?? [];
  const code =
    path === undefined
      ? undefined
      : readFileSync(path, "utf8")
          .split("\n")
          [line - 1].slice(column - 1);
  if (!path?.endsWith(file) || !/^(?:\(0, ?)?[\w.$]+\)?\(\[1\.5\]\)/.test(code))
    throw new Error(`an error in ${file} names ${at}: ${code?.slice(0, 40)}`);
}

/** Installs the tools that are not there yet; what takes longer than the registry usually does is left out. */
function installTools() {
  mkdirSync(kept, { recursive: true });
  const manifest = JSON.stringify({ private: true, dependencies: tools });
  const file = join(kept, "package.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest) return;
  const options = ["--no-audit", "--no-fund", "--silent", "--prefer-offline"];
  const install = (...names) =>
    spawnSync("npm", ["install", "--no-save", ...options, ...names], { cwd: kept, timeout: 240_000 }).status === 0;
  writeFileSync(file, manifest);
  if (install()) return;
  rmSync(file);
  for (const [name, version] of Object.entries(tools)) install(`${name}@${version}`);
}

/** A tool's file, or `null` where it was not installed. */
function tool(name, path) {
  const file = join(kept, "node_modules", name, path);
  if (existsSync(file)) return file;
  if (!skipped.includes(name)) skipped.push(name);
  return null;
}

function checkNode() {
  const nodes = [
    ["this Node", process.execPath],
    ...["node22", "node24", "node26"].map((name) => [name, tool(name, "bin/node")]),
  ];
  writeFileSync(
    join(place, "require.cjs"),
    `const { grad } = require("@chainrule/autograd");
for (const name of ["check", "blas", "scalar", "vectors", "vmap"]) require("@chainrule/autograd/" + name);
for (const name of ["", "/equations", "/handcheck"]) require("@chainrule/nn" + name);
console.log(grad((x) => x.mul(x))(3).item());
`,
  );
  writeFileSync(
    join(place, "in-worker.js"),
    `import { Worker } from "node:worker_threads";
new Worker(new URL("program.js", import.meta.url));
`,
  );
  for (const [, node] of nodes) {
    if (node === null) continue;
    expectSaid(run(node, ["program.js"]), "program.js");
    if (run(node, ["require.cjs"]).trim() !== "6") throw new Error(`require fails in ${node}`);
  }
  expectSaid(run(process.execPath, ["in-worker.js"]), "program.js");
}

function checkTypes() {
  for (const name of ["typescript59", "typescript7"]) {
    const compiler = tool(name, "bin/tsc");
    if (compiler === null) continue;
    for (const [module, resolution] of [
      ["nodenext", "nodenext"],
      ["esnext", "bundler"],
    ]) {
      // A file, since the command line has no way to say that there are no types of the surroundings.
      const compilerOptions = {
        noEmit: true,
        strict: true,
        skipLibCheck: false,
        target: "es2022",
        lib: ["es2023", "dom"],
        types: [],
        module,
        moduleResolution: resolution,
      };
      writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
      run(process.execPath, [compiler, "--project", "tsconfig.json"]);
    }
  }
}

async function checkEsbuild() {
  const { build } = await import("esbuild");
  for (const format of ["esm", "cjs", "iife"]) {
    for (const minify of [false, true]) {
      const outfile = join(place, `${format}${minify ? "-min" : ""}.${format === "esm" ? "mjs" : "cjs"}`);
      await build({
        entryPoints: [join(place, "program.js")],
        outfile,
        bundle: true,
        format,
        minify,
        sourcemap: true,
        logLevel: "error",
      });
      step(`esbuild, ${format}${minify ? ", minified" : ""}`, () => {
        expectSaid(run(process.execPath, [outfile]), outfile);
        if (minify) expectSaid(run(process.execPath, ["--enable-source-maps", outfile]), "program.js");
      });
    }
  }
}

function checkVite() {
  const vite = tool("vite", "bin/vite.js");
  if (vite === null) return;
  writeFileSync(
    join(place, "vite.config.js"),
    `export default { logLevel: "error", build: { outDir: "vite", lib: { entry: "program.js", formats: ["es", "cjs"], fileName: "program" } } };
`,
  );
  run(process.execPath, [vite, "build"]);
  for (const file of ["program.js", "program.cjs"])
    expectSaid(run(process.execPath, [join("vite", file)]), join("vite", file));
}

function checkOthers() {
  const [deno, bun] = [tool("deno", "../.bin/deno"), tool("bun", "../.bin/bun")];
  if (deno !== null)
    step("Deno", () => expectSaid(run(deno, ["run", "--allow-all", "--quiet", "program.js"]), "program.js"));
  if (bun !== null) step("Bun", () => expectSaid(run(bun, ["program.js"]), "program.js"));
}

function checkArchives(archives) {
  const publint = tool("publint", "src/cli.js");
  const attw = tool("@arethetypeswrong/cli", "dist/index.js");
  for (const archive of archives) {
    if (publint !== null) {
      const said = run(process.execPath, [publint, "run", archive, "--strict"]);
      if (!said.includes("All good!")) throw new Error(said);
    }
    if (attw !== null) run(process.execPath, [attw, archive, "--profile", "esm-only", "--no-emoji"]);
  }
}

/** The command, as it is installed: a right backprop of one neuron, and one whose σ′ is forgotten. */
function checkCommand() {
  const neuron = (slope) => `export const network = { sizes: [1, 1], activations: "sigmoid", cost: "quadratic" };
export const backward = ({ W1, b1 }, x, t) => ({ delta: { 1: x.map(([u], n) => { const v = 1 / (1 + Math.exp(-W1[0][0] * u - b1[0])); return [(v - t[n][0])${slope}]; }) } });
`;
  writeFileSync(join(place, "right.mjs"), neuron(" * v * (1 - v)"));
  writeFileSync(join(place, "wrong.mjs"), neuron(""));
  if (!run("npx", ["@chainrule/nn", "check", "right.mjs"]).includes("Right"))
    throw new Error("the installed command does not call a right backprop right");
  if (!run("npx", ["chainrule", "check", "wrong.mjs"], place, 1).includes("[A2]"))
    throw new Error("the installed command does not name the slip");
  // What npm init makes today says that files are CommonJS: whoever writes export there must hear what to do.
  mkdirSync(join(place, "common"));
  writeFileSync(join(place, "common", "package.json"), JSON.stringify({ type: "commonjs" }));
  writeFileSync(join(place, "common", "right.js"), neuron(" * v * (1 - v)"));
  const said = run("npx", ["chainrule", "check", join("common", "right.js")], place, 3);
  if (!said.includes("name it right.mjs"))
    throw new Error(`the installed command does not say why Node refuses a module:\n${said}`);
}

try {
  let archives;
  step("npm pack, pnpm pack", () => (archives = pack()));
  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  for (const name of ["program.js", "program.ts"]) copyFileSync(join(root, ".ci/packages", name), join(place, name));
  step("npm install", () => run("npm", ["install", "--no-audit", "--no-fund", "--silent", ...archives]));
  step("tools", installTools);
  step("Node, import, require, worker", checkNode);
  step("the command", checkCommand);
  await checkEsbuild();
  step("Vite", checkVite);
  checkOthers();
  step("TypeScript 5.9 and 7", checkTypes);
  step("publint, are-the-types-wrong", () => checkArchives(archives));
  const rest = skipped.length === 0 ? "nothing skipped" : `skipped, not installed: ${skipped.join(", ")}`;
  console.log(`both packages install from their archives and run without a build step of the user's (${rest})`);
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** Installs both packages as a user gets them, packed and outside the workspace, and computes a gradient in plain JavaScript. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "chainrule-packages-"));
const run = (command, args, cwd) => {
  try {
    return execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  } catch (error) {
    console.error(error.stdout);
    throw error;
  }
};

try {
  for (const name of ["autograd", "nn"]) run("npx", ["pnpm@10", "-C", join("packages", name), "pack", "--pack-destination", place], root);
  const archives = readdirSync(place).filter((name) => name.endsWith(".tgz")).map((name) => join(place, name));
  writeFileSync(join(place, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
  run("npm", ["install", "--no-audit", "--no-fund", "--silent", ...archives], place);
  writeFileSync(
    join(place, "use.js"),
    `import { compile, exp, grad, ones } from "@chainrule/autograd";
import { assertGradients } from "@chainrule/autograd/check";
import { useBlas } from "@chainrule/autograd/blas";
import { compareBackprop, network } from "@chainrule/nn";
import { sigmoid } from "@chainrule/nn/equations";
const cube = (x) => x.mul(x).mul(x);
assertGradients(cube, [2]);
// Large enough for two threads, whose code is text that a bundler must not have changed.
const compiled = compile((x) => exp(x).sum(), { threads: 2 });
const grown = compiled(ones([300000])).item() / 300000;
const agrees = compareBackprop(network({ sizes: [2, 3, 1] }), { x: [[0.5, -1]], t: [[1]] }).agrees;
// koffi is not installed here, and must not be: it is its user's choice.
const { found, reasons } = await useBlas();
console.log(grad(cube)(2).item(), Math.abs(grown - Math.E) < 1e-12, compiled.explain().kernels[0].threads, agrees, sigmoid(0), found, reasons[0].startsWith("koffi is not installed"));
`,
  );
  // The declarations must stand on their own, in the strictest setting, without the sources beside them.
  writeFileSync(
    join(place, "use.ts"),
    `import { grad, tensor, type Tensor } from "@chainrule/autograd";
import { network } from "@chainrule/nn";
const product: Tensor<[2, 1]> = tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]]));
const weights: Tensor<[3, 2]> = network({ sizes: [2, 3, 1] }).parameters.W1;
const slope: Tensor<[]> = grad((x: Tensor<[]>) => x.mul(x))(3);
export const used = [product, weights, slope];
`,
  );
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [compiler, "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,dom", "use.ts"], place);
  const said = run(process.execPath, ["use.js"], place).trim();
  const right = "12 true 2 true 0.5 false true";
  if (said !== right) throw new Error(`the packed packages say "${said}" where "${right}" is right`);
  // The command, as it is installed: a right backprop of one neuron, and one whose σ′ is forgotten.
  const neuron = (slope) => `export const network = { sizes: [1, 1] };
export const backward = ({ W1, b1 }, x, t) => ({ delta: { 1: x.map(([u], n) => { const v = 1 / (1 + Math.exp(-W1[0][0] * u - b1[0])); return [(v - t[n][0])${slope}]; }) } });
`;
  writeFileSync(join(place, "right.mjs"), neuron(" * v * (1 - v)"));
  writeFileSync(join(place, "wrong.mjs"), neuron(""));
  if (!run("npx", ["chainrule", "check", "right.mjs"], place).includes("Right")) throw new Error("the installed command does not call a right backprop right");
  const wrong = spawnSync("npx", ["chainrule", "check", "wrong.mjs"], { cwd: place, encoding: "utf8" });
  if (wrong.status !== 1 || !wrong.stdout.includes("[A2]")) throw new Error(`the installed command exits ${wrong.status} and does not name the slip`);
  // What npm init makes today says that files are CommonJS: whoever writes export there must hear what to do.
  mkdirSync(join(place, "common"));
  writeFileSync(join(place, "common", "package.json"), JSON.stringify({ type: "commonjs" }));
  writeFileSync(join(place, "common", "right.js"), neuron(" * v * (1 - v)"));
  const common = spawnSync("npx", ["chainrule", "check", join("common", "right.js")], { cwd: place, encoding: "utf8" });
  if (common.status !== 3 || !common.stdout.includes("name it right.mjs")) throw new Error(`the installed command exits ${common.status} and does not say why Node refuses a module:\n${common.stdout}`);
  console.log("both packages install from their archives and run without a build step of the user's, the command included");
} finally {
  rmSync(place, { recursive: true, force: true });
}

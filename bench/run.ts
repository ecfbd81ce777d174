/**
 * Runs the benchmarks: every case is proved right before it is timed, and the figures come with the machine that gave
 * them.
 */

import { cpus } from "node:os";
import { consumed, runSuite, type Figure } from "./suite.ts";
import { eager } from "./suites/eager.ts";
import { scalar } from "./suites/scalar.ts";
import { training } from "./suites/training.ts";

const suites = { scalar, eager, training };
const parts = [
  ...Object.keys(suites),
  "compile",
  "straight",
  "loops",
  "entries",
  "memory",
  "matmul",
  "blas",
  "threads",
  "vmap",
  "programs",
  "beside",
  "command",
  "claims",
  "page",
  "peers",
];
const help = `usage: pnpm bench [part …] [--smoke] [--docs] [--python=path] [--against COMMIT]

  part      ${parts.join(", ")}; all where none is named
            compile gives the time of compiling, and of calls of small programs
            straight gives what compiling long straight code takes, stage by stage, and calls of it
            loops gives scan and whileLoop outside of programs, in turns with plain loops
            entries gives ops on entries in plain loops and in blocks of vectors
            memory gives what new memory costs a large operation
            matmul gives matrix products as a share of what the machine's vectors can do
            blas gives the same in the BLAS of this machine, in turns with ours
            threads runs compiled programs on one thread and on several, in turns
            vmap gives a batch at once, in turns with a loop over its examples or seeds
            programs gives what people bring to such a library, compiled, eager, and in JAX and PyTorch, in turns
            beside gives operations in turns with plain loops that do the same
            command starts chainrule check as it is installed, in turns with node -e 0
            claims asks other libraries what README says of them
            page times the playground in a browser: the first verdict, verdicts after a key, a derivation, a fit that follows
            peers does the same work with other libraries, in turns with ours
  --against COMMIT
            the same cases with the packages of another commit, in turns with those of this checkout, and the ratios
            (of scalar, eager, training, compiled and operations)
  --smoke   validate everything, time next to nothing: shows that the benchmarks run
  --docs    put the table of peers into docs/benchmarks.md
  --python  where to look for PyTorch and JAX: python3 where nothing is said`;

const options = process.argv.slice(2).filter((word) => word.startsWith("--"));
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const python = options.find((word) => word.startsWith("--python="));
const unknown = [
  ...options.filter((word) => !["--smoke", "--docs", "--help", python].includes(word)),
  ...names.filter((name) => !parts.includes(name)),
];

function time(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toPrecision(3)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toPrecision(3)} µs`;
  return `${(nanoseconds / 1e6).toPrecision(3)} ms`;
}

function line({ name, unit, nanoseconds, margin, reach }: Figure): string {
  const goal = reach === null ? "" : `  ${nanoseconds <= reach ? "within" : "ABOVE"} ${time(reach)}`;
  return `  ${name}\n      ${time(nanoseconds)} a ${unit} ± ${margin.toFixed(1)} %${goal}`;
}

if (options.includes("--help")) {
  console.log(help);
} else if (unknown.length > 0) {
  console.error(`bench: there is no ${unknown.join(", ")}\n\n${help}`);
  process.exitCode = 64;
} else {
  const smoke = options.includes("--smoke");
  const processors = cpus();
  console.log(
    `Node ${process.version}, V8 ${process.versions.v8}, ${processors.length} × ${processors[0]?.model ?? "unknown processor"}\n`,
  );
  const figures: Figure[] = [];
  for (const [name, cases] of Object.entries(suites)) {
    if (names.length === 0 || names.includes(name)) figures.push(...(await runSuite(name, cases, smoke)));
  }
  if (figures.length > 0 && consumed() === undefined) throw new Error("bench: nothing was computed");
  if (names.length === 0 || names.includes("compile"))
    figures.push(...(await import("./suites/compile.ts")).timeCompile(smoke));
  if (names.length === 0 || names.includes("command"))
    figures.push(...(await import("./suites/command.ts")).timeCommand(smoke));
  if (figures.length > 0)
    console.log(
      smoke
        ? `\n${figures.length} benchmarks validated and run once; the times of a smoke run say nothing.`
        : `\nMedian times\n${figures.map(line).join("\n")}`,
    );
  if (names.length === 0 || names.includes("straight")) (await import("./suites/straight.ts")).runStraight(smoke);
  if (names.length === 0 || names.includes("entries")) (await import("./suites/entries.ts")).runEntries(smoke);
  if (names.length === 0 || names.includes("memory")) (await import("./suites/memory.ts")).runMemory(smoke);
  if (names.length === 0 || names.includes("matmul")) (await import("./suites/matmul.ts")).runMatmul(smoke);
  if (names.length === 0 || names.includes("loops")) (await import("./suites/loops.ts")).runLoops(smoke);
  if (names.length === 0 || names.includes("blas")) await (await import("./suites/blas.ts")).runBlas(smoke);
  if (names.length === 0 || names.includes("threads")) await (await import("./suites/threads.ts")).runThreads(smoke);
  if (names.length === 0 || names.includes("vmap")) await (await import("./suites/vmap.ts")).runVmap(smoke);
  if (names.length === 0 || names.includes("programs"))
    await (await import("./suites/programs.ts")).runPrograms(smoke, python?.slice("--python=".length) ?? "python3");
  if (names.length === 0 || names.includes("beside")) await (await import("./suites/beside.ts")).runBeside(smoke);
  if (names.length === 0 || names.includes("claims")) await (await import("./suites/claims.ts")).runClaims(smoke);
  if (names.length === 0 || names.includes("page")) await (await import("./suites/page.ts")).runPage(smoke);
  if (names.length === 0 || names.includes("peers")) {
    // Loaded here, so that no suite is timed beside the peers' memory.
    const { runPeers } = await import("./peers/peers.ts");
    await runPeers({ smoke, docs: options.includes("--docs"), python: python?.slice("--python=".length) ?? "python3" });
  }
}

/** The comparison with peers: the same work by each, validated, then timed in turns. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { startLibraries, type Library } from "./libraries.ts";
import { limits } from "./limits.ts";
import { consumed, contestant, race, warmUp, type Contestant, type Plan } from "./measure.ts";
import { startPython, type PythonPeer } from "./python.ts";
import { headText, markdown, workText } from "./report.ts";
import { machine, type Problem, type Results, type WorkResult } from "./results.ts";
import { toleranceOf, validate, type Values, type Work } from "./work.ts";
import { works } from "./works/all.ts";

const full: Plan = {
  roundMilliseconds: 20,
  warmUpMilliseconds: 400,
  pauseMilliseconds: 5,
  budgetMilliseconds: 12_000,
  fewestRounds: 7,
  mostRounds: 41,
};
const brief: Plan = {
  roundMilliseconds: 0,
  warmUpMilliseconds: 0,
  pauseMilliseconds: 0,
  budgetMilliseconds: 0,
  fewestRounds: 1,
  mostRounds: 1,
};

const documentation = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const [BEGIN, END] = ["<!-- peers: begin -->", "<!-- peers: end -->"];

/** What to do. */
export interface PeersOptions {
  /** Small works, once each. */
  readonly smoke: boolean;
  /** Whether to put the table into the documentation. */
  readonly docs: boolean;
  /** Which Python to look for PyTorch and JAX in. */
  readonly python: string;
}

/** Everybody who can do the work, in the order of the columns. */
async function invite(
  work: Work,
  libraries: readonly Library[],
  pythons: readonly PythonPeer[],
): Promise<(Contestant | Problem)[]> {
  const invited: (Contestant | Problem)[] = [];
  const attempt = async (name: string, threads: number, ready: () => Promise<Contestant>): Promise<void> => {
    invited.push(await ready().catch((error: unknown) => ({ name, threads, problem: (error as Error).message })));
  };
  for (const { name, start } of work.runners) {
    const threads = work.oneThread === true ? 1 : (libraries.find((library) => library.name === name)?.threads ?? 1);
    await attempt(name, threads, async () => contestant(name, threads, await start()));
  }
  for (const peer of pythons) {
    if (work.oneThread === true && peer.library.threads > 1) continue;
    await attempt(peer.library.name, peer.library.threads, () => peer.load(work));
  }
  return invited;
}

/**
 * A validation that accepts everything would say nothing: the right values with one number moved, or NaN, must be
 * refused.
 */
function plantFaults(work: Work, expected: Values): void {
  const plain: Work = { ...work, compared: (given) => given };
  const refused = (given: Values): boolean => {
    try {
      validate(plain, expected, given);
      return false;
    } catch {
      return true;
    }
  };
  for (const [name, right] of Object.entries(expected)) {
    const largest = Array.from(right).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const fault of [2 * toleranceOf(work, name) * largest, NaN]) {
      const wrong = Array.from(right);
      wrong[wrong.length - 1]! += fault;
      if (!refused({ ...expected, [name]: wrong }))
        throw new Error(`peers: ${work.id}: a wrong ${name} passes for right`);
    }
  }
}

async function measure(
  work: Work,
  plan: Plan,
  libraries: readonly Library[],
  pythons: readonly PythonPeer[],
): Promise<WorkResult> {
  const expected = work.expected();
  plantFaults(work, expected);
  const entered: { contestant: Contestant; times: number }[] = [];
  const problems: Problem[] = [];
  for (const one of await invite(work, libraries, pythons)) {
    if ("problem" in one) {
      problems.push(one);
      continue;
    }
    try {
      validate(work, expected, await one.values());
      entered.push({ contestant: one, times: await warmUp(one, plan) });
    } catch (error) {
      problems.push({ name: one.name, threads: one.threads, problem: (error as Error).message });
    }
  }
  const first = work.runners[0]!.name;
  if (entered[0]?.contestant.name !== first) {
    throw new Error(
      `peers: ${work.id}: ${first} does not do it right: ${problems.find(({ name }) => name === first)?.problem ?? "it is not there"}`,
    );
  }
  return {
    id: work.id,
    title: work.title,
    operations: work.operations ?? null,
    ...(await race(entered, plan)),
    problems,
  };
}

function writeResults(results: Results): string {
  const folder = new URL("../results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`peers-${process.versions.node.split(".")[0]!}.json`, folder);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return fileURLToPath(file);
}

function writeTable(table: string): void {
  const text = readFileSync(documentation, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`peers: ${documentation} has no ${BEGIN} … ${END}`);
  writeFileSync(documentation, `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`);
}

/** Runs all works and prints what came of them; of a smoke run nothing is written, and a peer's failure is an error. */
export async function runPeers({ smoke, docs, python }: PeersOptions): Promise<void> {
  const here = machine();
  const { peers: pythons, absent } = await startPython(python);
  try {
    const inside = await startLibraries();
    const libraries = [...inside, ...pythons.map(({ library }) => library)];
    const measuredLimits = limits.map((limit) => limit());
    console.log(headText(libraries, absent, measuredLimits));
    const done: WorkResult[] = [];
    for (const make of works(smoke)) {
      const result = await measure(make(), smoke ? brief : full, libraries, pythons);
      console.log(workText(result));
      done.push(result);
    }
    if (consumed() === undefined) throw new Error("peers: nothing was computed");
    const results: Results = {
      date: new Date().toISOString().slice(0, 10),
      machine: here,
      loadAfter: loadavg()[0]!,
      limits: measuredLimits,
      libraries,
      absent,
      works: done,
    };
    const table = markdown(results);
    if (smoke) {
      const problems = done.flatMap(({ id, problems: all }) =>
        all.map(({ name, problem }) => `${id}: ${name}: ${problem}`),
      );
      if (problems.length > 0) throw new Error(`peers: ${problems.join("; ")}`);
      console.log(`\n${done.length} works validated and done once; the times of a smoke run say nothing.`);
      return;
    }
    console.log(`\nwritten: ${writeResults(results)}`);
    if (docs) writeTable(table);
  } finally {
    for (const peer of pythons) await peer.stop();
  }
}

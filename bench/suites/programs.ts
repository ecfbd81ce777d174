/**
 * Programs that people bring, each with its derivatives: proved right, then compiled, and called in turns with the
 * same uncompiled and in JAX and PyTorch.
 */

import { compile } from "@chainrule/autograd";
import { showTime } from "../interleave.ts";
import { consumed, contestant, race, spread, warmUp, type Contestant, type Plan } from "../peers/measure.ts";
import { startPython, type PythonPeer } from "../peers/python.ts";
import type { Field, Values } from "../peers/work.ts";
import { programs } from "../programs/all.ts";
import { LIMIT, limitOf } from "../programs/limit.ts";
import type { Named, Program } from "../programs/program.ts";
import { expectSameBits, expectSlopes, expectValues, numbersOf } from "../programs/proof.ts";

const full: Plan = {
  roundMilliseconds: 5,
  warmUpMilliseconds: 200,
  pauseMilliseconds: 1,
  budgetMilliseconds: 1500,
  fewestRounds: 7,
  mostRounds: 41,
};
/** So often a program is compiled anew. */
const COMPILATIONS = 5;

/** One program that is proved right, and everybody who does it. */
interface Ready {
  readonly program: Program;
  /** Ops in its trace. */
  readonly operations: number;
  /** How long each compilation took, with the first call. */
  readonly compiling: readonly number[];
  /** Compiled, eager, and peers by the name of their column. */
  readonly contestants: ReadonlyMap<string, Contestant>;
}

function contestantOf(name: string, run: () => Named): Contestant {
  let results: Named = {};
  const once = (): void => {
    results = run();
  };
  return contestant(name, 1, { once, values: () => numbersOf(results) });
}

/** A new program, and the time that it takes with its first call. */
function compiledOf({ parameters, data, run }: Program): {
  readonly call: () => Named;
  readonly first: Named;
  readonly milliseconds: number;
  readonly operations: () => number;
} {
  const start = performance.now();
  const compiled = compile(((p: Named, d: Named) => run(p, d)) as never, { threads: 1 });
  const call = (): Named => (compiled as unknown as Program["run"])(parameters, data);
  const first = call();
  const milliseconds = performance.now() - start;
  const operations = (): number => compiled.explain().stages.find(({ name }) => name === "trace")!.size;
  return { call, first, milliseconds, operations };
}

const fieldsOf = (tensors: Named): Readonly<Record<string, Field>> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => [
      name,
      { shape: x.shape, numbers: Float64Array.from(x.toTypedArray()) },
    ]),
  );

/** A library's own version of the program; its results must be ours. */
async function peerOf(peer: PythonPeer, program: Program, expected: Values): Promise<Contestant> {
  const { id, parameters, data } = program;
  const one = await peer.load({ id, data: fieldsOf({ ...parameters, ...data }), settings: {} });
  expectValues(program, expected, await one.values());
  return one;
}

/** Proves a program right in all its forms. */
async function prepare(program: Program, peers: readonly PythonPeer[], compilations: number): Promise<Ready> {
  const { parameters, data, run, expected } = program;
  const results = numbersOf(run(parameters, data));
  expectSlopes(program, results);
  if (expected !== undefined) expectValues(program, expected(), results);
  const made = Array.from({ length: compilations }, () => compiledOf(program));
  const { call, first, operations } = made[0]!;
  expectSameBits(program, numbersOf(first), results);
  expectSameBits(program, numbersOf(call()), results);
  const contestants = new Map([
    ["compiled", contestantOf("compiled", call)],
    ["eager", contestantOf("eager", () => run(parameters, data))],
  ]);
  const limit = limitOf(program);
  if (limit !== null) contestants.set(LIMIT, limit);
  for (const peer of peers) {
    const { name } = peer.library;
    try {
      contestants.set(name, await peerOf(peer, program, results));
    } catch (error) {
      throw new Error(`${program.name}: ${name} does not give the same: ${(error as Error).message}`, { cause: error });
    }
  }
  return { program, operations: operations(), compiling: made.map(({ milliseconds }) => milliseconds), contestants };
}

const showRatio = (ratio: number): string => (ratio < 999.5 ? ratio.toPrecision(3) : ratio.toFixed(0));

/** Times a program; a row of the table. */
async function timed(
  { program, operations, compiling, contestants }: Ready,
  columns: readonly string[],
): Promise<string> {
  const entered: { contestant: Contestant; times: number }[] = [];
  for (const one of contestants.values()) entered.push({ contestant: one, times: await warmUp(one, full) });
  const { measured } = await race(entered, full);
  const cells = columns.map((column) => {
    const one = measured[[...contestants.keys()].indexOf(column)];
    if (one === undefined) return "–";
    const { milliseconds, ratio } = one;
    const time = showTime(milliseconds.median);
    return column === "compiled" ? time : `${time}, ${showRatio(ratio.median)}`;
  });
  return `| ${[program.name, operations, showTime(spread(compiling).median), ...cells].join(" | ")} |`;
}

/** Validates all programs, and prints a table of their times. */
export async function runPrograms(smoke: boolean, python: string): Promise<void> {
  const { peers, absent } = await startPython(python, { script: "../programs/reference.py", most: 1 });
  try {
    for (const line of absent) console.log(line);
    if (smoke) {
      for (const program of programs) await prepare(program, peers, 1);
      console.log(`${programs.length} programs validated; the times of a smoke run say nothing.`);
      return;
    }
    console.log(
      `\n${programs.length} programs with their derivatives, float64, one thread: ops of the trace, in which a scan is one; the median of ${COMPILATIONS} compilations with the first call; a call, and its time by that of a compiled one of the same round; the limit of 128-bit vectors for products and functions alone\n`,
    );
    const columns = ["compiled", "eager", ...peers.map(({ library }) => library.name), LIMIT];
    const heads = columns.map((column) => {
      if (column === LIMIT) return LIMIT;
      const version = peers.find(({ library }) => library.name === column)?.library.version;
      return version === undefined ? `${column} call` : `${column} ${version}`;
    });
    console.log(`| ${["program", "operations", "compile", ...heads].join(" | ")} |`);
    console.log(`|${"---|".repeat(3 + heads.length)}`);
    for (const program of programs) console.log(await timed(await prepare(program, peers, COMPILATIONS), columns));
    if (consumed() === undefined) throw new Error("bench: nothing was computed");
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}

/** The figures as text for a terminal of 80 columns and as a table for the documentation. */

import type { Library } from "./libraries.ts";
import type { Limit } from "./limits.ts";
import type { Measured, Spread } from "./measure.ts";
import type { Results, WorkResult } from "./results.ts";

function time(milliseconds: number): string {
  if (milliseconds < 1) return `${(milliseconds * 1e3).toPrecision(3)} µs`;
  return milliseconds < 1e3 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1e3).toPrecision(3)} s`;
}

function ratio(times: number): string {
  if (times >= 100) return times.toFixed(0);
  if (times >= 10) return times.toFixed(1);
  return times >= 1 ? times.toFixed(2) : times.toPrecision(2);
}

function between({ lower, upper }: Spread): string {
  return `${ratio(lower)}–${ratio(upper)}`;
}

function gigaflops(operations: number, milliseconds: number): string {
  return `${(operations / milliseconds / 1e6).toPrecision(3)} GFLOP/s`;
}

function threads(count: number): string {
  return count === 1 ? "1 thread" : `${count} threads`;
}

/** Breaks text at spaces into lines of at most 80 columns, those after the first indented. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S)(?= )/)) {
    if (line.length + word.length > 80) {
      lines.push(line);
      line = indent + word.trimStart();
    } else line += word;
  }
  return [...lines, line].join("\n");
}

/** Who takes part, where, and who does not. */
export function headText(libraries: readonly Library[], absent: readonly string[], limits: readonly Limit[]): string {
  return [
    ...libraries.map(
      ({ name, version, engine, threads: count }) =>
        `  ${`${name} ${version}`.padEnd(24)} ${engine.padEnd(12)} ${threads(count)}`,
    ),
    ...absent.map((line) => wrap(`  ${line}`, "    ")),
    ...limits.map(
      ({ name, gigaflops: speed, threads: count }) =>
        `  limit: ${name}, ${threads(count)}: ${speed.toPrecision(3)} GFLOP/s`,
    ),
    "The ratio is the peer's time by chainrule's, round by round: median and quartiles.",
    "Above 1 chainrule is faster.",
  ].join("\n");
}

/** One work, a line for each contestant. */
export function workText({ title, operations, measured, problems }: WorkResult): string {
  const who = (name: string, count: number): string =>
    `  ${(count === 1 ? name : `${name}, ${threads(count)}`).padEnd(20)}`;
  const line = ({ name, threads: count, milliseconds, ratio: compared }: Measured, k: number): string => {
    const speed = operations === null ? "" : gigaflops(operations, milliseconds.median).padStart(17);
    const against = k === 0 ? "" : `${ratio(compared.median).padStart(10)}  (${between(compared)})`;
    return `${who(name, count)}${time(milliseconds.median).padStart(10)}${speed}${against}`;
  };
  const troubles = problems.map(({ name, threads: count, problem }) =>
    wrap(`${who(name, count)} not timed: ${problem}`, "      "),
  );
  return [`\n${wrap(title, "  ")}`, ...measured.map(line), ...troubles].join("\n");
}

/** The works down, the contestants across; each cell a ratio and its quartiles. */
export function markdown({
  date,
  machine: { processor, cores, node, load },
  loadAfter,
  limits,
  libraries,
  absent,
  works,
}: Results): string {
  const shares = works.map(({ coreShare }) => coreShare);
  const columns = libraries.map(({ name, threads: count }) => ({ name, threads: count }));
  const row = ({ title, operations, measured, problems }: WorkResult): string => {
    const cells = columns.map((column, k) => {
      // A library that stands in one column only does works of one thread in it as well.
      const alone = columns.filter(({ name }) => name === column.name).length === 1;
      const is = (one: { readonly name: string; readonly threads: number }): boolean =>
        one.name === column.name && (alone || one.threads === column.threads);
      const found = measured.find(is);
      if (found === undefined) return problems.some(is) ? "fails" : "–";
      const { milliseconds, ratio: compared } = found;
      if (k > 0) return `${ratio(compared.median)} (${between(compared)})`;
      return operations === null
        ? time(milliseconds.median)
        : `${time(milliseconds.median)}, ${gigaflops(operations, milliseconds.median)}`;
    });
    return `| ${title} | ${cells.join(" | ")} |`;
  };
  const heads = libraries.map(
    ({ name, version, engine, threads: count }) => `${name} ${version}, ${engine}, ${threads(count)}`,
  );
  const failures = works.flatMap(({ title, problems }) =>
    problems.map(({ name, threads: count, problem }) => `- ${name}, ${threads(count)}, ${title}: ${problem}`),
  );
  return [
    `Node ${node}, ${cores} × ${processor}, ${date}. Load ${load.toFixed(1)} before the run and ${loadAfter.toFixed(1)} at its end (quiet: 0 and 1 to 2); chainrule had a`,
    `core for ${Math.round(100 * Math.min(...shares))} to ${Math.round(100 * Math.max(...shares))} % of its time (quiet: 100 or more, with the garbage collector's threads).`,
    ...limits.map(
      ({ name, gigaflops: speed, threads: count }) =>
        `Limit of the machine, ${name}, ${threads(count)}: ${speed.toPrecision(3)} GFLOP/s.`,
    ),
    "",
    `| work | ${heads.join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    ...works.map(row),
    ...(failures.length === 0 ? [] : ["", ...failures]),
    ...(absent.length === 0 ? [] : ["", ...absent.map((line) => `- ${line}`)]),
  ].join("\n");
}

/**
 * A program with all that it has started: a group of processes that has limits of computing and of memory, and ends as
 * one, with us at the latest.
 */

import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * So much longer than its limit a process may take that computes little: one that waits for something that never comes.
 */
const PATIENCE = 10;
/** How often memory is looked at, in milliseconds. */
const LOOK = 100;

/** Holds what a program may take. */
export interface Bounds {
  /** How long a request may compute, in milliseconds: of its own time where the system tells it. */
  readonly milliseconds: number;
  /** Memory in MiB, where the system tells it. */
  readonly memory: number;
}

/** Rings once a program is beyond its bounds; gives what stops that. */
export type Watch = (child: ChildProcess, bounds: Bounds, ring: (what: "time" | "memory") => void) => () => void;

const running = new Set<ChildProcess>();
const deadly = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const endAll = (): void => running.forEach(endGroup);

/** Ctrl-C reaches us alone: what runs in groups of its own is ended, then we are as if nobody had listened. */
function struck(signal: NodeJS.Signals): void {
  endAll();
  listen(false);
  process.kill(process.pid, signal);
}

function listen(on: boolean): void {
  const act = on ? "on" : "off";
  process[act]("exit", endAll);
  for (const signal of deadly) process[act](signal, struck);
}

/** Takes note of a program that was started with `detached` where the system has groups: it ends with us. */
export function tied(child: ChildProcess): void {
  if (running.size === 0) listen(true);
  running.add(child);
}

/** Ends a program and whatever it has started. What it started may go on when itself is over. */
export function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (running.delete(child) && running.size === 0) listen(false);
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The time that a process has computed, in milliseconds; `null` where the system does not tell. */
function computed(pid: number): number | null {
  try {
    const [, ...fields] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const [user, system] = fields.join(") ").split(" ").slice(11, 13).map(Number) as [number, number];
    return 10 * (user + system);
  } catch {
    return null;
  }
}

/** The memory that a process holds, in MiB; 0 where the system does not tell. */
function held(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Rings once the process has computed for so many milliseconds, or has long waited, or holds too much. A loaded machine
 * is not the person's loop: its own time counts, where the system tells it.
 */
export const limited: Watch = ({ pid }, { milliseconds, memory }, ring) => {
  const [started, before] = [Date.now(), computed(pid!) ?? 0];
  const look = (): void => {
    if (held(pid!) > memory) return ring("memory");
    const [own, passed] = [computed(pid!), Date.now() - started];
    const left =
      own === null ? milliseconds - passed : Math.min(milliseconds - (own - before), PATIENCE * milliseconds - passed);
    if (left <= 0) return ring("time");
    timer = setTimeout(look, Math.min(Math.max(left, 20), LOOK));
  };
  let timer = setTimeout(look, Math.min(milliseconds, LOOK));
  return () => clearTimeout(timer);
};

/** A program with all that it has started: a group of processes that has a limit of computing, and ends as one. */

import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** So much longer than its limit a process may take that computes little: one that waits for something that never comes. */
const PATIENCE = 10;

/** Ends a program that was started with `detached` where the system has groups, and whatever it has started. */
export function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
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

/**
 * Rings once the process has computed for so many milliseconds, or has long waited; gives what stops that. A loaded machine is not
 * the person's loop: its own time counts, where the system tells it.
 */
export function limited({ pid }: ChildProcess, milliseconds: number, ring: () => void): () => void {
  const [started, before] = [Date.now(), computed(pid!) ?? 0];
  const look = (): void => {
    const [own, passed] = [computed(pid!), Date.now() - started];
    const left = own === null ? milliseconds - passed : Math.min(milliseconds - (own - before), PATIENCE * milliseconds - passed);
    if (left > 0) timer = setTimeout(look, Math.max(left, 20));
    else ring();
  };
  let timer = setTimeout(look, milliseconds);
  return () => clearTimeout(timer);
}

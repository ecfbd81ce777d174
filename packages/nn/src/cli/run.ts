/** Runs a job in a worker with a limit on its time: whatever user code does there, this side answers. */

import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { serve } from "./bridge.ts";
import { faultOf } from "./faults.ts";
import type { Answer, Job, Phase } from "./job.ts";
import { programsFor } from "./programs.ts";
import { findTsx, readsTypes, withoutTypes } from "./typescript.ts";

/**
 * Registers tsx in the worker where it is needed; a loader of the main thread does not reach it. What is JavaScript already is
 * loaded before that: afterwards every file goes by way of tsx's own thread.
 */
const bootstrap = `
const { workerData: { entry, work, tsx } } = require("node:worker_threads");
(async () => {
  if (tsx !== null) {
    if (work.endsWith(".js")) await import(work);
    require(tsx.common).register();
    (await import(tsx.module)).register();
  }
  await import(entry);
})();
`;

/** From a clone the sources run as they are; published they are JavaScript, and this is part of a chunk in the folder beside. */
const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
const entry = new URL(`../cli/worker.${ending}`, import.meta.url);
/** All that the worker does; it does nothing until it is asked. */
const work = new URL(`../cli/work.${ending}`, import.meta.url);

const fileOf = (job: Job): string | null => (job.kind === "check" ? job.file : null);

const isTypeScript = (path: string | null): boolean => path !== null && /\.[cm]?ts$/.test(path);

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/**
 * Gives what a job gives; the person's code has so many milliseconds. With `job.reference` it judges one file against another: neither
 * shares a process with the judge, nor with the other.
 */
export type Run = (job: Job, milliseconds: number) => Promise<Answer>;

/** A clock: calls back once, after so many milliseconds, unless what it gives is called before. */
export type Clock = (ring: () => void, milliseconds: number) => () => void;

const clockOfTheMachine: Clock = (ring, milliseconds) => {
  const timer = setTimeout(ring, milliseconds);
  return () => clearTimeout(timer);
};

/** True for a file that a program of its own runs. */
const runsElsewhere = (file: string | null): boolean => file !== null && /\.(?:py|ipynb|m)$/i.test(file);

/** What the job gives in a worker. */
export function run(job: Job, milliseconds: number, clock = clockOfTheMachine): Promise<Answer> {
  const file = fileOf(job);
  const needsTsx = !readsTypes() && (isTypeScript(file) || isTypeScript(entry.pathname));
  const tsx = needsTsx ? findTsx([...(file === null ? [] : [file]), fileURLToPath(import.meta.url)]) : null;
  if (needsTsx && tsx === null) return Promise.resolve({ kind: "fault", fault: faultOf(withoutTypes(), file) });

  const limits = { milliseconds, tell: (text: string) => void process.stderr.write(text) };
  return new Promise((resolve) => {
    const programs = job.kind === "check" && runsElsewhere(file) ? programsFor(file!, { ...limits, python: job.python, pass: job.pass, cell: job.cell }) : null;
    // A program has a limit of its own: while it runs, ours does not.
    const served = programs === null ? null : serve(programs.handlers, (busy) => {
      stop();
      if (!busy) stop = limited();
    });
    // What user code prints goes to stderr: stdout belongs to the report.
    const worker = new Worker(bootstrap, { eval: true, workerData: { job, entry: entry.href, work: work.href, tsx, bridge: served?.end ?? null }, transferList: served === null ? [] : [...served.transfer], stdout: true, stderr: true });
    let phase: Phase["doing"] | "start" = "start";
    const fault = (message: string, advice: string): Answer => ({ kind: "fault", fault: { message, advice, file, line: null, column: null } });
    const finish = (answer: Answer): void => {
      stop();
      served?.close();
      programs?.end();
      resolve(answer);
      void worker.terminate();
    };
    const limited = (): (() => void) => clock(() => {
      const what = file === null ? "the check" : { start: "the file", load: "the file", check: "backward", kernel: "the kernel", graph: "the graph" }[phase];
      finish(fault(`${what} did not finish within ${seconds(milliseconds)}`, "look for a loop without an end, or give it more time with --timeout SECONDS"));
    }, milliseconds);
    let stop = limited();
    worker.stdout.pipe(process.stderr, { end: false });
    worker.stderr.pipe(process.stderr, { end: false });
    worker.on("message", (message: Answer | Phase) => {
      if (message.kind === "phase") phase = message.doing;
      else finish(message);
    });
    worker.on("error", (thrown: unknown) => {
      const { code } = thrown as { readonly code?: string };
      if (code === "ERR_WORKER_OUT_OF_MEMORY") finish(fault("it ran out of memory", "look for an array that grows in a loop"));
      else if (phase === "start") finish({ kind: "internal", message: "the worker did not start", stack: thrown instanceof Error ? thrown.stack ?? "" : String(thrown) });
      else finish({ kind: "fault", fault: faultOf(thrown, file) });
    });
    worker.on("exit", (code) => finish(fault(`it ended the process itself: process.exit(${code})`, "return the numbers, or throw an error")));
  });
}

#!/usr/bin/env node
/** The command as it is installed: the program, and the judge in its thread, out of what was compiled before. */

import { extname, join } from "node:path";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { Compiled } from "./compiled.ts";
import type { Answer, Job } from "./job.ts";

const files = new Compiled();

const load = (name: string): object => files.load(join(import.meta.dirname, name));

/** What a run compiles depends on what is read, and on whether there is something to explain. */
const keep = (command: string, file: string, outcome: string): void =>
  files.keep(`${command} ${extname(file)} ${outcome}`);

if (isMainThread) {
  const [, , command = "", ...words] = process.argv;
  // Everything is said then, and only what was judged is worth it.
  process.on("exit", (status) => {
    if (status <= 1) keep(command, words.find((word) => extname(word) !== "") ?? "", `exit ${status}`);
  });
  load("main.cjs");
} else {
  const { job } = workerData as { readonly job: Job };
  const { answer } = load("worker.cjs") as { readonly answer: Promise<Answer> };
  void answer.then((given) => {
    if (job.kind === "check" && given.kind === "report") keep("judge", job.file ?? "", given.report.verdict);
    parentPort!.postMessage(given);
  });
}

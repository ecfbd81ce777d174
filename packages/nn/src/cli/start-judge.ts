/** The judge's thread as it is installed, out of what an earlier run has compiled. */

import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { Compiled, kindOf } from "./compiled.ts";
import type { Answer, Job } from "./job.ts";

const files = new Compiled();
const { job } = workerData as { readonly job: Job };
const { answer } = files.load(join(import.meta.dirname, "worker.cjs")) as { readonly answer: Promise<Answer> };

void answer.then((given) => {
  // The thread is ended once it has answered.
  if (job.kind === "check" && given.kind === "report")
    files.keep(kindOf("judge", job.file ?? "", given.report.verdict));
  parentPort!.postMessage(given);
});

/**
 * Judges a person's code: the judge is in a thread that waits for answers, while this side minds the processes that
 * give them.
 */

import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Watch } from "../handcheck/intake/sources/process/group.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { serve } from "./bridge.ts";
import { faultSaying, faultOf } from "./faults.ts";
import type { Answer, CheckJob } from "./job.ts";
import { programsFor } from "./programs.ts";
import { findTsx, readsTypes, withoutTypes } from "./typescript.ts";

/** A thread has none of the loaders of ours: from a clone the sources need tsx where Node reads no types. */
const bootstrap = `
const { parentPort, workerData: { entry, tsx } } = require("node:worker_threads");
(async () => {
  if (tsx !== null) (await import(tsx)).register();
  parentPort.postMessage(await (await import(entry)).answer);
})();
`;

/** From a clone the sources run as they are; published this is part of a chunk in the folder beside. */
const isSource = import.meta.url.endsWith(".ts");
const entry = new URL(`../cli/${isSource ? "worker.ts" : "start-judge.cjs"}`, import.meta.url);

/** The judge's answer about a program. */
export function judged(job: CheckJob, milliseconds: number, watch: Watch | undefined): Promise<Answer> {
  const tsx = isSource && !readsTypes() ? findTsx([fileURLToPath(import.meta.url)]) : null;
  if (isSource && !readsTypes() && tsx === null)
    return Promise.resolve({ kind: "fault", fault: faultOf(withoutTypes(), job.file) });
  // What the person's code prints goes to stderr: stdout belongs to the report.
  const programs = programsFor(job, {
    milliseconds,
    memory: job.memory,
    tell: (text) => void process.stderr.write(text),
    ...(watch === undefined ? {} : { watch }),
  });
  const served = serve(programs.handlers);
  return new Promise((resolve) => {
    const worker = new Worker(isSource ? bootstrap : entry, {
      eval: isSource,
      workerData: { job, entry: entry.href, tsx: tsx?.module ?? null, bridge: served.end },
      transferList: [...served.transfer],
    });
    const finish = (answer: Answer): void => {
      served.close();
      void worker.terminate();
      void programs.stop().then(() => resolve(answer));
    };
    worker.on("message", finish);
    worker.on("error", (thrown: unknown) => {
      const { code } = thrown as { readonly code?: string };
      if (code === "ERR_WORKER_OUT_OF_MEMORY")
        finish({
          kind: "fault",
          fault: faultSaying(exportErrors.noMemory, exportErrors.growingArray, job.file, null),
        });
      else
        finish({
          kind: "internal",
          message: "the judge did not start",
          stack: thrown instanceof Error ? (thrown.stack ?? "") : String(thrown),
        });
    });
  });
}

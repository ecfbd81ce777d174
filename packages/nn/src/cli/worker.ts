/** The worker's side: loads what was handed in, checks or derives, and answers with plain values. */

import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Job, Phase } from "./job.ts";
import { FaultError, faultOf, messageOf, UsageFault } from "./faults.ts";
import { answerOf } from "./work.ts";

const { job } = workerData as { readonly job: Job };
const say = (message: Answer | Phase): void => parentPort!.postMessage(message);

say(
  await answerOf(job, (doing) => say({ kind: "phase", doing })).catch((thrown: unknown): Answer => {
    if (thrown instanceof UsageFault) return { kind: "usage", message: thrown.message, advice: thrown.advice };
    if (thrown instanceof FaultError) return { kind: "fault", fault: faultOf(thrown, job.kind === "check" ? job.file : null) };
    return { kind: "internal", message: messageOf(thrown), stack: thrown instanceof Error ? thrown.stack ?? "" : "" };
  }),
);

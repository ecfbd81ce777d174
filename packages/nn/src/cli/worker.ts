/** The worker's side: does the job that was handed in, and answers with plain values. */

import { parentPort, workerData } from "node:worker_threads";
import type { Answer, Job, Phase } from "./job.ts";
import { answerOf } from "./work.ts";

const { job } = workerData as { readonly job: Job };
const say = (message: Answer | Phase): void => parentPort!.postMessage(message);

say(await answerOf(job, (doing) => say({ kind: "phase", doing })));

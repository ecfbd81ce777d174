/** The judge's thread: does the job that was handed in, for whoever started it. No code but ours runs in it. */

import { workerData } from "node:worker_threads";
import { Bridge, type BridgeEnd } from "./bridge.ts";
import type { Answer, Job } from "./job.ts";
import { answerOf } from "./work.ts";

const { job, bridge } = workerData as { readonly job: Job; readonly bridge: BridgeEnd };

/** Plain values, which cross between threads. */
export const answer: Promise<Answer> = answerOf(job, new Bridge(bridge));

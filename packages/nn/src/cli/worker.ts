/** The judge's thread: does the job that was handed in, and answers with plain values. No code but ours runs in it. */

import { parentPort, workerData } from "node:worker_threads";
import { Bridge, type BridgeEnd } from "./bridge.ts";
import type { Job } from "./job.ts";
import { answerOf } from "./work.ts";

const { job, bridge } = workerData as { readonly job: Job; readonly bridge: BridgeEnd };

parentPort!.postMessage(await answerOf(job, new Bridge(bridge)));

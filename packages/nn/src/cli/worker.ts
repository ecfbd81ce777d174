/** The worker's side: does the job that was handed in, and answers with plain values. */

import { parentPort, workerData } from "node:worker_threads";
import { Bridge, type BridgeEnd } from "./bridge.ts";
import type { Answer, Job, Phase } from "./job.ts";
import { answerOf } from "./work.ts";

const { job, bridge } = workerData as { readonly job: Job; readonly bridge: BridgeEnd | null };
const say = (message: Answer | Phase): void => parentPort!.postMessage(message);

say(await answerOf(job, (doing) => say({ kind: "phase", doing }), bridge === null ? null : new Bridge(bridge)));

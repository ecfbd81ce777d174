/** Runs a job: here, or, where a person's code is judged, apart from it. */

import { isProgram } from "../handcheck/intake/sources/endings.ts";
import type { Watch } from "../handcheck/intake/sources/process/group.ts";
import type { Answer, Job } from "./job.ts";

/**
 * Gives what a job gives; the person's code has so many milliseconds. With `job.reference` it judges one file against
 * another: neither shares a process with the judge, nor with the other.
 */
export type Run = (job: Job, milliseconds: number) => Promise<Answer>;

/** Runs a job and gives its answer; `watch` minds limits in the place of the machine's clock. */
export async function run(job: Job, milliseconds: number, watch?: Watch): Promise<Answer> {
  if (job.kind === "check" && (isProgram(job.file) || isProgram(job.reference)))
    return (await import("./apart.ts")).judged(job, milliseconds, watch);
  // Nothing runs that is not ours.
  return (await import("./work.ts")).answerOf(job);
}

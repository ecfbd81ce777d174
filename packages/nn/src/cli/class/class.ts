/**
 * Checks a class: every submission by itself against one reference; whatever one file does, the next is judged all the
 * same.
 */

import { availableParallelism } from "node:os";
import type { PointsScheme } from "../../handcheck/points.ts";
import type { Hints } from "../../handcheck/report/document.ts";
import { cli } from "../../locales/cli.ts";
import { progress, usageErrors } from "../../locales/usage-errors.ts";
import { alike, listed, type Words } from "../../locales/words.ts";
import { faultSaying } from "../faults.ts";
import { judgedAnswer, type Judged } from "../formats/judged.ts";
import { marksText, worst, type Marks } from "../formats/marks.ts";
import type { CheckJob } from "../job.ts";
import {
  against,
  faulty,
  heldTo,
  placeOf,
  settled,
  standardFor,
  withPoints,
  type Settled,
  type Standard,
} from "../marking.ts";
import { writeReport, type Terminal } from "../output.ts";
import type { Run } from "../run.ts";
import { UsageError } from "../usage-error.ts";
import { copies, wayTo, type Found, type Submission } from "./submissions.ts";
import { summary } from "./summary.ts";

/** The request for a class. */
export interface ClassRequest {
  readonly found: Found;
  /** The name that was given, for when there is nothing in it. */
  readonly shown: string;
  /** The check of each, but for its files. */
  readonly job: CheckJob;
  readonly milliseconds: number;
  readonly hints: Hints;
  readonly scheme: PointsScheme | null;
  /** How the reference is called; `null` where there is none. */
  readonly reference: string | null;
  readonly marks: Marks | null;
  /** The place of `--json`; `null` where nobody asks for it. */
  readonly json: string | null;
  readonly resolve: (path: string) => string;
}

const fault = (says: Words, advises: Words, name: string): Settled =>
  faulty(faultSaying(says, advises, null, null), name);

/** Every submission with the same numbers, held against the same reference. */
class Judge {
  readonly #request: ClassRequest;
  readonly #standard: Standard | null;
  readonly #run: Run;
  readonly #from: string;

  constructor(request: ClassRequest, standard: Standard | null, run: Run, from: string) {
    this.#request = request;
    this.#standard = standard;
    this.#run = run;
    this.#from = from;
  }

  /** A submission, judged; what goes wrong with the program itself is said of it, and ends nothing. */
  async of(submission: Submission): Promise<Judged> {
    const begun = performance.now();
    const {
      job: { lang },
      hints,
      scheme,
    } = this.#request;
    const [answer, internal] = await this.#answer(submission).then(
      (found) => [found, false] as const,
      (thrown: unknown) => {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        const says = cli.ownFault({ message });
        return [fault(says, usageErrors.reportIt, submission.name), true] as const;
      },
    );
    const seconds = (performance.now() - begun) / 1000;
    const telling = {
      file: submission.name,
      path: wayTo(submission.file, this.#from),
      lang,
      hints,
      place: placeOf(answer),
      seconds,
    };
    const judged = judgedAnswer(withPoints(answer, scheme, this.#standard), telling);
    return internal ? { ...judged, verdict: "internal", exit: 70 } : judged;
  }

  async #answer({ name, file, more, problem }: Submission): Promise<Settled> {
    if (problem !== null) return fault(problem, alike(""), name);
    const { job, milliseconds } = this.#request;
    try {
      return against(
        settled(await this.#run({ ...heldTo(job, this.#standard), file, more }, milliseconds), name),
        this.#standard,
      );
    } catch (thrown) {
      // A wrong call that only a file shows is that file's fault.
      if (thrown instanceof UsageError) return fault(thrown.says, thrown.advises, name);
      throw thrown;
    }
  }
}

/** Does something with all entries, a few at a time, and gives the results in their order. */
async function inTurns<A, B>(all: readonly A[], once: (one: A) => Promise<B>): Promise<B[]> {
  const results = new Array<B>(all.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let k = next++; k < all.length; k = next++) results[k] = await once(all[k]!);
  };
  // Each has a process of its own; two for each core would only wait.
  await Promise.all(Array.from({ length: Math.max(1, Math.min(8, availableParallelism() >> 1)) }, worker));
  return results;
}

/**
 * Lists what is judged. Where a folder holds nothing, Gradescope tells it to the student, anybody else asked for the
 * wrong folder.
 */
function submissionsOf({ found: { submissions, leftOut }, shown, marks }: ClassRequest): readonly Submission[] {
  if (submissions.length > 0) return submissions;
  const others = listed(leftOut.map((one) => progress.because(one)));
  const why = leftOut.length === 0 ? usageErrors.isEmpty : usageErrors.nothingInIt({ others });
  if (marks?.format !== "gradescope")
    throw new UsageError(usageErrors.noSubmissions({ name: shown, why }), usageErrors.giveSubmissions);
  const problem = cli.oneFile({ why });
  return [{ name: shown, file: shown, more: [], problem }];
}

/** Runs the checks of a class; gives the exit status. */
export async function runClass(request: ClassRequest, terminal: Terminal, run: Run): Promise<number> {
  const { print, tell, width, color, from } = terminal;
  const {
    found,
    job: { lang },
    job,
    scheme,
    reference,
    marks,
    json,
    resolve,
    milliseconds,
  } = request;
  const submissions = submissionsOf(request);
  const begun = new Date();
  for (const { name, why } of found.leftOut) tell(`${progress.leftOut({ name, why })[lang]}\n`);
  const standard = await standardFor({ job, name: reference, scheme, milliseconds }, run);
  const judge = new Judge(request, standard, run, from);
  let done = 0;
  const all = await inTurns(submissions, async (submission) => {
    const judged = await judge.of(submission);
    tell(
      `${String(++done).padStart(String(submissions.length).length)}/${submissions.length}  ${judged.file}  ${judged.verdict}\n`,
    );
    return judged;
  });
  const same = copies(submissions);
  const outputs = [
    ...(marks === null ? [] : [marks]),
    ...(json === null ? [] : [{ format: "json", path: json } as const]),
  ];
  for (const { format, path } of outputs) {
    const leftOut = found.leftOut.map(({ name, why }) => ({ name, why: why.en }));
    const text = await marksText(format, all, begun, { same, leftOut });
    if (path === "-") print(text);
    else writeReport(resolve(path), path, text, terminal);
  }
  const isTaken = outputs.some(({ format, path }) => path === "-" && format !== "github");
  if (!isTaken) print(summary(all, { same, lang, width, color }));
  return worst(all);
}

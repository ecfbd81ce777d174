/**
 * Runs a function in the sandbox, with the judge in the page's worker: the page carries calls and answers between them.
 */

import type { BackwardAnswer, Hints, Language } from "@chainrule/nn/handcheck";
import inside from "virtual:inside/bare";
import type { BareQuestion } from "../sandbox/inside/bare.ts";
import { plainCode } from "../sandbox/plain-code.ts";
import { record } from "../sandbox/record.ts";
import { asFailed, Failed, Sandbox } from "../sandbox/sandbox.ts";
import { checker } from "../worker/checker.ts";
import type { CodeRun, Subject } from "../worker/protocol.ts";
import type { CodeTold } from "./use-code.ts";

/** Milliseconds for a call. */
const LIMIT = 10_000;

const saidBy = ({ message, line }: Failed): string => (line === null ? message : `line ${line}: ${message}`);

/** Makes the calls in turn; behind one that throws none is made. */
async function answersTo(sandbox: Sandbox, calls: readonly (readonly unknown[])[]): Promise<BackwardAnswer[]> {
  const answers: BackwardAnswer[] = [];
  for (const given of calls) {
    try {
      const { value, given: after } = record(await sandbox.ask({ do: "call", given } satisfies BareQuestion, LIMIT));
      answers.push({ value, ...(Array.isArray(after) ? { given: after as readonly unknown[] } : {}) });
    } catch (error) {
      if (!(error instanceof Failed) || error.kind !== "thrown") throw error;
      answers.push({ thrown: saidBy(error) });
      break;
    }
  }
  return answers;
}

/** The answer of the judge, once it has all that it wants. */
async function judged(
  sandbox: Sandbox,
  plain: Subject,
  { lang, hints }: { readonly lang: Language; readonly hints: Hints },
): Promise<CodeTold> {
  const about = record(await sandbox.ask({ do: "about" } satisfies BareQuestion, LIMIT));
  let code: CodeRun = { about, batches: [] };
  for (;;) {
    const subject = { ...plain, code };
    const answer = await checker().ask({ kind: "check", lang, hints, ...subject });
    if (answer.kind !== "calls") return { answer, subject, failed: null };
    code = { about, batches: [...code.batches, await answersTo(sandbox, answer.calls)] };
  }
}

/** Begins; what comes of it, and what ends it before. */
export function runCode(
  subject: Subject,
  how: { readonly lang: Language; readonly hints: Hints },
): { readonly told: Promise<CodeTold>; readonly end: () => void } {
  let sandbox: Sandbox | null = null;
  const run = async (): Promise<CodeTold> => {
    try {
      sandbox = new Sandbox(inside, plainCode(subject.text));
      return await judged(sandbox, subject, how);
    } catch (error) {
      const failed = asFailed(error);
      return {
        answer: null,
        subject: null,
        failed: { kind: failed.kind, says: saidBy(failed), seconds: LIMIT / 1000 },
      };
    } finally {
      sandbox?.end();
    }
  };
  return { told: run(), end: () => sandbox?.end() };
}

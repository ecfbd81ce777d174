/** The process of a module: a Node of its own with limits, which loads the file and answers. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SourceError } from "../handcheck/intake/given.ts";
import {
  Conversation,
  Ended,
  Exceeded,
  Foreign,
  Thrown,
  type Limits,
} from "../handcheck/intake/sources/process/conversation.ts";
import type { Bounds } from "../handcheck/intake/sources/process/group.ts";
import { programErrors } from "../locales/program-errors.ts";
import type { Words } from "../locales/words.ts";
import { findTsx, readsTypes, scriptOf, standsAlone, withoutTypes as refusal, type Tsx } from "./typescript.ts";
import { isThrown, type Reply } from "./javascript/module.ts";
import type { Request } from "./javascript/submission.ts";

/**
 * From a clone the sources run as they are; published they are JavaScript, and this is part of a chunk in the folder
 * beside.
 */
const isSource = import.meta.url.endsWith(".ts");
const runner = new URL(`../cli/runner.${isSource ? "ts" : "js"}`, import.meta.url);

/** In a clone whose Node reads no types, tsx is there before anything else. */
const bootstrap = `
const [module, common, runner] = process.argv.slice(1);
process.argv.splice(1, 3, runner);
(async () => {
  require(common).register();
  (await import(module)).register();
  await import(runner);
})();
`;

const isTypeScript = (path: string): boolean => /\.[cm]?ts$/i.test(path);

/** The tsx that reads a file, or our own sources; `null` where none is needed. */
function tsxFor(file: string): Tsx | null {
  if (readsTypes() || !(isSource || isTypeScript(file))) return null;
  const tsx = findTsx([file, fileURLToPath(import.meta.url)]);
  if (tsx === null) throw refusal();
  return tsx;
}

/** A module's process. */
export interface ModuleProcess {
  readonly ask: (request: Request, doing: Words) => Promise<Reply>;
  readonly end: () => Promise<void>;
}

/** Starts the process of a file; a stranger's in a sandbox. */
export async function startModule(
  file: string,
  limits: Omit<Limits, "cwd" | "env">,
  sandboxed: boolean,
): Promise<ModuleProcess> {
  if (sandboxed) return startInSandbox(file, limits);
  const tsx = tsxFor(file);
  const text = tsx === null || isSource ? null : textAlone(file);
  const words = [`--max-old-space-size=${limits.memory}`, ...wordsFor(text === null ? tsx : null)];
  const conversation = await Conversation.start(here, words, { ...limits, cwd: process.cwd() });
  // While it starts, and behind what is waited for anyway.
  const types = text === null ? Promise.resolve({}) : withoutTypes(text, file, tsx!);
  return {
    ask: async (request, doing) =>
      answered(conversation, request.do === "open" ? { ...request, ...(await types) } : request, doing, limits),
    end: () => conversation.end(),
  };
}

/** The text of a file that needs nothing but itself; `null` for any other. */
function textAlone(file: string): string | null {
  try {
    const text = readFileSync(file, "utf8");
    return standsAlone(file, text) ? text : null;
  } catch {
    return null;
  }
}

/** A script of the text; or else the tsx that reads the file after all. */
const withoutTypes = (
  text: string,
  file: string,
  tsx: Tsx,
): Promise<{ readonly script: string } | { readonly tsx: Tsx }> =>
  scriptOf(text, file, tsx).then(
    (script) => ({ script }),
    () => ({ tsx }),
  );

async function startInSandbox(file: string, limits: Omit<Limits, "cwd" | "env">): Promise<ModuleProcess> {
  if (isSource && !readsTypes()) throw new SourceError(programErrors.sandboxInClone, programErrors.useNewerNode);
  const { outside, sandboxFor } = await import("./sandbox.ts");
  const sandbox = sandboxFor(file);
  try {
    const words = [`--max-old-space-size=${limits.memory}`, ...sandbox.words, fileURLToPath(runner)];
    const conversation = await Conversation.start(here, words, { ...limits, cwd: sandbox.folder, env: sandbox.env });
    return {
      ask: async (request, doing) => {
        const { error, ...rest } = await answered(
          conversation,
          request.do === "open" ? { ...request, file: sandbox.file } : request,
          doing,
          limits,
        );
        return isThrown(error)
          ? { error: outside(error, sandbox, file) }
          : { ...rest, ...(error === undefined ? {} : { error }) };
      },
      end: () => conversation.end().finally(sandbox.close),
    };
  } catch (error) {
    sandbox.close();
    throw error;
  }
}

const here = [{ command: process.execPath, words: [] }];

/** Arguments by which Node runs a module. */
function wordsFor(tsx: Tsx | null): string[] {
  return tsx === null
    ? [fileURLToPath(runner)]
    : isSource
      ? ["-e", bootstrap, tsx.module, tsx.common, runner.href]
      : [fileURLToPath(runner), JSON.stringify(tsx)];
}

/** The exit status of Node where a module waits for what never comes. */
const UNSETTLED = 13;

/**
 * Reads what comes of a question: an answer, or what was thrown; a process that is over, or that answers for itself, is
 * refused.
 */
async function answered(
  conversation: Conversation,
  request: Request,
  doing: Words,
  { milliseconds, memory }: Bounds,
): Promise<Reply> {
  try {
    return { ok: await conversation.ask(request) };
  } catch (error) {
    if (error instanceof Thrown) return { error: error.said };
    if (error instanceof Exceeded) {
      throw error.what === "time"
        ? new SourceError(programErrors.notWithin({ doing, seconds: milliseconds / 1000 }), programErrors.endlessLoop)
        : new SourceError(programErrors.tookMemory({ doing, memory }), programErrors.growingArray);
    }
    if (error instanceof Ended && error.status === UNSETTLED)
      throw new SourceError(programErrors.waits({ doing }), programErrors.openPromise);
    if (error instanceof Ended)
      throw new SourceError(
        error.status === null ? error.says : programErrors.exited({ status: error.status }),
        programErrors.returnOrThrow,
      );
    if (error instanceof Foreign) throw new SourceError(programErrors.writesElsewhere, programErrors.printAndReturn);
    throw error;
  }
}

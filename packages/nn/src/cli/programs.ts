/**
 * Processes that run a person's code for a check. The main thread starts them, minds their limits, and ends them; the
 * judge asks.
 */

import { isModule, isPython } from "../handcheck/intake/sources/endings.ts";
import type { Limits } from "../handcheck/intake/sources/process/conversation.ts";
import type { PythonCall, PythonFile } from "../handcheck/intake/sources/python/python.ts";
import type { Packed } from "../handcheck/intake/sources/python/values.ts";
import { programErrors } from "../locales/program-errors.ts";
import type { Words } from "../locales/words.ts";
import type { Handlers } from "./bridge.ts";
import { startModule, type ModuleProcess } from "./module-process.ts";
import type { Reply } from "./javascript/module.ts";
import type { Request } from "./javascript/submission.ts";
import type { CheckJob } from "./job.ts";

/** Whose module it is: handed in, or a reference, which never shares a process with what is handed in. */
export type Role = "submission" | "reference";

/** How a process is limited, and who hears it. */
type Started = Omit<Limits, "cwd" | "env">;

/** A question to a module. */
export interface ModuleQuestion {
  readonly role: Role;
  readonly request: Request;
  /** The work that is running meanwhile, in words. */
  readonly doing: Words;
}

/** Answers the judge about a Python that has read its file. */
const pythonHandlers = (opened: () => Promise<PythonFile>): Handlers => ({
  open: async () => (await opened()).text,
  load: async (wanted: readonly string[]) => (await opened()).load(wanted),
  call: async (call: PythonCall) => (await opened()).call(call),
  attempts: async (layouts: readonly (readonly PythonCall[])[]) =>
    (await import("./python-attempts.ts")).attemptsOf(await opened(), layouts),
  attributes: async ({ name, constructor_ }: { readonly name: string; readonly constructor_: Packed }) =>
    (await opened()).attributes(name, constructor_),
  script: async () => (await opened()).script(),
});

/** Starts what a check needs; `stop` ends whatever was started, once what it has printed is said. */
export function programsFor(
  job: CheckJob,
  limits: Started,
): { readonly handlers: Handlers; readonly stop: () => Promise<void> } {
  const modules = new Map<Role, Promise<ModuleProcess>>();
  const options = { ...limits, python: job.python, pass: job.pass, cell: job.cell };
  const module = (role: Role): Promise<ModuleProcess> => {
    const before = modules.get(role);
    if (before !== undefined) return before;
    // A teacher's own file is trusted.
    const isTeachers = role === "reference" && job.reference !== null;
    const started = startModule(isTeachers ? job.reference : job.file!, limits, job.sandbox && !isTeachers);
    started.catch(() => undefined);
    modules.set(role, started);
    return started;
  };
  // What is judged starts, and is loaded, while the judge is read.
  const open: Request = { do: "open", file: job.file ?? "", tensors: false };
  const early = isModule(job.file) ? module("submission").then((one) => one.ask(open, programErrors.theFile)) : null;
  early?.catch(() => undefined);
  const python =
    isPython(job.file) && !job.sandbox
      ? import("../handcheck/intake/sources/python/python.ts").then(({ PythonFile: Python }) =>
          Python.open(job.file!, options),
        )
      : null;
  python?.catch(() => undefined);
  const opened = async (): Promise<PythonFile> => {
    if (python === null) throw new Error("no Python was started");
    return python;
  };
  return {
    handlers: {
      ...pythonHandlers(opened),
      octave: async (file: string) =>
        (await import("../handcheck/intake/sources/octave/octave.ts")).readOctave(file, options),
      module: async ({ role, request, doing }: ModuleQuestion): Promise<Reply> =>
        role === "submission" && request.do === "open" && early !== null
          ? early
          : (await module(role)).ask(request, doing),
    },
    stop: async () => {
      await Promise.all([
        python?.then(
          (one) => one.end(),
          () => undefined,
        ),
        ...[...modules.values()].map((one) =>
          one.then(
            (process) => process.end(),
            () => undefined,
          ),
        ),
      ]);
    },
  };
}

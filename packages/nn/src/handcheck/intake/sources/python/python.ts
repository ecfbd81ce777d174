/**
 * A file for Python, or a notebook: what it defines, one of its functions called, or the arrays of one pass of its
 * script.
 */

import { basename, dirname, resolve } from "node:path";
import { programErrors } from "../../../../locales/program-errors.ts";
import { sources } from "../../../../locales/sources.ts";
import { alike, type Words } from "../../../../locales/words.ts";
import { once } from "../../../once.ts";
import { SourceError, type Given, type GivenRecord, type Source } from "../../given.ts";
import { recordOf } from "../../values.ts";
import { Conversation, Ended, Exceeded, Foreign, Thrown, type Limits } from "../process/conversation.ts";
import { pythons } from "../process/interpreter.ts";
import { packageFile } from "../process/package-file.ts";
import { passOf } from "../pass.ts";
import { scriptRoles } from "../scripts.ts";
import { unpacked, unpackedRecord, type Packed } from "./values.ts";

/** How the file is run. */
export interface PythonOptions extends Omit<Limits, "cwd" | "env"> {
  /** The Python that `--python` names. */
  readonly python: string | null;
  /** Which pass of a script; the first where nothing is said. */
  readonly pass: number;
  /** The last cell of a notebook that counts. */
  readonly cell: number | null;
}

export interface PythonFunction {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly optional: boolean }[];
  /** The names on its last `return`; "" for what is no name. */
  readonly returns: readonly string[];
  readonly line: number;
}

/** Holds what the text of a file shows: nothing has run yet. */
export interface PythonText {
  readonly functions: readonly PythonFunction[];
  readonly classes: readonly {
    readonly name: string;
    readonly methods: readonly PythonFunction[];
    readonly line: number;
  }[];
  /** Everything that is assigned somewhere. */
  readonly assigned: readonly string[];
  readonly imports: readonly string[];
  /** Something calls `.backward()`. */
  readonly backward: boolean;
}

interface Place {
  readonly line: number | null;
  readonly cell?: number;
}

interface Pass {
  readonly passes: number;
  readonly values: Packed;
  readonly found: Packed;
  readonly at: { readonly first: Place; readonly last: Place } | null;
  readonly stopped: (Place & { readonly message: string }) | null;
  /** Its steps add what it computes for the gradients. */
  readonly adds: boolean;
}

/** One call of a function of the file. */
export interface PythonCall {
  readonly function: string;
  readonly arguments: Packed;
  /** Of a method: its class, what a new object is made of, and the attributes that are set before the call. */
  readonly class?: string;
  readonly constructor_?: Packed;
  readonly attributes?: Packed;
}

export interface Called {
  readonly value: Given;
  /** Arguments that it has changed. */
  readonly changed: readonly string[];
}

const inWords = ({ line, cell }: Place): Words =>
  cell === undefined ? sources.line({ line }) : sources.lineOfCell({ cell, line });

/** A file, and the Python that has read it. */
export class PythonFile {
  readonly text: PythonText;
  readonly #path: string;
  readonly #conversation: Conversation;
  readonly #options: PythonOptions;
  readonly #roles = once(() => scriptRoles(this.text.assigned));

  private constructor(path: string, text: PythonText, conversation: Conversation, options: PythonOptions) {
    this.#path = path;
    this.text = text;
    this.#conversation = conversation;
    this.#options = options;
  }

  /** Starts Python and has it read the file; nothing of it runs. */
  static async open(path: string, options: PythonOptions): Promise<PythonFile> {
    const cwd = dirname(resolve(path));
    const conversation = await started(options, cwd);
    try {
      const text = (await conversation.ask({ do: "read", path: resolve(path), cell: options.cell })) as PythonText;
      return new PythonFile(path, text, conversation, options);
    } catch (error) {
      await conversation.end();
      throw asFault(error, options);
    }
  }

  /** Runs the file as a module: its functions can be called. Gives what it holds under these names. */
  async load(wanted: readonly string[]): Promise<GivenRecord> {
    const loading = this.#ask({ do: "load", wanted });
    // A file whose function is not right is run as a script after it: nobody waits for anything else now.
    this.#roles();
    const { values } = (await loading) as { readonly values: Packed };
    return unpackedRecord(values);
  }

  /** Calls a function of the module. */
  async call({
    constructor_: constructor = { list: [] },
    attributes = { record: [] },
    ...rest
  }: PythonCall): Promise<Called> {
    const { value, changed } = (await this.#ask({ do: "call", constructor, attributes, ...rest })) as {
      readonly value: Packed;
      readonly changed: readonly string[];
    };
    return { value: unpacked(value), changed };
  }

  /** Returns what a new object of a class holds. */
  async attributes(name: string, constructor: Packed): Promise<GivenRecord> {
    const { attributes } = (await this.#ask({ do: "attributes", class: name, constructor })) as {
      readonly attributes: Packed;
    };
    return unpackedRecord(attributes);
  }

  /** Runs the file as a script; gives the arrays of one pass. */
  async script(): Promise<Source> {
    const { pass: which } = this.#options;
    const roles = this.#roles();
    const { gradients, parameters, wanted, data } = roles;
    if (gradients.length === 0 && !this.text.backward) {
      throw new SourceError(programErrors.noGradientName, programErrors.pythonNames);
    }
    const { passes, values, found, at, stopped, adds } = (await this.#ask({
      do: "script",
      gradients,
      parameters,
      wanted,
      data,
      pass: which,
    })) as Pass;
    if (passes < which) {
      throw new SourceError(
        passes === 0 ? programErrors.noGradientRan : programErrors.fewerPasses({ passes, pass: which }),
        passes === 0 ? programErrors.callFunction : programErrors.passesAre({ passes }),
      );
    }
    const entries = new Map([...unpackedRecord(values).entries, ...unpackedRecord(found).entries]);
    const pass = passOf(entries, roles);
    return {
      name: basename(this.#path),
      values: recordOf(pass.entries),
      notes: [...notesOf(which, at!, stopped), ...pass.notes],
      pass: { adds },
    };
  }

  /** Ends Python. */
  end(): Promise<void> {
    return this.#conversation.end();
  }

  async #ask(request: object): Promise<unknown> {
    try {
      return await this.#conversation.ask(request);
    } catch (error) {
      throw asFault(error, this.#options);
    }
  }
}

/** The first Python that there is. */
async function started(options: PythonOptions, cwd: string): Promise<Conversation> {
  const env = { ...process.env, MPLBACKEND: "Agg", PYTHONUTF8: "1" };
  try {
    return await Conversation.start(pythons(options.python), ["-X", "utf8", packageFile("python/runner.py")], {
      ...options,
      cwd,
      env,
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw options.python === null
      ? new SourceError(programErrors.noPython, programErrors.installPython)
      : new SourceError(programErrors.notStarted({ names: options.python }), programErrors.namePython);
  }
}

function notesOf(which: number, { first, last }: NonNullable<Pass["at"]>, stopped: Pass["stopped"]): Words[] {
  const [from, to] = [inWords(first), inWords(last)];
  return [
    sources.passBetween({ pass: which, from, to }),
    ...(stopped === null ? [] : [sources.stopped({ place: inWords(stopped), message: stopped.message })]),
  ];
}

/** Holds what the runner says of an error. */
interface Said extends Place {
  readonly message: string;
  /** The line itself. */
  readonly text?: string;
}

const isSaid = (said: unknown): said is Said =>
  typeof said === "object" && said !== null && "message" in said && typeof said.message === "string";

/** Returns what went wrong in the person's code, with their line. */
function asFault(error: unknown, { milliseconds, memory }: PythonOptions): unknown {
  if (error instanceof Exceeded) {
    return error.what === "time"
      ? new SourceError(programErrors.takesTime({ seconds: milliseconds / 1000 }), programErrors.giveTime)
      : new SourceError(programErrors.takesMemory({ memory }), programErrors.giveMemory);
  }
  if (error instanceof Ended || error instanceof Foreign) return new SourceError(error.says, null);
  if (!(error instanceof Thrown)) return error;
  if (!isSaid(error.said)) return new SourceError(programErrors.foreign, null);
  const { line, cell, text = "", message } = error.said;
  return new SourceError(
    cell === undefined ? alike(message) : programErrors.inCell({ cell, message }),
    alike(text),
    line === null ? null : { line, column: 1 },
  );
}

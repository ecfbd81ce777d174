/**
 * A process that answers one line of JSON with another, on a pipe of its own: whoever runs a person's code, in a group
 * of processes that ends with us.
 */

import { spawn, type ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";
import { programErrors } from "../../../../locales/program-errors.ts";
import type { Words } from "../../../../locales/words.ts";
import { SourceError } from "../../given.ts";
import { endGroup, limited, tied, type Bounds, type Watch } from "./group.ts";
import type { Interpreter } from "./interpreter.ts";

/** Holds what the person's code threw, or why a request cannot be met, as the process said it. */
export class Thrown extends Error {
  readonly said: unknown;

  constructor(said: unknown) {
    super("the person's code threw");
    this.said = said;
  }
}

/** The person's code took more than it may. */
export class Exceeded extends Error {
  readonly what: "time" | "memory";

  constructor(what: "time" | "memory") {
    super(`too much ${what}`);
    this.what = what;
  }
}

/** The process is over. */
export class Ended extends Error {
  readonly status: number | null;
  readonly says: Words;

  constructor(status: number | null, signal: string | null) {
    const says =
      signal === null ? programErrors.endedItself({ status: status ?? 0 }) : programErrors.endedBy({ signal });
    super(says.en);
    this.says = says;
    this.status = status;
  }
}

/** Something else than an answer came where answers come. */
export class Foreign extends Error {
  readonly says = programErrors.foreign;

  constructor() {
    super(programErrors.foreign.en);
  }
}

export interface Limits extends Bounds {
  /** Hears what the person's code prints. */
  readonly tell: (text: string) => void;
  readonly cwd: string;
  /** The variables that it sees; ours where nothing is said. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly watch?: Watch;
}

interface Waiting {
  readonly id: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * How long a process may take to end by itself once nothing more is asked, in milliseconds: what it has printed is on
 * its way.
 */
const GRACE = 300;
/** An answer of more characters is none. */
const LONGEST = 400_000_000;
/** Holds what V8 says of itself when it runs out of memory. */
const OBITUARY = /\n*<--- Last few GCs --->[\s\S]*/;

/** One process, one question at a time. */
export class Conversation {
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #limits: Limits;
  readonly #ready: Promise<void>;
  readonly #closed: Promise<void>;
  #begin: () => void = () => undefined;
  #waiting: Waiting | null = null;
  #heard = "";
  /** Why nothing more is answered. */
  #over: Error | null = null;
  #outOfMemory = false;

  private constructor(child: ChildProcess, limits: Limits) {
    this.#child = child;
    this.#limits = limits;
    this.#pipe = child.stdio[3] as Duplex;
    this.#ready = new Promise((resolve) => (this.#begin = resolve));
    this.#closed = new Promise((resolve) => child.once("close", () => resolve()));
    const pipeClosed = new Promise((resolve) => this.#pipe.once("close", resolve));
    this.#pipe.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    this.#pipe.on("error", () => undefined);
    for (const stream of [child.stdout, child.stderr])
      stream!.setEncoding("utf8").on("data", (text: string) => this.#print(text));
    child.once("exit", (status, signal) => {
      // An answer may still be in the pipe; who else holds that is not waited for.
      const late = new Promise((resolve) => setTimeout(resolve, GRACE).unref());
      void Promise.race([pipeClosed, late]).then(() =>
        this.#finish(this.#outOfMemory ? new Exceeded("memory") : new Ended(status, signal)),
      );
    });
  }

  /** Starts the first interpreter that there is. */
  static async start(
    interpreters: readonly Interpreter[],
    words: readonly string[],
    limits: Limits,
  ): Promise<Conversation> {
    for (const { command, words: own } of interpreters) {
      const child = spawn(command, [...own, ...words], {
        cwd: limits.cwd,
        env: { ...(limits.env ?? process.env) },
        stdio: ["ignore", "pipe", "pipe", "pipe"],
        detached: process.platform !== "win32",
      });
      tied(child);
      const started = await new Promise<boolean>((resolve) =>
        child.once("spawn", () => resolve(true)).once("error", () => resolve(false)),
      );
      if (started) return new Conversation(child, limits);
      endGroup(child);
    }
    throw new SourceError(
      programErrors.notStarted({ names: interpreters.map(({ command }) => command).join(", ") }),
      null,
    );
  }

  /** Asks, and gives the answer; the time of the person's code counts, not that of the start. */
  async ask(request: object): Promise<unknown> {
    if (this.#over !== null) throw this.#over;
    // Read here, where the process has started already: that takes the parent a while.
    const id = process.getBuiltinModule("node:crypto").randomBytes(16).toString("hex");
    const answer = new Promise<unknown>((resolve, reject) => (this.#waiting = { id, resolve, reject }));
    answer.catch(() => undefined);
    this.#pipe.write(`${JSON.stringify({ ...request, id })}\n`);
    await Promise.race([this.#ready, answer]);
    const stop = (this.#limits.watch ?? limited)(this.#child, this.#limits, (what) => this.#finish(new Exceeded(what)));
    return answer.finally(stop);
  }

  /** Ends the process with whatever it has started; what it has printed has been handed on then. */
  async end(): Promise<void> {
    const within = (): Promise<unknown> =>
      Promise.race([this.#closed, new Promise((resolve) => setTimeout(resolve, GRACE).unref())]);
    this.#pipe.end();
    // On Linux what it printed lies in the pipes before it answers, and two turns of the loop read them.
    if (this.#over === null && process.platform !== "linux") await within();
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    const over = this.#over !== null;
    endGroup(this.#child);
    if (over) await within();
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  /** Nothing more is answered; the process is ended. */
  #finish(why: Error): void {
    if (this.#over !== null) return;
    this.#over = why;
    endGroup(this.#child);
    this.#waiting?.reject(why);
    this.#waiting = null;
    this.#begin();
  }

  #hear(text: string): void {
    if (this.#over !== null) return;
    this.#heard += text;
    if (this.#heard.length > LONGEST) return this.#finish(new Exceeded("memory"));
    for (let at = this.#heard.indexOf("\n"); at >= 0 && this.#over === null; at = this.#heard.indexOf("\n")) {
      const line = this.#heard.slice(0, at);
      this.#heard = this.#heard.slice(at + 1);
      this.#answer(line);
    }
  }

  #answer(line: string): void {
    const said = saidIn(line);
    if (said !== null && said.ready === true) return this.#begin();
    const one = this.#waiting;
    // Only who was asked knows the number of the question.
    if (said === null || one === null || said.id !== one.id) return this.#finish(new Foreign());
    this.#waiting = null;
    if (said.error === undefined) one.resolve(said.ok);
    else one.reject(new Thrown(said.error));
  }

  #print(text: string): void {
    if (this.#outOfMemory) return;
    this.#outOfMemory = OBITUARY.test(text);
    const own = text.replace(OBITUARY, "");
    if (own !== "") this.#limits.tell(own);
  }
}

function saidIn(
  line: string,
): { readonly id?: unknown; readonly ready?: unknown; readonly ok?: unknown; readonly error?: unknown } | null {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === "object" && said !== null ? said : null;
  } catch {
    return null;
  }
}

/** A process that answers one line of JSON with another: the person's own interpreter, in a group of its own that ends with us. */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { SourceError } from "../../given.ts";
import { endGroup, limited } from "./group.ts";
import type { Interpreter } from "./interpreter.ts";

/** What the person's code threw, or why a request cannot be met. */
export class Thrown extends Error {
  readonly line: number | null;
  readonly cell: number | null;
  /** The line itself. */
  readonly text: string | null;

  constructor({ message, line = null, cell = null, text = null }: { readonly message: string; readonly line?: number | null; readonly cell?: number | null; readonly text?: string | null }) {
    super(message);
    this.line = line;
    this.cell = cell;
    this.text = text;
  }
}

/** The person's code took longer than it may. */
export class Overtime extends Error {}

export interface Limits {
  /** How long a request may compute, in milliseconds: of its own time where the system tells it. */
  readonly milliseconds: number;
  /** Hears what the person's code prints. */
  readonly tell: (text: string) => void;
  readonly cwd: string;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** How long an answer waits for prints that do not come, in milliseconds. */
const MOST_WAIT = 2000;

interface Said {
  /** A mark stands behind what was printed before. */
  readonly printed?: boolean;
  readonly ok?: unknown;
  readonly error?: ConstructorParameters<typeof Thrown>[0];
}

function saidIn(line: string): Said | null {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === "object" && said !== null ? said : null;
  } catch {
    return null;
  }
}

/** One process, one question at a time. */
export class Conversation {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #limits: Limits;
  readonly #ended = (): void => this.end();
  #waiting: Waiting | null = null;
  #heard = "";
  /** How many answers were given whose prints have not all come, and what is done once they have. */
  #owed = 0;
  #afterPrints: (() => void) | null = null;

  private constructor(child: ChildProcessWithoutNullStreams, limits: Limits) {
    this.#child = child;
    this.#limits = limits;
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => this.#print(text));
    child.stdin.on("error", () => undefined);
    child.on("close", (status, signal) => this.#settle((one) => one.reject(new Thrown({ message: signal === null ? `it ends the process with status ${status ?? 0}` : `the process was ended by ${signal}` }))));
    process.once("exit", this.#ended);
  }

  /** Starts the first interpreter that there is. */
  static async start(interpreters: readonly Interpreter[], words: readonly string[], limits: Limits): Promise<Conversation> {
    for (const { command, words: own } of interpreters) {
      const child = spawn(command, [...own, ...words], { cwd: limits.cwd, env: { ...process.env, MPLBACKEND: "Agg", PYTHONUTF8: "1" }, detached: process.platform !== "win32" });
      const started = await new Promise<boolean>((resolve) => child.once("spawn", () => resolve(true)).once("error", () => resolve(false)));
      if (started) return new Conversation(child, limits);
    }
    const [first] = interpreters;
    throw new SourceError(
      interpreters.length === 1 ? `${first!.command} cannot be started` : "no Python was found",
      interpreters.length === 1 ? "--python names the Python that runs your file: --python python3" : "install Python 3, or say where it is: --python PATH; or hand in the arrays of np.savez(\"work.npz\", W1=W1, dW1=dW1)",
    );
  }

  /** Asks, and gives the answer. */
  ask(request: object): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => (this.#waiting = { resolve, reject }));
    const { milliseconds } = this.#limits;
    const stop = limited(this.#child, milliseconds, () => {
      this.#settle((one) => one.reject(new Overtime(`it takes more than ${milliseconds / 1000} s`)));
      this.end();
    });
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer.finally(stop);
  }

  /** Ends the process and whatever it has started. */
  end(): void {
    process.off("exit", this.#ended);
    endGroup(this.#child);
  }

  #hear(text: string): void {
    this.#heard += text;
    const at = this.#heard.indexOf("\n");
    if (at < 0) return;
    const line = this.#heard.slice(0, at);
    this.#heard = this.#heard.slice(at + 1);
    const said = saidIn(line);
    if (said?.printed === true) this.#owed++;
    const settle = (): void => this.#settle((one) => {
      if (said === null) one.reject(new Thrown({ message: "it writes into what is not its own: print to standard output" }));
      else if (said.error === undefined) one.resolve(said.ok);
      else one.reject(new Thrown(said.error));
    });
    if (this.#owed <= 0) return settle();
    // What has closed or redirected its prints is not waited for.
    const timer = setTimeout(() => {
      this.#owed = 0;
      this.#afterPrints?.();
    }, MOST_WAIT);
    this.#afterPrints = () => {
      clearTimeout(timer);
      this.#afterPrints = null;
      settle();
    };
  }

  /** Hands on what is printed; a mark says that an answer's prints have all come. */
  #print(text: string): void {
    const plain = text.replaceAll("\0", "");
    if (plain !== "") this.#limits.tell(plain);
    this.#owed -= text.length - plain.length;
    if (this.#owed <= 0) this.#afterPrints?.();
  }

  #settle(tell: (one: Waiting) => void): void {
    const one = this.#waiting;
    this.#waiting = null;
    if (one !== null) tell(one);
  }
}

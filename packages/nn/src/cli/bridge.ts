/**
 * Questions of the judge, in its thread, that the main thread answers: the judge waits, since it is not asynchronous;
 * the main thread minds the processes.
 */

import { MessageChannel, receiveMessageOnPort, type MessagePort, type Transferable } from "node:worker_threads";
import { SourceError } from "../handcheck/intake/given.ts";
import type { Words } from "../locales/words.ts";
import type { Reply, Way } from "./javascript/module.ts";
import type { Request } from "./javascript/submission.ts";
import type { ModuleQuestion, Role } from "./programs.ts";

/** The processes in which a person's code runs, as the judge asks them. */
export interface Programs {
  /** Asks an interpreter of another language by the name of the question, and waits. */
  readonly ask: (name: string, request: unknown) => unknown;
  /**
   * Asks, and gives what waits for the answer: of questions that nobody has waited for yet those behind one that fails
   * are not asked.
   */
  readonly begin: (name: string, request: unknown) => () => unknown;
  /** The way to a module; `doing` says what is running meanwhile. */
  readonly way: (role: Role, doing: () => Words) => Way;
}

/** The end of the bridge that the judge's thread is given. */
export interface BridgeEnd {
  readonly port: MessagePort;
  /** How many answers were put into the port. */
  readonly flag: Int32Array;
}

type Answered =
  | { readonly kind: "answer"; readonly value: unknown }
  | {
      readonly kind: "refused";
      readonly says: Words;
      readonly advises: Words;
      readonly place: SourceError["place"];
    }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };

/**
 * A question with its number, and that of its run: of questions that were begun before the answer to any of them was
 * taken.
 */
interface Question {
  readonly id: number;
  readonly run: number;
  readonly name: string;
  readonly request: unknown;
}

/** Answers by name. */
export type Handlers = Readonly<Record<string, (request: never) => Promise<unknown>>>;

/** The judge's side. */
export class Bridge implements Programs {
  readonly #end: BridgeEnd;
  readonly #answers = new Map<number, Answered>();
  #asked = 0;
  #run = 0;
  #isTaking = false;

  constructor(end: BridgeEnd) {
    this.#end = end;
  }

  /** Asks, and waits for the answer. */
  ask(name: string, request: unknown): unknown {
    return this.begin(name, request)();
  }

  begin(name: string, request: unknown): () => unknown {
    const id = this.#asked++;
    if (this.#isTaking) this.#run++;
    this.#isTaking = false;
    this.#end.port.postMessage({ id, run: this.#run, name, request } satisfies Question);
    return () => {
      const answer = this.#answer(id);
      this.#isTaking = true;
      switch (answer.kind) {
        case "answer":
          return answer.value;
        case "refused":
          throw new SourceError(answer.says, answer.advises, answer.place);
        case "failed":
          throw Object.assign(new Error(answer.message), { stack: answer.stack });
      }
    };
  }

  /** Waits for the answer to a question. */
  #answer(id: number): Answered {
    const { port, flag } = this.#end;
    for (;;) {
      // What comes while the port is emptied changes the number, so that nobody sleeps over it.
      const put = Atomics.load(flag, 0);
      for (let one = receiveMessageOnPort(port); one !== undefined; one = receiveMessageOnPort(port)) {
        const { id: of, answer } = one.message as { readonly id: number; readonly answer: Answered };
        this.#answers.set(of, answer);
      }
      const found = this.#answers.get(id);
      if (found !== undefined) {
        this.#answers.delete(id);
        return found;
      }
      Atomics.wait(flag, 0, put);
    }
  }

  way(role: Role, doing: () => Words): Way {
    const begin = (request: Request): (() => Reply) =>
      this.begin("module", { role, request, doing: doing() } satisfies ModuleQuestion) as () => Reply;
    return { open: (request) => Promise.resolve(begin(request)()), ask: (request) => begin(request)(), begin };
  }
}

const replyOf = (thrown: unknown): Answered =>
  thrown instanceof SourceError
    ? { kind: "refused", says: thrown.says, advises: thrown.advises, place: thrown.place }
    : {
        kind: "failed",
        message: thrown instanceof Error ? thrown.message : String(thrown),
        stack: thrown instanceof Error ? (thrown.stack ?? "") : "",
      };

const unasked: Answered = { kind: "failed", message: "it was not asked: what was asked before has failed", stack: "" };

/** True if it threw: here, or in the module's process. */
function hasFailed(answer: Answered): boolean {
  if (answer.kind !== "answer") return true;
  const { value } = answer;
  return typeof value === "object" && value !== null && (value as Reply).error !== undefined;
}

/**
 * The main thread's side: what goes into the thread's data, what is transferred with it, and how the answering ends.
 */
export function serve(handlers: Handlers): {
  readonly end: BridgeEnd;
  readonly transfer: readonly Transferable[];
  readonly close: () => void;
} {
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const answerTo = async ({ name, request }: Question): Promise<Answered> => {
    try {
      return { kind: "answer", value: await (handlers[name] as (request: unknown) => Promise<unknown>)(request) };
    } catch (thrown) {
      return replyOf(thrown);
    }
  };
  let [last, failed]: [Promise<unknown>, number] = [Promise.resolve(), -1];
  port1.on("message", (question: Question) => {
    // One after the other, as they were asked.
    last = last.then(async () => {
      const answer = failed === question.run ? unasked : await answerTo(question);
      if (hasFailed(answer)) failed = question.run;
      port1.postMessage({ id: question.id, answer });
      Atomics.add(flag, 0, 1);
      Atomics.notify(flag, 0);
    });
  });
  return { end: { port: port2, flag }, transfer: [port2], close: () => port1.close() };
}

/** Questions of the judge, in its thread, that the main thread answers: the judge waits, since it is not asynchronous; the main thread minds the processes. */

import { MessageChannel, receiveMessageOnPort, type MessagePort, type Transferable } from "node:worker_threads";
import { SourceError } from "../handcheck/intake/given.ts";
import { FaultError } from "./faults.ts";
import type { Reply, Way } from "./javascript/module.ts";
import type { Request } from "./javascript/submission.ts";
import type { ModuleQuestion, Role } from "./programs.ts";

/** Where a person's code runs, for the judge. */
export interface Programs {
  /** Asks an interpreter of another language by the name of the question, and waits. */
  readonly ask: (name: string, request: unknown) => unknown;
  /** The way to a module; `doing` says what is running meanwhile. */
  readonly way: (role: Role, doing: () => string) => Way;
}

/** What the judge's thread is given. */
export interface BridgeEnd {
  readonly port: MessagePort;
  /** 1 once the answer lies in the port. */
  readonly flag: Int32Array;
}

type Answered =
  | { readonly kind: "answer"; readonly value: unknown }
  | { readonly kind: "refused"; readonly message: string; readonly advice: string; readonly place: SourceError["place"] }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };

/** Answers by name. */
export type Handlers = Readonly<Record<string, (request: never) => Promise<unknown>>>;

/** The judge's side. */
export class Bridge implements Programs {
  readonly #end: BridgeEnd;

  constructor(end: BridgeEnd) {
    this.#end = end;
  }

  /** Asks, and waits for the answer. */
  ask(name: string, request: unknown): unknown {
    const { port, flag } = this.#end;
    Atomics.store(flag, 0, 0);
    port.postMessage({ name, request });
    Atomics.wait(flag, 0, 0);
    const { message } = receiveMessageOnPort(port) as { readonly message: Answered };
    switch (message.kind) {
      case "answer": return message.value;
      case "refused": throw new SourceError(message.message, message.advice, message.place);
      case "failed": throw Object.assign(new Error(message.message), { stack: message.stack });
    }
  }

  way(role: Role, doing: () => string): Way {
    const ask = (request: Request): Reply => this.ask("module", { role, request, doing: doing() } satisfies ModuleQuestion) as Reply;
    return { open: (request) => Promise.resolve(ask(request)), ask };
  }
}

const replyOf = (thrown: unknown): Answered =>
  (thrown instanceof SourceError || thrown instanceof FaultError
    ? { kind: "refused", message: thrown.message, advice: thrown.advice, place: thrown.place }
    : { kind: "failed", message: thrown instanceof Error ? thrown.message : String(thrown), stack: thrown instanceof Error ? thrown.stack ?? "" : "" });

/** The main thread's side: what goes into the thread's data, what is transferred with it, and how the answering ends. */
export function serve(handlers: Handlers): { readonly end: BridgeEnd; readonly transfer: readonly Transferable[]; readonly close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  port1.on("message", ({ name, request }: { readonly name: string; readonly request: unknown }) => {
    void (handlers[name] as (request: unknown) => Promise<unknown>)(request)
      .then((value): Answered => ({ kind: "answer", value }), replyOf)
      .then((reply) => {
        port1.postMessage(reply);
        Atomics.store(flag, 0, 1);
        Atomics.notify(flag, 0);
      });
  });
  return { end: { port: port2, flag }, transfer: [port2], close: () => port1.close() };
}

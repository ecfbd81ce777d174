/** Questions of the worker that the main thread answers: the worker waits, since the check is not asynchronous; processes live outside of it. */

import { MessageChannel, receiveMessageOnPort, type MessagePort, type Transferable } from "node:worker_threads";
import { SourceError } from "../handcheck/intake/given.ts";

/** What the worker is given. */
export interface BridgeEnd {
  readonly port: MessagePort;
  /** 1 once the answer lies in the port. */
  readonly flag: Int32Array;
}

type Reply =
  | { readonly kind: "answer"; readonly value: unknown }
  | { readonly kind: "refused"; readonly message: string; readonly advice: string; readonly place: SourceError["place"] }
  | { readonly kind: "failed"; readonly message: string; readonly stack: string };

/** Answers by name. */
export type Handlers = Readonly<Record<string, (request: never) => Promise<unknown>>>;

/** The worker's side. */
export class Bridge {
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
    const { message } = receiveMessageOnPort(port) as { readonly message: Reply };
    switch (message.kind) {
      case "answer": return message.value;
      case "refused": throw new SourceError(message.message, message.advice, message.place);
      case "failed": throw Object.assign(new Error(message.message), { stack: message.stack });
    }
  }
}

const replyOf = (thrown: unknown): Reply =>
  (thrown instanceof SourceError
    ? { kind: "refused", message: thrown.message, advice: thrown.advice, place: thrown.place }
    : { kind: "failed", message: thrown instanceof Error ? thrown.message : String(thrown), stack: thrown instanceof Error ? thrown.stack ?? "" : "" });

/** The main thread's side: what goes into the worker's data, what is transferred with it, and how the answering ends. */
export function serve(handlers: Handlers, busy: (is: boolean) => void): { readonly end: BridgeEnd; readonly transfer: readonly Transferable[]; readonly close: () => void } {
  const { port1, port2 } = new MessageChannel();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  port1.on("message", ({ name, request }: { readonly name: string; readonly request: unknown }) => {
    busy(true);
    void (handlers[name] as (request: unknown) => Promise<unknown>)(request)
      .then((value): Reply => ({ kind: "answer", value }), replyOf)
      .then((reply) => {
        busy(false);
        port1.postMessage(reply);
        Atomics.store(flag, 0, 1);
        Atomics.notify(flag, 0);
      });
  });
  return { end: { port: port2, flag }, transfer: [port2], close: () => port1.close() };
}

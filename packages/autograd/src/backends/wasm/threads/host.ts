/** Workers of Node and of browsers alike, as far as threads of programs need them; none where neither is there. */

import { nodeSource, pageSource, type WorkerStart } from "./worker-source.ts";

/** A worker that runs. */
export interface RunningWorker {
  /** Stops it in the middle of whatever it does. */
  stop(): void;
}

/** The host of threads. */
export interface ThreadHost {
  /** How many threads run at the same time. */
  readonly cores: number;
  /** True if this thread may sleep: the main thread of a page may not. */
  readonly sleeps: boolean;
  /**
   * Starts a worker, which ends with the process; `ended` is called when it is gone. Throws where workers are
   * forbidden.
   */
  start(given: WorkerStart, ended: () => void): RunningWorker;
}

interface NodeWorker {
  unref(): void;
  on(event: "exit" | "error", listener: () => void): void;
  terminate(): Promise<unknown>;
}

interface Builtins {
  "node:worker_threads": { readonly Worker: new (source: string, options: object) => NodeWorker };
  "node:os": { readonly availableParallelism: () => number };
}

interface PageWorker {
  onerror: (() => void) | null;
  postMessage(given: WorkerStart): void;
  terminate(): void;
}

interface Globals {
  readonly process?: { readonly getBuiltinModule?: <K extends keyof Builtins>(name: K) => Builtins[K] | undefined };
  readonly Worker?: new (url: string, options: object) => PageWorker;
  readonly Blob?: new (parts: readonly string[], options: object) => object;
  readonly URL: { createObjectURL(blob: object): string };
  readonly navigator?: { readonly hardwareConcurrency?: number };
  /** Only the main thread of a page has one. */
  readonly document?: object;
  readonly setTimeout: (then: () => void, milliseconds: number) => unknown;
}

const globals = globalThis as unknown as Globals;

/**
 * Time in which a page's worker is gone after it was told to stop; nothing tells of it, and one in a loop is let run
 * for two seconds.
 */
const PAGE_STOP_MILLISECONDS = 2500;

function nodeHost(threads: Builtins["node:worker_threads"], os: Builtins["node:os"] | undefined): ThreadHost {
  return {
    cores: os?.availableParallelism() ?? 1,
    sleeps: true,
    start(given, ended) {
      // Loaders and options of the process would only make its start slow: the text needs none of them.
      const worker = new threads.Worker(nodeSource, { eval: true, workerData: given, env: {}, execArgv: [] });
      worker.on("exit", ended);
      // A listener for errors keeps them from ending the process; the exit follows.
      worker.on("error", () => undefined);
      worker.unref();
      return { stop: () => void worker.terminate() };
    },
  };
}

function pageHost(Worker: NonNullable<Globals["Worker"]>, Blob: NonNullable<Globals["Blob"]>): ThreadHost {
  let url: string | null = null;
  return {
    cores: globals.navigator?.hardwareConcurrency ?? 1,
    sleeps: globals.document === undefined,
    start(given, ended) {
      url ??= globals.URL.createObjectURL(new Blob([pageSource], { type: "text/javascript" }));
      const worker = new Worker(url, { name: "chainrule" });
      worker.onerror = ended;
      worker.postMessage(given);
      return {
        stop() {
          worker.terminate();
          globals.setTimeout(ended, PAGE_STOP_MILLISECONDS);
        },
      };
    },
  };
}

let known: ThreadHost | null | undefined;

/** The workers of this host; `null` where there are none. */
export function threadHost(): ThreadHost | null {
  if (known !== undefined) return known;
  const builtin = globals.process?.getBuiltinModule;
  const threads = builtin?.("node:worker_threads");
  if (threads !== undefined) known = nodeHost(threads, builtin!("node:os"));
  else
    known = globals.Worker !== undefined && globals.Blob !== undefined ? pageHost(globals.Worker, globals.Blob) : null;
  return known;
}

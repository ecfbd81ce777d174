/**
 * Peers that live in Python: one process for each library and number of threads, asked over its pipes, waiting while
 * others are timed.
 */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Library } from "./libraries.ts";
import type { Contestant } from "./measure.ts";
import type { Values, Work } from "./work.ts";

/** A library in Python, and how many threads it gets. */
interface Peer {
  readonly module: "torch" | "jax";
  readonly name: string;
  readonly engine: string;
  readonly threads: number;
}

const peers: readonly Peer[] = [
  { module: "torch", name: "PyTorch", engine: "eager", threads: 1 },
  { module: "torch", name: "PyTorch", engine: "eager", threads: 2 },
  { module: "jax", name: "JAX", engine: "XLA, jit", threads: 1 },
  { module: "jax", name: "JAX", engine: "XLA, jit", threads: 2 },
];

/** What the script answers. */
interface Answer {
  readonly absent?: string;
  readonly error?: string;
  readonly version?: string;
  readonly threads?: number;
  readonly names?: readonly string[];
  readonly milliseconds?: number;
}

/** Python's process as a peer of every work. */
export class PythonPeer {
  readonly library: Library;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #folder: string;

  constructor(library: Library, process: ChildProcessWithoutNullStreams, answers: AsyncIterator<string>) {
    this.library = library;
    this.#process = process;
    this.#answers = answers;
    this.#folder = mkdtempSync(join(tmpdir(), "chainrule-peers-"));
  }

  /** Hands the work's data over; what is then asked is about this work. */
  async load(work: Pick<Work, "id" | "data" | "settings">): Promise<Contestant> {
    const data = Object.entries(work.data).map(([name, { shape, numbers }]) => {
      const file = join(this.#folder, `${name}.data`);
      writeFileSync(file, numbers);
      return [name, { file, shape, type: numbers instanceof Float64Array ? "float64" : "float32" }] as const;
    });
    await this.#ask({ do: "load", work: work.id, data: Object.fromEntries(data), settings: work.settings });
    return {
      name: this.library.name,
      threads: this.library.threads,
      values: () => this.#values(),
      time: async (times) => (await this.#ask({ do: "time", times })).milliseconds!,
    };
  }

  async #values(): Promise<Values> {
    const folder = join(this.#folder, "values");
    mkdirSync(folder, { recursive: true });
    const { names } = await this.#ask({ do: "values", folder });
    return Object.fromEntries(
      names!.map((name) => {
        const bytes = readFileSync(join(folder, name));
        return [name, new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))];
      }),
    );
  }

  async #ask(request: object): Promise<Answer> {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await nextAnswer(this.#answers);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, "exit");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function nextAnswer(answers: AsyncIterator<string>): Promise<Answer> {
  const { value, done } = (await answers.next()) as { value: string; done?: boolean };
  if (done === true) throw new Error("its process has ended");
  return JSON.parse(value) as Answer;
}

async function startPeer(
  python: string,
  script: string,
  { module, name, engine, threads }: Peer,
): Promise<PythonPeer | string> {
  const label = `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  const child = spawn(python, [fileURLToPath(new URL(script, import.meta.url)), module, String(threads)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const failed = once(child, "error").then(([error]: unknown[]) => `${label}: absent (${(error as Error).message})`);
  const lines: Interface = createInterface({ input: child.stdout });
  const answers = lines[Symbol.asyncIterator]();
  child.stderr.resume();
  // A process that has ended is noticed by the answer that does not come.
  child.stdin.on("error", () => undefined);
  const greeting = nextAnswer(answers).then(
    (hello) =>
      hello.version === undefined
        ? `${label}: absent (${hello.absent ?? "no answer"})`
        : new PythonPeer({ name, version: hello.version, engine, threads: hello.threads ?? threads }, child, answers),
    (error: unknown) => `${label}: absent (${(error as Error).message})`,
  );
  return Promise.race([failed, greeting]);
}

/**
 * Starts what `python` has; for the rest a line that says what is missing.
 *
 * @param script - where the works are, from the folder of the bundle
 * @param most - threads of a library
 */
export async function startPython(
  python: string,
  { script = "../peers/peers.py", most = Infinity }: { readonly script?: string; readonly most?: number } = {},
): Promise<{ readonly peers: readonly PythonPeer[]; readonly absent: readonly string[] }> {
  const asked = peers.filter(({ threads }) => threads <= most);
  const started = await Promise.all(asked.map((peer) => startPeer(python, script, peer)));
  return {
    peers: started.filter((peer) => typeof peer !== "string"),
    absent: started.filter((peer) => typeof peer === "string"),
  };
}

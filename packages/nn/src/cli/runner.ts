/**
 * The process of somebody's module: requests come on an own pipe, a line each, and answers go there. What the module
 * prints stays on the streams for that, and it has nothing to read.
 */

import { readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import {
  bufferOf,
  joined,
  parse,
  partOf,
  pause,
  placeOfByte,
  textOf,
} from "../handcheck/intake/sources/process/untouched.ts";
import { Submission, thrownText, type Request } from "./javascript/submission.ts";
import type { Tsx } from "./typescript.ts";

/** The pipe, by its number. */
const PIPE = 3;

// Somebody's code may put others into their places.
const [read, write] = [readSync, writeSync];
const { stdout, stderr } = process;
const writing = stdout.write.bind(stdout);
const writingErrors = stderr.write.bind(stderr);
const exit = process.exit.bind(process);

/** Does it once the pipe is ready: somebody may have opened it again without waiting. */
function ready(body: () => number): number {
  for (;;) {
    try {
      return body();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      pause(1);
    }
  }
}

let heard: Buffer = bufferOf("");

const chunk = Buffer.alloc(1 << 16);

/** The next request; `null` at the end. */
function nextLine(): string | null {
  for (;;) {
    const at = placeOfByte(heard, 10);
    if (at >= 0) {
      const line = textOf(partOf(heard, 0, at), "utf8");
      heard = partOf(heard, at + 1);
      return line;
    }
    const count = ready(() => read(PIPE, chunk, 0, chunk.length, null));
    if (count === 0) return null;
    heard = joined([heard, partOf(chunk, 0, count)]);
  }
}

function say(text: string): void {
  const bytes = bufferOf(`${text}\n`, "utf8");
  for (let done = 0; done < bytes.length;) done += ready(() => write(PIPE, bytes, done, bytes.length - done));
}

/** Registers tsx, for a Node that reads no TypeScript by itself. What is JavaScript already was loaded before it. */
async function register({ module, common }: Tsx): Promise<void> {
  (createRequire(import.meta.url)(common) as { readonly register: () => void }).register();
  ((await import(module)) as { readonly register: () => void }).register();
}

const [, , tsx = ""] = process.argv;
if (tsx !== "") await register(parse(tsx) as Tsx);
const submission = new Submission();
say('{"ready":true}');
for (let line = nextLine(); line !== null; line = nextLine()) {
  const request = parse(line) as Request & { readonly id: string };
  let text: string;
  try {
    if (request.do === "open" && request.tsx !== undefined) await register(request.tsx);
    text = `"ok":${request.do === "open" ? await submission.open(request) : submission.answer(request)}`;
  } catch (thrown) {
    text = `"error":${thrownText(thrown, (one) => submission.isOurs(one))}`;
  }
  say(`{"id":"${request.id}",${text}}`);
}
// What was printed goes out first.
writing("", () => writingErrors("", () => exit(0)));

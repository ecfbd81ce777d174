/**
 * The code of a worker, as text: no file has to be found, whether the library is read as TypeScript, as JavaScript or
 * in a bundle.
 */

import { pow } from "../../../kernels/special.ts";
import { barrierWords, CONTROL_END, mailboxWords } from "../memory/control-words.ts";

/** The data of a worker when it starts. */
export interface WorkerStart {
  readonly memory: object;
  /** The address of its mailbox. */
  readonly mailbox: number;
  /** The number of the last job before its first. */
  readonly sequence: number;
}

/** Turns of a loop before a worker without a job sleeps. */
const SPINS = 20_000;
/** So many programs are kept; another one is compiled again when it is needed. */
const MOST_PROGRAMS = 64;

const { generation, sleepers, failed } = barrierWords;

/**
 * A function of a `WorkerStart` that never returns. It waits for a number in its mailbox to grow, and runs its part of
 * the program that is named there. Nothing comes by message, so neither side needs its event loop.
 */
const work = `(({ memory, mailbox, sequence }) => {
  const words = new Int32Array(memory.buffer, 0, ${CONTROL_END / 4});
  const first = mailbox / 4;
  const read = (word) => Atomics.load(words, first + word);
  const host = {
    memory,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    pow: (${pow.toString()}),
    sleep: (before) => {
      Atomics.add(words, ${sleepers / 4}, 1);
      Atomics.wait(words, ${generation / 4}, before);
      Atomics.sub(words, ${sleepers / 4}, 1);
    },
    wake: () => { Atomics.notify(words, ${generation / 4}); },
  };
  // What only the first thread calls must exist here as well.
  const functionsFor = (module) => {
    const others = WebAssembly.Module.imports(module).filter(({ name }) => !(name in host));
    return { ...host, ...Object.fromEntries(others.map(({ name }) => [name, () => { throw new Error(name); }])) };
  };
  const programs = new Map();
  const program = () => {
    const id = read(${mailboxWords.program});
    let exports = programs.get(id);
    if (exports === undefined) {
      // A word is signed, an address is not.
      const code = new Uint8Array(memory.buffer, read(${mailboxWords.code}) >>> 0, read(${mailboxWords.codeBytes})).slice();
      const module = new WebAssembly.Module(code);
      exports = new WebAssembly.Instance(module, { host: functionsFor(module) }).exports;
    }
    programs.delete(id);
    programs.set(id, exports);
    if (programs.size > ${MOST_PROGRAMS}) programs.delete(programs.keys().next().value);
    return exports;
  };
  Atomics.store(words, first + ${mailboxWords.ready}, 1);
  try {
    for (;;) {
      for (let spin = 0; spin < ${SPINS} && read(${mailboxWords.sequence}) === sequence; spin++);
      Atomics.wait(words, first + ${mailboxWords.sequence}, sequence);
      const now = read(${mailboxWords.sequence});
      if (now === sequence) continue;
      sequence = now;
      Atomics.add(words, first + ${mailboxWords.begun}, 1);
      const exports = program();
      const [entry, thread, threads] = [read(${mailboxWords.entry}), read(${mailboxWords.thread}), read(${mailboxWords.threads})];
      if (entry < 0) exports.run(thread, threads);
      else {
        exports["kernel " + entry](thread, threads);
        exports.barrier(threads);
      }
    }
  } catch {
    Atomics.store(words, ${failed / 4}, 1);
    Atomics.notify(words, ${generation / 4});
  }
})`;

/** The worker of Node and of what is like it. */
export const nodeSource = `${work}(require("node:worker_threads").workerData);`;

/** The worker of a page. */
export const pageSource = `onmessage = ({ data }) => { ${work}(data); };`;

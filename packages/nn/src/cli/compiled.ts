/**
 * Loads the files of an installed program, which are CommonJS, and keeps beside them what the engine has compiled of
 * them: a fifth of a short run goes into that. Who may write there may write the program as well; what is anybody
 * else's is not read.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { Script } from "node:vm";

type Require = (name: string) => unknown;
type Body = (exports: object, require: Require, module: object, file: string, folder: string) => void;

/** Code that is kept of a file, and the kinds of runs that it came from: each compiles what it needs. */
interface Kept {
  readonly data: Buffer;
  readonly kinds: readonly string[];
}

interface Loaded {
  readonly exports: object;
  readonly script: Script;
  readonly kinds: readonly string[];
}

/** Kinds of runs are few; whoever finds more does not write at every run. */
const MOST = 32;

/** The kind of a run: what it compiles depends on what is read, and on whether there is something to explain. */
export const kindOf = (command: string, file: string, outcome: string): string =>
  `${command} ${extname(file)} ${outcome}`;

/** Of what another engine has compiled nothing can be used. */
const placeOf = (file: string): string =>
  join(dirname(file), "compiled", `${basename(file)}.${process.versions.v8}-${process.arch}`);

/** The engine itself looks at the length of the text alone: a name must say what is in the file. */
const isNamedByContent = (file: string): boolean => /-[\w-]{8}\.cjs$/.test(file);

/** Reads what an earlier run has kept, where that was its owner's. */
function keptOf(file: string): Kept | null {
  if (!isNamedByContent(file)) return null;
  const place = placeOf(file);
  try {
    if (statSync(place).uid !== statSync(file).uid) return null;
    const bytes = readFileSync(place);
    const end = bytes.indexOf("\n");
    return { data: bytes.subarray(end + 1), kinds: JSON.parse(bytes.toString("utf8", 0, end)) as string[] };
  } catch {
    return null;
  }
}

/** Writes all of it or nothing; a folder that is not ours, or full, is nobody's fault: the next run compiles again. */
function isWritten(place: string, bytes: Buffer): boolean {
  // Threads of one process may do so at once.
  const fresh = `${place}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o755 });
  } catch {
    return false;
  }
  try {
    writeFileSync(fresh, bytes, { mode: 0o644 });
    renameSync(fresh, place);
    return true;
  } catch {
    rmSync(fresh, { force: true });
    return false;
  }
}

/** The files of a program, each by its path. */
export class Compiled {
  readonly #loaded = new Map<string, Loaded>();

  /** Loads a file, and gives its exports. */
  load(file: string): object {
    const before = this.#loaded.get(file);
    if (before !== undefined) return before.exports;
    const kept = keptOf(file);
    const head = "(function (exports, require, module, __filename, __dirname) { ";
    const script = new Script(`${head}${readFileSync(file, "utf8")}\n})`, {
      filename: file,
      ...(kept === null ? {} : { cachedData: kept.data }),
    });
    const kinds = kept === null || script.cachedDataRejected === true ? [] : kept.kinds;
    const module = { exports: {} };
    this.#loaded.set(file, { ...module, script, kinds });
    const folder = dirname(file);
    const asked: Require = (name) =>
      name.startsWith(".") ? this.load(resolve(folder, name)) : process.getBuiltinModule(name);
    (script.runInThisContext() as Body)(module.exports, asked, module, file, folder);
    return module.exports;
  }

  /** The files of which something was kept. */
  get kept(): readonly string[] {
    return [...this.#loaded].filter(([, { kinds }]) => kinds.length > 0).map(([file]) => file);
  }

  /** Keeps what this run has compiled, unless one of its kind has done so. */
  keep(kind: string): void {
    for (const [file, { script, kinds }] of this.#loaded) {
      if (!isNamedByContent(file) || kinds.includes(kind) || kinds.length >= MOST) continue;
      const place = placeOf(file);
      const head = Buffer.from(`${JSON.stringify([...kinds, kind])}\n`);
      if (!isWritten(place, Buffer.concat([head, script.createCachedData()]))) return;
    }
  }
}

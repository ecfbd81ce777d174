/**
 * A place for strangers' modules: a copy of the one file in an empty folder, its types taken off by us, under Node's
 * permission model, which has nothing there to read, to write or to start but the library. Never with threads: they
 * would run without it.
 */

import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cli } from "../locales/cli.ts";
import type { Words } from "../locales/words.ts";
import { SourceError } from "../handcheck/intake/given.ts";
import { exportErrors } from "../locales/export-errors.ts";
import type { ThrownWire } from "./javascript/submission.ts";
import { findTsx, transformed, withoutTypes } from "./typescript.ts";

/** Larger files are none that anybody wrote. */
const LARGEST = 4 << 20;

/** The folder and how Node is started in it. */
export interface Sandbox {
  readonly folder: string;
  /** The copy. */
  readonly file: string;
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => void;
}

/** The text of a regular file; a link, which may lead anywhere, is none. */
function textOf(file: string): string {
  let open: number;
  try {
    open = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP")
      throw new SourceError(exportErrors.isLink, exportErrors.handCopy);
    throw error;
  }
  try {
    const { size } = fstatSync(open);
    if (!fstatSync(open).isFile()) throw new SourceError(exportErrors.noRegularFile, exportErrors.takesOne);
    if (size > LARGEST)
      throw new SourceError(exportErrors.hasBytes({ size }), exportErrors.takesBytes({ most: LARGEST }));
    return readFileSync(open, "utf8");
  } finally {
    closeSync(open);
  }
}

/** Without what Node says of its own experiments: nobody here began one. */
function quietly<R>(body: () => R): R {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return body();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** JavaScript with the lines of what was written. */
function withoutItsTypes(text: string, file: string): string {
  // Node has it from 22.13 on.
  const { stripTypeScriptTypes: strip } = module as { readonly stripTypeScriptTypes?: (text: string) => string };
  if (strip !== undefined) return quietly(() => strip(text));
  const tsx = findTsx([file, fileURLToPath(import.meta.url)]);
  if (tsx === null) throw withoutTypes();
  return transformed(text, file, tsx);
}

/** The modules that submissions may import. */
const library = ["@chainrule/autograd", "@chainrule/autograd/check", "@chainrule/autograd/scalar"] as const;

/** The folder of a package, from the address of one of its modules. */
function folderOf(address: string): string {
  let folder = dirname(fileURLToPath(address));
  while (!packageAt(folder)) folder = dirname(folder);
  return realpathSync(folder);
}

const packageAt = (folder: string): boolean => {
  try {
    readFileSync(join(folder, "package.json"));
    return true;
  } catch {
    return dirname(folder) === folder;
  }
};

/** The address of an entry of the library, as this package finds it. */
const addressOf = (name: string): string => pathToFileURL(module.createRequire(import.meta.url).resolve(name)).href;

/** Puts a package there that hands on the library, which stays where it is. */
function putLibrary(folder: string): void {
  const place = join(folder, "node_modules/@chainrule/autograd");
  mkdirSync(place, { recursive: true });
  const entries = library.map((name, at) => {
    writeFileSync(join(place, `${at}.js`), `export * from ${JSON.stringify(addressOf(name))};\n`);
    return [`.${name.slice("@chainrule/autograd".length)}`, `./${at}.js`];
  });
  writeFileSync(
    join(place, "package.json"),
    JSON.stringify({ name: "@chainrule/autograd", type: "module", exports: Object.fromEntries(entries) as object }),
  );
}

const flags = process.allowedNodeEnvironmentFlags;

/** Makes it. */
export function sandboxFor(file: string): Sandbox {
  const text = textOf(file);
  const isTypeScript = /\.[cm]?ts$/i.test(file);
  const code = isTypeScript ? withoutItsTypes(text, file) : text;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "chainrule-sandbox-")));
  const copy = join(
    folder,
    basename(file).replace(/\.([cm]?)ts$/i, (_, kind: string) => (kind.toLowerCase() === "c" ? ".cjs" : ".mjs")),
  );
  writeFileSync(copy, code);
  putLibrary(folder);
  const readable = [folder, folderOf(import.meta.url), folderOf(addressOf(library[0]))];
  return {
    folder,
    file: copy,
    words: [
      "--no-warnings",
      flags.has("--permission") ? "--permission" : "--experimental-permission",
      ...readable.map((one) => `--allow-fs-read=${join(one, "*")}`),
      ...(isTypeScript ? ["--enable-source-maps"] : []),
    ],
    env: process.platform === "win32" ? { SystemRoot: process.env["SystemRoot"] ?? "" } : {},
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The report's sentence on the sandbox; it says so where this Node cannot close the network. */
export const sandboxNote = (): Words =>
  flags.has("--allow-net") ? cli.sandboxed : cli.sandboxedWithNetwork({ version: process.versions.node });

const denied: Readonly<Record<string, (what: string) => string>> = {
  FileSystemRead: (what) => `reads ${what}`,
  FileSystemWrite: (what) => `writes ${what}`,
  ChildProcess: () => "starts a program",
  WorkerThreads: () => "starts a thread",
  Net: () => "uses the network",
  Inspector: () => "inspects itself",
  WASI: () => "uses WASI",
  Addons: () => "loads a program of the machine",
};

/** Tells what went wrong in the sandbox in words of it, and with the file's own name. */
export function outside(error: ThrownWire, { file: copy, folder }: Sandbox, file: string): ThrownWire {
  const named = (text: string): string =>
    text.replaceAll(pathToFileURL(copy).href, pathToFileURL(file).href).replaceAll(copy, file);
  const [, missing] = /^Cannot find (?:package|module) '([^']*)'/.exec(error.message) ?? [];
  const does =
    error.denied === undefined
      ? undefined
      : (denied[error.denied.permission] ?? ((): string => `does what it must not: ${error.denied!.permission}`));
  const message =
    missing !== undefined
      ? `the sandbox has no ${missing.replace(`${folder}/`, "")}: it holds this file and @chainrule/autograd`
      : does !== undefined
        ? `it ${does(error.denied!.resource)}: the sandbox does not allow that`
        : named(error.message);
  return {
    ...error,
    name: missing === undefined && does === undefined ? error.name : "Error",
    message,
    stack: named(error.stack),
  };
}

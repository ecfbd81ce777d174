/**
 * Which files of a class are judged: those that were named, those of a folder, and of each student's folder in it one.
 */

import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, extname, join, relative, sep } from "node:path";
import { isArrayFile } from "../../handcheck/intake/sources/endings.ts";
import { cli } from "../../locales/cli.ts";
import { progress } from "../../locales/usage-errors.ts";
import type { Words } from "../../locales/words.ts";

/** The work that one student handed in. */
export interface Submission {
  /** The file's name; in a student's folder with that, as `alice/backprop.py`. */
  readonly name: string;
  readonly file: string;
  /** Further files of arrays. */
  readonly more: readonly string[];
  /** Why nothing of it can be judged; `null` where it can. */
  readonly problem: Words | null;
}

/** All that is judged, in the order of names, and what is not. */
export interface Found {
  readonly submissions: readonly Submission[];
  /** Names, with why they are left out. */
  readonly leftOut: readonly { readonly name: string; readonly why: Words }[];
}

export interface Looking {
  /** Endings that can be read. */
  readonly readable: readonly string[];
  /** The reference, which may lie among the submissions. */
  readonly reference: string | null;
}

/** Names that lie beside submissions and are none; one that begins with a point or two lines is a program's own. */
const beside = /^(?:\.|__|node_modules$|README|LICENSE|package(?:-lock)?\.json$|tsconfig\.json$|requirements\.txt$)/i;

/** Usual names of a student's file where there are more beside it. */
const usual = /^(?:backprop|backward|submission|solution|homework|main)\./i;

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const endingOf = (path: string): string => extname(path).toLowerCase();

/** The file itself, whatever it is called. */
const itself = (path: string): string => realpathSync(path);

/** Why an entry of a folder is none that can be judged; `null` where it is. */
function oddity(path: string, { readable, reference }: Looking): Words | null {
  const entry = lstatSync(path);
  // A link may lead to the reference.
  if (entry.isSymbolicLink()) return progress.isLink;
  if (entry.isDirectory()) return null;
  if (!entry.isFile()) return progress.isNoFile;
  if (reference !== null && itself(path) === itself(reference)) return progress.isReference;
  if (beside.test(basename(path))) return progress.isNone;
  return readable.includes(endingOf(path)) ? null : progress.notRead({ ending: endingOf(path) });
}

/**
 * The one submission in a student's folder: its only file, the one with the reference's name or a usual one, or all its
 * arrays.
 */
function inFolder(folder: string, looking: Looking): Submission | null {
  const student = basename(folder);
  const entries = readdirSync(folder).sort(byName);
  const files = entries
    .map((name) => join(folder, name))
    .filter((path) => oddity(path, looking) === null && statSync(path).isFile());
  const stem = looking.reference === null ? null : basename(looking.reference, extname(looking.reference));
  const only = (some: readonly string[]): string | undefined => (some.length === 1 ? some[0] : undefined);
  const file =
    only(files) ??
    only(files.filter((path) => basename(path, extname(path)) === stem)) ??
    only(files.filter((path) => usual.test(basename(path))));
  if (file !== undefined) return { name: `${student}/${basename(file)}`, file, more: [], problem: null };
  const [first, ...more] = files;
  if (first !== undefined && files.every((path) => isArrayFile(endingOf(path))))
    return { name: student, file: first, more, problem: null };
  if (first === undefined && entries.every((name) => beside.test(name))) return null;
  const problem =
    first === undefined
      ? cli.noFileInFolder({ stem })
      : cli.whichFile({ files: files.map((path) => basename(path)), stem, ending: endingOf(first) });
  return { name: student, file: folder, more: [], problem };
}

/** A folder that cannot be looked into is its owner's affair. */
function readFolder(folder: string, looking: Looking): Submission | null {
  try {
    return inFolder(folder, looking);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return { name: basename(folder), file: folder, more: [], problem: cli.folderNotRead({ code }) };
  }
}

/** Reads a folder: files, and one level of students' folders. */
function folderFiles(folder: string, looking: Looking): Found {
  const submissions: Submission[] = [];
  const leftOut: { name: string; why: Words }[] = [];
  for (const name of readdirSync(folder).sort(byName)) {
    const path = join(folder, name);
    const why = oddity(path, looking) ?? (beside.test(name) ? progress.isNone : null);
    // What is hidden is hidden from its owner as well.
    if (why !== null && name.startsWith(".")) continue;
    if (why !== null) leftOut.push({ name, why });
    else if (!statSync(path).isDirectory()) submissions.push({ name, file: path, more: [], problem: null });
    else {
      const own = readFolder(path, looking);
      if (own === null) leftOut.push({ name, why: progress.emptyFolder });
      else submissions.push(own);
    }
  }
  return { submissions, leftOut };
}

/** Names that are told apart: files of the same name have as much of the way to them as that takes. */
function toldApart(submissions: readonly Submission[]): Submission[] {
  const tail = (path: string, parts: number): string => path.split(sep).slice(-parts).join("/");
  return submissions.map((one) => {
    const others = submissions.filter((other) => other !== one && other.name === one.name);
    let parts = one.name.split("/").length;
    while (others.some(({ file }) => tail(file, parts) === tail(one.file, parts))) parts++;
    return others.length === 0 ? one : { ...one, name: tail(one.file, parts) };
  });
}

/** Everything that was named: files as they are, and what folders hold; a file that was named twice is judged once. */
export function submissionsIn(paths: readonly string[], looking: Looking): Found {
  const seen = new Set<string>();
  const all = paths.map((path): Found =>
    statSync(path).isDirectory()
      ? folderFiles(path, looking)
      : { submissions: [{ name: basename(path), file: path, more: [], problem: null }], leftOut: [] },
  );
  const leftOut = all.flatMap((found) => found.leftOut);
  const submissions = all
    .flatMap((found) => found.submissions)
    .filter(({ file, name }) => {
      const own = itself(file);
      if (seen.has(own)) leftOut.push({ name, why: progress.namedTwice });
      return !seen.has(own) && seen.add(own);
    });
  return { submissions: toldApart(submissions).sort((a, b) => byName(a.name, b.name)), leftOut };
}

/** A mark of what files hold; `null` where one went away, or cannot be read. */
function digestOf(files: readonly string[]): string | null {
  const hash = createHash("sha256");
  try {
    for (const path of files) hash.update(readFileSync(path));
    return hash.digest("hex");
  } catch {
    return null;
  }
}

/** Groups of submissions that are the same, byte for byte. */
export function copies(submissions: readonly Submission[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const { name, file, more, problem } of submissions) {
    if (problem !== null) continue;
    const key = digestOf([file, ...more]);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}

/** The way to a file from where the user stands, as GitHub writes it. */
export const wayTo = (file: string, from: string): string => relative(from, file).split(sep).join("/");

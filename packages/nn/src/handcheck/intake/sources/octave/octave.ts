/** A script for Octave or MATLAB: it is run by octave-cli, and its arrays are those of one pass. */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { programErrors } from "../../../../locales/program-errors.ts";
import { sources } from "../../../../locales/sources.ts";
import { alike } from "../../../../locales/words.ts";
import { SourceError, type Given, type Source } from "../../given.ts";
import { readListing } from "../listing.ts";
import { endGroup, limited, tied, type Bounds, type Watch } from "../process/group.ts";
import { packageFile } from "../process/package-file.ts";
import { passOf } from "../pass.ts";
import { scriptRoles } from "../scripts.ts";
import { addsIn, assignedIn, marked } from "./marks.ts";

export interface OctaveOptions extends Bounds {
  /** Which pass of the script; the first where nothing is said. */
  readonly pass: number;
  readonly watch?: Watch;
  /** Hears what the script prints. */
  readonly tell: (text: string) => void;
}

interface Ended {
  readonly status: number | null;
  readonly errors: string;
  /** Says what it had more of than it may. */
  readonly exceeded: "time" | "memory" | null;
}

/** Runs Octave to its end, or to the limit. */
function runOctave(
  words: readonly string[],
  cwd: string,
  { tell, watch = limited, ...bounds }: OctaveOptions,
): Promise<Ended | null> {
  return new Promise((done) => {
    const child = spawn("octave-cli", words, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    tied(child);
    let errors = "";
    let exceeded: Ended["exceeded"] = null;
    const stop = watch(child, bounds, (what) => {
      exceeded = what;
      endGroup(child);
    });
    child.stdout.setEncoding("utf8").on("data", tell);
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const over = (ended: Ended | null): void => {
      stop();
      endGroup(child);
      done(ended);
    };
    child.on("error", () => over(null));
    child.on("close", (status) => over({ status, errors, exceeded }));
  });
}

/** Octave's words for an error, and the line of the script. */
function thrown(errors: string): SourceError {
  const message =
    /error: (?!called from)(.*?)(?: near line \d+.*)?$/m.exec(errors)?.[1] ?? errors.trim().split("\n")[0]!;
  const line = /near line (\d+)|at line (\d+) column/.exec(errors);
  const number = line === null ? null : Number(line[1] ?? line[2]);
  return new SourceError(
    message === "" ? programErrors.octaveEnded : alike(message),
    null,
    number === null ? null : { line: number, column: 1 },
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Reads what Octave wrote as exact: 17 digits of every number. */
function asComputed(given: Given): Given {
  if (typeof given !== "object" || given === null) return given;
  if (given.kind === "numbers") return { ...given, texts: null, printer: "code" };
  if (given.kind === "list") return { kind: "list", entries: given.entries.map(asComputed) };
  return { kind: "record", entries: new Map([...given.entries].map(([name, value]) => [name, asComputed(value)])) };
}

/** Runs the script and reads the arrays of one pass. */
export async function readOctave(path: string, options: OctaveOptions): Promise<Source> {
  const text = readFileSync(path, "utf8");
  const roles = scriptRoles(assignedIn(text));
  if (roles.gradients.length === 0) throw new SourceError(programErrors.noGradientName, programErrors.octaveNames);
  const folder = mkdtempSync(join(tmpdir(), "chainrule-octave-"));
  try {
    const [script, file] = [join(folder, "submission.m"), join(folder, "arrays.txt")];
    writeFileSync(script, marked(text, roles));
    const wanted = `{${roles.wanted.map(quoted).join(", ")}}`;
    const order = `addpath(${quoted(dirname(packageFile("octave/chainrule_run.m")))}); chainrule_run(${quoted(script)}, ${quoted(file)}, ${options.pass}, ${wanted});`;
    const ended = await runOctave(
      ["--no-gui", "--quiet", "--no-init-file", "--no-history", "--eval", order],
      dirname(resolve(path)),
      options,
    );
    if (ended === null) throw new SourceError(programErrors.noOctave, programErrors.exportArrays);
    if (ended.exceeded === "memory")
      throw new SourceError(programErrors.takesMemory({ memory: options.memory }), programErrors.giveMemory);
    if (ended.exceeded === "time")
      throw new SourceError(programErrors.takesTime({ seconds: options.milliseconds / 1000 }), programErrors.giveTime);
    if (!existsSync(file)) {
      if (ended.status !== 0) throw thrown(ended.errors);
      throw new SourceError(
        options.pass === 1 ? programErrors.noGradientRan : programErrors.noPass({ pass: options.pass }),
        programErrors.assigns({ names: roles.gradients.join(", ") }),
      );
    }
    const { values } = readListing(basename(path), readFileSync(file, "utf8"));
    const note = sources.passBeforeFirst({ pass: options.pass });
    const { entries, notes } = passOf(values.entries, roles);
    return {
      name: basename(path),
      values: asComputed({ kind: "record", entries }) as Source["values"],
      notes: [note, ...notes],
      pass: { adds: addsIn(text, roles.parameters) },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

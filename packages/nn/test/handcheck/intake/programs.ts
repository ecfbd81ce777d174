/** Programs that some tests need and some machines lack: what is skipped for that is said by name. */

import { spawnSync } from "node:child_process";

const answers = (command: string, words: readonly string[]): boolean =>
  spawnSync(command, words, { stdio: "ignore" }).status === 0;

/**
 * The first Python that runs these lines: the program itself, which a version manager's script in its place would look
 * for at each start.
 */
function pythonThatRuns(lines: string): string | null {
  for (const command of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(command, ["-c", `import sys\n${lines}\nprint(sys.executable)`], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (status === 0) return stdout.trim();
  }
  return null;
}

/** The Python that has NumPy, Debian's own among others; `null` where there is none. */
export const pythonWithNumPy: string | null = pythonThatRuns("import numpy");

/** A Python of whatever kind. */
export const anyPython: string | null = pythonWithNumPy ?? pythonThatRuns("");

export const hasOctave = answers("octave-cli", ["--version"]);

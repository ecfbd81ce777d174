/** Programs that some tests need and some machines lack: what is skipped for that is said by name. */

import { spawnSync } from "node:child_process";

const answers = (command: string, words: readonly string[]): boolean => spawnSync(command, words, { stdio: "ignore" }).status === 0;

/** The Python that has NumPy, Debian's own among others; `null` where there is none. */
export const pythonWithNumPy: string | null = ["python3", "/usr/bin/python3"].find((command) => answers(command, ["-c", "import numpy"])) ?? null;

/** A Python of whatever kind. */
export const anyPython: string | null = ["python3", "/usr/bin/python3"].find((command) => answers(command, ["-c", ""])) ?? null;

export const hasOctave = answers("octave-cli", ["--version"]);

/** A program on this machine that runs a person's code, and where Python is looked for. */

import { existsSync } from "node:fs";
import { join } from "node:path";

/** A way to start it. */
export interface Interpreter {
  readonly command: string;
  readonly words: readonly string[];
}

/** Returns where Python may be, in order: what was named, that of the active environment, what the system calls so. */
export function pythons(
  named: string | null,
  env: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): Interpreter[] {
  const plain = (command: string): Interpreter => ({ command, words: [] });
  if (named !== null) return [plain(named)];
  const inFolder = platform === "win32" ? ["Scripts/python.exe", "python.exe"] : ["bin/python3", "bin/python"];
  const environments = [env["VIRTUAL_ENV"], env["CONDA_PREFIX"]].filter(
    (one): one is string => one !== undefined && one !== "",
  );
  const own = environments
    .flatMap((folder) => inFolder.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  return [
    ...(own === undefined ? [] : [plain(own)]),
    plain("python3"),
    plain("python"),
    { command: "py", words: ["-3"] },
  ];
}

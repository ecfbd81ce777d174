/** Runs something again whenever a file changes: editors replace files, so that it is the folder that is watched. */

import { statSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Changes within this time are one: an editor writes in several steps. */
const SETTLED = 80;

const stamp = (file: string): string => {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "";
  }
};

/** Runs at once, then after each change of the file; never returns by itself. */
export async function onChange(file: string, body: () => Promise<void>): Promise<never> {
  let seen = stamp(file);
  let wake = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  watch(dirname(file), (_, name) => {
    if (name !== null && name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => wake(), SETTLED);
  });
  for (;;) {
    await body();
    // What changed while it ran counts, too.
    while (stamp(file) === seen || stamp(file) === "") await new Promise<void>((resolve) => (wake = resolve));
    seen = stamp(file);
  }
}

/** The command `chainrule` as a process: its words, its streams, its exit status. */

import { runCommand } from "./command.ts";
import { hasColor, languageOf, widthOf } from "./output.ts";
import { run } from "./run.ts";

/**
 * The folder in which the user stands: from a clone pnpm runs the command in the folder of the workspace, and says
 * where that was.
 */
function standing(): string {
  const { INIT_CWD, npm_lifecycle_event: script } = process.env;
  return import.meta.url.endsWith(".ts") && script === "chainrule" && INIT_CWD !== undefined ? INIT_CWD : process.cwd();
}

// A reader such as `head` may go before everything is written.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void runCommand(
  process.argv.slice(2),
  {
    from: standing(),
    print: (text) => void process.stdout.write(text),
    tell: (text) => void process.stderr.write(text),
    interactive: process.stdout.isTTY,
    color: hasColor(process.stdout),
    width: widthOf(process.stdout),
    lang: languageOf(),
  },
  run,
).then((status) => {
  process.exitCode = status;
  // Nobody waits for what the judge leaves behind, unless a slow reader has yet to take the report.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
});

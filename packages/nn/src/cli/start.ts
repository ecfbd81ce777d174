#!/usr/bin/env node
/** The command as it is installed, out of what an earlier run has compiled. */

import { extname, join } from "node:path";
import { Compiled, kindOf } from "./compiled.ts";

const files = new Compiled();
const [, , command = "", ...words] = process.argv;

// Everything is said then, and only what was judged is worth it.
process.on("exit", (status) => {
  if (status <= 1) files.keep(kindOf(command, words.find((word) => extname(word) !== "") ?? "", `exit ${status}`));
});
files.load(join(import.meta.dirname, "main.cjs"));

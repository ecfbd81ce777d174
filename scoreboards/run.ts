/**
 * `scoreboards nist|mgh|derivatives [--docs] [--python=path]`: prints a scoreboard; with `--docs` also writes it into
 * docs/scoreboards.md.
 */

import { mghBoard } from "./mgh/board.ts";
import { nistBoard } from "./nist/board.ts";
import { derivativesBoard } from "./nist/derivatives.ts";
import { writePart } from "./report.ts";

const boards: { readonly [name: string]: (python?: string) => string } = {
  nist: nistBoard,
  mgh: mghBoard,
  derivatives: derivativesBoard,
};

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("--"));
const python = words.find((word) => word.startsWith("--python="))?.slice("--python=".length);
const unknown = [
  ...names.filter((name) => !Object.hasOwn(boards, name)),
  ...words.filter((word) => word.startsWith("--") && word !== "--docs" && !word.startsWith("--python=")),
];

if (unknown.length > 0 || names.length === 0) {
  console.error("write: npx pnpm@10 scoreboards nist|mgh|derivatives [--docs] [--python=path]");
  process.exitCode = 1;
} else {
  for (const name of names) {
    const text = boards[name]!(python);
    console.log(text);
    if (words.includes("--docs")) writePart(name, text);
  }
}

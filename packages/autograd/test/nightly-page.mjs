/** The page that a nightly run leaves behind: when and where it ran, what failed, what the tests counted. */

import { cpus } from "node:os";
import { stripVTControlCharacters } from "node:util";

// The name of the project stands before the path, between bars where there are no colors.
const failed = /^ FAIL +(?:\|?\w[\w ]*?\|? +)?(\S+\.test\.ts)(?: > (.+))?$/gm;

/** The tests that failed, each once, by file. */
export function failuresIn(printed) {
  const found = new Map();
  for (const [, file, name = "the file itself"] of stripVTControlCharacters(printed).matchAll(failed)) {
    found.set(file, new Set([...(found.get(file) ?? []), name]));
  }
  return [...found].map(([file, names]) => ({ file, names: [...names] }));
}

/** `commit` is the last one before the run, `begun` its date. */
export function pageOf({ printed, begun, commit }) {
  const text = stripVTControlCharacters(printed);
  const figure = (name) => new RegExp(`^ *${name} +(.+)$`, "m").exec(text)?.[1] ?? "unknown";
  const [totals = "", ...details] = text
    .slice(text.indexOf("\nchainrule: ") + 1)
    .trim()
    .split("\n");
  const counted = details.filter((line) => line.startsWith("  ")).map((line) => `- ${line.trim()}`);
  const failures = failuresIn(printed).flatMap(({ file, names }) => names.map((name) => `- ${file}: ${name}`));
  const parts = [
    "# The nightly run",
    "`npx pnpm@10 test:nightly` runs every test, what is random or exhaustive at its large size, and writes this page. With the files that\n" +
      "failed it runs these again, and says here when they pass.",
    [
      `- ${begun.toISOString().slice(0, 10)}, after commit ${commit}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown processor"}`,
      `- ${figure("Tests")} in ${figure("Test Files")} files, ${figure("Duration").replace(/ \(.*/, "")}`,
      `- ${totals.replace(/^chainrule: /, "")}`,
    ].join("\n"),
    ...(failures.length === 0 ? [] : [`What failed:\n\n${failures.join("\n")}`]),
    `What the tests counted:\n\n${counted.join("\n")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The page with what a second run of some files showed; the page itself where none of them had failed. */
export function withSecondRun(page, files, { begun, commit }) {
  const lines = page.split("\n");
  const listed = files.filter((file) =>
    lines.some((line) => line.startsWith(`- ${file}: `) && !line.includes("; passes ")),
  );
  return lines
    .map((line) =>
      listed.some((file) => line.startsWith(`- ${file}: `)) && !line.includes("; passes ")
        ? `${line}; passes ${begun.toISOString().slice(0, 10)}, after commit ${commit}`
        : line,
    )
    .join("\n");
}

/** Compiles the fixtures and compares the compiler's errors with their comments `// error: <part of the message>`. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));
const baseConfig = fileURLToPath(new URL("../../../../tsconfig.base.json", import.meta.url));

/**
 * Twice what the fixtures cost when they were written: a rule that becomes expensive in the editor fails here first.
 */
const instantiationLimit = 110_000;

const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const program = ts.createProgram(
  names.map((name) => folder + name),
  { ...readOptions(baseConfig), noEmit: true, types: [] },
);

function readOptions(path: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: unknown };
  const parsed = ts.parseJsonConfigFileContent({ ...(config as object), files: [path] }, ts.sys, folder);
  expect(parsed.errors).toEqual([]);
  return parsed.options;
}

/** The errors by line number, counted from 1. */
function errorsOf(file: ts.SourceFile): Map<number, string> {
  const errors = new Map<number, string>();
  for (const diagnostic of [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]) {
    const line = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1;
    errors.set(
      line,
      [errors.get(line), ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")].filter(Boolean).join("\n"),
    );
  }
  return errors;
}

describe.each(names)("%s", (name) => {
  const file = program.getSourceFile(folder + name);
  const marks = new Map<number, string>();
  for (const [index, line] of readFileSync(folder + name, "utf8")
    .split("\n")
    .entries()) {
    const mark = /\/\/ error: (.+)$/.exec(line);
    if (mark?.[1] !== undefined) marks.set(index + 1, mark[1]);
  }

  test("errs on the marked lines and on no other", () => {
    expect(file).toBeDefined();
    const errors = errorsOf(file!);
    for (const [line, message] of errors)
      expect(marks.has(line), `${name}:${line} is not marked but errs: ${message}`).toBe(true);
    for (const [line, part] of marks) expect(errors.get(line) ?? "no error", `${name}:${line}`).toContain(part);
  });
});

test("the fixtures compile within their limit of type instantiations", () => {
  for (const name of names) program.getSemanticDiagnostics(program.getSourceFile(folder + name));
  expect(program.getInstantiationCount()).toBeLessThan(instantiationLimit);
});

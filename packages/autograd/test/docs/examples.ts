/**
 * The examples of docstrings and Markdown pages as programs: every `// =>` is a value that must come out, and every
 * line must compile.
 */

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

/** One example: where it stands, and its lines. */
export interface Example {
  readonly place: string;
  readonly code: string;
}

/** All files below a folder with the given ending. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "node_modules" || name === "dist" ? [] : filesBelow(path, ending);
    return name.endsWith(ending) ? [path] : [];
  });
}

/** The `@example` blocks of the docstrings of a source file; an empty line ends one. */
export function docstringExamples(path: string, root: string): Example[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/^ *\* @example\n((?: *\* (?!@).+\n)+)/gm)].map((match) => ({
    place: `${relative(root, path)}:${text.slice(0, match.index).split("\n").length}`,
    code: match[1]!
      .split("\n")
      .map((line) => line.replace(/^ *\* ?/, ""))
      .join("\n")
      .trim(),
  }));
}

/** The fenced `ts` blocks of a Markdown page, but for those whose fence says `ts no-run`. */
export function markdownExamples(path: string, root: string): Example[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => ({
    place: `${relative(root, path)}:${text.slice(0, match.index).split("\n").length}`,
    code: match[1]!.trim(),
  }));
}

const RESULT = /^(.*?)\s*\/\/ => (.*)$/;

/** What a comment promises, as data: `[1, 2]`, `NaN`, `"text"`, `Float64Array [1, 2]`. */
function promised(text: string): unknown {
  const plain = text.replace(/^[A-Z]\w*Array(?:\(\d+\))? (?=\[)/, "");
  return new Function(`return (${plain});`)() as unknown;
}

/** The example with every promised line handed to `check`, types stripped. */
function program(code: string): string {
  let line = 0;
  const marked = code.split("\n").map((text) => {
    const match = RESULT.exec(text);
    if (match === null) return text;
    const statement = match[1]!.replace(/;$/, "");
    const named = /^(?:const|let) (\w+)(?:: [^=]+)? = /.exec(statement);
    const promise = JSON.stringify(match[2]!);
    return named === null
      ? `__check(${line++}, (${statement}), ${promise});`
      : `${statement}; __check(${line++}, ${named[1]!}, ${promise});`;
  });
  const source = marked.join("\n").replace(/^import .*$/gm, "");
  return ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText;
}

/** A value as plain data: typed arrays become arrays, tensors what they hold. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null && "toArray" in value)
    return (value as { toArray(): unknown }).toArray();
  return value;
}

/** What an example promised and what came. */
export interface Outcome {
  readonly expected: unknown;
  readonly got: unknown;
  readonly text: string;
}

/** Runs an example with the given names in reach, and gives what each promise became. */
export async function runExample(example: Example, names: Readonly<Record<string, unknown>>): Promise<Outcome[]> {
  const found: Outcome[] = [];
  const check = (_: number, got: unknown, text: string): void => {
    found.push({ got: plain(got), expected: promised(text), text });
  };
  const body = `"use strict"; return (async () => {\n${program(example.code)}\n})();`;
  const run = new Function("__check", ...Object.keys(names), body) as (...values: unknown[]) => Promise<void>;
  await run(check, ...Object.values(names));
  return found;
}

/** What the compiler has read once, for all programs of these tests. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Compiles all examples together, each in a scope of its own, and gives the compiler's complaints. */
export function complaints(examples: readonly Example[], imports: readonly string[], root: string): string[] {
  const file = join(root, "packages/autograd/test/docs/__examples.ts");
  const bodies = examples.map(
    ({ place, code }) =>
      `// ${place}\nexport async function _${place.replace(/\W/g, "_")}() {\n${code.replace(/^import .*$/gm, "").replace(RESULT_LINES, "void ($1);")}\n}`,
  );
  const source = `${imports.join("\n")}\n${bodies.join("\n")}\n`;
  const config = ts.readConfigFile(join(root, "tsconfig.base.json"), (path) => ts.sys.readFile(path)).config as {
    compilerOptions: Record<string, unknown>;
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, source, target);
    if (!parsed.has(name)) parsed.set(name, read(name, target));
    return parsed.get(name);
  };
  const exists = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || exists(name);
  const compiled = ts.createProgram(
    [file],
    { ...options, noEmit: true, noUnusedLocals: false, skipLibCheck: true, types: ["node"] },
    host,
  );
  // The library's own sources are checked elsewhere.
  const examined = compiled.getSourceFile(file)!;
  const found = [
    ...compiled.getOptionsDiagnostics(),
    ...compiled.getGlobalDiagnostics(),
    ...compiled.getSyntacticDiagnostics(examined),
    ...compiled.getSemanticDiagnostics(examined),
  ];
  return found.map((diagnostic) => {
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const line = at === undefined ? "" : (source.split("\n")[at.line] ?? "");
    return `${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}   in: ${line.trim()}`;
  });
}

const RESULT_LINES = /^((?!const |let |\s*\}).*?);?\s*\/\/ => .*$/gm;

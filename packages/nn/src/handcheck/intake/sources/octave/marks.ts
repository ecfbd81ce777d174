/**
 * Marks in an Octave script: calls around each assignment of a gradient, and before each of a parameter. Lines stay
 * where they are.
 */

import type { ScriptRoles } from "../scripts.ts";

/** Holds what a line holds without its comment, and how many brackets it leaves open. */
interface Code {
  readonly text: string;
  readonly depth: number;
  /** The statement goes on in the next line. */
  readonly continues: boolean;
}

/** A quote behind one of these transposes; elsewhere it begins a text. */
const transposed = /[\w)\]}'.]$/;

/** Leaves out comments and looks at brackets; texts are passed over. */
function codeOf(line: string, depth: number): Code {
  let open = depth;
  for (let i = 0; i < line.length; i++) {
    const letter = line[i]!;
    if (letter === "%" || letter === "#") return { text: line.slice(0, i), depth: open, continues: false };
    if (letter === '"' || (letter === "'" && !transposed.test(line.slice(0, i)))) {
      const end = line.indexOf(letter, i + 1);
      if (end < 0) break;
      i = end;
    } else if ("([{".includes(letter)) open++;
    else if (")]}".includes(letter)) open--;
    else if (line.startsWith("...", i)) return { text: line.slice(0, i + 3), depth: open, continues: true };
  }
  return { text: line, depth: open, continues: false };
}

/** `dW1`, `dW1(:, 1)`, `grads.dW1`, `dW{2}` before `=`, `+=` and their like; or several in brackets. */
const single = /^\s*([A-Za-z]\w*)(?:\.\w+|\([^=]*?\)|\{[^=]*?\})*\s*(?:[-+*/]|\.\*)?=(?!=)/;
const several = /^\s*\[([\w\s,~.]+)\]\s*=(?!=)/;

/** A line's statements: what stands between its commas and semicolons outside of brackets. */
function parts(line: string): string[] {
  const found = [""];
  let depth = 0;
  for (const letter of line) {
    if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    if (depth === 0 && /[;,]/.test(letter)) found.push("");
    else found[found.length - 1]! += letter;
  }
  return found;
}

/** The names that a line assigns. */
const targetsOf = (line: string): string[] => [...new Set(parts(line).flatMap(targetsIn))];

/** The names that a statement assigns. */
function targetsIn(statement: string): string[] {
  const list = several.exec(statement);
  if (list !== null) return list[1]!.split(/[\s,]+/).filter((name) => /^[A-Za-z]\w*$/.test(name));
  const name = single.exec(statement)?.[1];
  return name === undefined ? [] : [name];
}

interface Statement {
  readonly targets: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** The assignments of a script, each with the lines that it takes. */
function assignmentsOf(lines: readonly string[]): {
  readonly statements: readonly Statement[];
  readonly bare: readonly string[];
} {
  const statements: Statement[] = [];
  const bare: string[] = [];
  let [depth, from, inBlock] = [0, -1, false];
  lines.forEach((line, at) => {
    if (/^\s*[%#]\{\s*$/.test(line)) inBlock = true;
    if (inBlock) {
      if (/^\s*[%#]\}\s*$/.test(line)) inBlock = false;
      bare.push(line);
      return;
    }
    const code = codeOf(line, depth);
    bare.push(code.text);
    if (from < 0) from = at;
    depth = code.depth;
    if (depth > 0 || code.continues) return;
    statements.push({ targets: targetsOf(bare[from]!), first: from, last: at });
    [depth, from] = [0, -1];
  });
  return { statements, bare };
}

const linesOf = (text: string): string[] => text.replace(/^\ufeff/, "").split(/\r?\n/);

/** True if a step adds to a parameter, `W1 += …` or `W1 = W1 + …`, and nothing stands there with a minus. */
export const addsIn = (text: string, parameters: readonly string[]): boolean =>
  linesOf(text).some((line) =>
    parameters.some((name) => new RegExp(`^\\s*${name}\\s*(?:\\+=|=\\s*${name}\\s*\\+)\\s*(?!-)`).test(line)),
  );

/** Every name that the script assigns. */
export const assignedIn = (text: string): string[] => [
  ...new Set(assignmentsOf(linesOf(text)).statements.flatMap(({ targets }) => targets)),
];

/** The script with its marks; a file that begins with a function is a script all the same. */
export function marked(text: string, { gradients, parameters }: Pick<ScriptRoles, "gradients" | "parameters">): string {
  const { statements, bare } = assignmentsOf(linesOf(text));
  const lines = [...bare];
  for (const { targets, first, last } of statements) {
    const found = targets.filter((name) => gradients.includes(name));
    const before = [
      ...found.map((name) => `chainrule_before("${name}"); `),
      ...(targets.some((name) => parameters.includes(name)) ? ["chainrule_moved(); "] : []),
    ];
    lines[first] = before.join("") + lines[first]!;
    if (found.length > 0)
      lines[last] =
        `${lines[last]!.trimEnd().replace(/[;,]$/, "")}; ${found.map((name) => `chainrule_after("${name}");`).join(" ")}`;
  }
  return `1; ${lines.join("\n")}\n`;
}

/** Residuals as source text for rivals: a function of JavaScript that loops over the residuals, or one of NumPy. */

import type { Expression } from "./expand.ts";
import { groupsOf, type Group, type Merged } from "./groups.ts";

const infix = new Set(["+", "-", "*", "/"]);

/** Whether a form has an entry for each residual. */
function isList(form: Merged): boolean {
  if (form.kind === "numbers" || form.kind === "xs") return true;
  if (form.kind === "call") return form.of.some(isList);
  return (
    form.kind === "if" &&
    form.cases.some(([c, value]) => isList(value) || (c !== null && (isList(c.left) || isList(c.right))))
  );
}

/** How a language writes what is not the same in all. */
interface Language {
  readonly number: (value: number) => string;
  readonly list: (name: string) => string;
  readonly entry: (at: string) => string;
  readonly call: (name: string, of: readonly string[]) => string;
  readonly choice: (test: string, then: string, otherwise: string) => string;
  readonly equal: string;
}

const javascript: Language = {
  number: (value) => (value < 0 ? `(${value})` : String(value)),
  list: (name) => `${name}[k]`,
  entry: (at) => `x[${at}]`,
  call: (name, of) =>
    name === "^"
      ? `(${of[0]!}) ** ${of[1]!}`
      : name === "neg"
        ? `-${of[0]!}`
        : `Math.${name === "ln" ? "log" : name}(${of.join(", ")})`,
  choice: (test, then, otherwise) => `${test} ? ${then} : ${otherwise}`,
  equal: "===",
};

const numpy: Language = {
  number: (value) =>
    value < 0 ? `(${value})` : Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value),
  list: (name) => name,
  entry: (at) => `x[${at}]`,
  // Of complex numbers, by which exact derivatives are taken, |z| and the sign go by the real part.
  call: (name, of) =>
    name === "^"
      ? `(${of[0]!}) ** ${of[1]!}`
      : name === "neg"
        ? `-${of[0]!}`
        : name === "abs" || name === "sign"
          ? `_${name}(${of[0]!})`
          : `np.${name === "ln" ? "log" : name === "atan" ? "arctan" : name}(${of.join(", ")})`,
  choice: (test, then, otherwise) => `${then} if ${test} else ${otherwise}`,
  equal: "==",
};

/** The lines that compute a group: those that do not change from residual to residual first. */
class Lines {
  readonly once: string[] = [];
  readonly each: string[] = [];
  readonly data: { readonly name: string; readonly values: readonly number[] }[] = [];
  readonly #language: Language;
  readonly #names = new Map<Merged, string>();
  #count = 0;
  readonly #prefix: string;

  constructor(language: Language, prefix: string) {
    this.#language = language;
    this.#prefix = prefix;
  }

  value(form: Merged): string {
    const known = this.#names.get(form);
    if (known !== undefined) return known;
    const text = this.#write(form);
    const simple = form.kind !== "call" && form.kind !== "if";
    const name = simple ? text : `${this.#prefix}${this.#count++}`;
    if (!simple) (isList(form) ? this.each : this.once).push(`${name} = ${text}`);
    this.#names.set(form, name);
    return name;
  }

  #list(values: readonly number[]): string {
    const name = `d${this.#prefix}${this.data.length}`;
    this.data.push({ name, values });
    return this.#language.list(name);
  }

  #write(form: Merged): string {
    const { number, entry, call, choice, equal } = this.#language;
    switch (form.kind) {
      case "number":
        return number(form.value);
      case "numbers":
        return this.#list(form.values);
      case "x":
        return entry(String(form.at));
      case "xs":
        return entry(this.#list(form.at));
      case "call": {
        const of = form.of.map((one) => this.value(one));
        return infix.has(form.name) ? `${of[0]!} ${form.name} ${of[1]!}` : call(form.name, of);
      }
      case "if":
        return form.cases.reduceRight<string>((otherwise, [comparison, value]) => {
          const then = this.value(value);
          if (comparison === null || otherwise === "") return then;
          return choice(
            `${this.value(comparison.left)} ${comparison.name === "=" ? equal : comparison.name} ${this.value(comparison.right)}`,
            then,
            `(${otherwise})`,
          );
        }, "");
    }
  }
}

const linesOf = (
  group: Group,
  language: Language,
  prefix: string,
): { readonly lines: Lines; readonly result: string } => {
  const lines = new Lines(language, prefix);
  return { lines, result: lines.value(group.form) };
};

/** The body of a function of `x` that returns the residuals, with the arrays that it reads. */
export function javascriptSource(residuals: readonly Expression[]): {
  readonly body: string;
  readonly data: { readonly [name: string]: readonly number[] };
} {
  const data: { [name: string]: readonly number[] } = {};
  const text = [`const r = new Float64Array(${residuals.length});`];
  groupsOf(residuals).forEach((group, g) => {
    const { lines, result } = linesOf(group, javascript, `v${g}_`);
    for (const { name, values } of lines.data) data[name] = values;
    data[`at${g}`] = group.at;
    text.push(
      ...lines.once.map((line) => `const ${line};`),
      `for (let k = 0; k < ${group.at.length}; k++) {`,
      ...lines.each.map((line) => `  const ${line};`),
      `  r[at${g}[k]] = ${result};`,
      "}",
    );
  });
  return { body: [...text, "return r;"].join("\n"), data };
}

/** A module of Python with `residuals(x)`. */
export function pythonSource(residuals: readonly Expression[]): string {
  const head: string[] = [];
  const body: string[] = [`r = np.zeros(${residuals.length}, dtype=x.dtype)`];
  groupsOf(residuals).forEach((group, g) => {
    const { lines, result } = linesOf(group, numpy, `v${g}_`);
    for (const { name, values } of lines.data) head.push(`${name} = np.array([${values.join(", ")}])`);
    head.push(`at${g} = np.array([${group.at.join(", ")}])`);
    body.push(...lines.once, ...lines.each, `r[at${g}] = ${result}`);
  });
  return [...head, "def residuals(x):", ...[...body, "return r"].map((line) => `    ${line}`), ""].join("\n");
}

/** The names of a function's parameters, read from its source, so that a drawing can say `w` and not `argument 1`. */

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The text between the first parenthesis and the one that closes it, split at its own commas. */
function parameters(source: string): string[] {
  const list: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = source.indexOf("("); at >= 0 && at < source.length; at++) {
    const character = source[at]!;
    if ("([{".includes(character) && depth++ === 0) from = at + 1;
    const closes = ")]}".includes(character);
    if (closes) depth--;
    if ((closes && depth === 0) || (character === "," && depth === 1)) {
      list.push(source.slice(from, at).trim());
      from = at + 1;
    }
    if (closes && depth === 0) break;
  }
  return list;
}

/** The names of a function's parameters, for as many arguments; see {@link namesIn}. */
export function parameterNames(f: unknown, count: number): string[] {
  return namesIn(Function.prototype.toString.call(f), count);
}

/**
 * A name for each argument: that of its parameter; nothing where the parameter takes an object apart, whose fields are
 * names themselves; `arg0`, `arg1` where the source does not tell.
 */
export function namesIn(text: string, count: number): string[] {
  const source = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, "");
  const single = /^(?:async\s+)?([^\s()=]+)\s*=>/.exec(source)?.[1];
  const found = single === undefined ? parameters(source) : [single];
  return Array.from({ length: count }, (_, k) => {
    const last = found.at(-1) ?? "";
    if (last.startsWith("...") && k >= found.length - 1) return `${last.slice(3)}[${k - found.length + 1}]`;
    const parameter = found[k] ?? "";
    if (parameter.startsWith("{")) return "";
    const name = parameter.split("=")[0]!.trim();
    return identifier.test(name) ? name : `arg${k}`;
  });
}

// Readers of markup that refuse what is not well formed.

export interface Element {
  readonly name: string;
  readonly children: Element[];
}

/** Parses XML without declarations; throws where a tag is not closed or an entity is unknown. */
export function parseXml(text: string): Element {
  const root: Element = { name: "", children: [] };
  const open = [root];
  const pattern = /<(\/?)([a-z0-9]+)((?:\s+[a-z]+="[^"<&]*")*)\s*(\/?)>|[^<]+|</gi;
  for (const [token, closing, name, , alone] of text.matchAll(pattern)) {
    if (name === undefined) {
      if (token === "<" || token.includes(">") || /&(?!#\d+;)/.test(token))
        throw new SyntaxError(`not well formed: ${token}`);
      continue;
    }
    if (closing === "/") {
      const last = open.pop();
      if (last?.name !== name) throw new SyntaxError(`</${name}> closes <${last?.name ?? ""}>`);
      continue;
    }
    const element = { name, children: [] };
    open.at(-1)!.children.push(element);
    if (alone !== "/") open.push(element);
  }
  if (open.length !== 1) throw new SyntaxError(`<${open.at(-1)!.name}> is not closed`);
  return root;
}

/** The elements of MathML that have a fixed number of children. */
const arity: Readonly<Record<string, number>> = { mfrac: 2, msub: 2, msup: 2, msubsup: 3, munder: 2 };

export function wrongArity(element: Element): string[] {
  const wanted = arity[element.name];
  const here =
    wanted === undefined || wanted === element.children.length
      ? []
      : [`<${element.name}> has ${element.children.length} children`];
  return [...here, ...element.children.flatMap(wrongArity)];
}

/** The formulas of a LaTeX text, with their mode; throws where braces or environments do not close. */
export function formulasOf(text: string): { display: boolean; math: string }[] {
  let depth = 0;
  for (const sign of text.replace(/\\[{}\\]/g, "").replace(/%.*$/gm, "")) {
    if (sign === "{") depth++;
    if (sign === "}") depth--;
    if (depth < 0) throw new SyntaxError("a brace closes what is not open");
  }
  if (depth !== 0) throw new SyntaxError("a brace is not closed");
  const open: string[] = [];
  for (const [, kind, name] of text.matchAll(/\\(begin|end)\{([a-z*]+)\}/g)) {
    if (kind === "begin") open.push(name!);
    else if (open.pop() !== name) throw new SyntaxError(`\\end{${name!}} closes another environment`);
  }
  if (open.length > 0) throw new SyntaxError(`\\begin{${open[0]!}} is not closed`);
  return [...text.matchAll(/\\\[\n([\s\S]*?)\n\\\]|\$\$\n([\s\S]*?)\n\$\$|\$([^$]+)\$/g)].map(
    ([, bracket, dollars, inline]) => ({
      display: inline === undefined,
      math: (bracket ?? dollars ?? inline)!,
    }),
  );
}

/**
 * Reads XML strictly, and holds it against the schema of Ant's JUnit task, rule by rule (JUnit.xsd of Windy Road,
 * Apache License 2.0).
 */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plain(text: string): string {
  const odd = /[<\u0000-\u0008\u000b\u000c\u000e-\u001f]|&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.exec(text);
  if (odd !== null) throw new Error(`${JSON.stringify(odd[0])} stands in ${JSON.stringify(text)}`);
  return text.replace(/&(\w+|#\d+);/g, (_, name: string) =>
    name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : entities[name]!,
  );
}

/** The root of a document; throws where it is not well formed. */
export function parseXml(document: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new Error("it has no declaration");
  const tokens = document.slice(head.length).match(/<[^>]*>|[^<]+/g) ?? [];
  let at = 0;
  const element = (): Element => {
    const found = /^<([\w-]+)((?: [\w-]+="[^"]*")*)(\/?)>$/.exec(tokens[at]!);
    if (found === null) throw new Error(`${tokens[at]!} is no tag`);
    at++;
    const [, name, written, closed] = found as unknown as readonly [string, string, string, string];
    const attributes = new Map<string, string>();
    for (const [, key, value] of written.matchAll(/ ([\w-]+)="([^"]*)"/g)) {
      if (attributes.has(key!)) throw new Error(`${key!} stands twice`);
      attributes.set(key!, plain(value!));
    }
    const children: Element[] = [];
    let text = "";
    if (closed === "/") return { name, attributes, children, text };
    while (at < tokens.length && tokens[at] !== `</${name}>`) {
      if (tokens[at]!.startsWith("<")) children.push(element());
      else text += plain(tokens[at++]!);
    }
    if (tokens[at++] !== `</${name}>`) throw new Error(`${name} has no end`);
    return { name, attributes, children, text };
  };
  const root = element();
  if (tokens.slice(at).join("").trim() !== "") throw new Error("something stands behind the root");
  return root;
}

interface Rule {
  readonly required: Readonly<Record<string, RegExp>>;
  readonly optional?: Readonly<Record<string, RegExp>>;
  /** The names of the children in their order, each ended by a comma. */
  readonly children: RegExp;
  /** Text of its own. */
  readonly text?: boolean;
}

const [any, token, int, decimal] = [/^[^]*$/, /^(?:\S+(?: \S+)*)?$/, /^[+-]?\d+$/, /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/];
const name = /^\S+(?: \S+)*$/;
const outcome: Rule = { required: { type: any }, optional: { message: any }, children: /^$/, text: true };

const rules: Readonly<Record<string, Rule>> = {
  testsuites: { required: {}, children: /^(?:testsuite,)*$/ },
  testsuite: {
    required: {
      name,
      package: token,
      id: int,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
      hostname: name,
      tests: int,
      failures: int,
      errors: int,
      time: decimal,
    },
    optional: { skipped: int },
    children: /^properties,(?:testcase,)*system-out,system-err,$/,
  },
  properties: { required: {}, children: /^(?:property,)*$/ },
  property: { required: { name, value: any }, children: /^$/ },
  testcase: {
    required: { name: token, classname: token, time: decimal },
    children: /^(?:(?:skipped|error|failure),)?$/,
  },
  skipped: { required: {}, optional: { message: any }, children: /^$/, text: true },
  error: outcome,
  failure: outcome,
  "system-out": { required: {}, children: /^$/, text: true },
  "system-err": { required: {}, children: /^$/, text: true },
};

/** What is against the schema, element by element; and counts that are not those of the cases. */
export function violationsOf(one: Element): string[] {
  const rule = rules[one.name];
  if (rule === undefined) return [`${one.name} is unknown`];
  const { required, optional = {}, children, text = false } = rule;
  const own = [
    ...Object.keys(required)
      .filter((key) => !one.attributes.has(key))
      .map((key) => `${one.name} lacks ${key}`),
    ...[...one.attributes]
      .filter(([key, value]) => !({ ...required, ...optional }[key]?.test(value) ?? false))
      .map(([key, value]) => `${one.name} ${key}=${JSON.stringify(value)}`),
    ...(children.test(one.children.map((child) => `${child.name},`).join(""))
      ? []
      : [`${one.name} holds ${one.children.map((child) => child.name).join(" ")}`]),
    ...(text || one.text.trim() === "" ? [] : [`${one.name} holds the text ${one.text.trim()}`]),
  ];
  const cases = one.children.filter((child) => child.name === "testcase");
  const counts =
    one.name !== "testsuite"
      ? []
      : (
          [
            ["tests", null],
            ["failures", "failure"],
            ["errors", "error"],
            ["skipped", "skipped"],
          ] as const
        ).flatMap(([key, kind]) => {
          const count = kind === null ? cases.length : cases.filter((each) => each.children[0]?.name === kind).length;
          return Number(one.attributes.get(key)) === count
            ? []
            : [`${key} is ${one.attributes.get(key)!}, and there are ${count}`];
        });
  return [...own, ...counts, ...one.children.flatMap(violationsOf)];
}

/**
 * Values as Python, its libraries and MATLAB print them: brackets, calls such as array(…) and tensor(…), dictionaries,
 * words.
 */

import { textErrors } from "../../../locales/text-errors.ts";
import type { Words } from "../../../locales/words.ts";
import type { Given, NumberArray, NumberType, Printer } from "../given.ts";
import { settled, valueOf, type Nested, type NestedList, type Written } from "./numbers.ts";
import type { Tokens } from "./tokens.ts";

/** Who prints an array as a call of this name. */
const arrayCalls: Readonly<Record<string, Printer>> = {
  array: "numpy",
  "np.array": "numpy",
  "numpy.array": "numpy",
  asarray: "numpy",
  matrix: "numpy",
  "np.matrix": "numpy",
  masked_array: "numpy",
  tensor: "torch",
  "torch.tensor": "torch",
  Parameter: "torch",
  "torch.nn.Parameter": "torch",
  Array: "jax",
  DeviceArray: "jax",
  "jnp.array": "jax",
  "tf.Tensor": "tensorflow",
  "tf.constant": "tensorflow",
  "tf.Variable": "tensorflow",
};

/** Holds what a number of NumPy 2 is called where it stands in a list. */
const numberCalls: Readonly<Record<string, NumberType>> = {
  float64: "float64",
  float32: "float32",
  float16: "float16",
  double: "float64",
  single: "float32",
  half: "float16",
  bool: "bool",
  bool_: "bool",
  int8: "int",
  int16: "int",
  int32: "int",
  int64: "int",
  uint8: "int",
  uint16: "int",
  uint32: "int",
  uint64: "int",
  intc: "int",
  longlong: "int",
};

const dictionaries = ["OrderedDict", "collections.OrderedDict", "dict", "defaultdict"];

/** The type of a `dtype=…`, of any library. */
export function typeNamed(text: string): NumberType | null {
  const bare = text.replace(/^.*\./, "").replace(/['"]/g, "");
  return numberCalls[bare] ?? (/^u?int\d*$/.test(bare) ? "int" : null);
}

/** One value; the tokens behind it are left. */
export function readValue(tokens: Tokens): Given {
  const started = tokens.peek();
  const raw = readNested(tokens);
  return settled(
    raw,
    started.text === "[" || started.text === "(" ? bracketsBy(tokens.text.slice(started.at, tokens.at)) : "text",
    null,
  );
}

/** NumPy separates by spaces, Python by commas, MATLAB's rows by semicolons. */
function bracketsBy(text: string): Printer {
  return text.includes(";") ? "matlab" : text.includes(",") ? "python" : "numpy";
}

function readNested(tokens: Tokens): Nested {
  const { kind, text, at } = tokens.peek();
  switch (kind) {
    case "number": {
      tokens.take();
      if (tokens.peek().text === "j" && !tokens.peek().spaced)
        tokens.fail(textErrors.complex, textErrors.realNumbers, at);
      return { kind: "written", value: valueOf(text), text: text.replaceAll("−", "-"), type: null };
    }
    case "string": {
      tokens.take();
      return text.slice(1, -1).replace(/\\(.)/g, "$1");
    }
    case "word":
      return readWord(tokens);
    case "dots":
      return tokens.fail(textErrors.leftOut, textErrors.printAll);
    case "mark":
      if (text === "[") return readList(tokens, "]");
      if (text === "(") return readTuple(tokens);
      if (text === "{") return readDictionary(tokens);
      if (text === "<") return readAngle(tokens);
  }
  return tokens.fail(
    kind === "end" ? textErrors.endsBeforeValue : textErrors.insteadOfValue({ text }),
    textErrors.valuesAre,
  );
}

/** `[…]`: entries with commas, with spaces, or rows with semicolons. */
function readList(tokens: Tokens, close: string): NestedList {
  const opened = tokens.take().at;
  const rows: Nested[][] = [[]];
  for (;;) {
    if (tokens.takes(close)) break;
    if (tokens.peek().kind === "end") tokens.fail(textErrors.openBracket, textErrors.add({ sign: close }), opened);
    if (tokens.takes(",")) continue;
    if (tokens.takes(";")) {
      rows.push([]);
      continue;
    }
    rows.at(-1)!.push(readNested(tokens));
  }
  skipSize(tokens);
  const filled = rows.filter((row, index) => row.length > 0 || index === 0);
  return rows.length === 1
    ? { kind: "nested", entries: rows[0]! }
    : { kind: "nested", entries: filled.map((entries) => ({ kind: "nested", entries })) };
}

/** `[](0x3)`: Octave says the size of what is empty. */
function skipSize(tokens: Tokens): void {
  const size = /\(\d+x\d+\)/y;
  size.lastIndex = tokens.at;
  const found = size.exec(tokens.text);
  if (found !== null && !tokens.peek().spaced) tokens.skipTo(tokens.at + found[0].length);
}

/** `(1, 2)` is a list, `(1)` is what stands in it. */
function readTuple(tokens: Tokens): Nested {
  const from = tokens.at;
  const list = readList(tokens, ")");
  return list.entries.length === 1 && !/,\s*\)$/.test(tokens.text.slice(from, tokens.at).trimEnd())
    ? list.entries[0]!
    : list;
}

function readDictionary(tokens: Tokens): Given {
  const opened = tokens.take().at;
  const entries = new Map<string, Given>();
  for (;;) {
    if (tokens.takes("}")) return { kind: "record", entries };
    if (tokens.takes(",")) continue;
    const { kind, text, at } = tokens.take();
    if (kind === "end") tokens.fail(textErrors.openBrace, textErrors.add({ sign: "}" }), opened);
    const name = kind === "string" ? text.slice(1, -1) : text;
    if (!tokens.takes(":")) tokens.fail(textErrors.noColon({ name }), textErrors.dictionaryIs);
    if (entries.has(name)) tokens.fail(textErrors.twiceInDictionary({ name }), textErrors.once, at);
    entries.set(name, readValue(tokens));
  }
}

/** `True`, `None`, `array(…)`, `np.float64(…)`, `OrderedDict(…)`, `Parameter containing: tensor(…)`. */
function readWord(tokens: Tokens): Nested {
  const { text: name, at } = tokens.take();
  if (name === "Parameter" && tokens.peek().text === "containing") {
    tokens.take();
    tokens.takes(":");
    return readNested(tokens);
  }
  if (/^(?:true|false)$/i.test(name))
    return { kind: "written", value: /^t/i.test(name) ? 1 : 0, text: /^t/i.test(name) ? "1" : "0", type: "bool" };
  if (/^(?:none|null)$/i.test(name)) return null;
  if (tokens.peek().text !== "(") return name;
  const type = numberCalls[name.replace(/^(?:np|numpy|jnp|torch)\./, "")];
  if (type !== undefined) return typedNumber(tokens, type);
  if (dictionaries.includes(name)) return readPairs(tokens, name);
  const printer = arrayCalls[name];
  if (printer === undefined)
    tokens.fail(
      textErrors.unknownCall({ name }),
      textErrors.callsAre({ names: Object.keys(arrayCalls).slice(0, 1).concat(["tensor", "Array"]).join(", ") }),
      at,
    );
  return readArrayCall(tokens, printer!);
}

function typedNumber(tokens: Tokens, type: NumberType): Written {
  tokens.take();
  const inner = readNested(tokens);
  if (typeof inner !== "object" || inner === null || inner.kind !== "written" || !tokens.takes(")"))
    tokens.fail(textErrors.noNumberInside, textErrors.asIn({ example: "np.float64(0.1)" }));
  return { ...(inner as Written), type };
}

/** `OrderedDict([('fc1.weight', tensor(…)), …])`, `OrderedDict({…})`, `defaultdict(<class 'float'>, {…})`. */
function readPairs(tokens: Tokens, name: string): Given {
  tokens.take();
  const entries = new Map<string, Given>();
  for (;;) {
    if (tokens.takes(")")) return { kind: "record", entries };
    if (tokens.takes(",")) continue;
    if (tokens.peek().text === "<") readAngle(tokens);
    else if (tokens.peek().text === "{")
      for (const [key, value] of (readDictionary(tokens) as { entries: ReadonlyMap<string, Given> }).entries)
        entries.set(key, value);
    else if (tokens.takes("[")) readPairList(tokens, entries);
    else tokens.fail(textErrors.oddInside({ text: tokens.peek().text, name }), textErrors.asPythonPrints({ name }));
  }
}

const pairIs = (): Words => textErrors.asIn({ example: "('W1', array(…))" });

function readPairList(tokens: Tokens, entries: Map<string, Given>): void {
  for (;;) {
    if (tokens.takes("]")) return;
    if (tokens.takes(",")) continue;
    if (!tokens.takes("(")) tokens.fail(textErrors.noPair, pairIs());
    const { kind, text } = tokens.take();
    if (kind !== "string" || !tokens.takes(",")) tokens.fail(textErrors.namelessPair, pairIs());
    entries.set(text.slice(1, -1), readValue(tokens));
    tokens.takes(",");
    if (!tokens.takes(")")) tokens.fail(textErrors.openPair, textErrors.add({ sign: ")" }));
  }
}

interface Named {
  type: NumberType | null;
  shape: readonly number[] | null;
}

/** `(values, dtype=…, grad_fn=<…>, device='cuda:0', shape=(0, 3))` */
function readArrayCall(tokens: Tokens, printer: Printer): NumberArray {
  const opened = tokens.take().at;
  let values: Nested | null = null;
  const named: Named = { type: null, shape: null };
  while (!tokens.takes(")")) {
    if (tokens.peek().kind === "end") tokens.fail(textErrors.openParenthesis, textErrors.add({ sign: ")" }), opened);
    if (tokens.takes(",")) continue;
    if (values === null) values = readNested(tokens);
    else readKeyword(tokens, named);
  }
  const array = settled(values ?? { kind: "nested", entries: [] }, printer, named.type);
  if (typeof array !== "object" || array === null || array.kind !== "numbers")
    tokens.fail(textErrors.raggedArray, textErrors.oneLength, opened);
  const numbers = array as NumberArray;
  const typed = { ...numbers, type: numbers.type ?? unnamedType(printer, numbers.texts!) };
  return typed.data.length === 0 && named.shape !== null ? { ...typed, shape: named.shape } : typed;
}

/** PyTorch prints no type for float32, NumPy none for float64; numbers without a point are whole in both. */
function unnamedType(printer: Printer, texts: readonly string[]): NumberType | null {
  if (printer !== "torch" && printer !== "numpy") return null;
  if (texts.length > 0 && texts.every((text) => /^[+-]?\d+$/.test(text))) return "int";
  return printer === "torch" ? "float32" : "float64";
}

function readKeyword(tokens: Tokens, named: Named): void {
  const { text: key } = tokens.take();
  if (!tokens.takes("=")) return;
  const { text, kind } = tokens.peek();
  if (text === "<") return void readAngle(tokens);
  if (text === "(" || text === "[") {
    const sizes = settled(readNested(tokens), "text", null);
    if (key === "shape" && typeof sizes === "object" && sizes !== null && sizes.kind === "numbers")
      named.shape = [...sizes.data];
    return;
  }
  if (key === "dtype") named.type = typeNamed(text);
  if (kind === "end") tokens.fail(textErrors.endsInside, textErrors.add({ sign: ")" }));
  tokens.take();
}

/** `<tf.Tensor: shape=(2, 2), dtype=float32, numpy=array(…)>` is its array; `<AddBackward0>` is nothing. */
function readAngle(tokens: Tokens): Nested {
  const opened = tokens.take().at;
  let found: Nested = null;
  let type: NumberType | null = null;
  for (;;) {
    const { kind, text } = tokens.take();
    if (kind === "end") tokens.fail(textErrors.openAngle, textErrors.copyWhole, opened);
    if (text === ">") break;
    if (text === "<") {
      tokens.skipTo(tokens.text.indexOf(">", tokens.at) + 1 || tokens.text.length);
    } else if (text === "dtype" && tokens.takes("=")) type = typeNamed(tokens.take().text);
    else if (text === "numpy" && tokens.takes("=")) found = settled(readNested(tokens), "tensorflow", type);
  }
  return typeof found === "object" && found !== null && found.kind === "numbers"
    ? { ...found, printer: "tensorflow", type }
    : found;
}

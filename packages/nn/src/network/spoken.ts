/**
 * Names as people write them: `leakyRelu(0.2)`, `huber(delta=0.5)`, `nn.GELU(approximate='tanh')`, `{ name: "huber",
 * delta: 0.5 }`.
 */

/** Says what stands behind a name: numbers, lists, words. */
export type Value = number | string | boolean | null | readonly number[];

/** A name with what is said of it; a value without a key has the key "". */
export interface Spoken {
  readonly word: string;
  readonly options: ReadonlyMap<string, Value>;
}

/** A word in small letters, σ spelt out, without separators and the modules before it. */
export function plainWord(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("σ", "sigma")
    .replace(/^(?:[a-z_]\w*\.)+/, "")
    .replace(/[^a-z0-9]/g, "");
}

/** A number, also as a fraction; NaN for what is none. */
export function numberIn(text: string): number {
  const [, top, bottom] = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*\/\s*([\d.]+)\s*$/i.exec(text) ?? [];
  if (top !== undefined && bottom !== undefined) return Number(top) / Number(bottom);
  return text.trim() === "" ? NaN : Number(text);
}

/** A number as it is written: 1/6 for what has so small a denominator, decimals for what is shorter so. */
export function numberText(value: number): string {
  const plain = String(value);
  for (let q = 2; q <= 12; q++) {
    const p = Math.round(value * q);
    if (p !== 0 && p / q === value && `${p}/${q}`.length < plain.length) return `${p}/${q}`;
  }
  return plain;
}

/** Parts between commas that stand in no parentheses or brackets. */
export function parts(text: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    if (sign === "(" || sign === "[") depth += 1;
    else if (sign === ")" || sign === "]") depth -= 1;
    else if (sign === "," && depth === 0) {
      found.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  return [...found, text.slice(from).trim()];
}

function valueIn(text: string): Value | undefined {
  const own = text.trim();
  const quoted = /^(["'])(.*)\1$/.exec(own);
  if (quoted !== null) return quoted[2]!;
  const list = /^\[(.*)\]$/.exec(own.replace(/^(?:torch\.)?(?:tensor|FloatTensor|np\.array)\((.*)\)$/i, "$1"));
  if (list !== null) {
    const numbers = parts(list[1]!).map(numberIn);
    return numbers.some(Number.isNaN) ? undefined : numbers;
  }
  if (/^(?:true|false)$/i.test(own)) return /^true$/i.test(own);
  if (/^(?:none|null)$/i.test(own)) return null;
  const number = numberIn(own);
  return Number.isNaN(number) ? (/^\w+$/.test(own) ? own : undefined) : number;
}

const isValue = (given: unknown): given is Value =>
  given === null ||
  ["number", "string", "boolean"].includes(typeof given) ||
  (Array.isArray(given) && given.every((one) => typeof one === "number"));

/** A name with its options, from text or from an object with a `name`; `null` for what has no such form. */
export function spokenOf(given: unknown): Spoken | null {
  if (typeof given === "object" && given !== null && "name" in given && typeof given.name === "string") {
    const { name, ...rest } = given;
    const inner = spokenOf(name);
    const own = Object.entries(rest).filter(([, value]) => value !== undefined);
    if (inner === null || !own.every(([, value]) => isValue(value))) return null;
    return {
      word: inner.word,
      options: new Map([...inner.options, ...own.map(([key, value]) => [plainWord(key), value as Value] as const)]),
    };
  }
  if (typeof given !== "string") return null;
  const [, name, inside] = /^\s*([^()]*?)\s*(?:\((.*)\))?\s*$/s.exec(given) ?? [];
  if (name === undefined) return null;
  const options = new Map<string, Value>();
  for (const part of inside === undefined || inside.trim() === "" ? [] : parts(inside)) {
    const [, key = "", text] = /^(?:([A-Za-z_]\w*)\s*[=:])?\s*(.*)$/s.exec(part)!;
    const value = valueIn(text!);
    if (value === undefined || options.has(plainWord(key))) return null;
    options.set(plainWord(key), value);
  }
  return { word: plainWord(name), options };
}

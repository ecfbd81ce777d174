// Seeded random numbers without hidden state: every number is a function of (stream, position), and streams split by
// name.

/** Names a stream: text, or a non-negative whole number such as a layer, an epoch or a sample. */
export type StreamKey = number | string;

/** Any array that can be written to, typed or not: `fill` is what readonly arrays lack. */
interface Shufflable {
  readonly length: number;
  readonly fill: unknown;
  [index: number]: unknown;
}

/** One block of the generator, and also the 128 bits that tell one stream from another. */
type FourWords = readonly [number, number, number, number];

const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

// A counter whose second word has this bit derives a stream; draws count blocks below 2^53 and never reach it.
const DERIVE = 0x80000000;
const NUMBER_KEY = 1;
const TEXT_KEY = 2;

/**
 * A stream of random numbers: the same seed gives the same numbers, and drawing 5 gives the first 5 of drawing 20.
 *
 * @example
 * new Random(42).uniform() // => 0.4512207665114424
 *
 * Gotchas: drawing moves the stream on; splitting neither moves it nor depends on where it is. Normal numbers beyond
 * ±1.4 contain a logarithm, whose last bit JavaScript leaves to the engine; all others are the same on every machine.
 */
export class Random {
  #stream: FourWords;
  #draws = 0;
  readonly #block = new Uint32Array(4);

  constructor(seed: StreamKey) {
    this.#stream = deriveStream([0, 0, 0, 0], requireKey("seed", seed));
  }

  /**
   * The stream that has these keys' names below this one, independent of it and of every stream with other keys.
   *
   * @example
   * new Random(42).split("layer", 1).uniform() // => 0.7255625049187961
   * new Random(42).split("layer").split(1).uniform() // => 0.7255625049187961
   */
  split(...keys: readonly [StreamKey, ...StreamKey[]]): Random {
    if (keys.length === 0) {
      throw new TypeError('Random: split was given no key: name the new stream, as in split("dropout", 3)');
    }
    const child = new Random(0);
    child.#stream = keys.reduce<FourWords>((stream, key) => deriveStream(stream, requireKey("key", key)), this.#stream);
    return child;
  }

  /**
   * A number in [0, 1) with 53 random bits, so every multiple of 2^-53 is equally likely.
   *
   * @example
   * new Random(42).uniform() // => 0.4512207665114424
   */
  uniform(): number {
    return this.#bits53() / TWO_53;
  }

  /**
   * A number of the standard normal distribution.
   *
   * @example
   * new Random(42).normal() // => -0.12257767607394654
   */
  normal(): number {
    // The middle of the cell that the 53 bits name, less ½: exact, symmetric about 0 and never ±½.
    return normalQuantile((this.#bits53() - TWO_53 / 2 + 0.5) / TWO_53);
  }

  /**
   * The next n uniform numbers.
   *
   * @example
   * new Random(42).uniformArray(2) // => Float64Array [0.4512207665114424, 0.6291264492518333]
   */
  uniformArray(n: number): Float64Array {
    const drawn = new Float64Array(requireCount("uniformArray", n));
    for (let i = 0; i < n; i++) drawn[i] = this.uniform();
    return drawn;
  }

  /**
   * The next n normal numbers.
   *
   * @example
   * new Random(42).normalArray(2) // => Float64Array [-0.12257767607394654, 0.32954061347777097]
   */
  normalArray(n: number): Float64Array {
    const drawn = new Float64Array(requireCount("normalArray", n));
    for (let i = 0; i < n; i++) drawn[i] = this.normal();
    return drawn;
  }

  /**
   * A whole number from 0 to n − 1, each equally likely.
   *
   * @example
   * new Random(42).integer(6) // => 3
   */
  integer(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) {
      throw new RangeError(`Random: integer(${n}) has nothing to choose from: give a whole number from 1 to 2^53 − 1`);
    }
    // Values at or above the largest multiple of n would favor small remainders: draw again.
    const limit = TWO_53 - (TWO_53 % n);
    let bits = this.#bits53();
    while (bits >= limit) bits = this.#bits53();
    return bits % n;
  }

  /**
   * Brings an array into random order, in place, and returns it.
   *
   * @example
   * new Random(42).shuffle(["a", "b", "c", "d"]) // => ["b", "a", "c", "d"]
   */
  shuffle<T extends Shufflable>(array: T): T {
    // Fisher and Yates: place i takes any of the places 0..i.
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return array;
  }

  /**
   * The numbers 0..n − 1 in random order.
   *
   * @example
   * new Random(42).permutation(5) // => [0, 2, 1, 4, 3]
   */
  permutation(n: number): number[] {
    return this.shuffle(Array.from({ length: requireCount("permutation", n) }, (_, i) => i));
  }

  // Draw d is one half of block ⌊d / 2⌋: 27 bits of its first word and 26 of its second.
  #bits53(): number {
    const second = this.#draws % 2 === 1;
    if (!second) {
      const block = this.#draws / 2;
      const stream = this.#stream;
      philoxInto(this.#block, block >>> 0, Math.floor(block / TWO_32), stream[2], stream[3], stream[0], stream[1]);
    }
    this.#draws += 1;
    const words = this.#block;
    const high = second ? words[2]! : words[0]!;
    const low = second ? words[3]! : words[1]!;
    return (high >>> 5) * 2 ** 26 + (low >>> 6);
  }
}

/**
 * Philox-4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011):
 * ten rounds that turn a 128-bit counter and a 64-bit key into 128 random bits.
 */
export function philox4x32([c0, c1, c2, c3]: FourWords, [k0, k1]: readonly [number, number]): FourWords {
  const [w0, w1, w2, w3] = philoxInto(new Uint32Array(4), c0, c1, c2, c3, k0, k1) as unknown as FourWords;
  return [w0, w1, w2, w3];
}

/**
 * The same into an array that is there: thousands of blocks are drawn before the engine has compiled anything, so that
 * little is called.
 */
function philoxInto(
  words: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): Uint32Array {
  for (let round = 0; round < 10; round++) {
    // The upper 32 bits of a 64-bit product by halves of 16 bits: no partial sum exceeds 32 bits.
    const a = c0 & 0xffff;
    const b = c0 >>> 16;
    const c = c2 & 0xffff;
    const d = c2 >>> 16;
    const first = 0xd251 * a + ((0x1f53 * a) >>> 16);
    const second = 0xcd9e * c + ((0x8d57 * c) >>> 16);
    const high0 = 0xd251 * b + (first >>> 16) + (((first & 0xffff) + 0x1f53 * b) >>> 16);
    const high1 = 0xcd9e * d + (second >>> 16) + (((second & 0xffff) + 0x8d57 * d) >>> 16);
    const low0 = Math.imul(0xd2511f53, c0) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = Math.imul(0xcd9e8d57, c2) >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
  return words;
}

// Feeds a key into a stream word by word. Kind and length go in too, so that no two lists of keys feed the same words.
function deriveStream(stream: FourWords, key: StreamKey): FourWords {
  const words = typeof key === "number" ? [key >>> 0, Math.floor(key / TWO_32)] : textWords(key);
  const kind = DERIVE | (typeof key === "number" ? NUMBER_KEY : TEXT_KEY);
  return words.reduce<FourWords>(([k0, k1, s0, s1], word) => philox4x32([word, kind >>> 0, s0, s1], [k0, k1]), stream);
}

function textWords(text: string): number[] {
  const words = [text.length];
  for (let at = 0; at < text.length; at++) words.push(text.charCodeAt(at));
  return words;
}

function requireKey(role: "seed" | "key", key: StreamKey): StreamKey {
  if (typeof key === "string") return key;
  if (typeof key !== "number") {
    throw new TypeError(`Random: the ${role} is of type ${typeof key}: give a non-negative whole number or a string`);
  }
  if (!Number.isSafeInteger(key) || key < 0) {
    throw new RangeError(`Random: the ${role} ${key} is not a whole number from 0 to 2^53 − 1: give one, or a string`);
  }
  return key;
}

function requireCount(method: string, n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`Random: ${method}(${n}) is not a count: give a whole number that is 0 or more`);
  }
  return n;
}

// The x with P(X ≤ x) = ½ + q, by Wichura's algorithm AS 241 (1988), good to 1 part in 10^16; its coefficients, highest
// power first.
const CENTER = [
  [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
    1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
  ],
  [
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
    687.1870074920579083, 42.313330701600911252, 1,
  ],
] as const;
const SHOULDER = [
  [
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
] as const;
const TAIL = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
  ],
] as const;

/** The quantile of the standard normal distribution at ½ + q, for −½ < q < ½. */
export function normalQuantile(q: number): number {
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (polynomial(CENTER[0], r) * q) / polynomial(CENTER[1], r);
  }
  const r = Math.sqrt(-Math.log(0.5 - Math.abs(q)));
  const [over, under] = r <= 5 ? SHOULDER : TAIL;
  const at = r <= 5 ? r - 1.6 : r - 5;
  return (Math.sign(q) * polynomial(over, at)) / polynomial(under, at);
}

/** Horner's rule for eight coefficients, without a loop: it is asked for before the engine has compiled anything. */
function polynomial(c: readonly number[], r: number): number {
  const high = ((c[0]! * r + c[1]!) * r + c[2]!) * r + c[3]!;
  return (((high * r + c[4]!) * r + c[5]!) * r + c[6]!) * r + c[7]!;
}

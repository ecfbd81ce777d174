/** Bytes in the order in which they are written, with the variable-length integers of the WebAssembly format. */

const scratch = new DataView(new ArrayBuffer(8));
const encoder = new TextEncoder();
const nothing = new Uint8Array(0);
/** Most functions are this short; many lists stay empty. */
const FIRST = 256;

/** A growing list of bytes. */
export class Bytes {
  #memory: Uint8Array<ArrayBuffer> = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Begins again; views of what was written are void. */
  clear(): void {
    this.#length = 0;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#memory.length) return;
    const larger = new Uint8Array(Math.max(FIRST, 2 * this.#memory.length, this.#length + count));
    larger.set(this.#memory.subarray(0, this.#length));
    this.#memory = larger;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#memory[this.#length++] = value;
  }

  append(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    // Instructions are of a few bytes, for which a call costs more than the loop.
    if (bytes.length < 24) for (let i = 0; i < bytes.length; i++) this.#memory[this.#length + i] = bytes[i]!;
    else this.#memory.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Some of the bytes of another list. */
  appendPart(other: Bytes, from: number, to: number): void {
    const count = to - from;
    this.#reserve(count);
    const [memory, source, at] = [this.#memory, other.#memory, this.#length - from];
    if (count < 64) for (let i = from; i < to; i++) memory[at + i] = source[i]!;
    else memory.set(source.subarray(from, to), this.#length);
    this.#length += count;
  }

  /** An unsigned integer below 2³², seven bits a byte. */
  unsigned(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.byte((rest & 127) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** A signed integer of up to 64 bits. */
  signed(value: number | bigint): void {
    if (typeof value === "number" && value === (value | 0)) return this.#signed32(value);
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 127n);
      rest >>= 7n;
      const last = (rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0);
      this.byte(last ? low : low | 128);
      if (last) return;
    }
  }

  #signed32(value: number): void {
    let rest = value;
    for (;;) {
      const low = rest & 127;
      rest >>= 7;
      const last = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
      this.byte(last ? low : low | 128);
      if (last) return;
    }
  }

  float32(value: number): void {
    scratch.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.byte(scratch.getUint8(i));
  }

  float64(value: number): void {
    scratch.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.byte(scratch.getUint8(i));
  }

  /** A name as its length and its UTF-8 bytes. */
  name(text: string): void {
    const bytes = encoder.encode(text);
    this.unsigned(bytes.length);
    this.append(bytes);
  }

  /** Other bytes, preceded by their count. */
  sized(bytes: Bytes): void {
    this.unsigned(bytes.length);
    this.append(bytes.view());
  }

  /** The bytes that have been written; valid until more is. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#memory.subarray(0, this.#length);
  }
}

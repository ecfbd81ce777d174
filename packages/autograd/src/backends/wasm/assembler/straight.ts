/**
 * The order of straight code: what a long chain of dependent instructions begins with comes first, so that chains run
 * side by side.
 */

/** The effects of a statement on memory. */
const [NOTHING, LOAD, STORE] = [0, 1, 2] as const;
const kinds = { load: LOAD, store: STORE } as const;
const FIRST = 64;
/** Numbers of each statement: where its code begins and ends, where its reads end, what it sets, memory, cycles. */
const [FROM, TO, READS_TO, WRITES, MEMORY, CYCLES, COLUMNS] = [0, 1, 2, 3, 4, 5, 6] as const;

/** Assignments and stores of straight code, which wait for their order: rows of numbers, as there are millions. */
export class Statements {
  #rows = new Int32Array(0);
  #reads = new Int32Array(0);
  #count = 0;
  #readCount = 0;
  /** The variables have smaller numbers. */
  #variables = 0;

  /** True if straight code is being written. */
  areNoted = false;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  clear(): void {
    this.#count = 0;
    this.#readCount = 0;
    this.#variables = 0;
  }

  /** A statement begins: what was read since the last one was read elsewhere. */
  begin(): void {
    this.#readCount = this.#count === 0 ? 0 : this.#rows[COLUMNS * (this.#count - 1) + READS_TO]!;
  }

  /** Notes that the statement to be added reads a variable. */
  read(variable: number): void {
    if (!this.areNoted) return;
    if (this.#readCount === this.#reads.length) this.#reads = longer(this.#reads);
    this.#reads[this.#readCount++] = variable;
    if (variable >= this.#variables) this.#variables = variable + 1;
  }

  /**
   * Adds the statement whose code goes from one byte to another.
   *
   * @param writes - the variable that it sets; `null` for a store
   * @param cycles - about so many pass until its value is there
   */
  add(from: number, to: number, writes: number | null, memory: "load" | "store" | null, cycles: number): void {
    const at = COLUMNS * this.#count++;
    if (at === this.#rows.length) this.#rows = longer(this.#rows);
    const rows = this.#rows;
    rows[at + FROM] = from;
    rows[at + TO] = to;
    rows[at + READS_TO] = this.#readCount;
    rows[at + WRITES] = writes ?? -1;
    rows[at + MEMORY] = memory === null ? NOTHING : kinds[memory];
    rows[at + CYCLES] = cycles;
    if (writes !== null && writes >= this.#variables) this.#variables = writes + 1;
  }

  /**
   * Tells where the code of each stands by how long what follows from it takes, the longest first: an order that keeps
   * every dependence.
   *
   * A processor looks some 150 instructions ahead. Three exponentials one after the other leave most of its units idle;
   * those that are written side by side do not.
   */
  inOrder(tell: (from: number, to: number) => void): void {
    const [rows, order] = [this.#rows, longestFirst(this.#ways())];
    for (let k = 0; k < order.length; k++) {
      const at = COLUMNS * order[k]!;
      tell(rows[at + FROM]!, rows[at + TO]!);
    }
  }

  /** How many cycles pass for each from its beginning to the end of all that follows from it. */
  #ways(): Int32Array {
    const [rows, reads] = [this.#rows, this.#reads];
    /** By variable: the longest way from a later reader before it is set again, and from where it is set again. */
    const readers = new Int32Array(this.#variables);
    const writers = new Int32Array(this.#variables);
    let [loads, stores] = [0, 0];
    const ways = new Int32Array(this.#count);
    for (let k = this.#count - 1; k >= 0; k--) {
      const at = COLUMNS * k;
      const [memory, writes] = [rows[at + MEMORY]!, rows[at + WRITES]!];
      const [first, end] = [k === 0 ? 0 : rows[at - COLUMNS + READS_TO]!, rows[at + READS_TO]!];
      let behind = memory === NOTHING ? 0 : memory === LOAD ? stores : Math.max(loads, stores);
      if (writes >= 0) behind = Math.max(behind, readers[writes]!, writers[writes]!);
      for (let r = first; r < end; r++) behind = Math.max(behind, writers[reads[r]!]!);
      const way = behind + rows[at + CYCLES]!;
      ways[k] = way;
      if (writes >= 0) {
        readers[writes] = 0;
        writers[writes] = way;
      }
      for (let r = first; r < end; r++) readers[reads[r]!] = Math.max(readers[reads[r]!]!, way);
      if (memory === LOAD) loads = Math.max(loads, way);
      if (memory === STORE) stores = Math.max(stores, way);
    }
    return ways;
  }
}

function longer(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const found = new Int32Array(numbers.length === 0 ? COLUMNS * FIRST : 2 * numbers.length);
  found.set(numbers);
  return found;
}

/** The places of ways, the longest first, equal ones as they stand: they are counted, not compared. */
function longestFirst(ways: Int32Array): Int32Array {
  let most = 0;
  for (let k = 0; k < ways.length; k++) if (ways[k]! > most) most = ways[k]!;
  const next = new Int32Array(most + 2);
  for (let k = 0; k < ways.length; k++) next[most - ways[k]! + 1]!++;
  for (let way = 1; way < next.length; way++) next[way]! += next[way - 1]!;
  const order = new Int32Array(ways.length);
  for (let k = 0; k < ways.length; k++) order[next[most - ways[k]!]!++] = k;
  return order;
}

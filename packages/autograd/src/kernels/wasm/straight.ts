/**
 * The order of straight code: what a long chain of dependent instructions begins with comes first, so that chains run
 * side by side.
 */

/** An assignment or a store, as code from one byte to another. */
export interface Statement {
  readonly from: number;
  readonly to: number;
  /** The variables that it reads, and the one that it sets. */
  readonly reads: readonly number[];
  readonly writes: number | null;
  readonly memory: "load" | "store" | null;
  /** About so many cycles pass until its value is there. */
  readonly cycles: number;
}

/**
 * The statements by how long what follows from them takes, the longest first: an order that keeps every dependence.
 *
 * A processor looks some 150 instructions ahead. Three exponentials one after the other leave most of its units idle;
 * those that are written side by side do not.
 */
export function inOrder(statements: readonly Statement[]): readonly Statement[] {
  const variables = 1 + statements.reduce((most, { reads, writes }) => Math.max(most, writes ?? 0, ...reads), 0);
  /** By variable: the longest way from a later reader before it is set again, and from where it is set again. */
  const readers = new Int32Array(variables);
  const writers = new Int32Array(variables);
  let [loads, stores] = [0, 0];
  const ways = new Int32Array(statements.length);
  for (let k = statements.length - 1; k >= 0; k--) {
    const { reads, writes, memory, cycles } = statements[k]!;
    let behind = memory === null ? 0 : memory === "load" ? stores : Math.max(loads, stores);
    if (writes !== null) behind = Math.max(behind, readers[writes]!, writers[writes]!);
    for (let r = 0; r < reads.length; r++) behind = Math.max(behind, writers[reads[r]!]!);
    const way = behind + cycles;
    ways[k] = way;
    if (writes !== null) {
      readers[writes] = 0;
      writers[writes] = way;
    }
    for (let r = 0; r < reads.length; r++) readers[reads[r]!] = Math.max(readers[reads[r]!]!, way);
    if (memory === "load") loads = Math.max(loads, way);
    if (memory === "store") stores = Math.max(stores, way);
  }
  const order = statements.map((_, k) => k).sort((a, b) => ways[b]! - ways[a]!);
  return order.map((k) => statements[k]!);
}

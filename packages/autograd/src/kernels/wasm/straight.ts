/** The order of straight code: what a long chain of dependent instructions begins with comes first, so that chains run side by side. */

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
 * A processor looks some 150 instructions ahead. Three exponentials one after the other leave most of its units idle; those that
 * are written side by side do not.
 */
export function inOrder(statements: readonly Statement[]): readonly Statement[] {
  /** By variable: the longest way from a later reader before it is set again, and from where it is set again. */
  const readers = new Map<number, number>();
  const writers = new Map<number, number>();
  let [loads, stores] = [0, 0];
  const ways = new Map<Statement, number>();
  for (let k = statements.length - 1; k >= 0; k--) {
    const statement = statements[k]!;
    const { reads, writes, memory, cycles } = statement;
    let behind = memory === null ? 0 : memory === "load" ? stores : Math.max(loads, stores);
    if (writes !== null) behind = Math.max(behind, readers.get(writes) ?? 0, writers.get(writes) ?? 0);
    for (const read of reads) behind = Math.max(behind, writers.get(read) ?? 0);
    const way = behind + cycles;
    ways.set(statement, way);
    if (writes !== null) {
      readers.delete(writes);
      writers.set(writes, way);
    }
    for (const read of reads) readers.set(read, Math.max(readers.get(read) ?? 0, way));
    if (memory === "load") loads = Math.max(loads, way);
    if (memory === "store") stores = Math.max(stores, way);
  }
  return [...statements].sort((a, b) => ways.get(b)! - ways.get(a)!);
}

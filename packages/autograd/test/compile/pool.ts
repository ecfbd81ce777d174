/** The pool of the programs' threads, as tests look at it. */

import { pool, type Pool } from "../../src/backends/wasm/threads/pool.ts";

export function poolOf(): Pool {
  const present = pool();
  if (present === null) throw new Error("there are no threads here");
  // What each worker does is counted, however busy the machine is.
  present.restsFromWaiting = false;
  return present;
}

/** Waits until so many threads are ready. */
export async function settled(threads: number): Promise<void> {
  while (poolOf().ready(threads) < threads) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Programs of which every kernel is divided, however small. */

import { afterAll, beforeAll } from "vitest";
import { dividing } from "../../src/compile/plan/division.ts";
import { settled } from "./pool.ts";

/** Divides every kernel of the programs of a file, once so many threads are ready. */
export function divideAll(threads: number): void {
  const usual = dividing.leastWork;
  beforeAll(async () => {
    dividing.leastWork = 0;
    await settled(threads);
  });
  afterAll(() => {
    dividing.leastWork = usual;
  });
}

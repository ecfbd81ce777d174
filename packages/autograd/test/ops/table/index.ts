/**
 * The op table. To add an op: declare it in `src/ops`, list its method in `fluent.ts` and its name in `index.ts`, and
 * write its row in a file here; every check of the harness then runs for it, and the table's own test fails until the
 * row is there.
 */

import type { Row } from "../spec.ts";
import { arithmetic } from "./arithmetic.ts";
import { comparison } from "./comparison.ts";
import { contraction } from "./contraction.ts";
import { cutting } from "./cutting.ts";
import { movement } from "./movement.ts";
import { reduction } from "./reduction.ts";
import { selection } from "./selection.ts";
import { transcendental } from "./transcendental.ts";

/** The rows by family. */
export const families: Readonly<Record<string, readonly Row[]>> = {
  arithmetic,
  comparison,
  transcendental,
  reduction,
  movement,
  cutting,
  selection,
  contraction,
};

export const table: readonly Row[] = Object.values(families).flat();

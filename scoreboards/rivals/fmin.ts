/** fmin, whose package says that it is a module and whose published file is a script for `exports`. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Options {
  readonly maxIterations?: number;
  readonly minErrorDelta?: number;
  readonly minTolerance?: number;
}

interface Fmin {
  readonly nelderMead: (
    f: (x: number[]) => number,
    start: number[],
    options?: Options,
  ) => { readonly x: number[]; readonly fx: number };
}

const found: Partial<Fmin> = {};
const script = readFileSync(fileURLToPath(import.meta.resolve("fmin")), "utf8");
// It counts with an `i` that it does not declare, and throws where the simplex shrinks; with one around it, it runs as
// it was meant to.
(new Function("exports", "module", "i", script) as (exports: object, module: object, i: number) => void)(found, {}, 0);

export const { nelderMead } = found as Fmin;

/** The 27 sets of NIST's nonlinear regression, read from the file. */

import { readFileSync } from "node:fs";
import { setsOf, type NistSet, type Published } from "./set.ts";

export function nistSets(): NistSet[] {
  const { datasets } = JSON.parse(readFileSync(new URL("../data/nist.json", import.meta.url), "utf8")) as {
    readonly datasets: { readonly [name: string]: Published };
  };
  return setsOf(datasets);
}

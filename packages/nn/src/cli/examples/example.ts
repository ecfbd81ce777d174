/** A built-in example: a network with data, and what its author wrote about it. */

import type { Matrix } from "../../handcheck/equations/network.ts";
import type { Backward } from "../../handcheck/judge/probe.ts";
import type { Hand } from "../../handcheck/report.ts";
import type { NetworkSpec } from "../job.ts";
import type { ExampleName } from "../usage.ts";

export interface Example {
  readonly network: NetworkSpec;
  readonly data: { readonly x: Matrix; readonly t: Matrix };
  readonly given:
    | { readonly kind: "backward"; readonly backward: Backward }
    | { readonly kind: "hand"; readonly hand: Hand }
    | { readonly kind: "formulas"; readonly text: string };
}

/** Reads one example; the others stay on disk. */
export async function builtIn(name: ExampleName): Promise<Example> {
  switch (name) {
    case "mazur":
      return (await import("./mazur.ts")).mazur;
    case "nielsen-ch1":
      return (await import("./nielsen.ts")).nielsen();
    case "ex4":
      return (await import("./ex4.ts")).ex4;
    case "cs231n":
      return (await import("./cs231n.ts")).cs231n();
    case "document":
      return (await import("./document.ts")).theDocument;
  }
}

/** A kernel or a graph among the exports of a file, and what they say of themselves. */

import type { CheckOpOptions } from "../handcheck/ops/prepare.ts";
import type { Graph } from "../handcheck/ops/graph/flows.ts";
import type { Kernel } from "../handcheck/ops/kernel.ts";
import { SourceError } from "../handcheck/intake/given.ts";
import { exportErrors } from "../locales/export-errors.ts";
import { alike, type Words } from "../locales/words.ts";
import { near } from "./near.ts";

/** A kernel, with what it is compared with. */
export interface OpGiven {
  readonly kind: "op";
  readonly name: string;
  /** `null` for a reference that has nothing but `like`. */
  readonly kernel: Kernel | null;
  readonly options: CheckOpOptions;
}

/** A graph, with the gradients of its named values: as they are, or from a function of the inputs. */
export interface GraphGiven {
  readonly kind: "graph";
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly hand: Readonly<Record<string, unknown>> | ((inputs: Readonly<Record<string, unknown>>) => unknown);
}

type Parts = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parts =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const optionNames = [
  "family",
  "settings",
  "like",
  "shapes",
  "inputs",
  "names",
  "differentiable",
  "dtype",
  "seed",
  "tolerance",
] as const;
const partNames = ["name", "forward", "backward", "layout", "takesUpstream", ...optionNames];

/** Names what a value is that should be something else. */
export const kindOf = (value: unknown): Words =>
  Array.isArray(value) ? exportErrors.anArray : alike(value === null ? "null" : typeof value);

/** All that is known of a kernel besides its file. */
interface OpSurroundings {
  /** The options of a reference, in the place of the file's own. */
  readonly reference?: CheckOpOptions | null;
  /** The file is a reference: `like` is enough. */
  readonly teaches?: boolean;
}

/** True for a reference that says what is right, and derives nothing itself. */
export const isLikeAlone = (parts: Parts): boolean =>
  typeof parts.like === "function" && parts.forward === undefined && parts.backward === undefined;

/** The kernel of a file: `op`, or `forward` and `backward` beside each other. */
export function opParts(
  parts: Parts,
  name: string,
  { reference = null, teaches = false }: OpSurroundings = {},
): OpGiven {
  if (parts.op instanceof Promise) throw new SourceError(exportErrors.isPromise({ name: "op" }), exportErrors.awaitIt);
  if (parts.op !== undefined && !isObject(parts.op))
    throw new SourceError(exportErrors.isOther({ name: "op", kind: kindOf(parts.op) }), exportErrors.opIs);
  const own = isObject(parts.op) ? parts.op : parts;
  if (own === parts.op) {
    const odd = Object.keys(own).find((key) => !partNames.includes(key));
    if (odd !== undefined)
      throw new SourceError(
        exportErrors.unknownPart({ name: odd, near: near(odd, partNames) }),
        exportErrors.partsAre({ names: partNames }),
      );
  }
  const alone = teaches && isLikeAlone(own);
  for (const part of ["forward", "backward"] as const) {
    if (!alone && typeof own[part] !== "function") {
      const lacks = own === parts.op ? exportErrors.opHasNo : exportErrors.exportsNo;
      throw new SourceError(
        own[part] === undefined
          ? lacks({ name: part })
          : exportErrors.noFunction({ name: part, kind: kindOf(own[part]) }),
        exportErrors.kernelIs,
      );
    }
  }
  if (own.like !== undefined && typeof own.like !== "function")
    throw new SourceError(exportErrors.noFunction({ name: "like", kind: kindOf(own.like) }), exportErrors.likeIs);
  const options: CheckOpOptions =
    reference ?? Object.fromEntries(optionNames.flatMap((key) => (own[key] === undefined ? [] : [[key, own[key]]])));
  if (options.family === undefined && options.shapes === undefined && options.inputs === undefined)
    throw new SourceError(exportErrors.noNumbers, exportErrors.addFamily);
  const { forward, backward, layout, takesUpstream } = own as unknown as Kernel;
  const called = typeof own.name === "string" ? own.name : name;
  if (alone) return { kind: "op", name: called, kernel: null, options };
  return {
    kind: "op",
    name: called,
    kernel: {
      name: called,
      forward,
      backward,
      ...(layout === undefined ? {} : { layout }),
      ...(takesUpstream === undefined ? {} : { takesUpstream }),
    },
    options,
  };
}

/** The graph of a file: `graph`, `inputs` and `hand`. */
export function graphParts({ graph, inputs, hand, name: own }: Parts, name: string): GraphGiven {
  if (typeof graph !== "function")
    throw new SourceError(exportErrors.noFunction({ name: "graph", kind: kindOf(graph) }), exportErrors.graphIs);
  if (!isObject(inputs))
    throw new SourceError(exportErrors.isOther({ name: "inputs", kind: kindOf(inputs) }), exportErrors.inputsAre);
  if (hand instanceof Promise)
    throw new SourceError(exportErrors.isPromise({ name: "hand" }), exportErrors.awaitNumbers);
  if (!isObject(hand) && typeof hand !== "function")
    throw new SourceError(exportErrors.isOther({ name: "hand", kind: kindOf(hand) }), exportErrors.gradientsAre);
  return {
    kind: "graph",
    name: typeof own === "string" ? own : name,
    graph: graph as Graph,
    inputs,
    hand: hand as GraphGiven["hand"],
  };
}

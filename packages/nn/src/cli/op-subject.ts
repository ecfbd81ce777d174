/** A kernel or a graph among the exports of a file, and what they say of themselves. */

import type { CheckOpOptions } from "../handcheck/ops/prepare.ts";
import type { Graph } from "../handcheck/ops/graph/flows.ts";
import type { Kernel } from "../handcheck/ops/kernel.ts";
import { guess } from "../handcheck/nearest.ts";
import { FaultError } from "./faults.ts";

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

const whole =
  'op is { forward, backward, family: "batchNorm" }, or like: a function of tensors, or shapes: [[4, 5]] alone';

const kindOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "an array" : typeof value);

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
  surroundings: string,
  name: string,
  { reference = null, teaches = false }: OpSurroundings = {},
): OpGiven {
  if (parts.op instanceof Promise) throw new FaultError("op is a Promise", "write await before it");
  if (parts.op !== undefined && !isObject(parts.op)) throw new FaultError(`op is ${kindOf(parts.op)}`, whole);
  const own = isObject(parts.op) ? parts.op : parts;
  if (own === parts.op) {
    const odd = Object.keys(own).find((key) => !partNames.includes(key));
    if (odd !== undefined)
      throw new FaultError(
        `op has a part ${odd} that is not known${guess(odd, partNames)}`,
        `its parts are ${partNames.join(", ")}`,
      );
  }
  const alone = teaches && isLikeAlone(own);
  for (const part of ["forward", "backward"] as const) {
    if (!alone && typeof own[part] !== "function") {
      throw new FaultError(
        own[part] === undefined
          ? `${own === parts.op ? "op has" : surroundings} no ${part}`
          : `${part} is ${kindOf(own[part])}, no function`,
        "forward(...inputs) gives the output, backward(upstream, ...inputs, output) one gradient for each input",
      );
    }
  }
  if (own.like !== undefined && typeof own.like !== "function")
    throw new FaultError(
      `like is ${kindOf(own.like)}, no function`,
      "like is what the kernel should compute, of tensors: like: (x) => x.relu()",
    );
  const options: CheckOpOptions =
    reference ?? Object.fromEntries(optionNames.flatMap((key) => (own[key] === undefined ? [] : [[key, own[key]]])));
  if (options.family === undefined && options.shapes === undefined && options.inputs === undefined)
    throw new FaultError("there are no numbers to try it on", `add a family, or the shapes of its inputs: ${whole}`);
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
    throw new FaultError(
      `graph is ${kindOf(graph)}, no function`,
      'graph(inputs, tap) gives the loss, a tensor; tap("h", x) names a value in it',
    );
  if (!isObject(inputs))
    throw new FaultError(
      `inputs is ${kindOf(inputs)}`,
      "inputs is { W1: [[…]], x: [[…]] }: the numbers that graph is called with, by name",
    );
  if (hand instanceof Promise)
    throw new FaultError("hand is a Promise", "write await before it: the numbers themselves are checked");
  if (!isObject(hand) && typeof hand !== "function")
    throw new FaultError(
      `hand is ${kindOf(hand)}`,
      "hand is { dh: [[…]], dW1: [[…]] }, the gradient of each named value; or a function of the inputs that gives that",
    );
  return {
    kind: "graph",
    name: typeof own === "string" ? own : name,
    graph: graph as Graph,
    inputs,
    hand: hand as GraphGiven["hand"],
  };
}

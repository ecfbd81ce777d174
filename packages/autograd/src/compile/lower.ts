/**
 * Lowering: a function, traced for arguments of a signature, becomes values, and these simpler ones with the same bits.
 */

import { ArgumentError } from "../errors.ts";
import { Rooms } from "../graph/rooms.ts";
import { isTensor, type Tensor } from "../graph/tensor.ts";
import { Origins, traced, withTrace, type Trace } from "../graph/tracing.ts";
import { evaluateTraced } from "../ops/apply-traced.ts";
import { WEAK } from "../graph/shape.ts";
import type { Shape } from "../types/shape.ts";
import { fuseHorizontally } from "./passes/horizontal-fusion.ts";
import { moveGates } from "./passes/gates.ts";
import { moveIntoLoops } from "./passes/into-loops.ts";
import { dropSigns } from "./passes/signs.ts";
import { reachable, RESULT, type Value } from "./ir/value.ts";
import type { Builder } from "./ir/builder.ts";
import type { Stages } from "./stages.ts";
import { readTrace } from "./ir/read-trace.ts";
import { flatten, type Flattened } from "./signature.ts";
import type { Variable } from "./variable.ts";

/** A function run on tensors without numbers. */
interface Traced {
  readonly trace: Trace;
  readonly outputs: Flattened;
  /** The states that it has read or assigned, and what each has afterwards, where that is something else. */
  readonly states: readonly object[];
  readonly afters: readonly (Tensor | null)[];
}

/** Runs `f` on tensors without numbers. */
function traceOf(name: string, f: (...args: readonly unknown[]) => unknown, flat: Flattened, rooms: Rooms): Traced {
  rooms.restart();
  const trace: Trace = { name, origins: new Origins(), states: new Map(), rooms, evaluate: evaluateTraced };
  const { outputs, states } = withTrace(trace, () => {
    const leaves = flat.leaves.map((leaf, index) => {
      const [shape, dtype] = isTensor(leaf) ? [leaf.shape, leaf.dtype] : [WEAK, "float64" as const];
      return traced(shape, dtype, { kind: "argument", index });
    });
    const result: unknown = f(...(flat.rebuild(leaves) as readonly unknown[]));
    if (result instanceof Promise) {
      const hint = "a compiled function must not be async";
      throw new ArgumentError({ op: name, problem: "the function gives a Promise", hint });
    }
    return { outputs: flatten(name, "the result", result, false), states: [...trace.states] };
  });
  const afters = states.map(([, { before, now }]) => (now === before ? null : now));
  return { trace, outputs, states: states.map(([key]) => key), afters };
}

/** The values of a trace, and those of them that are asked for: what it gives, and behind it the new states. */
function valuesOf(traced: Traced): { readonly builder: Builder; readonly asked: readonly Value[] } {
  const { trace, outputs, states, afters } = traced;
  const roots = [...(outputs.leaves as readonly Tensor[]), ...afters.filter((after) => after !== null)];
  const { builder, resolve } = readTrace(trace, roots, states);
  builder.origin = RESULT;
  return { builder, asked: roots.map((x) => builder.result(resolve(x))) };
}

/** The values that are left, and those of them that are asked for. */
interface Simplified {
  readonly values: readonly Value[];
  readonly computed: Value[];
}

/**
 * Simpler values with the same bits: equal parts at once, gates behind products, no signs of zeros that nobody sees.
 */
function simplified(builder: Builder, asked: readonly Value[]): Simplified {
  const computed = [
    ...dropSigns(builder, moveGates(builder, fuseHorizontally(builder, moveIntoLoops(builder, asked)))),
  ];
  return { values: reachable(builder.values, computed), computed };
}

/** A function as values, without what they were made from: a trace takes as much memory as all that follows. */
export interface Lowered {
  readonly values: readonly Value[];
  readonly results: readonly Value[];
  readonly shapes: readonly Shape[];
  readonly rebuild: Flattened["rebuild"];
  /** The variables that it reads or assigns, and what each has afterwards, where that is something else. */
  readonly variables: readonly Variable[];
  readonly afters: readonly (Value | null)[];
}

/** Traces `f` for arguments of this signature, and lowers the trace to simple values. */
export function lower(
  stages: Stages,
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  flat: Flattened,
  rooms = new Rooms(),
): Lowered {
  const run = stages.run(
    "trace",
    () => traceOf(name, f, flat, rooms),
    ({ trace }) => trace.origins.count,
  );
  const { builder, asked } = stages.run(
    "ir",
    () => valuesOf(run),
    (made) => made.builder.values.length,
  );
  const { values, computed } = stages.run(
    "passes",
    () => simplified(builder, asked),
    (made) => made.values.length,
  );
  const { leaves, rebuild } = run.outputs;
  const results = computed.splice(0, leaves.length);
  const shapes = (leaves as readonly Tensor[]).map(({ shape }) => shape);
  const afters = run.afters.map((x) => (x === null ? null : computed.shift()!));
  return { values, results, shapes, rebuild, variables: run.states as readonly Variable[], afters };
}

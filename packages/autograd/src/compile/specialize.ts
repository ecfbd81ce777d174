/** One function, one signature, one program: traced, built, and ready to be called. */

import { ArgumentError } from "../errors.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { Origins, traced, withTrace, type Trace } from "../graph/tracing.ts";
import { evaluateTraced } from "../ops/apply-traced.ts";
import { countOf, WEAK } from "../graph/shape.ts";
import type { Shape } from "../types/shape.ts";
import { batch } from "./values/batch.ts";
import { moveGates } from "./values/gates.ts";
import { dropSigns } from "./values/signs.ts";
import { reachable, RESULT, type Value } from "./values/value.ts";
import type { Builder } from "./values/builder.ts";
import { Stages } from "./stages.ts";
import { bytesOf } from "../kernels/lanes/machine-types.ts";
import { nativeProducts } from "../kernels/native.ts";
import { readTrace } from "./values/read-trace.ts";
import { Lease } from "./memory/lease.ts";
import { Program, type ProgramSpec } from "./program.ts";
import { flatten, type Flattened } from "./signature.ts";
import type { Variable } from "./variable.ts";
import { Port } from "./port.ts";

/** A program with the way in and out. */
export interface Specialized {
  readonly program: Program;
  readonly variables: readonly Variable[];
  call(leaves: readonly (Tensor | number)[]): unknown;
}

/** The memory of a program that uses variables: these stay where it finds them until it ends. */
function leaseOn(variables: readonly Variable[]): Lease {
  // A lease is held where programs are not: it must not keep their variables, nor a weak reference, which does for a
  // turn.
  const residences = variables.map(({ residence }) => residence);
  for (const residence of residences) residence.enter();
  return new Lease(() => {
    for (const residence of residences) residence.leave();
  });
}

/** What `make` makes; where it throws, its memory is given back. */
function orEnd<T>(lease: Lease, make: () => T): T {
  try {
    return make();
  } catch (error) {
    lease.end();
    throw error;
  }
}

/** What a function has done to tensors without numbers. */
interface Traced {
  readonly trace: Trace;
  readonly outputs: Flattened;
  /** What it has read or assigned, and what each has afterwards, where that is something else. */
  readonly states: readonly object[];
  readonly afters: readonly (Tensor | null)[];
}

/** Runs `f` on tensors without numbers. */
function traceOf(name: string, f: (...args: readonly unknown[]) => unknown, flat: Flattened): Traced {
  const trace: Trace = { name, origins: new Origins(), states: new Map(), evaluate: evaluateTraced };
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

/**
 * Simpler values with the same bits: equal parts at once, gates behind products, no signs of zeros that nobody sees.
 */
function simplified(builder: Builder, asked: readonly Value[]): readonly Value[] {
  return dropSigns(builder, moveGates(builder, batch(builder, asked)));
}

/** A function as values, without what they were made from: a trace takes as much memory as all that follows. */
export interface Lowered {
  readonly values: readonly Value[];
  readonly results: readonly Value[];
  readonly shapes: readonly Shape[];
  readonly rebuild: Flattened["rebuild"];
  /** What it reads or assigns, and what each has afterwards, where that is something else. */
  readonly variables: readonly Variable[];
  readonly afters: readonly (Value | null)[];
}

/** Traces `f` for arguments of this signature, and lowers the trace to simple values. */
export function lower(
  stages: Stages,
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  flat: Flattened,
): Lowered {
  const run = stages.run("trace", () => traceOf(name, f, flat));
  const { builder, asked } = stages.run("ir", () => valuesOf(run));
  const computed = [...stages.run("passes", () => simplified(builder, asked))];
  const values = reachable(builder.values, computed);
  const { leaves, rebuild } = run.outputs;
  const results = computed.splice(0, leaves.length);
  const shapes = (leaves as readonly Tensor[]).map(({ shape }) => shape);
  const afters = run.afters.map((x) => (x === null ? null : computed.shift()!));
  return { values, results, shapes, rebuild, variables: run.states as readonly Variable[], afters };
}

/** For each variable its address, and the value that it has afterwards. */
export function statesOf(
  variables: readonly Variable[],
  afters: readonly (Value | null)[],
  addressOf: (variable: Variable) => number,
): ProgramSpec["states"] {
  return variables.map((variable, k) => ({
    address: addressOf(variable),
    bytes: countOf(variable.shape) * bytesOf(variable.dtype),
    after: afters[k]!,
  }));
}

/** Makes the program of `f` for arguments of this signature. */
export function specialize(
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  flat: Flattened,
  fused: boolean,
  threads: number,
): Specialized {
  const stages = new Stages();
  const { values, results, shapes, rebuild, variables, afters } = lower(stages, name, f, flat);
  const lease = leaseOn(variables);
  const program = orEnd(
    lease,
    () =>
      new Program(
        {
          name,
          values,
          results,
          states: statesOf(variables, afters, (variable) => variable.address()),
          fused,
          native: nativeProducts(),
          threads,
          lease,
        },
        stages,
      ),
  );
  lease.follow(program);
  lease.makeDispensable();
  const changed = variables.filter((_, k) => afters[k] !== null);
  const ports = { inputs: inputsOf(program, values), exits: exitsOf(program, results, shapes) };
  return { program, variables, call: callOf(program, ports, rebuild, changed) };
}

/** The ways in. */
function inputsOf(program: Program, values: readonly Value[]): { readonly place: number; readonly port: Port }[] {
  return values.flatMap((value) => {
    const { definition } = value;
    if (definition.kind !== "argument" || !program.plan.offsets.has(value)) return [];
    return [{ place: definition.index, port: new Port(value, program.addressOf(value)) }];
  });
}

interface Exit {
  readonly port: Port;
  readonly shape: Shape;
}

/** The ways out. */
function exitsOf(program: Program, results: readonly Value[], shapes: readonly Shape[]): Exit[] {
  return results.map((value, k) => ({ port: new Port(value, program.addressOf(value)), shape: shapes[k]! }));
}

interface Ports {
  readonly inputs: ReturnType<typeof inputsOf>;
  readonly exits: readonly Exit[];
}

/** A call: arguments are written, the program runs, results are read. It holds nothing of the trace. */
function callOf(
  program: Program,
  { inputs, exits }: Ports,
  rebuild: Flattened["rebuild"],
  changed: readonly Variable[],
): Specialized["call"] {
  const { lease } = program;
  return (leaves) => {
    lease.touch();
    for (let i = 0; i < inputs.length; i++) {
      const { place, port } = inputs[i]!;
      port.write(leaves[place]!);
    }
    program.run();
    for (let i = 0; i < changed.length; i++) changed[i]!.changed();
    const given = new Array<Tensor>(exits.length);
    for (let i = 0; i < exits.length; i++) given[i] = exits[i]!.port.read(exits[i]!.shape);
    return rebuild(given);
  };
}

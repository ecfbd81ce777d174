/** One function, one signature, one program: traced, built, and ready to be called. */

import { ArgumentError } from "../errors.ts";
import { isTensor, Tensor } from "../graph/tensor.ts";
import { Origins, traced, withTrace, type Trace } from "../graph/tracing.ts";
import { evaluateTraced } from "../ops/apply-traced.ts";
import { countOf, WEAK } from "../graph/shape.ts";
import { batch } from "./values/batch.ts";
import { moveGates } from "./values/gates.ts";
import { dropSigns } from "./values/signs.ts";
import { RESULT } from "./values/value.ts";
import { bytesOf } from "../kernels/lanes/machine-types.ts";
import { nativeProducts } from "../kernels/native.ts";
import { readTrace } from "./values/read-trace.ts";
import { Lease } from "./memory/lease.ts";
import { Program } from "./program.ts";
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
  // A lease is held where programs are not: it must not keep their variables, nor a weak reference that keeps them for a turn.
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

/** Traces `f` for arguments of this signature and makes its program. */
export function specialize(name: string, f: (...args: readonly unknown[]) => unknown, flat: Flattened, fused: boolean, threads: number): Specialized {
  const trace: Trace = { name, origins: new Origins(), states: new Map(), evaluate: evaluateTraced };
  const { outputs, states } = withTrace(trace, () => {
    const leaves = flat.leaves.map((leaf, index) => {
      return traced(isTensor(leaf) ? leaf.shape : WEAK, isTensor(leaf) ? leaf.dtype : "float64", { kind: "argument", index });
    });
    const result: unknown = f(...(flat.rebuild(leaves) as readonly unknown[]));
    if (result instanceof Promise) throw new ArgumentError({ op: name, problem: "the function gives a Promise", hint: "a compiled function must not be async" });
    return { outputs: flatten(name, "the result", result, false), states: [...trace.states] };
  });
  const tensors = outputs.leaves as readonly Tensor[];
  const keys = states.map(([key]) => key);
  const afters = states.map(([, { before, now }]) => (now === before ? null : now));
  const { builder, resolve } = readTrace(trace, [...tensors, ...afters.filter((after) => after !== null)], keys);
  builder.origin = RESULT;
  const asked = [...tensors, ...afters.filter((x) => x !== null)].map((x) => builder.result(resolve(x)));
  const computed = [...dropSigns(builder, moveGates(builder, batch(builder, asked)))];
  const results = computed.splice(0, tensors.length);
  const after = afters.map((x) => (x === null ? null : computed.shift()!));
  const variables = keys as readonly Variable[];
  const lease = leaseOn(variables);
  const program = orEnd(lease, () => new Program({
    name,
    values: builder.values,
    results,
    states: variables.map((variable, k) => ({
      address: variable.address(),
      bytes: countOf(variable.shape) * bytesOf(variable.dtype),
      after: after[k]!,
    })),
    fused,
    native: nativeProducts(),
    threads,
    lease,
  }));
  lease.follow(program);
  lease.makeDispensable();
  const changed = variables.filter((_, k) => after[k] !== null);
  const inputs = builder.values.flatMap((value) => {
    const port = value.definition.kind === "argument" && program.plan.offsets.has(value) ? new Port(value, program.addressOf(value)) : null;
    return port === null ? [] : [{ place: (value.definition as { readonly index: number }).index, port }];
  });
  const exits = results.map((value, k) => ({ port: new Port(value, program.addressOf(value)), shape: tensors[k]!.shape }));
  const call = (leaves: readonly (Tensor | number)[]): unknown => {
    lease.touch();
    for (let i = 0; i < inputs.length; i++) {
      const { place, port } = inputs[i]!;
      port.write(leaves[place]!);
    }
    program.run();
    for (let i = 0; i < changed.length; i++) changed[i]!.changed();
    const given = new Array<Tensor>(exits.length);
    for (let i = 0; i < exits.length; i++) given[i] = exits[i]!.port.read(exits[i]!.shape);
    return outputs.rebuild(given);
  };
  return { program, variables, call };
}


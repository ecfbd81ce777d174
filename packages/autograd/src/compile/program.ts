/** A program: what becomes of a function, stage by stage, until a backend makes machine code of it. */

import type { Backend, Executable, Lease } from "../backends/backend.ts";
import { Rooms } from "../graph/rooms.ts";
import { countOf } from "../graph/shape.ts";
import { bytesOf } from "../kernels/lanes/machine-types.ts";
import type { NativeProducts } from "../kernels/native.ts";
import { lower, type Lowered } from "./lower.ts";
import type { LeastWork } from "./schedule/partitioning.ts";
import { scheduleOf, type Schedule } from "./schedule.ts";
import type { Flattened } from "./signature.ts";
import { Stages } from "./stages.ts";
import { sourceOf, type Value } from "./ir/value.ts";
import type { Variable } from "./variable.ts";

/** How a program is made. */
export interface ProgramOptions {
  /** True if a · b + c may be rounded once. */
  readonly fused: boolean;
  /** The library of the system that computes its large products; `null` where the backend does. */
  readonly native: NativeProducts | null;
  /** On how many threads it may run. */
  readonly threads: number;
  /** The work of the kernels that run on several. */
  readonly leastWork: LeastWork;
}

/** A state: its address, and the value that it has afterwards; `null` where it stays. */
export interface State {
  readonly address: number;
  readonly bytes: number;
  readonly after: Value | null;
}

/** Kernels in their order, and where everything lies: all that a backend needs. */
export interface Program {
  readonly name: string;
  readonly options: ProgramOptions;
  readonly schedule: Schedule;
  /** The start of the block of its values. */
  readonly base: number;
  readonly states: readonly State[];
  /** Its memory: it can run as long as that is open. */
  readonly lease: Lease;
}

/** A program that is ready to run, and what it was made from. */
export interface Built extends Omit<Lowered, "afters"> {
  readonly program: Program;
  readonly executable: Executable;
  readonly backend: Backend;
  readonly stages: Stages;
}

/** The address of a value. */
export function addressOf({ base, schedule, states }: Program, value: Value): number {
  const { source } = sourceOf(value);
  if (source.definition.kind === "state") return states[source.definition.index]!.address;
  const offset = schedule.plan.offsets.get(source);
  if (offset === undefined) throw new Error(`internal: value ${value.id} of ${value.origin.op} has no memory`);
  return base + offset;
}

/** Makes the program of `f` for arguments of a signature: trace → ir → passes → schedule → backend. */
export function buildProgram(
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  flat: Flattened,
  options: ProgramOptions,
  backend: Backend,
  rooms = new Rooms(),
): Built {
  const stages = new Stages();
  const { afters, ...lowered } = lower(stages, name, f, flat, rooms);
  const lease = leaseOn(lowered.variables, backend);
  return orEnd(lease, () => {
    const states = statesOf(lowered.variables, afters, backend);
    const program = stages.run(
      "schedule",
      () => placed(name, lowered, states, options, backend, lease),
      ({ schedule }) => schedule.all.length,
    );
    const executable = stages.run(
      "backend",
      () => backend.compile(program),
      ({ codeBytes }) => codeBytes,
    );
    lease.follow(executable);
    lease.makeDispensable();
    return { ...lowered, program, executable, backend, stages };
  });
}

/** Values as kernels, and places for them. */
function placed(
  name: string,
  { values, results }: Pick<Lowered, "values" | "results">,
  states: readonly State[],
  options: ProgramOptions,
  backend: Backend,
  lease: Lease,
): Program {
  const roots = [...results, ...states.flatMap(({ after }) => (after === null ? [] : [after]))];
  const allocate = (bytes: number): number => lease.allocate(bytes, name);
  const schedule = scheduleOf(values, roots, {
    native: options.native,
    leastWork: options.leastWork,
    threads: backend.available(options.threads),
    scratchOf: (kernel, threads) => backend.scratchOf(kernel, options, threads),
    allocate,
  });
  return { name, options, schedule, base: allocate(schedule.plan.bytes), states, lease };
}

/** The memory of a program that uses variables: these stay where it finds them until it ends. */
function leaseOn(variables: readonly Variable[], backend: Backend): Lease {
  // A lease is held where programs are not: it must not keep their variables, nor a weak reference, which does for a
  // turn.
  const residences = variables.map((variable) => variable.residenceIn(backend));
  for (const residence of residences) residence.enter();
  return backend.lease(() => {
    for (const residence of residences) residence.leave();
  });
}

/** For each variable its address, and the value that it has afterwards. */
function statesOf(variables: readonly Variable[], afters: readonly (Value | null)[], backend: Backend): State[] {
  return variables.map((variable, k) => ({
    address: variable.addressIn(backend),
    bytes: countOf(variable.shape) * bytesOf(variable.dtype),
    after: afters[k]!,
  }));
}

/** Gives what `make` makes; where it throws, its memory is given back. */
function orEnd<T>(lease: Lease, make: () => T): T {
  try {
    return make();
  } catch (error) {
    lease.end();
    throw error;
  }
}

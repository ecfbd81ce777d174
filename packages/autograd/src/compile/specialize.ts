/** One function, one signature, one program: built, with the way in and out. */

import type { Backend, Executable } from "../backends/backend.ts";
import { OutOfMemoryError, SizeError } from "../errors.ts";
import { ample, Rooms, withRoom, type MoreSteps } from "../graph/rooms.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Shape } from "../types/shape.ts";
import { Binding } from "./binding.ts";
import { addressOf, buildProgram, type Program, type ProgramOptions } from "./program.ts";
import type { Flattened } from "./signature.ts";
import type { Stages } from "./stages.ts";
import type { Value } from "./ir/value.ts";
import type { Variable } from "./variable.ts";

/** A program that is called with the leaves of its arguments. */
export interface Specialized {
  readonly program: Program;
  readonly executable: Executable;
  readonly backend: Backend;
  readonly stages: Stages;
  readonly variables: readonly Variable[];
  call(leaves: readonly (Tensor | number)[]): unknown;
}

/**
 * Makes the program of `f` for arguments of this signature, and makes it again where a loop takes more steps than it
 * has room for.
 */
export function specialize(
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  flat: Flattened,
  options: ProgramOptions,
  backend: Backend,
): Specialized {
  const rooms = new Rooms();
  const make = (): Specialized => specializeOnce(name, f, flat, options, backend, rooms);
  let made = make();
  if (rooms.isEmpty) return made;
  const enlarge = (more: MoreSteps): void => {
    // The memory goes first: with it there may be enough.
    made.program.lease.end();
    made = orRefuse(more, make);
  };
  return {
    backend,
    get program() {
      return made.program;
    },
    get executable() {
      return made.executable;
    },
    get stages() {
      return made.stages;
    },
    get variables() {
      return made.variables;
    },
    call: (leaves) => withRoom(rooms, () => made.call(leaves), enlarge),
  };
}

/** Makes something with room for more steps: for some that may come later as well, where there is memory. */
function orRefuse<R>({ bound: { room, line }, steps }: MoreSteps, make: () => R): R {
  for (const wanted of [ample(steps), steps]) {
    try {
      room!.steps = wanted;
      return make();
    } catch (error) {
      if (!(error instanceof OutOfMemoryError || error instanceof SizeError)) throw error;
      if (wanted > steps) continue;
      const problem = error.message.slice(error.op.length + 2, error.message.indexOf(`: ${error.hint}`));
      throw new OutOfMemoryError({
        op: "whileLoop",
        problem: `the loop has taken ${steps} steps, of which reverse mode keeps what its rules read, and ${problem}`,
        hint: "compute parts of the body again (checkpoint), or use forward mode (jvp)",
        at: line,
      });
    }
  }
  throw new Error("internal: no room was tried");
}

function specializeOnce(
  name: string,
  f: (...args: readonly unknown[]) => unknown,
  flat: Flattened,
  options: ProgramOptions,
  backend: Backend,
  rooms: Rooms,
): Specialized {
  const { values, results, shapes, rebuild, variables, program, executable, stages } = buildProgram(
    name,
    f,
    flat,
    options,
    backend,
    rooms,
  );
  const portOf = (value: Value): Binding =>
    new Binding(value, backend.place(value.dtype, addressOf(program, value), value.count));
  const changed = variables.filter((_, k) => program.states[k]!.after !== null);
  const ports = {
    inputs: inputsOf(program, values, portOf),
    exits: results.map((value, k): Exit => ({ binding: portOf(value), shape: shapes[k]! })),
  };
  const call = callOf(program, executable, ports, rebuild, changed);
  return { program, executable, backend, stages, variables, call };
}

interface Entry {
  /** Which leaf goes in. */
  readonly place: number;
  readonly binding: Binding;
}

interface Exit {
  readonly binding: Binding;
  readonly shape: Shape;
}

/** The ways in: of those arguments that have memory. */
function inputsOf({ schedule }: Program, values: readonly Value[], portOf: (value: Value) => Binding): Entry[] {
  return values.flatMap((value) => {
    const { definition } = value;
    if (definition.kind !== "argument" || !schedule.plan.offsets.has(value)) return [];
    return [{ place: definition.index, binding: portOf(value) }];
  });
}

/** A call: arguments are written, the program runs, results are read. It holds nothing of the trace. */
function callOf(
  { lease }: Program,
  executable: Executable,
  { inputs, exits }: { readonly inputs: readonly Entry[]; readonly exits: readonly Exit[] },
  rebuild: Flattened["rebuild"],
  changed: readonly Variable[],
): Specialized["call"] {
  return (leaves) => {
    lease.touch();
    for (let i = 0; i < inputs.length; i++) {
      const { place, binding } = inputs[i]!;
      binding.write(leaves[place]!);
    }
    executable.run();
    for (let i = 0; i < changed.length; i++) changed[i]!.changed();
    const given = new Array<Tensor>(exits.length);
    for (let i = 0; i < exits.length; i++) given[i] = exits[i]!.binding.read(exits[i]!.shape);
    return rebuild(given);
  };
}

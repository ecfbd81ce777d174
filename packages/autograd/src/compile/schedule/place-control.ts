/**
 * Memory planning of loops and branches: their bodies are kernels of their own over memory of their own, which stays
 * the same from step to step.
 */

import type { Leaf } from "../../graph/control.ts";
import { countOf } from "../../graph/shape.ts";
import { bodiesOf, carriesOf, type BuiltControl } from "../ir/control.ts";
import { writtenInPlace } from "./carries.ts";
import { fuse } from "./fuse.ts";
import type { Kernel, Members } from "./kernel.ts";
import { padded } from "../ir/layout.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { withEpilogues } from "./epilogues.ts";
import { plan, type Plan } from "./plan.ts";
import { reachable, sourceOf, type Value } from "../ir/value.ts";

/** A body with its kernels, at an address. */
export interface PlacedBody {
  readonly results: readonly Value[];
  /** With these, what derivatives read. */
  readonly given: readonly Value[];
  readonly kernels: readonly Kernel[];
  readonly plan: Plan;
  readonly base: number;
  /** Values that lie where a parameter lies, by the number of that. */
  readonly inPlace: ReadonlyMap<Value, number>;
}

/** A loop or a branch with its bodies, and where the parameters lie that change from step to step, by their numbers. */
export interface PlacedControl {
  readonly built: BuiltControl;
  readonly bodies: readonly PlacedBody[];
  readonly slots: ReadonlyMap<number, number>;
  readonly bytes: number;
}

/** The kernels of a program and of all bodies in it, those inside others too. */
export function allKernels(kernels: readonly Kernel[], placed: ReadonlyMap<BuiltControl, PlacedControl>): Kernel[] {
  return kernels.flatMap((kernel) => [
    kernel,
    ...(bodiesAt(kernel, placed)?.bodies ?? []).flatMap((body) => allKernels(body.kernels, placed)),
  ]);
}

/** The loop or branch that a kernel runs. */
export function bodiesAt(
  { members: [value] }: Members,
  placed: ReadonlyMap<BuiltControl, PlacedControl>,
): PlacedControl | undefined {
  return value!.definition.kind === "control" ? placed.get(value!.definition.built) : undefined;
}

/** Plans all bodies among kernels, and asks for their memory. */
export function placeControls(
  kernels: readonly Kernel[],
  allocate: (bytes: number) => number,
): ReadonlyMap<BuiltControl, PlacedControl> {
  const placed = new Map<BuiltControl, PlacedControl>();
  const visit = (list: readonly Kernel[]): void => {
    for (const { members } of list) {
      const { definition } = members[0]!;
      if (definition.kind !== "control") continue;
      const { built } = definition;
      const control = placeControl(
        built,
        built.bodies.map((_, at) => keptIn(members, at)),
        allocate,
      );
      placed.set(built, control);
      for (const body of control.bodies) visit(body.kernels);
    }
  };
  visit(kernels);
  return placed;
}

/** Values of a body that derivatives read. */
function keptIn(members: readonly Value[], body: number): Value[] {
  const outputs = members.map(({ definition }) => (definition.kind === "control" ? definition.output : null));
  return outputs.flatMap((output) => (output?.kind === "kept" && output.body === body ? [output.value] : []));
}

const sizeOfLeaf = ({ shape, dtype }: Leaf): number => padded(countOf(shape) * bytesOf(dtype));

function placeControl(
  built: BuiltControl,
  kept: readonly (readonly Value[])[],
  allocate: (bytes: number) => number,
): PlacedControl {
  const planned = built.bodies.map(({ values, results }, at) => {
    const given = [...results, ...kept[at]!, ...(built.gate === null ? [] : [built.gate])];
    const kernels = withEpilogues(fuse(reachable(values, given)), () => 1);
    const carries = at === built.bodies.length - 1 ? carriesOf(built.control) : 0;
    return {
      results,
      given,
      kernels,
      plan: plan(
        kernels,
        given.map((value) => sourceOf(value).source),
        0,
      ),
      inPlace: writtenInPlace(kernels, carries, results, given),
    };
  });
  const {
    bodies: [body],
  } = bodiesOf(built.control);
  const changing = [
    ...body!.parameters
      .slice(0, carriesOf(built.control))
      .map((leaf, k) => ({ parameter: k, bytes: sizeOfLeaf(leaf) })),
    ...built.rows.map((row) => ({ parameter: row.parameter, bytes: sizeOfLeaf(row) })),
  ];
  const bytes = [...planned.map((one) => one.plan), ...changing].reduce((sum, one) => sum + one.bytes, 0);
  let at = allocate(bytes);
  const take = (size: number): number => (at += size) - size;
  return {
    built,
    bodies: planned.map((one) => ({ ...one, base: take(one.plan.bytes) })),
    slots: new Map(changing.map((one) => [one.parameter, take(one.bytes)])),
    bytes,
  };
}

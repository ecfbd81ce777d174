/**
 * The places where the bodies of loops and branches work: kernels of their own over memory of their own, which stays
 * the same from step to step.
 */

import { countOf } from "../../graph/shape.ts";
import { bodiesOf, slotsOf, type BuiltControl } from "../values/control.ts";
import { fuse, type Kernel } from "./fuse.ts";
import { padded } from "../values/layout.ts";
import { bytesOf } from "../../kernels/lanes/machine-types.ts";
import { withPasses } from "./passes.ts";
import { plan, type Plan } from "./plan.ts";
import { reachable, sourceOf, type Value } from "../values/value.ts";

/** A body with its kernels, at an address. */
export interface PlacedBody {
  readonly results: readonly Value[];
  /** With these, what derivatives read. */
  readonly given: readonly Value[];
  readonly kernels: readonly Kernel[];
  readonly plan: Plan;
  readonly base: number;
}

/** A loop or a branch with its bodies, and the address of each parameter that changes from step to step. */
export interface PlacedControl {
  readonly built: BuiltControl;
  readonly bodies: readonly PlacedBody[];
  readonly slots: readonly number[];
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
  { members: [value] }: Kernel,
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

function placeControl(
  built: BuiltControl,
  kept: readonly (readonly Value[])[],
  allocate: (bytes: number) => number,
): PlacedControl {
  const planned = built.bodies.map(({ values, results }, at) => {
    const given = [...results, ...kept[at]!];
    const kernels = withPasses(fuse(reachable(values, given)), () => 1);
    return {
      results,
      given,
      kernels,
      plan: plan(
        kernels,
        given.map((value) => sourceOf(value).source),
        0,
      ),
    };
  });
  const {
    bodies: [body],
  } = bodiesOf(built.control);
  const sizes = body!.parameters
    .slice(0, slotsOf(built.control).slots)
    .map(({ shape, dtype }) => padded(countOf(shape) * bytesOf(dtype)));
  const bytes = [...planned.map((one) => one.plan.bytes), ...sizes].reduce((sum, size) => sum + size, 0);
  let at = allocate(bytes);
  const take = (size: number): number => (at += size) - size;
  return {
    built,
    bodies: planned.map((one) => ({ ...one, base: take(one.plan.bytes) })),
    slots: sizes.map(take),
    bytes,
  };
}

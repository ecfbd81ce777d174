/** One probe of a kernel: what it gives there, and what is right there. */

import { Random } from "../../random.ts";
import { cornerAmong, DRAWS, nearby, type Corner } from "../bounds/corners.ts";
import { differences } from "./differences.ts";
import type { Truth } from "../claims/of-kernel.ts";
import { call, runForward, runForwards, type Call } from "./kernel.ts";
import { plus, type Numbers } from "../bounds/numbers.ts";
import { drawUpstream } from "./probe.ts";
import { knownGradients, type Reference } from "./reference.ts";
import { allowance, inputsAt, type Subject } from "./subject.ts";

/** The corners of a reference at somebody's own numbers; what is drawn has none. */
function cornersAt(
  { specs, dtype, seed }: Subject,
  reference: Reference,
  inputs: readonly Numbers[],
  g: Numbers,
  known: readonly Numbers[],
): readonly (Corner | null)[] {
  const samples = Array.from({ length: DRAWS }, (_, draw) => {
    const random = new Random(seed).split("corner", draw);
    return knownGradients(
      reference,
      specs,
      inputs.map((x, k) => (specs[k]!.differentiable ? plus(x, nearby(x, random)) : x)),
      g,
      dtype,
    );
  });
  return known.map((base, k) =>
    cornerAmong(
      base,
      samples.map((sample) => sample[k]!.value),
    ),
  );
}

/** The truth about one probe: by autograd of the reference, or by differences of the person's own forward. */
export function truthOf(
  subject: Subject,
  reference: Reference | null,
  inputs: readonly Numbers[],
  g: Numbers,
): Truth[] {
  const own = inputs === subject.given;
  const { specs, dtype, kernel } = subject;
  if (reference !== null) {
    const known = knownGradients(reference, specs, inputs, g, dtype);
    const corners = own
      ? cornersAt(
          subject,
          reference,
          inputs,
          g,
          known.map(({ value }) => value),
        )
      : [];
    return known.map((one, k) => ({
      value: one.value,
      allowed: allowance(subject, one),
      corners: corners[k]?.ranges ?? new Map(),
      sums: corners[k]?.sums ?? [],
    }));
  }
  const which = specs.flatMap(({ differentiable }, k) => (differentiable ? [k] : []));
  return differences((all) => runForwards(kernel, all), inputs, which, g, dtype).map((known) => ({
    ...known,
    allowed: allowance(subject, known),
  }));
}

/** Holds what a probe shows. */
export interface Tried {
  readonly inputs: readonly Numbers[];
  readonly g: Numbers;
  readonly call: Call;
  readonly truth: readonly Truth[];
}

/** The kernel on one probe. */
export function tryOn(subject: Subject, reference: Reference | null, probe: number, ones: boolean): Tried {
  const inputs = inputsAt(subject, probe);
  const { shape } = runForward(subject.kernel, inputs);
  const drawn = drawUpstream(subject, shape, probe);
  const g = ones ? { shape, data: drawn.data.map(() => 1) } : drawn;
  return {
    inputs,
    g,
    call: call(subject.kernel, subject.specs, inputs, g),
    truth: truthOf(subject, reference, inputs, g),
  };
}

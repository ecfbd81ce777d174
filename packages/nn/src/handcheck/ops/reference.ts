/**
 * The truth about an operation: its output and Jᵀg by autograd in float64, with what a result in another type may be
 * off.
 */

import { cast, type Tensor } from "@chainrule/autograd";
import { allowedFor, type Known } from "../bounds/compare.ts";
import { pull } from "../catalogue/families/family.ts";
import type { Input } from "./kernel.ts";
import { fromTensor, toTensor, type Numbers } from "../bounds/numbers.ts";
import type { KernelType } from "../bounds/precision.ts";

/** An operation of tensors, of all inputs of a kernel. */
export type Reference = (inputs: readonly Tensor[]) => Tensor;

/** The differentiable inputs in the places of the others' constants. */
function onlyDifferentiable(reference: Reference, specs: readonly Input[], inputs: readonly Tensor[]): Reference {
  return (moving) => {
    let next = 0;
    return reference(specs.map(({ differentiable }, k) => (differentiable ? moving[next++]! : inputs[k]!)));
  };
}

/** The same computation in float32; `null` where the reference holds float64 constants of its own. */
function inSingle<R>(compute: () => R): R | null {
  try {
    return compute();
  } catch {
    return null;
  }
}

const single = (x: Tensor): Tensor => cast(x, "float32");

/** The output of the reference. */
export function knownOutput(reference: Reference, inputs: readonly Numbers[], dtype: KernelType): Known {
  const tensors = inputs.map(toTensor);
  const value = fromTensor(reference(tensors));
  const rough = inSingle(() => fromTensor(reference(tensors.map(single))));
  return { value, allowed: allowedFor(dtype, value, rough) };
}

/** Jᵀg by each differentiable input. */
export function knownGradients(
  reference: Reference,
  specs: readonly Input[],
  inputs: readonly Numbers[],
  g: Numbers,
  dtype: KernelType,
): Known[] {
  const compute = (tensors: readonly Tensor[], upstream: Tensor): Numbers[] =>
    pull(
      onlyDifferentiable(reference, specs, tensors),
      tensors.filter((_, k) => specs[k]!.differentiable),
      upstream,
    ).map(fromTensor);
  const tensors = inputs.map(toTensor);
  const exact = compute(tensors, toTensor(g));
  const rough = inSingle(() => compute(tensors.map(single), single(toTensor(g))));
  return exact.map((value, k) => ({ value, allowed: allowedFor(dtype, value, rough?.[k] ?? null) }));
}

/** The numbers that a kernel is tried on: drawn so that nothing coincides, rounded to the kernel's type. */

import { ArgumentError } from "@chainrule/autograd";
import { kernels } from "../../locales/kernels.ts";
import type { Words } from "../../locales/words.ts";
import { Random } from "../../random.ts";
import type { Family, Settings } from "../catalogue/families/family.ts";
import type { Input } from "./kernel.ts";
import { countOf, readOrRefuse, type Numbers } from "../bounds/numbers.ts";
import { roundTo, type KernelType } from "../bounds/precision.ts";

/** Holds what decides the numbers. */
export interface Drawing {
  readonly specs: readonly Input[];
  readonly family: Family | null;
  readonly settings: Settings;
  readonly dtype: KernelType;
  readonly seed: number | string;
  /** Says where the numbers lie; anywhere where nothing is said. */
  readonly domain?: Domain;
  /** Somebody's own numbers, which drawn ones may lie near. */
  readonly given?: readonly Numbers[] | null;
  /** Inputs that are taken for labels though their names do not say so. */
  readonly labels?: readonly string[];
}

/** Says where a forward may be defined. */
type Domain = "any" | "near" | "positive" | "unit";

/** The domains in the order in which they are tried, with what is said of them. */
export const domains: readonly { readonly name: Domain; readonly says: Words | null }[] = [
  { name: "any", says: null },
  { name: "near", says: null },
  { name: "positive", says: kernels.triedOnPositive },
  { name: "unit", says: kernels.triedOnUnit },
];

/** A normal number, moved into a domain. */
function placed(x: number, domain: Domain, near: number | undefined): number {
  switch (domain) {
    case "any":
      return x;
    case "near":
      return near === undefined ? x : near * (1 + 0.2 * Math.tanh(x));
    case "positive":
      return Math.abs(x) + 0.1;
    case "unit":
      return 0.05 + 0.9 / (1 + Math.exp(-x));
  }
}

const rounded = (dtype: KernelType, data: Float64Array): Float64Array => data.map((x) => roundTo(dtype, x));

/** True if it is what a loss is told, and nobody differentiates by: `labels`, `one_hot`, `y_true`. */
export const isLabels = (name: string): boolean =>
  /^(?:labels?|one_?hot|onehot_?labels?|classes|y_?true|y_?onehot)$/i.test(name);

/** Labels are one class each, or shares of several: their rows sum to 1. */
function shares(data: Float64Array, shape: readonly number[]): Float64Array {
  const width = shape.at(-1) ?? 1;
  const positive = data.map((x) => Math.exp(x));
  return positive.map(
    (x, i) => x / positive.subarray(i - (i % width), i - (i % width) + width).reduce((sum, y) => sum + y, 0),
  );
}

/** Inputs of a probe. */
export function drawInputs(
  { specs, family, settings, dtype, seed, domain = "any", given = null, labels = [] }: Drawing,
  probe: number,
): Numbers[] {
  const shapes = specs.map(({ shape }) => shape);
  return specs.map(({ name, shape }, k) => {
    const random = new Random(seed).split("probe", probe, k);
    const draw = family?.inputs[k]?.draw;
    if (draw === undefined && shape.length === 2 && (isLabels(name) || labels.includes(name)))
      return { shape, data: rounded(dtype, shares(random.normalArray(countOf(shape)), shape)) };
    return {
      shape,
      data: rounded(
        dtype,
        draw === undefined
          ? random.normalArray(countOf(shape)).map((x, i) => placed(x, domain, given?.[k]?.data[i]))
          : draw(random, shape, { settings, shapes }),
      ),
    };
  });
}

/** An upstream gradient of a probe. */
export function drawUpstream(
  { dtype, seed }: Pick<Drawing, "dtype" | "seed">,
  shape: readonly number[],
  probe: number,
): Numbers {
  return {
    shape,
    data: rounded(
      dtype,
      new Random(seed)
        .split("upstream", probe)
        .normalArray(countOf(shape))
        .map((x) => x + 0.25 * Math.sign(x)),
    ),
  };
}

/** A direction for the inputs that have derivatives. */
export function drawDirection({ specs, seed }: Pick<Drawing, "specs" | "seed">): (Numbers | null)[] {
  return specs.map(({ differentiable, shape }, k) =>
    differentiable ? { shape, data: new Random(seed).split("direction", k).normalArray(countOf(shape)) } : null,
  );
}

/** The inputs by name and shape, from the family, the shapes and the numbers that were given. */
export function inputsOf(
  family: Family | null,
  {
    shapes,
    inputs,
    names,
    differentiable,
  }: {
    readonly shapes?: readonly (readonly number[])[];
    readonly inputs?: readonly unknown[];
    readonly names?: readonly string[];
    readonly differentiable?: readonly boolean[];
  },
): { readonly specs: readonly Input[]; readonly given: readonly Numbers[] | null } {
  const given = inputs?.map((x, k) => readOrRefuse("checkOp", `input ${k}`, x)) ?? null;
  const sizes = given?.map(({ shape }) => shape) ?? shapes ?? family?.inputs.map(({ shape }) => shape);
  if (sizes === undefined)
    throw new ArgumentError({
      op: "checkOp",
      problem: "there are no shapes",
      hint: "give shapes: one for each input, or inputs, or a family",
    });
  if (family !== null && sizes.length !== family.inputs.length) {
    throw new ArgumentError({
      op: "checkOp",
      problem: `${sizes.length} inputs where ${family.name} has ${family.inputs.length}`,
      hint: `give them in this order: ${family.inputs.map(({ name }) => name).join(", ")}`,
    });
  }
  const specs = sizes.map((shape, k) => ({
    name: names?.[k] ?? family?.inputs[k]?.name ?? `x${k + 1}`,
    differentiable: differentiable?.[k] ?? family?.inputs[k]?.differentiable ?? true,
    shape,
  }));
  return { specs, given };
}

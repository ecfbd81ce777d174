/** Mistakes of a kernel's family that its inputs cannot show: on them the wrong formula gives the right gradient. */

import { kernels } from "../../locales/kernels.ts";
import type { Words } from "../../locales/words.ts";
import { gapOf } from "../bounds/compare.ts";
import { fromTensor, largest, toTensor, type Numbers } from "../bounds/numbers.ts";
import type { Family, Slip } from "../catalogue/families/family.ts";
import type { OpBlindness } from "../report.ts";
import { drawInputs } from "./probe.ts";
import type { Reference } from "./reference.ts";
import type { Subject } from "./subject.ts";
import { truthOf, type Tried } from "./trying.ts";

/** Inputs and an upstream gradient, with what is right there. */
type Occasion = Pick<Tried, "inputs" | "g" | "truth">;

/** A probe that is none of those on which kernels are judged. */
const ELSEWHERE = 9;

/** The mistakes of one kernel, made on its own inputs. */
class Blindness {
  readonly #subject: Subject;
  readonly #reference: Reference;
  readonly #data: readonly Occasion[];
  /** The data with one input drawn anew, by its place. */
  readonly #replaced = new Map<number, readonly Occasion[]>();

  constructor(subject: Subject, reference: Reference, data: readonly Occasion[]) {
    this.#subject = subject;
    this.#reference = reference;
    this.#data = data;
  }

  /** True where the formula gives other numbers than the right one, false where none; `null` where it is none here. */
  shows(slip: Slip, data: readonly Occasion[] = this.#data): boolean | null {
    const { specs, settings } = this.#subject;
    const k = specs.filter(({ differentiable }) => differentiable).findIndex(({ name }) => name === slip.of);
    if (k < 0) return null;
    const seen = data.map(({ inputs, g, truth }) => {
      const { value: right, allowed } = truth[k]!;
      const made = slip.value(inputs.map(toTensor), toTensor(g), settings, toTensor(right));
      if (made === null) return null;
      const wrong = fromTensor(made);
      // A formula with larger numbers rounds more.
      const growth = Math.max(1, largest(wrong.data) / Math.max(largest(right.data), 1e-300));
      return gapOf(wrong, right) > 4 * growth * allowed;
    });
    return seen.every((one) => one === null) ? null : seen.includes(true);
  }

  /** Why a mistake is not seen: an input with which it would be, if it were another; else a shape. */
  why(slip: Slip): Words {
    const { specs } = this.#subject;
    const hiding = specs.findIndex(
      (_, k) => this.#subject.given !== null && this.shows(slip, this.#without(k)) === true,
    );
    if (hiding >= 0) return described(specs[hiding]!.name, this.#data[0]!.inputs[hiding]!);
    const short = specs.flatMap(({ name, shape }) =>
      shape.flatMap((size, axis) => (size === 1 ? [{ name, axis }] : [])),
    );
    return short.length > 0 ? kernels.oneEntry(short[0]!) : kernels.sameEitherWay;
  }

  /** The data with other numbers in the place of one input. */
  #without(k: number): readonly Occasion[] {
    const known = this.#replaced.get(k);
    if (known !== undefined) return known;
    const drawn = drawInputs(this.#subject, ELSEWHERE)[k]!;
    const made = this.#data.map(({ inputs: own, g }) => {
      const inputs = own.map((x, i) => (i === k ? drawn : x));
      return { inputs, g, truth: truthOf(this.#subject, this.#reference, inputs, g) };
    });
    this.#replaced.set(k, made);
    return made;
  }
}

/** Returns what is special about the numbers of an input. */
function described(name: string, { data, shape }: Numbers): Words {
  const [first = 0, width] = [data[0], shape.at(-1) ?? 1];
  if (data.every((x) => x === first)) return kernels.holdsOne({ name, value: Number(first.toPrecision(6)) });
  if (width > 1 && data.every((x, i) => x === data[i - (i % width)])) return kernels.rowsHoldOne({ name });
  if (shape.length === 2 && shape[0]! > 1 && data.every((x, i) => x === data[i % width]))
    return kernels.columnsHoldOne({ name });
  if (data.every((x) => x > 0)) return kernels.isPositive({ name });
  if (data.every((x) => x < 0)) return kernels.isNegative({ name });
  return kernels.hides({ name });
}

/**
 * Makes every mistake of the family on the inputs that were handed in, or else on those of the check; what fits
 * constants to the numbers gives any of them and is left out.
 */
export function kernelBlindness(
  subject: Subject,
  { slips }: Family,
  reference: Reference,
  tried: readonly Tried[],
): OpBlindness {
  const given = subject.given !== null;
  const made = new Blindness(subject, reference, given ? tried.slice(0, 1) : tried);
  const known = slips
    .filter(({ loose }) => loose !== true)
    .flatMap((slip) => {
      const shows = made.shows(slip);
      return shows === null ? [] : [{ slip, shows }];
    });
  const missed = known.flatMap(({ slip, shows }) =>
    shows ? [] : [{ id: slip.id, of: slip.of, yours: slip.yours, why: made.why(slip) }],
  );
  return { tried: known.length, missed, given };
}

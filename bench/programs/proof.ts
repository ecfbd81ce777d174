/** How a program is proved right before it is timed: its derivatives by differences, its results by others'. */

import { tensor, type Tensor } from "@chainrule/autograd";
import { validate, type Values, type Work } from "../peers/work.ts";
import { drawn, type Named, type Program, type Slope } from "./program.ts";

/** A difference has errors of the third derivative, by the square of this, and of rounding, divided by this. */
const STEP = 1e-5;
/** The largest deviation of a derivative from the difference, by the largest number in it. */
const OF_DIFFERENCES = 1e-6;
/** Results of another library may differ by so much: theirs are sums in another order. */
const OF_OTHERS = 1e-10;

type Numbers = ArrayLike<number>;

/** The results' numbers, by name. */
export const numbersOf = (results: Named): Values =>
  Object.fromEntries(Object.entries(results).map(([name, x]) => [name, x.toTypedArray()]));

const largestOf = (numbers: Numbers): number => Array.from(numbers).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** Refuses results that differ in a bit. */
export function expectSameBits({ name }: Program, found: Values, right: Values): void {
  for (const [result, numbers] of Object.entries(right)) {
    const got = found[result]!;
    const wrong = Array.from(numbers).findIndex((x, i) => !Object.is(x, got[i]));
    if (wrong >= 0 || got.length !== numbers.length)
      throw new Error(
        `${name}: compiled, ${result}[${wrong}] is ${got[wrong]!}, not ${numbers[wrong]!}; nothing is timed`,
      );
  }
}

/** Refuses results that differ from others'. */
export function expectValues({ id }: Program, expected: Values, given: Values): void {
  const work: Work = {
    id,
    title: id,
    data: {},
    settings: {},
    runners: [],
    expected: () => expected,
    tolerance: OF_OTHERS,
  };
  validate(work, expected, given);
}

/** A direction for parameters, in which each moves by a share of its own size. */
function directions(parameters: Named, names: readonly string[]): ReadonlyMap<string, Float64Array> {
  return new Map(
    names.map((name, k) => {
      const { shape } = parameters[name]!;
      const scale = largestOf(parameters[name]!.toTypedArray()) || 1;
      return [name, Float64Array.from(drawn(1000 + k, shape, scale).toTypedArray())];
    }),
  );
}

/** The change along the direction, as the results with derivatives have it: Σⱼ ∂yᵢ/∂xⱼ dⱼ. */
function predicted({ of, by, entrywise }: Slope, results: Values, along: ReadonlyMap<string, Float64Array>): number[] {
  return Array.from(results[of]!, (_, i) => {
    let sum = 0;
    for (const [parameter, derivative] of Object.entries(by)) {
      const [d, slopes] = [along.get(parameter)!, results[derivative]!];
      if (entrywise === true) sum += slopes[i]! * d[i]!;
      else d.forEach((dj, j) => (sum += slopes[i * d.length + j]! * dj));
    }
    return sum;
  });
}

/** The same by moving forth and back: (y(x + h d) - y(x - h d))/2h. */
function measured(
  { parameters, data, run }: Program,
  { of }: Slope,
  along: ReadonlyMap<string, Float64Array>,
): number[] {
  const ends = [STEP, -STEP].map((step): Numbers => {
    const moved = [...along].map(([name, d]) => {
      const { shape } = parameters[name]!;
      const change = tensor(
        d.map((x) => step * x),
        { shape, dtype: "float64" },
      ) as Tensor;
      return [name, parameters[name]!.add(change)] as const;
    });
    return run({ ...parameters, ...Object.fromEntries(moved) } as Named, data)[of]!.toTypedArray();
  });
  const [forth, back] = ends as [Numbers, Numbers];
  return Array.from(forth, (y, i) => (y - back[i]!) / (2 * STEP));
}

/** Compares the derivatives with differences. */
function agrees(found: readonly number[], right: readonly number[]): boolean {
  const most = OF_DIFFERENCES * largestOf(right);
  // Written so that NaN does not pass.
  return found.length === right.length && found.every((x, i) => Math.abs(x - right[i]!) <= most);
}

/** The results with the largest number of one of them doubled. */
function spoiled(results: Values, name: string): Values {
  const numbers = Array.from(results[name]!);
  const sizes = numbers.map(Math.abs);
  numbers[sizes.indexOf(Math.max(...sizes))]! *= 2;
  return { ...results, [name]: numbers };
}

/** Refuses derivatives that differences do not bear out; that it would refuse wrong ones is tried as well. */
export function expectSlopes(program: Program, results: Values): void {
  for (const slope of program.slopes) {
    const along = directions(program.parameters, Object.keys(slope.by));
    const right = measured(program, slope, along);
    const names = Object.values(slope.by).join(", ");
    if (!agrees(predicted(slope, results, along), right))
      throw new Error(`${program.name}: ${names} is not the derivative of ${slope.of}; nothing is timed`);
    for (const name of Object.values(slope.by)) {
      if (agrees(predicted(slope, spoiled(results, name), along), right))
        throw new Error(`${program.name}: a wrong ${name} passes for the derivative of ${slope.of}`);
    }
  }
}

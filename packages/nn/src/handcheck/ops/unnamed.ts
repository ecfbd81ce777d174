/** A wrong gradient of a kernel that is none of the known slips, in words: of what goes in and comes out. */

import { kernels } from "../../locales/kernels.ts";
import type { Words } from "../../locales/words.ts";
import { explain, type Explanation } from "../relations/explain.ts";
import type { Shown } from "../relations/features.ts";
import { named } from "../relations/piece.ts";
import type { Surroundings } from "../relations/relations.ts";
import type { Numbers } from "../bounds/numbers.ts";
import { swapOf, type Occasion, type TruthAt } from "./swaps.ts";

/** A kernel as a wrong gradient sees it. */
export interface Context {
  /** The inputs in order, and which of them have a gradient. */
  readonly specs: readonly { readonly name: string; readonly differentiable: boolean }[];
  /** The right gradient by the input at `k` anywhere. */
  readonly truthAt: (k: number) => TruthAt;
  /** Right gradients of all inputs that have one, by input. */
  readonly right: (occasions: readonly Occasion[]) => ReadonlyMap<string, readonly Numbers[]>;
}

/** A letter of ours, or the word for it where an input has that letter. */
const letterFor = (letter: string, word: string, names: readonly string[]): string =>
  names.includes(letter) ? word : letter;

function surroundingsOf(of: string, occasions: readonly Occasion[], { specs, right }: Context): Surroundings {
  const names = specs.map(({ name }) => name);
  const [g, y] = [letterFor("g", "upstream", names), letterFor("y", "output", names)];
  const [first] = occasions;
  return {
    arrays: [
      ...names.map((name, k) =>
        named(
          name,
          first!.inputs[k]!.shape,
          occasions.map(({ inputs }) => inputs[k]!.data),
        ),
      ),
      named(
        y,
        first!.output.shape,
        occasions.map(({ output }) => output.data),
        "output",
      ),
      named(
        g,
        first!.g.shape,
        occasions.map((one) => one.g.data),
        "upstream",
      ),
    ],
    linear: true,
    legend: [
      { letter: g, means: kernels.upstream },
      { letter: y, means: kernels.output },
    ],
    others: [...right(occasions)].flatMap(([name, values]) =>
      name === of
        ? []
        : [
            named(
              `the right d${name}`,
              values[0]!.shape,
              values.map(({ data }) => data),
            ),
          ],
    ),
  };
}

/** One gradient on one probe, beside the right one. */
export const shownOf = ({ yours, correct: { value, allowed } }: Occasion): Shown => ({
  yours,
  correct: value,
  slack: value.data.map(() => allowed),
});

const nothing: Words = kernels.unexplained;

const narrower: Words = kernels.asGraph;

/** The words for a gradient that no slip explains, of all probes. */
export function unnamed(
  of: string,
  occasions: readonly Occasion[],
  telling: Occasion,
  context: Context,
): Explanation & { readonly says: Words } {
  const k = context.specs.findIndex(({ name }) => name === of);
  const finite = occasions.every(({ yours }) => yours.data.every(Number.isFinite));
  const told = explain({
    name: `d${of}`,
    probes: occasions.map(shownOf),
    telling: shownOf(telling),
    surroundings: surroundingsOf(of, occasions, context),
    narrower,
    meanings: { samples: telling.correct.value.shape[0] ?? 1 },
    otherwise: () =>
      finite
        ? swapOf(
            k,
            context.specs.map(({ name }) => name),
            occasions,
            context.truthAt(k),
          )
        : null,
  });
  return { ...told, says: told.says ?? nothing };
}

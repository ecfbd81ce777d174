/**
 * The sizes of a network, where nobody said them: from its parameters, or its gradients, and what goes in and comes
 * out.
 */

import type { NumberArray } from "./given.ts";
import { batches, biasOf, classBatches } from "./layout.ts";

/** Holds what a network's sizes are read from, by layer from 1; index 0 is empty. */
interface Shapes {
  readonly W: readonly (NumberArray | undefined)[];
  readonly b: readonly (NumberArray | undefined)[];
  readonly x: NumberArray | undefined;
  readonly t: NumberArray | undefined;
}

interface Ends {
  readonly out: number;
  readonly into: number;
  readonly turned: boolean;
  readonly bias: boolean;
}

/** The units above and below that a matrix can connect. */
function endsOf(given: NumberArray): Ends[] {
  const shape = given.shape.filter((n, i) => given.shape.length <= 2 || n !== 1 || i >= given.shape.length - 2);
  if (shape.length > 2) return [];
  const [height, width] = shape.length === 2 ? (shape as [number, number]) : [1, shape[0] ?? 1];
  const found: Ends[] = [
    { out: height, into: width, turned: false, bias: false },
    { out: width, into: height, turned: true, bias: false },
  ];
  if (width > 1) found.push({ out: height, into: width - 1, turned: false, bias: true });
  if (height > 1) found.push({ out: width, into: height - 1, turned: true, bias: true });
  return found;
}

/**
 * Every list of sizes that everything fits, the likeliest first: out × in before in × out, without a column for the
 * bias before with one.
 */
export function deducedSizes({ W, b, x, t }: Shapes): number[][] {
  const last = W.length - 1;
  let chains: { readonly sizes: readonly number[]; readonly rank: number }[] = [{ sizes: [], rank: 0 }];
  for (let l = 1; l <= last; l++) {
    const [weights, bias] = [W[l], b[l]];
    if (weights === undefined) return [];
    const ends = endsOf(weights).filter(
      ({ out, bias: column }) =>
        bias === undefined || (!column && (bias.data.length === 1 || biasOf(bias, out) !== null)),
    );
    chains = chains.flatMap(({ sizes, rank }) =>
      ends
        .filter(({ into }) => sizes.length === 0 || sizes.at(-1) === into)
        .map(({ out, into, turned, bias: column }) => ({
          sizes: sizes.length === 0 ? [into, out] : [...sizes, out],
          rank: rank + Number(turned) + 10 * Number(column),
        })),
    );
  }
  const fitting = chains
    .filter(({ sizes }) => x === undefined || batches(x, sizes[0]!).length > 0)
    .filter(
      ({ sizes }) =>
        t === undefined || batches(t, sizes.at(-1)!).length > 0 || classBatches(t, sizes.at(-1)!).length > 0,
    )
    .filter(({ sizes }) => x === undefined || t === undefined || agree(x, t, sizes))
    .sort((a, c) => a.rank - c.rank);
  return [...new Map(fitting.map(({ sizes }) => [sizes.join("-"), [...sizes]])).values()];
}

/** Inputs and targets have as many samples. */
function agree(x: NumberArray, t: NumberArray, sizes: readonly number[]): boolean {
  const counts = batches(x, sizes[0]!).map(({ rows }) => rows.shape[0]);
  return [...batches(t, sizes.at(-1)!), ...classBatches(t, sizes.at(-1)!)].some(({ rows }) =>
    counts.includes(rows.shape[0]),
  );
}

/** Sentences about a kernel by hand and of its manners, in English. */

export const kernels = {
  notLinear: "it is not linear in the upstream gradient: twice as much does not give twice as much",
  noUpstream: "your backward takes no upstream gradient: of a single number it needs none",
  rowsSumToOne: ({ name }: { name: string }): string =>
    `right where each row of ${name} sums to 1, as labels of classes do: it was tried on such numbers`,
  notRepeatable:
    "two calls with the same numbers give different results: draw the random numbers outside and hand them in",
  callsDiffer: ({ gap }: { gap: string }): string => `the calls differ by ${gap} of the largest entry`,
  argumentsWritten: ({ places }: { places: string }): string =>
    `an argument is written into (${places}): who else holds it sees other numbers; write into a copy`,
  inOnePiece: ({ way }: { way: string }): string =>
    `the upstream gradient is taken to lie in one piece: with ${way} of the same numbers the result is another`,
  triedOnPositive: "tried on positive numbers: elsewhere your forward gives none",
  triedOnUnit: "tried on numbers between 0 and 1: elsewhere your forward gives none",
  judgedWithout: ({ names }: { names: readonly string[] }): string =>
    `your forward has no ${names.join(" and no ")}: judged without`,
  takenAtUpstream: ({ name, more }: { name: string; more: string }): string =>
    `the derivative is taken at the upstream gradient where ${name} belongs${more}`,
  notMultiplied: ", which is not multiplied in",
  inputMultiplied: ({ name }: { name: string }): string =>
    `, and ${name} is multiplied where the upstream gradient belongs`,
  takenAtOutput: ({ name }: { name: string }): string => `the derivative is taken at the output where ${name} belongs`,
  exchanged: ({ name, other }: { name: string; other: string }): string =>
    `${name} and ${other} are exchanged: it is the derivative by ${name} with their values swapped`,
  upstream: "the upstream gradient",
  output: "the output",
  holdsOne: ({ name, value }: { name: string; value: number }): string => `${name} is ${value} throughout`,
  rowsHoldOne: ({ name }: { name: string }): string => `each row of ${name} holds one number`,
  columnsHoldOne: ({ name }: { name: string }): string => `each column of ${name} holds one number`,
  isPositive: ({ name }: { name: string }): string => `${name} is positive throughout`,
  isNegative: ({ name }: { name: string }): string => `${name} is negative throughout`,
  hides: ({ name }: { name: string }): string => `the numbers of ${name} hide it`,
  oneEntry: ({ name, axis }: { name: string; axis: number }): string => `axis ${axis} of ${name} has one entry`,
  sameEitherWay: "both formulas give the same numbers",
  unexplained: "wrong, and no typical mistake explains the numbers",
  asGraph:
    "as a graph, with tap at the values on the way and their " +
    "gradients handed in, each step would be judged by itself",
};

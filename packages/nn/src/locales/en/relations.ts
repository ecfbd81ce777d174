/** Sentences about how two gradients differ, in English. */

export const relations = {
  pathMissing: ({ path }: { path: string }): string =>
    `the path that brings ${path} is missing: it must be added to the others`,
  transposed: "it equals the correct one transposed",
  otherShape: ({ given, needed }: { given: string; needed: string }): string =>
    `the shape is ${given} where ${needed} is needed`,
  reshaped: "its numbers are the correct ones in another shape",
  unsummed: ({ axis }: { axis: number }): string =>
    `summed over axis ${axis} it is correct: the sum over the broadcast axis is missing [I3]`,
  ratioOfColumns: "yours / correct is one number for each column",
  ratioOfRows: "yours / correct is one number for each row",
  someWrong: ({ wrong, count }: { wrong: number; count: number }): string =>
    `${wrong} of ${count} entries are off, the others are right`,
  reordered: "the entries are the correct ones in another order",
  everyRow: ({ row }: { row: number }): string => `every row equals row ${row} of the correct one`,
  sumsMustVanish: ({ axis }: { axis: number }): string => `the sums over axis ${axis} must be 0, and yours are not`,
  sumsRight: ({ axis }: { axis: number }): string => `the sums over axis ${axis} are right`,
  allZero: "all entries are 0",
  rankOne: "its rank is 1 where the correct one's is higher: one outer product, not a sum of them",
  termMissing: ({ term }: { term: string }): string => `the term ${term} is missing`,
  termTooMuch: ({ term }: { term: string }): string => `the term ${term} is too much`,
  powerForExponential: ({ x, base }: { x: string; base: string }): string =>
    `the rule of a power, ${x}^${base}, stands where that of ` +
    `${base}^${x} belongs: the derivative of a^x is a^x ln a`,
  standsFor: ({ given, needed }: { given: string; needed: string }): string =>
    `${given} stands where ${needed} belongs`,
  otherFormula: "your numbers follow another formula than the derivative's",
  letterIs: ({ letter, means }: { letter: string; means: string }): string => `${letter} is ${means}`,
  withLetters: ({ words, letters }: { words: string; letters: readonly string[] }): string =>
    `${words} (${letters.join(", ")})`,
  isThat: ({ name }: { name: string }): string => `it is ${name}`,
  isMultiple: ({ times, name }: { times: string; name: string }): string => `it is ${times} times ${name}`,
  factorMissing: ({ factor }: { factor: string }): string => `the factor ${factor} is missing`,
  correctByYours: ({ text, everywhere }: { text: string; everywhere: boolean }): string =>
    `correct / yours is ${text}${everywhere ? " in every entry" : ""}`,
  yoursByCorrect: ({ text, everywhere }: { text: string; everywhere: boolean }): string =>
    `yours / correct is ${text}${everywhere ? " in every entry" : ""}`,
  differenceIs: ({ text, everywhere }: { text: string; everywhere: boolean }): string =>
    `yours − correct is ${text}${everywhere ? " in every entry" : ""}`,
  gateMissing: ({ side }: { side: string }): string => `it must be 0 where ${side}: a gate is missing`,
  mustNotVanish: ({ side }: { side: string }): string => `it is 0 where ${side}, and must not be`,
  onlyWhere: ({ side, words }: { side: string; words: string }): string =>
    `where ${side}, ${words}; elsewhere it is right`,
  undefinedWhere: ({ side }: { side: string }): string => `it is no number where ${side}`,
  offDiagonal: "it is right on the diagonal and wrong beside it",
  wrongWhere: ({ side }: { side: string }): string => `it is wrong where ${side}, and right elsewhere`,
};

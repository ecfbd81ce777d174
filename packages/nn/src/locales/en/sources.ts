/** Sentences about files, printouts and programs that arrays were read from, in English. */

export const sources = {
  rowNumbers: "the first column holds the numbers of the rows and was left out",
  columnNames: "the first line holds the names of the columns and was left out",
  commonFactor: ({ name, factor }: { name: string; factor: string }): string =>
    `${name}: the common factor ${factor} is multiplied in`,
  noArrayLine: ({ shown }: { shown: string }): string => `a line that lists no array is left out: ${shown}`,
  noArrayLines: ({ count, shown }: { count: number; shown: string }): string =>
    `${count} lines that list no array are left out, such as: ${shown}`,
  passBeforeFirst: ({ pass }: { pass: number }): string =>
    `the arrays of pass ${pass}: parameters and data as they were before the first gradient`,
  leftOut: ({ names, why }: { names: string; why: string }): string => `${names}: left out, ${why}`,
  perhapsDelta: "which may be δ or ∂C/∂v",
  leftOutBeside: ({ names, name }: { names: string; name: string }): string =>
    `${names}: left out beside ${name}, which the pass used`,
  ofOneSample: "of one sample, where the inputs are of all",
  line: ({ line }: { line: number | null }): string => `line ${line ?? "?"}`,
  lineOfCell: ({ cell, line }: { cell: number; line: number | null }): string => `cell ${cell}, line ${line ?? "?"}`,
  passBetween: ({ pass, from, to }: { pass: number; from: string; to: string }): string =>
    `the arrays of pass ${pass}: parameters and data as they were before ${from}, gradients behind ${to}`,
  stopped: ({ place, message }: { place: string; message: string }): string =>
    `the script then stopped at ${place}: ${message}`,
  inFile: ({ name, note }: { name: string; note: string }): string => `${name}: ${note}`,
};

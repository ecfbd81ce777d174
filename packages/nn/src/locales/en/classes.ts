/** The table of a class and what stands below it, in English. */

export const classes = {
  head: {
    file: "file",
    verdict: "verdict",
    right: "right",
    points: "points",
    roots: "mistakes",
    says: "what is first",
  },
  verdict: {
    correct: "right",
    mistake: "mistake",
    "forward-wrong": "forward wrong",
    contract: "not judged",
    inconclusive: "undecided",
    internal: "internal",
  },
  /** How many there are of a verdict. */
  count: {
    correct: (n: number): string => `${n} right`,
    mistake: (n: number): string => `${n} with mistakes`,
    "forward-wrong": (n: number): string => `${n} with a wrong forward pass`,
    contract: (n: number): string => `${n} not judged`,
    inconclusive: (n: number): string => `${n} undecided`,
    internal: (n: number): string => `${n} that chainrule failed on`,
  },
  total: ({ files, counts }: { files: number; counts: readonly string[] }): string =>
    `${files} submission${files === 1 ? "" : "s"}: ${counts.join(", ")}.`,
  common: ({ roots }: { roots: readonly string[] }): string => `Most often: ${roots.join(", ")}.`,
  same: ({ files }: { files: readonly string[] }): string => `The same, byte for byte: ${files.join(", ")}.`,
  points: ({ mean, of }: { mean: string; of: number }): string => `${mean} of ${of} points on average.`,
};

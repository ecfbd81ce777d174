/** What the part says in English. */

export const en = {
  title: "The gradient without a derivative, and what that costs",
  lead: "Move a weight by ε and see how the cost changes: too far and the curve bends, too little and the digits are gone.",
  note: "The numbers are those of Watch it flow: one sample, the same seed.",
  others: "Other numbers",
  epsilon: "The step ε",
  errorAxis: "relative error of the gradient",
  plot: "The relative error of the gradient against ε. The same numbers stand in the table below.",
  says: ({ epsilon, errors }: { epsilon: string; errors: string }) => `ε = ${epsilon}. Errors: ${errors}.`,
  ways: {
    forward: { name: "Forward", formula: "(C(w + ε) − C(w)) / ε", count: "n + 1" },
    central: { name: "Central", formula: "(C(w + ε) − C(w − ε)) / 2ε", count: "2n" },
    complex: { name: "Complex step", formula: "Im C(w + iε) / ε", count: "n" },
  },
  backprop: { name: "Backprop", formula: "BP1 to BP4", count: "one pass up, one down", names: "the layer, by its δ" },
  error: "Relative error",
  evaluations: "Costs computed",
  best: "At best",
  names: "It names",
  bestAt: ({ error, epsilon }: { error: string; epsilon: string }) => `${error} at ε = ${epsilon}`,
  derivativeBy: (place: string) => {
    const [name = "", to, from] = place.split(".");
    const layer = name.slice(1);
    return from === undefined
      ? `The derivative by the bias of layer ${layer}, neuron ${Number(to) + 1}`
      : `The derivative by the weight of layer ${layer}, to ${Number(to) + 1} from ${Number(from) + 1}`;
  },
  digitsSay:
    "The largest of all derivatives; digits that differ from backprop’s are crossed out. A checker that compares says only that something is wrong: differences know no layers.",
  someFollowed: ({ followed, parameters }: { followed: number; parameters: number }) =>
    `The curves follow ${followed} of the ${parameters} weights and biases, evenly spread; the counts are those of all.`,
  asTable: "The curves as a table",
};

export type DifferencesWords = typeof en;

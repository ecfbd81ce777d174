/** What *for developers* says in English. */

export const en = {
  title: "Any function you can write, differentiated",
  lead: "Loops, branches, several parameters: value, gradient and Hessian come from the code as it stands, exact to rounding.",
  which: "What is shown",
  tabs: { loss: "A loss", fit: "A fit that follows", nist: "Certified fits" },
  loss: {
    begin: "Begin with", examples: { bend: "decays, a loop, an if", layers: "a small network", branch: "as long as it takes" },
    editor: "A loss in TypeScript",
    note: "It runs as you type, in a worker of its own origin: no page, no storage, no network. Export point and loss.",
    results: "Value and derivatives", run: "Run it", end: "End it",
    waiting: "Running …",
    strange: { title: "This code came with a link", says: "Nothing of it has run. Read it first; run, it can reach neither this page, nor what your browser keeps, nor the network." },
    fails: "It does not run", stopped: "Ended",
    overtime: (seconds: number) => `It took more than ${seconds} s. Look for a loop without an end.`,
    ended: "You ended it.",
    value: "value", gradient: "Gradient", hessian: "Hessian", parameter: "parameter", at: "at",
    many: (count: number) => `${count} × ${count} numbers are more than one reads; hessian(loss) gives them.`,
    times: "Value and gradient, one call", eager: "as written", compiled: "compiled",
    ratio: (ratio: number, first: string) => `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)} times as fast, after ${first} for compiling it to WebAssembly. Measured here, just now, where no code may be made at run time: elsewhere it is quicker as written.`,
    uncompiled: (because: string) => `Not compiled: ${because}`,
    untimed: "It takes too long to be timed.",
    graph: "What was computed", graphAlt: "The graph of the computation; its text stands below.", asText: "As text",
    graphNote: "Each box an operation, with its shape, its value, and in red the derivative of the loss by it.",
  },
};

/** What the page says in English; the other languages have the same keys. */

export const en = {
  tag: "en",
  title: "a backprop checked while you type it",
  claim: { before: "A course’s checker says ", after: ". This says what is wrong." },
  lead: "Everything runs on your machine. Change a line: the verdict follows.",
  skip: "To the verdict",
  language: "Language",
  screens: { label: "What is checked", exercise: "The exercise", yours: "Paste yours" },
  exerciseNote: "The exercise that half of all courses set: two slips are planted in the backward pass. Find them, or mend them here.",
  yoursNote: "Lines of NumPy, plain formulas, index notation or LaTeX, with the names that you use.",
  work: "Your work",
  reset: "As it was",
  placeholder: "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T\ndZ1 = (W2.T @ dZ2) * (1 - A1**2)\n…",
  network: "Network", layer: (l: number) => (l === 0 ? "Input" : `Layer ${l}`), units: (l: number) => `Units of ${l === 0 ? "the input" : `layer ${l}`}`,
  activation: (l: number) => `Activation of layer ${l}`, more: "one unit more", fewer: "one unit fewer",
  addLayer: "Add a layer", removeLayer: "Remove a layer", cost: "Cost",
  costs: { quadratic: "½ squares", meanSquared: "mean squares", crossEntropy: "cross-entropy", categoricalCrossEntropy: "categorical cross-entropy", softmaxCrossEntropy: "softmax with cross-entropy" } as Readonly<Record<string, string>>,
  verdict: "Verdict",
  thinking: "Reading …",
  nothing: { title: "Nothing to check yet", says: "Type or paste a line on the left. One equation is enough: what is missing is not a mistake." },
  unread: "This cannot be read yet",
  line: (line: number) => `line ${line}`,
  hints: { label: "How much is told", levels: ["right or not", "which equation", "what sort", "everything"] },
  share: "Copy a link", shared: "Copied",
  status: { ok: "right", root: "mistake", inherited: "inherited", convention: "another convention", kink: "at a kink", undecided: "undecided", missing: "missing", shape: "shapes do not fit", nan: "not a number" } as Readonly<Record<string, string>>,
  foot: "No server, no cookies, no network once it is loaded. The report is the one that chainrule check --html writes.",
};

export type PageWords = typeof en;

/** What the derivation says in English. */

export const en = {
  title: "Where the four equations come from",
  lead: "How the gradients of your network follow from its cost, in the notation that you choose.",
  notation: "Notation",
  notations: {
    document: "the document",
    nielsen: "Nielsen",
    ng: "Ng",
    haykin: "Haykin",
    cs231n: "CS231n",
  } as Readonly<Record<string, string>>,
  formulas: "Formulas",
  letters: "in letters",
  numbers: "with numbers too",
  whose: "The numbers are those of Watch it flow.",
  others: "Other numbers",
  copyLatex: "Copy as LaTeX",
  copyMathml: "Copy as MathML",
};

/** What the gallery says in English. */

export const en = {
  title: "Published, read by many, and wrong",
  lead:
    "Slips of books, courses, libraries and posts, each judged anew by the check as you look at it. " +
    "The lines are written again; the slip is theirs.",
  exhibit: (n: number, of: number) => `${n} of ${of}`,
  claim: "What was claimed",
  all: "All exhibits",
  next: "Next",
  previous: "Previous",
  play: "Play levels of this kind",
  yours: "Change it yourself",
  verdict: "The check says",
};

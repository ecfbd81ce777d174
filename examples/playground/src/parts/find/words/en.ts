/** What the game says in English. */

export const en = {
  title: "Find the bug",
  lead: "One slip in a backward pass. Name the equation, then the slip; the check tells you at once.",
  ranks: ["", "easy", "medium", "hard"] as readonly string[],
  level: (n: number, of: number, rank: string) => `Level ${n} of ${of}, ${rank}`,
  drawn: (seed: number) => `Drawn by seed ${seed}`,
  claim: "What is claimed",
  textNote: "This is handed in for the network that is drawn below. Which line is wrong?",
  numbersNote:
    "Numbers of somebody’s backward pass beside the right ones. What is wrong further up is passed on: "
    + "which equation is it that slipped?",
  yours: "theirs", correct: "correct",
  place: (equation: string, layer: number) => `${equation} at layer ${layer}`,
  first: "1. Name the equation",
  firstText: "Choose the line that is wrong.", firstNumbers: "Choose the equation that is wrong of itself.",
  second: "2. Name the slip", secondText: "What has happened there?",
  fine: (name: string) => `${name} is right.`,
  inherited: (name: string) => `${name} is right of itself: it passes on what is wrong further up.`,
  named: (name: string, place: string) => `Yes: ${name}, ${place}.`,
  no: (id: string) => `Not that one: the check does not find ${id} there.`,
  solved: "Solved.", again: "Solved, not at the first try or with a hint.",
  published: "Where this kind was published",
  fromCatalogue: "Made by the catalogue of mistakes, by seed: everything but this equation is right.",
  next: "Next", previous: "Previous", draw: "A new one, by seed", link: "Copy a link",
  told: "Hint", levels: ["none", "which equation", "what sort", "the report"],
  report: "Show the report",
  all: "All levels",
  levelAt: (n: number, rank: string, solved: boolean) => `Level ${n}, ${rank}${solved ? ", solved" : ""}`,
  score: (solved: number, of: number, clean: number, seeds: number) =>
    `${solved} of ${of} solved, ${clean} at the first try without a hint${seeds === 0 ? "" : `; ${seeds} by seed`}.`,
  kept: "Kept on this machine alone.",
  forget: "Forget the score",
};

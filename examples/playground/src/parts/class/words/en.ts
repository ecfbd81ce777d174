/** What *For a class* says in English. */

interface About {
  readonly title: string;
  readonly lead: string;
}

export const en = {
  set: {
    title: "Set your class a backward pass",
    lead: "A link holds the task: the network, the numbers, the language of this page, and how much the check tells. No account, no server.",
  } as About,
  do: {
    numbers: {
      title: "Your task: the backward pass of this network",
      lead: "Work it out from the numbers that are given, and type what you get. The check follows each number.",
    } as About,
    formulas: {
      title: "Your task: the backward pass of this network",
      lead: "Write its equations, as formulas or as lines of NumPy. The check follows each line.",
    } as About,
  },
  handIn: "Students hand in",
  forms: { numbers: "numbers", formulas: "formulas" },
  seed: "Seed",
  others: "Draw others",
  drawn: (seed: number) => `Drawn by seed ${seed}: change any of them`,
  ownNumbers: "Numbers of your own",
  tooLarge: (most: number) =>
    `Nobody types layers of more than ${most} units: let formulas be handed in, or take a smaller network.`,
  steps: "Three steps",
  link: {
    title: "Give them the link",
    says: (level: string) =>
      `It opens this task, in the language that you are reading. The check tells them: ${level}.`,
    copy: "Copy the link",
    open: "Open it as a student",
  },
  back: {
    title: "Collect their files",
    says: "Each student saves a file of text with what they derived, and sends it to you in whatever way you use.",
  },
  verify: {
    title: "Check the files again",
    says: "The command computes every verdict anew from the numbers in the files. Keep the solution beside their folder: a file whose numbers are not those of the task is judged by its own, and its report says so.",
    save: (file: string) => `Save the solution, ${file}`,
  },
  honest: {
    title: "A convenience, and no exam",
    says: "Who edits the link sees more, and who has this page can ask it as often as they like. The file holds no verdict that could be forged, only work that the command judges. Whose work it is, it cannot know.",
  },
  name: "Your name",
  save: (file: string) => `Save ${file}`,
  saveSays: "The file is what you hand in. Nothing was sent anywhere.",
  toldHowMuch: (level: string) => `Your teacher chose how much is told: ${level}.`,
  another: "Set a task of your own",
};

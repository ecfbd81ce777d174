/** How the command may be called: its options as one table, from which parsing, help and completion are made. */

/** Values that an option takes by name. */
export interface Names {
  /** All values there are. */
  readonly choices: readonly string[];
  /** Values that are as good as those: by other names, or with more behind them. */
  readonly accepts: (value: string) => boolean;
}

/** One option of one or more subcommands. */
export interface Option {
  readonly name: string;
  /** The word for its value in the help; none for a switch. */
  readonly value?: string;
  /** Files of this ending may follow; without one the output goes to stdout. */
  readonly optionalFile?: string;
  /** All values there are. */
  readonly choices?: readonly string[];
  /** The same where records say it: whoever does not ask does not load them. */
  readonly names?: () => Promise<Names>;
  readonly about: string;
}

/** A page's words on something: paragraphs, and definitions among them. */
export type Meaning = string | readonly (string | Definitions)[];
export type Definitions = readonly (readonly [term: string, meaning: Meaning])[];

export interface Command {
  readonly name: "check" | "derive" | "init" | "completion" | "help";
  readonly synopsis: string;
  readonly about: string;
  readonly options: readonly Option[];
  /** Paragraphs, each by itself. */
  readonly details?: readonly (string | Definitions)[];
  /** Paragraphs of `details` that come from records. */
  readonly more?: () => Promise<readonly string[]>;
  readonly examples: readonly (readonly [command: string, says: string])[];
}

const exampleNames = ["mazur", "nielsen-ch1", "ex4", "cs231n", "document"] as const;
export type ExampleName = (typeof exampleNames)[number];

const conventionNames = ["auto", "ours", "nielsen", "ng", "haykin", "cs231n"] as const;
export type ConventionName = (typeof conventionNames)[number];

/** Marks of a class, by who reads them. */
export const formatNames = ["csv", "junit", "gradescope", "github", "json"] as const;

/** The templates that `init` writes. */
export const templateNames = ["numpy", "torch", "notebook", "octave", "typescript"] as const;

/** The shells that complete words; scripts for others would be written by hand. */
export const shells = ["bash", "zsh", "fish"] as const;

const net: Option = {
  name: "net",
  value: "NET",
  about: "layers, then activations: 4-5-3:sigmoid,softmax; or a .json file with sizes, activations, cost, parameters",
};
async function namesOfCosts(): Promise<Names> {
  const [{ costNamed, costNames }, { spokenOf }] = await Promise.all([
    import("../network/cost.ts"),
    import("../network/spoken.ts"),
  ]);
  return { choices: costNames, accepts: (value) => costNamed(spokenOf(value)?.word ?? "") !== undefined };
}

const cost: Option = {
  name: "cost",
  value: "COST",
  names: namesOfCosts,
  about:
    'what a sample costs, some with what they are told, as in "huber(0.5)"; quadratic, or categoricalCrossEntropy above a softmax',
};
const seed: Option = { name: "seed", value: "N", about: "of the numbers that are drawn (0)" };
const lang: Option = {
  name: "lang",
  value: "LANG",
  choices: ["en", "zh"],
  about: "language of the report (that of LANG, else en)",
};
const example: Option = {
  name: "example",
  value: "NAME",
  choices: exampleNames,
  about: "a network with data that is built in",
};
const help: Option = { name: "help", about: "this page" };

const moduleKinds: Meaning = [
  "a module that exports",
  [
    ["backward(parameters, x, t)", "your code, or"],
    ["hand", "{ delta, gradW, gradB, … }, your numbers, or"],
    ["formulas", "your equations as text,"],
  ],
  "and, where --net does not say it, network { sizes, activations, cost, parameters }; for numbers also data { x, t }, which your code is tried on first where it is given",
  "or, of one kernel,",
  [["op", '{ forward, backward, family: "batchNorm", … }, or like: (x, w) => …, a reference of tensors, or shapes']],
  "or, of any graph,",
  [["graph(inputs, tap)", "with inputs and hand, by name: { dh, dW1 }"]],
];

const fileKinds: Definitions = [
  ["FILE", "is one of"],
  [".ts .js .mjs", moduleKinds],
  [
    ".py .ipynb",
    "a script, whose arrays in one pass of its loop are judged by their names: W1, b1, X, y, dW1, db1, delta2, …; or a function backward(X, y, W1, b1, …), which your own Python calls",
  ],
  [".m", "the same of a script for Octave, by octave-cli"],
  [".json", "{ network, data, hand }"],
  [".npz .npy .csv", "arrays by their names, one or more files"],
  [".txt .md", "arrays as they were printed: dW1 = [[ 0.1 -0.2] …"],
  [
    ".txt .tex .md",
    "formulas: delta1 = (W2^T delta2) .* s'(u1), LaTeX, lines of NumPy or Octave; # net 4-5-3:sigmoid,softmax names the network",
  ],
  ["-", "standard input: any of these but code"],
];

const exits =
  "Exit status: 0 right · 1 mistake · 2 forward pass wrong · 3 cannot be judged (shape, NaN, exception, …) · 4 undecided · 64 wrong usage · 70 internal error; of several submissions 0 if all are right, else 3 if there is one, else 2, 1, 4";

export const check: Command = {
  name: "check",
  synopsis: "chainrule check FILE|FOLDER [options]",
  about:
    "Says whether a backprop derived by hand is right, of a network, of one kernel, or of any graph with named values; if not, which equation, which layer, which mistake.",
  options: [
    net,
    cost,
    { ...example, about: `${example.about}; without FILE, what its author wrote is checked` },
    {
      name: "convention",
      value: "NAME",
      choices: conventionNames,
      about:
        "how your numbers are laid out and scaled (auto: inferred; ours: the network's own, so that a factor on everything is a mistake)",
    },
    {
      name: "dtype",
      value: "TYPE",
      choices: ["f64", "f32", "f16", "bf16"],
      about:
        "what your code computed in (f64): of a kernel, the type that it is tried and judged in; of a network or a graph, how many digits its numbers carry",
    },
    { name: "digits", value: "N", about: "the significant digits that your numbers were copied with (read off them)" },
    { name: "decimals", value: "N", about: "or their decimals" },
    seed,
    {
      name: "hints",
      value: "0..3",
      choices: ["0", "1", "2", "3"],
      about: "how much is given away: 0 right or not, 1 which equation, 2 what sort of slip, 3 the formula (3)",
    },
    lang,
    {
      name: "reference",
      value: "FILE",
      about:
        "a right backprop, whose network, data and cost stand for what yours leaves out, or a right kernel, by which yours is judged; each FILE is then a submission of its own",
    },
    {
      name: "points",
      value: "POINTS",
      about:
        "partial credit: 10, or by equation, BP1=2,BP2=4,BP3=2,BP4=2; of a kernel dx=3,dw=2. What is only inherited loses nothing, what is undecided stays open",
    },
    {
      name: "format",
      value: "FORMAT",
      choices: formatNames,
      about:
        "marks for a spreadsheet, a test runner, Gradescope (results.json), annotations of GitHub, or as data (schema class/1); on stdout, or in --out",
    },
    { name: "out", value: "FILE", about: "where the marks go: .csv, .xml for junit, .json for gradescope" },
    {
      name: "json",
      value: "[FILE]",
      optionalFile: ".json",
      about:
        "the report as JSON, schema handcheck/1, of kernels and graphs opcheck/1, of a class class/1; on stdout without FILE",
    },
    { name: "md", value: "[FILE]", optionalFile: ".md", about: "the report as Markdown" },
    { name: "latex", value: "[FILE]", optionalFile: ".tex", about: "the report as LaTeX" },
    { name: "html", value: "FILE", about: "the report as a page of its own, with the network and the numbers drawn" },
    {
      name: "function",
      value: "NAME",
      about:
        "the function of a Python file that is judged: backward, or Network.backprop; without it, what is called so, else the script",
    },
    { name: "pass", value: "N", about: "which pass of a script's loop is taken (1)" },
    { name: "cell", value: "N", about: "the last code cell of a notebook that is run" },
    {
      name: "python",
      value: "PATH",
      about: "the Python that runs your file (that of the environment, python3, python)",
    },
    { name: "names", value: "A,B,…", about: "names of printed arrays that have none, in order" },
    { name: "derive", about: "add the derivation of this network" },
    { name: "watch", about: "check again whenever FILE changes" },
    { name: "timeout", value: "SECONDS", about: "the time that your code may take (10)" },
    {
      name: "sandbox",
      about:
        "FILE is a stranger's JavaScript or TypeScript: run it without files, programs, threads and environment; for other languages a container is the sandbox",
    },
    { name: "memory", value: "MB", about: "the memory that it may take (2048)" },
    help,
  ],
  details: [fileKinds, "A FOLDER holds submissions: files, and a folder for each student with one.", exits],
  more: async () => [
    `Activations: ${(await import("../network/activation.ts")).recordNames.join(", ")}; some with a number, as in "leakyRelu(0.2)", and hardSigmoid always`,
  ],
  examples: [
    ["chainrule check backprop.ts --net 4-5-3:sigmoid,softmax", "your code on a network of that shape"],
    ["chainrule check --example mazur", "the most-read worked example"],
    ["chainrule check train.py --net 2-3-1:tanh,sigmoid", "a Python script, at its first backward pass"],
    ["chainrule check homework.json --digits 6 --html report.html", "numbers from paper, with a page"],
    ["chainrule check kernel.ts --dtype bf16", "one kernel: forward and backward on plain arrays"],
    ["chainrule check notes.txt --net 2-3-1 --hints 1", "formulas; only where, not what"],
    ["chainrule check hw1/ --reference solution.py --points 10 --out marks.csv", "a class, file by file"],
  ],
};

export const derive: Command = {
  name: "derive",
  synopsis: "chainrule derive (--net NET | --example NAME) [options]",
  about: "Prints the derivation of BP1 to BP4 for a network, step by step, with its shapes.",
  options: [
    net,
    cost,
    example,
    seed,
    lang,
    {
      name: "format",
      value: "FORMAT",
      choices: ["text", "markdown", "latex", "mathml", "typescript", "json"],
      about: "how it is written (text)",
    },
    {
      name: "notation",
      value: "NAME",
      choices: ["document", "nielsen", "ng", "haykin", "cs231n"],
      about: "whose letters it uses (document)",
    },
    { name: "json", about: "as --format json" },
    help,
  ],
  examples: [
    ["chainrule derive --net 2-3-1", "three layers of sigmoids"],
    ["chainrule derive --example mazur --format latex", "with its numbers, for a paper"],
  ],
};

export const init: Command = {
  name: "init",
  synopsis: "chainrule init numpy|torch|notebook|octave|typescript [FILE]",
  about: "Writes a file to put your own backprop into, right as it stands.",
  options: [help],
  examples: [
    ["chainrule init numpy", "backprop.py, with a function backward(X, y, W1, b1, W2, b2)"],
    ["chainrule init notebook homework.ipynb", "a notebook of that name"],
  ],
};

const completion: Command = {
  name: "completion",
  synopsis: "chainrule completion bash|zsh|fish",
  about: "Prints a script that completes this command in a shell.",
  options: [help],
  examples: [['eval "$(chainrule completion bash)"', "in ~/.bashrc"]],
};

/** The pages of `help` beside those of the commands. */
export const topics = ["mistakes"] as const;

const helpCommand: Command = {
  name: "help",
  synopsis: `chainrule help [COMMAND|${topics.join("|")}]`,
  about: "Prints the page of a command, or of all mistakes that have a name.",
  options: [help],
  examples: [
    ["chainrule help check", "all about checking"],
    ["chainrule help mistakes", "every mistake by the id that reports give"],
  ],
};

export const commands: readonly Command[] = [check, derive, init, completion, helpCommand];

/** A command with what records say of it. */
export async function spelledOut(command: Command): Promise<Command> {
  const options = await Promise.all(
    command.options.map(async (option) =>
      option.names === undefined ? option : { ...option, choices: (await option.names()).choices },
    ),
  );
  const { details = [], more } = command;
  return { ...command, options, ...(more === undefined ? {} : { details: [...details, ...(await more())] }) };
}

/** Sentences of the command about files, calls and references, in English. */

export const cli = {
  ownFault: ({ message }: { message: string }): string => `a fault of chainrule, not of the file: ${message}`,
  oneFile: ({ why }: { why: string }): string => `${why}: hand in one file, such as backprop.py`,
  noFileInFolder: ({ stem }: { stem: string | null }): string =>
    "the folder holds no file that can be judged: " +
    `one such as ${stem ?? "backprop"}.py is looked for in it, and not in folders of it`,
  whichFile: ({ files, stem, ending }: { files: readonly string[]; stem: string | null; ending: string }): string =>
    `the folder holds ${files.join(", ")}: which one is it? call it ${stem ?? "backprop"}${ending}`,
  folderNotRead: ({ code }: { code: string }): string => `the folder cannot be read: ${code}`,
  fault: ({ at, message, advice, code }: { at: string; message: string; advice: string; code: string }): string =>
    `${at}: ${message}${advice === "" ? "" : `: ${advice}`}${code}`,
  otherThanNetwork: ({ reference }: { reference: string }): string =>
    `it is about a kernel or a graph, and the reference ${reference} about a network`,
  otherGradients: ({ own, reference, wanted }: { own: string; reference: string; wanted: string }): string =>
    `it gives ${own}, and the reference ${reference} ${wanted}`,
  otherThanKernel: ({ reference }: { reference: string }): string =>
    `it is about a network, and the reference ${reference} about a kernel`,
  otherNetwork: ({ mine, reference, theirs }: { mine: string; reference: string; theirs: string }): string =>
    `it says ${mine}, and the reference ${reference} ${theirs}: judged is what the reference is about`,
  otherNumbers: ({ roles, reference }: { roles: readonly string[]; reference: string }): string =>
    `it has other numbers (${roles.join(", ")}) than the reference ${reference}: judged is what the reference is about`,
  notAllGiven: ({ reference, places }: { reference: string; places: string }): string =>
    `what was handed in holds, but not all that the reference ${reference} gives was: ${places}`,
  onYourData: "On the data of your file everything holds; on other numbers, which are shown here, it does not.",
  calledWithLists: "your function is called with w as a list, b a number, targets as a list",
  targetsAsClasses: ", targets as numbers of classes",
  flatBiases: "b flat",
  rowBiases: "b as a row",
  columnBiases: "b as a column",
  oneSampleACall: "one sample a call",
  samplesInRows: "samples in rows",
  samplesInColumns: "samples in columns",
  weightsOutIn: "W out × in",
  weightsInOut: "W in × out",
  calledWith: ({
    weights,
    samples,
    biases,
    targets,
  }: {
    weights: string;
    samples: string;
    biases: string;
    targets: string;
  }): string => `your function is called with ${weights}, ${samples}, ${biases}${targets}`,
  functionAt: ({ name, line }: { name: string; line: number }): string => `the function ${name}, line ${line}`,
  sandboxed: "run in a sandbox: no files, programs, threads, network or environment",
  sandboxedWithNetwork: ({ version }: { version: string }): string =>
    "run in a sandbox: no files, programs, threads or environment; " +
    `the network is open, which Node ${version} cannot close`,
  unreadDecay: "the λ in sight is in none of the gradients: judged without L2; if your cost has it, it is mistake E1",
  stepAdds: "the step adds what it computes, −∂C/∂w: another sign, no mistake",
  leftOut: ({ names }: { names: readonly string[] }): string =>
    `${names.join(", ")}: left out, for they are not what these names say here`,
  readsNoBiases: "your function reads no biases: judged on a network without",
  readsSomeBiases: ({ names }: { names: readonly string[] }): string =>
    `your function does not read ${names.join(", ")}: these layers are judged without a bias`,
};

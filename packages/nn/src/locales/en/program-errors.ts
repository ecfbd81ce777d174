/** Sentences about programs that cannot be run, or give what cannot be used, and what to do about it, in English. */

export const programErrors = {
  notStarted: ({ names }: { names: string }): string => `${names} cannot be started`,
  endedItself: ({ status }: { status: number }): string => `it ends the process with status ${status}`,
  endedBy: ({ signal }: { signal: string }): string => `the process was ended by ${signal}`,
  foreign: "it writes into what is not its own: print to standard output",
  octaveEnded: "Octave ended with an error",
  noGradientName: "the script assigns no gradient by a name that is known",
  octaveNames: "name them dW1, db1, delta2 or Theta1_grad",
  pythonNames:
    'name them dW1, db1, delta2, l1_delta or grads["dW1"]; or define a function backward(X, y, W1, b1, …) that returns them',
  noOctave: "Octave is not installed: a .m file cannot be run",
  exportArrays:
    'save the arrays in text that can be read: printf("W1 = %s\\n", mat2str(W1, 17)); or install Octave (octave-cli), which runs the script here',
  takesMemory: ({ memory }: { memory: number }): string => `it takes more than ${memory} MB of memory`,
  giveMemory: "--memory gives it more; look for an array that grows in a loop",
  takesTime: ({ seconds }: { seconds: number }): string => `it takes more than ${seconds} s`,
  giveTime: "--timeout gives it more, in seconds; --pass N takes an earlier pass",
  noGradientRan: "no gradient was assigned while the script ran",
  noPass: ({ pass }: { pass: number }): string => `the script has no pass ${pass}`,
  assigns: ({ names }: { names: string }): string => `it assigns ${names}`,
  fewerPasses: ({ passes, pass }: { passes: number; pass: number }): string =>
    `the script has ${passes} ${passes === 1 ? "pass" : "passes"}: pass ${pass} is none of them`,
  callFunction: 'call the function that computes them, or hand in its arrays: np.savez("work.npz", W1=W1, dW1=dW1)',
  passesAre: ({ passes }: { passes: number }): string => `--pass N takes one from 1 to ${passes}`,
  otherSamples: ({ names }: { names: string }): string =>
    `the values of layers (${names}) are of other samples than the inputs and targets in sight`,
  nameBatch: "name the batch that the pass uses xb and yb, or X_batch and y_batch",
  noPython: "no Python was found",
  installPython:
    'install Python 3, or say where it is: --python PATH; or hand in the arrays of np.savez("work.npz", W1=W1, dW1=dW1)',
  namePython: "--python names the Python that runs your file: --python python3",
  inCell: ({ cell, message }: { cell: number; message: string }): string => `cell ${cell}: ${message}`,
  noArrayAnswer: "it answers with what is no array of numbers",
  noArrayAnswerFor: ({ why }: { why: string }): string => `it answers with what is no array of numbers: ${why}`,
  returnNumberLists: "return lists of numbers, or typed arrays",
  oddThrown: "it throws what cannot be read",
  oddExports: "it exports what cannot be read",
  sandboxInClone: "--sandbox runs what is built, and this is a clone",
  useNewerNode: "use Node 22.18 or newer, or the installed package",
  theFile: "the file",
  theKernel: "the kernel",
  theGraph: "the graph",
  notWithin: ({ doing, seconds }: { doing: string; seconds: number }): string =>
    `${doing} did not finish within ${seconds} s`,
  endlessLoop: "look for a loop without an end, or give it more time with --timeout SECONDS",
  tookMemory: ({ doing, memory }: { doing: string; memory: number }): string =>
    `${doing} took more than ${memory} MB of memory`,
  growingArray: "look for an array that grows in a loop, or give it more with --memory MB",
  waits: ({ doing }: { doing: string }): string => `${doing} waits for what never comes`,
  openPromise: "look for an await of a promise that nobody settles",
  exited: ({ status }: { status: number }): string => `it ended the process itself: process.exit(${status})`,
  returnOrThrow: "return the numbers, or throw an error",
  writesElsewhere: "it writes where answers are expected: what it computes must be returned",
  printAndReturn: "print with console.log, and return the numbers",
  returnsNothing: ({ name }: { name: string }): string => `${name} returns nothing`,
  returnsNamelessValue: ({ name }: { name: string }): string => `${name} returns one value without a name`,
  returnsNoNames: ({ name }: { name: string }): string => `${name} returns what has no names`,
  namelessValue: ({ name, at }: { name: string; at: number }): string => `value ${at} that ${name} returns has no name`,
  returnByName: 'return dW1, db1, dW2, db2 by these names, or a dictionary {"dW1": dW1, …}',
  unknownWidth: ({ name }: { name: string }): string =>
    `what the constructor's parameter ${name} should be is not known`,
  nameWidths: "name it sizes, or input_size, hidden_size, output_size; or give it a default",
  unknownParameters: ({ name, count, unknown }: { name: string; count: number; unknown: string }): string =>
    `${name}: what its ${count === 1 ? "parameter" : "parameters"} ${unknown} should be is not known`,
  nameParameters: "name them X, y, W1, b1, W2, b2, parameters, cache",
  noNetwork: "nothing is said of the network",
  sayNetwork:
    'say it with --net 3-4-2:tanh,softmax, or in the file: network = {"sizes": [3, 4, 2], "activations": ["tanh", "softmax"]}',
  changes: ({ name, what }: { name: string; what: string }): string => `${name} changes its ${what}`,
  copyFirst: "copy what you write to: W1 = W1.copy()",
  unseenLayer: ({ layer }: { layer: number }): string =>
    `what is there of the backward pass is right, but nothing of layer ${layer} is assigned by a name that is known`,
  nameLayer: ({ layer }: { layer: number }): string =>
    `name its δ delta${layer}, and its gradients dW${layer} and db${layer}`,
};

/** Why an answer is no value. */
export const unreadable = {
  tooDeep: "it is nested too deep",
  noValue: "it is no value",
  otherCount: "an array has other numbers than its shape says",
  noArray: "it is no array",
  outside: "an array lies outside of its memory",
  noRecord: "it is no record",
  noAnswer: "it is no answer",
  otherAnswers: "there are other answers than questions",
};

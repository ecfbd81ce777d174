/** What the part says in English. */

export const en = {
  title: "One sample through your network, and back",
  lead: "Every formula with its numbers put in, a neuron at a time: up to the cost, and δ down again.",
  seed: "Numbers by seed",
  others: "Other numbers",
  untype: "Take back what I typed",
  notation: "Notation",
  notations: {
    document: "the document",
    nielsen: "Nielsen",
    ng: "Ng",
    haykin: "Haykin",
    cs231n: "CS231n",
  } as Readonly<Record<string, string>>,
  stage: "The network with its numbers",
  input: "Input",
  layer: (layer: number) => `Layer ${layer}`,
  cost: "Cost",
  weights: "Weights: choose one to see its paths to the cost",
  weightLabel: ({
    layer,
    to,
    from,
    value,
    gradient,
  }: {
    layer: number;
    to: number;
    from: number;
    value: string;
    gradient: string | null;
  }) =>
    `Weight of layer ${layer}, to ${to} from ${from}: ${value}${gradient === null ? "" : `, derivative ${gradient}`}`,
  neuronLabel: ({ layer, neuron, known }: { layer: number; neuron: number; known: string }) =>
    `${layer === 0 ? "Input" : `Layer ${layer}, neuron`} ${neuron}: ${known === "" ? "not known yet" : known}`,
  costLabel: (cost: string) => `Cost: ${cost === "·" ? "not known yet" : `C = ${cost}`}`,
  controls: "Steps",
  first: "To the first step",
  back: "A step back",
  next: "Next step",
  play: "Play",
  pause: "Pause",
  scrub: "Step",
  count: ({ step, steps }: { step: number; steps: number }) => `${step} of ${steps}`,
  forward: "Forward",
  at: ({ layer, neuron }: { layer: number; neuron: number }) => `Layer ${layer}, neuron ${neuron}`,
  why: {
    both: "Each input times its weight, and the bias: u. The activation of it is what the neuron gives: v.",
    u: "Each input times its weight, and the bias.",
    v: "Every output depends on all inputs of the layer, so they had to be known first.",
    cost: "How far the outputs are from the targets.",
    bp1: "How the cost changes with the input u of an output neuron.",
    bp2: "What comes back from every neuron above, each by its weight, times the slope of the activation.",
    gradients: "By the bias it is δ itself; by a weight, δ times what came in over it.",
  },
  theStep: "What the step does",
  formula: "The step as a formula with its numbers",
  biasIs: (value: string) => `derivative by the bias ${value}`,
  weightsAre: (values: string) => `by the weights ${values}`,
  sentence: ({
    step,
    steps,
    tag,
    title,
    values,
  }: {
    step: number;
    steps: number;
    tag: string;
    title: string;
    values: string;
  }) => `Step ${step} of ${steps}. ${tag}: ${title}. ${values}.`,
  hint: "Choose a weight in the drawing: its paths to the cost light up, and their products are added.",
  pathsOf: ({ layer, to, from }: { layer: number; to: number; from: number }) =>
    `From the weight of layer ${layer}, to ${to} from ${from}`,
  pathCount: (count: number) =>
    count === 1
      ? "One path leads to the cost. The derivatives along it are multiplied."
      : `${count} paths lead to the cost. The derivatives along each are multiplied, the products added.`,
  stop: ({ layer, neuron }: { layer: number; neuron: number }) => `layer ${layer}: ${neuron}`,
  close: "Close",
  numbers: "All numbers",
  numbersSay: "Type others: everything follows. Beneath each weight and bias stands the derivative of the cost by it.",
  tooMany: "So many weights are not to be typed; a smaller network shows them in fields.",
  inputs: "Input x",
  targets: "Target t",
  inputOf: (i: number) => `Input ${i}`,
  targetOf: (j: number) => `Target ${j}`,
  tableOf: (layer: number) => `Layer ${layer}`,
  neuron: "Neuron",
  from: (i: number) => `from ${i}`,
  bias: "bias",
  weightOf: ({ layer, to, from }: { layer: number; to: number; from: number }) =>
    `Weight of layer ${layer}, to ${to} from ${from}`,
  biasOf: ({ layer, neuron }: { layer: number; neuron: number }) => `Bias of layer ${layer}, neuron ${neuron}`,
};

export type FlowWords = typeof en;

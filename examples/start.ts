/**
 * The main job: compare autograd with BP1 to BP4 on real digits, learn them by the document's rule, and name a planted
 * mistake.
 */

import type { Tensor } from "@chainrule/autograd";
import { accuracy, compareBackprop, network, train } from "@chainrule/nn";
import { backprop, gradientBelow, type PlainNetwork } from "@chainrule/nn/equations";
import { handcheck, reportText } from "@chainrule/nn/handcheck";
import { SingleBar } from "cli-progress";
import { loadDigits } from "./digits.ts";

const SEED = 1;
const EPOCHS = 30;

const { training, heldOut } = loadDigits(SEED);
const [images, kept] = [training.x.shape[0]!, heldOut.x.shape[0]!];
console.log(
  `UCI handwritten digits: ${images + kept} images of 8 × 8 pixels, ${images} to learn from, ${kept} held out`,
);
console.log("E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, CC BY 4.0\n");

const net = network({ sizes: [64, 30, 10], activations: "sigmoid", cost: "quadratic", seed: SEED });
const few = { x: training.x.slice([0], [12]), t: training.t.slice([0], [12]) };
const comparison = compareBackprop(net, few);
console.log(comparison.toText());

console.log(`\nLearning by w(n+1) = w(n) − η ∂e/∂w: η = 3, batches of 10, ${EPOCHS} epochs`);
const started = performance.now();
// The cursor stays visible, so that Ctrl-C leaves the terminal as it was.
const bar = process.stdout.isTTY
  ? new SingleBar({ format: "  {bar} {percentage}%  epoch {epoch}  cost {cost}", barsize: 40, stopOnComplete: true })
  : null;
bar?.start((EPOCHS * images) / 10, 0, { epoch: 1, cost: "–" });
const { parameters, costs } = train(net, training, {
  epochs: EPOCHS,
  batchSize: 10,
  eta: 3,
  seed: SEED,
  onBatch: ({ batch, epoch, cost }) => {
    if (batch % 10 === 0) bar?.update(batch, { epoch, cost: cost.toFixed(4) });
  },
});
bar?.stop();
const seconds = (performance.now() - started) / 1000;
const share = accuracy(net, parameters, heldOut);
console.log(`  cost ${costs[0]!.toFixed(4)} → ${costs.at(-1)!.toFixed(4)} in ${seconds.toFixed(1)} s`);
console.log(`  accuracy on the ${kept} held-out images: ${(100 * share).toFixed(1)} %`);

// The commonest slip of all: δ of the hidden layer without σ′. Everything after it is derived from it.
const right = backprop(plainNetwork(net), rows(few.x), rows(few.t));
const [hidden, output] = [right.layers[0]!, right.layers[1]!];
const W2 = rows(net.parameters.W2);
const slipped = output.delta.map((delta) => gradientBelow(W2, delta, 30));
const report = handcheck(net, few, {
  delta: { 1: slipped, 2: output.delta },
  gradW: { 1: meanOuter(slipped, rows(few.x)), 2: output.gradW },
  gradB: { 1: slipped[0]!.map((_, j) => mean(slipped.map((row) => row[j]!))), 2: output.gradB },
});
console.log("\nA backprop by hand with one slip in it, δ¹ = (W²)ᵀ δ², and what is said of it:\n");
console.log(reportText(report));

const named = report.roots.length === 1 && report.roots[0]!.id === "B1" && hidden.delta.length === slipped.length;
if (!comparison.agrees || share < 0.95 || !named) {
  console.error("start: the ways disagree, the accuracy is below 95 %, or the slip is not named");
  process.exitCode = 1;
}

/** The network as the equations in plain loops take it. */
function plainNetwork({ parameters: { W1, b1, W2: second, b2 } }: typeof net): PlainNetwork {
  return {
    weights: [rows(W1), rows(second)],
    biases: [b1.toArray() as number[], b2.toArray() as number[]],
    activations: ["sigmoid", "sigmoid"],
    cost: "quadratic",
  };
}

function rows(x: Tensor): number[][] {
  return x.toArray() as number[][];
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** BP4 for a batch: the mean of δ vᵀ over the samples. */
function meanOuter(delta: readonly (readonly number[])[], v: readonly (readonly number[])[]): number[][] {
  return delta[0]!.map((_, j) => v[0]!.map((__, k) => mean(delta.map((row, n) => row[j]! * v[n]![k]!))));
}

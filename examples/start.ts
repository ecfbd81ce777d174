/** The main job: compare autograd with BP1 to BP4 and with differences on real digits, then learn them by the document's rule. */

import { accuracy, compareBackprop, network, train } from "@chainrule/nn";
import { SingleBar } from "cli-progress";
import { loadDigits } from "./digits.ts";

const SEED = 1;
const EPOCHS = 30;

const { training, heldOut } = loadDigits(SEED);
const [images, kept] = [training.x.shape[0]!, heldOut.x.shape[0]!];
console.log(`UCI handwritten digits: ${images + kept} images of 8 × 8 pixels, ${images} to learn from, ${kept} held out`);
console.log("E. Alpaydin, C. Kaynak, UCI Machine Learning Repository, CC BY 4.0\n");

const net = network({ sizes: [64, 30, 10], activations: "sigmoid", cost: "quadratic", seed: SEED });
const few = { x: training.x.slice([0], [10]), t: training.t.slice([0], [10]) };
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

if (!comparison.agrees || share < 0.95) {
  console.error("start: the ways disagree or the accuracy is below 95 %");
  process.exitCode = 1;
}

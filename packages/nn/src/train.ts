/**
 * The training loop: mini-batches in a seeded order, the learning rule, and reports through callbacks. It prints
 * nothing.
 */

import {
  checkOptions,
  ConfigError,
  gather,
  option,
  type OptionKinds,
  ShapeError,
  type Tensor,
} from "@chainrule/autograd";
import { step } from "./network/learn.ts";
import type { NetworkParameters } from "./network/initialize.ts";
import type { Network } from "./network/network.ts";
import { Random } from "./random.ts";

/** Samples and their targets, one in each row. */
export interface Samples {
  readonly x: Tensor;
  readonly t: Tensor;
}

/** Holds where training stands after a batch. */
export interface Progress<P extends NetworkParameters = NetworkParameters> {
  /** Epochs count from 1. */
  readonly epoch: number;
  /** Batches done, over all epochs, and how many there will be. */
  readonly batch: number;
  readonly batches: number;
  /** The mean cost over the samples of this epoch so far, each at the parameters of its own batch. */
  readonly cost: number;
  readonly parameters: P;
}

/** How to train. */
export interface TrainOptions<P extends NetworkParameters = NetworkParameters> {
  /** How often each sample is seen. */
  readonly epochs: number;
  /** Samples in a batch; 1 learns online, as the document writes it. */
  readonly batchSize: number;
  /** The learning rate η. */
  readonly eta: number;
  /** The seed of the order of the samples; 0 where nothing is said. */
  readonly seed?: number | string;
  /** Says where to begin; the network's own first values where nothing is said. */
  readonly parameters?: P;
  readonly onBatch?: (progress: Progress<P>) => void;
  readonly onEpoch?: (progress: Progress<P>) => void;
}

const kinds: OptionKinds<TrainOptions> = {
  epochs: option.checkedLater,
  batchSize: option.checkedLater,
  eta: option.checkedLater,
  seed: option.seed,
  parameters: option.record,
  onBatch: option.callback,
  onEpoch: option.callback,
};

/** Holds what training gives. */
export interface Trained<P extends NetworkParameters = NetworkParameters> {
  readonly parameters: P;
  /** The mean cost of each epoch. */
  readonly costs: readonly number[];
}

function positiveInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new ConfigError({ op: "train", problem: `${name} is ${value}`, hint: "give a whole number from 1 on" });
}

/**
 * Trains a network by the document's rule, w(n+1) = w(n) - η ∂e/∂w on the mean cost of each mini-batch.
 *
 * @param net - the network; it stays as it is
 * @param samples - inputs and targets, one sample in each row
 * @param options - epochs, batch size, η, seed, callbacks
 * @returns the last parameters and the mean cost of each epoch
 * @throws ConfigError for epochs, batch size or η out of range; ShapeError for data that does not fit
 */
export function train<P extends NetworkParameters>(
  net: Network<P>,
  samples: Samples,
  options: TrainOptions<P>,
): Trained<P> {
  const call = "train(net, samples, { epochs, batchSize, eta, seed, parameters, onBatch, onEpoch })";
  if (options === undefined)
    throw new ConfigError({ op: "train", problem: "there are no options", hint: `write ${call}` });
  const {
    epochs,
    batchSize,
    eta,
    seed = 0,
    onBatch,
    onEpoch,
  } = checkOptions<TrainOptions<P>>("train", options, kinds, { call });
  positiveInteger("epochs", epochs);
  positiveInteger("batchSize", batchSize);
  const count = samples.x.shape[0] ?? 0;
  if (count === 0 || samples.t.shape[0] !== count) {
    throw new ShapeError({
      op: "train",
      problem: `${count} inputs and ${samples.t.shape[0] ?? 0} targets`,
      hint: "give at least one sample, and one target for each",
      shapes: [samples.x.shape, samples.t.shape],
    });
  }
  const order = new Random(seed).split("order");
  const batches = epochs * Math.ceil(count / batchSize);
  const costs: number[] = [];
  let parameters = options.parameters ?? net.parameters;
  let batch = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const shuffled = order.split(epoch).permutation(count);
    let total = 0;
    let seen = 0;
    let progress: Progress<P> | null = null;
    for (let start = 0; start < count; start += batchSize) {
      const picked = shuffled.slice(start, start + batchSize);
      const done = step(net, parameters, gather(samples.x, picked), gather(samples.t, picked), eta);
      parameters = done.parameters;
      total += done.cost * picked.length;
      seen += picked.length;
      progress = { epoch, batch: ++batch, batches, cost: total / seen, parameters };
      onBatch?.(progress);
    }
    costs.push(total / seen);
    if (progress !== null) onEpoch?.(progress);
  }
  return { parameters, costs };
}

/**
 * The share of samples whose largest output is at the place of the largest target.
 *
 * @param net - the network
 * @param parameters - its weights and biases
 * @param samples - inputs and one-hot targets
 * @returns a number from 0 to 1
 */
export function accuracy<P extends NetworkParameters>(net: Network<P>, parameters: P, samples: Samples): number {
  const outputs = net.predict(parameters, samples.x).toTypedArray();
  const targets = samples.t.toTypedArray();
  const [count, units] = [samples.t.shape[0]!, samples.t.shape[1]!];
  let right = 0;
  for (let n = 0; n < count; n++) {
    if (largest(outputs, n * units, units) === largest(targets, n * units, units)) right++;
  }
  return right / count;
}

function largest(numbers: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (numbers[start + k]! > numbers[start + best]!) best = k;
  return best;
}

/** The UCI handwritten digits as tensors: 1,797 images of 8 × 8 pixels, split by a seed. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { gather, tensor } from "@chainrule/autograd";
import { Random, type Samples } from "@chainrule/nn";

const FILE = new URL("./data/digits.csv.gz", import.meta.url);
const PIXELS = 64;
const CLASSES = 10;
const HELD_OUT = 297;

/** Training and held-out images; a pixel is a count from 0 to 16, scaled to [0, 1], and the target is one-hot. */
export function loadDigits(seed: number): { readonly training: Samples; readonly heldOut: Samples } {
  const lines = gunzipSync(readFileSync(FILE)).toString("utf8").trim().split("\n");
  const x = new Float64Array(lines.length * PIXELS);
  const t = new Float64Array(lines.length * CLASSES);
  lines.forEach((line, n) => {
    const numbers = line.split(",").map(Number);
    if (numbers.length !== PIXELS + 1)
      throw new Error(`digits.csv.gz: line ${n + 1} has ${numbers.length} numbers where ${PIXELS + 1} are needed`);
    for (let k = 0; k < PIXELS; k++) x[n * PIXELS + k] = numbers[k]! / 16;
    t[n * CLASSES + numbers[PIXELS]!] = 1;
  });
  const images = tensor(x, { shape: [lines.length, PIXELS] });
  const targets = tensor(t, { shape: [lines.length, CLASSES] });
  const order = new Random(seed).split("split").permutation(lines.length);
  const pick = (indices: number[]): Samples => ({ x: gather(images, indices), t: gather(targets, indices) });
  return { training: pick(order.slice(HELD_OUT)), heldOut: pick(order.slice(0, HELD_OUT)) };
}
